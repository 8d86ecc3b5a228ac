package app

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"magpie/app/core"
	"magpie/app/i18n"
	"magpie/assets"
	"magpie/im"
	"magpie/widgets/canvas"
)

func english(t testing.TB) *i18n.Translator {
	t.Helper()
	tr, err := i18n.New(assets.Translations(), ".")
	if err != nil {
		t.Fatal(err)
	}
	tr.Use("en")
	return tr
}

// pages answers History like the core does, from messages 1 to last with holes.
type pages struct {
	last    uint64
	holes   []core.Hole
	pending []im.Message
	err     error
	recalls func(n uint64) bool // which numbers recalls took; nil for none
}

func (p *pages) here(n uint64) bool {
	return !slices.ContainsFunc(p.holes, func(h core.Hole) bool { return h.From <= n && n <= h.To })
}

func (p *pages) History(_ context.Context, _ im.ConversationID, q core.HistoryQuery) (core.HistoryPage, error) {
	if p.err != nil {
		return core.HistoryPage{}, p.err
	}
	from, to := uint64(1), p.last
	switch {
	case q.Before > 0:
		to = q.Before - 1
	case q.After > 0:
		from = q.After + 1
	}
	var ns []uint64
	for n := from; n <= to; n++ {
		if p.here(n) {
			ns = append(ns, n)
		}
	}
	page := core.HistoryPage{First: 1, Last: p.last}
	if q.After > 0 {
		page.HasNewer = len(ns) > q.Limit
		page.HasOlder = true
		ns = ns[:min(len(ns), q.Limit)]
	} else {
		page.HasOlder = len(ns) > q.Limit
		page.HasNewer = q.Before > 0 && to < p.last
		ns = ns[max(0, len(ns)-q.Limit):]
	}
	for _, n := range ns {
		m := text(n, "ann")
		if p.recalls != nil && p.recalls(n) {
			m = im.Message{ConversationID: m.ConversationID, Sequence: n, IsPlaceMessage: true, Revokes: &im.Revocation{Sequence: 1, ID: "x"}}
		}
		page.Messages = append(page.Messages, m)
	}
	for _, h := range p.holes {
		if len(ns) > 0 && h.To+1 >= ns[0] && h.From <= ns[len(ns)-1]+1 {
			page.Holes = append(page.Holes, h)
		}
	}
	if !page.HasNewer {
		page.Pending = p.pending
	}
	return page, nil
}

func text(n uint64, from im.UserID) im.Message {
	m := im.Message{
		ID: im.MessageID(string(from) + "-dev-" + strings.Repeat("x", int(n%7)+1) + string(rune('a'+n%26)) + itoa(n)), ConversationID: im.C2C("ann"),
		Type: im.MsgText, Payload: im.TextPayload{Text: "message " + itoa(n)}, From: from, Sequence: n,
		Time: int64(1_800_000_000_000 + n*1000), Status: im.StatusSuccess,
	}
	if n == 0 {
		m.Status = im.StatusUnsent
	}
	return m
}

func itoa(n uint64) string { return string(holeKey(n))[len("hole "):] }

func newSource(t *testing.T, p *pages) (*source, func()) {
	t.Helper()
	work := make(chan func(), 16)
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	s := &source{
		ctx: ctx, history: p, conv: im.C2C("ann"), do: func(f func()) { work <- f },
		present: &presenter{tr: english(t), conv: im.C2C("ann"), me: "me", connected: true, names: map[im.UserID]string{}},
		failed:  func(err error) { t.Log("failed:", err) },
	}
	return s, func() { (<-work)() }
}

func sequences(p canvas.Page) (ns []uint64) {
	for _, it := range p.Items {
		ns = append(ns, it.Sequence)
	}
	return ns
}

func TestSourceWalksBackAndForthWithoutGapsOrDoubles(t *testing.T) {
	s, run := newSource(t, &pages{last: 100})
	var got canvas.Page
	s.Around(0, 10, func(p canvas.Page) { got = p })
	run()
	if want := []uint64{91, 92, 93, 94, 95, 96, 97, 98, 99, 100}; !slices.Equal(sequences(got), want) || !got.Older || got.Newer {
		t.Fatalf("newest: %v older %v newer %v", sequences(got), got.Older, got.Newer)
	}
	all := sequences(got)
	for got.Older {
		s.Older(got.Items[0].Cursor(), 7, func(p canvas.Page) { got = p })
		run()
		all = append(sequences(got), all...)
	}
	for i, n := range all {
		if n != uint64(i+1) {
			t.Fatalf("at %d is %d", i, n)
		}
	}
	s.Newer(got.Items[len(got.Items)-1].Cursor(), 5, func(p canvas.Page) { got = p })
	run()
	if len(got.Items) != 5 || !got.Newer {
		t.Fatalf("newer: %v, more: %v", sequences(got), got.Newer)
	}
}

