package core

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"magpie/im"
	"magpie/im/wire"
	"magpie/store"
	"magpie/store/storetest"
)

// TestNothingIsHereThatIsNot compares what a client says is here with what it has,
// and that with the server's log, after anything that fills history, in any order:
// against a server that answers rightly, late, never, with too little or with
// nonsense, over connections that are cut, and by clients that end without notice.
// At the end everything is here, once and in order.
func TestNothingIsHereThatIsNot(t *testing.T) {
	if f := flag.Lookup("rapid.checks"); f != nil && f.Value.String() == f.DefValue {
		ok(t, f.Value.Set("12")) // -rapid.checks asks for more
		defer func() { ok(t, f.Value.Set(f.DefValue)) }()
	}
	rapid.Check(t, func(rt *rapid.T) {
		m := newPatchwork(t, rt)
		defer m.end()
		rt.Repeat(map[string]func(*rapid.T){
			"more is said":  m.say,
			"recalled":      m.recall,
			"fill below":    func(rt *rapid.T) { m.fill(rt, (*Client).FillHistory) },
			"fill above":    func(rt *rapid.T) { m.fill(rt, (*Client).FillHistoryAfter) },
			"fill around":   func(rt *rapid.T) { m.fill(rt, (*Client).FillHistoryAround) },
			"find a date":   m.date,
			"the server":    m.misbehave,
			"cut":           func(*rapid.T) { m.g.dropAll() },
			"away and back": m.restart,
			"crash":         m.crash,
			"":              m.check,
		})
		m.honest(rt)
	})
}

// patchwork is one account, its scripted server and the client of the moment.
type patchwork struct {
	t     *testing.T
	g     *gateway
	path  string
	c     *Client
	st    *store.Store
	mood  string // how the server answers pulls
	pulls int
}

var convs = []im.ConversationID{bob, "C2Ccarl", "GROUPg1"}

func newPatchwork(t *testing.T, rt *rapid.T) *patchwork {
	m := &patchwork{t: t, g: newGateway(t), path: filepath.Join(t.TempDir(), "ann.db")}
	storetest.SoundBelow(t, filepath.Dir(m.path))
	for _, conv := range convs {
		m.g.say(conv, "bob", rapid.IntRange(1, 700).Draw(rt, "before"))
	}
	m.g.hook = m.answer
	m.open(rt, false)
	return m
}

func (m *patchwork) open(rt *rapid.T, backfill bool) {
	st, _, err := store.Open(m.path, store.Options{Account: "ann", BatchWindow: -1})
	must(rt, err)
	o := m.g.options(st)
	o.NoBackfill, o.RequestTimeout, o.HoleWait = !backfill, 40*time.Millisecond, time.Millisecond
	c, err := New(o)
	must(rt, err)
	m.c, m.st = c, st
	c.Start(context.Background())
}

func (m *patchwork) end() {
	_ = m.c.Close()
	_ = m.st.Close()
	m.g.dropAll()
}

func must(rt *rapid.T, err error) {
	rt.Helper()
	if err != nil {
		rt.Fatal(err)
	}
}

// answer deals with pulls as the mood is.
func (m *patchwork) answer(s *gatewaySession, h wire.Head, line []byte) bool {
	if h.T != wire.TPull {
		return false
	}
	f, err := wire.Decode[wire.Pull](line)
	if err != nil {
		return false
	}
	m.g.mu.Lock()
	defer m.g.mu.Unlock()
	m.pulls++
	last := uint64(len(m.g.logs[f.Conversation]))
	page := wire.Page{Head: h, Conversation: f.Conversation, First: 1, Last: last}
	switch m.mood {
	case "never":
		return true
	case "late": // after the client has given up, and then the rest
		if m.pulls%2 == 0 {
			time.AfterFunc(60*time.Millisecond, func() { m.g.mu.Lock(); defer m.g.mu.Unlock(); m.g.pull(s, h, f) })
			return true
		}
	case "little":
		f.Limit = min(f.Limit, 7)
	case "busy":
		if m.pulls%3 > 0 {
			s.fail(h, im.CodeBusy)
			return true
		}
	case "cutting":
		if m.pulls%3 == 0 {
			_ = s.ws.Close()
			return true
		}
	case "it is all":
		page.IsCompleted = true
		s.write(page)
		return true
	case "more than asked":
		to := min(f.After+uint64(f.Limit)+5, last)
		page.Messages = m.g.logs[f.Conversation][min(f.After, to):to]
		s.write(page)
		return true
	case "something else":
		page.Messages = m.g.logs[bob][:min(3, len(m.g.logs[bob]))]
		s.write(page)
		return true
	}
	m.g.pull(s, h, f)
	return true
}

var moods = []string{"", "", "", "never", "late", "little", "busy", "cutting", "it is all", "more than asked", "something else"}

func (m *patchwork) misbehave(rt *rapid.T) {
	mood := rapid.SampledFrom(moods).Draw(rt, "mood")
	m.g.set(func() { m.mood = mood })
}

func (m *patchwork) conv(rt *rapid.T) im.ConversationID {
	return rapid.SampledFrom(convs).Draw(rt, "conv")
}

