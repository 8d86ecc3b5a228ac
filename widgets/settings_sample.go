package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// Sample shows how messages look: two bubbles on the ground of a chat, one that came
// and one's own answer.
type Sample struct {
	widget.BaseWidget
	ground, in, out *canvas.Rectangle
	said, answer    *Paragraph
}

const (
	samplePad = float32(14) // around the bubbles
	sampleIn  = float32(11) // within one
)

// NewSample makes a sample of two messages.
func NewSample(said, answer string) *Sample {
	s := &Sample{
		ground: box(theme.RadiusRow), in: box(theme.RadiusBubble), out: box(theme.RadiusBubble),
		said:   NewParagraph(said, theme.Ink, theme.TextSize, fyne.TextAlignLeading),
		answer: NewParagraph(answer, theme.Ink, theme.TextSize, fyne.TextAlignLeading),
	}
	s.ExtendBaseWidget(s)
	return s
}

// room is how wide the words of a bubble may be.
func (s *Sample) room(width float32) float32 {
	return (width-2*samplePad)*theme.BubbleMaxShare - 2*sampleIn
}

// HeightFor is how tall the sample is at a width.
func (s *Sample) HeightFor(width float32) float32 {
	room := s.room(width)
	return s.said.HeightFor(room) + s.answer.HeightFor(room) + 2*samplePad + 4*8 + 6
}

// CreateRenderer implements fyne.Widget.
func (s *Sample) CreateRenderer() fyne.WidgetRenderer {
	paint := func() {
		s.ground.FillColor = theme.Color(theme.Canvas)
		s.in.FillColor = theme.Color(theme.BubbleIn)
		s.out.FillColor = theme.Color(theme.BubbleOut)
	}
	layout := func(size fyne.Size) {
		place(s.ground, 0, 0, size.Width, size.Height)
		room := s.room(size.Width)
		y := samplePad
		bubble := func(back *canvas.Rectangle, words *Paragraph, right bool) {
			w, h := min(newLabelWidth(words.words), room), words.HeightFor(room)
			x := samplePad
			if right {
				x = size.Width - samplePad - w - 2*sampleIn
			}
			place(back, x, y, w+2*sampleIn, h+16)
			place(words, x+sampleIn, y+8, room, h)
			y += h + 16 + 6
		}
		bubble(s.in, s.said, false)
		bubble(s.out, s.answer, true)
	}
	paint()
	return &flat{
		objects: these(s.ground, s.in, s.out, s.said, s.answer),
		layout:  layout,
		min:     func() fyne.Size { return fyne.NewSize(160, s.HeightFor(max(s.Size().Width, 160))) },
		refresh: func() { paint(); s.said.Refresh(); s.answer.Refresh(); layout(s.Size()); canvas.Refresh(s) },
	}
}

// newLabelWidth is how wide a text is in one line of the size of messages.
func newLabelWidth(words string) float32 {
	l := newLabel(theme.TextSize, false)
	l.set(words)
	return l.width() + 1
}
