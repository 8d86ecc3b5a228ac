package app

import (
	"context"
	"errors"
	"slices"
	"testing"

	"magpie/im"
)

// disk keeps what reached it, in order. It can be slow and full.
type disk struct {
	gate  chan struct{} // each write waits for a token, if not nil
	full  bool
	wrote []string
}

func (d *disk) SetDraft(_ context.Context, _ im.ConversationID, text string) error {
	if d.gate != nil {
		<-d.gate
	}
	d.wrote = append(d.wrote, "draft "+text)
	return nil
}

func (d *disk) SendMessage(_ context.Context, m im.Message, _ im.SendOptions) (im.Message, error) {
	if d.gate != nil {
		<-d.gate
	}
	if d.full {
		return m, errors.New("no room")
	}
	d.wrote = append(d.wrote, "message "+m.Payload.(im.TextPayload).Text)
	return m, nil
}

func message(conv im.ConversationID, text string) im.Message {
	return im.Message{ConversationID: conv, Type: im.MsgText, Payload: im.TextPayload{Text: text}}
}

// A kill between any two writes must leave the text in the draft or in the
// outbox. The draft of before must not be overtaken by the empty one of after.
func TestDraftOutlivesTheTextUntilTheMessageIsKept(t *testing.T) {
	d, files, to := newDrafts(), newWorker(), &disk{gate: make(chan struct{})}
	conv := im.C2C("ann")
	fail := func(err error) { t.Error(err) }
	d.keep(files, to, conv, "h", fail)
	to.gate <- struct{}{} // the first write runs; the next one waits for the disk
	d.keep(files, to, conv, "he", fail)
	d.keep(files, to, conv, "hello", fail)
	d.send(files, to, message(conv, "hello"), im.SendOptions{}, "hello", fail)
	d.keep(files, to, conv, "", fail)
	d.keep(files, to, conv, "n", fail)
	go func() {
		for range 20 {
			select {
			case to.gate <- struct{}{}:
			case <-t.Context().Done():
				return
			}
		}
	}()
	files.close()
	at := slices.Index(to.wrote, "message hello")
	if at < 1 || to.wrote[at-1] != "draft hello" {
		t.Fatalf("before the message the draft is not the text: %q", to.wrote)
	}
	if last := to.wrote[len(to.wrote)-1]; last != "draft n" {
		t.Fatalf("the draft at the end is %q of %q", last, to.wrote)
	}
}

// A text that could not be kept is on disk as the draft even if the window never
// gets to give it back.
func TestTextThatCouldNotBeKeptStaysTheDraft(t *testing.T) {
	d, files, to := newDrafts(), newWorker(), &disk{full: true}
	conv := im.C2C("ann")
	failed := make(chan error, 1)
	d.send(files, to, message(conv, "hello"), im.SendOptions{}, "hello", func(err error) { failed <- err })
	d.keep(files, to, conv, "", func(err error) { t.Error(err) })
	files.close()
	if <-failed == nil {
		t.Error("nobody was told")
	}
	if !slices.Equal(to.wrote, []string{"draft hello"}) {
		t.Fatalf("on disk: %q", to.wrote)
	}
	if got := d.giveBack(conv); got != "hello" {
		t.Errorf("given back: %q", got)
	}
	if got := d.giveBack(conv); got != "" {
		t.Errorf("given back twice: %q", got)
	}
}

// A list that was read before the last key was written has an older draft.
func TestTypedTextIsNewerThanTheList(t *testing.T) {
	d := newDrafts()
	row := im.Conversation{ConversationID: im.C2C("ann"), Draft: "hel"}
	if d.over(&row); row.Draft != "hel" {
		t.Errorf("nothing was typed here: %q", row.Draft)
	}
	d.put(row.ConversationID, "hello")
	if d.over(&row); row.Draft != "hello" {
		t.Errorf("shown: %q", row.Draft)
	}
	d.put(row.ConversationID, "")
	if d.over(&row); row.Draft != "" {
		t.Errorf("sent, and still shown: %q", row.Draft)
	}
}
