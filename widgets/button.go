package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"magpie/widgets/theme"
)

// Kind is how much a button asks for attention.
type Kind int

// The kinds of [Button].
const (
	Primary   Kind = iota // the one thing to do here
	Secondary             // anything else
	Danger                // what cannot be taken back
)

// Button is a flat button of [theme.ButtonHeight], a small one of
// [theme.SmallButtonHeight].
type Button struct {
	press
	kind  Kind
	small bool
	back  *canvas.Rectangle
	words *label
}

// NewButton makes a button of a kind. tapped is called on the UI goroutine.
func NewButton(kind Kind, label string, tapped func()) *Button {
	b := &Button{kind: kind, back: box(theme.RadiusRow), words: newLabel(theme.TextSize, true)}
	b.words.set(label)
	b.onTapped = tapped
	b.extend(b)
	return b
}

// NewPrimaryButton makes the button for the one thing to do here.
func NewPrimaryButton(label string, tapped func()) *Button { return NewButton(Primary, label, tapped) }

// NewSecondaryButton makes a button for anything else.
func NewSecondaryButton(label string, tapped func()) *Button {
	return NewButton(Secondary, label, tapped)
}

// NewSmallButton makes a button for a row of settings.
func NewSmallButton(kind Kind, label string, tapped func()) *Button {
	b := NewButton(kind, label, tapped)
	b.small = true
	b.back = box(theme.RadiusButton)
	b.words = newLabel(theme.SecondarySize, true)
	b.words.set(label)
	return b
}

// SetText changes the label.
func (b *Button) SetText(label string) {
	b.words.set(label)
	b.Refresh()
}

// Text returns the label.
func (b *Button) Text() string { return b.words.full }

// CreateRenderer implements fyne.Widget.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	b.paint()
	return &flat{
		objects: these(b.back, b.words.line),
		layout:  b.layout,
		min: func() fyne.Size {
			if b.small {
				return fyne.NewSize(b.words.width()+28, theme.SmallButtonHeight)
			}
			return fyne.NewSize(b.words.width()+36, theme.ButtonHeight)
		},
		refresh: func() { b.paint(); b.layout(b.Size()); canvas.Refresh(b) },
	}
}

func (b *Button) paint() {
	fill, ink, frame := theme.Accent, theme.OnAccent, theme.Link
	switch b.kind {
	case Secondary:
		fill, ink = theme.Field, theme.Ink
		if b.hovered {
			fill = theme.Selected
		}
	case Danger:
		fill, ink = theme.Field, theme.Danger
		if b.hovered {
			fill = theme.Selected
		}
	case Primary:
		frame = theme.Ink // an accent on the accent could not be seen
		if b.hovered || b.pressed {
			fill = theme.AccentHover
		}
	}
	if b.Disabled() {
		fill, ink = theme.Field, theme.Ink3
	}
	b.back.FillColor = theme.Color(fill)
	ring(b.back, b.focused && !b.Disabled(), frame)
	b.words.ink(ink)
}

func (b *Button) layout(size fyne.Size) {
	place(b.back, 0, 0, size.Width, size.Height)
	b.words.placeCentred(8, 0, size.Height, size.Width-16)
}

// ring draws the frame of what has the keyboard.
func ring(r *canvas.Rectangle, on bool, colour fyne.ThemeColorName) {
	r.StrokeWidth = 0
	if on {
		r.StrokeWidth = theme.RingWidth
		r.StrokeColor = theme.Color(colour)
	}
}
