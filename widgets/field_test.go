package widgets

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// What is wrong is said in full, in as many lines as that takes.
func TestErrorOfAFieldWraps(t *testing.T) {
	withTheme(t)
	f := NewTextField("Server", "")
	newWindow(t, container.NewStack(f))
	f.Resize(fyne.NewSize(240, 100))
	one := f.HeightFor(240)
	const words = "The server does not answer. Check its address and your connection, then try once more."
	f.SetError(words)
	shown := ""
	for _, l := range f.problem.lines[:len(f.problem.laid.Lines)] {
		shown += strings.TrimSpace(l.Text) + " "
	}
	if strings.TrimSpace(shown) != words {
		t.Errorf("shown: %q", shown)
	}
	if lines := len(f.problem.laid.Lines); lines < 2 || f.HeightFor(240) < one+float32(lines)*16 {
		t.Errorf("%d lines have no room: the field is %g tall instead of %g", lines, f.HeightFor(240), one)
	}
}

// A screen that is shown and not painted yet can be given the keyboard.
func TestFocusBeforeTheFirstPicture(t *testing.T) {
	withTheme(t)
	w := newWindow(t, container.NewStack())
	c := NewComposer("Send")
	w.Canvas().(interface{ SetContent(fyne.CanvasObject) }).SetContent(container.NewStack(c))
	c.Focus()
	if w.Canvas().Focused() != c.area {
		t.Error("the composer did not get the keyboard")
	}
}

// A reason that is longer than the window is wide is shown in full above the
// composer and in a notice.
func TestLongReasonsWrap(t *testing.T) {
	withTheme(t)
	const words = "There is no room left on the disk, so nothing more can be stored. Free some space and try again."
	c := NewComposer("Send")
	c.SetProblem(words)
	toasts := NewToasts()
	toasts.after = func(time.Duration, func()) func() bool { return func() bool { return true } }
	toasts.Say(words, "", nil)
	w := newWindow(t, container.NewStack(toasts, c))
	w.Resize(fyne.NewSize(360, 400))
	c.Resize(fyne.NewSize(360, c.MinSize().Height))
	for name, p := range map[string]*Paragraph{"composer": c.note, "notice": toasts.words} {
		shown := ""
		for _, l := range p.lines[:len(p.laid.Lines)] {
			shown += strings.TrimSpace(l.Text) + " "
		}
		if strings.TrimSpace(shown) != words || len(p.laid.Lines) < 2 {
			t.Errorf("%s shows %q", name, shown)
		}
	}
	c.SetProblem("")
	one := c.MinSize().Height
	c.SetProblem(words)
	if two := c.MinSize().Height; two < one+2*16 {
		t.Errorf("the reason has no room: %g instead of %g", two, one)
	}
}
