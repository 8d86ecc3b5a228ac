package core

import (
	"sync/atomic"
	"testing"
	"time"

	"magpie/im"
)

func TestNewTyping(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	ann, two, bob := s.device(t, "ann").ready(), s.device(t, "ann").ready(), s.device(t, "bob").ready()
	types := func(want bool) func(Event) bool {
		return func(e Event) bool {
			y, is := e.(Typing)
			return is && y.UserID == "ann" && y.ConversationID == "C2Cann" && y.On == want
		}
	}
	for range 5 { // as with every key
		ok(t, ann.SendTyping(t.Context(), "C2Cbob", true))
	}
	bob.until("ann types", types(true))
	ok(t, ann.SendTyping(t.Context(), "C2Cbob", false))
	ok(t, ann.SendTyping(t.Context(), "C2Cbob", false))
	bob.until("ann stopped", types(false))
	ann.say(im.ConvC2C, "bob", "done")
	bob.hear("done")
	two.hear("done")
	told := 0
	for _, e := range bob.seen {
		if _, is := e.(Typing); is {
			told++
		}
	}
	equal(t, "told", told, 2)
	for _, e := range two.seen {
		if y, is := e.(Typing); is {
			t.Errorf("the own device tells %+v", y)
		}
	}
	for _, d := range []*device{two, bob} {
		for _, e := range d.seen {
			if r, is := e.(MessageReceived); is && r.Messages[0].Type == im.MsgCustom {
				t.Error("typing was received as a message")
			}
		}
	}
	equal(t, "in a group", im.CodeOf(ann.SendTyping(t.Context(), "GROUPg", true)), im.CodeInvalidConversationType)
	s.kill()
	ann.until("not ready", func(e Event) bool { _, is := e.(SDKNotReady); return is })
	ok(t, ann.SendTyping(t.Context(), "C2Cbob", true))
}

func TestNewTypingIsToldEvery3Seconds(t *testing.T) {
	g := newGateway(t)
	var clock atomic.Int64
	d := g.device(t, func(o *Options) { o.Now = func() time.Time { return time.Unix(1000, clock.Load()) } })
	d.ready()
	for range 35 { // a key every 200 ms, for 7 s
		ok(t, d.SendTyping(t.Context(), "C2Cbob", true))
		clock.Add(int64(200 * time.Millisecond))
	}
	ok(t, d.SendTyping(t.Context(), "C2Ccarl", true))
	var on []im.ConversationID
	g.set(func() {
		for _, f := range g.sends {
			p, is := f.Message.Payload.(im.CustomPayload)
			if typing, known := p.Typing(); is && known && typing && f.OnlineUserOnly {
				on = append(on, f.Message.ConversationID)
			}
		}
	})
	equal(t, "told", on, []im.ConversationID{"C2Cbob", "C2Cbob", "C2Cbob", "C2Ccarl"})
}

// A client of somebody else may store it: it is no message all the same.
func TestNewTypingThatWasStored(t *testing.T) {
	g := newGateway(t)
	g.say("C2Cbob", "bob", 1)
	d := g.device(t)
	d.ready()
	var n uint64
	g.set(func() {
		n = g.appendLocked("C2Cbob", im.Message{ID: "bob-x-1", Type: im.MsgCustom, From: "bob", Time: 5, Payload: im.NewTyping(true)})
	})
	g.push("C2Cbob", n)
	g.say("C2Cbob", "bob", 1)
	g.push("C2Cbob", n+1)
	d.untilReceived("C2Cbob", n+1)
	equal(t, "received", d.received("C2Cbob"), []uint64{n + 1})
	typed := 0
	for _, e := range d.seen {
		if _, is := e.(Typing); is {
			typed++
		}
	}
	equal(t, "typed", typed, 1)
}
