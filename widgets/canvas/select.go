package canvas

import (
	"fyne.io/fyne/v2"

	"magpie/im"
)

// selection is a stretch of text of one message.
type selection struct {
	entry *entry
	// from is where it was begun and to where it has come: bytes of the text as
	// it is drawn.
	from, to int
}

func (s selection) bounds() (a, b int) { return min(s.from, s.to), max(s.from, s.to) }

func (s selection) text() string {
	a, b := s.bounds()
	if s.entry == nil || s.entry.layout == nil || a == b {
		return ""
	}
	t := s.entry.layout.text.Text
	return t[min(a, len(t)):min(b, len(t))]
}

// mark changes what is selected, and draws it.
func (c *Canvas) mark(s selection) {
	if c.marked == s {
		return
	}
	height := c.Size().Height
	for _, e := range [...]*entry{c.marked.entry, s.entry} {
		if e != nil && e.row != nil {
			e.row.stale = true
		}
	}
	c.marked = s
	for _, r := range c.shown {
		if r.stale && r.entry.layout != nil {
			r.bind(c, r.entry, r.y, height)
		}
	}
	c.refreshAll()
}

// placeIn returns the place in the text of a row that is nearest to a point of
// the canvas.
func (c *Canvas) placeIn(r *row, p fyne.Position) int {
	l := r.layout
	y := p.Y - r.y
	if y < l.textY {
		return 0
	}
	if y >= l.textBottom()+bubblePadY {
		return len(l.text.Text)
	}
	i := l.lineAt(y)
	return c.face().text.Offset(&l.text, i, p.X-l.lineX(i))
}

// beginSelection starts selecting at a point in the text of a row; a second click
// takes the word, a third the whole message.
func (c *Canvas) beginSelection(r *row, p fyne.Position, clicks int) {
	at := c.placeIn(r, p)
	s := selection{entry: r.entry, from: at, to: at}
	switch {
	case clicks == 2:
		if piece, ok := c.pieceAt(r, p); ok && r.layout.run(piece).Kind == im.RunEmoji {
			at = piece.Start // whichever half of it was clicked
		}
		s.from, s.to = r.layout.text.Word(at)
	case clicks > 2:
		s.from, s.to = 0, len(r.layout.text.Text)
	}
	c.mark(s)
}

// dragSelection goes on selecting to a point.
func (c *Canvas) dragSelection(p fyne.Position) {
	e := c.marked.entry
	if e == nil || e.row == nil || e.layout == nil {
		return
	}
	s := c.marked
	s.to = c.placeIn(e.row, p)
	c.mark(s)
}

// selectAll takes the whole of the message in which something is selected.
func (c *Canvas) selectAll() {
	if e := c.marked.entry; e != nil && e.layout != nil {
		c.mark(selection{entry: e, to: len(e.layout.text.Text)})
	}
}

// copySelected hands out what is selected.
func (c *Canvas) copySelected() {
	t := c.Selected()
	switch {
	case t == "":
	case c.intents.OnCopy != nil:
		c.intents.OnCopy(t)
	default:
		fyne.CurrentApp().Clipboard().SetContent(t)
	}
}
