package canvas

import (
	"math"
	"runtime"
	"time"

	"fyne.io/fyne/v2"

	"magpie/widgets/theme"
)

const (
	// notch is what Fyne reports for one notch of a wheel, except on macOS, which
	// makes wheels smooth by itself. A notch moves the content wheelFactor times
	// as far.
	notch       = 25
	wheelFactor = 4
	// glideTime is in which a movement does all but a third of what is left of it: after
	// three of them it is as good as there.
	glideTime = 45 * time.Millisecond
	// keyStep is how far the arrow keys go; a page leaves keyOverlap of the old one.
	keyStep    = 40
	keyOverlap = 40
)

// glide is a movement under way: how far it has to go yet, and when it went last.
type glide struct {
	animation *fyne.Animation
	left      float32
	last      time.Time
}

// Scrolled implements fyne.Scrollable: a turn of the wheel glides, a touch pad
// moves the content as it goes.
func (c *Canvas) Scrolled(ev *fyne.ScrollEvent) {
	c.overLink("")
	dy := ev.Scrolled.DY
	if notched(dy, runtime.GOOS) {
		c.glideBy(dy * wheelFactor)
		return
	}
	c.stopGlide()
	c.scrollBy(dy)
}

// notched reports whether dy comes from the notches of a wheel. A touch pad
// reports other distances, which already are what the fingers did.
func notched(dy float32, goos string) bool {
	n := dy / notch
	return goos != "darwin" && n != 0 && n == float32(int(n))
}

// glideBy moves the content down by dy, fast at first. A movement under way goes on with
// that much more to go, or turns round: it is never begun anew, as a wheel may turn faster
// than pictures are drawn, and what begins with each notch would never get anywhere.
func (c *Canvas) glideBy(dy float32) {
	if c.still || !theme.Moves() {
		c.scrollBy(dy)
		return
	}
	if c.glide.left > 0 != (dy > 0) {
		c.glide.left = 0
	}
	c.glide.left += dy
	if c.glide.animation != nil {
		return
	}
	a := fyne.NewAnimation(time.Second, nil)
	a.RepeatCount = fyne.AnimationRepeatForever
	starting := true
	a.Tick = func(float32) {
		switch {
		case c.glide.animation != a:
		case starting: // a driver without animations shows where they end
			c.glideOn(time.Hour)
		default:
			now := c.now()
			c.glideOn(now.Sub(c.glide.last))
			c.glide.last = now
		}
	}
	c.glide.animation, c.glide.last = a, c.now()
	a.Start()
	starting = false
}

// glideOn goes as far as a movement goes in some time, of which the clock may have no
// right idea.
func (c *Canvas) glideOn(d time.Duration) {
	left := c.glide.left
	step := left * float32(1-math.Exp(-float64(max(d, time.Millisecond))/float64(glideTime)))
	if rest := left - step; rest < 1 && rest > -1 {
		step = left
	}
	c.glide.left -= step
	if step == left {
		c.stopGlide()
	}
	c.scrollBy(step)
}

func (c *Canvas) stopGlide() {
	if a := c.glide.animation; a != nil {
		c.glide = glide{}
		a.Stop()
	}
}

// scrollBy moves the content down by dy at once.
func (c *Canvas) scrollBy(dy float32) {
	if !c.open || len(c.shown) == 0 || dy == 0 {
		return
	}
	c.loads.older.failed, c.loads.newer.failed = false, false
	// The position stays on whole pixels; what is left over goes with the next
	// movement.
	dy += c.pos.rest
	step := c.snap(dy)
	c.pos.rest = dy - step
	if step == 0 {
		return
	}
	c.pos.stick = false
	c.pos.off -= step
	c.pos.want, c.pos.focus, c.pos.newer = goal{}, 0, step < 0
	c.showDate()
	c.place()
	if c.pointer.mode == dragText {
		c.dragSelection(c.pointer.at)
	}
}
