package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// ClosedBar stands where the composer would be in a conversation that nothing
// can be written in, and says why.
type ClosedBar struct {
	widget.BaseWidget
	back  *canvas.Rectangle
	line  *canvas.Rectangle
	words *Paragraph
}

const (
	closedPadX = float32(24)
	closedPadY = float32(18)
)

// NewClosedBar makes a bar without words.
func NewClosedBar() *ClosedBar {
	b := &ClosedBar{
		back:  box(0),
		line:  box(0),
		words: NewParagraph("", theme.Ink2, theme.SecondarySize, fyne.TextAlignCenter),
	}
	b.ExtendBaseWidget(b)
	return b
}

// SetWords sets the reason.
func (b *ClosedBar) SetWords(words string) { b.words.SetText(words) }

// HeightFor is how tall the bar is at a width, at which the reason may wrap.
func (b *ClosedBar) HeightFor(width float32) float32 {
	return b.words.HeightFor(max(width-2*closedPadX, 80)) + 2*closedPadY
}

// CreateRenderer implements fyne.Widget.
func (b *ClosedBar) CreateRenderer() fyne.WidgetRenderer {
	b.paint()
	return &flat{
		objects: these(b.back, b.line, b.words),
		layout:  b.layout,
		min:     func() fyne.Size { return fyne.NewSize(200, b.HeightFor(max(b.Size().Width, 200))) },
		refresh: func() { b.paint(); b.layout(b.Size()); b.words.Refresh(); canvas.Refresh(b) },
	}
}

func (b *ClosedBar) paint() {
	b.back.FillColor = theme.Color(theme.Panel)
	b.line.FillColor = theme.Color(theme.Line)
}

func (b *ClosedBar) layout(size fyne.Size) {
	place(b.back, 0, 0, size.Width, size.Height)
	place(b.line, 0, 0, size.Width, theme.LineThickness)
	w := max(size.Width-2*closedPadX, 80)
	place(b.words, closedPadX, closedPadY, w, b.words.HeightFor(w))
}
