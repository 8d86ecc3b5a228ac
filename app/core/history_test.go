package core

import (
	"fmt"
	"testing"

	"magpie/im"
	"magpie/im/wire"
)

// pages goes through GetMessageList to the end.
func (d *device) pages(conv im.ConversationID, count int) (all []uint64, last MessageList) {
	d.t.Helper()
	var next im.MessageID
	for range 1000 {
		l, err := d.GetMessageList(d.t.Context(), conv, next, count)
		ok(d.t, err)
		all = append(sequences(l.Messages), all...)
		if l.IsCompleted || len(l.Messages) == 0 {
			return all, l
		}
		next = l.NextReqMessageID
	}
	d.t.Fatal("the list does not end")
	return nil, last
}

func TestGetMessageListFetchesWhatIsMissing(t *testing.T) {
	for _, n := range []int{0, 1, 14, 15, 16, 45, 230} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			g := newGateway(t)
			g.say(bob, "bob", n)
			d := g.device(t).ready()
			l, err := d.GetMessageList(t.Context(), bob, "", 0)
			ok(t, err)
			equal(t, "first page", len(l.Messages), min(n, 15))
			all, l := d.pages(bob, 100)
			equal(t, "all", all, upTo(1, uint64(n)))
			equal(t, "completed", l.IsCompleted, true)
			equal(t, "offline", l.Offline, false)
			g.set(func() { g.refuse = true })
			g.dropAll()
			eventually(t, "offline", func() bool { return d.current() == nil })
			all, l = d.pages(bob, 7)
			equal(t, "all from the disk", all, upTo(1, uint64(n)))
			equal(t, "completed", l.IsCompleted, true)
		})
	}
}

func TestGetMessageListOffline(t *testing.T) {
	g := newGateway(t)
	g.say(bob, "bob", 100)
	d := g.device(t).ready()
	d.stop()
	g.set(func() { g.refuse = true })
	d = g.deviceAt(t, d.path)
	all, l := d.pages(bob, 15)
	equal(t, "what is here", all, upTo(71, 100))
	equal(t, "completed", l.IsCompleted, false)
	equal(t, "offline", l.Offline, true)
	l, err := d.GetMessageList(t.Context(), "C2Cnever", "", 15)
	ok(t, err)
	equal(t, "unknown", fmt.Sprint(len(l.Messages), l.IsCompleted, l.Offline), "0 false true")
	_, err = d.FillHistory(t.Context(), bob, 0)
	equal(t, "fill", im.CodeOf(err), im.CodeNetworkDown)
	_, err = d.GetMessageList(t.Context(), bob, "nonsense", 15)
	equal(t, "cursor", im.CodeOf(err), im.CodeInvalidParameter)
	_, err = d.GetMessageList(t.Context(), "bob", "", 15)
	equal(t, "conversation", im.CodeOf(err), im.CodeInvalidConversationID)
}

func TestGetMessageListWhenTheServerIsSilent(t *testing.T) {
	g := newGateway(t)
	g.say(bob, "bob", 100)
	d := g.device(t, func(o *Options) { o.RequestTimeout = 100 * 1e6 }).ready()
	g.set(func() {
		g.hook = func(_ *gatewaySession, h wire.Head, _ []byte) bool { return h.T == wire.TPull }
	})
	all, l := d.pages(bob, 15)
	equal(t, "what is here", all, upTo(71, 100))
	equal(t, "offline", l.Offline, true)
}

