package canvas

import (
	"magpie/widgets/textlayout"
	"magpie/widgets/theme"
)

// Sizes of messages that were sent on as one.
const (
	mergedWidth = 260 // within the bubble
	mergedLines = 4
	mergedGap   = 6 // on both sides of the line
)

// mergedLayout is where the parts of merged messages are, besides their title,
// which is the text of the bubble.
type mergedLayout struct {
	titles []label
	lines  []label
	rule   area
	foot   label
}

// mergedOf lays out merged messages at y and returns the lower edge.
func (c *Canvas) mergedOf(l *rowLayout, e *entry, y, width float32) float32 {
	f := c.face()
	o := &mergedLayout{}
	l.merged = o
	inner := c.fixedBubble(l, e, y, width, mergedWidth)
	x, top := l.bubble.x+bubblePadX, l.bubble.y+bubblePadY
	if e.look.name {
		c.nameOf(l, e, top, inner)
		l.name.x = x
		top += nameHeight
	}
	top += c.quoteOf(l, e, x, top, inner)
	top = c.snap(top)
	title := f.title.shorten(textlayout.Clean(e.Text), inner, 2)
	for _, ln := range title.Lines {
		o.titles = append(o.titles, label{text: title.Text[ln.Start:ln.Visible], x: c.startOf(x, inner, ln), y: c.centred(&f.title, top, theme.LineHeight), w: ln.Width})
		top += theme.LineHeight
	}
	for i, s := range e.Lines {
		if i == mergedLines {
			break
		}
		text, w := f.small.Fit(textlayout.Clean(s), inner)
		o.lines = append(o.lines, label{text: text, x: x, y: c.centred(&f.small, top, smallLine+2), w: w})
		top += smallLine + 2
	}
	o.rule = area{x, c.snap(top + mergedGap), inner, theme.LineThickness}
	top = o.rule.y + mergedGap
	metaW := c.measureMeta(l, e)
	c.placeMeta(l, x+inner-metaW, c.centred(&f.meta, top, smallLine))
	o.foot.text, o.foot.w = f.small.Fit(textlayout.Clean(e.Detail), max(l.metaLeft()-metaGap-x, theme.TextSize))
	o.foot.x, o.foot.y = x, c.centred(&f.small, top, smallLine)
	l.bubble.h = c.snap(top+smallLine+bubblePadY) - l.bubble.y
	c.placeAvatar(l, e, c.leading(width), l.bubble.y+l.bubble.h)
	return l.bubble.y + l.bubble.h
}

// startOf is where a line begins within a bubble whose inside begins at x.
func (c *Canvas) startOf(x, inner float32, ln textlayout.Line) float32 {
	if ln.RTL {
		x += inner - ln.Width
	}
	return c.snap(x)
}

// merged draws messages that were sent on as one.
func (r *row) merged(c *Canvas, e *entry, l *rowLayout) {
	f, o := c.face(), l.merged
	r.ground(e, l, f)
	for _, t := range o.titles {
		r.text(t, &f.title, theme.Color(theme.Ink))
	}
	for _, t := range o.lines {
		r.text(t, &f.small, theme.Color(theme.Ink2))
	}
	r.rect(o.rule, faint(theme.Color(theme.Meta)), 0)
	r.text(o.foot, &f.small, theme.Color(theme.Meta))
	r.meta(e, l, f)
	r.avatar(c, e, l)
	r.failure(l, f)
}
