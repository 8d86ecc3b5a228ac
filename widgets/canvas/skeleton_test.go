package canvas

import (
	"testing"
	"time"

	"magpie/widgets/theme"
)

// A conversation that takes long to be read is not blank meanwhile, and one that is
// read at once shows nothing but itself.
func TestSkeleton(t *testing.T) {
	var timers []func()
	c, _ := show(t, theme.Light, 640, 480, Options{After: func(d time.Duration, f func()) {
		if d == skeletonAfter {
			timers = append(timers, f)
		}
	}})
	seen := func() (n int) {
		for _, r := range c.skeleton.shapes {
			if r.Visible() {
				n++
				if p, s := r.Position(), r.Size(); p.X < 0 || p.X+s.Width > 640 || s.Width <= 0 || r.FillColor == nil {
					t.Errorf("a faded message at %v, %v large", p, s)
				}
			}
		}
		return n
	}
	fire := func() {
		for _, f := range timers {
			f()
		}
		timers = nil
	}
	openItems(c, talk(3), 0, 0)
	if len(timers) != 0 || seen() != 0 {
		t.Errorf("%d timers, %d faded messages where all is there", len(timers), seen())
	}
	slow := &fake{items: talk(30), held: true}
	first, last := bounds(slow.items)
	begin := func() { c.Open(Opening{Source: slow, First: first, Last: last}) }
	begin()
	if seen() != 0 {
		t.Error("the faded messages flash by")
	}
	fire()
	if seen() != len(c.skeleton.shapes) {
		t.Errorf("%d faded messages after a while", seen())
	}
	slow.release()
	if seen() != 0 || len(c.shown) == 0 {
		t.Errorf("%d faded messages, %d rows when they are read", seen(), len(c.shown))
	}
	// What was about to come for a conversation that was left does not.
	begin()
	openItems(c, nil, 0, 0)
	fire()
	if seen() != 0 {
		t.Error("faded messages in an empty conversation")
	}
}
