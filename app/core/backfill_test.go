package core

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"magpie/im"
	"magpie/im/wire"
)

// filled waits until the background has come to an end, and returns how.
func (d *device) filled() HistoryProgress {
	d.t.Helper()
	return d.untilWithin(2*time.Minute, "the end of filling", func(e Event) bool {
		p, is := e.(HistoryProgress)
		return is && (p.State == FillDone || p.State == FillBounded)
	}).(HistoryProgress)
}

func withBackfill(o *Options) { o.NoBackfill = false }

// evenPages keeps the pages of the background at their size, however slow the machine.
func evenPages(o *Options) { o.fillTook = time.Minute }

// pulled lists what was asked for, but for the first pages, by conversation.
func (g *gateway) pulled() (list []string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, p := range g.pulls {
		if p.Limit != firstPage {
			list = append(list, fmt.Sprintf("%s %d", p.Conversation, p.After+uint64(p.Limit)))
		}
	}
	return list
}

// The background goes back in time over all conversations at once.
func TestBackgroundFillsTheNewestFirst(t *testing.T) {
	g := newGateway(t)
	for conv, from := range map[im.ConversationID]im.UserID{bob: "bob", "C2Ccarl": "carl", "GROUPg1": "dora"} {
		g.say(conv, from, 330)
	}
	// Message n of bob was said at n, of carl at 1,000 + n/10, in the group at 200 + n.
	g.set(func() {
		for i := range g.logs["C2Ccarl"] {
			g.logs["C2Ccarl"][i].Time = 1_000_000 + int64(i)*100
			g.logs["GROUPg1"][i].Time += 200_000
		}
	})
	d := g.device(t, withBackfill, evenPages)
	p := d.filled()
	equal(t, "told", p, HistoryProgress{State: FillDone, Here: 990})
	equal(t, "asked now", d.HistoryProgress(), p)
	got := g.pulled()
	want := []string{
		"C2Ccarl 300", "C2Ccarl 200", "C2Ccarl 100", // all of them later than the others
		"GROUPg1 300", "GROUPg1 200", // 500 to 300; then bob's 300 is as late as the group's 100
	}
	equal(t, "at first", got[:5], want)
	slices.Sort(got)
	equal(t, "in all", got, []string{
		"C2Cbob 100", "C2Cbob 200", "C2Cbob 300", "C2Ccarl 100", "C2Ccarl 200", "C2Ccarl 300", "GROUPg1 100", "GROUPg1 200", "GROUPg1 300",
	})
}

func TestBackgroundStopsAtTheBound(t *testing.T) {
	for name, c := range map[string]struct {
		bound Backfill
		here  string
	}{
		"by number":        {Backfill{Messages: 200}, "[{871 1100}]"},
		"by age":           {Backfill{Age: 290 * time.Second}, "[{771 1100}]"}, // the page with what is 290 s old is the last
		"by neither":       {Backfill{Messages: 5000, Age: time.Hour}, "[{1 1100}]"},
		"nothing at all":   {Backfill{Messages: 1}, "[{1071 1100}]"},
		"off":              {Backfill{Off: true}, "[{1071 1100}]"},
		"an age of a hour": {Backfill{Age: time.Hour}, "[{1 1100}]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // most of the time it rests
			g := newGateway(t)
			g.say(bob, "bob", 1100)
			d := g.device(t, withBackfill, evenPages, func(o *Options) {
				o.Backfill = c.bound
				o.Now = func() time.Time { return second(1100) }
			})
			p := d.filled()
			equal(t, "here", d.ranges(bob), c.here)
			if (p.State == FillDone) != (p.Missing == 0) || p.Here+p.Missing != 1100 {
				t.Errorf("told %+v", p)
			}
			if p.State == FillDone {
				return
			}
			// Another bound lets it go on; scrolling there is never bounded.
			_, err := d.FillHistoryAround(t.Context(), bob, 500)
			ok(t, err)
			d.SetBackfill(Backfill{})
			equal(t, "after all", d.filled().Missing, uint64(0))
			equal(t, "here", d.ranges(bob), "[{1 1100}]")
		})
	}
}

