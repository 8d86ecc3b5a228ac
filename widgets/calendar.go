package widgets

import (
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// CalendarWords are what a calendar says, in the person's language.
type CalendarWords struct {
	// Month heads the days of a month ("November 2026").
	Month func(t time.Time) string
	// Weekday heads a column, short.
	Weekday func(d time.Weekday) string
	// Before and After say what the buttons beside the month do.
	Before, After string
}

const (
	calendarCell = float32(36)
	calendarHead = theme.IconButtonSize
	calendarWeek = float32(24)
	calendarRows = 6
	daysOfWeek   = 7
)

// Calendar chooses a day. Weeks begin on Monday. Arrow keys go from day to day, page
// up and down from month to month, Home to the last day there is; Enter and a click
// choose one. Days after the last are shown and cannot be chosen.
type Calendar struct {
	widget.BaseWidget
	words  CalendarWords
	taken  func(time.Time)
	last   time.Time // midnight
	day    time.Time // midnight; the one that has the keyboard
	over   int       // the cell under the pointer, -1 for none
	inside bool      // it has the keyboard

	before, after *IconButton
	title         *label
	heads         [daysOfWeek]*label
	days          [calendarRows * daysOfWeek]*label
	mark, hover   *canvas.Rectangle
}

var (
	_ fyne.Tappable      = (*Calendar)(nil)
	_ fyne.Focusable     = (*Calendar)(nil)
	_ desktop.Hoverable  = (*Calendar)(nil)
	_ desktop.Cursorable = (*Calendar)(nil)
)

// NewCalendar shows the month of day; last is the last day that can be chosen. Both are
// days of their location.
func NewCalendar(words CalendarWords, day, last time.Time, taken func(time.Time)) *Calendar {
	c := &Calendar{words: words, taken: taken, last: midnight(last), over: -1, title: newLabel(theme.TextSize, true), mark: box(theme.RadiusButton), hover: box(theme.RadiusButton)}
	c.before = NewIconButton("back", words.Before, func() { c.goTo(c.day.AddDate(0, -1, 0)) })
	c.after = NewIconButton("forward", words.After, func() { c.goTo(c.day.AddDate(0, 1, 0)) })
	face := newFace(theme.MetaSize, false)
	for i := range c.heads {
		c.heads[i] = newLabelIn(face, theme.MetaSize, false)
		c.heads[i].set(words.Weekday(time.Weekday((i + 1) % daysOfWeek)))
	}
	face = newFace(theme.TextSize, false)
	for i := range c.days {
		c.days[i] = newLabelIn(face, theme.TextSize, false)
	}
	c.ExtendBaseWidget(c)
	c.goTo(day)
	return c
}

func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

// Day is the day that has the keyboard, at midnight.
func (c *Calendar) Day() time.Time { return c.day }

// goTo gives a day the keyboard, the last one if it is after that.
func (c *Calendar) goTo(day time.Time) {
	if day = midnight(day); day.After(c.last) {
		day = c.last
	}
	c.day = day
	c.Refresh()
}

// first is the day in the upper left cell.
func (c *Calendar) first() time.Time {
	first := c.day.AddDate(0, 0, 1-c.day.Day())
	return first.AddDate(0, 0, -(int(first.Weekday())+daysOfWeek-1)%daysOfWeek)
}

// at is the cell at a place, -1 for none.
func (c *Calendar) at(p fyne.Position) int {
	y := p.Y - calendarHead - calendarWeek
	x := p.X - c.left()
	if x < 0 || y < 0 || x >= daysOfWeek*c.cell() || y >= calendarRows*calendarCell {
		return -1
	}
	return int(y/calendarCell)*daysOfWeek + int(x/c.cell())
}

func (c *Calendar) cell() float32 { return min(c.Size().Width/daysOfWeek, 52) }
func (c *Calendar) left() float32 { return (c.Size().Width - daysOfWeek*c.cell()) / 2 }

// choosable reports whether a cell has a day that can be chosen.
func (c *Calendar) choosable(cell int) bool {
	return cell >= 0 && !c.first().AddDate(0, 0, cell).After(c.last)
}

// Tapped implements fyne.Tappable.
func (c *Calendar) Tapped(ev *fyne.PointEvent) {
	if cell := c.at(ev.Position); c.choosable(cell) {
		c.goTo(c.first().AddDate(0, 0, cell))
		c.taken(c.day)
	}
}

// MouseIn implements desktop.Hoverable.
func (c *Calendar) MouseIn(ev *desktop.MouseEvent) { c.MouseMoved(ev) }

// MouseMoved implements desktop.Hoverable.
func (c *Calendar) MouseMoved(ev *desktop.MouseEvent) { c.point(c.at(ev.Position)) }

// MouseOut implements desktop.Hoverable.
func (c *Calendar) MouseOut() { c.point(-1) }

func (c *Calendar) point(cell int) {
	if cell != c.over {
		c.over = cell
		c.Refresh()
	}
}

// Cursor implements desktop.Cursorable.
func (c *Calendar) Cursor() desktop.Cursor {
	if c.choosable(c.over) {
		return desktop.PointerCursor
	}
	return desktop.DefaultCursor
}

// FocusGained implements fyne.Focusable.
func (c *Calendar) FocusGained() { c.inside = true; c.Refresh() }

// FocusLost implements fyne.Focusable.
func (c *Calendar) FocusLost() { c.inside = false; c.Refresh() }

// TypedRune implements fyne.Focusable.
func (c *Calendar) TypedRune(rune) {}

// TypedKey implements fyne.Focusable.
func (c *Calendar) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeyLeft:
		c.goTo(c.day.AddDate(0, 0, -1))
	case fyne.KeyRight:
		c.goTo(c.day.AddDate(0, 0, 1))
	case fyne.KeyUp:
		c.goTo(c.day.AddDate(0, 0, -daysOfWeek))
	case fyne.KeyDown:
		c.goTo(c.day.AddDate(0, 0, daysOfWeek))
	case fyne.KeyPageUp:
		c.goTo(c.day.AddDate(0, -1, 0))
	case fyne.KeyPageDown:
		c.goTo(c.day.AddDate(0, 1, 0))
	case fyne.KeyHome, fyne.KeyEnd:
		c.goTo(c.last)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		c.taken(c.day)
	default:
		passKey(c, key)
	}
}

