package canvas

import "slices"

// keepAnchor finds another anchor on the screen if the present one is gone.
func (c *Canvas) keepAnchor() {
	p := &c.pos
	if p.at == nil || c.window.byKey[p.at.Key] == p.at {
		return
	}
	height := c.Size().Height
	n := len(c.shown) - 1
	for n > 0 && c.shown[n].entry != p.at {
		n--
	}
	for d := range len(c.shown) {
		for _, k := range [...]int{n - d, n + d} {
			if k < 0 || k >= len(c.shown) {
				continue
			}
			if r := c.shown[k]; c.window.byKey[r.entry.Key] == r.entry {
				p.at, p.off = r.entry, height-(r.y+r.layout.body)
				return
			}
		}
	}
	i, _ := c.window.index(p.at.Cursor())
	p.at = nil
	if n := len(c.window.entries); n > 0 {
		p.at = c.window.entries[min(i, n-1)]
	}
}

// spareAnchor takes the next row above for the anchor if the anchor is about to
// become something else, as a recalled message does: it is the lowest on the
// screen, and with its lower edge held everything above would come down by
// what it loses.
func (c *Canvas) spareAnchor(put []Item) {
	p := &c.pos
	if p.at == nil || p.at.row == nil || p.stick {
		return
	}
	changes := func(e *entry) bool {
		return slices.ContainsFunc(put, func(it Item) bool { return it.Key == e.Key && it.Kind != e.Kind })
	}
	if !changes(p.at) {
		return
	}
	for n := slices.Index(c.shown, p.at.row) - 1; n >= 0; n-- {
		if r := c.shown[n]; c.window.byKey[r.entry.Key] == r.entry && !changes(r.entry) {
			p.at, p.off = r.entry, c.Size().Height-(r.y+r.layout.body)
			return
		}
	}
}

// merge brings changes into the window.
func (c *Canvas) merge(ch Changes) {
	c.mergeQuiet(ch)
	c.decorate()
}

func (c *Canvas) mergeQuiet(ch Changes) {
	var put map[Key]bool
	if len(ch.Remove) > 0 {
		put = make(map[Key]bool, len(ch.Put))
		for _, it := range ch.Put {
			put[it.Key] = true
		}
	}
	for _, k := range ch.Remove {
		if !put[k] {
			c.window.remove(k)
			c.dropChosen(k)
			c.unselect(k)
		}
	}
	c.fillHoles(ch.Filled)
	c.spareAnchor(ch.Put)
	for _, it := range ch.Put {
		c.reselect(&it)
		c.window.put(it)
		if o := (entry{Item: it}); !o.choosable() {
			c.dropChosen(it.Key)
		}
	}
	c.keepAnchor()
}
