package core

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"magpie/im"
	"magpie/im/wire"
)

const bob = im.ConversationID("C2Cbob")

func TestFirstSignInAnnouncesNoHistory(t *testing.T) {
	g := newGateway(t)
	g.say(bob, "bob", 250)
	d := g.device(t, func(o *Options) { o.NoBackfill = false })
	d.until("ready", isReady)
	p, err := d.History(t.Context(), bob, HistoryQuery{Limit: 20})
	ok(t, err)
	equal(t, "at once", sequences(p.Messages), upTo(231, 250))
	d.until("all history", func(e Event) bool { h, is := e.(HistoryChanged); return is && h.From == 1 })
	p, err = d.History(t.Context(), bob, HistoryQuery{Limit: 1000})
	ok(t, err)
	equal(t, "complete", sequences(p.Messages), upTo(1, 250))
	equal(t, "holes", p.Holes, nil)
	equal(t, "announced", d.received(bob), nil)
	// What comes from now on is news.
	g.push(bob, g.say(bob, "bob", 1))
	d.untilReceived(bob, 251)
	equal(t, "announced", d.received(bob), upTo(251, 251))
}

func TestMissedMessagesAreAnnouncedInOrder(t *testing.T) {
	g := newGateway(t)
	g.say(bob, "bob", 3)
	d := g.device(t).ready()
	d.stop()
	g.say(bob, "bob", 240)
	g.say("C2Ccarl", "carl", 2) // a conversation that began meanwhile
	d = g.deviceAt(t, d.path)
	d.until("ready", isReady)
	equal(t, "bob", d.received(bob), upTo(4, 243))
	equal(t, "carl", d.received("C2Ccarl"), upTo(1, 2))
}

func TestLongBacklogComesNewestFirst(t *testing.T) {
	g := newGateway(t)
	g.say(bob, "bob", 3)
	d := g.device(t).ready()
	d.stop()
	g.say(bob, "bob", 1000)
	d = g.deviceAt(t, d.path)
	d.until("ready", isReady)
	equal(t, "announced", d.received(bob), upTo(904, 1003))
	p, err := d.History(t.Context(), bob, HistoryQuery{Limit: 110})
	ok(t, err)
	equal(t, "hole", p.Holes, []Hole{{4, 903}})
	n, err := d.FillHistory(t.Context(), bob, 904)
	ok(t, err)
	equal(t, "filled", n, 100)
	p, err = d.History(t.Context(), bob, HistoryQuery{Limit: 210})
	ok(t, err)
	equal(t, "hole", p.Holes, []Hole{{4, 803}})
	equal(t, "announced", d.received(bob), upTo(904, 1003))
	d.stop()
	d = g.deviceAt(t, d.path, func(o *Options) { o.NoBackfill = false })
	d.until("the rest", func(e Event) bool { h, is := e.(HistoryChanged); return is && h.From == 4 })
	equal(t, "announced later", d.received(bob), nil)
}

func TestLatePushFillsTheHoleWithoutAPull(t *testing.T) {
	g := newGateway(t)
	g.say(bob, "bob", 1)
	d := g.device(t, func(o *Options) { o.HoleWait = 10 * time.Second }).ready()
	pulls := g.countPulls()
	g.say(bob, "bob", 3)
	g.push(bob, 4)
	g.push(bob, 3)
	g.push(bob, 3)
	g.push(bob, 2)
	d.untilReceived(bob, 4)
	equal(t, "order", d.received(bob), upTo(2, 4))
	equal(t, "pulls", g.countPulls(), pulls)
}

func TestHoleIsPulledAfterAWhile(t *testing.T) {
	g := newGateway(t)
	g.say(bob, "bob", 1)
	d := g.device(t).ready()
	g.say(bob, "bob", 5)
	g.push(bob, 6)
	d.untilReceived(bob, 6)
	equal(t, "order", d.received(bob), upTo(2, 6))
}

func TestPushesDuringSyncAreNotLost(t *testing.T) {
	g := newGateway(t)
	g.say(bob, "bob", 2)
	d := g.device(t).ready()
	d.stop()
	g.say(bob, "bob", 2)
	g.set(func() {
		g.hook = func(s *gatewaySession, h wire.Head, _ []byte) bool {
			if h.T == wire.TConversations {
				// Said after the list was made, pushed before it is sent.
				g.mu.Lock()
				list := wire.ConversationList{Head: h, IsCompleted: true, List: []wire.ConversationRow{*g.rows[bob]}}
				g.hook = nil
				g.mu.Unlock()
				g.push(bob, g.say(bob, "bob", 1))
				s.write(list)
				return true
			}
			return false
		}
	})
	d = g.deviceAt(t, d.path)
	d.untilReceived(bob, 5)
	equal(t, "order", d.received(bob), upTo(3, 5))
}

