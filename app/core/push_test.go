package core

import (
	"bytes"
	"testing"

	"magpie/im"
	"magpie/im/wire"
)

// FuzzPush gives a client any frames a server could send: it must neither
// crash, nor hang, nor store what does not belong together.
func FuzzPush(f *testing.F) {
	for _, s := range []string{
		`{"t":"m","m":{"ID":"bob-d-1","conversationID":"C2Cbob","type":"TIMTextElem","payload":{"text":"x"},"from":"bob","sequence":1},"unread":1}`,
		`{"t":"m","m":{"ID":"bob-d-1","conversationID":"C2Cbob","type":"TIMTextElem","payload":{"text":"x"},"from":"bob"}}`,
		`{"t":"ev","k":"read","conv":"C2Cbob","n":18446744073709551615,"unread":9}`,
		`{"t":"ev","k":"peerRead","conv":"C2Cbob","n":5}`,
		`{"t":"ev","k":"convGone","conv":"GROUPx"}`,
		`{"t":"ev","k":"convDeleted","conv":""}`,
		`{"t":"ev","k":"profile","profile":{"userID":"../x"}}`,
		`{"t":"ev","k":"presence","user":"bob","status":9}`,
		`{"t":"kick"}`, `{"t":"resync"}`, `{"t":"err"}`, `{}`, `[]`, `{"t":5}`,
	} {
		f.Add([]byte(s))
	}
	st := openFuzzStore(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		o := Options{Store: st, Server: "localhost", User: "ann"}
		ok(t, o.fill())
		c, err := newClient(o, st)
		ok(t, err)
		sub := c.Subscribe()
		l := &link{done: make(chan struct{}), waiting: map[uint64]chan answer{}}
		for line := range wire.Lines(data) {
			if h, err := wire.Peek(line); err == nil && h.T != wire.TKick && h.T != wire.TError {
				c.push(l, h, bytes.Clone(line))
			}
		}
		c.events.run(c)
		ok(t, c.Close())
		for e := range sub.Events() {
			if r, is := e.(MessageReceived); is {
				for _, m := range r.Messages {
					if err := m.ConversationID.Validate(); err != nil || m.Sequence != 0 {
						t.Fatalf("received %+v without a list", m)
					}
				}
			}
			if _, err := MarshalEvent(e); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// FuzzPage reads any page of history.
func FuzzPage(f *testing.F) {
	f.Add([]byte(`{"t":"pull","i":1,"conv":"C2Cbob","msgs":[{"ID":"a","sequence":1},{"ID":5,"sequence":2}],"last":2}`), uint64(0))
	f.Add([]byte(`{"msgs":[null,[],{}]}`), uint64(7))
	c := &Client{o: Options{User: "ann"}, device: "d"}
	f.Fuzz(func(t *testing.T, data []byte, after uint64) {
		p, err := wire.Decode[page](data)
		if err != nil {
			return
		}
		list, err := p.read(c, "C2Cbob", after)
		if err != nil {
			if im.CodeOf(err) == 0 {
				t.Fatalf("an error without a code: %v", err)
			}
			return
		}
		for _, m := range list {
			if m.Sequence <= after || m.ConversationID != "C2Cbob" || m.Sequence > maxSequence || m.ID == "" && !m.IsPlaceMessage {
				t.Fatalf("after %d: %+v", after, m)
			}
			after = m.Sequence
		}
	})
}

// What this device sent before its file was lost comes as history, not as news.
func TestNewOwnMessageThatIsNotHere(t *testing.T) {
	g := newGateway(t)
	g.say("C2Cbob", "bob", 1)
	d := g.device(t)
	d.ready()
	var n uint64
	g.set(func() {
		id := im.MessageID("ann-" + d.Device() + "-lost")
		n = g.appendLocked("C2Cbob", im.Message{ID: id, Type: im.MsgText, From: "ann", Time: 5, Payload: im.TextPayload{Text: "mine"}})
	})
	g.push("C2Cbob", n)
	d.until("history", func(e Event) bool { h, is := e.(HistoryChanged); return is && h.From <= n && n <= h.To })
	equal(t, "received", len(d.received("C2Cbob")), 0)
}

// Who wants nobody notified says so to those who are there.
func TestMessageThatNotifiesNobody(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	ann, bob := s.device(t, "ann").ready(), s.device(t, "bob").ready()
	for _, quiet := range []bool{true, false} {
		m, err := ann.SendMessage(t.Context(), ann.CreateTextMessage(im.ConvC2C, "bob", "x"),
			im.SendOptions{OfflinePushInfo: &im.OfflinePushInfo{DisablePush: quiet}})
		ok(t, err)
		_, err = ann.WaitSent(t.Context(), m.ID)
		ok(t, err)
	}
	bob.untilReceived("C2Cann", 2)
	var got []bool
	for _, e := range bob.seen {
		if r, is := e.(MessageReceived); is {
			for i := range r.Messages {
				got = append(got, r.Messages[i].DisablePush)
			}
		}
	}
	equal(t, "quiet", got, []bool{true, false})
}
