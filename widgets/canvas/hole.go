package canvas

import (
	"image/color"
	"slices"

	"fyne.io/fyne/v2"

	"magpie/widgets/theme"
)

// A hole is drawn as a few faded messages with a pill that says what is to become
// of it. Its height is the same whatever it says, so that nothing moves when the
// connection comes or goes.
const (
	holeHeight = 35 * theme.Grid
	// holeNear is how many rows beyond the screen a hole is asked for already.
	holeNear = 16
)

// ghosts are the faded messages: how wide, of what is free, and how high, in units.
var ghosts = [...]struct {
	own    bool
	width  float32
	height float32
}{{false, 0.46, 9 * theme.Grid}, {true, 0.38, 13 * theme.Grid}, {false, 0.58, 9 * theme.Grid}}

// ghost is one of them within a row.
type ghost struct {
	area
	own bool
}

// HoleWanted is a hole that a person has come to.
type HoleWanted struct {
	Key Key
	// From and To are its first and last sequence.
	From, To uint64
	// At is the sequence within it that they wanted to go to; 0 if they came by
	// scrolling. The canvas goes there as soon as it is filled.
	At uint64
	// Newer: they come from its older end and go on to newer ones; else they come
	// from its newer end.
	Newer bool
}

// Range is a range of sequences, both ends included.
type Range struct{ From, To uint64 }

func (r Range) meets(e *entry) bool {
	return e.Kind == KindHole && e.Sequence <= r.To && e.Until >= r.From
}

// holeOf lays out a hole from y on.
func (c *Canvas) holeOf(l *rowLayout, e *entry, y, width float32) float32 {
	var p pill
	n := e.Until - min(e.Sequence, e.Until) + 1
	switch {
	case e.Loading:
		p = c.pillOf(c.words.HoleLoading(n), "", 0, width)
	case e.Reason != "":
		p = c.pillOf(c.words.HoleFailed(e.Reason), c.words.TryAgain, 0, width)
	default:
		p = c.pillOf(c.words.HoleOffline(n), "", 0, width)
	}
	p.moveDown(c.snap(y + max((holeHeight-p.h)/2, 0)))
	l.hole = p
	m := marginX(width)
	room := width - 2*m - avatarSpace
	at := y
	for _, g := range ghosts {
		w := c.snap(room * g.width)
		x := m + avatarSpace
		if g.own {
			x = c.snap(width - m - w)
		}
		l.ghosts = append(l.ghosts, ghost{area{x, at, w, g.height}, g.own})
		at += g.height + rowGap
	}
	return y + max(holeHeight, p.h)
}

// moveDown moves a pill and what is in it.
func (p *pill) moveDown(dy float32) {
	p.y += dy
	for i := range p.lines {
		p.lines[i].y += dy
	}
	p.action.y += dy
}

// gap draws a hole.
func (r *row) gap(l *rowLayout, f *fonts) {
	for _, g := range l.ghosts {
		fill := theme.BubbleIn
		if g.own {
			fill = theme.BubbleOut
		}
		r.rect(g.area, faded(theme.Color(fill)), theme.RadiusBubble)
	}
	r.pill(&l.hole, f)
}

// faded is a colour that lets most of the ground through.
func faded(c color.Color) color.Color {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	n.A = uint8(uint16(n.A) * 2 / 5)
	return n
}

// wanted are the holes on the screen, entries[from:to], and a little beyond it that
// have not been asked for.
func (c *Canvas) wanted(from, to int) (list []HoleWanted) {
	for i, e := range c.window.entries {
		if e.Kind != KindHole {
			continue
		}
		if i < from-holeNear || i >= to+holeNear {
			e.asked = false
			continue
		}
		w := HoleWanted{Key: e.Key, From: e.Sequence, To: e.Until}
		if g := c.pos.want; g.kind != goNowhere && g.sequence >= e.Sequence && g.sequence <= e.Until {
			w.At = g.sequence
		}
		if e.asked && (w.At == 0 || w.At == e.at) {
			continue
		}
		e.asked, e.at = true, w.At
		switch {
		case w.At > 0:
		case i >= to-1 && i > from: // nothing below it is on the screen
			w.Newer = true
		case i <= from: // nothing above it is
		case c.pos.focus > 0:
			w.Newer = e.Sequence > c.pos.focus
		default:
			w.Newer = c.pos.newer
		}
		e.newer = w.Newer
		list = append(list, w)
	}
	return list
}

// fillHoles takes the holes away that have something in a range, before what is left
// of them is put, and makes sure that what the reader looks at stays where it is: what
// is below a hole that is filled from its newer end, what is above one that is filled
// from its older end.
func (c *Canvas) fillHoles(filled []Range) {
	for _, f := range filled {
		for _, r := range c.shown {
			if e := r.entry; f.meets(e) && c.window.byKey[e.Key] == e {
				c.holdBeside(r, f)
			}
		}
		for _, e := range slices.Clone(c.window.entries) {
			switch {
			case !f.meets(e):
			case f.From > e.Sequence: // its older part is still one
				e.Until, e.layout, e.asked = f.From-1, nil, false
			default:
				c.window.remove(e.Key)
			}
		}
		if g := c.pos.want; g.kind != goNowhere && g.sequence >= f.From && g.sequence <= f.To {
			c.pos.want, c.pos.goal = goal{}, g
		}
	}
}

// ChangeHoles has change look at every hole that is held, and draws those anew that it
// changes. It must not change their places.
func (c *Canvas) ChangeHoles(change func(it *Item)) {
	var ch Changes
	for _, e := range c.window.entries {
		if e.Kind != KindHole {
			continue
		}
		it := e.Item
		if change(&it); it.Loading != e.Loading || it.Reason != e.Reason {
			ch.Put = append(ch.Put, it)
		}
	}
	if len(ch.Put) > 0 {
		c.Apply(ch)
	}
}

// holdBeside makes a row beside that of a hole the anchor.
func (c *Canvas) holdBeside(hole *row, f Range) {
	if c.pos.stick {
		return
	}
	above := hole.entry.newer
	switch lower, upper := f.From <= hole.entry.Sequence, f.To >= hole.entry.Until; {
	case lower && !upper:
		above = true
	case upper && !lower:
		above = false
	}
	n := slices.Index(c.shown, hole)
	steps := [2]int{1, -1}
	if above {
		steps = [2]int{-1, 1}
	}
	for _, step := range steps {
		for k := n + step; k >= 0 && k < len(c.shown); k += step {
			if r := c.shown[k]; r.entry.Kind != KindHole && c.window.byKey[r.entry.Key] == r.entry {
				c.pos.at, c.pos.off = r.entry, c.Size().Height-(r.y+r.layout.body)
				return
			}
		}
	}
}

// holdDate keeps the date on the screen while the pointer is on it, which is a way to
// another day.
func (c *Canvas) holdDate() bool {
	return c.pointer.inside && c.dateHit(c.pointer.at)
}

func (c *Canvas) dateHit(p fyne.Position) bool {
	g := c.floats.dateGround
	if g.Hidden || c.intents.OnDate == nil {
		return false
	}
	at, size := g.Position(), g.Size()
	return area{at.X, at.Y, size.Width, size.Height}.holds(p.X, p.Y)
}
