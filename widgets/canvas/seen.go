package canvas

// seen keeps account of what has been on the screen.
type seen struct {
	upTo uint64
	// below is how many messages of others came and have not been on the screen.
	below int
	// news is the first of them that came while the conversation was open; 0
	// for none.
	news uint64
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
			if c.seen.news == 0 {
				c.seen.news = it.Sequence
			}
		}
	}
}

// unseen returns the first of the news, if following the newest message would take
// it off the screen before it has been seen: more has come at once, or while
// nobody looked, than fits.
func (c *Canvas) unseen(lo, hi int, height float32) (k int, ok bool) {
	if c.seen.news == 0 {
		return 0, false
	}
	k, _ = c.window.index(Cursor{Sequence: max(c.seen.news, c.seen.upTo+1)})
	if k = max(k, lo); k >= hi {
		return 0, false
	}
	var h float32
	for _, e := range c.window.entries[k:hi] {
		if h += c.layoutOf(e).height; h > height {
			return k, true
		}
	}
	return 0, false
}

// look works out what can be seen, and reports it.
func (c *Canvas) look() {
	height := c.Size().Height
	if !c.open || height <= 0 || c.pointer.mode == dragBar {
		return
	}
	var newest *entry
	for _, r := range c.shown {
		e := r.entry
		if e.Kind == KindHole {
			continue
		}
		if e.Sequence > c.seen.upTo && r.y+r.layout.body <= height+0.5 {
			newest = e
		}
	}
	if newest != nil && c.active {
		c.reach(newest)
	}
	if len(c.shown) == 0 || c.intents.OnHole == nil {
		return
	}
	from := c.window.indexOf(c.shown[0].entry)
	for _, w := range c.wanted(from, from+len(c.shown)) {
		c.intents.OnHole(w)
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
	if c.seen.below == 0 || c.seen.upTo >= c.window.last {
		c.seen.news = 0
	}
	if c.intents.OnSeen != nil {
		c.intents.OnSeen(e.Key, e.Sequence)
	}
}
