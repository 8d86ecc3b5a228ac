package widgets

import (
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"magpie/widgets/keyboard"
	"magpie/widgets/theme"
)

// micButton is the microphone of the composer. Held, it records until it is let
// go; slid up it locks, let go left of its place it deletes. A click without
// holding, Enter and Space lock at once.
type micButton struct {
	press

	act    func(RecordAction)
	slid   func(cancels bool) // told when that changes while it is held
	byKey  func(fyne.KeyName) // told before a key starts
	menu   func(at fyne.Position)
	back   *canvas.Rectangle
	image  *canvas.Image
	now    func() time.Time // replaced by tests
	label  string
	holds  bool // this gesture decides what becomes of the recording
	clicks bool // the tap that follows belongs to a gesture that is over
	since  time.Time
	from   fyne.Position // where it was pressed, in the canvas
	left   bool          // slid far enough to delete
	still  bool          // not moved since it was pressed
}

// How a hold is told from a click, and how far a slide goes, in units.
const (
	micClick  = 350 * time.Millisecond
	micTremor = float32(8)
	micCancel = float32(80)
	micLock   = float32(60)
	// micCircle is the button while it is held.
	micCircle = float32(40)
)

var (
	_ fyne.Draggable         = (*micButton)(nil)
	_ fyne.SecondaryTappable = (*micButton)(nil)
)

func newMicButton(label string) *micButton {
	b := &micButton{back: box(theme.RadiusButton), image: drawing("mic", theme.Ink2, theme.IconMedium), now: time.Now, label: label}
	b.onTapped = b.tapped
	b.tip = newTip(b, func() string { return b.label })
	b.extend(b)
	return b
}

// MouseDown begins to record.
func (b *micButton) MouseDown(ev *desktop.MouseEvent) {
	b.press.MouseDown(ev)
	if ev.Button != desktop.MouseButtonPrimary || b.Disabled() || b.holds {
		return
	}
	b.holds, b.clicks, b.still, b.left = true, true, true, false
	b.since, b.from = b.now(), ev.AbsolutePosition
	b.act(RecordStart)
}

// Dragged follows the pointer, also outside.
func (b *micButton) Dragged(ev *fyne.DragEvent) {
	if !b.holds {
		return
	}
	way := ev.AbsolutePosition.Subtract(b.from)
	if max(-way.X, way.X, -way.Y, way.Y) > micTremor {
		b.still = false
	}
	if way.Y <= -micLock {
		b.end(RecordLock)
		return
	}
	if left := way.X <= -micCancel; left != b.left {
		b.left = left
		b.slid(left)
	}
}

// MouseUp ends the gesture, and so does DragEnd: after a slide only one of the two
// may come.
func (b *micButton) MouseUp(ev *desktop.MouseEvent) {
	b.press.MouseUp(ev)
	if ev.Button == desktop.MouseButtonPrimary {
		b.release()
	}
}

// DragEnd implements fyne.Draggable.
func (b *micButton) DragEnd() { b.release() }

func (b *micButton) release() {
	if !b.holds {
		return
	}
	switch {
	case b.left:
		b.end(RecordDelete)
	case b.still && b.now().Sub(b.since) < micClick:
		b.end(RecordLock)
	default:
		b.end(RecordSend)
	}
}

// end does what the gesture came to. The system's tap that may follow is passed
// over.
func (b *micButton) end(a RecordAction) {
	b.abandon()
	b.act(a)
}

// abandon forgets the gesture: the recording goes another way.
func (b *micButton) abandon() {
	b.holds, b.pressed = false, false
	if b.left {
		b.left = false
		b.slid(false)
	}
	b.Refresh()
}

// tapped is a tap without a gesture before it.
func (b *micButton) tapped() {
	if b.clicks {
		b.clicks = false
		return
	}
	b.act(RecordStart)
	b.act(RecordLock)
}

// TypedKey implements fyne.Focusable.
func (b *micButton) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case keyboard.Menu:
		b.menu(fyne.CurrentApp().Driver().AbsolutePositionForObject(b))
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		if b.Disabled() || b.holds {
			return
		}
		b.byKey(key.Name)
		b.act(RecordStart)
		b.act(RecordLock)
	default:
		passKey(b, key)
	}
}

// TappedSecondary implements fyne.SecondaryTappable.
func (b *micButton) TappedSecondary(*fyne.PointEvent) {
	if !b.holds {
		b.menu(fyne.CurrentApp().Driver().AbsolutePositionForObject(b))
	}
}

// CreateRenderer implements fyne.Widget.
func (b *micButton) CreateRenderer() fyne.WidgetRenderer {
	b.paint()
	return &flat{
		objects: these(b.back, b.image),
		layout:  b.layout,
		min:     fixed(theme.IconButtonSize, theme.IconButtonSize),
		refresh: func() { b.paint(); b.layout(b.Size()); canvas.Refresh(b) },
	}
}

func (b *micButton) paint() {
	fill, ink := fyne.ThemeColorName(""), theme.Ink2
	b.back.CornerRadius = theme.RadiusButton
	switch {
	case b.Disabled():
		ink = theme.Faint
	case b.holds:
		fill, ink = theme.Accent, theme.OnAccent
		b.back.CornerRadius = micCircle / 2
	case b.pressed:
		fill, ink = theme.Selected, theme.Link
	case b.hovered:
		fill = theme.Hover
	}
	b.back.FillColor = color.Transparent
	if fill != "" {
		b.back.FillColor = theme.Color(fill)
	}
	ring(b.back, b.focused && !b.Disabled() && !b.holds, theme.Link)
	recolour(b.image, "mic", ink)
}

// layout draws the button at the right end of what it takes presses in.
func (b *micButton) layout(size fyne.Size) {
	side := theme.IconButtonSize
	if b.holds {
		side = micCircle
	}
	x, y := size.Width-side, (size.Height-side)/2
	place(b.back, x, y, side, side)
	inset := (side - theme.IconMedium) / 2
	place(b.image, x+inset, y+inset, theme.IconMedium, theme.IconMedium)
}
