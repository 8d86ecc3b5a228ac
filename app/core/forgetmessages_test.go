package core

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"magpie/im"
	"magpie/im/wire"
)

// withoutPlaces are the sequences of what a person sees.
func withoutPlaces(list []im.Message) (out []uint64) {
	for i := range list {
		if !list[i].IsPlaceMessage {
			out = append(out, list[i].Sequence)
		}
	}
	return out
}

func (d *device) shows(conv im.ConversationID) []uint64 {
	d.t.Helper()
	page, err := d.History(d.t.Context(), conv, HistoryQuery{Limit: 100})
	ok(d.t, err)
	return withoutPlaces(page.Messages)
}

// deletedHere waits until messages were deleted on this device.
func (d *device) deletedHere(n uint64) {
	d.t.Helper()
	d.until("a message was deleted", func(e Event) bool {
		gone, is := e.(MessagesDeleted)
		return is && gone.Messages[0].Sequence == n
	})
}

// A message that a person deletes is gone from this device alone, and stays so whatever
// the server brings.
func TestForgetMessages(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	path := filepath.Join(t.TempDir(), "ann.db")
	ann, bob := s.deviceAt(t, "ann", path).ready(), s.device(t, "bob").ready()
	const secret = "the heron waits at the weir"
	for range 20 {
		bob.say(im.ConvC2C, "ann", "small talk")
	}
	said := bob.say(im.ConvC2C, "ann", secret)
	own := ann.say(im.ConvC2C, "bob", "my answer, "+secret)
	file, shared := content(1, 30_000), content(2, 2000)
	one := ann.sendFile("bob", file)
	two := ann.sendFile("bob", shared)
	again := ann.sendFile("ann", shared)
	eventually(t, "all of it is here", func() bool {
		page, err := ann.History(t.Context(), "C2Cbob", HistoryQuery{Limit: 100})
		return err == nil && len(page.Messages) == 24
	})
	ok(t, ann.ForgetMessages(t.Context(), said.ID, own.ID, one.ID, two.ID, "nobody-pc-1"))
	ann.deletedHere(21)
	equal(t, "files that are here", ann.here(file, shared), []bool{false, true})
	ok(t, ann.ForgetMessages(t.Context(), again.ID))
	equal(t, "files that are here", ann.here(file, shared), []bool{false, false})

	gone := func(d *device) {
		t.Helper()
		equal(t, "in the history", d.shows("C2Cbob"), upTo(1, 20))
		all, list := d.pages("C2Cbob", 7)
		equal(t, "in the pages of the interface", all, upTo(1, 20))
		equal(t, "completed", list.IsCompleted, true)
		found, err := d.Search(t.Context(), SearchQuery{Text: "heron"})
		ok(t, err)
		equal(t, "found", len(found.Hits), 0)
		if n, _, err := d.CountMedia(t.Context(), "C2Cbob", []im.MessageType{im.MsgFile}, 0); err != nil || n != 0 {
			t.Errorf("%d files, %v", n, err)
		}
		m, known, err := d.Message(said.ID)
		if err != nil || !known || !m.IsDeleted || m.Payload != nil {
			t.Errorf("left of it: %+v, %v, %v", m, known, err)
		}
		row := d.row("C2Cbob")
		if l := row.LastMessage; l == nil || l.LastSequence != 20 || l.MessageForShow != "small talk" {
			t.Errorf("the list shows %+v", l)
		}
	}
	gone(ann)
	eventually(t, "no byte of it is in the file", func() bool {
		b, err := os.ReadFile(path)
		return err == nil && !strings.Contains(string(b), "heron")
	})
	equal(t, "recalled here", ann.MayRevoke(&said), false)

	// Others have it.
	equal(t, "the other side", bob.shows("C2Cann"), upTo(1, 24))
	other := s.device(t, "ann").ready()
	eventually(t, "another device of the account has all", func() bool { return slices.Equal(other.shows("C2Cbob"), upTo(1, 24)) })

	// A restart, and the list of the server, which shows the last message.
	ann.stop()
	ann = s.deviceAt(t, "ann", path).ready()
	gone(ann)
	// The other side recalls what is gone here.
	ok(t, bob.RevokeMessage(t.Context(), said.ID))
	other.untilRevoked("C2Cbob", 21)
	bob.say(im.ConvC2C, "ann", "goodbye")
	ann.hear("goodbye")
	equal(t, "recalls that are told of", ann.revokedIn("C2Cbob"), nil)
	m, _, err := ann.Message(said.ID)
	ok(t, err)
	equal(t, "recalled and deleted", m.IsDeleted && !m.IsRevoked, true)

	// The whole history is forgotten, and read again from the server.
	_, err = ann.ForgetHistory(t.Context(), "C2Cbob", false)
	ok(t, err)
	all, _ := ann.pages("C2Cbob", 7)
	equal(t, "from the server", all, append(upTo(1, 20), 26))
}