func TestHistoryAround(t *testing.T) {
	g := newGateway(t)
	g.say(bob, "bob", 30)
	d := g.device(t).ready()
	m := d.text("pending one")
	d.untilSent(m.ID)
	g.set(func() { g.refuse = true })
	g.dropAll()
	eventually(t, "offline", func() bool { return d.current() == nil })
	w := d.text("waits")
	for _, c := range []struct {
		name         string
		q            HistoryQuery
		want         []uint64
		older, newer bool
		pending      int
	}{
		{"newest", HistoryQuery{Limit: 5}, upTo(27, 31), true, false, 1},
		{"before", HistoryQuery{Before: 11, Limit: 5}, upTo(6, 10), true, true, 0},
		{"from the start", HistoryQuery{Before: 4, Limit: 5}, upTo(1, 3), false, true, 0},
		{"before all", HistoryQuery{Before: 1, Limit: 5}, upTo(1, 0), false, true, 0},
		{"after", HistoryQuery{After: 28, Limit: 5}, upTo(29, 31), true, false, 1},
		{"after all", HistoryQuery{After: 31, Limit: 5}, upTo(1, 0), true, false, 1},
		{"around", HistoryQuery{Around: 10, Limit: 6}, upTo(7, 12), true, true, 0},
		{"around the start", HistoryQuery{Around: 1, Limit: 6}, upTo(1, 6), false, true, 0},
		{"all", HistoryQuery{Limit: 1 << 30}, upTo(1, 31), false, false, 1},
	} {
		p, err := d.History(t.Context(), bob, c.q)
		ok(t, err)
		equal(t, c.name, sequences(p.Messages), c.want)
		equal(t, c.name+": older, newer, pending, holes", fmt.Sprint(p.HasOlder, p.HasNewer, len(p.Pending), len(p.Holes)),
			fmt.Sprint(c.older, c.newer, c.pending, 0))
	}
	p, err := d.History(t.Context(), bob, HistoryQuery{})
	ok(t, err)
	equal(t, "pending", p.Pending[0].ID, w.ID)
	equal(t, "range", fmt.Sprint(p.First, p.Last), "1 31")
}

func TestConversationList(t *testing.T) {
	g := newGateway(t)
	for i := range 130 {
		g.say(im.C2C(im.UserID(fmt.Sprintf("u%03d", i))), "u", i+1)
	}
	d := g.device(t).ready()
	list, err := d.GetConversationList(t.Context())
	ok(t, err)
	equal(t, "first page", len(list), 100)
	equal(t, "most recent", list[0].ConversationID, im.ConversationID("C2Cu129"))
	rest, err := d.Conversations(t.Context(), 100, 100)
	ok(t, err)
	equal(t, "the rest", len(rest), 30)
	// A message that waits brings its conversation to the top.
	g.set(func() { g.refuse = true })
	g.dropAll()
	eventually(t, "offline", func() bool { return d.current() == nil })
	_, err = d.SendMessage(t.Context(), d.CreateTextMessage(im.ConvC2C, "u000", "x"), im.SendOptions{})
	ok(t, err)
	list, err = d.GetConversationList(t.Context())
	ok(t, err)
	equal(t, "first page", len(list), 100)
	equal(t, "top", list[0].ConversationID, im.ConversationID("C2Cu000"))
	equal(t, "status", list[0].LastMessage.Status, im.StatusUnsent)
	equal(t, "changing a copy changes nothing", func() im.ConversationID {
		list[0].LastMessage.LastTime = 0
		again, err := d.GetConversationList(t.Context())
		ok(t, err)
		return again[0].ConversationID
	}(), im.ConversationID("C2Cu000"))
}

func TestGetConversationProfileOfAStranger(t *testing.T) {
	g := newGateway(t)
	d := g.device(t).ready()
	c, err := d.GetConversationProfile(t.Context(), "C2Cnew")
	ok(t, err)
	equal(t, "id", c.ConversationID, im.ConversationID("C2Cnew"))
	eventually(t, "its name", func() bool {
		c, err = d.GetConversationProfile(t.Context(), "C2Cnew")
		ok(t, err)
		return c.UserProfile != nil && c.UserProfile.Nick == "NEW"
	})
	_, err = d.GetConversationProfile(t.Context(), "X")
	equal(t, "malformed", im.CodeOf(err), im.CodeInvalidConversationID)
}
