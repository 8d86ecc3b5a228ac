package canvas

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
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
	still   bool
	active  bool
	opening Opening
}

// New makes a canvas that shows nothing yet.
func New(o Options) *Canvas {
	c := &Canvas{words: o.Words, intents: o.Intents, now: o.Now, still: o.Still}
	if c.now == nil {
		c.now = time.Now
	}
	c.ExtendBaseWidget(c)
	return c
}

// CreateRenderer implements fyne.Widget.
func (c *Canvas) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(fyneSpacer()) }

func fyneSpacer() fyne.CanvasObject { return widget.NewLabel("") }

// Open shows a conversation from the place that o says, instead of the one
// before. If the Source answers before it returns, so is what Open draws.
func (c *Canvas) Open(o Opening) { c.opening = o }

// Close shows no conversation: nothing at all, not even Words.Empty.
func (c *Canvas) Close() {}

// Apply brings in what happened to the conversation. Nothing that is on the
// screen moves by it, except that a canvas that shows the newest message goes on
// showing the newest message.
func (c *Canvas) Apply(ch Changes) {}

// SetDivider moves the unread divider above the first message of others after
// the sequence after, saying n; n = 0 takes it away.
func (c *Canvas) SetDivider(after uint64, n int) {}

// SetBounds sets the lowest and highest sequence there are. Apply raises the
// highest by itself.
func (c *Canvas) SetBounds(first, last uint64) {}

// SetWords changes the language, or what today is.
func (c *Canvas) SetWords(w Words) {}

// SetActive says whether a person can be reading: the window is in front and
// the canvas uncovered. Only then is anything reported as seen.
func (c *Canvas) SetActive(active bool) { c.active = active }

// JumpToNewest goes to the newest message, which may have to be loaded.
func (c *Canvas) JumpToNewest() {}

// JumpTo goes to the message with a sequence, or the nearest one there is, which
// may have to be loaded, and shows it in the middle.
func (c *Canvas) JumpTo(sequence uint64) {}

// AtNewest reports whether the lower edge of the newest message is on the
// screen.
func (c *Canvas) AtNewest() bool { return false }

// Selected returns the text that a person has selected, as it is drawn, or "".
func (c *Canvas) Selected() string { return "" }

// ClearSelection deselects.
func (c *Canvas) ClearSelection() {}
