package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// Stepper shows a value between two buttons for less and more.
type Stepper struct {
	widget.BaseWidget
	less, more *IconButton
	back       *canvas.Rectangle
	words      *label
	widest     float32
}

const stepperPad = float32(6)

// NewStepper makes a stepper. The labels say in words what the buttons do; step is told
// -1 or +1. widest is the longest value there is, for which there is always room.
func NewStepper(value, widest, lessLabel, moreLabel string, step func(by int)) *Stepper {
	s := &Stepper{back: box(theme.RadiusButton), words: newLabel(theme.SecondarySize, true)}
	s.less = NewIconButton("minus", lessLabel, func() { step(-1) })
	s.more = NewIconButton("plus", moreLabel, func() { step(+1) })
	s.words.set(widest)
	s.widest = s.words.width()
	s.words.set(value)
	s.ExtendBaseWidget(s)
	return s
}

// Value returns what is shown.
func (s *Stepper) Value() string { return s.words.full }

// Set shows a value; first and last disable the button that leads no further.
func (s *Stepper) Set(value string, first, last bool) {
	s.words.set(value)
	for b, off := range map[*IconButton]bool{s.less: first, s.more: last} {
		if off {
			b.Disable()
		} else {
			b.Enable()
		}
	}
	s.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (s *Stepper) CreateRenderer() fyne.WidgetRenderer {
	const side = theme.IconButtonSize
	paint := func() {
		s.back.FillColor = theme.Color(theme.Field)
		s.words.ink(theme.Ink)
	}
	layout := func(size fyne.Size) {
		place(s.back, 0, 0, size.Width, size.Height)
		place(s.less, 0, 0, side, size.Height)
		place(s.more, size.Width-side, 0, side, size.Height)
		s.words.placeCentred(side+stepperPad, 0, size.Height, size.Width-2*side-2*stepperPad)
	}
	paint()
	return &flat{
		objects: these(s.back, s.words.line, s.less, s.more),
		layout:  layout,
		min: func() fyne.Size {
			return fyne.NewSize(s.widest+2*side+2*stepperPad+2, theme.SmallButtonHeight)
		},
		refresh: func() { paint(); s.less.Refresh(); s.more.Refresh(); layout(s.Size()); canvas.Refresh(s) },
	}
}
