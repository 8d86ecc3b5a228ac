package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// Option is one thing that a [Choice] offers: what it is called and, below it,
// what it means, which may be empty.
type Option struct {
	Value, Label, Words string
}

// Choice is a list of options of which exactly one is chosen, with a label above.
type Choice struct {
	widget.BaseWidget

	// OnChanged is told when a person chooses another option.
	OnChanged func(value string)

	value string
	words *label
	rows  []*choiceRow
}

const (
	choiceMark   = float32(16) // the circle
	choiceText   = choiceMark + 10
	choicePad    = float32(6) // above and below the text of an option
	choiceMargin = float32(8) // left and right of everything in an option
)

// NewChoice makes a choice with the option of the given value chosen, none if
// there is no such option.
func NewChoice(label, value string, options ...Option) *Choice {
	c := &Choice{value: value, words: newLabel(theme.MetaSize, false)}
	c.words.set(label)
	for _, o := range options {
		c.rows = append(c.rows, newChoiceRow(c, o))
	}
	c.ExtendBaseWidget(c)
	return c
}

// Value returns what is chosen.
func (c *Choice) Value() string { return c.value }

// choose is a person choosing.
func (c *Choice) choose(value string) {
	if c.value == value {
		return
	}
	c.value = value
	c.Refresh()
	if c.OnChanged != nil {
		c.OnChanged(value)
	}
}

// HeightFor is how tall the choice is at a width, at which words may wrap.
func (c *Choice) HeightFor(width float32) float32 {
	h := c.top()
	for _, r := range c.rows {
		h += r.heightFor(width)
	}
	return h
}

func (c *Choice) top() float32 {
	if c.words.full == "" {
		return 0
	}
	return fieldLabelHeight
}

// CreateRenderer implements fyne.Widget.
func (c *Choice) CreateRenderer() fyne.WidgetRenderer {
	objects := []fyne.CanvasObject{c.words.line}
	for _, r := range c.rows {
		objects = append(objects, r)
	}
	c.words.ink(theme.Ink2)
	return &flat{
		objects: these(objects...),
		layout:  c.layout,
		min:     func() fyne.Size { return fyne.NewSize(160, c.HeightFor(max(c.Size().Width, 160))) },
		refresh: func() {
			c.words.ink(theme.Ink2)
			c.layout(c.Size())
			for _, r := range c.rows {
				r.Refresh()
			}
			canvas.Refresh(c)
		},
	}
}

func (c *Choice) layout(size fyne.Size) {
	c.words.place(0, 0, fieldLabelHeight, size.Width)
	y := c.top()
	for _, r := range c.rows {
		h := r.heightFor(size.Width)
		place(r, 0, y, size.Width, h)
		y += h
	}
}

// choiceRow is one option.
type choiceRow struct {
	press
	choice *Choice
	option Option
	back   *canvas.Rectangle
	circle *canvas.Circle
	dot    *canvas.Circle
	label  *label
	words  *Paragraph
}

func newChoiceRow(c *Choice, o Option) *choiceRow {
	r := &choiceRow{
		choice: c,
		option: o,
		back:   box(theme.RadiusRow),
		circle: canvas.NewCircle(theme.Color(theme.Panel)),
		dot:    canvas.NewCircle(theme.Color(theme.Accent)),
		label:  newLabel(theme.TextSize, false),
		words:  NewParagraph(o.Words, theme.Ink2, theme.MetaSize, fyne.TextAlignLeading),
	}
	r.label.set(o.Label)
	r.words.Hidden = o.Words == ""
	r.onTapped = func() { c.choose(o.Value) }
	r.extend(r)
	return r
}

func (r *choiceRow) heightFor(width float32) float32 {
	h := theme.LineHeight + 2*choicePad
	if r.option.Words != "" {
		h += r.words.HeightFor(width - choiceText - 2*choiceMargin)
	}
	return h
}

// TypedKey moves the choice by the arrows, as everywhere; the rest is that of a
// button.
func (r *choiceRow) TypedKey(key *fyne.KeyEvent) {
	var by int
	switch key.Name {
	case fyne.KeyUp:
		by = -1
	case fyne.KeyDown:
		by = 1
	default:
		r.press.TypedKey(key)
		return
	}
	rows := r.choice.rows
	for i, other := range rows {
		if other == r && i+by >= 0 && i+by < len(rows) {
			focus(rows[i+by])
			rows[i+by].Tapped(nil)
		}
	}
}

func (r *choiceRow) CreateRenderer() fyne.WidgetRenderer {
	r.paint()
	return &flat{
		objects: these(r.back, r.circle, r.dot, r.label.line, r.words),
		layout:  r.layout,
		min:     func() fyne.Size { return fyne.NewSize(120, r.heightFor(max(r.Size().Width, 120))) },
		refresh: func() { r.paint(); r.layout(r.Size()); canvas.Refresh(r) },
	}
}

func (r *choiceRow) paint() {
	chosen := r.choice.value == r.option.Value
	fill, edge := theme.Panel, theme.Faint
	if r.hovered {
		fill = theme.Hover
	}
	if chosen {
		edge = theme.Accent
	}
	r.back.FillColor = theme.Color(fill)
	ring(r.back, r.focused, theme.Link)
	r.circle.FillColor = theme.Color(theme.Field)
	r.circle.StrokeColor, r.circle.StrokeWidth = theme.Color(edge), theme.RingWidth
	r.dot.FillColor = theme.Color(theme.Accent)
	r.dot.Hidden = !chosen
	r.label.ink(theme.Ink)
}

func (r *choiceRow) layout(size fyne.Size) {
	const inner = float32(8) // the dot in the circle
	place(r.back, 0, 0, size.Width, size.Height)
	y := choicePad + (theme.LineHeight-choiceMark)/2
	place(r.circle, choiceMargin, y, choiceMark, choiceMark)
	in := (choiceMark - inner) / 2
	place(r.dot, choiceMargin+in, y+in, inner, inner)
	x := choiceMargin + choiceText
	w := size.Width - x - choiceMargin
	r.label.place(x, choicePad, theme.LineHeight, w)
	if r.option.Words != "" {
		place(r.words, x, choicePad+theme.LineHeight, w, r.words.HeightFor(w))
	}
}
