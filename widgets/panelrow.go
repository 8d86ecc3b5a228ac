package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"magpie/widgets/theme"
)

// PanelRow is a line of a [SidePanel]: words, and a value at the right end. With
// something to do at a tap it can be pressed, also by the keyboard.
type PanelRow struct {
	press

	// OnMenu is called on a secondary click or the menu key with the place for
	// a menu, in the canvas.
	OnMenu func(at fyne.Position)

	back   *canvas.Rectangle
	image  *canvas.Image
	icon   string
	words  *label
	value  *label
	tone   fyne.ThemeColorName
	danger bool
}

const panelRowHeight = float32(36)

// NewPanelRow makes a row; tapped may be nil.
func NewPanelRow(words string, tapped func()) *PanelRow {
	r := &PanelRow{
		back:  box(theme.RadiusButton),
		image: drawing("info", theme.Ink2, theme.IconMedium),
		words: newLabel(theme.TextSize, false),
		value: newLabel(theme.TextSize, false),
		tone:  theme.Ink3,
	}
	r.words.set(words)
	r.onTapped = tapped
	r.extend(r)
	return r
}

// NewDangerRow makes the row for what cannot be taken back: "Leave group".
func NewDangerRow(words string, tapped func()) *PanelRow {
	r := NewPanelRow(words, tapped)
	r.danger = true
	return r
}

// SetWords changes the words.
func (r *PanelRow) SetWords(words string) {
	r.words.set(words)
	r.Refresh()
}

// SetValue changes the value. One that is on, or otherwise differs from what it is
// without doing anything, is shown in the accent.
func (r *PanelRow) SetValue(value string, on bool) {
	r.value.set(value)
	r.tone = theme.Ink3
	if on {
		r.tone = theme.Link
	}
	r.Refresh()
}

// SetIcon puts an icon of [magpie/assets.Icon] before the words, "" for none.
func (r *PanelRow) SetIcon(icon string) {
	r.icon = icon
	r.Refresh()
}

// TappedSecondary implements fyne.SecondaryTappable.
func (r *PanelRow) TappedSecondary(at *fyne.PointEvent) {
	if r.OnMenu != nil && !r.Disabled() {
		r.OnMenu(at.AbsolutePosition)
	}
}

// TypedKey implements fyne.Focusable.
func (r *PanelRow) TypedKey(key *fyne.KeyEvent) {
	if key.Name == menuKey && r.OnMenu != nil {
		r.OnMenu(fyne.CurrentApp().Driver().AbsolutePositionForObject(r).AddXY(panelInset, r.Size().Height))
		return
	}
	r.press.TypedKey(key)
}

// CreateRenderer implements fyne.Widget.
func (r *PanelRow) CreateRenderer() fyne.WidgetRenderer {
	r.paint()
	return &flat{
		objects: these(r.back, r.image, r.words.line, r.value.line),
		layout:  r.layout,
		min:     fixed(120, panelRowHeight),
		refresh: func() { r.paint(); r.layout(r.Size()); canvas.Refresh(r) },
	}
}

func (r *PanelRow) paint() {
	r.back.FillColor = color.Transparent
	if r.onTapped != nil && !r.Disabled() && (r.hovered || r.pressed) {
		r.back.FillColor = theme.Color(theme.Hover)
	}
	ring(r.back, r.focused, theme.Link)
	ink := theme.Ink
	switch {
	case r.Disabled():
		ink = theme.Ink3
	case r.danger:
		ink = theme.Danger
	}
	r.words.ink(ink)
	r.value.ink(r.tone)
	r.image.Hidden = r.icon == ""
	if r.icon != "" {
		recolour(r.image, r.icon, theme.Ink2)
	}
}

func (r *PanelRow) layout(size fyne.Size) {
	place(r.back, 0, 0, size.Width, size.Height)
	x := panelInset
	if r.icon != "" {
		place(r.image, x, (size.Height-theme.IconMedium)/2, theme.IconMedium, theme.IconMedium)
		x += theme.IconMedium + 10
	}
	right := size.Width - panelInset
	// A long value leaves the words their room, up to half of the row.
	room := max((right-x)/2, right-x-r.words.width()-10)
	used := r.value.placeRight(right, 0, size.Height, room)
	if used > 0 {
		used += 10
	}
	r.words.place(x, 0, size.Height, right-x-used)
}
