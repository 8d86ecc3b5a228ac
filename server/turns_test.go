package server

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"magpie/im"
)

// In a group over its rate the higher priority goes first, then each sender in
// turn, then each sender's first; who gets no turn within a second is refused.
func TestTurnsByPriority(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := newTurns(6)
		for _, u := range []im.UserID{"old1", "old2", "old3"} { // half a second's messages are let ahead
			if waited, err := turns.wait(t.Context(), "g", u, ""); waited || err != nil {
				t.Fatalf("below the rate: %v, %v", waited, err)
			}
		}
		time.Sleep(time.Second / 12)
		var mu sync.Mutex
		var order []string
		refused := 0
		var wg sync.WaitGroup
		for _, m := range []struct {
			user     im.UserID
			priority im.Priority
			name     string
		}{
			{"a", im.PriorityLowest, "a lowest"}, {"a", im.PriorityNormal, "a1"}, {"a", im.PriorityNormal, "a2"}, {"b", "", "b1"},
			{"b", im.PriorityLow, "b low"}, {"c", im.PriorityHigh, "c high"}, {"c", im.PriorityNormal, "c1"},
		} {
			wg.Go(func() {
				_, err := turns.wait(t.Context(), "g", m.user, m.priority)
				mu.Lock()
				defer mu.Unlock()
				if im.CodeOf(err) == im.CodeRateLimited {
					refused++
					return
				}
				order = append(order, m.name)
			})
			synctest.Wait() // they come in this order
		}
		wg.Wait()
		if want := []string{"c high", "a1", "b1", "c1", "a2", "b low"}; !slices.Equal(order, want) || refused != 1 {
			t.Errorf("%v passed, %d were refused; want %v and the lowest refused", order, refused, want)
		}
		time.Sleep(3 * turnWindow)
		synctest.Wait()
		if len(turns.groups) != 0 {
			t.Error("a quiet group is kept in memory")
		}
	})
}

// A full queue loses the lowest priority first, and the last of who has most.
func TestTurnsEvict(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := newTurns(2) // 1 ahead, 4 wait
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		result := map[string]error{}
		var mu sync.Mutex
		var wg sync.WaitGroup
		send := func(u im.UserID, p im.Priority) {
			wg.Go(func() {
				_, err := turns.wait(ctx, "g", u, p)
				mu.Lock()
				defer mu.Unlock()
				result[string(u)] = err
			})
			synctest.Wait()
		}
		send("x", "")
		time.Sleep(turnWindow / 8)
		for _, u := range []im.UserID{"low1", "low2", "low3", "low4"} {
			send(u, im.PriorityLow)
		}
		send("low5", im.PriorityLow)  // no better than those that wait
		send("high", im.PriorityHigh) // takes the place of one of them
		send("lowest", im.PriorityLowest)
		mu.Lock()
		for u, want := range map[string]im.Code{"low5": im.CodeRateLimited, "lowest": im.CodeRateLimited, "low1": im.CodeRateLimited} {
			if got, ok := result[u]; !ok || im.CodeOf(got) != want {
				t.Errorf("%s: %v, want %d at once", u, got, want)
			}
		}
		mu.Unlock()
		turns.mu.Lock()
		if n := turns.groups["g"].count; n != 4 {
			t.Errorf("%d wait, want 4", n)
		}
		turns.mu.Unlock()
		time.Sleep(turnPatience)
		wg.Wait()
		if result["high"] != nil {
			t.Errorf("the high one: %v", result["high"])
		}
		time.Sleep(3 * turnWindow)
	})
}

// One member floods with the highest priority over all its connections, five
// others talk: everything of theirs goes through, nothing that was refused is
// stored, and never more in a second than the rate.
func TestGroupFlood(t *testing.T) {
	s := open(t, func(o *Options) { o.GroupMessagesPerSecond = im.GroupMessagesPerSecond })
	owner := connect(t, s, "owner", "o")
	members := []im.UserID{"flooder"}
	for i := range 5 {
		members = append(members, im.UserID(fmt.Sprint("calm", i)))
	}
	accountFor(t, s, members...)
	owner.mustCreate(im.Group{GroupID: "g", Name: "x", Type: im.GroupPublic}, members...)
	conv := im.GroupConversation("g")
	var stop atomic.Bool
	var stored, refused atomic.Int64
	var flood, calm sync.WaitGroup
	for i := range 10 {
		c := connect(t, s, "flooder", fmt.Sprint("f", i))
		flood.Go(func() {
			for !stop.Load() {
				m := c.text(conv, "flood")
				m.Priority = im.PriorityHigh
				switch _, err := c.trySend(m, 0, im.SendOptions{}); im.CodeOf(err) {
				case 0:
					stored.Add(1)
				case im.CodeRateLimited:
					refused.Add(1)
				default:
					t.Errorf("flood: %v", err)
					return
				}
			}
		})
	}
	const each = 8
	start := time.Now()
	for _, u := range members[1:] {
		c := connect(t, s, u, "c")
		calm.Go(func() {
			for range each {
				if _, err := c.trySend(c.text(conv, "calm"), 0, im.SendOptions{}); err != nil {
					t.Errorf("%s: %v", u, err)
				}
			}
		})
	}
	calm.Wait()
	took := time.Since(start)
	stop.Store(true)
	flood.Wait()
	if took > 4*time.Second { // 40 messages at no less than half the rate, and the start
		t.Errorf("the others took %v", took)
	}
	var times []int64
	for _, m := range owner.history(conv) {
		if m.Type == im.MsgText {
			times = append(times, m.Time)
		}
	}
	if want := int(stored.Load()) + 5*each; len(times) != want {
		t.Errorf("%d stored, %d acknowledged", len(times), want)
	}
	for i, from := range times {
		for j := i; j < len(times); j++ {
			// Half a second's messages may be ahead, and one is stored a moment after
			// its turn.
			if most := 1.5*im.GroupMessagesPerSecond + float64(times[j]-from+300)/1000*im.GroupMessagesPerSecond; float64(j-i+1) > most {
				t.Fatalf("%d messages within %d ms", j-i+1, times[j]-from)
			}
		}
	}
	t.Logf("%d of the flood stored, %d refused, the others took %v", stored.Load(), refused.Load(), took)
}
