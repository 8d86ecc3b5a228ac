package core

import (
	"testing"
	"time"

	"magpie/im"
	"magpie/im/wire"
)

func (d *device) row(conv im.ConversationID) im.Conversation {
	d.t.Helper()
	r, found, err := d.st.Conversation(conv)
	ok(d.t, err)
	equal(d.t, "row found", found, true)
	return r.Conversation
}

func TestReadMarkFallsAtOnceAndIsReported(t *testing.T) {
	g := newGateway(t)
	g.say(bob, "bob", 5)
	d := g.device(t).ready()
	equal(t, "unread", d.row(bob).UnreadCount, uint64(5))
	ok(t, d.SetMessageReadUpTo(t.Context(), bob, 3))
	equal(t, "unread", d.row(bob).UnreadCount, uint64(2))
	ok(t, d.SetMessageReadUpTo(t.Context(), bob, 1)) // never back
	equal(t, "unread", d.row(bob).UnreadCount, uint64(2))
	ok(t, d.SetMessageRead(t.Context(), bob))
	equal(t, "unread", d.row(bob).UnreadCount, uint64(0))
	d.until("no unread", func(e Event) bool { u, is := e.(TotalUnreadUpdated); return is && u.Unread == 0 })
	eventually(t, "the report", func() bool {
		g.mu.Lock()
		defer g.mu.Unlock()
		return len(g.reads) > 0 && g.reads[len(g.reads)-1].Sequence == 5
	})
}

// The count that came with a message is on disk when the list is told of it,
// however late that write is: nothing would tell of it again.
func TestListHasTheCountOfWhatItTells(t *testing.T) {
	g := newGateway(t)
	g.say(bob, "bob", 1)
	path := t.TempDir() + "/ann.db"
	st := openStore(t, path)
	o := g.options(st)
	ok(t, o.fill())
	db := &troubled{storage: st}
	c, err := newClient(o, db)
	ok(t, err)
	d := startDevice(t, c, st, path).ready()
	db.slow.Store(int64(300 * time.Millisecond))
	g.push(bob, g.say(bob, "bob", 1))
	d.until("2 unread in the list", func(e Event) bool {
		l, is := e.(ConversationListUpdated)
		return is && len(l.Conversations) == 1 && l.Conversations[0].UnreadCount == 2
	})
}

func TestReadOfflineIsReportedAfterARestart(t *testing.T) {
	g := newGateway(t)
	g.say(bob, "bob", 5)
	d := g.device(t).ready()
	g.set(func() { g.refuse = true })
	g.dropAll()
	d.until("offline", func(e Event) bool { s, is := e.(StateChanged); return is && s.State == Offline })
	ok(t, d.SetMessageRead(t.Context(), bob))
	d.stop()
	g.set(func() { g.refuse = false })
	d = g.deviceAt(t, d.path).ready()
	equal(t, "unread", d.row(bob).UnreadCount, uint64(0))
	eventually(t, "the report", func() bool {
		g.mu.Lock()
		defer g.mu.Unlock()
		return g.rows[bob].Read == 5
	})
}

func TestCloseReportsWhatWasJustRead(t *testing.T) {
	g := newGateway(t)
	g.say(bob, "bob", 5)
	d := g.device(t, func(o *Options) { o.ReadDelay = 1 << 40 }).ready()
	ok(t, d.SetMessageRead(t.Context(), bob))
	d.stop()
	g.set(func() { equal(t, "read", g.rows[bob].Read, uint64(5)) })
}

// A push counts messages that this device has read and not reported yet: its
// number must not raise the count again.
func TestPushDoesNotUndoReading(t *testing.T) {
	g := newGateway(t)
	g.say(bob, "bob", 5)
	d := g.device(t, func(o *Options) { o.ReadDelay = 1 << 40 }).ready()
	ok(t, d.SetMessageRead(t.Context(), bob))
	d.push0(g)
	eventually(t, "one unread", func() bool { return d.row(bob).UnreadCount == 1 })
}

