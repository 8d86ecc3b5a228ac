package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

func TestInsertAtTheCursor(t *testing.T) {
	c := newTyped(t)
	c.typeText("ab")
	c.press(fyne.KeyLeft)
	c.Insert("你😀")
	c.typeText("!")
	c.want(t, "a你😀!b")
	if n := len(c.drafts); c.drafts[n-1] != "a你😀!b" || c.drafts[n-2] != "a你😀b" {
		t.Errorf("told %q", c.drafts)
	}
	c.w.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutSelectAll{})
	c.Insert("x")
	c.want(t, "x")
	c.Disable()
	c.Insert("y")
	c.want(t, "x")
}

func TestBeforeCursor(t *testing.T) {
	c := newTyped(t)
	if s := c.BeforeCursor(); s != "" {
		t.Errorf("%q in an empty field", s)
	}
	c.SetText("你好 wörld\nsecond")
	if s := c.BeforeCursor(); s != "你好 wörld\nsecond" {
		t.Errorf("%q at the end", s)
	}
	for range len("second") + 2 {
		c.press(fyne.KeyLeft)
	}
	if s := c.BeforeCursor(); s != "你好 wörl" {
		t.Errorf("%q", s)
	}
	c.w.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutSelectAll{})
	if s := c.BeforeCursor(); s != "" {
		t.Errorf("%q while all is marked", s)
	}
}

func TestCompleteReplacesWhatWasTyped(t *testing.T) {
	c := newTyped(t)
	c.typeText("ask @李x later")
	for range " later" {
		c.press(fyne.KeyLeft)
	}
	before := len(c.drafts)
	c.Complete("@李x", "@李小林 ")
	c.want(t, "ask @李小林  later")
	if n := len(c.drafts) - before; n != 1 {
		t.Errorf("told %d times: %q", n, c.drafts[before:])
	}
	c.Complete("@nobody", "@Somebody ")
	c.want(t, "ask @李小林  later")
	c.typeText("and")
	c.want(t, "ask @李小林 and later")
}

// Moving the cursor is told, so that what belongs to the word at it can go.
func TestCursorIsTold(t *testing.T) {
	c := newTyped(t)
	c.typeText("ab")
	moved := 0
	c.OnCursor = func() { moved++ }
	c.press(fyne.KeyLeft)
	if moved == 0 {
		t.Error("not told")
	}
}

func TestSendMenu(t *testing.T) {
	c := newTyped(t)
	var at []fyne.Position
	c.OnSendMenu = func(p fyne.Position) { at = append(at, p) }
	c.send.TappedSecondary(&fyne.PointEvent{AbsolutePosition: fyne.NewPos(3, 4)})
	c.send.TypedKey(&fyne.KeyEvent{Name: desktop.KeyMenu})
	if len(at) != 2 || at[0] != fyne.NewPos(3, 4) || at[1] == (fyne.Position{}) {
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
