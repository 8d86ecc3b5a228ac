package widgets

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// clicks counts those that follow one another at one place, and keeps what they
// marked.
type clicks struct {
	n        int
	last     time.Time
	where    fyne.Position
	from, to int
}

// Within this time and distance a click belongs to the one before.
const (
	clickWithin = 400 * time.Millisecond
	clickNear   = float32(6)
)

func (c *clicks) count(at fyne.Position, now time.Time) int {
	d := at.Subtract(c.where)
	near := max(d.X, -d.X) <= clickNear && max(d.Y, -d.Y) <= clickNear
	if c.n > 0 && c.n < 3 && near && now.Sub(c.last) < clickWithin {
		c.n++
	} else {
		c.n = 1
	}
	c.last, c.where = now, at
	return c.n
}

// MouseDown puts the cursor somewhere; a second click marks the word, a third the
// paragraph, and with Shift what is between is marked.
func (a *textArea) MouseDown(m *desktop.MouseEvent) {
	if a.Disabled() {
		return
	}
	focus(a)
	at, upstream := a.placeAt(m.Position)
	from, to := a.text.Selection()
	if m.Button == desktop.MouseButtonSecondary && from < to && at >= from && at <= to {
		return // the menu is about what is marked
	}
	n := 1
	if m.Button == desktop.MouseButtonPrimary {
		n = a.clicks.count(m.Position, a.now())
	}
	switch {
	case n == 1 && m.Modifier&fyne.KeyModifierShift != 0:
		anchor := from
		if a.text.Caret() == from {
			anchor = to
		}
		a.clicks.from, a.clicks.to = anchor, anchor
		a.markTo(anchor, at, upstream)
		return
	case n == 2:
		from, to = a.layout.Word(at)
	case n == 3:
		from, to = a.paragraph(at)
	default:
		from, to = at, at
	}
	a.clicks.from, a.clicks.to = from, to
	a.markTo(from, to, upstream && from == to)
}

// MouseUp implements desktop.Mouseable.
func (a *textArea) MouseUp(*desktop.MouseEvent) {}

// Dragged goes on marking, in whole words or paragraphs if it began so.
func (a *textArea) Dragged(d *fyne.DragEvent) {
	if a.Disabled() {
		return
	}
	at, upstream := a.placeAt(d.Position)
	from, to := at, at
	switch a.clicks.n {
	case 2:
		from, to = a.layout.Word(at)
	case 3:
		from, to = a.paragraph(at)
	}
	if from < a.clicks.from {
		a.markTo(a.clicks.to, from, upstream)
	} else {
		a.markTo(a.clicks.from, max(to, a.clicks.to), upstream)
	}
}

// DragEnd implements fyne.Draggable.
func (a *textArea) DragEnd() {}

// TappedSecondary implements fyne.SecondaryTappable.
func (a *textArea) TappedSecondary(e *fyne.PointEvent) {
	if a.menu != nil && !a.Disabled() {
		a.menu(e.AbsolutePosition)
	}
}

// markTo marks from anchor to the cursor, which is put at caret.
func (a *textArea) markTo(anchor, caret int, upstream bool) {
	a.text.Mark(anchor, caret)
	a.goal, a.upstream = -1, upstream
	a.follow()
}

// paragraph returns the bytes between the line feeds around a place.
func (a *textArea) paragraph(at int) (from, to int) {
	s := a.text.String()
	from = strings.LastIndexByte(s[:at], '\n') + 1
	if n := strings.IndexByte(s[at:], '\n'); n >= 0 {
		return from, at + n + 1
	}
	return from, len(s)
}
