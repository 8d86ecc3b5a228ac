package canvas

import (
	"time"

	"fyne.io/fyne/v2"
)

// selecting.go is how the pointer selects: a drag goes from character to character,
// after two clicks from word to word, after three from paragraph to paragraph, after
// four from message to message.

// beginSelection starts selecting at a point. With extend it goes on from where the
// last selection or click was.
func (c *Canvas) beginSelection(p fyne.Position, clicks int, extend bool) {
	c.pointer.mode = dragText
	if extend && c.extendable() {
		if to, _, ok := c.spotAt(p); ok {
			c.pointer.unit, c.pointer.origin = byCharacter, [2]spot{c.marked.from, c.marked.from}
			c.mark(selection{c.marked.from, to})
		}
		return
	}
	c.pointer.unit = unit(min(max(clicks-1, int(byCharacter)), int(byMessage)))
	from, to, ok := c.unitAt(p, c.pointer.unit)
	if !ok {
		c.pointer.mode = dragNothing
		return
	}
	c.pointer.origin = [2]spot{from, to}
	if clicks == 0 {
		c.ClearSelection()
		return
	}
	c.mark(selection{from, to})
}

// extendable reports whether a selection can go on: everything between its ends and
// the screen must be known, which it is if one of them is still held.
func (c *Canvas) extendable() bool {
	s := c.marked
	return !s.none() && (c.window.byKey[s.from.Key] != nil || !s.empty() && c.window.byKey[s.to.Key] != nil)
}

// dragSelection goes on selecting to a point.
func (c *Canvas) dragSelection(p fyne.Position) {
	a, b, ok := c.unitAt(p, c.pointer.unit)
	if !ok {
		return
	}
	o := c.pointer.origin
	if a.compare(o[0]) < 0 {
		c.mark(selection{o[1], a})
		return
	}
	c.mark(selection{o[0], b})
}

// How a drag near or beyond the upper or lower edge moves the content: within
// edgeNear of it, the faster the farther, in units a second for each unit.
const (
	edgeNear = 8
	edgePull = 12
	edgeMost = 4000
	edgeTick = 16 * time.Millisecond
	// edgeLate bounds what a late tick makes up for.
	edgeLate = 100 * time.Millisecond
)

// edge is the content moving under a drag.
type edge struct {
	armed bool // a tick will come
	last  time.Time
}

// edgeSpeed is how fast the content has to move down for the drag under way, in
// units a second; negative for up.
func (c *Canvas) edgeSpeed() float32 {
	if c.pointer.mode != dragText {
		return 0
	}
	y, height := c.pointer.at.Y, c.Size().Height
	beyond := float32(0)
	switch {
	case y < edgeNear:
		beyond = edgeNear - y
	case y > height-edgeNear:
		beyond = height - edgeNear - y
	}
	return min(max(beyond*edgePull, -edgeMost), edgeMost)
}

// followEdge keeps the content moving for as long as the pointer is beyond an edge.
func (c *Canvas) followEdge() {
	if c.edge.armed || c.edgeSpeed() == 0 {
		return
	}
	c.edge = edge{armed: true, last: c.now()}
	c.after(edgeTick, c.edgeStep)
}

func (c *Canvas) edgeStep() {
	passed := min(c.now().Sub(c.edge.last), edgeLate)
	c.edge.armed = false
	if speed := c.edgeSpeed(); speed != 0 {
		c.scrollBy(speed * float32(passed.Seconds()))
		c.followEdge()
	}
}
