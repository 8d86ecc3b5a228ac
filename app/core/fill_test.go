package core

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"magpie/im"
	"magpie/im/wire"
)

// ranges are the sequences that a device says are here.
func (d *device) ranges(conv im.ConversationID) string {
	d.t.Helper()
	list, err := d.st.Ranges(conv)
	ok(d.t, err)
	return fmt.Sprint(list)
}

// away gives ann three messages of bob, and n more while ann is not here; of those
// the newest 100 are fetched at once.
func away(t *testing.T, g *gateway, n int, change ...func(*Options)) *device {
	t.Helper()
	g.say(bob, "bob", 3)
	d := g.device(t).ready()
	d.stop()
	g.say(bob, "bob", n)
	return g.deviceAt(t, d.path, change...).ready()
}

// Any part of a hole can be fetched alone, and what is between stays a hole.
func TestHistoryIsFilledWhereItIsWanted(t *testing.T) {
	for name, c := range map[string]struct {
		fill   func(d *device) (int, error)
		ranges string
		n      int
	}{
		"from above":       {func(d *device) (int, error) { return d.FillHistory(d.t.Context(), bob, 0) }, "[{1 3} {804 1003}]", 100},
		"from below":       {func(d *device) (int, error) { return d.FillHistoryAfter(d.t.Context(), bob, 0) }, "[{1 103} {904 1003}]", 100},
		"from further on":  {func(d *device) (int, error) { return d.FillHistoryAfter(d.t.Context(), bob, 500) }, "[{1 3} {501 600} {904 1003}]", 100},
		"below a place":    {func(d *device) (int, error) { return d.FillHistory(d.t.Context(), bob, 501) }, "[{1 3} {401 500} {904 1003}]", 100},
		"in the middle":    {func(d *device) (int, error) { return d.FillHistoryAround(d.t.Context(), bob, 500) }, "[{1 3} {450 549} {904 1003}]", 100},
		"at the beginning": {func(d *device) (int, error) { return d.FillHistoryAround(d.t.Context(), bob, 1) }, "[{1 100} {904 1003}]", 97},
		"at the upper end": {func(d *device) (int, error) { return d.FillHistoryAround(d.t.Context(), bob, 900) }, "[{1 3} {850 1003}]", 54},
		"beyond the end":   {func(d *device) (int, error) { return d.FillHistoryAround(d.t.Context(), bob, 5000) }, "[{1 3} {904 1003}]", 0},
		"where all is":     {func(d *device) (int, error) { return d.FillHistoryAround(d.t.Context(), bob, 980) }, "[{1 3} {904 1003}]", 0},
		"above all":        {func(d *device) (int, error) { return d.FillHistoryAfter(d.t.Context(), bob, 903) }, "[{1 3} {904 1003}]", 0},
	} {
		t.Run(name, func(t *testing.T) {
			g := newGateway(t)
			d := away(t, g, 1000)
			pulls := g.countPulls()
			n, err := c.fill(d)
			ok(t, err)
			equal(t, "stored", n, c.n)
			equal(t, "ranges", d.ranges(bob), c.ranges)
			if got := g.countPulls() - pulls; got > 1 || got == 0 && n > 0 {
				t.Errorf("%d pulls", got)
			}
			p, err := d.History(t.Context(), bob, HistoryQuery{Around: 500, Limit: 1000})
			ok(t, err)
			here := sequences(p.Messages)
			for _, h := range p.Holes {
				here = append(here, upTo(h.From, h.To)...)
			}
			if len(here) != 1003 {
				t.Errorf("messages and holes make %d", len(here))
			}
		})
	}
}

func TestFillNeedsAConnectionAndAConversation(t *testing.T) {
	g := newGateway(t)
	st := openStore(t, t.TempDir()+"/ann.db")
	c, err := New(g.options(st))
	ok(t, err)
	d := &device{Client: c, t: t, st: st, sub: c.Subscribe()}
	defer d.stop()
	for _, fill := range []func(im.ConversationID) (int, error){
		func(v im.ConversationID) (int, error) { return d.FillHistory(t.Context(), v, 0) },
		func(v im.ConversationID) (int, error) { return d.FillHistoryAfter(t.Context(), v, 0) },
		func(v im.ConversationID) (int, error) { return d.FillHistoryAround(t.Context(), v, 7) },
	} {
		_, err := fill(bob)
		equal(t, "offline", im.CodeOf(err), im.CodeNetworkDown)
		_, err = fill("nonsense")
		equal(t, "nonsense", im.CodeOf(err), im.CodeInvalidConversationID)
	}
}

