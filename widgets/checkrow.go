package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"magpie/widgets/theme"
)

// CheckRow is one of several things that can each be chosen or not: a box, what it is,
// and at the right end how much.
type CheckRow struct {
	press

	// OnChanged is told when a person chooses it or takes that back.
	OnChanged func(on bool)

	on           bool
	label        *Paragraph
	value        *label
	back, square *canvas.Rectangle
	mark         *canvas.Image
}

const (
	checkBox  = float32(18)
	checkText = checkBox + 10
	checkPad  = float32(8)
)

// NewCheckRow makes a row; the value may be empty.
func NewCheckRow(words, value string, on bool) *CheckRow {
	r := &CheckRow{
		on:     on,
		label:  NewParagraph(words, theme.Ink, theme.TextSize, fyne.TextAlignLeading),
		value:  newLabel(theme.SecondarySize, false),
		back:   box(theme.RadiusButton),
		square: box(5),
		mark:   drawing("check", theme.OnAccent, checkBox-4),
	}
	r.value.set(value)
	r.onTapped = func() {
		r.Set(!r.on)
		if r.OnChanged != nil {
			r.OnChanged(r.on)
		}
	}
	r.extend(r)
	return r
}

// On reports whether it is chosen.
func (r *CheckRow) On() bool { return r.on }

// Set chooses it or not, without telling.
func (r *CheckRow) Set(on bool) {
	r.on = on
	r.Refresh()
}

// SetWords changes what it says.
func (r *CheckRow) SetWords(words, value string) {
	r.label.SetText(words)
	r.value.set(value)
	r.Refresh()
}

func (r *CheckRow) words(width float32) float32 {
	w := width - checkText
	if v := r.value.width(); v > 0 {
		w -= v + 12
	}
	return w
}

// HeightFor is how tall the row is at a width, at which its words may wrap.
func (r *CheckRow) HeightFor(width float32) float32 {
	return r.label.HeightFor(r.words(width)) + 2*checkPad
}

// CreateRenderer implements fyne.Widget.
func (r *CheckRow) CreateRenderer() fyne.WidgetRenderer {
	r.paint()
	return &flat{
		objects: these(r.back, r.square, r.mark, r.label, r.value.line),
		layout:  r.layout,
		min:     func() fyne.Size { return fyne.NewSize(120, r.HeightFor(max(r.Size().Width, 120))) },
		refresh: func() { r.paint(); r.layout(r.Size()); canvas.Refresh(r) },
	}
}

func (r *CheckRow) paint() {
	r.back.FillColor = color.Transparent
	if r.hovered && !r.Disabled() {
		r.back.FillColor = theme.Color(theme.Hover)
	}
	ring(r.back, r.focused && !r.Disabled(), theme.Link)
	fill, edge := theme.Field, theme.Ink3
	if r.on {
		fill, edge = theme.Accent, theme.Accent
	}
	if r.Disabled() {
		edge = theme.Line
		if r.on {
			fill = theme.Faint
		}
	}
	r.square.FillColor = theme.Color(fill)
	r.square.StrokeColor, r.square.StrokeWidth = theme.Color(edge), 1.5
	r.mark.Hidden = !r.on
	recolour(r.mark, "check", theme.OnAccent)
	r.label.colour = theme.Ink
	if r.Disabled() {
		r.label.colour = theme.Ink3
	}
	r.label.Refresh()
	r.value.ink(theme.Ink2)
}

func (r *CheckRow) layout(size fyne.Size) {
	place(r.back, -panelRowOver, 0, size.Width+2*panelRowOver, size.Height)
	y := checkPad + (theme.LineHeight-checkBox)/2
	place(r.square, 0, y, checkBox, checkBox)
	place(r.mark, 2, y+2, checkBox-4, checkBox-4)
	w := r.words(size.Width)
	place(r.label, checkText, checkPad, w, r.label.HeightFor(w))
	r.value.placeRight(size.Width, checkPad, theme.LineHeight, size.Width-checkText)
}
