package canvas

import (
	"magpie/widgets/textlayout"
	"magpie/widgets/theme"
)

// bubbleOf lays out a bubble at y and returns its lower edge.
func (c *Canvas) bubbleOf(l *rowLayout, e *entry, y, width float32) float32 {
	f := c.face()
	m := marginX(width)
	limit := (width - 2*m) * theme.BubbleMaxShare
	left := m
	if !e.Own && e.Sender.Color != nil {
		left += avatarSpace
		limit -= avatarSpace
	}
	limit = max(limit-2*bubblePadX, 3*theme.TextSize)
	l.bubble = area{x: left, y: y}
	textY := y + bubblePadY
	var nameW float32
	if e.look.name {
		l.name.text, nameW = f.name.Fit(textlayout.Clean(e.Sender.Name), limit)
		l.name.w = nameW
		l.name.y = c.centred(&f.name, textY, theme.LineHeight)
		textY += nameHeight
	}
	l.text = f.text.Layout(e.Text, limit)
	last := l.text.Lines[len(l.text.Lines)-1]
	lastY := textY + float32(len(l.text.Lines)-1)*theme.LineHeight

	l.meta.text, l.mark = c.metaOf(e)
	l.meta.w = f.meta.Width(l.meta.text)
	metaW := l.meta.w
	if l.mark != noMark {
		metaW += l.mark.width() + theme.Grid
	}
	inner := max(l.text.Width, nameW)
	bottom := lastY + theme.LineHeight
	metaY := lastY + (theme.LineHeight-f.text.height)/2 + f.text.base - f.meta.base + 1
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

	l.meta.y = c.snap(metaY)
	right := l.textX + l.inner
	l.meta.x = c.snap(right - metaW)
	if last.RTL { // the time goes where the last line ends
		l.meta.x = l.textX
	}
	// Checks follow the time, the clock goes before its word.
	markMid := l.meta.y + f.meta.base - 4.5
	if l.mark == clock {
		l.markX = l.meta.x
		l.meta.x = c.snap(l.meta.x + l.mark.width() + theme.Grid)
	} else {
		l.markX = c.snap(l.meta.x + l.meta.w + theme.Grid)
	}
	l.markY = c.snap(markMid)

	if e.look.avatar {
		edge := l.bubble.y + l.bubble.h
		l.avatar = area{c.snap(m), c.snap(edge - theme.AvatarSmall), theme.AvatarSmall, theme.AvatarSmall}
		t := textlayout.Clean(e.Sender.Initial)
		w := f.initial.Width(t)
		l.initial = label{text: t, w: w, x: c.snap(l.avatar.x + (theme.AvatarSmall-w)/2), y: c.centred(&f.initial, l.avatar.y-1, theme.AvatarSmall)}
	}
	return y + l.bubble.h
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