func TestSourceShowsHolesAndPending(t *testing.T) {
	waiting := text(0, "me")
	waiting.ID, waiting.Time = "me-dev-1", 1_900_000_000_000
	second := waiting
	second.ID, second.Time = "me-dev-2", waiting.Time+1
	s, run := newSource(t, &pages{last: 20, holes: []core.Hole{{From: 5, To: 15}}, pending: []im.Message{waiting, second}})
	var got canvas.Page
	s.Around(0, 10, func(p canvas.Page) { got = p })
	run()
	if want := []uint64{1, 2, 3, 4, 5, 16, 17, 18, 19, 20, 0, 0}; !slices.Equal(sequences(got), want) {
		t.Fatalf("%v, want %v", sequences(got), want)
	}
	hole := got.Items[4]
	if hole.Kind != canvas.KindHole || hole.Until != 15 || !hole.Loading {
		t.Errorf("hole: %+v", hole)
	}
	last := got.Items[11]
	if last.Key != "me-dev-2" || last.State != canvas.StateSending || !last.Own {
		t.Errorf("the last one: %+v", last)
	}
	// What precedes a pending one is the other one and the newest messages.
	s.Older(last.Cursor(), 3, func(p canvas.Page) { got = p })
	run()
	if want := []uint64{19, 20, 0}; !slices.Equal(sequences(got), want) || !got.Older {
		t.Fatalf("before it: %v", sequences(got))
	}
	// And nothing follows it.
	s.Newer(last.Cursor(), 3, func(p canvas.Page) { got = p })
	run()
	if len(got.Items) != 0 || got.Newer {
		t.Fatalf("after it: %v", sequences(got))
	}
}

func TestSourceTellsOfFailureOnce(t *testing.T) {
	s, run := newSource(t, &pages{err: errors.New("boom")})
	failures, answers := 0, 0
	s.failed = func(error) { failures++ }
	s.Around(0, 10, func(p canvas.Page) {
		answers++
		if !p.Failed {
			t.Error("a page came of a history that cannot be read")
		}
	})
	run()
	if failures != 1 || answers != 1 {
		t.Errorf("%d failures told, %d answers", failures, answers)
	}
}

// What recalls took of the numbers shows nothing, and does not keep what is
// beyond from being read, however many there are in a row.
func TestSourceSkipsTheNumbersOfRecalls(t *testing.T) {
	s, run := newSource(t, &pages{last: 100, recalls: func(n uint64) bool { return n > 70 || n > 10 && n < 60 }})
	var got canvas.Page
	s.Around(0, 10, func(p canvas.Page) { got = p })
	run()
	if want := []uint64{61, 62, 63, 64, 65, 66, 67, 68, 69, 70}; !slices.Equal(sequences(got), want) || !got.Older {
		t.Fatalf("newest: %v older %v", sequences(got), got.Older)
	}
	s.Older(canvas.Cursor{Sequence: 60}, 10, func(p canvas.Page) { got = p })
	run()
	if want := []uint64{10}; !slices.Equal(sequences(got), want) || !got.Older {
		t.Fatalf("older: %v older %v", sequences(got), got.Older)
	}
	s.Newer(canvas.Cursor{Sequence: 10}, 10, func(p canvas.Page) { got = p })
	run()
	if ns := sequences(got); len(ns) == 0 || ns[0] != 60 || !got.Newer {
		t.Fatalf("newer: %v newer %v", ns, got.Newer)
	}
	s.Newer(canvas.Cursor{Sequence: 70}, 10, func(p canvas.Page) { got = p })
	run()
	if len(got.Items) != 0 || got.Newer {
		t.Fatalf("the end: %v newer %v", sequences(got), got.Newer)
	}
}

func TestPresenter(t *testing.T) {
	p := &presenter{tr: english(t), conv: im.GroupConversation("g"), me: "me", connected: false, names: map[im.UserID]string{"bob": "Bob B."}}
	own := text(5, "me")
	failed := text(0, "me")
	failed.Status, failed.Error = im.StatusFail, im.Errorf(im.CodeRateLimited, "too fast")
	waiting := text(0, "me")
	revoked := text(6, "bob")
	revoked.IsRevoked, revoked.Payload = true, nil
	tip := text(7, im.SystemUser)
	tip.Type, tip.Payload = im.MsgGroupTip, im.GroupTipPayload{OperationType: im.TipMemberQuit, OperatorID: "bob", UserIDList: []im.UserID{"bob"}}
	unknown := text(8, "bob")
	unknown.Type, unknown.Payload = "TIMHologramElem", im.UnknownPayload{MessageType: "TIMHologramElem", Raw: []byte(`{}`)}
	gone := im.Message{ID: "x", Sequence: 9, From: "bob", IsPlaceMessage: true}

	if it := p.item(&own); !it.Own || it.State != canvas.StateSent || it.Kind != canvas.KindText {
		t.Errorf("own: %+v", it)
	}
	if it := p.item(&failed); it.State != canvas.StateFailed || !strings.Contains(it.Reason, " ") {
		t.Errorf("failed: %+v", it)
	}
	if it := p.item(&waiting); it.State != canvas.StateWaiting {
		t.Errorf("waiting: %+v", it)
	}
	if it := p.item(&revoked); it.Kind != canvas.KindNotice || it.Text != "Bob B. recalled a message" {
		t.Errorf("revoked: %+v", it)
	}
	if it := p.item(&tip); it.Kind != canvas.KindNotice || it.Own || !strings.Contains(it.Text, "bob") {
		t.Errorf("tip: %+v", it)
	}
	if it := p.item(&unknown); it.Kind != canvas.KindOther || it.Text == "" || it.Sender.Name != "Bob B." {
		t.Errorf("unknown: %+v", it)
	}
	if it := p.item(&gone); it.Kind != canvas.KindNotice || it.Text == "" {
		t.Errorf("gone: %+v", it)
	}
	c2c := &presenter{tr: p.tr, conv: im.C2C("ann"), me: "me", peerRead: 5, names: map[im.UserID]string{}}
	if it := c2c.item(&own); it.State != canvas.StateRead {
		t.Errorf("read by the peer: %+v", it)
	}
	from := text(6, "ann")
	if it := c2c.item(&from); it.Sender.Name != "" || it.Sender.Initial != "A" || it.Sender.Color == nil {
		t.Errorf("one-to-one sender: %+v", it.Sender)
	}
}