// HeightFor is how tall the calendar is at any width.
func (c *Calendar) HeightFor(float32) float32 {
	return calendarHead + calendarWeek + calendarRows*calendarCell
}

// CreateRenderer implements fyne.Widget.
func (c *Calendar) CreateRenderer() fyne.WidgetRenderer {
	objects := []fyne.CanvasObject{c.hover, c.mark, c.title.line, c.before, c.after}
	for _, h := range c.heads {
		objects = append(objects, h.line)
	}
	for _, d := range c.days {
		objects = append(objects, d.line)
	}
	return &flat{
		objects: these(objects...),
		layout:  c.layout,
		min:     func() fyne.Size { return fyne.NewSize(daysOfWeek*28, c.HeightFor(0)) },
		refresh: func() { c.layout(c.Size()); canvas.Refresh(c) },
	}
}

func (c *Calendar) layout(size fyne.Size) {
	c.title.set(c.words.Month(c.day))
	c.title.ink(theme.Ink)
	place(c.before, c.left(), 0, theme.IconButtonSize, theme.IconButtonSize)
	place(c.after, size.Width-c.left()-theme.IconButtonSize, 0, theme.IconButtonSize, theme.IconButtonSize)
	c.title.placeCentred(c.left()+theme.IconButtonSize, 0, calendarHead, size.Width-2*c.left()-2*theme.IconButtonSize)
	cell := c.cell()
	for i, h := range c.heads {
		h.ink(theme.Ink2)
		h.placeCentred(c.left()+float32(i)*cell, calendarHead, calendarWeek, cell)
	}
	c.mark.FillColor, c.hover.FillColor = theme.Color(theme.Accent), theme.Color(theme.Selected)
	ring(c.mark, c.inside, theme.Ink)
	c.hover.Hidden = !c.choosable(c.over)
	first := c.first()
	for i, d := range c.days {
		day := first.AddDate(0, 0, i)
		x := c.left() + float32(i%daysOfWeek)*cell
		y := calendarHead + calendarWeek + float32(i/daysOfWeek)*calendarCell
		d.set(strconv.Itoa(day.Day()))
		switch {
		case day.Equal(c.day):
			place(c.mark, x+(cell-calendarCell)/2+1, y+1, calendarCell-2, calendarCell-2)
			d.ink(theme.OnAccent)
		case day.After(c.last):
			d.ink(theme.Faint)
		case day.Month() != c.day.Month():
			d.ink(theme.Meta)
		default:
			d.ink(theme.Ink)
		}
		if i == c.over {
			place(c.hover, x+(cell-calendarCell)/2+1, y+1, calendarCell-2, calendarCell-2)
		}
		d.placeCentred(x, y, calendarCell, cell)
	}
}
