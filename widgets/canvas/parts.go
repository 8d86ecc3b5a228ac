package canvas

import (
	"fyne.io/fyne/v2"

	"magpie/im"
	"magpie/widgets/theme"
)

// keyPart is something in a message that can be done, in the areas that it is drawn
// in: what a click at x, y of the row does.
type keyPart struct {
	areas []area
	x, y  float32
	main  bool
}

func partAt(a area) keyPart {
	return keyPart{areas: []area{a}, x: a.x + a.w/2, y: a.y + a.h/2}
}

// partsOf are the things in a message that the keyboard comes to, in the order in
// which they are read. While messages are chosen there is one: the choice.
func (c *Canvas) partsOf(e *entry, l *rowLayout) (parts []keyPart) {
	if c.choosing.on {
		if e.choosable() {
			parts = []keyPart{partAt(l.said())}
		}
		return parts
	}
	if l.quote != nil {
		parts = append(parts, partAt(l.quote.area))
	}
	parts = append(parts, c.mediaParts(e, l)...)
	parts = append(parts, l.linkParts()...)
	for _, t := range []label{l.notice.action, l.hole.action} {
		if t.w > 0 {
			parts = append(parts, partAt(linkArea(t)))
		}
	}
	if l.card != nil {
		for _, b := range l.card.buttons {
			p := partAt(b.area)
			p.main = b.primary
			parts = append(parts, p)
		}
	}
	if l.resend.w > 0 {
		p := partAt(linkArea(l.resend))
		p.main = true
		parts = append(parts, p)
	}
	return parts
}

// mediaParts are those of a voice note, picture, video, file or merged messages.
func (c *Canvas) mediaParts(e *entry, l *rowLayout) (parts []keyPart) {
	switch {
	case l.voice != nil:
		parts = append(parts, partAt(l.voice.button))
		if c.playing[e.Key].Shown {
			parts = append(parts, partAt(l.voice.speed))
		}
	case l.photo != nil:
		p := partAt(l.photo.area)
		p.x, p.y = l.photo.x+1, l.photo.y+1 // beside the button
		parts = append(parts, p)
		if c.transferOf(e) != nil {
			parts = append(parts, partAt(l.photo.button))
		}
	case l.file != nil:
		p := partAt(l.bubble)
		p.x, p.y = l.file.tile.x+1, l.file.tile.y+1
		parts = append(parts, p)
		_, n := c.fileActions(e, c.transferOf(e))
		for i := range n {
			parts = append(parts, partAt(l.file.button(i, n)))
		}
	case l.merged != nil:
		parts = append(parts, partAt(l.merged.titlesArea(l)))
	}
	if len(parts) > 0 {
		parts[0].main = true
	}
	return parts
}

// titlesArea is where merged messages can be clicked beside a quote above them.
func (o *mergedLayout) titlesArea(l *rowLayout) area {
	a := l.bubble
	if len(o.titles) > 0 {
		a.h = a.y + a.h - o.titles[0].y
		a.y = o.titles[0].y
	}
	return a
}

// linkParts are the links in the text, each on all lines that it takes.
func (l *rowLayout) linkParts() (parts []keyPart) {
	last := 0 // the part of the text that the last of parts is
	for i := range l.text.Lines {
		x, y := l.lineX(i), l.textY+float32(i)*l.line
		for _, p := range l.text.Lines[i].Pieces {
			if l.run(p).Kind != im.RunLink || p.Width == 0 {
				continue
			}
			a := area{x + p.X, y, p.Width, l.line}
			if p.Part == last {
				parts[len(parts)-1].areas = append(parts[len(parts)-1].areas, a)
				continue
			}
			last = p.Part
			parts = append(parts, partAt(a))
		}
	}
	return parts
}

// mainPart is the part that Enter does unless another one was gone to.
func (c *Canvas) mainPart(e *entry) int {
	at := 0
	for i, p := range c.partsOf(e, c.layoutOf(e)) {
		if p.main {
			at = i
		}
	}
	return at
}

// stepPart goes to the part of the message before (-1) or behind (1).
func (c *Canvas) stepPart(by int) {
	e := c.focused()
	if e == nil || e.row == nil {
		return
	}
	parts := c.partsOf(e, e.layout)
	if len(parts) == 0 {
		return
	}
	at := min(max(min(c.keys.part, len(parts)-1)+by, 0), len(parts)-1)
	c.keys.part = at
	height := c.Size().Height
	a := parts[at].areas[0].grown(theme.CanvasPaddingY)
	switch top := e.row.y + a.y; {
	case top < 0:
		c.scrollBy(-top)
	case top+a.h > height:
		c.scrollBy(height - top - a.h)
	}
	c.redrawFocused()
}

// doPart does what the part does on which the keyboard is, as a click on it would.
func (c *Canvas) doPart() {
	e := c.focused()
	if e == nil || e.row == nil {
		return
	}
	parts := c.partsOf(e, e.layout)
	if len(parts) == 0 {
		return
	}
	p := parts[min(c.keys.part, len(parts)-1)]
	c.do(c.within(e.row, p.x, p.y), e.row, fyne.NewPos(p.x, e.row.y+p.y))
}
