package canvas

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"magpie/widgets/theme"
)

// doubleClick is how soon a second click must follow, and clickSlop how near.
const (
	doubleClick = 400 * time.Millisecond
	clickSlop   = 4
)

type dragMode uint8

const (
	dragNothing dragMode = iota
	dragText
	dragBar
	dragWave
)

// pointer is what the mouse is doing.
type pointer struct {
	at     fyne.Position
	inside bool
	mode   dragMode
	grab   float32 // where on the thumb it was taken
	// thumb and shows are, while the bar is dragged, how high it is and how many
	// sequences that stands for.
	thumb  float32
	shows  float64
	onBar  bool // the pointer is on the bar
	clicks int
	last   time.Time
	lastAt fyne.Position
	// origin is the unit at which a selection was begun.
	unit   unit
	origin [2]spot
	hot    hot
	link   string // the address of the link under the pointer, "" for none
	voice  Key    // of the voice note under the pointer, "" for none
	// grabbed is the voice note whose waveform the button went down on, seek is
	// where a drag on it has come.
	grabbed *entry
	seek    seek
}

// hot is the button that is under the pointer.
type hot struct {
	entry *entry // nil for none
	n     int    // of a card its number, else a mediaAction
}

// part says what is at a point of the canvas.
type part uint8

const (
	onNothing part = iota
	onRow
	onText
	onResend
	onAction
	onAvatar
	onButton
	onMedia
	onQuote
	onChoice
	onJump
	onBar
	onDate
	onDay
	onRetry
)

// hit returns what is at a point, and the row it belongs to.
func (c *Canvas) hit(p fyne.Position) (part, *row) {
	f := c.floats
	if f.jump.holds(p.X, p.Y) {
		return onJump, nil
	}
	if c.dateHit(p) {
		return onDate, nil
	}
	if c.barHit(p) {
		return onBar, nil
	}
	for _, r := range c.shown {
		if y := p.Y - r.y; y >= 0 && y < r.layout.height {
			what := c.within(r, p.X, y)
			if what == onNothing {
				r = nil
			}
			return what, r
		}
	}
	return onNothing, nil
}

// within returns what is at a place in a row.
func (c *Canvas) within(r *row, x, y float32) part {
	l := r.layout
	switch {
	case c.choosing.on && r.entry.choosable():
		return onChoice
	case c.choosing.on:
		return onNothing
	case l.quote != nil && l.quote.holds(x, y):
		return onQuote
	case linkArea(l.resend).holds(x, y):
		return onResend
	case linkArea(l.notice.action).holds(x, y):
		return onAction
	case linkArea(l.hole.action).holds(x, y):
		return onRetry
	case l.day.holds(x, y) && c.intents.OnDate != nil:
		return onDay
	case l.avatar.holds(x, y):
		return onAvatar
	case l.card.button(x, y) >= 0:
		return onButton
	case c.mediaAt(r.entry, l, x, y) != mediaNothing:
		return onMedia
	case l.bubble.holds(x, y) && len(l.text.Lines) > 0:
		return onText
	case l.notice.holds(x, y), y >= l.bodyTop():
		return onRow
	}
	return onNothing
}

// linkArea is where a link may be clicked: a little more than its text.
func linkArea(t label) area {
	if t.w == 0 {
		return area{}
	}
	return area{t.x - theme.Grid, t.y - theme.Grid, t.w + 2*theme.Grid, smallLine + 2*theme.Grid}
}

// MouseDown implements desktop.Mouseable.
func (c *Canvas) MouseDown(ev *desktop.MouseEvent) {
	c.pointer.at = ev.Position
	c.choosing.shift = ev.Modifier&fyne.KeyModifierShift != 0
	if ev.Button != desktop.MouseButtonPrimary {
		return
	}
	c.stopGlide()
	// Wherever the click: else Fyne takes the focus from the composer and gives
	// it to nobody, and what is typed next is lost ([Intents.OnTyped]).
	c.point(ev.Position)
	if cv := fyne.CurrentApp().Driver().CanvasForObject(c); cv != nil {
		cv.Focus(c)
	}
	what, r := c.hit(ev.Position)
	switch what {
	case onBar:
		c.grabBar(ev.Position.Y)
	case onText:
		c.click(ev.Position)
		c.beginSelection(ev.Position, c.pointer.clicks, c.choosing.shift)
	case onRow, onNothing: // beside the messages
		if c.choosing.on || !c.open {
			return
		}
		c.beginSelection(ev.Position, 0, c.choosing.shift)
	case onMedia:
		c.ClearSelection()
		if c.mediaAt(r.entry, r.layout, ev.Position.X, ev.Position.Y-r.y) == mediaWave {
			c.pointer.mode, c.pointer.grabbed = dragWave, r.entry
		}
	default:
		c.ClearSelection()
	}
}

// click counts clicks that follow each other.
func (c *Canvas) click(at fyne.Position) {
	p, now := &c.pointer, c.now()
	near := max(at.X-p.lastAt.X, p.lastAt.X-at.X, at.Y-p.lastAt.Y, p.lastAt.Y-at.Y) <= clickSlop
	if !near || now.Sub(p.last) > doubleClick {
		p.clicks = 0
	}
	p.clicks++
	p.last, p.lastAt = now, at
}

// MouseUp implements desktop.Mouseable.
func (c *Canvas) MouseUp(*desktop.MouseEvent) { c.release() }

// Dragged implements fyne.Draggable.
func (c *Canvas) Dragged(ev *fyne.DragEvent) {
	c.pointer.at = ev.Position
	switch c.pointer.mode {
	case dragText:
		c.dragSelection(ev.Position)
		c.followEdge()
	case dragBar:
		c.dragBarTo(ev.Position.Y - c.pointer.grab)
	case dragWave:
		c.dragWaveTo(ev.Position.X)
	}
}

