package core

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"magpie/im"
	"magpie/im/wire"
)

// life lists the events that tell of the session.
func life(events []Event) []string {
	var out []string
	for _, e := range events {
		switch e := e.(type) {
		case SDKReady:
			out = append(out, "ready")
		case SDKNotReady:
			out = append(out, "notReady")
		case NetStateChange:
			out = append(out, string(e.State))
		case KickedOut:
			out = append(out, "kicked:"+string(e.Type))
		case ErrorEvent:
			out = append(out, fmt.Sprintf("error:%d", e.Error.Code))
		}
	}
	return out
}

func isReady(e Event) bool { _, is := e.(SDKReady); return is }

func TestReconnectTellsEachStateOnce(t *testing.T) {
	g := newGateway(t)
	d := g.device(t)
	d.until("ready", isReady)
	g.dropAll()
	d.until("ready again", isReady)
	equal(t, "events", strings.Join(life(d.seen), " "), "connecting connected ready notReady disconnected connecting connected ready")
}

func TestBackOffGrowsAndRetryNowSkipsIt(t *testing.T) {
	g := newGateway(t)
	g.set(func() { g.refuse = true })
	var mu sync.Mutex
	now := time.UnixMilli(1_000_000)
	d := g.device(t, func(o *Options) {
		o.RetryMin, o.RetryMax = time.Hour, 3*time.Hour
		o.Rand = func() float64 { return 0.5 }
		o.Now = func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	})
	for i, want := range []time.Duration{30 * time.Minute, time.Hour, 90 * time.Minute, 90 * time.Minute} {
		e := d.until("offline", func(e Event) bool { s, is := e.(StateChanged); return is && s.State == Offline }).(StateChanged)
		equal(t, fmt.Sprint("pause ", i), time.UnixMilli(e.RetryAt).Sub(now), want)
		equal(t, "code", e.Error.Code, im.CodeServerUnreachable)
		equal(t, "RetryAt", d.RetryAt(), now.Add(want))
		g.set(func() { g.refuse = i < 3 })
		d.RetryNow()
	}
	d.ready()
	equal(t, "RetryAt when ready", d.RetryAt(), time.Time{})
}

func TestRefusedSignInStopsUntilAPersonTriesAgain(t *testing.T) {
	g := newGateway(t)
	d := g.device(t, func(o *Options) { o.Password = "wrong" })
	e := d.until("error", func(e Event) bool { _, is := e.(ErrorEvent); return is }).(ErrorEvent)
	equal(t, "code", e.Error.Code, im.CodeWrongPassword)
	equal(t, "sign-in", e.SignIn, true)
	equal(t, "WaitReady", im.CodeOf(d.WaitReady(t.Context())), im.CodeWrongPassword)
	d.RetryNow()
	g.set(func() { equal(t, "attempts", len(g.hellos), 1) })
	d.SignIn("secret", "")
	d.ready()
	if err := d.SignInError(); err != nil {
		t.Fatalf("still refused: %v", err)
	}
}

func TestTokenIsKeptAndFallsBackToPassword(t *testing.T) {
	g := newGateway(t)
	d := g.device(t).ready()
	d.stop()
	d = g.deviceAt(t, d.path, func(o *Options) { o.Password = "" }).ready()
	d.stop()
	g.set(func() {
		equal(t, "password first", g.hellos[0].Password, "secret")
		equal(t, "then the token", g.hellos[1].Token, "token")
		equal(t, "same device", g.hellos[1].Device, g.hellos[0].Device)
	})
	st := openStore(t, d.path)
	ok(t, st.SetMeta(t.Context(), metaToken, "expired"))
	ok(t, st.Close())
	d = g.deviceAt(t, d.path).ready()
	token, err := d.st.Meta(metaToken)
	ok(t, err)
	equal(t, "token replaced", token, "token")
}

// A person who types a password wants that one judged, not an older token.
func TestTypedPasswordComesBeforeTheToken(t *testing.T) {
	g := newGateway(t)
	d := g.device(t)
	d.until("ready", isReady)
	g.broadcast(wire.Kick{Head: wire.Head{T: wire.TKick}, Reason: im.KickREST})
	d.until("kick", func(e Event) bool { _, is := e.(KickedOut); return is })
	d.SignIn("wrong", "")
	e := d.until("error", func(e Event) bool { _, is := e.(ErrorEvent); return is }).(ErrorEvent)
	equal(t, "code", e.Error.Code, im.CodeWrongPassword)
	d.SignIn("secret", "")
	d.ready()
}

func TestKickedNeverSignsInByItself(t *testing.T) {
	g := newGateway(t)
	d := g.device(t)
	d.until("ready", isReady)
	d.seen = nil
	g.broadcast(wire.Kick{Head: wire.Head{T: wire.TKick}, Reason: im.KickMultipleAccount})
	d.until("kick", func(e Event) bool { _, is := e.(KickedOut); return is })
	equal(t, "events", strings.Join(life(d.seen), " "), "notReady disconnected kicked:multipleAccount")
	equal(t, "state", d.State(), Kicked)
	d.RetryNow()
	equal(t, "WaitReady", im.CodeOf(d.WaitReady(t.Context())), im.CodeLoggedOut)
	g.set(func() { equal(t, "sign-ins", len(g.hellos), 1) })
	d.SignIn("", "")
	d.ready()
}

