package core

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"magpie/im"
	"magpie/im/wire"
	"magpie/store"
)

// fates lists the statuses that an own message went through.
func (d *device) fates(id im.MessageID) []im.Status {
	var list []im.Status
	for _, e := range d.seen {
		if u, is := e.(MessageUpdated); is && u.Message.ID == id {
			list = append(list, u.Message.Status)
		}
	}
	return list
}

func (d *device) text(text string) im.Message {
	d.t.Helper()
	m, err := d.SendMessage(d.t.Context(), d.CreateTextMessage(im.ConvC2C, "bob", text), im.SendOptions{})
	ok(d.t, err)
	return m
}

func (d *device) untilSent(id im.MessageID) im.Message {
	d.t.Helper()
	e := d.until("sent "+string(id), func(e Event) bool {
		u, is := e.(MessageUpdated)
		return is && u.Message.ID == id && u.Message.Status == im.StatusSuccess
	})
	return e.(MessageUpdated).Message
}

func TestSendMessage(t *testing.T) {
	g := newGateway(t)
	d := g.device(t).ready()
	m := d.text("hello")
	equal(t, "status", m.Status, im.StatusUnsent)
	sent := d.untilSent(m.ID)
	equal(t, "sequence", sent.Sequence, uint64(1))
	equal(t, "fates", d.fates(m.ID), []im.Status{im.StatusUnsent, im.StatusSuccess})
	got, err := d.waitSent(m.ID)
	ok(t, err)
	equal(t, "WaitSent", got.Sequence, uint64(1))
	again, err := d.SendMessage(t.Context(), m, im.SendOptions{})
	ok(t, err)
	equal(t, "sent again", again.Sequence, uint64(1))
	g.set(func() { equal(t, "log", len(g.logs[bob]), 1) })
	pending, err := d.Pending(bob)
	ok(t, err)
	equal(t, "pending", len(pending), 0)
	equal(t, "received", d.received(bob), nil)
}

func TestSendMessageRefusesWhatCannotBeSent(t *testing.T) {
	g := newGateway(t)
	d := g.device(t).ready()
	foreign := d.CreateTextMessage(im.ConvC2C, "bob", "x")
	foreign.ID = "carl-dev-1"
	many := make([]im.UserID, im.MaxAtUsers+1)
	for i := range many {
		many[i] = im.UserID(fmt.Sprint("u", i))
	}
	for _, c := range []struct {
		name string
		m    im.Message
		code im.Code
	}{
		{"empty", d.CreateTextMessage(im.ConvC2C, "bob", " \n"), im.CodeEmptyMessage},
		{"NUL", d.CreateTextMessage(im.ConvC2C, "bob", "a\x00b"), im.CodeInvalidParameter},
		{"too long", d.CreateTextMessage(im.ConvC2C, "bob", string(make([]byte, 10<<20))), im.CodeInvalidParameter},
		{"nobody", d.CreateTextMessage(im.ConvC2C, "", "x"), im.CodeInvalidUserID},
		{"a path", d.CreateTextMessage(im.ConvC2C, "../bob", "x"), im.CodeInvalidUserID},
		{"a wrong type", d.CreateTextMessage("C3C", "bob", "x"), im.CodeInvalidConversationID},
		{"the system", d.CreateTextMessage(im.ConvSystem, "", "x"), im.CodeInvalidConversationID},
		{"an id of another", foreign, im.CodeInvalidMessage},
		{"no payload", d.CreateMessage(im.ConvC2C, "bob", nil), im.CodeInvalidMessage},
		{"a tip", d.CreateMessage(im.ConvC2C, "bob", im.GroupTipPayload{}), im.CodeInvalidParameter},
		{"too many mentions", d.CreateTextAtMessage("g1", "x", many), im.CodeTooManyMentions},
	} {
		_, err := d.SendMessage(t.Context(), c.m, im.SendOptions{})
		if im.CodeOf(err) != c.code {
			t.Errorf("%s: got %v, want code %d", c.name, err, c.code)
		}
	}
	rows, err := d.st.Outbox()
	ok(t, err)
	equal(t, "outbox", len(rows), 0)
}

