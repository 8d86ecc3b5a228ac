package canvas

// pageSize is how many items are asked for at once, nearAhead how few may be
// left beyond the screen before more are asked for.
const (
	pageSize  = 64
	nearAhead = 32
)

// loads keeps account of what the source has been asked for.
type loads struct {
	source Source
	// epoch grows when the window is replaced: answers of an earlier one are
	// of no use.
	epoch        int
	older, newer load
	around       bool
	lost         bool // the last jump failed: an empty window means nothing
	// journal holds what happened while answers were under way, which may
	// have been read before it happened.
	journal []Changes
	// wanted is a jump asked for while another was under way; the last wins.
	wanted *goal
}

// load is one direction.
type load struct {
	busy   bool
	failed bool // asked for again when a person scrolls on
	turn   int  // an answer to another turn is too late
}

func (l *loads) reset() { *l = loads{epoch: l.epoch + 1} }

func (l *loads) busy() bool { return l.older.busy || l.newer.busy || l.around }

// note remembers changes for as long as answers are under way.
func (l *loads) note(ch Changes) {
	if l.busy() {
		l.journal = append(l.journal, ch)
	}
}

// settle applies the journal to a window in which an answer has just landed.
func (c *Canvas) settle() {
	for _, ch := range c.loads.journal {
		c.mergeQuiet(ch)
	}
	if !c.loads.busy() {
		c.loads.journal = nil
	}
}

// goTo moves the canvas to a goal, from what is held if it is there.
func (c *Canvas) goTo(g goal) {
	c.stopGlide()
	if c.reachable(g) {
		c.pos.goal = g
		c.place()
		c.refreshAll()
		return
	}
	if c.loads.around {
		c.loads.wanted = &g
		return
	}
	c.ask(g)
}

// reachable reports whether a goal is within what is held.
func (c *Canvas) reachable(g goal) bool {
	w := &c.window
	if len(w.entries) == 0 || c.loads.around {
		return false
	}
	if g.kind == goNewest {
		return !w.newer
	}
	lo, hi := w.shownRange()
	if lo >= hi {
		return false
	}
	return (g.sequence >= w.entries[lo].Sequence || !w.older) && (!w.newer || g.sequence <= w.entries[hi-1].Sequence)
}

// ask asks the source for the items around a goal, and replaces the window when
// they come.
func (c *Canvas) ask(g goal) {
	l := &c.loads
	l.epoch++
	epoch := l.epoch
	l.older, l.newer = load{}, load{}
	l.around = true
	sequence := g.sequence
	if g.kind == goNewest {
		sequence = 0
	}
	l.source.Around(sequence, 2*pageSize, func(p Page) {
		if epoch != c.loads.epoch {
			return
		}
		c.loads.around, c.loads.lost = false, p.Failed
		if !p.Failed {
			c.window.replace(p.Items, p.Older, p.Newer)
			c.pos = position{goal: g, stick: g.kind == goNewest}
			c.deselect()
		}
		c.settle()
		if next := c.loads.wanted; next != nil {
			c.loads.wanted = nil
			c.decorate()
			c.goTo(*next)
			return
		}
		c.changed()
	})
}

// feed asks for more items where few are left beyond entries[from:to], which are
// on the screen.
func (c *Canvas) feed(from, to int) {
	w := &c.window
	if c.loads.around || len(w.entries) == 0 || c.loads.source == nil {
		return
	}
	// An answer may come at once, and then the window is another.
	if w.older && from < nearAhead && c.askSide(&c.loads.older, true) {
		return
	}
	if w.newer && len(w.entries)-to < nearAhead {
		c.askSide(&c.loads.newer, false)
	}
}

// askSide asks for a page beyond one end. It reports whether the answer has come
// already.
func (c *Canvas) askSide(l *load, older bool) (answered bool) {
	if l.busy || l.failed {
		return false
	}
	l.busy = true
	l.turn++
	turn, epoch := l.turn, c.loads.epoch
	done := func(p Page) {
		if epoch != c.loads.epoch || turn != l.turn {
			return
		}
		answered = true
		l.busy, l.failed = false, p.Failed
		if !p.Failed {
			// A page that brings nothing and promises more would be asked
			// for again and again; it waits for the person, as a failed one.
			if older {
				l.failed = c.window.prepend(p.Items, p.Older) == 0 && p.Older
			} else {
				l.failed = c.window.extend(p.Items, p.Newer) == 0 && p.Newer
			}
		}
		c.settle()
		c.changed()
	}
	es := c.window.entries
	if older {
		c.loads.source.Older(es[0].Cursor(), pageSize, done)
	} else {
		c.loads.source.Newer(es[len(es)-1].Cursor(), pageSize, done)
	}
	return answered
}

// drop forgets an answer under way for an end that has been cut off.
func (l *load) drop() { *l = load{turn: l.turn + 1} }
