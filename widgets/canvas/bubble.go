package canvas

import (
	"magpie/widgets/textlayout"
	"magpie/widgets/theme"
)

// bubbleOf lays out a bubble at y and returns its lower edge.
func (c *Canvas) bubbleOf(l *rowLayout, e *entry, y, width float32) float32 {
	f := c.face()
	m := marginX(width)
	left, limit := c.side(e, width)
	limit = max(limit-2*bubblePadX, 3*theme.TextSize)
	l.bubble = area{x: left, y: y}
	textY := y + bubblePadY
	if e.look.name {
		c.nameOf(l, e, textY, limit)
		textY += nameHeight
	}
	textY += c.quoteOf(l, e, left+bubblePadX, textY, limit)
	nameW := l.name.w
	if l.quote != nil {
		nameW = max(nameW, l.quote.w)
	}
	c.layText(l, e, limit)
	last := l.text.Lines[len(l.text.Lines)-1]
	lastY := textY + float32(len(l.text.Lines)-1)*l.line

	metaW := c.measureMeta(l, e)
	inner := max(l.text.Width, nameW)
	bottom := lastY + l.line
	metaY := bottom - theme.LineHeight + (theme.LineHeight-f.text.height)/2 + f.text.base - f.meta.base + 1
	if last.Width+metaGap+metaW <= limit {
		inner = max(inner, last.Width+metaGap+metaW)
	} else {
		inner = max(inner, metaW)
		metaY += smallLine
		bottom += smallLine
	}
	l.inner = c.snapUp(inner)
	l.bubble.w = l.inner + 2*bubblePadX
	l.bubble.h = c.snap(bottom+bubblePadY) - c.snap(y)
	if e.Own {
		l.bubble.x = c.snap(width-m) - l.bubble.w
	}
	l.bubble.x, l.bubble.y = c.snap(l.bubble.x), c.snap(y)
	l.textX, l.textY = l.bubble.x+bubblePadX, textY
	l.name.x = l.textX
	l.moveQuote(l.textX)

	right := l.textX + l.inner
	if last.RTL { // the time goes where the last line ends
		right = l.textX + metaW
	}
	c.placeMeta(l, right-metaW, metaY)
	c.placeAvatar(l, e, c.leading(width), l.bubble.y+l.bubble.h)
	return y + l.bubble.h
}

// side returns where what a sender says begins, and how wide it may be.
func (c *Canvas) side(e *entry, width float32) (left, limit float32) {
	m := marginX(width)
	left = c.leading(width)
	limit = min((width-left-m)*theme.BubbleMaxShare, theme.BubbleMaxWidth)
	if !e.Own && e.Sender.Color != nil {
		left += avatarSpace
		limit -= avatarSpace
	}
	return left, limit
}

// fixedBubble puts a bubble at y that is as wide inside as what is in it, or as
// there is room: a button and a bar cannot be broken like text. It returns how wide
// that is; its height is set later.
func (c *Canvas) fixedBubble(l *rowLayout, e *entry, y, width, want float32) (inner float32) {
	left, _ := c.side(e, width)
	m := marginX(width)
	inner = c.snap(max(min(want, width-m-left-2*bubblePadX), 3*theme.TextSize))
	l.bubble = area{x: c.snap(left), y: c.snap(y), w: inner + 2*bubblePadX}
	if e.Own {
		l.bubble.x = c.snap(width-m) - l.bubble.w
	}
	return inner
}

// nameOf lays out the name of the sender above what was said; its x is set later.
func (c *Canvas) nameOf(l *rowLayout, e *entry, y, limit float32) {
	f := &c.face().name
	l.name.text, l.name.w = f.Fit(textlayout.Clean(e.Sender.Name), limit)
	l.name.y = c.centred(f, y, theme.LineHeight)
}

