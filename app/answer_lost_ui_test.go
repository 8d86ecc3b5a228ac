package app

import (
	"context"
	"testing"

	"fyne.io/fyne/v2"

	"magpie/im"
)

// fullDisk keeps no message.
type fullDisk struct{}

func (fullDisk) SendMessage(_ context.Context, m im.Message, _ im.SendOptions) (im.Message, error) {
	return m, im.Errorf(im.CodeDiskFull, "no room")
}

// onFullDisk has the composer send to a disk that is full, or not any more.
func (u *person) onFullDisk(full bool) {
	u.do(func() {
		m := u.a.main
		m.composer.OnSend = func(text string) {
			if full {
				m.chat.sendBy(fullDisk{}, text)
			} else {
				m.chat.send(text)
			}
		}
	})
}

func (u *person) quotes(words string) {
	u.t.Helper()
	u.until("the quote is "+words, func() bool { return u.a.main.composer.Quote() == words })
}

// A reply that could not be kept comes back with its quote and the rest of what was
// chosen, also after the program was started anew, and goes out as the reply it was.
func TestReplyOnAFullDisk(t *testing.T) {
	noLeaks(t)
	dir := t.TempDir()
	u := begin(t, dir)
	u.start()
	ada := u.guest("ada", "Ada Okafor")
	of := u.says(ada, "C2Cwren", "shall we meet?")
	u.open("C2Cada")
	u.choose(of.ID, "Reply")
	u.quotes("shall we meet?")
	u.do(func() {
		s := u.a.main.chat.choice
		s.quiet = true
		u.a.main.chat.choose(s)
	})
	u.onFullDisk(true)
	u.types("yes")
	u.press(fyne.KeyReturn)
	u.sees("no room left on the disk")
	u.do(func() {
		c := u.a.main.chat
		if got := u.a.main.composer.Text(); got != "yes" || !c.choice.quiet {
			t.Errorf("%q came back, quiet %v", got, c.choice.quiet)
		}
	})
	u.quotes("shall we meet?")
	u.end()

	u = begin(t, dir)
	u.until("it is there again", func() bool { return u.a.main != nil && u.a.main.index("C2Cada") >= 0 })
	u.open("C2Cada")
	u.quotes("shall we meet?")
	u.onFullDisk(true)
	// What it answers is not overwritten by what came back, if another is answered by
	// now.
	u.do(func() {
		c := u.a.main.chat
		other := *c.choice.reply
		other.Abstract, other.MessageID = "another", "none"
		c.m.composer.Submit()
		s := c.choice
		s.reply = &other
		c.choose(s)
	})
	u.sees("no room left on the disk")
	u.quotes("another")
	u.do(func() { u.a.main.chat.dropAnswer() })
	u.do(func() { u.a.main.chat.answer(&of) })
	u.onFullDisk(false)
	u.press(fyne.KeyReturn)
	yes := u.sent("C2Cada", "the reply", func(m *im.Message) bool { return m.Type == im.MsgText })
	if r, ok := yes.Reply(); !ok || r.MessageID != of.ID || yes.Payload != (im.TextPayload{Text: "yes"}) {
		t.Errorf("%+v answers %+v", yes.Payload, r)
	}
	u.until("what was answered is gone from the disk", func() bool {
		value, err := u.a.session.store.Meta(answerKey("C2Cada"))
		return err == nil && value == ""
	})
	u.end()
}

// So does the quote of what is in the tray without words.
func TestTrayReplyOnAFullDisk(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	ada := u.guest("ada", "Ada Okafor")
	of := u.says(ada, "C2Cwren", "what is it like?")
	u.open("C2Cada")
	u.do(func() { u.a.main.chat.answer(&of) })
	u.quotes("what is it like?")
	u.do(func() { u.a.main.attachPicture(beach(t)) })
	u.until("it is ready", func() bool {
		t := u.a.session.trays.get("C2Cada")
		return len(t.items) == 1 && t.items[0].ready()
	})
	u.onFullDisk(true)
	u.press(fyne.KeyReturn)
	u.sees("no room left on the disk")
	u.quotes("what is it like?")
	u.do(func() {
		if n := len(u.a.session.trays.get("C2Cada").items); n != 1 {
			t.Errorf("%d things are in the tray", n)
		}
	})
	u.onFullDisk(false)
	u.press(fyne.KeyReturn)
	sent := u.sent("C2Cada", "the picture", func(m *im.Message) bool { return m.Type == im.MsgImage })
	if r, ok := sent.Reply(); !ok || r.MessageID != of.ID {
		t.Errorf("it answers %+v", r)
	}
	u.quotes("")
	u.end()
}
