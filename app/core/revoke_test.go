package core

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"magpie/im"
	"magpie/im/wire"
)

// revokedIn lists the sequences of all MessageRevoked events so far.
func (d *device) revokedIn(conv im.ConversationID) []uint64 {
	list := []uint64{}
	for _, e := range d.seen {
		if r, is := e.(MessageRevoked); is {
			for _, m := range r.Messages {
				if m.ConversationID == conv {
					list = append(list, m.Sequence)
				}
			}
		}
	}
	return list
}

// untilRevoked waits until the message at a sequence was recalled, which must
// then be so on disk.
func (d *device) untilRevoked(conv im.ConversationID, n uint64) im.Message {
	d.t.Helper()
	var got im.Message
	d.until(fmt.Sprintf("the recall of %d", n), func(e Event) bool {
		r, is := e.(MessageRevoked)
		if is {
			for _, m := range r.Messages {
				if m.ConversationID == conv && m.Sequence == n {
					got = m
					return true
				}
			}
		}
		return false
	})
	d.tombstoneAt(conv, n)
	return got
}

func (d *device) tombstoneAt(conv im.ConversationID, n uint64) {
	d.t.Helper()
	if m := d.at(conv, n); !m.IsRevoked || m.Payload != nil {
		d.t.Fatalf("at %d is %+v", n, m)
	}
}

func TestRevoke(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	one, two, bob := s.device(t, "ann").ready(), s.device(t, "ann").ready(), s.device(t, "bob").ready()
	one.say(im.ConvC2C, "bob", "hello")
	m := one.say(im.ConvC2C, "bob", "not meant for you")
	bob.hear("not meant for you")
	two.hear("not meant for you")
	eventually(t, "two unread", func() bool { return bob.row("C2Cann").UnreadCount == 2 })
	if !one.MayRevoke(&m) {
		t.Error("a fresh message may not be recalled")
	}
	ok(t, one.RevokeMessage(t.Context(), m.ID))
	one.tombstoneAt("C2Cbob", 2)
	got := bob.untilRevoked("C2Cann", 2)
	equal(t, "of", got.From, im.UserID("ann"))
	equal(t, "by", got.Revoker, im.UserID("ann"))
	equal(t, "called", got.RevokerNick, "ANN")
	equal(t, "id", got.ID, m.ID)
	equal(t, "flow", got.Flow, im.FlowIn)
	equal(t, "time", got.Time, m.Time)
	two.untilRevoked("C2Cbob", 2)
	eventually(t, "one unread", func() bool { return bob.row("C2Cann").UnreadCount == 1 })
	if l := bob.row("C2Cann").LastMessage; !l.IsRevoked || l.Payload != nil || strings.Contains(l.MessageForShow, "meant") {
		t.Errorf("the list shows %+v", l)
	}
	if p, known := one.RevokedContent(m.ID); !known || p != (im.TextPayload{Text: "not meant for you"}) {
		t.Errorf("to be edited again: %v", p)
	}
	if _, known := two.RevokedContent(m.ID); known {
		t.Error("another device kept the content")
	}
	gone, _, err := one.Message(m.ID)
	ok(t, err)
	equal(t, "may be recalled again", one.MayRevoke(&gone), false)
	equal(t, "again", im.CodeOf(one.RevokeMessage(t.Context(), m.ID)), im.CodeAlreadyRevoked)
	equal(t, "unknown", im.CodeOf(one.RevokeMessage(t.Context(), "ann-x-y")), im.CodeRevokeNotFoundC2C)
	hello := bob.at("C2Cann", 1)
	equal(t, "of the other side", im.CodeOf(bob.RevokeMessage(t.Context(), hello.ID)), im.CodeRevokeNotFoundC2C)
	equal(t, "may be recalled by the other side", bob.MayRevoke(&hello), false)
	// What comes after is in order, and nothing was told twice.
	one.say(im.ConvC2C, "bob", "sorry")
	bob.hear("sorry")
	two.hear("sorry")
	one.until("sorry", func(e Event) bool { u, is := e.(MessageUpdated); return is && u.Message.Sequence == 4 })
	for _, d := range []*device{one, two} {
		equal(t, "recalled once", d.revokedIn("C2Cbob"), []uint64{2})
	}
	equal(t, "recalled once", bob.revokedIn("C2Cann"), []uint64{2})
	equal(t, "received", bob.received("C2Cann"), []uint64{1, 2, 4})
	s.kill()
	one.until("not ready", func(e Event) bool { _, is := e.(SDKNotReady); return is })
	first, _, err := one.Message(one.at("C2Cbob", 1).ID)
	ok(t, err)
	equal(t, "offline", im.CodeOf(one.RevokeMessage(t.Context(), first.ID)), im.CodeNetworkDown)
	if raw, err := os.ReadFile(bob.path); err != nil || !strings.Contains(string(raw), "hello") {
		t.Fatalf("the file is not read: %v", err)
	}
	for _, d := range []*device{one, two, bob} {
		eventually(t, "no byte of it is left", func() bool {
			raw, err := os.ReadFile(d.path)
			ok(t, err)
			return !strings.Contains(string(raw), "not meant for you")
		})
	}
}