// measureMeta works out what stands at the end of a bubble or under a sticker, and
// returns how wide it is.
func (c *Canvas) measureMeta(l *rowLayout, e *entry) float32 {
	l.meta.text, l.mark = c.metaOf(e)
	l.meta.w = c.face().meta.Width(l.meta.text)
	if l.mark == noMark {
		return l.meta.w
	}
	return l.meta.w + l.mark.width() + theme.Grid
}

// placeMeta puts what measureMeta made at a place.
func (c *Canvas) placeMeta(l *rowLayout, x, y float32) {
	l.meta.x, l.meta.y = c.snap(x), c.snap(y)
	// Checks follow the time, the clock goes before its word.
	markMid := l.meta.y + c.face().meta.base - 4.5
	if l.mark == clock {
		l.markX = l.meta.x
		l.meta.x = c.snap(l.meta.x + l.mark.width() + theme.Grid)
	} else {
		l.markX = c.snap(l.meta.x + l.meta.w + theme.Grid)
	}
	l.markY = c.snap(markMid)
}

// metaLeft is the left edge of what placeMeta has put.
func (l *rowLayout) metaLeft() float32 {
	if l.mark == clock {
		return l.markX
	}
	return l.meta.x
}

// placeAvatar puts the avatar, if the entry shows it, at the margin with its
// lower edge at edge.
func (c *Canvas) placeAvatar(l *rowLayout, e *entry, x, edge float32) {
	if e.look.avatar {
		c.avatarAt(l, e, x, edge-theme.AvatarSmall)
	}
}

func (c *Canvas) avatarAt(l *rowLayout, e *entry, x, y float32) {
	f := c.face()
	l.avatar = area{c.snap(x), c.snap(y), theme.AvatarSmall, theme.AvatarSmall}
	t := textlayout.Clean(e.Sender.Initial)
	w := f.initial.Width(t)
	l.initial = label{text: t, w: w, x: c.snap(l.avatar.x + (theme.AvatarSmall-w)/2), y: c.centred(&f.initial, l.avatar.y-1, theme.AvatarSmall)}
}

// metaOf returns what stands at the end of a bubble.
func (c *Canvas) metaOf(e *entry) (string, mark) {
	if !e.Own {
		return c.words.Clock(e.Time), noMark
	}
	switch e.State {
	case StateWaiting:
		return c.words.Waiting, clock
	case StateFailed:
		return "! " + c.words.Failed, noMark
	case StateSending:
		return c.words.Clock(e.Time), noMark
	case StateRead:
		return c.words.Clock(e.Time), twoChecks
	}
	return c.words.Clock(e.Time), oneCheck
}

// failureOf lays out the line under a failed message, at the right margin, and
// returns its lower edge.
func (c *Canvas) failureOf(l *rowLayout, e *entry, y, width float32) float32 {
	f := &c.face().small
	m := marginX(width)
	say := c.words.NotSent
	if e.Reason != "" {
		say = c.words.NotSentBecause(e.Reason)
	}
	const dot = " · "
	dotW := f.Width(dot)
	resendText, resendW := f.Fit(c.words.Resend, width-2*m)
	lay := f.Layout(say, width-2*m)
	right := c.snap(width - m)
	for i, ln := range lay.Lines {
		text, w := lay.Text[ln.Start:ln.Visible], ln.Width
		at := right
		if i == len(lay.Lines)-1 {
			if w+dotW+resendW <= width-2*m {
				at -= resendW
				text, w = text+dot, w+dotW
			} else {
				l.failure = append(l.failure, label{text: text, x: c.snap(at - w), y: c.centred(f, y, smallLine), w: w})
				y += smallLine
				text, w = "", 0
				at -= resendW
			}
			l.resend = label{text: resendText, x: c.snap(at), y: c.centred(f, y, smallLine), w: resendW}
		}
		if text != "" {
			l.failure = append(l.failure, label{text: text, x: c.snap(at - w), y: c.centred(f, y, smallLine), w: w})
		}
		y += smallLine
	}
	return y
}
