package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// press is what buttons share: pointer, keyboard, hover and the disabled state.
// It is embedded, and its user calls ExtendBaseWidget.
type press struct {
	widget.DisableableWidget
	self     fyne.Widget
	onTapped func()
	// tip says what a button without words does; nil for none.
	tip *tip

	hovered, pressed, focused bool
}

var (
	_ fyne.Tappable      = (*press)(nil)
	_ fyne.Focusable     = (*press)(nil)
	_ fyne.Shortcutable  = (*press)(nil)
	_ desktop.Hoverable  = (*press)(nil)
	_ desktop.Mouseable  = (*press)(nil)
	_ desktop.Cursorable = (*press)(nil)
)

func (p *press) extend(self fyne.Widget) {
	p.self = self
	p.ExtendBaseWidget(self)
}

func (p *press) Tapped(*fyne.PointEvent) {
	if !p.Disabled() && p.onTapped != nil {
		p.onTapped()
	}
}

func (p *press) MouseIn(*desktop.MouseEvent)    { p.tip.hovered(); p.set(&p.hovered, true) }
func (p *press) MouseMoved(*desktop.MouseEvent) {}
func (p *press) MouseOut()                      { p.tip.leave(); p.pressed = false; p.set(&p.hovered, false) }
func (p *press) MouseDown(*desktop.MouseEvent)  { p.tip.pressed(); p.set(&p.pressed, true) }
func (p *press) MouseUp(*desktop.MouseEvent)    { p.set(&p.pressed, false) }
func (p *press) FocusLost()                     { p.tip.leave(); p.set(&p.focused, false) }
func (p *press) TypedRune(rune)                 {}

// FocusGained implements fyne.Focusable. What got the keyboard comes into sight,
// unless the pointer is on it: nothing moves under that.
func (p *press) FocusGained() {
	p.tip.focused()
	p.set(&p.focused, true)
	if !p.hovered {
		reveal(p.self)
	}
}

func (p *press) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		p.Tapped(nil)
	default:
		passKey(p.self, key)
	}
}

// KeyDown implements desktop.Keyable.
func (p *press) KeyDown(key *fyne.KeyEvent) { p.tip.typed(); passKeyDown(p.self, key) }

// KeyUp implements desktop.Keyable.
func (p *press) KeyUp(*fyne.KeyEvent) {}

func (p *press) TypedShortcut(s fyne.Shortcut) { passShortcut(p.self, s) }

func (p *press) Cursor() desktop.Cursor {
	if p.Disabled() {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

func (p *press) set(state *bool, to bool) {
	if *state != to {
		*state = to
		p.Refresh()
	}
}
