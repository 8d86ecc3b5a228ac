package core

import (
	"fmt"
	"testing"
	"time"

	"magpie/im"
	"magpie/im/wire"
)

// In the scripted server message n was said at second n.
func second(n int) time.Time { return time.UnixMilli(int64(n) * 1000) }

func TestFindDate(t *testing.T) {
	g := newGateway(t)
	d := away(t, g, 10_000) // here are 1 to 3 and 9,904 to 10,003
	pulls := g.countPulls()
	for _, c := range []struct {
		at   time.Time
		want uint64
	}{
		{time.Time{}, 1}, {second(2), 2}, {second(9_950), 9_950}, {second(9_904).Add(time.Millisecond), 9_905}, {second(10_003), 10_003},
		{second(20_000), 10_003}, // after all of them
	} {
		hit, err := d.FindDate(t.Context(), bob, c.at)
		ok(t, err)
		equal(t, fmt.Sprint(c.at), hit, DateHit{Sequence: c.want, Time: int64(c.want) * 1000})
	}
	equal(t, "pulls for what is here", g.countPulls()-pulls, 0)
	hit, err := d.FindDate(t.Context(), bob, second(5_000))
	ok(t, err)
	equal(t, "in the hole", hit, DateHit{Sequence: 5_000, Time: 5_000_000})
	if n := g.countPulls() - pulls; n > 5 {
		t.Errorf("%d pulls", n)
	}
	if list, err := d.st.Ranges(bob); err != nil || len(list) > 3 {
		t.Errorf("ranges %v %v: what was between was kept", list, err)
	}
	hit, err = d.FindDate(t.Context(), "C2Cnobody", second(1))
	ok(t, err)
	equal(t, "nothing was said", hit.Sequence, uint64(0))
}

// People do not talk evenly.
func TestFindDateWhereMuchIsSaidAtOnce(t *testing.T) {
	g := newGateway(t)
	g.say(bob, "bob", 3)
	d := g.device(t).ready()
	d.stop()
	g.say(bob, "bob", 10_000)
	g.set(func() {
		for i := range g.logs[bob] {
			if i > 0 {
				g.logs[bob][i].Time = int64(1e9) // nearly all at once
			}
			if i > 9_950 {
				g.logs[bob][i].Time = int64(2e9) + int64(i)
			}
			if i > 7_000 && i < 7_003 {
				g.logs[bob][i].IsPlaceMessage, g.logs[bob][i].Time, g.logs[bob][i].Payload = true, 0, nil
			}
		}
	})
	d = g.deviceAt(t, d.path).ready()
	pulls := g.countPulls()
	hit, err := d.FindDate(t.Context(), bob, time.UnixMilli(1e9+1))
	ok(t, err)
	equal(t, "first after the flood", hit.Sequence, uint64(9_952))
	if n := g.countPulls() - pulls; n > 25 {
		t.Errorf("%d pulls", n)
	}
}

func TestFindDateOffline(t *testing.T) {
	g := newGateway(t)
	d := away(t, g, 1000)
	g.set(func() { g.refuse = true })
	g.dropAll()
	eventually(t, "offline", func() bool { return d.current() == nil })
	for at, want := range map[int]DateHit{
		100:   {Sequence: 3, Time: 3000, Nearest: true},
		800:   {Sequence: 904, Time: 904_000, Nearest: true},
		950:   {Sequence: 950, Time: 950_000},
		5_000: {Sequence: 1003, Time: 1_003_000},
	} {
		hit, err := d.FindDate(t.Context(), bob, second(at))
		ok(t, err)
		equal(t, fmt.Sprint(at), hit, want)
	}
}

// A server that lies about times ends the search all the same.
func TestFindDateEnds(t *testing.T) {
	g := newGateway(t)
	d := away(t, g, 100_000)
	probes := 0
	g.set(func() {
		g.hook = func(s *gatewaySession, h wire.Head, line []byte) bool {
			if h.T != wire.TPull {
				return false
			}
			f := decodeAs[wire.Pull](t, line)
			probes++
			g.mu.Lock()
			defer g.mu.Unlock()
			m := g.logs[bob][f.After]
			m.Time = []int64{1 << 60, -5, 0}[probes%3]
			s.write(wire.Page{Head: h, Conversation: bob, Messages: []im.Message{m}, First: 1, Last: uint64(len(g.logs[bob]))})
			return true
		}
	})
	if _, err := d.FindDate(t.Context(), bob, second(50_000)); err != nil && im.CodeOf(err) == 0 {
		t.Fatal(err)
	}
	if probes > maxDateProbes+fillPage {
		t.Errorf("%d probes", probes)
	}
}
