package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// Fact is a line that says one thing of something: what at the left, how much or
// when at the right of that, where it may wrap.
type Fact struct {
	widget.BaseWidget
	label *label
	value *Paragraph
}

// factLabel is how wide what the fact is about is, factPad free above and below.
const (
	factLabel = float32(104)
	factPad   = float32(4)
)

// NewFact makes a line.
func NewFact(label, value string) *Fact {
	f := &Fact{label: newLabel(theme.SecondarySize, false), value: NewParagraph(value, theme.Ink, theme.TextSize, fyne.TextAlignLeading)}
	f.label.set(label)
	f.ExtendBaseWidget(f)
	return f
}

// HeightFor is how tall the line is at a width.
func (f *Fact) HeightFor(width float32) float32 {
	return max(f.value.HeightFor(width-factLabel), theme.LineHeight) + 2*factPad
}

// CreateRenderer implements fyne.Widget.
func (f *Fact) CreateRenderer() fyne.WidgetRenderer {
	layout := func(size fyne.Size) {
		f.label.place(0, factPad, theme.LineHeight, factLabel-8)
		place(f.value, factLabel, factPad, size.Width-factLabel, size.Height-2*factPad)
	}
	f.label.ink(theme.Ink2)
	return &flat{
		objects: these(f.label.line, f.value),
		layout:  layout,
		min:     func() fyne.Size { return fyne.NewSize(200, f.HeightFor(max(f.Size().Width, 200))) },
		refresh: func() { f.label.ink(theme.Ink2); layout(f.Size()); canvas.Refresh(f) },
	}
}