// Large messages make a page smaller than what was asked for; all of it comes.
func TestFillGoesOnWhenAPageIsSmall(t *testing.T) {
	g := newGateway(t)
	d := away(t, g, 1000)
	g.set(func() {
		g.hook = func(s *gatewaySession, h wire.Head, line []byte) bool {
			if h.T != wire.TPull {
				return false
			}
			f := decodeAs[wire.Pull](t, line)
			f.Limit = min(f.Limit, 30)
			g.mu.Lock()
			defer g.mu.Unlock()
			g.pull(s, h, f)
			return true
		}
	})
	n, err := d.FillHistoryAround(t.Context(), bob, 500)
	ok(t, err)
	equal(t, "stored", n, 100)
	equal(t, "ranges", d.ranges(bob), "[{1 3} {450 549} {904 1003}]")
}

// Whatever a server answers to a pull, nothing is here by it that is not.
func TestServerLiesAboutHistory(t *testing.T) {
	at := func(n uint64) im.Message {
		return im.Message{
			ID: im.MessageID(fmt.Sprintf("bob-dev-e1%d", n)), ConversationID: bob, Type: im.MsgText, From: "bob",
			Payload: im.TextPayload{Text: fmt.Sprint("message ", n)}, Sequence: n, Time: int64(n) * 1000,
		}
	}
	list := func(from, to uint64) (out []im.Message) {
		for n := from; n <= to; n++ {
			out = append(out, at(n))
		}
		return out
	}
	elsewhere := func(m im.Message) im.Message { m.ConversationID = "C2Ccarl"; return m }
	const untouched = "[{1 3} {904 1003}]"
	for name, c := range map[string]struct {
		answer func(f wire.Pull) wire.Page
		code   im.Code
		ranges string
	}{
		"nothing, and says that it is all": {func(wire.Pull) wire.Page {
			return wire.Page{IsCompleted: true, First: 1, Last: 1003}
		}, im.CodeInvalidRequest, untouched},
		"a part, and says that it is all": {func(f wire.Pull) wire.Page {
			return wire.Page{Messages: list(f.After+1, f.After+10), IsCompleted: true, First: 1, Last: 1003}
		}, im.CodeInvalidRequest, untouched},
		"nothing, and says that there is more": {func(wire.Pull) wire.Page {
			return wire.Page{First: 1, Last: 1003}
		}, im.CodeInvalidRequest, untouched},
		"that the log ends below what is here": {func(wire.Pull) wire.Page {
			return wire.Page{IsCompleted: true, First: 1, Last: 400}
		}, im.CodeDiverged, untouched},
		"more than was asked for": {func(f wire.Pull) wire.Page {
			return wire.Page{Messages: list(f.After+1, f.After+101), First: 1, Last: 1003}
		}, im.CodeInvalidRequest, untouched},
		"what was not asked for, below": {func(f wire.Pull) wire.Page {
			return wire.Page{Messages: list(f.After-5, f.After+5), First: 1, Last: 1003}
		}, im.CodeInvalidRequest, untouched},
		"backwards": {func(f wire.Pull) wire.Page {
			return wire.Page{Messages: []im.Message{at(f.After + 2), at(f.After + 1)}, First: 1, Last: 1003}
		}, im.CodeInvalidRequest, untouched},
		"one twice": {func(f wire.Pull) wire.Page {
			return wire.Page{Messages: []im.Message{at(f.After + 1), at(f.After + 1)}, First: 1, Last: 1003}
		}, im.CodeInvalidRequest, untouched},
		"another conversation": {func(f wire.Pull) wire.Page {
			return wire.Page{Conversation: "C2Ccarl", Messages: list(f.After+1, f.After+5), First: 1, Last: 1003}
		}, im.CodeInvalidRequest, untouched},
		"messages of another conversation": {func(f wire.Pull) wire.Page {
			return wire.Page{Messages: []im.Message{at(f.After + 1), elsewhere(at(f.After + 2))}, First: 1, Last: 1003}
		}, im.CodeInvalidRequest, untouched},
		"a number beyond all": {func(f wire.Pull) wire.Page {
			return wire.Page{Messages: []im.Message{at(1 << 60)}, First: 1, Last: 1 << 61}
		}, im.CodeInvalidRequest, untouched},
		"that there is nothing where something is": {func(f wire.Pull) wire.Page {
			return wire.Page{Messages: append(list(f.After+1, 500), at(2000)), First: 1, Last: 2000}
		}, im.CodeInvalidRequest, untouched},
		// Numbers that a page skips are gone for good, says the protocol; what it has
		// beyond the hole is left alone.
		"that some are gone for good": {func(f wire.Pull) wire.Page {
			return wire.Page{Messages: append(list(f.After+1, 540), list(550, 555)...), First: 1, Last: 1003}
		}, 0, "[{1 3} {450 549} {904 1003}]"},
		"that the beginning may not be read": {func(f wire.Pull) wire.Page {
			return wire.Page{Messages: list(500, 549), First: 500, Last: 1003}
		}, 0, "[{1 3} {500 549} {904 1003}]"},
	} {
		t.Run(name, func(t *testing.T) {
			g := newGateway(t)
			d := away(t, g, 1000)
			g.set(func() {
				g.hook = func(s *gatewaySession, h wire.Head, line []byte) bool {
					if h.T != wire.TPull {
						return false
					}
					p := c.answer(decodeAs[wire.Pull](t, line))
					p.Head = h
					if p.Conversation == "" {
						p.Conversation = bob
					}
					s.write(p)
					return true
				}
			})
			_, err := d.FillHistoryAround(t.Context(), bob, 500)
			equal(t, "code", im.CodeOf(err), c.code)
			equal(t, "ranges", d.ranges(bob), c.ranges)
			g.set(func() { g.hook = nil })
			for range 20 { // the honest server again
				if n, err := d.FillHistory(t.Context(), bob, 0); err != nil || n == 0 {
					ok(t, err)
					break
				}
			}
			p, err := d.History(t.Context(), bob, HistoryQuery{Limit: 1000})
			ok(t, err)
			if gone := strings.Contains(name, "gone"); len(p.Holes) > 0 || !gone && fmt.Sprint(sequences(p.Messages)) != fmt.Sprint(upTo(4, 1003)) {
				t.Errorf("holes %v, %d messages", p.Holes, len(p.Messages))
			}
		})
	}
}

