package widgets

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// ChipChoice is a row of chips of which exactly one is chosen, with a label above.
type ChipChoice struct {
	widget.BaseWidget

	// OnChanged is told when a person chooses another one.
	OnChanged func(value string)

	value  string
	values []string
	words  *label
	rows   chipRows
}

// NewChipChoice makes the row with the option of the given value chosen. Of the
// options only value and label count.
func NewChipChoice(label, value string, options ...Option) *ChipChoice {
	c := &ChipChoice{value: value, words: newLabel(theme.MetaSize, false)}
	c.words.set(label)
	var chips []*Chip
	for i, o := range options {
		chip := NewChip(o.Label, func() { c.choose(o.Value) })
		chip.OnStep = func(by int) {
			next := min(max(i+by, 0), len(chips)-1)
			c.choose(c.values[next])
			chips[next].Focus()
		}
		chip.on = o.Value == value
		chips = append(chips, chip)
		c.values = append(c.values, o.Value)
	}
	c.rows = chipRows{[][]*Chip{chips}}
	c.ExtendBaseWidget(c)
	return c
}

// Value returns what is chosen.
func (c *ChipChoice) Value() string { return c.value }

func (c *ChipChoice) choose(value string) {
	if c.value == value {
		return
	}
	c.value = value
	at := slices.Index(c.values, value)
	for i, chip := range c.rows.groups[0] {
		chip.SetOn(i == at)
	}
	if c.OnChanged != nil {
		c.OnChanged(value)
	}
}

// HeightFor is how tall everything is at a width, at which chips may need more rows.
func (c *ChipChoice) HeightFor(width float32) float32 {
	return fieldLabelHeight + fieldLabelGap + c.rows.place(0, 0, width, false)
}

// CreateRenderer implements fyne.Widget.
func (c *ChipChoice) CreateRenderer() fyne.WidgetRenderer {
	layout := func(size fyne.Size) {
		c.words.place(0, 0, fieldLabelHeight, size.Width)
		c.rows.place(0, fieldLabelHeight+fieldLabelGap, size.Width, true)
	}
	c.words.ink(theme.Ink2)
	return &flat{
		objects: these(append([]fyne.CanvasObject{c.words.line}, c.rows.all()...)...),
		layout:  layout,
		min:     func() fyne.Size { return fyne.NewSize(160, c.HeightFor(max(c.Size().Width, 160))) },
		refresh: func() {
			c.words.ink(theme.Ink2)
			layout(c.Size())
			for _, chip := range c.rows.groups[0] {
				chip.Refresh()
			}
			canvas.Refresh(c)
		},
	}
}
