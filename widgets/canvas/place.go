package canvas

import (
	"math"

	"fyne.io/fyne/v2"
	fcanvas "fyne.io/fyne/v2/canvas"

	"magpie/widgets/theme"
)

// position is where the canvas is: the lower edge of the body of entry at (its
// bubble, without what hangs below) is off above the lower edge of the canvas.
type position struct {
	at  *entry
	off float32
	// rest is how far less than a pixel a person has scrolled beyond that.
	rest float32
	// stick keeps the newest message at the bottom.
	stick bool
	// goal is taken up at the next placement.
	goal goal
	// want is a goal that is not here: it is taken up again when it has come, unless a
	// person has scrolled meanwhile. focus is the sequence of the last goal; newer says
	// to which side they have scrolled since.
	want  goal
	focus uint64
	newer bool
}

// goal is where the canvas is meant to go.
type goal struct {
	kind     goalKind
	sequence uint64
	part     float32 // 0 to 1
	above    float32 // see Reading
}

type goalKind uint8

const (
	goNowhere goalKind = iota
	goNewest
	goDivider // the divider, or that sequence, in the upper part
	goMiddle  // that sequence in the middle
	goTop     // that sequence at the upper edge, with part of it above
	goReading // that sequence above the lower edge
)

// place lays out everything from the position, moves the rows there, and asks
// for more where the screen comes near an end of what is held.
func (c *Canvas) place() {
	size := c.Size()
	lo, hi := c.window.shownRange()
	if size.Width <= 0 || size.Height <= 0 {
		return
	}
	if cv := fyne.CurrentApp().Driver().CanvasForObject(c); cv != nil && cv.Scale() > 0 && cv.Scale() != c.scale {
		c.scale = cv.Scale()
		c.remeasure()
	}
	if lo >= hi {
		c.recycle(0)
		c.placeFloats()
		c.feed(0, len(c.window.entries))
		return
	}
	i, j, top := c.fill(lo, hi, size.Height)
	c.setRows(i, j, top, size.Height)
	c.placeFloats()
	if head, tail := c.window.trim(i, j, c.keep); head || tail {
		if head {
			c.loads.older.drop()
		}
		if tail {
			c.loads.newer.drop()
		}
		i = c.window.indexOf(c.shown[0].entry)
		j = i + len(c.shown)
	}
	c.feed(i, j)
	c.look() // last: whoever hears of it may change everything
}

// start returns the entry from which the layout begins and where its upper edge
// is.
func (c *Canvas) start(lo, hi int, height float32) (k int, top float32) {
	es, p := c.window.entries, &c.pos
	g := p.goal
	p.goal = goal{}
	switch g.kind {
	case goNewest:
		p.stick, p.want, p.focus, p.newer = true, goal{}, 0, false
	case goDivider, goMiddle, goTop, goReading:
		p.stick = false
		k, _ = c.window.index(Cursor{Sequence: g.sequence})
		if k > lo && k < hi && es[k].Sequence != g.sequence && es[k-1].Kind == KindHole && es[k-1].Until >= g.sequence {
			k--
		}
		p.want, p.focus = goal{}, g.sequence
		if k >= len(es) || es[k].Sequence != g.sequence || es[k].Kind == KindHole {
			p.want = g
		}
		for n := k; g.kind == goDivider && n < hi; n++ {
			if es[n].look.divider {
				k = n
				break
			}
		}
		k = min(max(k, lo), hi-1)
		l := c.layoutOf(es[k])
		switch g.kind {
		case goDivider:
			return k, height / 5
		case goTop:
			if k == 0 && g.part == 0 { // the very first one keeps its margin
				return k, theme.CanvasPaddingY
			}
			return k, -g.part * l.height
		case goReading:
			return k, height - g.above - l.body
		}
		return k, (height - l.height) / 2
	}
	if k, ok := c.unseen(lo, hi, height-2*theme.CanvasPaddingY); ok && p.stick && g.kind == goNowhere {
		return k, theme.CanvasPaddingY
	}
	if p.stick {
		return hi - 1, height - theme.CanvasPaddingY - c.layoutOf(es[hi-1]).height
	}
	k = c.window.indexOf(p.at)
	if k < lo || k >= hi {
		k = min(max(k, lo), hi-1)
		if p.at == nil {
			return hi - 1, height - theme.CanvasPaddingY - c.layoutOf(es[hi-1]).height
		}
	}
	return k, height - p.off - c.layoutOf(es[k]).body
}