// An answer that comes after it was given up is nobody's.
func TestAnswerThatIsLate(t *testing.T) {
	g := newGateway(t)
	d := away(t, g, 1000, func(o *Options) { o.RequestTimeout = 150 * time.Millisecond })
	late := make(chan func(), 1)
	g.set(func() {
		g.hook = func(s *gatewaySession, h wire.Head, line []byte) bool {
			if h.T != wire.TPull {
				return false
			}
			f := decodeAs[wire.Pull](t, line)
			select {
			case late <- func() { g.mu.Lock(); defer g.mu.Unlock(); g.pull(s, h, f) }:
				return true
			default:
				return false
			}
		}
	})
	_, err := d.FillHistoryAround(t.Context(), bob, 500)
	equal(t, "code", im.CodeOf(err), im.CodeNetworkTimeout)
	(<-late)()
	late <- nil // the others are answered
	n, err := d.FillHistory(t.Context(), bob, 0)
	ok(t, err)
	equal(t, "stored", n, 100)
	equal(t, "ranges", d.ranges(bob), "[{1 3} {804 1003}]")
}

// A link that is cut in the middle leaves what is here as it was.
func TestFillIsCut(t *testing.T) {
	g := newGateway(t)
	d := away(t, g, 1000)
	g.set(func() {
		g.hook = func(s *gatewaySession, h wire.Head, line []byte) bool {
			if h.T == wire.TPull {
				_ = s.ws.Close()
			}
			return h.T == wire.TPull
		}
	})
	_, err := d.FillHistoryAround(t.Context(), bob, 500)
	equal(t, "code", im.CodeOf(err), im.CodeNetworkDown)
	equal(t, "ranges", d.ranges(bob), "[{1 3} {904 1003}]")
	g.set(func() { g.hook = nil })
	d.until("the cut", func(e Event) bool { _, is := e.(SDKNotReady); return is })
	d.until("online again", isReady)
	n, err := d.FillHistoryAround(t.Context(), bob, 500)
	ok(t, err)
	equal(t, "stored", n, 100)
}
