package canvas

import (
	"time"

	"fyne.io/fyne/v2"

	"magpie/widgets/theme"
)

// bar.go is the scroll bar. It is of the whole conversation, also of what is neither
// loaded nor here: the thumb goes by sequences, not by heights, which nobody knows.
//
// While it is dragged, the content follows as far as it is on the disk, and the date
// beside the thumb says where that is. Nobody reads meanwhile: nothing counts as
// seen, and holes are not asked for, until it is let go.

// Sizes of the scroll bar.
const (
	barMargin  = 2
	barMin     = 8 * theme.Grid
	barThin    = theme.ScrollbarWidth - 2 // while the pointer is elsewhere
	barGrip    = 14                       // how wide it is for the pointer
	barDateGap = 2 * theme.Grid
)

// grabBar begins a drag of the thumb. A press beside it brings it there first.
func (c *Canvas) grabBar(y float32) {
	f, p := c.floats, &c.pointer
	b := f.barArea
	p.mode, p.grab, p.thumb, p.shows = dragBar, b.h/2, b.h, f.barShown
	if y >= b.y && y < b.y+b.h {
		p.grab = y - b.y
		c.placeFloats()
		c.refreshAll()
		return
	}
	c.dragBarTo(y - p.grab)
}

// letGoBar ends it: from now on what is on the screen is looked at, and what is
// missing there is wanted.
func (c *Canvas) letGoBar() {
	c.showDate()
	c.place()
	c.refreshAll()
}

// barHit reports whether the bar is at a point.
func (c *Canvas) barHit(p fyne.Position) bool {
	return c.floats.barArea.h > 0 && p.X >= c.Size().Width-barGrip
}

// warmBar shows whether the pointer is on the bar.
func (c *Canvas) warmBar() {
	if on := c.pointer.inside && c.barHit(c.pointer.at); on != c.pointer.onBar {
		c.pointer.onBar = on
		c.placeFloats()
		c.refreshAll()
	}
}

// placeBar shows where in the conversation the screen is, by sequence.
func (c *Canvas) placeBar(size fyne.Size) {
	f, w := c.floats, &c.window
	f.barArea = area{}
	defer func() { f.bar.Hidden = f.barArea.h == 0 || !c.pointer.inside && !f.date && c.pointer.mode != dragBar }()
	if len(c.shown) == 0 {
		return
	}
	first := c.shown[0]
	whole := !w.older && !w.newer && len(c.shown) == len(w.entries) && first.y >= 0 && c.pos.stick
	total := float64(w.last) - float64(w.first) + 1
	if whole || total <= 0 {
		return
	}
	top := c.sequenceAt(first, 0)
	f.barShown = c.sequencesShown(size.Height)
	h := min(max(float32(f.barShown/total)*size.Height, barMin), size.Height)
	if c.pointer.mode == dragBar { // what is on the screen now changes neither it nor the way to go
		h, f.barShown = c.pointer.thumb, c.pointer.shows
	}
	at := float32((top - float64(w.first)) / max(total-f.barShown, 1))
	switch {
	case c.pos.stick:
		at = 1
	case !w.older && first.entry == w.entries[0] && first.y >= 0:
		at = 0
	}
	y := min(max(at, 0), 1) * (size.Height - h)
	if c.pointer.mode == dragBar {
		y = min(max(c.pointer.at.Y-c.pointer.grab, 0), size.Height-h)
	}
	wide := barThin
	if c.pointer.onBar || c.pointer.mode == dragBar {
		wide = theme.ScrollbarWidth
	}
	f.barArea = area{size.Width - wide - barMargin, c.snap(y), wide, h}
	f.bar.Move(pos(f.barArea.x, f.barArea.y))
	f.bar.Resize(fyne.Size{Width: f.barArea.w, Height: f.barArea.h})
}

// sequencesShown is how many sequences are on the screen, parts of them too. A hole
// counts for as much as it looks like.
func (c *Canvas) sequencesShown(height float32) (n float64) {
	last := len(c.shown) - 1
	for i, r := range c.shown {
		e, k := r.entry, 1.0
		switch {
		case e.Sequence == 0:
			continue
		case e.Kind == KindHole:
			k = float64(min(e.Until-min(e.Sequence, e.Until)+1, uint64(len(ghosts))))
		}
		if i == 0 || i == last { // only these are cut
			k *= float64((min(r.y+r.layout.height, height) - max(r.y, 0)) / r.layout.height)
		}
		n += k
	}
	return max(n, 1)
}

// sequenceAt returns the sequence at height y of the canvas, which goes through
// row r, with the part of the row above y.
func (c *Canvas) sequenceAt(r *row, y float32) float64 {
	part := float64(min(max((y-r.y)/r.layout.height, 0), 1))
	if r.entry.Sequence == 0 {
		return float64(c.window.last) + part
	}
	if e, g := r.entry, c.pos.want; e.Kind == KindHole && g.kind != goNowhere && g.sequence >= e.Sequence && g.sequence <= e.Until {
		return float64(g.sequence) + part // it is on its way
	}
	if r.entry.Kind == KindHole {
		part *= float64(r.entry.Until - min(r.entry.Sequence, r.entry.Until) + 1)
	}
	return float64(r.entry.Sequence) + part
}

// dragBarTo goes where the thumb of the scroll bar, with its upper edge at y,
// says.
func (c *Canvas) dragBarTo(y float32) {
	f, w := c.floats, &c.window
	room := c.Size().Height - f.barArea.h
	if room <= 0 || f.barArea.h == 0 {
		return
	}
	at := float64(min(max(y/room, 0), 1))
	if at >= 1 {
		c.goTo(goal{kind: goNewest})
		return
	}
	total := float64(w.last) - float64(w.first) + 1
	sequence := float64(w.first) + at*max(total-f.barShown, 0)
	whole := uint64(sequence)
	c.showDate()
	c.goTo(goal{kind: goTop, sequence: whole, part: float32(sequence - float64(whole))})
}

// placeBarDate shows beside the thumb, while it is dragged, the day that it has come
// to.
func (c *Canvas) placeBarDate(size fyne.Size) {
	f := c.floats
	at, ok := c.topTime()
	f.dateGround.Hidden, f.dateText.Hidden = !ok, !ok
	if !ok {
		return
	}
	c.sayDate(at, size)
	b := f.barArea
	y := min(max(b.y+(b.h-dateHeight)/2, dateTop), size.Height-dateTop-dateHeight)
	c.moveDate(c.snap(b.x-barDateGap-c.datePill()), c.snap(y))
}

// topTime returns when that was said which is at the upper edge. Within a hole it is
// about then: as far between what is known before and behind it as its sequence is.
// false if nothing tells.
func (c *Canvas) topTime() (time.Time, bool) {
	if len(c.shown) == 0 {
		return time.Time{}, false
	}
	r := c.shown[0]
	if r.entry.Kind != KindHole {
		return r.entry.Time, true
	}
	i := c.window.indexOf(r.entry)
	if i < 0 {
		return time.Time{}, false
	}
	known := func(from, step int) *entry {
		for k := from; k >= 0 && k < len(c.window.entries); k += step {
			if e := c.window.entries[k]; e.Kind != KindHole && e.Sequence > 0 {
				return e
			}
		}
		return nil
	}
	before, behind := known(i-1, -1), known(i+1, 1)
	if before == nil || behind == nil {
		return time.Time{}, false
	}
	part := (c.sequenceAt(r, 0) - float64(before.Sequence)) / float64(behind.Sequence-before.Sequence)
	return before.Time.Add(time.Duration(part * float64(behind.Time.Sub(before.Time)))), true
}
