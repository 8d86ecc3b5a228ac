package canvas

import (
	"cmp"
	"math"

	"fyne.io/fyne/v2"

	"magpie/widgets/textlayout"
	"magpie/widgets/theme"
)

// spot is a place within what a message says: at bytes into its text as it is
// drawn. A message without text is one step long: 0 is before it, 1 behind it.
type spot struct {
	Cursor
	at int
}

func (s spot) compare(t spot) int { return cmp.Or(s.Compare(t.Cursor), cmp.Compare(s.at, t.at)) }

// selection is everything between two spots of the conversation. It names messages
// by their places, so that it means the same whatever is loaded, drawn or put in
// between. The zero selection is none; one that is empty all the same is where a
// person has clicked, and where Shift goes on from.
type selection struct {
	// from is where it was begun and to where it has come.
	from, to spot
}

func (s selection) none() bool  { return s.from.Key == "" }
func (s selection) empty() bool { return s.none() || s.from == s.to }

// within reports whether it lies in a single message.
func (s selection) within() bool { return s.from.Cursor == s.to.Cursor }

func (s selection) ends() (lo, hi spot) {
	if s.from.compare(s.to) > 0 {
		return s.to, s.from
	}
	return s.from, s.to
}

// of returns what is selected of the message at a place, from a to b, where b may
// be beyond its end; a == b for nothing.
func (s selection) of(at Cursor) (a, b int) {
	if s.empty() {
		return 0, 0
	}
	lo, hi := s.ends()
	first, last := at.Compare(lo.Cursor), at.Compare(hi.Cursor)
	if first < 0 || last > 0 {
		return 0, 0
	}
	b = math.MaxInt
	if first == 0 {
		a = lo.at
	}
	if last == 0 {
		b = hi.at
	}
	return a, max(a, b)
}

// selectable reports whether an item is part of a selection that goes over it:
// what somebody said, and cards.
func (it *Item) selectable() bool { return it.Kind != KindNotice && it.Kind != KindHole }

// textual reports whether the text of an item can be selected letter by letter.
func (it *Item) textual() bool {
	return it.Kind == KindText || it.Kind == KindOther || it.Kind == KindCard
}

// steps is how long an item is for a spot.
func (it *Item) steps() int {
	if it.textual() {
		return len(textlayout.Clean(it.Text))
	}
	return 1
}

// mark changes what is selected, and draws the rows of which another part is.
func (c *Canvas) mark(s selection) {
	old := c.marked
	if old == s {
		return
	}
	c.marked = s
	if s.empty() {
		c.kept = nil
	}
	height, changed := c.Size().Height, false
	for _, r := range c.shown {
		a, b := old.of(r.entry.Cursor())
		if x, y := s.of(r.entry.Cursor()); (x != a || y != b) && r.entry.layout != nil {
			r.bind(c, r.entry, r.y, height)
			changed = true
		}
	}
	if changed {
		c.refreshAll()
	}
}

// spotAt returns the spot nearest to a point of the canvas; false if nothing is on
// the screen.
func (c *Canvas) spotAt(p fyne.Position) (spot, *row, bool) {
	if len(c.shown) == 0 {
		return spot{}, nil, false
	}
	r := c.shown[0]
	for _, o := range c.shown[1:] {
		if p.Y < o.y {
			break
		}
		r = o
	}
	return r.spot(c.placeIn(r, p)), r, true
}

// spot returns the one at a place of its entry.
func (r *row) spot(at int) spot {
	s := spot{r.entry.Cursor(), at}
	if r.entry.Kind == KindHole && at > 0 { // behind all that will stand in its place
		s.Sequence, s.Order = r.entry.Until, math.MaxUint64
	}
	return s
}

// placeIn returns the place in what a row says that is nearest to a point of the
// canvas.
func (c *Canvas) placeIn(r *row, p fyne.Position) int {
	l := r.layout
	y := p.Y - r.y
	if !r.entry.textual() {
		if y < (l.bodyTop()+l.body)/2 {
			return 0
		}
		return 1
	}
	if y < l.textY {
		return 0
	}
	if y >= l.textBottom()+bubblePadY {
		return len(l.text.Text)
	}
	i := l.lineAt(y)
	return c.face().text.Offset(&l.text, i, p.X-l.lineX(i))
}