func TestWrittenOfflineIsSentInOrderAfterARestart(t *testing.T) {
	g := newGateway(t)
	g.set(func() { g.refuse = true })
	d := g.device(t)
	var want []string
	for i := range 20 {
		d.text(fmt.Sprint(i))
		want = append(want, fmt.Sprint(i))
	}
	list, err := d.GetConversationList(t.Context())
	ok(t, err)
	equal(t, "in the list", list[0].LastMessage.Payload, im.Payload(im.TextPayload{Text: "19"}))
	d.stop()
	g.set(func() { g.refuse = false })
	d = g.deviceAt(t, d.path)
	pending, err := d.Pending(bob)
	ok(t, err)
	_, err = d.waitSent(pending[len(pending)-1].ID)
	ok(t, err)
	var got []string
	g.set(func() {
		for _, m := range g.logs[bob] {
			got = append(got, m.Payload.(im.TextPayload).Text)
		}
	})
	equal(t, "log", got, want)
}

func TestLostAcknowledgementIsNotASecondMessage(t *testing.T) {
	for _, how := range []string{"sent again", "found in the log"} {
		t.Run(how, func(t *testing.T) {
			g := newGateway(t)
			g.say(bob, "bob", 1)
			d := g.device(t).ready()
			g.set(func() {
				g.hook = func(s *gatewaySession, h wire.Head, line []byte) bool {
					if h.T != wire.TSend {
						return false
					}
					g.mu.Lock()
					defer g.mu.Unlock()
					if len(g.sends) == 0 {
						f := decodeAs[wire.Send](t, line)
						g.sends = append(g.sends, f)
						g.store(h, f) // stored, and the answer is lost
						_ = s.ws.Close()
						return true
					}
					// Hold the second attempt back until the list was synced.
					return how == "found in the log"
				}
			})
			m := d.text("once")
			sent := d.untilSent(m.ID)
			equal(t, "sequence", sent.Sequence, uint64(2))
			d.until("ready", isReady)
			d.push0(g)
			equal(t, "fates", d.fates(m.ID), []im.Status{im.StatusUnsent, im.StatusSuccess})
			equal(t, "received", d.received(bob), upTo(3, 3))
			g.set(func() {
				if how == "sent again" {
					equal(t, "same base", g.sends[len(g.sends)-1].Base, g.sends[0].Base)
				}
				equal(t, "log", len(g.logs[bob]), 3)
			})
			rows, err := d.st.Outbox()
			ok(t, err)
			equal(t, "outbox", len(rows), 0)
		})
	}
}

// push0 lets bob say something and waits for it: everything before has been dealt with.
func (d *device) push0(g *gateway) {
	d.t.Helper()
	n := g.say(bob, "bob", 1)
	g.push(bob, n)
	d.untilReceived(bob, n)
}

func TestRefusedMessageLetsTheNextPass(t *testing.T) {
	g := newGateway(t)
	d := g.device(t).ready()
	var blocked atomic.Bool
	blocked.Store(true)
	g.set(func() {
		g.hook = func(s *gatewaySession, h wire.Head, line []byte) bool {
			if h.T != wire.TSend || decodeAs[wire.Send](t, line).Message.Payload.(im.TextPayload).Text != "bad" || !blocked.Load() {
				return false
			}
			s.fail(h, im.CodeBlocked)
			return true
		}
	})
	bad := d.text("bad")
	good := d.text("good")
	d.untilSent(good.ID)
	equal(t, "fates", d.fates(bad.ID), []im.Status{im.StatusUnsent, im.StatusFail})
	m, err := d.waitSent(bad.ID)
	equal(t, "code", im.CodeOf(err), im.CodeBlocked)
	equal(t, "status", m.Status, im.StatusFail)
	// It is still there after a restart, and is not sent by itself.
	d.stop()
	blocked.Store(false)
	d = g.deviceAt(t, d.path).ready()
	pending, err := d.Pending(bob)
	ok(t, err)
	equal(t, "pending", len(pending), 1)
	equal(t, "error", pending[0].Error.Code, im.CodeBlocked)
	m, err = d.ResendMessage(t.Context(), bad.ID)
	ok(t, err)
	equal(t, "resent", m.IsResend, true)
	equal(t, "same id", d.untilSent(bad.ID).Sequence, uint64(2))
	_, err = d.ResendMessage(t.Context(), bad.ID)
	equal(t, "resend of a sent one", im.CodeOf(err), im.CodeInvalidMessage)
}

