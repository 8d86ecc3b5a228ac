package canvas

import (
	"fyne.io/fyne/v2"

	"magpie/widgets/theme"
)

// The canvas is one stop of the Tab key. With the keyboard there, one message has a
// ring: the arrows go from one to the next, notices and cards among them, left and
// right between what can be done in one, and Enter or Space does it. The ring is
// always on the screen: what scrolls it away moves it on.

// keys is where the keyboard is.
type keys struct {
	on    bool // the canvas has it
	shown bool // and shows where
	// pointed: it was got by a click, which shows nothing until a key is used.
	pointed bool
	at      Cursor
	part    int // which of the parts of that message, see partsOf
	// want is the sequence of a message that is being gone to; 0 for none.
	want uint64
}

// How far the ring is around a message and around a part of one: with its width, less
// than from one message to the next.
const (
	ringAway     = theme.RingWidth + 1
	ringPartAway = theme.RingWidth
)

// FocusGained implements fyne.Focusable. Whoever comes with the Tab key sees where
// they are; a click takes the focus too, so that what is selected can be copied.
func (c *Canvas) FocusGained() {
	c.keys.on = true
	if !c.keys.pointed {
		c.showKeys()
	}
}

// FocusLost implements fyne.Focusable.
func (c *Canvas) FocusLost() {
	c.keys.on = false
	c.hideKeys()
	// A window that goes to the back leaves the focus where it is, and is told like this
	// all the same: only what has the focus afterwards tells one from the other.
	c.after(0, func() {
		cv := fyne.CurrentApp().Driver().CanvasForObject(c)
		if !c.keys.on && (cv == nil || cv.Focused() != fyne.Focusable(c)) {
			c.keys.pointed = false
		}
	})
}

// FocusUnseen makes the focus that comes next like one by a click, which shows nothing
// until a key is used.
func (c *Canvas) FocusUnseen() { c.keys.pointed = true }

// showKeys shows where the keyboard is: where it was, in the message clicked last, or
// at the lowest on the screen.
func (c *Canvas) showKeys() {
	c.keys.shown, c.keys.pointed = true, false
	if e := c.window.byKey[c.marked.to.Key]; e != nil && e.row != nil {
		c.goToEntry(e)
	}
	c.holdFocus()
	c.placeEdge(c.Size())
	c.redrawFocused()
}

// point is a click: the ring goes, and comes again where that was.
func (c *Canvas) point(at fyne.Position) {
	c.hideKeys()
	c.keys.pointed = true
	if _, r := c.hit(at); r != nil {
		c.keys.at = r.entry.Cursor()
	}
}

func (c *Canvas) hideKeys() {
	if !c.keys.shown {
		return
	}
	c.keys.shown = false
	c.placeEdge(c.Size())
	c.redrawFocused()
}

// focused is the entry with the ring, nil for none.
func (c *Canvas) focused() *entry {
	if !c.keys.shown {
		return nil
	}
	return c.window.byKey[c.keys.at.Key]
}

// KeyboardAt returns the message that has the ring; false while there is none.
func (c *Canvas) KeyboardAt() (it Item, ok bool) {
	if e := c.focused(); e != nil {
		return e.Item, true
	}
	return Item{}, false
}

// goToEntry moves the keyboard to an entry.
func (c *Canvas) goToEntry(e *entry) {
	old := c.window.byKey[c.keys.at.Key]
	c.keys.at = e.Cursor()
	c.keys.part = 0
	if e.row != nil {
		c.keys.part = c.mainPart(e)
	}
	if old != e {
		c.rebind(old)
	}
	c.rebind(e)
	c.refreshAll()
	if e.Kind == KindVoice && old != e {
		c.nearVoice(e.Key)
	}
}

func (c *Canvas) redrawFocused() {
	c.rebind(c.window.byKey[c.keys.at.Key])
	c.refreshAll()
}

// rebind draws an entry anew if it is on the screen.
func (c *Canvas) rebind(e *entry) {
	if e != nil && e.row != nil && e.layout != nil {
		e.row.bind(c, e, e.row.y, c.Size().Height)
	}
}

// holdFocus keeps the ring on the screen, and takes it along to where a person goes.
func (c *Canvas) holdFocus() {
	k := &c.keys
	if !k.shown || len(c.shown) == 0 {
		return
	}
	if r := c.litRow(k.want); k.want > 0 && r != nil {
		k.want = 0
		c.goToEntry(r.entry)
		return
	}
	if e := c.focused(); e != nil && e.row != nil && c.inSight(e.row) {
		k.at = e.Cursor() // it may have been sent meanwhile
		return
	}
	var to *row
	for _, r := range c.shown {
		if !c.inSight(r) {
			continue
		}
		to = r
		if k.at.Key != "" && r.entry.Cursor().Compare(k.at) >= 0 {
			break
		}
	}
	if to != nil {
		c.goToEntry(to.entry)
	}
}

