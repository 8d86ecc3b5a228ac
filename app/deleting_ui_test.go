package app

import (
	"testing"

	"fyne.io/fyne/v2"

	"magpie/app/outgoing"
	"magpie/im"
)

// A message is deleted from this computer alone, after a question; it stays away in the
// next life of the program, what quotes it says so, and the other side has it.
func TestDeleteHere(t *testing.T) {
	noLeaks(t)
	dir := t.TempDir()
	u := begin(t, dir)
	u.start()
	ada := u.guest("ada", "Ada Okafor")
	of := u.says(ada, "C2Cwren", "shall we meet at three?")
	u.open("C2Cada")
	u.choose(of.ID, "Reply")
	u.types("yes")
	u.press(fyne.KeyReturn)
	yes := u.sent("C2Cada", "the reply", func(m *im.Message) bool { return m.Type == im.MsgText })
	u.says(ada, "C2Cwren", "the last thing said")
	u.sees("the last thing said")
	u.choose(of.ID, "Reply")
	u.until("it is quoted", func() bool { return u.a.main.composer.Quote() == "shall we meet at three?" })

	u.choose(of.ID, "Delete here…")
	u.sees("Delete this message here?")
	u.tap("Cancel")
	u.sees("shall we meet at three?")
	u.choose(of.ID, "Delete here…")
	u.sees("on this computer only")
	u.press(fyne.KeyReturn) // it is not what Enter does
	u.sees("shall we meet at three?")
	u.choose(of.ID, "Delete here…")
	u.tap("Delete here")
	u.misses("shall we meet at three?")
	u.sees("Deleted on this computer")
	u.until("nothing is answered any more", func() bool { return u.a.main.composer.Quote() == "" })
	if q := u.shown("C2Cada", yes.ID).Quote; q == nil || q.Text != "Deleted on this computer" || q.Name != "" {
		t.Errorf("quoted as %+v", q)
	}
	u.sees("the last thing said")
	u.end()

	u = begin(t, dir)
	u.until("it is there again", func() bool { return u.a.main != nil && u.a.main.index("C2Cada") >= 0 })
	u.open("C2Cada")
	u.sees("the last thing said")
	u.misses("shall we meet at three?")
	u.sees("Deleted on this computer")
	ada = u.device("ada")
	if m, found, err := ada.Message(of.ID); err != nil || found && m.Payload == nil {
		t.Errorf("the other side has %+v, %v", m, err)
	}
	u.received(ada, "C2Cwren", 1)
	u.end()
}

// Several are chosen and deleted with the Delete key; the list shows what was said before.
func TestDeleteSeveral(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	ada := u.guest("ada", "Ada Okafor")
	u.says(ada, "C2Cwren", "this stays")
	one := u.says(ada, "C2Cwren", "this goes")
	u.says(ada, "C2Cwren", "and this")
	u.open("C2Cada")
	u.sees("and this")
	u.choose(one.ID, "Select")
	u.tapMessage("and this")
	u.sees("2 selected")
	u.press(fyne.KeyDelete)
	u.sees("Delete 2 messages here?")
	u.tap("Delete here")
	u.sees("2 messages deleted on this computer")
	u.misses("this goes")
	u.misses("and this")
	u.sees("this stays")
	u.until("the list says what is left", func() bool {
		row, ok := u.a.main.row("C2Cada")
		return ok && row.LastMessage != nil && row.LastMessage.MessageForShow == "this stays"
	})
	u.until("writing goes on", func() bool { return !u.a.main.canvas.Choosing() })
	u.end()
}

// A picture that is looked at and deleted closes the viewer, is no shared one any more and
// in no memory.
func TestDeletePicture(t *testing.T) {
	u, _, ada := watching(t)
	m := u.send(ada, "wren", "x.jpg", photo(t, 400, 300, red), outgoing.KindAuto)
	u.tapPicture(red)
	u.inDetail("1 of 1")
	u.do(func() { u.a.main.chat.delete([]im.MessageID{m.ID}) })
	u.until("the viewer is gone", func() bool { return u.a.main.viewing == nil })
	u.until("nothing of it is in memory", func() bool { return u.pictureOf(red, 1) == nil && u.a.session.thumbs.Bytes() == 0 })
	n, _, err := u.a.session.client.CountMedia(t.Context(), "C2Cada", seen, 0)
	u.ok(err)
	if n != 0 || u.a.session.client.HasFile(m.Payload.(im.ImagePayload).ImageInfoArray[0].ImageURL) {
		t.Errorf("%d shared pictures", n)
	}
	u.end()
}
