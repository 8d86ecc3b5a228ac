package canvas

// seen keeps account of what has been on the screen.
type seen struct {
	upTo uint64
	// below is how many messages of others came and have not been on the screen.
	below int
}

// count takes account of messages that are new.
func (c *Canvas) count(put []Item) {
	last := max(c.window.last, c.seen.upTo)
	for i := range put {
		it := &put[i]
		if it.Sequence <= last || it.Kind == KindHole {
			continue
		}
		last = it.Sequence
		if !it.Own {
			c.seen.below++
		}
	}
}

// look works out what can be seen, and reports it.
func (c *Canvas) look() {
	height := c.Size().Height
	if !c.open || height <= 0 {
		return
	}
	var newest *entry
	var hole *entry
	for _, r := range c.shown {
		e := r.entry
		if e.Kind == KindHole {
			if !e.asked {
				e.asked, hole = true, e
			}
			continue
		}
		if e.Sequence > c.seen.upTo && r.y+r.layout.body <= height+0.5 {
			newest = e
		}
	}
	if newest != nil && c.active {
		c.reach(newest)
	}
	if hole != nil && c.intents.OnHole != nil {
		c.intents.OnHole(hole.Key, hole.Sequence, hole.Until)
	}
}

// reach moves what has been seen forward to an entry.
func (c *Canvas) reach(e *entry) {
	i, _ := c.window.index(Cursor{Sequence: c.seen.upTo + 1})
	c.seen.upTo = e.Sequence
	for ; i < len(c.window.entries); i++ {
		o := c.window.entries[i]
		if o.Sequence == 0 || o.Sequence > e.Sequence {
			break
		}
		if !o.Own && o.Kind != KindHole && c.seen.below > 0 {
			c.seen.below--
		}
	}
	if c.AtNewest() {
		c.seen.below = 0
	}
	if c.intents.OnSeen != nil {
		c.intents.OnSeen(e.Key, e.Sequence)
	}
}