func TestBusyServerIsTriedAgain(t *testing.T) {
	g := newGateway(t)
	d := g.device(t, func(o *Options) { o.Rand = func() float64 { return 0.001 } }).ready()
	var tries atomic.Int32
	g.set(func() {
		g.hook = func(s *gatewaySession, h wire.Head, line []byte) bool {
			if h.T != wire.TSend || tries.Add(1) > 3 {
				return false
			}
			s.fail(h, []im.Code{im.CodeBusy, im.CodeRateLimited, im.CodeServerInternal}[tries.Load()-1])
			return true
		}
	})
	m := d.text("x")
	d.untilSent(m.ID)
	equal(t, "fates", d.fates(m.ID), []im.Status{im.StatusUnsent, im.StatusSuccess})
	equal(t, "tries", tries.Load(), 4)
}

func TestCancelMessage(t *testing.T) {
	g := newGateway(t)
	g.set(func() { g.refuse = true })
	d := g.device(t)
	m := d.text("never")
	ok(t, d.CancelMessage(t.Context(), m.ID))
	d.until("removed", func(e Event) bool { r, is := e.(MessageRemoved); return is && r.ID == m.ID })
	equal(t, "twice", im.CodeOf(d.CancelMessage(t.Context(), m.ID)), im.CodeInvalidMessage)
	_, err := d.waitSent(m.ID)
	equal(t, "WaitSent", im.CodeOf(err), im.CodeInvalidMessage)

	arrived := make(chan struct{})
	release := make(chan struct{})
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
	m = d.text("too late")
	<-arrived
	equal(t, "on its way", im.CodeOf(d.CancelMessage(t.Context(), m.ID)), im.CodeBusy)
	close(release)
	d.untilSent(m.ID)
	g.set(func() { equal(t, "log", len(g.logs[bob]), 1) })
}

func TestOnlineUserOnly(t *testing.T) {
	g := newGateway(t)
	d := g.device(t)
	d.ready()
	o := im.SendOptions{OnlineUserOnly: true}
	m, err := d.SendMessage(t.Context(), d.CreateTextMessage(im.ConvC2C, "bob", "now"), o)
	ok(t, err)
	equal(t, "status", m.Status, im.StatusSuccess)
	equal(t, "sequence", m.Sequence, uint64(0))
	g.broadcast(wire.Message{Head: wire.Head{T: wire.TMessage}, Message: im.Message{
		ID: "bob-d-1", ConversationID: bob, Type: im.MsgText, Payload: im.TextPayload{Text: "typing"}, From: "bob",
	}})
	e := d.until("received", func(e Event) bool { _, is := e.(MessageReceived); return is }).(MessageReceived)
	equal(t, "online only", e.Messages[0].OnlineUserOnly, true)
	p, err := d.History(t.Context(), bob, HistoryQuery{})
	ok(t, err)
	equal(t, "history", len(p.Messages)+len(p.Pending), 0)
	g.set(func() { g.refuse = true })
	g.dropAll()
	d.until("offline", func(e Event) bool { s, is := e.(StateChanged); return is && s.State == Offline })
	_, err = d.SendMessage(t.Context(), d.CreateTextMessage(im.ConvC2C, "bob", "now"), o)
	equal(t, "offline", im.CodeOf(err), im.CodeNotReady)
}

func TestManySendersKeepTheirOrder(t *testing.T) {
	g := newGateway(t)
	d := g.device(t).ready()
	var wg sync.WaitGroup
	const convs, each = 5, 30
	for i := range convs {
		wg.Go(func() {
			for j := range each {
				m := d.CreateTextMessage(im.ConvC2C, fmt.Sprint("u", i), fmt.Sprint(j))
				if _, err := d.SendMessage(t.Context(), m, im.SendOptions{}); err != nil {
					t.Error(err)
				}
				if j%10 == 5 {
					g.dropAll()
				}
			}
		})
	}
	wg.Wait()
	eventually(t, "all sent", func() bool {
		rows, err := d.st.Outbox()
		ok(t, err)
		return len(rows) == 0
	})
	for i := range convs {
		g.set(func() {
			for j, m := range g.logs[im.C2C(im.UserID(fmt.Sprint("u", i)))] {
				equal(t, "text", m.Payload.(im.TextPayload).Text, fmt.Sprint(j))
			}
			equal(t, "count", len(g.logs[im.C2C(im.UserID(fmt.Sprint("u", i)))]), each)
		})
	}
}