func TestUnknownConversationComesWithItsRow(t *testing.T) {
	g := newGateway(t)
	d := g.device(t).ready()
	g.push(bob, g.say(bob, "bob", 1))
	d.until("the row", func(e Event) bool {
		l, is := e.(ConversationListUpdated)
		return is && len(l.Conversations) == 1 && l.Conversations[0].UnreadCount == 1 && l.Conversations[0].UserProfile != nil
	})
	list, err := d.GetConversationList(t.Context())
	ok(t, err)
	equal(t, "name", list[0].UserProfile.Nick, "BOB")
	equal(t, "last", list[0].LastMessage.LastSequence, uint64(1))
}

func TestResyncFindsLostPushes(t *testing.T) {
	g := newGateway(t)
	g.say(bob, "bob", 1)
	d := g.device(t).ready()
	g.say(bob, "bob", 4)
	g.broadcast(wire.Resync{Head: wire.Head{T: wire.TResync}})
	d.untilReceived(bob, 5)
	equal(t, "order", d.received(bob), upTo(2, 5))
}

func TestRestoredServerIsFollowed(t *testing.T) {
	g := newGateway(t)
	g.say(bob, "bob", 3)
	d := g.device(t).ready()
	m, err := d.SendMessage(t.Context(), d.CreateTextMessage(im.ConvC2C, "bob", "mine"), im.SendOptions{})
	ok(t, err)
	_, err = d.waitSent(m.ID)
	ok(t, err)
	g.push(bob, g.say(bob, "bob", 2)) // 5, 6
	d.untilReceived(bob, 6)
	// One more waits, with a base that the restored server does not reach.
	g.set(func() { g.refuse = true })
	g.dropAll()
	eventually(t, "offline", func() bool { return d.current() == nil })
	waiting, err := d.SendMessage(t.Context(), d.CreateTextMessage(im.ConvC2C, "bob", "waits"), im.SendOptions{})
	ok(t, err)
	g.set(func() { g.refuse = false })
	d.stop()
	g.set(func() {
		// Tried only when the list was compared.
		g.hook = func(s *gatewaySession, h wire.Head, line []byte) bool {
			if h.T == wire.TSend && decodeAs[wire.Send](t, line).Base > 2 {
				s.fail(h, im.CodeBusy)
				return true
			}
			return false
		}
	})
	// The copy that is restored ends at 2 and went on otherwise.
	g.set(func() {
		g.epoch = "e2"
		g.logs[bob] = g.logs[bob][:2]
		g.rows[bob].Last = 2
	})
	g.say(bob, "bob", 2)
	d = g.deviceAt(t, d.path)
	d.until("ready", isReady)
	sent, err := d.waitSent(m.ID)
	ok(t, err)
	late, err := d.waitSent(waiting.ID)
	ok(t, err)
	equal(t, "sent again as", sent.Sequence+late.Sequence, uint64(5+6))
	p, err := d.History(t.Context(), bob, HistoryQuery{})
	ok(t, err)
	var ids []string
	for _, m := range p.Messages {
		ids = append(ids, string(m.ID))
	}
	equal(t, "history", strings.Join(ids[:4], " "), "bob-dev-e11 bob-dev-e12 bob-dev-e23 bob-dev-e24")
	equal(t, "messages", len(ids), 6)
	truncated := 0
	for _, e := range d.seen {
		if h, is := e.(HistoryChanged); is && h.Truncated {
			truncated++
			equal(t, "cut after", h.From, uint64(2))
		}
	}
	equal(t, "truncated", truncated, 1)
}

func TestDivergedPushIsNoticed(t *testing.T) {
	g := newGateway(t)
	g.say(bob, "bob", 4)
	d := g.device(t).ready()
	g.set(func() {
		g.epoch = "e2" // only the ids: the session goes on
		g.logs[bob] = g.logs[bob][:3]
		g.rows[bob].Last = 3
	})
	g.push(bob, g.say(bob, "bob", 1))
	d.until("cut", func(e Event) bool { h, is := e.(HistoryChanged); return is && h.Truncated && h.From == 3 })
	eventually(t, "the new 4", func() bool {
		p, err := d.History(t.Context(), bob, HistoryQuery{})
		ok(t, err)
		return len(p.Messages) == 4 && p.Messages[3].ID == "bob-dev-e24"
	})
}