func TestSilenceEndsAConnection(t *testing.T) {
	g := newGateway(t)
	g.set(func() {
		g.hook = func(s *gatewaySession, h wire.Head, line []byte) bool {
			if h.T != wire.THello {
				return false
			}
			g.mu.Lock()
			defer g.mu.Unlock()
			g.hellos = append(g.hellos, wire.Hello{})
			g.sessions = append(g.sessions, s)
			s.write(wire.Welcome{Head: h, V: 1, User: "ann", Epoch: "e1", Limits: wire.Limits{PingInterval: 1}})
			return true
		}
	})
	d := g.device(t)
	d.until("ready", isReady)
	begin := time.Now()
	d.until("not ready", func(e Event) bool { _, is := e.(SDKNotReady); return is })
	if took := time.Since(begin); took < time.Second || took > 9*time.Second {
		t.Fatalf("silence of %v, want 2 s", took)
	}
}

func TestProbeOfADeadConnection(t *testing.T) {
	g := newGateway(t)
	d := g.device(t).ready()
	d.RetryNow() // answered by the library's pong
	equal(t, "state", d.State(), Ready)
}

func TestUnansweredRequestTimesOut(t *testing.T) {
	g := newGateway(t)
	d := g.device(t, func(o *Options) { o.RequestTimeout = 20 * time.Millisecond }).ready()
	g.set(func() {
		g.hook = func(_ *gatewaySession, h wire.Head, _ []byte) bool { return h.T == wire.TPresence }
	})
	_, err := d.Presence(t.Context(), "bob")
	equal(t, "code", im.CodeOf(err), im.CodeNetworkTimeout)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err = d.Presence(ctx, "bob"); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want canceled", err)
	}
}

func TestEveryCallAfterClose(t *testing.T) {
	g := newGateway(t)
	d := g.device(t).ready()
	ok(t, d.Close())
	ok(t, d.Close())
	_, err := d.Presence(t.Context(), "bob")
	equal(t, "code", im.CodeOf(err), im.CodeNetworkDown)
	equal(t, "WaitReady", im.CodeOf(d.WaitReady(t.Context())), im.CodeLoggedOut)
	for range d.sub.Events() { // ends
	}
	for range d.Subscribe().Events() {
		t.Fatal("an event after Close")
	}
}

// A signature that ran out ends the session as a kick does, once and without a
// loop; at the first sign-in it is a refusal like others.
func TestNewExpiredSignature(t *testing.T) {
	g := newGateway(t)
	d := g.device(t)
	d.until("ready", isReady)
	d.seen = nil
	expired := func(s *gatewaySession, h wire.Head, _ []byte) bool {
		if h.T == wire.THello {
			s.fail(h, im.CodeUserSigExpired)
		}
		return h.T == wire.THello
	}
	g.set(func() { g.hook = expired })
	g.dropAll()
	d.until("the end of it", func(e Event) bool { _, is := e.(KickedOut); return is })
	got := life(d.seen)
	equal(t, "last event", got[len(got)-1], "kicked:userSigExpired")
	equal(t, "state", d.State(), Kicked)
	d.RetryNow()
	equal(t, "WaitReady", im.CodeOf(d.WaitReady(t.Context())), im.CodeLoggedOut)
	g.set(func() { g.hook = nil })
	d.SignIn("secret", "")
	d.ready()
	kicks := 0
	for _, e := range d.seen {
		if _, is := e.(KickedOut); is {
			kicks++
		}
	}
	equal(t, "told", kicks, 1)

	g.set(func() { g.hook = expired })
	first := g.device(t)
	e := first.until("error", func(e Event) bool { _, is := e.(ErrorEvent); return is }).(ErrorEvent)
	equal(t, "code", e.Error.Code, im.CodeUserSigExpired)
	equal(t, "sign-in", e.SignIn, true)
	equal(t, "state", first.State(), Offline)
}

func TestNewServerClock(t *testing.T) {
	g := newGateway(t)
	here := time.Unix(2_000_000_000, 0)
	there := here.Add(-3 * time.Hour)
	g.set(func() {
		g.hook = func(s *gatewaySession, h wire.Head, line []byte) bool {
			if h.T != wire.THello {
				return false
			}
			f := decodeAs[wire.Hello](t, line)
			s.write(wire.Welcome{Head: h, V: 1, User: f.User, Session: "s", Epoch: "e1", Now: there.UnixMilli(), Limits: wire.Limits{RevokeWindow: 60}})
			return true
		}
	})
	var jump atomic.Int64
	d := g.device(t, func(o *Options) { o.Now = func() time.Time { return here.Add(time.Duration(jump.Load())) } })
	equal(t, "before the first hello", d.ServerNow(), here)
	d.ready()
	const years = 10 * 365 * 24 * time.Hour
	// Somebody puts the clock of this machine, while there is a connection.
	for _, by := range []time.Duration{0, years, -years} {
		jump.Store(int64(by))
		if now := d.ServerNow(); now.Before(there) || now.Sub(there) > 30*time.Second {
			t.Errorf("clock put by %v: the server's is %v, was %v", by, now, there)
		}
		for _, c := range []struct {
			age  time.Duration
			want bool
		}{{0, true}, {20 * time.Second, true}, {time.Minute + time.Millisecond, false}, {-time.Minute, true}} {
			m := im.Message{
				ID: "ann-x-y", ConversationID: "C2Cbob", ConversationType: im.ConvC2C, Type: im.MsgText, From: "ann", Sequence: 1,
				Status: im.StatusSuccess, Payload: im.TextPayload{Text: "x"}, Time: there.Add(-c.age).UnixMilli(),
			}
			equal(t, c.age.String(), d.MayRevoke(&m), c.want)
			m.From = "bob"
			equal(t, "of another", d.MayRevoke(&m), false)
		}
		m := d.CreateTextMessage(im.ConvC2C, "bob", "x")
		if at := time.UnixMilli(m.Time); at.Before(there.Add(-time.Second)) || at.Sub(there) > 30*time.Second {
			t.Errorf("clock put by %v: what is written now is of %v", by, at)
		}
	}
}