// unit is what a selection grows by.
type unit uint8

const (
	byCharacter unit = iota
	byWord
	byParagraph
	byMessage
)

// unitAt returns the unit at a point of the canvas.
func (c *Canvas) unitAt(p fyne.Position, u unit) (from, to spot, ok bool) {
	s, r, ok := c.spotAt(p)
	if !ok || u == byCharacter {
		return s, s, ok
	}
	if !r.entry.textual() {
		return r.spot(0), r.spot(1), true
	}
	t := &r.layout.text
	a, b := 0, len(t.Text)
	i := r.layout.lineAt(p.Y - r.y)
	under := c.face().text.Under(t, i, p.X-r.layout.lineX(i))
	switch u {
	case byWord:
		a, b = t.Word(under)
	case byParagraph:
		a, b = t.Paragraph(under)
	}
	return r.spot(a), r.spot(b), true
}

// reselect keeps what is selected true when an item is about to be put: its ends
// move with a message that gets another place, and what has another text now is
// selected as a whole or, if nothing else was, not any more.
func (c *Canvas) reselect(it *Item) {
	if _, ok := c.kept[it.Key]; ok {
		c.kept[it.Key] = *it
	}
	o := &c.pointer.origin
	ends := [...]*spot{&c.marked.from, &c.marked.to, &o[0], &o[1]}
	e := c.window.byKey[it.Key]
	other := e != nil && (e.Text != it.Text || e.Kind != it.Kind)
	if other && c.marked.from.Key == it.Key && c.marked.within() {
		c.deselect()
		return
	}
	lo, hi := c.marked.ends()
	for _, s := range ends {
		if s.Key != it.Key {
			continue
		}
		switch {
		case other && *s == lo:
			s.at = 0
		case other && *s == hi:
			s.at = it.steps()
		case other:
			s.at = min(s.at, it.steps())
		}
		if it.Kind != KindHole {
			s.Cursor = it.Cursor()
		}
		c.staleRows()
	}
}

// unselect is reselect for an item that is gone.
func (c *Canvas) unselect(k Key) {
	delete(c.kept, k)
	if c.marked.from.Key == k && c.marked.within() {
		c.deselect()
	}
}

// deselect is [Canvas.ClearSelection] where rows are about to be drawn again; it
// ends a drag too.
func (c *Canvas) deselect() {
	c.marked, c.kept = selection{}, nil
	if c.pointer.mode == dragText {
		c.pointer.mode = dragNothing
	}
	c.staleRows()
}

func (c *Canvas) staleRows() {
	for _, r := range c.shown {
		r.stale = true
	}
}

// keep remembers what is selected of an entry that is being let go, for a copy.
func (c *Canvas) keep(e *entry) {
	if a, b := c.marked.of(e.Cursor()); a == b || !e.selectable() {
		return
	}
	if c.kept == nil {
		c.kept = make(map[Key]Item)
	}
	c.kept[e.Key] = e.Item
}

// marked draws what is selected of a text, behind it.
func (r *row) marked(c *Canvas, e *entry, l *rowLayout) {
	a, b := c.marked.of(e.Cursor())
	if a == b {
		return
	}
	ground := theme.Color(theme.TextMark)
	var spans [8]textlayout.Span
	for i := r.from; i < r.to; i++ {
		if ln := &l.text.Lines[i]; ln.End <= a || ln.Start >= b {
			continue
		}
		x := l.lineX(i)
		for _, s := range c.face().text.Spans(&l.text, i, a, b, spans[:0]) {
			r.rect(area{c.snap(x + s.X), l.textY + float32(i)*l.line, c.snapUp(s.Width), l.line}, ground, 2)
		}
	}
}

// veil shows over what has no text that it is selected.
func (r *row) veil(c *Canvas, e *entry, l *rowLayout) {
	if c.marked.empty() || e.textual() || !e.selectable() {
		return
	}
	if a, b := c.marked.of(e.Cursor()); a == b || a > 0 || b < 1 {
		return
	}
	over := l.bubble
	switch {
	case l.photo != nil:
		over = l.photo.area
	case l.sticker.w > 0:
		over = l.sticker
	}
	r.rect(over, theme.Color(theme.TextMark), theme.RadiusBubble)
}
