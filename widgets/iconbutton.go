package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"magpie/widgets/keyboard"
	"magpie/widgets/theme"
)

// IconButton is a square of [theme.IconButtonSize] with one icon.
type IconButton struct {
	press

	// OnMenu, if set, is called on a secondary click or the menu key with the
	// place for a menu, in the canvas.
	OnMenu func(at fyne.Position)

	icon   string
	label  string
	filled bool
	danger bool // in the colour of what takes something away
	on     bool
	back   *canvas.Rectangle
	image  *canvas.Image
}

// NewIconButton makes a button with an icon of [magpie/assets.Icon]. The label
// says in words what it does, for those who cannot see the icon.
func NewIconButton(icon, label string, tapped func()) *IconButton {
	b := &IconButton{icon: icon, label: label, back: box(theme.RadiusButton), image: drawing(icon, theme.Ink2, theme.IconMedium)}
	b.onTapped = tapped
	b.tip = newTip(b, b.Label)
	b.extend(b)
	return b
}

// newFilledIconButton makes the button of a primary action.
func newFilledIconButton(icon, label string, tapped func()) *IconButton {
	b := NewIconButton(icon, label, tapped)
	b.filled = true
	return b
}

// Label returns the words for what the button does.
func (b *IconButton) Label() string { return b.label }

// SetLabel changes the words for what the button does.
func (b *IconButton) SetLabel(label string) { b.label = label }

// SetKeys sets the words for the key that does the same, which the tip shows behind
// the label: "Ctrl F".
func (b *IconButton) SetKeys(words string) { b.tip.keys = words }

// SetIcon changes the icon.
func (b *IconButton) SetIcon(icon string) {
	b.icon = icon
	b.Refresh()
}

// SetOn shows the button as switched on, as while the panel it opens is there.
func (b *IconButton) SetOn(on bool) {
	b.on = on
	b.Refresh()
}

// TappedSecondary implements fyne.SecondaryTappable.
func (b *IconButton) TappedSecondary(e *fyne.PointEvent) {
	if b.OnMenu != nil {
		b.OnMenu(e.AbsolutePosition)
	}
}

// TypedKey implements fyne.Focusable.
func (b *IconButton) TypedKey(key *fyne.KeyEvent) {
	if keyboard.AsksMenu(key) && b.OnMenu != nil {
		b.OnMenu(fyne.CurrentApp().Driver().AbsolutePositionForObject(b))
		return
	}
	b.press.TypedKey(key)
}

// CreateRenderer implements fyne.Widget.
func (b *IconButton) CreateRenderer() fyne.WidgetRenderer {
	b.paint()
	return &flat{
		objects: these(b.back, b.image),
		layout:  b.layout,
		min:     fixed(theme.IconButtonSize, theme.IconButtonSize),
		refresh: func() { b.paint(); b.layout(b.Size()); canvas.Refresh(b) },
	}
}

func (b *IconButton) paint() {
	fill, ink := fyne.ThemeColorName(""), theme.Ink2
	switch {
	case b.Disabled() && b.filled:
		fill, ink = theme.Field, theme.Faint
	case b.Disabled():
		ink = theme.Faint
	case b.filled && (b.hovered || b.pressed):
		fill, ink = theme.AccentHover, theme.OnAccent
	case b.filled:
		fill, ink = theme.Accent, theme.OnAccent
	case b.on || b.pressed:
		fill, ink = theme.Selected, theme.Link
	case b.hovered:
		fill = theme.Hover
	}
	if b.danger && !b.Disabled() {
		ink = theme.Danger
	}
	b.back.FillColor = color.Transparent
	if fill != "" {
		b.back.FillColor = theme.Color(fill)
	}
	frame := theme.Link
	if b.filled {
		frame = theme.Ink
	}
	ring(b.back, b.focused && !b.Disabled(), frame)
	recolour(b.image, b.icon, ink)
}

func (b *IconButton) layout(size fyne.Size) {
	side := theme.IconButtonSize
	x, y := (size.Width-side)/2, (size.Height-side)/2
	place(b.back, x, y, side, side)
	inset := (side - theme.IconMedium) / 2
	place(b.image, x+inset, y+inset, theme.IconMedium, theme.IconMedium)
}
