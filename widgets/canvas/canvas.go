package canvas

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/loop"
	"magpie/widgets/picture"
)

// MaxItems is how many items are held at most. Beyond it the ones farthest from
// the screen are let go.
const MaxItems = 512

// Canvas shows one conversation at a time. Make it with [New].
type Canvas struct {
	widget.BaseWidget
	words   Words
	intents Intents
	now     func() time.Time
	after   func(time.Duration, func())
	thumbs  func(key Key, width, height int) Thumbnail
	still   bool
	active  bool
	open    bool

	window     window
	loads      loads
	divider    divider
	pos        position
	shown      []*row // what is on the screen, from top to bottom
	spare      []*row // rows that are on the screen no more
	spareShown []*row // the backing of shown before
	fonts      *fonts
	fontOf     fyne.Resource // what fonts were made of

	seen     seen
	marked   selection
	kept     map[Key]Item // selected items that are not held any more
	edge     edge
	choosing choosing
	pointer  pointer
	keys     keys
	pictures picture.Cache
	icons    icons
	// made counts the pictures of emoji made since madeSince; makes says that
	// makeMore will be called.
	made      int
	madeSince time.Time
	makes     bool
	glide     glide
	flash     flash
	// transfers and playing are of any conversation: see SetTransfer.
	transfers map[Key]Transfer
	playing   map[Key]Playing
	floats    *floats
	skeleton  *skeleton
	boxes     []fyne.CanvasObject // what the renderer draws
	scale     float32             // device pixels in a unit
	measured  int                 // rows laid out so far; tests hold it to account
	drawn     int                 // rows bound so far, likewise
}

var (
	_ fyne.Scrollable        = (*Canvas)(nil)
	_ fyne.Draggable         = (*Canvas)(nil)
	_ fyne.Tappable          = (*Canvas)(nil)
	_ fyne.SecondaryTappable = (*Canvas)(nil)
	_ fyne.Focusable         = (*Canvas)(nil)
	_ fyne.Shortcutable      = (*Canvas)(nil)
	_ desktop.Mouseable      = (*Canvas)(nil)
	_ desktop.Hoverable      = (*Canvas)(nil)
	_ desktop.Cursorable     = (*Canvas)(nil)
)

// New makes a canvas that shows nothing yet.
func New(o Options) *Canvas {
	c := &Canvas{words: o.Words, intents: o.Intents, now: o.Now, after: o.After, thumbs: o.Thumbnails, still: o.Still, active: true, scale: 1}
	if c.now == nil {
		c.now = time.Now
	}
	if c.after == nil {
		c.after = func(d time.Duration, f func()) { time.AfterFunc(d, func() { loop.Do(f) }) }
	}
	c.floats = newFloats()
	c.skeleton = newSkeleton()
	c.ExtendBaseWidget(c)
	return c
}

// Open shows a conversation from the place that o says, instead of the one
// before. If the Source answers before it returns, what it answered is laid out
// when Open returns.
func (c *Canvas) Open(o Opening) {
	c.Close()
	c.overLink("")
	c.open = true
	c.loads.source = o.Source
	c.window.first, c.window.last = o.First, o.Last
	c.seen = seen{upTo: o.ReadUpTo, below: max(o.Unread, 0)}
	if o.Unread > 0 {
		c.divider = divider{after: o.ReadUpTo, n: o.Unread}
	}
	switch {
	case o.At > 0:
		c.light(o.At)
		c.goTo(goal{kind: goMiddle, sequence: o.At})
	case o.Unread > 0:
		c.goTo(goal{kind: goDivider, sequence: o.ReadUpTo + 1})
	case o.Reading.Sequence > 0:
		c.goTo(goal{kind: goReading, sequence: o.Reading.Sequence, above: o.Reading.Above})
	default:
		c.goTo(goal{kind: goNewest})
	}
	c.await()
}

// Close shows no conversation: nothing at all, not even Words.Empty.
func (c *Canvas) Close() {
	c.stopGlide()
	c.light(0)
	c.open = false
	c.loads.reset()
	c.window = window{}
	c.pos = position{}
	c.divider = divider{}
	c.seen = seen{}
	c.marked, c.kept = selection{}, nil
	c.choosing = choosing{}
	c.keys.at, c.keys.part, c.keys.want = Cursor{}, 0, 0
	c.pointer.mode, c.pointer.hot, c.pointer.grabbed, c.pointer.seek = dragNothing, hot{}, nil, seek{}
	c.floats.date = false
	c.recycle(0)
	c.refreshAll()
}

// Apply brings in what happened to the conversation. Nothing that is on the
// screen moves by it, except that a canvas that shows the newest message goes on
// showing the newest message, for as long as that takes nothing off the screen
// that has not been seen. After a person has sent something, call
// [Canvas.JumpToNewest] as well.
func (c *Canvas) Apply(ch Changes) {
	if !c.open {
		return
	}
	c.loads.note(ch)
	c.count(ch.Put)
	c.merge(ch)
	c.place()
	c.refreshAll()
}

// SetDivider moves the unread divider above the first message of others after
// the sequence after, saying n; n = 0 takes it away.
func (c *Canvas) SetDivider(after uint64, n int) {
	c.divider = divider{after: after, n: n}
	for _, e := range c.window.entries {
		if e.look.divider { // it may stay where it is and say something else
			e.layout = nil
		}
	}
	c.changed()
}

// SetBounds sets the lowest and highest sequence there are. Apply raises the
// highest by itself.
func (c *Canvas) SetBounds(first, last uint64) {
	c.window.first, c.window.last = first, last
	c.placeFloats()
	c.refreshAll()
}

// SetWords changes the language, or what today is.
func (c *Canvas) SetWords(w Words) {
	c.words = w
	c.remeasure()
	c.changed()
}

// SetActive says whether a person can be reading: the window is in front and
// the canvas uncovered. Only then is anything reported as seen. A new canvas is
// active.
func (c *Canvas) SetActive(active bool) {
	c.active = active
	c.look()
}

// JumpToNewest goes to the newest message, which may have to be loaded.
func (c *Canvas) JumpToNewest() {
	if c.open {
		c.goTo(goal{kind: goNewest})
	}
}

// JumpTo goes to the message with a sequence, or the nearest one there is, which
// may have to be loaded, and shows it in the middle.
func (c *Canvas) JumpTo(sequence uint64) {
	if c.open {
		c.follow(sequence)
		c.goTo(goal{kind: goMiddle, sequence: sequence})
	}
}

// AtNewest reports whether the lower edge of the newest message is on the
// screen.
func (c *Canvas) AtNewest() bool { return c.pos.stick && !c.window.newer }

// OnScreen returns the first and last item of which anything is on the screen.
func (c *Canvas) OnScreen() (first, last Item, ok bool) {
	if len(c.shown) == 0 {
		return Item{}, Item{}, false
	}
	return c.shown[0].entry.Item, c.shown[len(c.shown)-1].entry.Item, true
}

// changed lays out again after something that rows are made of has changed.
func (c *Canvas) changed() {
	c.decorate()
	c.place()
	c.refreshAll()
}
