package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// NoteCard says one thing calmly in the middle of a plain ground: a title, a text,
// something below it, and what can be done about it. It takes the whole window, or
// the place of the messages.
type NoteCard struct {
	widget.BaseWidget
	ground, back *canvas.Rectangle
	title, words *Paragraph
	content      fyne.CanvasObject // may be nil
	buttons      []*Button
	body         *container.Scroll
	inner        *noteInner
}

// Measures of the card, from the pictures.
const (
	noteWidth  = float32(460)
	notePad    = float32(26)
	noteRadius = float32(18)
)

// NewNoteCard makes a card. The buttons stand side by side in the middle, the one to
// press first.
func NewNoteCard(title, words string, content fyne.CanvasObject, buttons ...*Button) *NoteCard {
	c := &NoteCard{
		ground:  box(0),
		back:    box(noteRadius),
		title:   NewHeading(title, theme.HeadingSize, fyne.TextAlignCenter),
		words:   NewParagraph(words, theme.Ink2, theme.TextSize, fyne.TextAlignCenter),
		content: content,
		buttons: buttons,
	}
	c.inner = &noteInner{card: c}
	c.inner.ExtendBaseWidget(c.inner)
	c.body = container.NewVScroll(c.inner)
	c.ExtendBaseWidget(c)
	return c
}

// SetWords changes the text.
func (c *NoteCard) SetWords(words string) {
	c.words.SetText(words)
	c.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (c *NoteCard) CreateRenderer() fyne.WidgetRenderer {
	c.paint()
	return &flat{
		objects: these(c.ground, c.back, c.body),
		layout:  c.layout,
		min:     fixed(280, 200),
		refresh: func() {
			c.paint()
			c.layout(c.Size())
			c.inner.Refresh()
			canvas.Refresh(c)
		},
	}
}

func (c *NoteCard) paint() {
	c.ground.FillColor = theme.Color(theme.Canvas)
	c.back.FillColor = theme.Color(theme.Panel)
}

func (c *NoteCard) layout(size fyne.Size) {
	const margin = float32(20)
	place(c.ground, 0, 0, size.Width, size.Height)
	w := min(noteWidth, size.Width-2*margin)
	h := min(c.inner.HeightFor(w-2*notePad)+2*notePad, size.Height-2*margin)
	x, y := (size.Width-w)/2, (size.Height-h)*0.42
	place(c.back, x, y, w, h)
	place(c.body, x+notePad-frameRoom, y+notePad-frameRoom, w-2*(notePad-frameRoom), h-2*(notePad-frameRoom))
}

// noteInner is what the card holds; it scrolls where the window is low.
type noteInner struct {
	widget.BaseWidget
	card *NoteCard
}

// HeightFor is how tall everything is at a width.
func (n *noteInner) HeightFor(width float32) float32 { return n.place(width, 0, false) }

// place puts everything into a width from x on, and returns how tall it is; with
// show false it only measures.
func (n *noteInner) place(width, x float32, show bool) float32 {
	c := n.card
	y := x // as much is free above as beside
	put := func(o fyne.CanvasObject, h float32) {
		if show {
			place(o, x, y, width, h)
		}
		y += h
	}
	put(c.title, c.title.HeightFor(width))
	if c.words.words != "" {
		y += 8
		put(c.words, c.words.HeightFor(width))
	}
	if c.content != nil && c.content.Visible() {
		y += 16
		put(c.content, heightFor(c.content, width))
	}
	if len(c.buttons) > 0 {
		y += 16
		y += n.placeButtons(width, x, y, show)
	}
	return y - x
}

// placeButtons puts the buttons beside each other in the middle, or below each other
// where they have no room.
func (n *noteInner) placeButtons(width, x, y float32, show bool) float32 {
	const gap = float32(8)
	total := -gap
	for _, b := range n.card.buttons {
		total += b.MinSize().Width + gap
	}
	if total > width {
		for i, b := range n.card.buttons {
			if show {
				place(b, x, y+float32(i)*(theme.ButtonHeight+gap), width, theme.ButtonHeight)
			}
		}
		return float32(len(n.card.buttons))*(theme.ButtonHeight+gap) - gap
	}
	left := x + (width-total)/2
	for _, b := range n.card.buttons {
		w := b.MinSize().Width
		if show {
			place(b, left, y, w, theme.ButtonHeight)
		}
		left += w + gap
	}
	return theme.ButtonHeight
}

func (n *noteInner) CreateRenderer() fyne.WidgetRenderer {
	c := n.card
	objects := []fyne.CanvasObject{c.title, c.words}
	if c.content != nil {
		objects = append(objects, c.content)
	}
	for _, b := range c.buttons {
		objects = append(objects, b)
	}
	layout := func(size fyne.Size) { n.place(size.Width-2*frameRoom, frameRoom, true) }
	return &flat{
		objects: these(objects...),
		layout:  layout,
		min: func() fyne.Size {
			return fyne.NewSize(120, n.HeightFor(max(n.Size().Width-2*frameRoom, 120))+2*frameRoom)
		},
		refresh: func() { layout(n.Size()); canvas.Refresh(n) },
	}
}