func TestGarbageFromTheServer(t *testing.T) {
	for _, c := range []struct {
		name, frame string
	}{
		{"not JSON", `{{{`},
		{"binary", "\x00\xff\xfe"},
		{"no type", `{"i":3}`},
		{"unknown type", `{"t":"brandnew","x":[1]}`},
		{"an answer to nothing", `{"t":"ok","i":99999}`},
		{"a message without anything", `{"t":"m"}`},
		{"a message of nonsense", `{"t":"m","m":{"ID":7}}`},
		{"an absurd sequence", `{"t":"m","m":{"ID":"bob-d-1","conversationID":"C2Cbob","type":"TIMTextElem","payload":{"text":"x"},"from":"bob","sequence":9007199254740000}}`},
		{"a sequence beyond all", `{"t":"m","m":{"ID":"bob-d-1","conversationID":"C2Cbob","type":"TIMTextElem","payload":{"text":"x"},"from":"bob","sequence":18446744073709551615}}`},
		{"a message that cannot be read", `{"t":"m","m":{"ID":"bob-d-1","conversationID":"C2Cbob","type":"TIMTextElem","payload":"x","from":"bob","sequence":2}}`},
		{"another's conversation id", `{"t":"m","m":{"ID":"bob-d-1","conversationID":"../../x","type":"TIMTextElem","payload":{"text":"x"},"from":"bob","sequence":2}}`},
		{"an event of nonsense", `{"t":"ev","k":5}`},
		{"an unknown event", `{"t":"ev","k":"brandnew"}`},
		{"a resync", `{"t":"resync"}`},
		{"an error for nobody", `{"t":"err","error":{"code":20001}}`},
		{"an error without a reason", `{"t":"err"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := newGateway(t)
			g.say(bob, "bob", 1)
			d := g.device(t)
			d.until("ready", isReady)
			g.broadcast([]byte(c.frame))
			n := g.say(bob, "bob", 1)
			g.push(bob, n)
			d.untilReceived(bob, n)
			equal(t, "received", d.received(bob), upTo(2, n))
			p, err := d.History(t.Context(), bob, HistoryQuery{})
			ok(t, err)
			equal(t, "history", sequences(p.Messages), upTo(1, n))
		})
	}
}

func TestUnreadableMessageOfAPageLeavesAPlace(t *testing.T) {
	g := newGateway(t)
	g.say(bob, "bob", 1)
	d := g.device(t).ready()
	d.stop()
	g.say(bob, "bob", 3)
	g.set(func() {
		g.hook = func(s *gatewaySession, h wire.Head, _ []byte) bool {
			if h.T != wire.TPull {
				return false
			}
			s.write([]byte(fmt.Sprintf(`{"t":"pull","i":%d,"conv":"C2Cbob","last":4,"first":1,"isCompleted":true,"msgs":[`+
				`{"ID":"bob-d-2","conversationID":"C2Cbob","type":"TIMTextElem","payload":{"text":"two"},"from":"bob","sequence":2},`+
				`{"ID":"bob-d-3","conversationID":"C2Cbob","type":"TIMTextElem","payload":[],"from":"bob","sequence":3},`+
				`{"ID":"bob-d-4","conversationID":"C2Cbob","type":"TIMTextElem","payload":{"text":"four"},"from":"bob","sequence":4}]}`, h.I)))
			return true
		}
	})
	d = g.deviceAt(t, d.path)
	d.until("ready", isReady)
	equal(t, "received", d.received(bob), []uint64{2, 4})
	p, err := d.History(t.Context(), bob, HistoryQuery{})
	ok(t, err)
	equal(t, "history", sequences(p.Messages), upTo(1, 4))
	equal(t, "place", p.Messages[2].IsPlaceMessage, true)
}

func TestGroupThatIsGoneLeavesTheList(t *testing.T) {
	g := newGateway(t)
	g.say("GROUPg1", "bob", 2)
	g.say("GROUPg2", "bob", 2)
	d := g.device(t).ready()
	g.broadcast(wire.Event{Head: wire.Head{T: wire.TEvent}, K: wire.EvConvGone, Conversation: "GROUPg1"})
	e := d.until("left", func(e Event) bool { u, is := e.(GroupListUpdated); return is && u.Left }).(GroupListUpdated)
	equal(t, "group", e.Group.GroupID, "g1")
	d.stop()
	g.set(func() { delete(g.rows, "GROUPg1"); delete(g.rows, "GROUPg2") })
	d = g.deviceAt(t, d.path).ready()
	list, err := d.GetConversationList(t.Context())
	ok(t, err)
	equal(t, "list", len(list), 0)
	p, err := d.History(t.Context(), "GROUPg1", HistoryQuery{})
	ok(t, err)
	equal(t, "history stays", len(p.Messages), 2)
}
