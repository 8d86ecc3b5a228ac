package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

func TestSendMenu(t *testing.T) {
	c := newTyped(t)
	var at []fyne.Position
	c.OnSendMenu = func(p fyne.Position) { at = append(at, p) }
	c.send.TappedSecondary(&fyne.PointEvent{AbsolutePosition: fyne.NewPos(3, 4)})
	c.send.TypedKey(&fyne.KeyEvent{Name: desktop.KeyMenu})
	if len(at) != 2 || at[0] != at[1] || at[0].Y >= c.send.Position().Y {
		t.Errorf("menus at %v", at)
	}
}

// A note takes a line of its own, and gives way to what is wrong.
func TestNoteAboveTheField(t *testing.T) {
	c := newTyped(t)
	plain := c.MinSize().Height
	c.SetNote("without notification")
	if h := c.MinSize().Height; h <= plain {
		t.Errorf("%g high, %g without a note", h, plain)
	}
	c.SetProblem("no room")
	if words, _ := c.noteWords(); words != "no room" {
		t.Errorf("says %q", words)
	}
	c.SetProblem("")
	c.SetNote("")
	if h := c.MinSize().Height; h != plain {
		t.Errorf("%g high, %g before", h, plain)
	}
}

// What the app refuses stays in the field, with the reason.
func TestRefuse(t *testing.T) {
	c := newTyped(t)
	c.Refuse = func(s string) string {
		if s == "no" {
			return "not that"
		}
		return ""
	}
	c.typeText("no")
	c.press(fyne.KeyReturn)
	c.want(t, "no")
	if words, _ := c.noteWords(); words != "not that" {
		t.Errorf("says %q", words)
	}
	c.typeText("w")
	c.press(fyne.KeyReturn)
	c.want(t, "", "now")
}

// A click on a suggestion takes the keyboard from the field before it arrives: it
// must find the list still there.
func TestMentionOutlivesTheFocus(t *testing.T) {
	c := newTyped(t)
	active := false
	c.OnMention = func(_ string, on bool) { active = on }
	c.typeText("@a")
	c.w.Canvas().Unfocus()
	if !active {
		t.Error("the mention ended with the focus")
	}
	c.ReplaceMention("@Ada ")
	c.want(t, "@Ada ")
	if !c.Focused() || active {
		t.Errorf("focused %v, active %v", c.Focused(), active)
	}
}