func (m *patchwork) place(rt *rapid.T, conv im.ConversationID) uint64 {
	m.g.mu.Lock()
	defer m.g.mu.Unlock()
	return rapid.Uint64Range(0, uint64(len(m.g.logs[conv]))+20).Draw(rt, "place")
}

func (m *patchwork) say(rt *rapid.T) {
	conv := m.conv(rt)
	n := m.g.say(conv, "bob", rapid.SampledFrom([]int{1, 3, 350, 900}).Draw(rt, "n"))
	if rapid.Bool().Draw(rt, "pushed") {
		m.g.push(conv, n)
	}
}

func (m *patchwork) recall(rt *rapid.T) {
	const conv = bob
	m.g.mu.Lock()
	n := rapid.IntRange(1, len(m.g.logs[conv])).Draw(rt, "recalled")
	old := m.g.logs[conv][n-1]
	m.g.mu.Unlock()
	if old.IsRevoked || old.Revokes != nil {
		return
	}
	m.g.push(conv, m.g.recall(conv, uint64(n), "bob"))
}

// ready waits for a connection, as far as the server lets it.
func (m *patchwork) ready() {
	ctx, cancel := context.WithTimeout(m.t.Context(), 300*time.Millisecond)
	defer cancel()
	_ = m.c.WaitReady(ctx)
}

func (m *patchwork) fill(rt *rapid.T, fill func(*Client, context.Context, im.ConversationID, uint64) (int, error)) {
	m.ready()
	conv := m.conv(rt)
	_, _ = fill(m.c, m.t.Context(), conv, m.place(rt, conv)) // what counts is what is here then
}

func (m *patchwork) date(rt *rapid.T) {
	m.ready()
	conv := m.conv(rt)
	_, _ = m.c.FindDate(m.t.Context(), conv, second(int(m.place(rt, conv))))
}

func (m *patchwork) restart(rt *rapid.T) {
	backfill := rapid.Bool().Draw(rt, "backfill")
	must(rt, m.c.Close())
	must(rt, m.st.Close())
	m.open(rt, backfill)
}

// crash takes the disk away from under the client.
func (m *patchwork) crash(rt *rapid.T) {
	must(rt, m.st.Close())
	_ = m.c.Close() // whatever it thinks of that
	m.open(rt, true)
}

// check is asked after every step.
func (m *patchwork) check(rt *rapid.T) {
	for _, conv := range convs {
		m.compare(rt, conv)
	}
}

// compare looks at the ranges, the messages and the holes of one conversation.
func (m *patchwork) compare(rt *rapid.T, conv im.ConversationID) (here int) {
	// The ranges first: more may come while we look, never less.
	ranges, err := m.st.Ranges(conv)
	must(rt, err)
	var list []im.Message
	for after := uint64(0); ; after = list[len(list)-1].Sequence {
		part, err := m.st.PageAfter(conv, after, 500)
		must(rt, err)
		if len(part) == 0 {
			break
		}
		list = append(list, part...)
	}
	m.g.mu.Lock()
	log := slices.Clone(m.g.logs[conv])
	m.g.mu.Unlock()
	has := make(map[uint64]bool, len(list))
	ids := make(map[im.MessageID]bool, len(list))
	for i, msg := range list {
		if i > 0 && list[i-1].Sequence >= msg.Sequence || ids[msg.ID] {
			rt.Fatalf("%s: %d is here twice or out of order", conv, msg.Sequence)
		}
		has[msg.Sequence] = true
		ids[msg.ID] = msg.ID != ""
		if msg.Sequence > uint64(len(log)) || log[msg.Sequence-1].ID != msg.ID {
			rt.Fatalf("%s: %d is another message here", conv, msg.Sequence)
		}
	}
	for _, r := range ranges {
		for n := r.From; n <= r.To; n++ {
			if here++; !has[n] {
				rt.Fatalf("%s: %d is said to be here, of %v", conv, n, ranges)
			}
		}
	}
	return here
}

// honest lets the server answer rightly and waits until nothing is missing.
func (m *patchwork) honest(rt *rapid.T) {
	m.g.set(func() { m.mood = "" })
	must(rt, m.c.Close())
	must(rt, m.st.Close())
	m.open(rt, true)
	complete := func() bool {
		if m.c.HistoryProgress().State != FillDone {
			return false
		}
		for _, conv := range convs {
			ranges, err := m.st.Ranges(conv)
			must(rt, err)
			m.g.mu.Lock()
			last := uint64(len(m.g.logs[conv]))
			m.g.mu.Unlock()
			if len(ranges) != 1 || ranges[0] != (store.Range{From: 1, To: last}) {
				return false
			}
		}
		return true
	}
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(30 * time.Second); !complete(); <-tick.C {
		if time.Now().After(end) {
			p, _ := json.Marshal(m.c.HistoryProgress())
			var all string
			for _, conv := range convs {
				r, _ := m.st.Ranges(conv)
				all += fmt.Sprint(" ", conv, r, len(m.g.logs[conv]))
			}
			rt.Fatalf("never complete: %s%s", p, all)
		}
	}
	for _, conv := range convs {
		m.compare(rt, conv)
		p, err := m.c.History(m.t.Context(), conv, HistoryQuery{Limit: 1000})
		must(rt, err)
		if len(p.Holes) > 0 {
			rt.Fatalf("%s has holes %v at the end", conv, p.Holes)
		}
	}
}