// fill works out which entries are on the screen, entries[i:j], and where the
// upper edge of the first one is. It never leaves room at an end of what is held
// if that can be filled.
func (c *Canvas) fill(lo, hi int, height float32) (i, j int, top float32) {
	es := c.window.entries
	const pad = theme.CanvasPaddingY
	floor := height - pad
	i, top = c.start(lo, hi, height)
	top = c.snap(top)
	j = i + 1
	bottom := top + c.layoutOf(es[i]).height
	up := func() {
		for i > lo && top > 0 {
			i--
			top -= c.layoutOf(es[i]).height
		}
	}
	down := func(to float32) {
		for j < hi && bottom < to {
			bottom += c.layoutOf(es[j]).height
			j++
		}
	}
	down(height)
	if j == hi && bottom < floor {
		top += floor - bottom
		bottom = floor
	}
	up()
	if i == lo && top > pad {
		shift := top - pad
		down(height + shift)
		if j == hi {
			shift = min(shift, max(bottom-floor, 0))
		}
		top -= shift
		bottom -= shift
	}
	// What has gone out by all this is not on the screen.
	for j-1 > i && bottom-c.layoutOf(es[j-1]).height >= height {
		j--
		bottom -= es[j].layout.height
	}
	for i+1 < j && top+es[i].layout.height <= 0 {
		top += es[i].layout.height
		i++
	}
	c.pos.stick = j == hi && !c.window.newer && bottom <= floor+0.5
	last := es[j-1]
	c.pos.at = last
	c.pos.off = height - (bottom - last.layout.height + last.layout.body)
	return i, j, top
}

// setRows binds a row to each of entries[i:j] and moves it into place. Rows that
// were on the screen before keep what they draw.
func (c *Canvas) setRows(i, j int, top, height float32) {
	keep := c.shown
	c.shown = c.spareShown[:0]
	same := len(keep) == j-i
	y := top
	for n, e := range c.window.entries[i:j] {
		r := e.row
		if r == nil {
			r = c.newRow()
			r.entry, e.row = e, r
		}
		if same && keep[n] != r {
			same = false
		}
		if r.layout != e.layout || r.stale || !r.covers(y, height) {
			r.bind(c, e, y, height)
		}
		r.held = true
		r.moveTo(c.snap(y))
		c.shown = append(c.shown, r)
		y += e.layout.height
	}
	for _, r := range keep {
		if !r.held {
			c.free(r)
		}
	}
	for _, r := range c.shown {
		r.held = false
	}
	c.spareShown = keep[:0]
	if !same {
		c.relist()
	}
	c.holdFocus()
	c.beginFlash()
}

// recycle takes rows off the screen, all from the n-th on.
func (c *Canvas) recycle(n int) {
	for _, r := range c.shown[n:] {
		c.free(r)
	}
	c.shown = c.shown[:n]
	c.relist()
}

// maxSpare is how many rows are kept for later use.
const maxSpare = 64

func (c *Canvas) free(r *row) {
	if r.entry != nil && r.entry.row == r {
		r.entry.row = nil
	}
	r.entry, r.layout = nil, nil
	r.forget()
	// One that drew a message full of emoji would keep hundreds of pictures.
	if len(c.spare) < maxSpare && len(r.images) <= maxSpare {
		c.spare = append(c.spare, r)
	}
}

func (c *Canvas) newRow() *row {
	if n := len(c.spare); n > 0 {
		r := c.spare[n-1]
		c.spare = c.spare[:n-1]
		return r
	}
	return newRow()
}

// relist tells the renderer which objects there are.
func (c *Canvas) relist() {
	c.boxes = append(c.boxes[:0], c.floats.ground)
	for _, r := range c.shown {
		c.boxes = append(c.boxes, r.box)
	}
	c.boxes = c.skeleton.appendTo(c.boxes)
	c.boxes = c.floats.appendTo(c.boxes)
}

// snap rounds to whole device pixels.
func (c *Canvas) snap(v float32) float32 {
	return float32(math.Floor(float64(v*c.scale)+0.5)) / c.scale
}

// refreshAll has the canvas drawn again.
func (c *Canvas) refreshAll() { fcanvas.Refresh(c) }