// follow takes the ring along to the message with a sequence, when that has come.
func (c *Canvas) follow(sequence uint64) {
	if c.keys.shown {
		c.keys.want = sequence
	}
}

// inSight reports whether enough of a row is on the screen for its ring to be seen.
func (c *Canvas) inSight(r *row) bool {
	a := r.layout.said()
	top, bottom := r.y+a.y, r.y+a.y+a.h
	return min(bottom, c.Size().Height)-max(top, 0) >= min(a.h, theme.LineHeight)
}

// step moves the keyboard to the message above (-1) or below (1). One that reaches
// beyond the screen is scrolled through first. It reports whether there is any.
func (c *Canvas) step(by int) bool {
	if !c.keys.on || len(c.shown) == 0 {
		return false
	}
	c.stopGlide()
	c.keys.want = 0
	if !c.keys.shown {
		c.showKeys() // the first key shows where one is
		return true
	}
	e := c.focused()
	i := c.window.indexOf(e)
	if i < 0 || e.row == nil {
		return false
	}
	height := c.Size().Height
	said := e.layout.said()
	top, bottom := e.row.y+said.y, e.row.y+said.y+said.h
	switch page := max(height-keyOverlap, keyStep); {
	case said.h <= height:
	case by < 0 && top < 0:
		c.scrollBy(min(page, theme.CanvasPaddingY-top))
		return true
	case by > 0 && bottom > height:
		c.scrollBy(-min(page, bottom+theme.CanvasPaddingY-height))
		return true
	}
	lo, hi := c.window.shownRange()
	if i+by < lo || i+by >= hi {
		c.scrollBy(float32(-by) * keyStep) // more may be on its way
		return true
	}
	c.ClearSelection()
	next := c.window.entries[i+by]
	c.uncover(next)
	if next.row != nil {
		c.goToEntry(next)
	}
	return true
}

// uncover scrolls as little as is needed for an entry beside the screen to be seen
// whole, or, if it is taller than that, the end of it that one comes from.
func (c *Canvas) uncover(e *entry) {
	l := c.layoutOf(e)
	height := c.Size().Height
	top := c.topOf(e)
	bottom := top + l.height + theme.CanvasPaddingY
	top -= theme.CanvasPaddingY
	switch {
	case top < 0 && bottom <= height:
		c.scrollBy(min(-top, height-bottom))
	case bottom > height && top >= 0:
		c.scrollBy(-min(bottom-height, top))
	}
}

// topOf is where the upper edge of an entry is, or would be.
func (c *Canvas) topOf(e *entry) float32 {
	if e.row != nil {
		return e.row.y
	}
	es := c.window.entries
	at := c.window.indexOf(e)
	first, last := c.shown[0], c.shown[len(c.shown)-1]
	if i := c.window.indexOf(first.entry); at < i {
		y := first.y
		for ; i > at; i-- {
			y -= c.layoutOf(es[i-1]).height
		}
		return y
	}
	y := last.y + last.layout.height
	for i := c.window.indexOf(last.entry) + 1; i < at; i++ {
		y += c.layoutOf(es[i]).height
	}
	return y
}

// focus draws the ring of the message that has the keyboard, and that of a part of it
// where there are several.
func (r *row) focus(c *Canvas, e *entry, l *rowLayout) {
	if !c.keys.shown || c.keys.at.Key != e.Key {
		return
	}
	r.frame(l.said().grown(ringAway), theme.RadiusBubble+ringAway)
	parts := c.partsOf(e, l)
	if len(parts) < 2 {
		return
	}
	for _, a := range parts[min(c.keys.part, len(parts)-1)].areas {
		r.frame(a.grown(ringPartAway), theme.RadiusButton+ringPartAway)
	}
}

// said is what stands for a message: its bubble, with the quote that may lie above.
func (l *rowLayout) said() area {
	a := l.bubble
	switch {
	case l.notice.w > 0:
		a = l.notice.area
	case l.hole.w > 0:
		a = l.hole.area
	case l.photo != nil:
		a = l.photo.area
	case l.sticker.w > 0:
		a = l.sticker
	}
	if l.quote != nil && l.quote.ground.w > 0 {
		a = a.with(l.quote.ground)
	}
	return a
}

// with is the smallest area that holds both.
func (a area) with(b area) area {
	x, y := min(a.x, b.x), min(a.y, b.y)
	return area{x, y, max(a.x+a.w, b.x+b.w) - x, max(a.y+a.h, b.y+b.h) - y}
}

// grown is an area with more room around it.
func (a area) grown(by float32) area {
	return area{a.x - by, a.y - by, a.w + 2*by, a.h + 2*by}
}

// placeEdge shows that the canvas has the keyboard while it holds no message.
func (c *Canvas) placeEdge(size fyne.Size) {
	o := c.floats.edge
	o.Hidden = !c.keys.shown || len(c.shown) > 0
	o.Move(pos(theme.Grid, theme.Grid))
	o.Resize(fyne.NewSize(max(size.Width-2*theme.Grid, 0), max(size.Height-2*theme.Grid, 0)))
}
