package canvas

import (
	"maps"
	"slices"

	"magpie/widgets/theme"
)

// Sizes of the circles in which messages are chosen.
const (
	chooseSide  = 5 * theme.Grid
	chooseSpace = chooseSide + 3*theme.Grid
)

// choosing is the mode in which a click chooses messages.
type choosing struct {
	on     bool
	chosen map[Key]Cursor
	last   Key // where a click with shift goes on from
	shift  bool
}

// SetChoosing begins or ends the mode in which a click anywhere on a message
// chooses it, or chooses it no more; with shift also all between it and the one
// before. Nothing is chosen at its beginning and its end, except first, if that is
// not empty.
func (c *Canvas) SetChoosing(on bool, first Key) {
	if !on && !c.choosing.on {
		return
	}
	moved := on != c.choosing.on
	c.choosing = choosing{on: on}
	c.ClearSelection()
	if on {
		c.choosing.chosen = map[Key]Cursor{}
		if e := c.window.byKey[first]; e != nil && e.choosable() {
			c.choosing.chosen[first], c.choosing.last = e.Cursor(), first
		}
	}
	if moved {
		for _, e := range c.window.entries {
			e.layout = nil
		}
	}
	c.redrawAll()
	c.tellChosen()
}

// Choosing reports whether messages are being chosen.
func (c *Canvas) Choosing() bool { return c.choosing.on }

// Chosen returns the messages that are chosen, in their order.
func (c *Canvas) Chosen() []Cursor {
	return slices.SortedFunc(maps.Values(c.choosing.chosen), Cursor.Compare)
}

// choosable reports whether an entry can be chosen: what somebody said and the
// server has.
func (e *entry) choosable() bool { return e.spoken() && e.Sequence > 0 }

// choose turns an entry from chosen to not, or all between the last one and it.
func (c *Canvas) choose(e *entry, shift bool) {
	m := &c.choosing
	_, was := m.chosen[e.Key]
	from := c.window.byKey[m.last]
	switch {
	case shift && from != nil && from != e:
		lo, hi := from.Cursor(), e.Cursor()
		if lo.Compare(hi) > 0 {
			lo, hi = hi, lo
		}
		for _, o := range c.window.entries {
			if at := o.Cursor(); o.choosable() && at.Compare(lo) >= 0 && at.Compare(hi) <= 0 {
				m.chosen[o.Key] = at
			}
		}
	case was:
		delete(m.chosen, e.Key)
	default:
		m.chosen[e.Key] = e.Cursor()
	}
	m.last = e.Key
	c.redrawAll()
	c.tellChosen()
}

func (c *Canvas) tellChosen() {
	if c.intents.OnChosen != nil {
		c.intents.OnChosen(len(c.choosing.chosen))
	}
}

// dropChosen is for what is gone or says nothing any more.
func (c *Canvas) dropChosen(k Key) {
	if _, was := c.choosing.chosen[k]; was {
		delete(c.choosing.chosen, k)
		c.tellChosen()
	}
}

// redrawAll draws every row on the screen again.
func (c *Canvas) redrawAll() {
	for _, r := range c.shown {
		r.stale = true
	}
	c.place()
	c.refreshAll()
}

// leading is where rows begin: at the margin, or right of the circles.
func (c *Canvas) leading(width float32) float32 {
	if c.choosing.on {
		return marginX(width) + chooseSpace
	}
	return marginX(width)
}

// circle draws the circle of a row in the mode of choosing.
func (r *row) circle(c *Canvas, e *entry, l *rowLayout) {
	if !c.choosing.on || !e.choosable() {
		return
	}
	a := area{c.snap(marginX(l.width)), c.snap((l.bodyTop()+l.body)/2 - chooseSide/2), chooseSide, chooseSide}
	if _, chosen := c.choosing.chosen[e.Key]; chosen {
		r.rect(a, theme.Color(theme.Accent), chooseSide/2)
		ink := theme.Color(theme.OnAccent)
		r.line(a.x+5.5, a.y+10.5, a.x+8.5, a.y+13.5, 2, ink)
		r.line(a.x+8.5, a.y+13.5, a.x+14.5, a.y+7, 2, ink)
		return
	}
	r.rect(a, theme.Color(theme.Meta), chooseSide/2)
	hole := area{a.x + 1.5, a.y + 1.5, a.w - 3, a.h - 3}
	r.rect(hole, theme.Color(theme.Canvas), hole.w/2)
}
