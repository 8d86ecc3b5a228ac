package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"magpie/widgets/theme"
)

// Check is something that is wanted or not: a box to tick, what it is called and,
// below that, what it means.
type Check struct {
	press

	// OnChanged is told when a person ticks the box or takes the tick away.
	OnChanged func(on bool)

	on     bool
	back   *canvas.Rectangle
	square *canvas.Rectangle
	tick   *canvas.Image
	label  *label
	words  *Paragraph
}

// NewCheck makes a box; words may be empty.
func NewCheck(label, words string, on bool) *Check {
	c := &Check{
		on:     on,
		back:   box(theme.RadiusRow),
		square: box(theme.Grid),
		tick:   drawing("check", theme.OnAccent, choiceMark-2),
		label:  newLabel(theme.TextSize, false),
		words:  NewParagraph(words, theme.Ink2, theme.MetaSize, fyne.TextAlignLeading),
	}
	c.label.set(label)
	c.words.Hidden = words == ""
	c.onTapped = func() {
		c.on = !c.on
		c.Refresh()
		if c.OnChanged != nil {
			c.OnChanged(c.on)
		}
	}
	c.extend(c)
	return c
}

// SetLabel changes what it is called.
func (c *Check) SetLabel(label string) {
	c.label.set(label)
	c.Refresh()
}

// On reports whether the box is ticked.
func (c *Check) On() bool { return c.on }

// HeightFor is how tall the box is at a width, at which its words may wrap.
func (c *Check) HeightFor(width float32) float32 {
	h := theme.LineHeight + 2*choicePad
	if !c.words.Hidden {
		h += c.words.HeightFor(width - choiceText - 2*choiceMargin)
	}
	return h
}

// CreateRenderer implements fyne.Widget.
func (c *Check) CreateRenderer() fyne.WidgetRenderer {
	c.paint()
	return &flat{
		objects: these(c.back, c.square, c.tick, c.label.line, c.words),
		layout:  c.layout,
		min:     func() fyne.Size { return fyne.NewSize(160, c.HeightFor(max(c.Size().Width, 160))) },
		refresh: func() { c.paint(); c.layout(c.Size()); canvas.Refresh(c) },
	}
}

func (c *Check) paint() {
	fill := theme.Panel
	if c.hovered {
		fill = theme.Hover
	}
	c.back.FillColor = theme.Color(fill)
	ring(c.back, c.focused, theme.Link)
	inside, edge := theme.Field, theme.Faint
	if c.on {
		inside, edge = theme.Accent, theme.Accent
	}
	c.square.FillColor = theme.Color(inside)
	c.square.StrokeColor, c.square.StrokeWidth = theme.Color(edge), theme.RingWidth
	c.tick.Hidden = !c.on
	if c.on {
		recolour(c.tick, "check", theme.OnAccent)
	}
	c.label.ink(theme.Ink)
}

func (c *Check) layout(size fyne.Size) {
	const inner = choiceMark - 2
	place(c.back, 0, 0, size.Width, size.Height)
	y := choicePad + (theme.LineHeight-choiceMark)/2
	place(c.square, choiceMargin, y, choiceMark, choiceMark)
	place(c.tick, choiceMargin+1, y+1, inner, inner)
	x := choiceMargin + choiceText
	w := size.Width - x - choiceMargin
	c.label.place(x, choicePad, theme.LineHeight, w)
	if !c.words.Hidden {
		place(c.words, x, choicePad+theme.LineHeight, w, c.words.HeightFor(w))
	}
}