// While somebody waits for an answer the background makes no pull, for a while.
func TestBackgroundGivesWay(t *testing.T) {
	g := newGateway(t)
	g.say(bob, "bob", 2000)
	var mu sync.Mutex
	var waiting time.Time // since when a person waits
	var release func()
	during := 0
	g.set(func() {
		g.hook = func(s *gatewaySession, h wire.Head, line []byte) bool {
			mu.Lock()
			defer mu.Unlock()
			switch {
			case h.T == wire.TPull && !waiting.IsZero() && time.Since(waiting) < fillPatience-50*time.Millisecond:
				during++
			case h.T == wire.TGroupInfo:
				release = func() { s.fail(h, im.CodeGroupNotFound) }
				return true
			}
			return false
		}
	})
	d := g.device(t, withBackfill).ready()
	d.until("filling", func(e Event) bool { _, is := e.(HistoryChanged); return is })
	asked := make(chan error, 1)
	go func() {
		_, err := d.GroupInfo(t.Context(), "g1")
		asked <- err
	}()
	eventually(t, "the request is under way", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return release != nil
	})
	// A pull may have been on its way when the person asked.
	eventually(t, "nothing is asked for", func() bool { return d.current().traffic.quietFor() == 0 && len(d.pulls) == 0 })
	mu.Lock()
	waiting = time.Now()
	mu.Unlock()
	before := g.countPulls()
	eventually(t, "patience ends", func() bool { return g.countPulls() > before })
	mu.Lock()
	if during > 1 || time.Since(waiting) < fillPatience/2 {
		t.Errorf("%d pulls while somebody waits, the first after %v", during, time.Since(waiting))
	}
	waiting = time.Time{}
	release()
	mu.Unlock()
	if err := <-asked; im.CodeOf(err) == 0 {
		t.Errorf("the answer was %v", err)
	}
	d.filled()
	equal(t, "here", d.ranges(bob), "[{1 2000}]")
}

// One conversation that makes trouble holds up no other, and is tried again.
func TestBackgroundGoesOnBesideTrouble(t *testing.T) {
	g := newGateway(t)
	g.say(bob, "bob", 330)
	g.say("C2Ccarl", "carl", 330)
	bad := true
	g.set(func() {
		g.hook = func(s *gatewaySession, h wire.Head, line []byte) bool {
			if h.T != wire.TPull {
				return false
			}
			f := decodeAs[wire.Pull](t, line)
			g.mu.Lock()
			defer g.mu.Unlock()
			if f.Conversation != bob || f.Limit == firstPage || !bad {
				return false
			}
			s.write(wire.Page{Head: h, Conversation: bob, IsCompleted: true, First: 1, Last: 330})
			return true
		}
	})
	d := g.device(t, withBackfill)
	d.until("carl's", func(e Event) bool {
		h, is := e.(HistoryChanged)
		return is && h.ConversationID == "C2Ccarl" && h.From == 1
	})
	equal(t, "bob's", d.ranges(bob), "[{301 330}]")
	g.set(func() { bad = false })
	d.filled()
	equal(t, "bob's", d.ranges(bob), "[{1 330}]")
	told := 0
	for _, e := range d.seen {
		if _, is := e.(ErrorEvent); is {
			told++
		}
	}
	equal(t, "the trouble is told", told, 1)
}

// A server that has too much to do is left alone for a growing while.
func TestBackgroundBacksOff(t *testing.T) {
	g := newGateway(t)
	g.say(bob, "bob", 330)
	var refused []time.Time
	g.set(func() {
		g.hook = func(s *gatewaySession, h wire.Head, line []byte) bool {
			if h.T != wire.TPull || decodeAs[wire.Pull](t, line).Limit == firstPage {
				return false
			}
			g.mu.Lock()
			defer g.mu.Unlock()
			if len(refused) == 6 {
				return false
			}
			refused = append(refused, time.Now())
			s.fail(h, im.CodeBusy)
			return true
		}
	})
	d := g.device(t, withBackfill, func(o *Options) { o.RetryMin, o.Rand = 10*time.Millisecond, func() float64 { return 1 } })
	d.filled()
	equal(t, "here", d.ranges(bob), "[{1 330}]")
	for i := 1; i < len(refused); i++ {
		if gap := refused[i].Sub(refused[i-1]); gap < 10*time.Millisecond<<i {
			t.Errorf("tried again after %v the %dth time", gap, i)
		}
	}
}

// Holes that a person jumped over are filled later like any other.
func TestBackgroundFillsBetweenIslands(t *testing.T) {
	g := newGateway(t)
	d := away(t, g, 3000)
	for _, n := range []uint64{1500, 700, 2222} {
		_, err := d.FillHistoryAround(t.Context(), bob, n)
		ok(t, err)
	}
	equal(t, "here", d.ranges(bob), "[{1 3} {650 749} {1450 1549} {2172 2271} {2904 3003}]")
	d.stop()
	d = g.deviceAt(t, d.path, withBackfill)
	d.filled()
	equal(t, "here", d.ranges(bob), "[{1 3003}]")
	equal(t, "announced", d.received(bob), nil)
	told := map[uint64]int{}
	for _, e := range d.seen {
		if h, is := e.(HistoryChanged); is {
			for n := h.From; n <= h.To; n++ {
				told[n]++
			}
		}
	}
	for n := uint64(1); n <= 3003; n++ {
		island := n <= 3 || n >= 650 && n <= 749 || n >= 1450 && n <= 1549 || n >= 2172 && n <= 2271 || n >= 2904
		if island != (told[n] == 0) || told[n] > 1 {
			t.Fatalf("%d was told %d times", n, told[n])
		}
	}
}
