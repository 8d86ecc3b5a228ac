package app

import (
	"testing"

	"fyne.io/fyne/v2"

	"magpie/im"
	"magpie/widgets/canvas"
)

// What was refused says why, and goes out once when it is sent again by hand,
// however often that is asked for.
func TestRefusedAndResentByHand(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	ada := u.guest("ada", "Ada Okafor")
	u.says(ada, "C2Cwren", "hello")
	u.open("C2Cada")
	if err := ada.AddToBlacklist(t.Context(), "wren"); err != nil {
		t.Fatal(err)
	}
	u.types("let me in")
	u.press(fyne.KeyReturn)
	var it canvas.Item
	u.until("it is refused", func() bool {
		all, err := u.a.session.client.Pending("C2Cada")
		if err != nil || len(all) != 1 || all[0].Status != im.StatusFail {
			return false
		}
		it = u.a.main.chat.present.item(&all[0])
		return true
	})
	if it.State != canvas.StateFailed || it.Reason != im.CodeBlocked.Message(im.English) {
		t.Errorf("refused as %+v", it)
	}
	if err := ada.RemoveFromBlacklist(t.Context(), "wren"); err != nil {
		t.Fatal(err)
	}
	u.do(func() {
		for range 3 {
			u.a.main.chat.resend(it.Key)
		}
	})
	m := u.sent("C2Cada", "the text", func(m *im.Message) bool { return m.Type == im.MsgText })
	u.types("a second")
	u.press(fyne.KeyReturn)
	second := u.sent("C2Cada", "the second", func(m *im.Message) bool { return m.ID != im.MessageID(it.Key) })
	if m.ID != im.MessageID(it.Key) || second.Sequence != m.Sequence+1 {
		t.Errorf("%s became message %d, the next one %d", m.ID, m.Sequence, second.Sequence)
	}
	u.end()
}
