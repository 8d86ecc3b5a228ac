package canvas

import (
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
	glideTime   = 160 * time.Millisecond
	// keyStep is how far the arrow keys go; a page leaves keyOverlap of the old one.
	keyStep    = 40
	keyOverlap = 40
)

// glide is a movement under way.
type glide struct {
	animation   *fyne.Animation
	total, done float32
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

// glideBy moves the content down by dy, eased. What is left of a movement under
// way is added to it.
func (c *Canvas) glideBy(dy float32) {
	if c.still || !theme.Moves() {
		c.scrollBy(dy)
		return
	}
	left := c.glide.total - c.glide.done
	if left > 0 != (dy > 0) {
		left = 0
	}
	c.stopGlide()
	c.glide.total = left + dy
	a := fyne.NewAnimation(glideTime, nil)
	a.Curve = fyne.AnimationEaseOut
	a.Tick = func(at float32) {
		if c.glide.animation != a {
			return
		}
		step := c.glide.total*at - c.glide.done
		c.glide.done += step
		c.scrollBy(step)
		if at >= 1 {
			c.glide = glide{}
		}
	}
	c.glide.animation = a
	a.Start()
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
}
