package canvas

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"magpie/widgets/theme"
)

func TestSeenIsWhatWasOnTheScreen(t *testing.T) {
	var h heard
	c, _ := show(t, theme.Light, 640, 480, Options{Intents: h.intents()})
	items := talk(300)
	f := openItems(c, items, 100, 200)
	if first := c.shown[0].entry.Sequence; first > 200 {
		t.Errorf("opened at %d, beyond the divider", first)
	}
	if c.AtNewest() {
		t.Fatal("opened at the newest though 100 are unread")
	}
	expected := uint64(200)
	check := func() {
		t.Helper()
		if len(h.seen) == 0 {
			t.Fatal("nothing was seen")
		}
		for i := range h.seen[1:] {
			if h.seen[i+1] <= h.seen[i] {
				t.Fatalf("goes back: %v", h.seen)
			}
		}
		for _, r := range c.shown { // the newest that is wholly on the screen
			if r.y+r.layout.body <= 480.5 {
				expected = max(expected, r.entry.Sequence)
			}
		}
		if got := h.seen[len(h.seen)-1]; got != expected {
			t.Fatalf("seen %d, on the screen so far %d", got, expected)
		}
	}
	check()
	for range 10 {
		c.scrollBy(-333)
		check()
	}
	// Scrolling up says nothing.
	n := len(h.seen)
	c.scrollBy(1000)
	if len(h.seen) != n {
		t.Error("scrolling up was reported")
	}
	// A window that nobody looks at sees nothing.
	c.SetActive(false)
	c.JumpToNewest()
	if len(h.seen) != n {
		t.Error("an inactive canvas reported")
	}
	it := spoken(301)
	f.put(it)
	c.Apply(Changes{Put: []Item{it}})
	if len(h.seen) != n {
		t.Error("an inactive canvas reported a new message")
	}
	c.SetActive(true)
	if h.seen[len(h.seen)-1] != 301 {
		t.Errorf("after waking up seen %d", h.seen[len(h.seen)-1])
	}
}

func TestUnseenOnesAreCounted(t *testing.T) {
	c, _ := show(t, theme.Light, 640, 480, Options{})
	openItems(c, talk(300), 0, 300)
	c.scrollBy(3000)
	own := said(301, "", "mine", start0.Add(700*time.Minute))
	c.Apply(Changes{Put: []Item{own, said(302, "Lin", "one", start0.Add(701*time.Minute)), said(303, "Ada", "two", start0.Add(702*time.Minute))}})
	if c.seen.below != 2 || c.floats.jumpText.Text != "2" || c.floats.jumpGround.Hidden {
		t.Errorf("counted %d, pill says %q hidden %v", c.seen.below, c.floats.jumpText.Text, c.floats.jumpGround.Hidden)
	}
	c.Apply(Changes{Put: []Item{said(303, "Ada", "two, changed", start0.Add(702*time.Minute))}})
	if c.seen.below != 2 {
		t.Error("a changed message was counted again")
	}
	j := c.floats.jump
	c.Tapped(&fyne.PointEvent{Position: fyne.NewPos(j.x+j.w/2, j.y+j.h/2)})
	if !c.AtNewest() || c.seen.below != 0 || !c.floats.jumpGround.Hidden {
		t.Errorf("after the pill: at newest %v, %d below", c.AtNewest(), c.seen.below)
	}
}

// Whatever comes while nobody looks, or all at once, stops at the first that has
// not been seen, so that nothing counts as read by being scrolled past.
func TestFollowingStopsAtWhatWasNotSeen(t *testing.T) {
	for _, c := range []struct {
		name   string
		active bool
		burst  int // how many come at once
	}{{"nobody looks", false, 1}, {"all at once", true, 40}} {
		t.Run(c.name, func(t *testing.T) {
			var h heard
			cv, _ := show(t, theme.Light, 640, 480, Options{Intents: h.intents()})
			openItems(cv, talk(100), 0, 100)
			cv.SetActive(c.active)
			for n := uint64(101); n <= 140; n += uint64(c.burst) {
				var ch Changes
				for k := range uint64(c.burst) {
					it := spoken(n + k)
					if it.Own {
						it = said(n+k, "Lin", it.Text, it.Time)
					}
					ch.Put = append(ch.Put, it)
				}
				cv.Apply(ch)
			}
			if r := rowOf(t, cv, "m101"); r.y < 0 || cv.AtNewest() {
				t.Fatalf("m101 is at %g, at the newest %v", r.y, cv.AtNewest())
			}
			cv.SetActive(true)
			for _, r := range cv.shown {
				if r.y+r.layout.body <= 480 && r.entry.Sequence > 100 && h.seen[len(h.seen)-1] < r.entry.Sequence {
					t.Errorf("%d is on the screen, seen %v", r.entry.Sequence, h.seen)
				}
			}
			if last := h.seen[len(h.seen)-1]; last > 115 || cv.seen.below != 140-int(last) {
				t.Errorf("seen %d, %d below", last, cv.seen.below)
			}
			for !cv.AtNewest() {
				cv.scrollBy(-200)
			}
			if cv.seen.below != 0 || cv.seen.news != 0 || h.seen[len(h.seen)-1] != 140 {
				t.Errorf("at the newest %d below, seen %d", cv.seen.below, h.seen[len(h.seen)-1])
			}
			cv.Apply(Changes{Put: []Item{said(141, "Lin", "one more", start0.Add(300*time.Minute))}})
			if !cv.AtNewest() || h.seen[len(h.seen)-1] != 141 {
				t.Error("does not follow any more")
			}
		})
	}
}