// at is the stored message at a sequence.
func (d *device) at(conv im.ConversationID, n uint64) im.Message {
	d.t.Helper()
	list, err := d.st.PageAfter(conv, n-1, 1)
	ok(d.t, err)
	if len(list) != 1 || list[0].Sequence != n {
		d.t.Fatalf("no message %d", n)
	}
	return list[0]
}

func TestRevokeTooLate(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	ann := s.device(t, "ann").ready()
	m := ann.say(im.ConvC2C, "bob", "old")
	m.Time = ann.ServerNow().Add(-im.RevokeWindow - time.Second).UnixMilli()
	equal(t, "may be recalled", ann.MayRevoke(&m), false)
}

// What is in the outbox never was at the server: it is taken back without it.
func TestRevokeInTheOutbox(t *testing.T) {
	g := newGateway(t)
	g.set(func() { g.refuse = true })
	d := g.device(t)
	m, err := d.SendMessage(t.Context(), d.CreateTextMessage(im.ConvC2C, "bob", "wait"), im.SendOptions{})
	ok(t, err)
	equal(t, "may be recalled", d.MayRevoke(&m), false)
	ok(t, d.RevokeMessage(t.Context(), m.ID))
	d.until("removed", func(e Event) bool { r, is := e.(MessageRemoved); return is && r.ID == m.ID })
	p, err := d.Pending("C2Cbob")
	ok(t, err)
	equal(t, "pending", len(p), 0)
}

func TestRevokeWhileAway(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	ann, bob := s.device(t, "ann").ready(), s.device(t, "bob").ready()
	seen := ann.say(im.ConvC2C, "bob", "seen")
	ann.say(im.ConvC2C, "bob", "stays")
	bob.hear("stays")
	bob.stop()
	unseen := ann.say(im.ConvC2C, "bob", "unseen")
	ok(t, ann.RevokeMessage(t.Context(), seen.ID))
	ok(t, ann.RevokeMessage(t.Context(), unseen.ID))
	ann.say(im.ConvC2C, "bob", "after")
	bob = s.deviceAt(t, "bob", bob.path).ready()
	bob.hear("after")
	bob.untilAllRevoked("C2Cann", 1, 3)
	equal(t, "received", bob.received("C2Cann"), []uint64{3, 6})
	bob.tombstoneAt("C2Cann", 1)
	bob.tombstoneAt("C2Cann", 3)
	eventually(t, "unread", func() bool { return bob.row("C2Cann").UnreadCount == 2 })
	bob.stop()
	bob = s.deviceAt(t, "bob", bob.path).ready()
	ann.say(im.ConvC2C, "bob", "last")
	bob.hear("last")
	equal(t, "told again", bob.revokedIn("C2Cann"), []uint64{})
}

// untilAllRevoked waits until all of these were told of, now or before.
func (d *device) untilAllRevoked(conv im.ConversationID, want ...uint64) {
	d.t.Helper()
	all := func() bool {
		got := map[uint64]int{}
		for _, n := range d.revokedIn(conv) {
			got[n]++
		}
		for _, n := range want {
			if got[n] != 1 {
				return false
			}
		}
		return len(got) == len(want)
	}
	if !all() {
		d.until("the recalls", func(Event) bool { return all() })
	}
}

