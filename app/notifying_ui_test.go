package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"magpie/app/notify"
	"magpie/app/profile"
	"magpie/im"
)

// fakeDesktop is a service for notifications.
type fakeDesktop struct {
	mu     sync.Mutex
	shown  map[string]notify.Note
	log    []notify.Note
	acted  func(notify.Action)
	closed bool
	// inhibited: the desktop shows none.
	inhibited bool
}

func (d *fakeDesktop) Show(n notify.Note) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.shown[n.Key] = n
	d.log = append(d.log, n)
}

func (d *fakeDesktop) Withdraw(key string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.shown, key)
}

func (d *fakeDesktop) Inhibited() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.inhibited
}

func (d *fakeDesktop) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
	return nil
}

// notes are those on the screen, as "title: body", in order.
func (d *fakeDesktop) notes() (list []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, n := range d.shown {
		list = append(list, n.Title+": "+strings.ReplaceAll(n.Body, "\n", "/"))
	}
	slices.Sort(list)
	return list
}

// key is that of the note with a title.
func (d *fakeDesktop) key(title string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	for k, n := range d.shown {
		if n.Title == title {
			return k
		}
	}
	return ""
}

// desktop gives the window a service for notifications.
func (u *person) desktop() *fakeDesktop {
	d := &fakeDesktop{shown: map[string]notify.Note{}}
	u.do(func() {
		u.a.options.Notify = func(_ context.Context, acted func(notify.Action)) (notify.Service, error) {
			d.acted = acted
			return d, nil
		}
		u.a.beginNotifying(u.t.Context())
	})
	u.until("there is a service", func() bool { return u.a.notes.service != nil })
	return d
}

func (u *person) untilNotes(d *fakeDesktop, want ...string) {
	u.t.Helper()
	u.untilOr(fmt.Sprintf("the notifications %q", want), func() bool { return slices.Equal(d.notes(), want) },
		func() string { return fmt.Sprintf("there are %q", d.notes()) })
}

func TestNotifications(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	d := u.desktop()
	u.start()
	ada, bo := u.guest("ada", "Ada Okafor"), u.guest("bo", "Bo")
	u.front(false)
	u.says(ada, "C2Cwren", "图标 <b>换了</b>")
	u.untilNotes(d, "Ada Okafor: 图标 <b>换了</b>")
	// In a group it says who wrote; a burst is one.
	g, _, err := bo.CreateGroup(t.Context(), im.Group{Name: "Design", Type: im.GroupWork}, []im.UserID{"wren"})
	u.ok(err)
	conv := im.GroupConversation(g.GroupID)
	u.says(bo, conv, "one")
	u.until("the group is notified of", func() bool { return d.key("Design") != "" })
	// A click brings that chat up, which takes its notification away.
	d.acted(notify.Action{Key: d.key("Design")})
	u.until("the group is open", func() bool { return u.a.main.conversation() == conv })
	u.front(true)
	u.untilNotes(d)

	// Nobody is told of what is before their eyes, of muted chats, of own words, and of
	// what its sender wants quiet.
	u.says(bo, conv, "two")
	u.front(false)
	u.ok(u.a.session.client.SetMessageRemindType(t.Context(), conv, im.RemindQuiet))
	u.says(bo, conv, "three")
	m, err := ada.SendMessage(t.Context(), ada.CreateTextMessage(im.ConvC2C, "wren", "hush"), im.SendOptions{OfflinePushInfo: &im.OfflinePushInfo{DisablePush: true}})
	u.ok(err)
	_, err = ada.WaitSent(t.Context(), m.ID)
	u.ok(err)
	u.says(ada, "C2Cwren", "last")
	u.untilNotes(d, "Ada Okafor: last")

	// A reply goes out, and what it answers is read.
	d.acted(notify.Action{Key: d.key("Ada Okafor"), Reply: "on my way"})
	u.until("the answer has come", func() bool {
		p, err := ada.GetMessageList(t.Context(), "C2Cwren", "", 0)
		u.ok(err)
		return len(p.Messages) > 0 && p.Messages[len(p.Messages)-1].Payload == (im.TextPayload{Text: "on my way"})
	})
	u.untilNotes(d)

	// Those who want it so, and a chat that is recalled.
	u.do(func() { u.a.change(func(s *profile.Settings) { s.NotificationsHide = true }) })
	m = u.says(ada, "C2Cwren", "secret")
	u.untilNotes(d, "Magpie: New message")
	u.ok(ada.RevokeMessage(t.Context(), m.ID))
	u.untilNotes(d)
	u.do(func() { u.a.change(func(s *profile.Settings) { s.NoNotifications = true }) })
	u.says(ada, "C2Cwren", "nothing")
	u.until("it is unread", func() bool { row, ok := u.a.main.row("C2Cada"); return ok && row.UnreadCount > 0 })
	u.do(func() {})
	if got := d.notes(); len(got) > 0 {
		t.Errorf("turned off, and there are %q", got)
	}
	for _, n := range d.log {
		if strings.Contains(n.Body, "two") || strings.Contains(n.Body, "three") || strings.Contains(n.Body, "hush") || strings.Contains(n.Body, "secret") {
			t.Errorf("notified of %q", n.Body)
		}
	}
	u.end()
	if !d.closed {
		t.Error("the service is not closed")
	}
}
