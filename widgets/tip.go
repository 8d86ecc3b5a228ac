package widgets

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"magpie/widgets/theme"
)

// tip says what a button without words does: its name and, where there is one, the
// key that does the same. It is shown on the ground of the window a moment after the
// pointer or the keyboard came to the button, and takes no clicks. It goes when the
// button is pressed, left, moved (as by scrolling) or covered.
type tip struct {
	of    fyne.CanvasObject
	words func() string
	keys  string

	stop    func() bool // of the timer that runs, nil for none
	shownOn *Ground     // where it is shown, nil while it is not
	// quiet: the button was pressed with the pointer, so it has the keyboard from that
	// and not from somebody who is looking what there is.
	quiet bool
	// after calls f on the UI goroutine after d; replaced in tests.
	after func(d time.Duration, f func()) (stop func() bool)
}

// tipPause is how long the pointer or the keyboard rests on a button before its tip
// comes; tipWatch how often one that is shown looks whether its button is still there.
const (
	tipPause = 600 * time.Millisecond
	tipWatch = 100 * time.Millisecond
)

func newTip(of fyne.CanvasObject, words func() string) *tip {
	return &tip{of: of, words: words, after: afterUI}
}

// hovered is the pointer coming to the button, focused the keyboard. A nil tip has
// nothing to say.
func (t *tip) hovered() {
	if t != nil {
		t.quiet = false
		t.come()
	}
}

func (t *tip) focused() {
	if t != nil && !t.quiet {
		t.come()
	}
}

func (t *tip) come() {
	if t.stop == nil && t.shownOn == nil {
		t.stop = t.after(tipPause, t.show)
	}
}

// pressed is the button being pressed, typed a key on it: somebody who uses the keys
// may want to be told when the keyboard comes back.
func (t *tip) pressed() {
	if t != nil {
		t.quiet = true
		t.leave()
	}
}

func (t *tip) typed() {
	if t != nil {
		t.quiet = false
		t.leave()
	}
}

// leave takes the tip away, or keeps it from coming.
func (t *tip) leave() {
	if t == nil {
		return
	}
	if t.stop != nil {
		t.stop()
		t.stop = nil
	}
	if t.shownOn != nil {
		t.shownOn.setTip(nil)
		t.shownOn = nil
	}
}

// show shows the tip on the ground of the window, unless something lies over that.
func (t *tip) show() {
	t.stop = nil
	c := canvasOf(t.of)
	if c == nil || c.Overlays().Top() != nil || t.words() == "" {
		return
	}
	if g, ok := c.Content().(*Ground); ok {
		t.shownOn = g
		g.setTip(t)
		t.watch(c, positionOf(t.of))
	}
}

// watch looks from time to time whether the button is where it was: Fyne tells
// nobody that something scrolled or was hidden under a pointer that rests.
func (t *tip) watch(c fyne.Canvas, at fyne.Position) {
	t.stop = t.after(tipWatch, func() {
		t.stop = nil
		if c.Content() != fyne.CanvasObject(t.shownOn) || c.Overlays().Top() != nil || positionOf(t.of) != at {
			t.leave()
			return
		}
		t.watch(c, at)
	})
}

// positionOf is where o is in its window; that of what is not shown is its corner.
func positionOf(o fyne.CanvasObject) fyne.Position {
	return fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
}

// tipBox draws a tip.
type tipBox struct {
	back        *canvas.Rectangle
	words, keys *label
}

// Measures of a tip.
const (
	tipPadX, tipPadY = float32(10), float32(5)
	tipGap           = float32(6) // to its button
	tipEdge          = float32(8) // to the edge of the window
	tipKeysGap       = float32(8)
	tipLine          = float32(18)
)

func newTipBox() *tipBox {
	return &tipBox{back: box(8), words: newLabel(theme.MetaSize, false), keys: newLabel(theme.MetaSize, false)}
}

func (b *tipBox) objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{b.back, b.words.line, b.keys.line}
}

// show places the tip below its button, or above it where there is no room, within
// a window of the given size.
func (b *tipBox) show(t *tip, size fyne.Size) {
	b.back.FillColor = theme.Color(theme.Toast)
	b.words.set(t.words())
	b.words.ink(theme.OnToast)
	b.keys.set(t.keys)
	b.keys.ink(theme.ToastLink)
	room := max(size.Width-2*tipEdge-2*tipPadX, 0)
	keys := float32(0)
	if t.keys != "" {
		keys = round(b.keys.width()) + tipKeysGap
	}
	words := min(round(b.words.width())+1, max(room-keys, 0))
	w, h := words+keys+2*tipPadX, tipLine+2*tipPadY
	at, of := positionOf(t.of), t.of.Size()
	x := max(min(at.X+(of.Width-w)/2, size.Width-tipEdge-w), tipEdge)
	y := at.Y + of.Height + tipGap
	if y+h > size.Height-tipEdge {
		y = max(at.Y-tipGap-h, 0)
	}
	place(b.back, round(x), round(y), w, h)
	b.words.place(round(x)+tipPadX, round(y)+tipPadY, tipLine, words)
	b.keys.place(round(x)+w-tipPadX-keys+tipKeysGap, round(y)+tipPadY, tipLine, keys)
}