func TestReadOnAnotherDevice(t *testing.T) {
	g := newGateway(t)
	g.say(bob, "bob", 5)
	d := g.device(t).ready()
	g.broadcast(wire.Event{Head: wire.Head{T: wire.TEvent}, K: wire.EvRead, Conversation: bob, Sequence: 4, Unread: 1})
	eventually(t, "one unread", func() bool { r := d.row(bob); return r.UnreadCount == 1 && r.Read == 4 })
	// An older mark that arrives late changes nothing.
	g.broadcast(wire.Event{Head: wire.Head{T: wire.TEvent}, K: wire.EvRead, Conversation: bob, Sequence: 2, Unread: 3})
	g.broadcast(wire.Event{Head: wire.Head{T: wire.TEvent}, K: wire.EvPeerRead, Conversation: bob, Sequence: 5})
	d.until("peer read", func(e Event) bool { r, is := e.(MessageReadByPeer); return is && r.Sequence == 5 })
	equal(t, "unread", d.row(bob).UnreadCount, uint64(1))
	equal(t, "peer", d.row(bob).PeerRead, uint64(5))
}

func TestIsPeerRead(t *testing.T) {
	g := newGateway(t)
	d := g.device(t).ready()
	m := d.text("read me")
	d.untilSent(m.ID)
	g.broadcast(wire.Event{Head: wire.Head{T: wire.TEvent}, K: wire.EvPeerRead, Conversation: bob, Sequence: 1})
	d.until("peer read", func(e Event) bool { _, is := e.(MessageReadByPeer); return is })
	p, err := d.History(t.Context(), bob, HistoryQuery{})
	ok(t, err)
	equal(t, "read by peer", p.Messages[0].IsPeerRead, true)
}

func TestDeleteConversation(t *testing.T) {
	g := newGateway(t)
	g.say(bob, "bob", 3)
	d := g.device(t).ready()
	g.set(func() { g.refuse = true })
	g.dropAll()
	d.until("offline", func(e Event) bool { s, is := e.(StateChanged); return is && s.State == Offline })
	ok(t, d.DeleteConversation(t.Context(), bob))
	equal(t, "again", im.CodeOf(d.DeleteConversation(t.Context(), bob)), im.CodeConversationNotFound)
	list, err := d.GetConversationList(t.Context())
	ok(t, err)
	equal(t, "list", len(list), 0)
	d.stop()
	g.set(func() { g.refuse = false })
	d = g.deviceAt(t, d.path).ready()
	eventually(t, "the server was told", func() bool {
		g.mu.Lock()
		defer g.mu.Unlock()
		return len(g.deletes) > 0 && g.deletes[0] == bob && g.rows[bob].Read == 3
	})
	list, err = d.GetConversationList(t.Context())
	ok(t, err)
	equal(t, "list", len(list), 0)
	p, err := d.History(t.Context(), bob, HistoryQuery{})
	ok(t, err)
	equal(t, "messages stay", sequences(p.Messages), upTo(1, 3))
	d.push0(g)
	d.until("back in the list", func(e Event) bool {
		l, is := e.(ConversationListUpdated)
		return is && len(l.Conversations) == 1 && l.Conversations[0].LastMessage.LastSequence == 4
	})
	g.broadcast(wire.Event{Head: wire.Head{T: wire.TEvent}, K: wire.EvConvDeleted, Conversation: bob})
	d.until("deleted elsewhere", func(e Event) bool {
		l, is := e.(ConversationListUpdated)
		return is && len(l.Conversations) == 0
	})
}

// A deletion counts as far as the person could see. What came before the server
// heard of it stays unread and in the list, on all devices.
func TestDeletionLeavesWhatCameMeanwhile(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	ann, bob := s.device(t, "ann").ready(), s.device(t, "bob").ready()
	bob.say(im.ConvC2C, "ann", "seen")
	ann.hear("seen")
	l := ann.current()
	bob.say(im.ConvC2C, "ann", "not seen")
	ann.hear("not seen")
	h := l.head(wire.TDeleteConv)
	_, err := ask[wire.OK](t.Context(), l, h, wire.DeleteConversation{Head: h, Conversation: "C2Cbob", Sequence: 1})
	ok(t, err)
	second := s.device(t, "ann").ready()
	for name, d := range map[string]*device{"the device": ann, "another": second} {
		eventually(t, name+" keeps it", func() bool {
			list, err := d.GetConversationList(t.Context())
			ok(t, err)
			return len(list) == 1 && list[0].ConversationID == "C2Cbob" && d.row("C2Cbob").LastMessage.LastSequence == 2
		})
	}
	eventually(t, "one unread", func() bool { return second.row("C2Cbob").UnreadCount == 1 })
}