// After a long absence only the newest is fetched at once; a recall in what the
// background fetches later still reaches what is on disk.
func TestRevokeDeepInTheBacklog(t *testing.T) {
	g := newGateway(t)
	g.say("C2Cbob", "bob", 3)
	d := g.device(t)
	d.ready()
	eventually(t, "history", func() bool {
		p, err := d.History(t.Context(), "C2Cbob", HistoryQuery{})
		ok(t, err)
		return len(p.Messages) == 3
	})
	d.stop()
	g.say("C2Cbob", "bob", 100)
	g.recall("C2Cbob", 2, "bob") // at 104
	g.say("C2Cbob", "bob", 500)
	d = g.deviceAt(t, d.path, func(o *Options) { o.NoBackfill = false })
	d.ready()
	d.untilRevoked("C2Cbob", 2)
	equal(t, "told", d.revokedIn("C2Cbob"), []uint64{2})
}

// recall is what a server does: a place of its own, and a tombstone.
func (g *gateway) recall(conv im.ConversationID, target uint64, by im.UserID) uint64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	log := g.logs[conv]
	old := log[target-1]
	place := im.Message{
		ID: im.MessageID(fmt.Sprint("@TIM#SYSTEM-recall-", target)), ConversationID: conv, From: im.SystemUser, Time: 9, IsPlaceMessage: true,
		Type: old.Type, Revoker: by, RevokerNick: "B",
		Revokes: &im.Revocation{Sequence: target, ID: old.ID, Type: old.Type, From: old.From, Time: old.Time},
	}
	n := g.appendLocked(conv, place)
	log = g.logs[conv]
	log[target-1] = place.Revokes.Tombstone(&place, "ann")
	r := g.rows[conv]
	if len(log) > 1 {
		r.LastMessage = im.NewLastMessage(&log[n-2])
	}
	return n
}

// A page that was read before a message was recalled comes after the recall: the
// message is never readable.
func TestRevokeBeforeItsPageComes(t *testing.T) {
	g := newGateway(t)
	g.say("C2Cbob", "bob", 200)
	d := g.device(t)
	d.ready()
	var stale im.Message
	g.set(func() { stale = g.logs["C2Cbob"][49] })
	g.push("C2Cbob", g.recall("C2Cbob", 50, "bob"))
	eventually(t, "the recall", func() bool {
		waiting, err := d.st.Recalls("C2Cbob")
		ok(t, err)
		return len(waiting) == 1
	})
	g.set(func() {
		g.hook = func(s *gatewaySession, h wire.Head, line []byte) bool {
			if h.T == wire.TPull {
				g.set(func() { g.logs["C2Cbob"][49] = stale })
			}
			return false
		}
	})
	for {
		n, err := d.FillHistory(t.Context(), "C2Cbob", 0)
		ok(t, err)
		if n == 0 {
			break
		}
	}
	d.tombstoneAt("C2Cbob", 50)
	equal(t, "told", d.revokedIn("C2Cbob"), []uint64{})
	m, _, err := d.Message(stale.ID)
	ok(t, err)
	equal(t, "revoker", m.RevokerNick, "B")
}

// The message and its recall are pushed while both wait for an earlier one.
func TestRevokeOfWhatWasNotShownYet(t *testing.T) {
	g := newGateway(t)
	g.say("C2Cbob", "bob", 1)
	d := g.device(t)
	d.ready()
	g.say("C2Cbob", "bob", 2)
	g.push("C2Cbob", 3)
	n := g.recall("C2Cbob", 3, "bob")
	g.push("C2Cbob", n)
	g.push("C2Cbob", 2)
	d.untilRevoked("C2Cbob", 3)
	for _, e := range d.seen {
		if r, is := e.(MessageReceived); is {
			for _, m := range r.Messages {
				if m.Sequence == 3 && m.Payload != nil {
					t.Error("what was recalled was shown")
				}
			}
		}
	}
	equal(t, "received", d.received("C2Cbob"), []uint64{2, 3})
	equal(t, "told", d.revokedIn("C2Cbob"), []uint64{3})
}