// What was deleted unread is not unread for ever.
func TestForgetUnreadMessage(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	path := filepath.Join(t.TempDir(), "ann.db")
	ann, bob := s.deviceAt(t, "ann", path).ready(), s.device(t, "bob").ready()
	first, second := bob.say(im.ConvC2C, "ann", "one"), bob.say(im.ConvC2C, "ann", "two")
	third := bob.say(im.ConvC2C, "ann", "three")
	ann.hear("three")
	eventually(t, "three unread", func() bool { return ann.row("C2Cbob").UnreadCount == 3 })
	ok(t, ann.ForgetMessages(t.Context(), first.ID))
	eventually(t, "two unread", func() bool { return ann.row("C2Cbob").UnreadCount == 2 })
	ok(t, ann.ForgetMessages(t.Context(), third.ID))
	ok(t, ann.SetMessageReadUpTo(t.Context(), "C2Cbob", 2)) // what the window shows
	equal(t, "unread", ann.row("C2Cbob").UnreadCount, uint64(0))
	bob.until("read by ann", func(e Event) bool { r, is := e.(MessageReadByPeer); return is && r.Sequence == 3 })
	ann.stop()
	ann = s.deviceAt(t, "ann", path).ready()
	equal(t, "after a restart", ann.row("C2Cbob").UnreadCount, uint64(0))
	ok(t, ann.ForgetMessages(t.Context(), second.ID))
	equal(t, "unread", ann.row("C2Cbob").UnreadCount, uint64(0))
	if l := ann.row("C2Cbob").LastMessage; l == nil || l.MessageForShow != "" || l.Payload != nil {
		t.Errorf("the list shows %+v", l)
	}
}

// A message that waits is not sent; of one that is at the server it is awaited what
// comes of it, and it does not come back.
func TestForgetUnsentMessage(t *testing.T) {
	g := newGateway(t)
	g.set(func() { g.refuse = true })
	d := g.device(t)
	never := d.text("never")
	ok(t, d.ForgetMessages(t.Context(), never.ID))
	d.until("removed", func(e Event) bool { r, is := e.(MessageRemoved); return is && r.ID == never.ID })
	rows, err := d.st.Outbox()
	ok(t, err)
	equal(t, "outbox", len(rows), 0)

	arrived, release := make(chan struct{}), make(chan struct{})
	g.set(func() {
		g.refuse = false
		g.hook = func(s *gatewaySession, h wire.Head, line []byte) bool {
			if h.T == wire.TSend {
				close(arrived)
				<-release
			}
			return false
		}
	})
	d.RetryNow()
	d.ready()
	m := d.text("at the server")
	<-arrived
	done := make(chan error, 1)
	go func() { done <- d.ForgetMessages(t.Context(), m.ID) }()
	eventually(t, "it is noted on the disk", func() bool { return d.unwanted.has(m.ID) })
	close(release)
	ok(t, <-done)
	d.deletedHere(1)
	g.set(func() { equal(t, "log", len(g.logs[bob]), 1) })
	p, err := d.History(t.Context(), bob, HistoryQuery{})
	ok(t, err)
	equal(t, "history", len(withoutPlaces(p.Messages))+len(p.Pending), 0)
	equal(t, "still unwanted", d.unwanted.has(m.ID), false)
}

// The answer of the server was lost, and the message is deleted before it is sent again:
// it is in the log, and comes from there, as it does after a restart.
func TestForgetMessageThatArrived(t *testing.T) {
	for _, restart := range []bool{false, true} {
		g := newGateway(t)
		d := g.device(t).ready()
		lost := make(chan struct{})
		g.set(func() {
			g.hook = func(s *gatewaySession, h wire.Head, line []byte) bool {
				if h.T != wire.TSend {
					return false
				}
				g.mu.Lock()
				defer g.mu.Unlock()
				g.refuse = true
				g.store(h, decodeAs[wire.Send](t, line))
				_ = s.ws.Close()
				close(lost)
				return true
			}
		})
		m := d.text("it arrived all the same")
		<-lost
		d.until("offline", func(e Event) bool { s, is := e.(StateChanged); return is && s.State == Offline })
		ok(t, d.ForgetMessages(t.Context(), m.ID))
		g.set(func() { g.hook, g.refuse = nil, false })
		if restart {
			d.stop()
			d = g.deviceAt(t, d.path)
		}
		d.RetryNow()
		d.ready()
		eventually(t, "the log is here", func() bool {
			left, found, err := d.Message(m.ID)
			ok(t, err)
			return found && left.Sequence == 1 && left.IsDeleted
		})
		p, err := d.History(t.Context(), bob, HistoryQuery{})
		ok(t, err)
		equal(t, "history", len(withoutPlaces(p.Messages))+len(p.Pending), 0)
		g.set(func() { equal(t, "log", len(g.logs[bob]), 1) })
		equal(t, "received", d.received(bob), nil)
		equal(t, "still unwanted", d.unwanted.has(m.ID), false)
		d.stop()
	}
}