// DragEnd implements fyne.Draggable.
func (c *Canvas) DragEnd() { c.release() }

func (c *Canvas) release() {
	mode := c.pointer.mode
	c.pointer.mode = dragNothing
	switch mode {
	case dragBar:
		c.letGoBar()
	case dragWave:
		c.endWave()
	}
}

// Tapped implements fyne.Tappable.
func (c *Canvas) Tapped(ev *fyne.PointEvent) {
	what, r := c.hit(ev.Position)
	if what == onText && c.Selected() != "" {
		return // it was dragged over, not clicked
	}
	c.do(what, r, ev.Position)
}

// do does what is at a point, in a row if it belongs to one.
func (c *Canvas) do(what part, r *row, at fyne.Position) {
	call := func(f func(Key)) {
		if f != nil {
			f(r.entry.Key)
		}
	}
	switch what {
	case onJump:
		c.JumpToNewest()
	case onResend:
		call(c.intents.OnResend)
	case onAction:
		call(c.intents.OnAction)
	case onRetry:
		call(c.intents.OnRetry)
	case onDate:
		c.intents.OnDate(c.floats.dateDay)
	case onDay:
		c.intents.OnDate(r.entry.Time)
	case onAvatar:
		if c.intents.OnAvatar != nil {
			c.intents.OnAvatar(r.entry.Sender.ID)
		}
	case onText:
		if u := c.linkAt(r, at); u != "" && c.intents.OnLink != nil {
			c.intents.OnLink(u)
		}
	case onMedia:
		c.tapMedia(r, at)
	case onQuote:
		call(c.intents.OnQuote)
	case onChoice:
		c.choose(r.entry, c.choosing.shift)
	case onButton:
		n := r.layout.card.button(at.X, at.Y-r.y)
		if c.intents.OnButton != nil {
			c.intents.OnButton(r.entry.Key, r.entry.Buttons[n].ID)
		}
	}
}

// TappedSecondary implements fyne.SecondaryTappable.
func (c *Canvas) TappedSecondary(ev *fyne.PointEvent) {
	what, r := c.hit(ev.Position)
	if r == nil || what == onNothing || r.entry.Kind == KindHole || c.intents.OnMenu == nil {
		return
	}
	selected := ""
	if a, b := c.marked.of(r.entry.Cursor()); a < b {
		selected = c.Selected()
	}
	c.intents.OnMenu(r.entry.Key, ev.AbsolutePosition, selected)
}

// MouseIn implements desktop.Hoverable. The scroll bar shows while the pointer is
// here.
func (c *Canvas) MouseIn(ev *desktop.MouseEvent) {
	c.pointer.at = ev.Position
	c.hover(true)
	c.warm()
}

// MouseMoved implements desktop.Hoverable.
func (c *Canvas) MouseMoved(ev *desktop.MouseEvent) {
	c.pointer.at = ev.Position
	c.warm()
}

// MouseOut implements desktop.Hoverable.
func (c *Canvas) MouseOut() {
	c.overLink("")
	c.overVoice("")
	c.heat(hot{})
	c.hover(false)
}

// warm shows which button is under the pointer.
func (c *Canvas) warm() {
	c.warmBar()
	h, link, voice := hot{}, "", Key("")
	switch what, r := c.hit(c.pointer.at); what {
	case onText:
		link = c.linkAt(r, c.pointer.at)
	case onButton:
		h = hot{r.entry, r.layout.card.button(c.pointer.at.X, c.pointer.at.Y-r.y)}
	case onMedia:
		if a := c.mediaAt(r.entry, r.layout, c.pointer.at.X, c.pointer.at.Y-r.y); a.warms() {
			h = hot{r.entry, int(a)}
		}
		if r.layout.voice != nil {
			voice = r.entry.Key
		}
	}
	c.overLink(link)
	c.overVoice(voice)
	c.heat(h)
}

func (c *Canvas) heat(h hot) {
	old := c.pointer.hot
	if old == h {
		return
	}
	c.pointer.hot = h
	height := c.Size().Height
	for _, r := range c.shown {
		if r.entry.layout != nil && (r.entry == old.entry || r.entry == h.entry) {
			r.bind(c, r.entry, r.y, height)
		}
	}
	c.refreshAll()
}

func (c *Canvas) hover(inside bool) {
	c.pointer.inside = inside
	c.pointer.onBar = inside && c.barHit(c.pointer.at)
	c.placeFloats()
	c.refreshAll()
}

// Cursor implements desktop.Cursorable.
func (c *Canvas) Cursor() desktop.Cursor {
	switch {
	case c.pointer.mode == dragText && !c.marked.empty():
		return desktop.TextCursor
	case c.pointer.mode == dragBar:
		return desktop.DefaultCursor
	}
	switch what, r := c.hit(c.pointer.at); what {
	case onResend, onAction, onRetry, onButton, onMedia, onQuote, onChoice, onJump, onDate, onDay:
		return desktop.PointerCursor
	case onAvatar:
		if c.intents.OnAvatar != nil {
			return desktop.PointerCursor
		}
	case onText:
		if c.intents.OnLink != nil && c.linkAt(r, c.pointer.at) != "" {
			return desktop.PointerCursor
		}
		l := r.layout
		if y := c.pointer.at.Y - r.y; y >= l.textY && y < l.textBottom() {
			return desktop.TextCursor
		}
	}
	return desktop.DefaultCursor
}