// troubled is a store whose disk is full for some writes.
type troubled struct {
	storage
	enqueue, ingest, acknowledge atomic.Int32 // how many calls fail yet
	slow                         atomic.Int64 // how long a write of conversations takes
}

func (s *troubled) PutConversations(ctx context.Context, rows []store.Conversation) error {
	<-time.After(time.Duration(s.slow.Load()))
	return s.storage.PutConversations(ctx, rows)
}

func full(n *atomic.Int32) error {
	if n.Add(-1) >= 0 {
		return im.Errorf(im.CodeDiskFull, "no space left on device")
	}
	return nil
}

func (s *troubled) Enqueue(ctx context.Context, r store.OutboxRow) (store.OutboxRow, error) {
	if err := full(&s.enqueue); err != nil {
		return r, err
	}
	return s.storage.Enqueue(ctx, r)
}

func (s *troubled) Ingest(ctx context.Context, b ...store.Batch) error {
	if err := full(&s.ingest); err != nil {
		return err
	}
	return s.storage.Ingest(ctx, b...)
}

func (s *troubled) Acknowledge(ctx context.Context, id im.MessageID, n uint64, at int64) (im.Message, error) {
	if err := full(&s.acknowledge); err != nil {
		return im.Message{}, err
	}
	return s.storage.Acknowledge(ctx, id, n, at)
}

func TestFullDisk(t *testing.T) {
	g := newGateway(t)
	g.say(bob, "bob", 1)
	path := t.TempDir() + "/ann.db"
	st := openStore(t, path)
	o := g.options(st)
	o.Rand = func() float64 { return 0.001 }
	ok(t, o.fill())
	db := &troubled{storage: st}
	c, err := newClient(o, db)
	ok(t, err)
	d := startDevice(t, c, st, path).ready()

	ok(t, d.SetDraft(t.Context(), bob, "typed"))
	db.enqueue.Store(1)
	_, err = d.SendMessage(t.Context(), d.CreateTextMessage(im.ConvC2C, "bob", "typed"), im.SendOptions{})
	equal(t, "code", im.CodeOf(err), im.CodeDiskFull)
	draft, err := d.Draft(bob)
	ok(t, err)
	equal(t, "draft", draft, "typed")

	// What comes in while the disk is full comes again.
	db.ingest.Store(3)
	n := g.say(bob, "bob", 2)
	g.push(bob, n-1)
	g.push(bob, n)
	d.untilReceived(bob, n)
	equal(t, "received", d.received(bob), upTo(2, 3))
	told := 0
	for _, e := range d.seen {
		if e, is := e.(ErrorEvent); is && e.Error.Code == im.CodeDiskFull {
			told++
		}
	}
	if told == 0 {
		t.Fatal("nobody was told")
	}

	// An acknowledgement that cannot be written is asked for again.
	db.acknowledge.Store(2)
	m := d.text("kept")
	equal(t, "sequence", d.untilSent(m.ID).Sequence, uint64(4))
	g.set(func() { equal(t, "log", len(g.logs[bob]), 4) })
}

// Who hears that a message was refused can cancel it in that moment: the sender has
// not put it down yet.
func TestRefusedIsCancelledAtOnce(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	ann := s.device(t, "ann").ready()
	s.kill()
	ann.until("not ready", func(e Event) bool { _, is := e.(SDKNotReady); return is })
	m, err := ann.SendMessage(t.Context(), ann.CreateTextMessage(im.ConvC2C, "bob", "hi"), im.SendOptions{})
	ok(t, err)
	o := &ann.out
	o.mu.Lock()
	row := o.rows[m.ID]
	o.laneLocked("C2Cbob").onTheWay = m.ID
	o.mu.Unlock()
	equal(t, "on its way", im.CodeOf(ann.CancelMessage(t.Context(), m.ID)), im.CodeBusy)
	ok(t, ann.feed("C2Cbob").refused(row, im.Errorf(im.CodeBlocked, "no")))
	ok(t, ann.CancelMessage(t.Context(), m.ID))
}
