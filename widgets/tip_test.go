package widgets

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"magpie/widgets/theme"
)

// tipped is a window with two icon buttons whose tips come when the test says so.
type tipped struct {
	w       fyne.Window
	ground  *Ground
	buttons []*IconButton
	pressed int
	timers  []*timer
}

// timer is one of a test's clock.
type timer struct {
	after   time.Duration
	run     func()
	stopped bool
}

func newTipped(t *testing.T, mode theme.Mode) *tipped {
	test.NewTempApp(t).Settings().SetTheme(theme.New(mode))
	p := &tipped{}
	row := container.NewWithoutLayout()
	for i, at := range []fyne.Position{fyne.NewPos(10, 10), fyne.NewPos(250, 150)} {
		b := NewIconButton([]string{"search", "smile"}[i], []string{"Search in this chat", "表情和贴纸"}[i], func() { p.pressed++ })
		b.SetKeys([]string{"Ctrl F", "Ctrl E"}[i])
		b.tip.after = p.after
		b.Resize(b.MinSize())
		b.Move(at)
		p.buttons = append(p.buttons, b)
		row.Add(b)
	}
	p.ground = NewGround(container.NewStack(ground(theme.Panel), row), func() {})
	p.w = window(t, mode, p.ground, 300, 190)
	return p
}

func (p *tipped) after(d time.Duration, f func()) func() bool {
	one := &timer{after: d, run: f}
	p.timers = append(p.timers, one)
	return func() bool { one.stopped = true; return true }
}

// pass lets the timers of a duration run out.
func (p *tipped) pass(d time.Duration) {
	due := p.timers
	p.timers = nil
	for _, one := range due {
		switch {
		case one.stopped:
		case one.after > d:
			p.timers = append(p.timers, one)
		default:
			one.run()
		}
	}
}

// says is the tip on the screen, "" for none.
func (p *tipped) says() string {
	if p.ground.tip == nil {
		return ""
	}
	b := p.ground.tipBox
	return b.words.line.Text + " " + b.keys.line.Text
}

func (p *tipped) want(t *testing.T, when, want string) {
	t.Helper()
	if got := p.says(); got != want {
		t.Errorf("%s: %q, want %q", when, got, want)
	}
}

func TestTipOfThePointer(t *testing.T) {
	p := newTipped(t, theme.Light)
	b := p.buttons[0]
	b.MouseIn(nil)
	p.want(t, "at once", "")
	p.pass(tipPause)
	p.want(t, "after the pause", "Search in this chat Ctrl F")
	p.pass(tipWatch)
	p.want(t, "a while later", "Search in this chat Ctrl F")
	b.MouseOut()
	p.want(t, "when it is left", "")

	b.MouseIn(nil)
	b.MouseOut()
	p.pass(tipPause)
	p.want(t, "over before the pause was", "")

	b.MouseIn(nil)
	p.pass(tipPause)
	b.MouseDown(nil)
	p.want(t, "when it is pressed", "")
	b.MouseUp(nil)
	p.pass(tipPause)
	p.want(t, "after it was pressed", "")
}

// Whoever presses a button gives it the keyboard, and needs no word about it; whoever
// comes with the keyboard does.
func TestTipOfTheKeyboard(t *testing.T) {
	p := newTipped(t, theme.Light)
	b := p.buttons[1]
	p.w.Canvas().Focus(b)
	p.pass(tipPause)
	p.want(t, "with the keyboard", "表情和贴纸 Ctrl E")
	b.KeyDown(&fyne.KeyEvent{Name: fyne.KeySpace})
	p.want(t, "when a key is pressed", "")
	p.w.Canvas().Unfocus()

	b.MouseIn(nil)
	b.MouseDown(nil)
	p.w.Canvas().Focus(b)
	p.pass(tipPause)
	p.want(t, "with the keyboard from a click", "")
	b.KeyDown(&fyne.KeyEvent{Name: fyne.KeyTab})
	p.w.Canvas().Focus(p.buttons[0])
	p.pass(tipPause)
	p.want(t, "at the next one", "Search in this chat Ctrl F")
	p.w.Canvas().Focus(b)
	p.pass(tipPause)
	p.want(t, "back again by the keys", "表情和贴纸 Ctrl E")
}

// What lies under a tip gets the clicks.
func TestTipTakesNoClicks(t *testing.T) {
	p := newTipped(t, theme.Light)
	p.buttons[0].MouseIn(nil)
	p.pass(tipPause)
	box := p.ground.tipBox.back
	p.buttons[1].Move(box.Position())
	test.TapCanvas(p.w.Canvas(), box.Position().AddXY(5, 5))
	if p.pressed != 1 {
		t.Error("the tip took the click")
	}
}

// A tip goes with its button: when that is hidden, scrolled away or covered, or when
// the window takes another shape.
func TestTipGoesWithItsButton(t *testing.T) {
	for what, happen := range map[string]func(*tipped){
		"hidden":  func(p *tipped) { p.buttons[0].Hide() },
		"moved":   func(p *tipped) { p.buttons[0].Move(fyne.NewPos(10, 2)) },
		"covered": func(p *tipped) { p.w.Canvas().Overlays().Add(box(0)) },
		"resized": func(p *tipped) { p.w.Resize(fyne.NewSize(400, 300)) },
		"gone":    func(p *tipped) { p.w.SetContent(box(0)) },
	} {
		p := newTipped(t, theme.Light)
		p.buttons[0].MouseIn(nil)
		p.pass(tipPause)
		p.want(t, "before it is "+what, "Search in this chat Ctrl F")
		happen(p)
		p.pass(tipWatch)
		p.want(t, what, "")
		if p.timers != nil {
			t.Errorf("%s: it still watches", what)
		}
	}
	p := newTipped(t, theme.Light)
	p.buttons[0].MouseIn(nil)
	p.w.Canvas().Overlays().Add(box(0))
	p.pass(tipPause)
	p.want(t, "covered before it came", "")
}

// Near the edges a tip stays within the window, and does not lie on its button.
func TestTipStaysInTheWindow(t *testing.T) {
	p := newTipped(t, theme.Light)
	for i, b := range p.buttons {
		b.MouseIn(nil)
		p.pass(tipPause)
		at, size := p.ground.tipBox.back.Position(), p.ground.tipBox.back.Size()
		if at.X < 0 || at.Y < 0 || at.X+size.Width > 300 || at.Y+size.Height > 190 {
			t.Errorf("tip %d is at %v, %v large", i, at, size)
		}
		if of := b.Position(); at.Y < of.Y+b.Size().Height && at.Y+size.Height > of.Y {
			t.Errorf("tip %d lies on its button", i)
		}
		b.MouseOut()
	}
}

func TestLookTip(t *testing.T) {
	both(t, func(t *testing.T, mode theme.Mode, suffix string) {
		p := newTipped(t, mode)
		p.w.Canvas().Focus(p.buttons[1])
		p.pass(tipPause)
		golden(t, p.w, "tip"+suffix)
	})
}