// A process that was killed between what ForgetMessages does leaves it to the next.
func TestForgettingIsFinished(t *testing.T) {
	g := newGateway(t)
	d := g.device(t).ready()
	sent := d.untilSent(d.text("sent").ID)
	g.set(func() { g.refuse = true })
	g.dropAll()
	d.until("offline", func(e Event) bool { s, is := e.(StateChanged); return is && s.State == Offline })
	waiting := d.text("waiting")
	ok(t, d.unwanted.add(t.Context(), d.db, sent.ID, waiting.ID))
	d.stop()
	g.set(func() { g.refuse = false })
	d = g.deviceAt(t, d.path).ready()
	p, err := d.History(t.Context(), bob, HistoryQuery{})
	ok(t, err)
	equal(t, "history", len(withoutPlaces(p.Messages))+len(p.Pending), 0)
	g.set(func() { equal(t, "log", len(g.logs[bob]), 1) })
}

// A server says nothing of what was deleted here, nor does an export.
func TestOthersDoNotDelete(t *testing.T) {
	g := newGateway(t)
	d := g.device(t).ready()
	n := g.say(bob, "bob", 1)
	g.push(bob, n)
	d.untilReceived(bob, n)
	g.set(func() {
		left := g.logs[bob][0].Deleted()
		g.logs[bob] = append(g.logs[bob], im.Message{
			ID: "bob-x-9", ConversationID: bob, Sequence: 2, From: "bob", Type: im.MsgText, Payload: im.TextPayload{Text: "two"}, IsDeleted: true,
		})
		g.logs[bob][0] = left
	})
	g.push(bob, 2)
	d.untilReceived(bob, 2)
	p, err := d.History(t.Context(), bob, HistoryQuery{})
	ok(t, err)
	equal(t, "history", withoutPlaces(p.Messages), upTo(1, 2))
	m := p.Messages[0].Deleted()
	_, err = d.ImportMessages(t.Context(), bob, []im.Message{m})
	ok(t, err)
	p, err = d.History(t.Context(), bob, HistoryQuery{})
	ok(t, err)
	equal(t, "after an import", withoutPlaces(p.Messages), upTo(1, 2))
}

func TestForgetMessageOfALiveRoom(t *testing.T) {
	g := newGateway(t)
	d := g.device(t)
	const conv = im.ConversationID("GROUPlive")
	ok(t, d.st.PutGroup(t.Context(), im.Group{GroupID: "live", Type: im.GroupAVChatRoom, Name: "l"}))
	for _, id := range []im.MessageID{"bob-x-1", "bob-x-2"} {
		d.passed(im.Message{ID: id, ConversationID: conv, ConversationType: im.ConvGroup, From: "bob", Payload: im.TextPayload{Text: "x"}})
	}
	ok(t, d.ForgetMessages(t.Context(), "bob-x-1"))
	p, err := d.History(t.Context(), conv, HistoryQuery{})
	ok(t, err)
	equal(t, "left", sequences(p.Messages), upTo(2, 2))
	ok(t, d.ForgetMessages(t.Context(), "bob-x-2"))
	p, err = d.History(t.Context(), conv, HistoryQuery{})
	ok(t, err)
	equal(t, "left", len(p.Messages), 0)
	_, err = d.GetConversationList(t.Context())
	ok(t, err)
}

// A server that was restored from a copy gets back from others what it lost, under other
// numbers; what was deleted here is known by its id.
func TestForgottenOfARestoredServer(t *testing.T) {
	g := newGateway(t)
	g.say(bob, "bob", 3)
	d := g.device(t).ready()
	eventually(t, "all is here", func() bool { return len(d.shows(bob)) == 3 })
	third := d.at(bob, 3)
	ok(t, d.ForgetMessages(t.Context(), third.ID))
	d.stop()
	g.set(func() {
		g.epoch = "e2"
		lost := g.logs[bob][2]
		g.logs[bob] = g.logs[bob][:2]
		g.rows[bob].Last = 2
		g.appendLocked(bob, im.Message{ID: "bob-x-other", Type: im.MsgText, Payload: im.TextPayload{Text: "other"}, From: "bob"})
		g.appendLocked(bob, im.Message{ID: lost.ID, Type: im.MsgText, Payload: lost.Payload, From: "bob"})
	})
	d = g.deviceAt(t, d.path).ready()
	eventually(t, "its history is here", func() bool {
		m, found, err := d.Message(third.ID)
		ok(t, err)
		return found && m.Sequence == 4 && m.IsDeleted
	})
	equal(t, "shown", d.shows(bob), upTo(1, 3))
}