// A recall neither brings back a conversation nor is a message.
func TestRevokeIsNoNews(t *testing.T) {
	g := newGateway(t)
	g.say("C2Cbob", "bob", 2)
	d := g.device(t)
	d.ready()
	eventually(t, "the end of it", func() bool {
		p, err := d.History(t.Context(), "C2Cbob", HistoryQuery{})
		ok(t, err)
		return len(p.Messages) == 2
	})
	ok(t, d.DeleteConversation(t.Context(), "C2Cbob"))
	g.push("C2Cbob", g.recall("C2Cbob", 2, "bob"))
	d.untilRevoked("C2Cbob", 2)
	row, _, err := d.st.Conversation("C2Cbob")
	ok(t, err)
	equal(t, "hidden", row.Hidden, true)
	equal(t, "received", len(d.received("C2Cbob")), 0)
}

// The acknowledgement of a message was lost, and another device recalled it.
func TestRevokeOfWhatWaitsHere(t *testing.T) {
	g := newGateway(t)
	g.say("C2Cbob", "bob", 1)
	d := g.device(t)
	d.ready()
	lose := true
	g.set(func() {
		g.hook = func(s *gatewaySession, h wire.Head, line []byte) bool {
			if h.T != wire.TSend || !lose {
				return false
			}
			lose = false
			f := decodeAs[wire.Send](g.t, line)
			f.Message.From = "ann"
			g.set(func() { g.store(h, f) })
			g.recall("C2Cbob", 2, "ann")
			g.dropAll()
			return true
		}
	})
	m, err := d.SendMessage(t.Context(), d.CreateTextMessage(im.ConvC2C, "bob", "never mind"), im.SendOptions{})
	ok(t, err)
	// Its acknowledgement, when it is sent again, and the page race.
	d.untilRevoked("C2Cbob", 2)
	eventually(t, "settled", func() bool { return !d.out.has(m.ID) })
	rows, err := d.st.Outbox()
	ok(t, err)
	equal(t, "outbox", len(rows), 0)
	d.tombstoneAt("C2Cbob", 2)
}

func TestRevokeInAGroup(t *testing.T) {
	s := newMagpied(t, "ann", "bob", "carl")
	ann, bob, carl := s.device(t, "ann").ready(), s.device(t, "bob").ready(), s.device(t, "carl").ready()
	g, _, err := ann.CreateGroup(t.Context(), im.Group{Name: "three", Type: im.GroupPublic}, []im.UserID{"bob", "carl"})
	ok(t, err)
	conv := im.GroupConversation(g.GroupID)
	m := bob.say(im.ConvGroup, string(g.GroupID), "rude")
	heard := carl.hear("rude")
	equal(t, "a member recalls another's", im.CodeOf(carl.RevokeMessage(t.Context(), heard.ID)), im.CodeGroupPermission)
	equal(t, "a member may", carl.MayRevoke(&heard), false)
	mine := ann.hear("rude")
	mine.Time -= im.RevokeWindow.Milliseconds() * 2
	equal(t, "the owner may, at any time", ann.MayRevoke(&mine), true)
	ok(t, ann.RevokeMessage(t.Context(), m.ID))
	for _, d := range []*device{ann, bob, carl} {
		got := d.untilRevoked(conv, m.Sequence)
		equal(t, "by", got.Revoker, im.UserID("ann"))
		equal(t, "of", got.From, im.UserID("bob"))
	}
	equal(t, "again", im.CodeOf(ann.RevokeMessage(t.Context(), m.ID)), im.CodeRevokeNotFound)
	tip := ann.at(conv, 1)
	equal(t, "is a tip", tip.Type, im.MsgGroupTip)
	equal(t, "a tip", im.CodeOf(ann.RevokeMessage(t.Context(), tip.ID)), im.CodeRevokeUnsupported)
	if _, known := ann.RevokedContent(m.ID); known {
		t.Error("the content of another was kept")
	}
}
