package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/picture"
	"magpie/widgets/textlayout"
	"magpie/widgets/theme"
)

// Paragraph is text that wraps, in one colour and size.
type Paragraph struct {
	widget.BaseWidget
	words  string
	colour fyne.ThemeColorName
	size   float32
	bold   bool
	align  fyne.TextAlign
	face   *textlayout.Face
	lines  []*canvas.Text
	emoji  map[int]*inlineLabel // the lines that have any
	laid   textlayout.Layout
	width  float32 // what laid was made for
}

// NewParagraph makes a text in the colour of a token.
func NewParagraph(words string, colour fyne.ThemeColorName, size float32, align fyne.TextAlign) *Paragraph {
	p := &Paragraph{words: textlayout.Clean(words), colour: colour, size: size, align: align, face: newFace(size, false)}
	p.ExtendBaseWidget(p)
	return p
}

// NewHeading makes a bold text in the colour of text.
func NewHeading(words string, size float32, align fyne.TextAlign) *Paragraph {
	p := &Paragraph{words: textlayout.Clean(words), colour: theme.Ink, size: size, bold: true, align: align, face: newFace(size, true)}
	p.ExtendBaseWidget(p)
	return p
}

// SetText changes the words.
func (p *Paragraph) SetText(words string) {
	if words = textlayout.Clean(words); p.words != words {
		p.words, p.width = words, 0
		p.Refresh()
	}
}

// lineHeight is that of the pictures: 20 for 14 and 13, 16 for 12.
func (p *Paragraph) lineHeight() float32 {
	switch {
	case p.size <= theme.MetaSize:
		return 18
	case p.size <= theme.TitleSize:
		return theme.LineHeight
	}
	return round(p.size * 1.4)
}

// Resize lays the text out for the width, which decides the height.
func (p *Paragraph) Resize(size fyne.Size) {
	p.lay(size.Width)
	p.BaseWidget.Resize(size)
}

// HeightFor returns how tall the text is when it wraps at width.
func (p *Paragraph) HeightFor(width float32) float32 {
	p.lay(width)
	return float32(len(p.laid.Lines)) * p.lineHeight()
}

func (p *Paragraph) lay(width float32) {
	if width <= 0 || p.width == width {
		return
	}
	p.width = width
	p.laid = p.face.Layout(p.words, width)
	for len(p.lines) < len(p.laid.Lines) {
		t := canvas.NewText("", theme.Color(p.colour))
		t.TextSize, t.TextStyle.Bold = p.size, p.bold
		p.lines = append(p.lines, t)
	}
}

// CreateRenderer implements fyne.Widget.
func (p *Paragraph) CreateRenderer() fyne.WidgetRenderer {
	return &flat{
		objects: func() []fyne.CanvasObject {
			var all []fyne.CanvasObject
			for i, t := range p.lines[:min(len(p.laid.Lines), len(p.lines))] {
				if l := p.emoji[i]; l != nil {
					all = append(all, l.shown...)
				} else {
					all = append(all, t)
				}
			}
			return all
		},
		layout: func(fyne.Size) { p.draw() },
		min: func() fyne.Size {
			rows := max(len(p.laid.Lines), 1)
			return fyne.NewSize(1, float32(rows)*p.lineHeight())
		},
		refresh: func() { p.lay(p.Size().Width); p.draw(); canvas.Refresh(p) },
	}
}

func (p *Paragraph) draw() {
	colour := theme.Color(p.colour)
	for i, l := range p.laid.Lines {
		t, words := p.lines[i], p.laid.Text[l.Start:l.Visible]
		x := float32(0)
		switch p.align {
		case fyne.TextAlignCenter:
			x = (p.width - l.Width) / 2
		case fyne.TextAlignTrailing:
			x = p.width - l.Width
		}
		y := float32(i) * p.lineHeight()
		if picture.HasEmoji(words) {
			line := p.emoji[i]
			if line == nil {
				line = newInlineLabel(p.face, &emojiPictures, p.size, p.bold)
				if p.emoji == nil {
					p.emoji = map[int]*inlineLabel{}
				}
				p.emoji[i] = line
			}
			line.set(words)
			line.ink(p.colour)
			line.place(p, x, y, p.lineHeight(), l.Width+1)
			continue
		}
		delete(p.emoji, i)
		t.Color = colour
		theme.SetText(t, words)
		placeLine(t, x, y, p.lineHeight())
	}
}
