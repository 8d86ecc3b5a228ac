package app

import (
	"bytes"
	"context"
	"image"
	"path/filepath"

	"github.com/oklog/ulid/v2"

	"magpie/app/outgoing"
	"magpie/im"
	"magpie/widgets/loop"
)

// attachment is something that is to be sent: a file, or its content.
type attachment struct {
	path    string
	content []byte // not a file on this disk; path is what it is called
}

// prepare copies it into the account and describes it.
func (f attachment) prepare(ctx context.Context, a *application, s *session) (outgoing.Prepared, error) {
	if f.content != nil {
		return outgoing.PrepareContent(ctx, s.client, a.decoder(), bytes.NewReader(f.content), f.path, outgoing.KindAuto)
	}
	return outgoing.Prepare(ctx, s.client, a.decoder(), f.path, outgoing.KindAuto)
}

// attachFiles puts files into the tray of the open conversation, or says why not.
func (m *mainScreen) attachFiles(paths []string) {
	list := make([]attachment, len(paths))
	for i, path := range paths {
		list[i].path = path
	}
	m.attach(list)
}

// attachPicture does so with a picture that is in no file.
func (m *mainScreen) attachPicture(content []byte) {
	m.attach([]attachment{{path: m.tr.T("attach.pastedName"), content: content}})
}

func (m *mainScreen) attach(list []attachment) {
	if words := m.cannotAttach(); words != "" {
		m.app.say(words)
		return
	}
	m.app.attach(m.s, m.chat.conv, list)
	m.composer.Focus()
}

// cannotAttach says why nothing can be sent here, "" if it can.
func (m *mainScreen) cannotAttach() string {
	switch {
	case m.chat == nil || m.content.covered():
		return m.tr.T("attach.noChat")
	case m.chat.conv.Type() == im.ConvSystem:
		return m.tr.T("attach.system")
	}
	return m.closedWords
}

// attach puts things into the tray of a conversation and begins to make them
// ready, few at a time.
func (a *application) attach(s *session, conv im.ConversationID, list []attachment) {
	t := s.trays.get(conv)
	t.going = false
	for _, f := range list {
		if len(t.items) >= maxTray {
			t.tooMany++
			continue
		}
		item := &trayItem{id: ulid.Make().String(), name: filepath.Base(f.path)}
		t.items = append(t.items, item)
		ctx, cancel := context.WithCancel(s.ctx)
		item.cancel = cancel
		s.trays.busy.Go(func() { a.makeReady(ctx, s, t, item, f) })
	}
	a.trayChanged(s, t)
}

// makeReady waits for its turn and makes an item ready, beside the user interface.
func (a *application) makeReady(ctx context.Context, s *session, t *tray, item *trayItem, f attachment) {
	select {
	case s.trays.turns <- struct{}{}:
	case <-ctx.Done(): // taken out again
		return
	}
	p, err := f.prepare(ctx, a, s)
	var seen image.Image
	if err == nil {
		seen, err = trayPicture(p.Thumbnail)
	}
	<-s.trays.turns
	loop.Do(func() {
		if ctx.Err() == nil {
			item.cancel()
			a.isReady(s, t, item, p, seen, err)
		}
	})
}

// isReady takes in what became of an item.
func (a *application) isReady(s *session, t *tray, item *trayItem, p outgoing.Prepared, seen image.Image, err error) {
	switch {
	case im.CodeOf(err) == im.CodeFileTooLarge:
		t.tooLarge++
		large := t.tooLarge
		t.remove(item.id)
		t.tooLarge = large // is said also when nothing else is there
	case err != nil:
		item.problem = a.tr.Error(err)
	default:
		item.message = s.client.CreateMessage(t.conv.Type(), t.conv.To(), p.Payload)
		item.picture, item.instead = seen, p.Instead
		t.changed = true
	}
	if !t.working() {
		a.saveTray(s, t)
		if t.going {
			a.sendHeld(s, t)
		}
	}
	a.trayChanged(s, t)
}

// trayChanged shows a tray if its conversation is open.
func (a *application) trayChanged(s *session, t *tray) {
	if a.session == s && a.main != nil && a.main.conversation() == t.conv {
		a.main.showTray()
	}
}
