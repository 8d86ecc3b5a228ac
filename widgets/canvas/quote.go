package canvas

import (
	"magpie/widgets/textlayout"
	"magpie/widgets/theme"
)

// Sizes of a quote, from the picture of the composer.
const (
	quoteBar    = 3
	quoteIndent = 10 // of its text, the bar included
	quoteGap    = 6  // below it
	quoteHeight = theme.LineHeight + smallLine
	quoteLeast  = 120 // it is not narrower than this for the sake of a short answer
)

// Quote is what another message said, shown above the one that answers it. It is
// never changed once handed in.
type Quote struct {
	// Sequence is where that message is, 0 where nobody knows.
	Sequence uint64
	// Name is who said it, Text what, on one line.
	Name, Text string
}

// quoteLayout is where the parts of a quote are. It may be clicked anywhere.
type quoteLayout struct {
	area
	ground     area // w is 0 where a bubble is the ground
	name, text label
}

// quoteOf lays out the quote of an entry at y, for text from x on, and returns the
// room it takes: none without one.
func (c *Canvas) quoteOf(l *rowLayout, e *entry, x, y, limit float32) float32 {
	if e.Quote == nil {
		return 0
	}
	f := c.face()
	q := &quoteLayout{area: area{x: c.snap(x), y: c.snap(y), h: quoteHeight}}
	l.quote = q
	limit -= quoteIndent
	q.name.text, q.name.w = f.name.Fit(textlayout.Clean(e.Quote.Name), limit)
	q.text.text, q.text.w = f.small.Fit(textlayout.Clean(e.Quote.Text), limit)
	q.w = c.snapUp(quoteIndent + max(q.name.w, q.text.w, min(quoteLeast, limit)))
	q.name.x, q.name.y = q.x+quoteIndent, c.centred(&f.name, q.y, theme.LineHeight)
	q.text.x, q.text.y = q.x+quoteIndent, c.centred(&f.small, q.y+theme.LineHeight, smallLine)
	return quoteHeight + quoteGap
}

// moveQuote moves a quote sideways.
func (l *rowLayout) moveQuote(x float32) {
	if q := l.quote; q != nil {
		d := x - q.x
		q.x, q.name.x, q.text.x = x, q.name.x+d, q.text.x+d
	}
}

// quoteAlone lays out the quote above what has no bubble and is w wide, in one of
// its own, and returns the room it takes.
func (c *Canvas) quoteAlone(l *rowLayout, e *entry, y, width, w float32) float32 {
	if e.Quote == nil {
		return 0
	}
	left, limit := c.side(e, width)
	limit = min(limit, max(w, quoteLeast+quoteIndent+2*bubblePadX))
	c.quoteOf(l, e, left+bubblePadX, y+bubblePadY, max(limit-2*bubblePadX, 3*theme.TextSize))
	q := l.quote
	q.ground = area{c.snap(left), c.snap(y), q.w + 2*bubblePadX, quoteHeight + 2*bubblePadY}
	if e.Own {
		q.ground.x = c.snap(width-marginX(width)) - q.ground.w
	}
	l.moveQuote(q.ground.x + bubblePadX)
	return q.ground.h + theme.Grid
}

// quote draws a quote.
func (r *row) quote(e *entry, l *rowLayout, f *fonts) {
	q := l.quote
	if q == nil {
		return
	}
	if q.ground.w > 0 {
		r.plain(q.ground, theme.Color(bubbleFill(e)), theme.RadiusBubble)
	}
	r.rect(area{q.x, q.y, quoteBar, q.h}, theme.Color(theme.Accent), quoteBar/2)
	r.text(q.name, &f.name, theme.Color(theme.Link))
	r.text(q.text, &f.small, theme.Color(theme.Ink2))
}
