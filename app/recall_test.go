package app

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"magpie/im"
	"magpie/widgets/canvas"
)

// shown returns the item of a message on the canvas.
func (u *person) shown(conv im.ConversationID, id im.MessageID) (it canvas.Item) {
	u.t.Helper()
	u.do(func() {
		m, _, err := u.a.session.client.Message(id)
		if err != nil {
			u.t.Fatal(err)
		}
		it = u.a.main.chat.present.item(&m)
	})
	return it
}

// An own message is taken back for everybody; its text can be edited again, before
// what is being written, and Up brings it back into an empty composer.
func TestRecallAndEditAgain(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	ada := u.guest("ada", "Ada Okafor")
	u.says(ada, "C2Cwren", "hello")
	u.open("C2Cada")
	u.types("a mistke")
	u.press(fyne.KeyReturn)
	m := u.sent("C2Cada", "the text", func(m *im.Message) bool { return m.Type == im.MsgText })
	u.types("next")
	u.do(func() { u.a.main.chat.recall(m.ID) })
	u.until("it is recalled in the list", func() bool {
		return u.a.main.shown.At(u.a.main.index("C2Cada")).Preview == "You recalled a message"
	})
	if it := u.shown("C2Cada", m.ID); it.Kind != canvas.KindNotice || it.Text != "You recalled a message" || it.Action != "Edit again" {
		t.Errorf("on the canvas: %+v", it)
	}
	u.do(func() { u.a.main.chat.editAgain(m.ID) })
	if text := u.typed(); text != "a mistke\nnext" {
		t.Errorf("edited again is %q", text)
	}
	u.do(func() { u.a.main.composer.SetText("") })
	u.press(fyne.KeyUp)
	if text := u.typed(); text != "a mistke" {
		t.Errorf("Up brings %q", text)
	}
	u.press(fyne.KeyReturn)
	u.press(fyne.KeyUp)
	if text := u.typed(); text != "" {
		t.Errorf("Up brings %q again", text)
	}
	// The other side sees it, without the text.
	for {
		got, _, err := ada.Message(m.ID)
		if err != nil {
			t.Fatal(err)
		}
		if got.IsRevoked {
			break
		}
		u.do(func() {})
	}
	u.end()
}

// Others' messages are recalled where they are shown, and nobody can bring their
// text back.
func TestRecallOfAnother(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	ada := u.guest("ada", "Ada Okafor")
	m := u.says(ada, "C2Cwren", "hello")
	u.open("C2Cada")
	u.do(func() {
		got, _, err := u.a.session.client.Message(m.ID)
		if err != nil || u.a.session.client.MayRevoke(&got) {
			t.Errorf("another's message may be recalled (%v)", err)
		}
	})
	if err := ada.RevokeMessage(t.Context(), m.ID); err != nil {
		t.Fatal(err)
	}
	u.until("it is recalled in the list", func() bool {
		return u.a.main.shown.At(u.a.main.index("C2Cada")).Preview == "Ada Okafor recalled a message"
	})
	if it := u.shown("C2Cada", m.ID); !strings.HasPrefix(it.Text, "Ada Okafor") || it.Action != "" {
		t.Errorf("on the canvas: %+v", it)
	}
	u.press(fyne.KeyUp)
	if text := u.typed(); text != "" {
		t.Errorf("Up brings %q", text)
	}
	u.end()
}
