package core

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"magpie/im"
	"magpie/im/wire"
	"magpie/store"
	"magpie/store/storetest"
)

// gateway is a scripted server for one account, "ann": it has logs, lists,
// and hooks that let it misbehave.
type gateway struct {
	t   testing.TB
	srv *httptest.Server

	mu       sync.Mutex
	epoch    string
	password string
	logs     map[im.ConversationID][]im.Message
	rows     map[im.ConversationID]*wire.ConversationRow
	sessions []*gatewaySession
	hellos   []wire.Hello
	pulls    []wire.Pull
	reads    []wire.Read
	deletes  []im.ConversationID
	sends    []wire.Send
	// hook sees every request first; true means that it was dealt with.
	hook func(s *gatewaySession, h wire.Head, line []byte) bool
	// refuse answers the dial with an error of HTTP.
	refuse bool
	wg     sync.WaitGroup
}

type gatewaySession struct {
	g  *gateway
	ws *websocket.Conn
	mu sync.Mutex
}

func newGateway(t testing.TB) *gateway {
	g := &gateway{t: t, epoch: "e1", password: "secret", logs: map[im.ConversationID][]im.Message{}, rows: map[im.ConversationID]*wire.ConversationRow{}}
	g.srv = httptest.NewServer(http.HandlerFunc(g.serve))
	t.Cleanup(func() {
		g.dropAll()
		g.srv.Close()
		g.wg.Wait()
	})
	return g
}

func (g *gateway) serve(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	refuse := g.refuse
	g.mu.Unlock()
	if refuse {
		http.Error(w, "not now", http.StatusServiceUnavailable)
		return
	}
	up := websocket.Upgrader{}
	ws, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	g.wg.Add(1)
	defer g.wg.Done()
	s := &gatewaySession{g: g, ws: ws}
	defer ws.Close()
	for {
		_, data, err := ws.ReadMessage()
		if err != nil {
			return
		}
		for line := range wire.Lines(data) {
			h, err := wire.Peek(line)
			if err != nil {
				return
			}
			g.mu.Lock()
			hook := g.hook
			g.mu.Unlock()
			if hook != nil && hook(s, h, line) {
				continue
			}
			g.answer(s, h, line)
		}
	}
}

func (s *gatewaySession) write(f any) {
	line, ok := f.([]byte)
	if !ok {
		var err error
		if line, err = wire.Encode(f); err != nil {
			s.g.t.Error(err)
			return
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.ws.WriteMessage(websocket.TextMessage, line) // the client may be gone
}

func (s *gatewaySession) fail(h wire.Head, c im.Code) {
	s.write(wire.Err{Head: wire.Head{T: wire.TError, I: h.I}, Error: im.Errorf(c, "scripted")})
}

func decodeAs[F any](t testing.TB, line []byte) F {
	f, err := wire.Decode[F](line)
	if err != nil {
		t.Errorf("the client sent %s: %v", line, err)
	}
	return f
}

func (g *gateway) answer(s *gatewaySession, h wire.Head, line []byte) {
	g.mu.Lock()
	defer g.mu.Unlock()
	ok := wire.OK{Head: wire.Head{T: wire.TOK, I: h.I}}
	switch h.T {
	case wire.THello:
		f := decodeAs[wire.Hello](g.t, line)
		g.hellos = append(g.hellos, f)
		if f.Password != g.password && f.Token != "token" {
			code := im.CodeWrongPassword
			if f.Token != "" {
				code = im.CodeUserSigInvalid
			}
			s.fail(h, code)
			return
		}
		g.sessions = append(g.sessions, s)
		s.write(wire.Welcome{Head: h, V: 1, User: f.User, Session: "s", Epoch: g.epoch, Token: "token", Limits: wire.Limits{PingInterval: 30}})
	case wire.TConversations:
		list := wire.ConversationList{Head: h, IsCompleted: true}
		for _, r := range g.rows {
			list.List = append(list.List, *r)
		}
		s.write(list)
	case wire.TConversation:
		f := decodeAs[wire.ConversationGet](g.t, line)
		row := wire.ConversationRow{Conversation: im.Conversation{ConversationID: f.Conversation, Type: f.Conversation.Type()}}
		if r := g.rows[f.Conversation]; r != nil {
			row = *r
		}
		s.write(wire.ConversationInfo{Head: h, Row: row})
	case wire.TPull:
		f := decodeAs[wire.Pull](g.t, line)
		g.pulls = append(g.pulls, f)
		g.pull(s, h, f)
	case wire.TSend:
		f := decodeAs[wire.Send](g.t, line)
		g.sends = append(g.sends, f)
		s.write(g.store(h, f))
	case wire.TRead:
		f := decodeAs[wire.Read](g.t, line)
		g.reads = append(g.reads, f)
		if r := g.rows[f.Conversation]; r != nil {
			r.Read = max(r.Read, f.Sequence)
		}
		s.write(ok)
	case wire.TDeleteConv:
		f := decodeAs[wire.DeleteConversation](g.t, line)
		g.deletes = append(g.deletes, f.Conversation)
		if r := g.rows[f.Conversation]; r != nil {
			r.Deleted = true
		}
		s.write(ok)
	case wire.TProfileGet:
		f := decodeAs[wire.Users](g.t, line)
		p := wire.Profiles{Head: h}
		for _, u := range f.Users {
			p.Profiles = append(p.Profiles, im.Profile{UserID: u, Nick: strings.ToUpper(string(u))})
		}
		s.write(p)
	case wire.TPresence:
		f := decodeAs[wire.Users](g.t, line)
		p := wire.PresenceList{Head: h}
		for _, u := range f.Users {
			p.Users = append(p.Users, im.UserPresence{UserID: u, StatusType: im.StatusOnline})
		}
		s.write(p)
	default:
		s.fail(h, im.CodeInvalidRequest)
	}
}

func (g *gateway) pull(s *gatewaySession, h wire.Head, f wire.Pull) {
	log := g.logs[f.Conversation]
	last := uint64(len(log))
	if f.After > last || f.AfterID != "" && f.After > 0 && log[f.After-1].ID != f.AfterID {
		s.fail(h, im.CodeDiverged)
		return
	}
	limit := uint64(f.Limit)
	if limit == 0 || limit > 100 {
		limit = 100
	}
	to := min(f.After+limit, last)
	s.write(wire.Page{Head: h, Conversation: f.Conversation, Messages: log[f.After:to], IsCompleted: to == last, First: 1, Last: last})
}

// store appends a sent message, once for each id.
func (g *gateway) store(h wire.Head, f wire.Send) wire.Sent {
	sent := wire.Sent{Head: wire.Head{T: wire.TOK, I: h.I}, ID: f.Message.ID, Time: 1}
	if f.OnlineUserOnly {
		return sent
	}
	conv := f.Message.ConversationID
	if i := slices.IndexFunc(g.logs[conv], func(m im.Message) bool { return m.ID == f.Message.ID }); i >= 0 {
		sent.Sequence, sent.Dup = uint64(i+1), true
		return sent
	}
	m := f.Message
	m.Time = 1
	sent.Sequence = g.appendLocked(conv, m)
	return sent
}

func (g *gateway) appendLocked(conv im.ConversationID, m im.Message) uint64 {
	m.Sequence = uint64(len(g.logs[conv]) + 1)
	m.ConversationID, m.ConversationType = conv, conv.Type()
	g.logs[conv] = append(g.logs[conv], m)
	r := g.rows[conv]
	if r == nil {
		r = &wire.ConversationRow{First: 1}
		r.ConversationID, r.Type = conv, conv.Type()
		g.rows[conv] = r
	}
	r.Last, r.LastMessage, r.Deleted = m.Sequence, im.NewLastMessage(&m), false
	r.UnreadCount = r.Last - r.Read
	return m.Sequence
}

// say appends n messages of from without telling anybody; it returns the last sequence.
func (g *gateway) say(conv im.ConversationID, from im.UserID, n int) uint64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	for range n {
		at := len(g.logs[conv]) + 1
		g.appendLocked(conv, im.Message{
			ID: im.MessageID(fmt.Sprintf("%s-dev-%s%d", from, g.epoch, at)), Type: im.MsgText, From: from, Time: int64(at) * 1000,
			Payload: im.TextPayload{Text: fmt.Sprint("message ", at)},
		})
	}
	return uint64(len(g.logs[conv]))
}

// push pushes the message at a sequence to every connection.
func (g *gateway) push(conv im.ConversationID, n uint64) {
	g.mu.Lock()
	f := wire.Message{Head: wire.Head{T: wire.TMessage}, Message: g.logs[conv][n-1], Unread: n - g.rows[conv].Read}
	sessions := slices.Clone(g.sessions)
	g.mu.Unlock()
	for _, s := range sessions {
		s.write(f)
	}
}

// broadcast sends a frame or raw bytes to every connection.
func (g *gateway) broadcast(f any) {
	g.mu.Lock()
	sessions := slices.Clone(g.sessions)
	g.mu.Unlock()
	for _, s := range sessions {
		s.write(f)
	}
}

// dropAll cuts every connection.
func (g *gateway) dropAll() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, s := range g.sessions {
		_ = s.ws.Close()
	}
	g.sessions = nil
}

func (g *gateway) set(f func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	f()
}

func (g *gateway) countPulls() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.pulls)
}

// device is a client with its store and everything it told.
type device struct {
	*Client
	t    testing.TB
	path string
	st   *store.Store
	sub  *Subscription
	seen []Event
}

// options are quick: tests wait for what happens, not for pauses.
func (g *gateway) options(st *store.Store) Options {
	return Options{
		Store: st, Server: g.srv.URL, User: "ann", Password: "secret", NoBackfill: true,
		RetryMin: time.Millisecond, RetryMax: 20 * time.Millisecond, HoleWait: 30 * time.Millisecond, ReadDelay: 5 * time.Millisecond,
	}
}

func openStore(t *testing.T, path string) *store.Store {
	t.Helper()
	options := store.Options{Account: "ann", BatchWindow: -1}
	storetest.Sound(t, path, options)
	st, _, err := store.Open(path, options)
	ok(t, err)
	return st
}

func openFuzzStore(f *testing.F) *store.Store {
	f.Helper()
	path, options := filepath.Join(f.TempDir(), "ann.db"), store.Options{Account: "ann", BatchWindow: -1}
	storetest.Sound(f, path, options)
	st, _, err := store.Open(path, options)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = st.Close() })
	return st
}

// device starts a client on a store of its own.
func (g *gateway) device(t *testing.T, change ...func(*Options)) *device {
	t.Helper()
	return g.deviceAt(t, filepath.Join(t.TempDir(), "ann.db"), change...)
}

func (g *gateway) deviceAt(t *testing.T, path string, change ...func(*Options)) *device {
	t.Helper()
	st := openStore(t, path)
	o := g.options(st)
	for _, f := range change {
		f(&o)
	}
	c, err := New(o)
	ok(t, err)
	return startDevice(t, c, st, path)
}

func startDevice(t testing.TB, c *Client, st *store.Store, path string) *device {
	d := &device{Client: c, t: t, st: st, path: path, sub: c.Subscribe()}
	t.Cleanup(d.stop)
	c.Start(context.Background())
	return d
}

// stop ends the client and closes its store; it may be called twice.
func (d *device) stop() {
	ok(d.t, d.Close())
	d.sub.Close()
	_ = d.st.Close() // the second time it is closed already
}

func (d *device) ready() *device {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), 10*time.Second)
	defer cancel()
	ok(d.t, d.WaitReady(ctx))
	return d
}

// until takes events until one satisfies want, and returns it.
func (d *device) until(what string, want func(Event) bool) Event {
	d.t.Helper()
	return d.untilWithin(time.Minute, what, want) // the machine may be busy
}

func (d *device) untilWithin(limit time.Duration, what string, want func(Event) bool) Event {
	d.t.Helper()
	timeout := time.After(limit)
	for {
		select {
		case e, open := <-d.sub.Events():
			if !open {
				d.t.Fatalf("the events ended before %s", what)
			}
			d.seen = append(d.seen, e)
			if want(e) {
				return e
			}
		case <-timeout:
			d.t.Fatalf("no %s; events: %s", what, names0(d.seen))
		}
	}
}

// untilReceived takes events until the message with that sequence was received.
func (d *device) untilReceived(conv im.ConversationID, n uint64) {
	d.t.Helper()
	d.until(fmt.Sprintf("message %d", n), func(e Event) bool {
		r, is := e.(MessageReceived)
		return is && r.Messages[0].ConversationID == conv && r.Messages[len(r.Messages)-1].Sequence == n
	})
}

// received lists the sequences of all MessageReceived events so far.
func (d *device) received(conv im.ConversationID) []uint64 {
	var list []uint64
	for _, e := range d.seen {
		if r, is := e.(MessageReceived); is {
			for _, m := range r.Messages {
				if m.ConversationID == conv {
					list = append(list, m.Sequence)
				}
			}
		}
	}
	return list
}

func names0(events []Event) string {
	var b strings.Builder
	for _, e := range events {
		line, _ := MarshalEvent(e)
		fmt.Fprintf(&b, "\n%.300s", line)
	}
	return b.String()
}

// eventually waits for what no event tells.
func eventually(t *testing.T, what string, f func() bool) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	timeout := time.After(10 * time.Second)
	for !f() {
		select {
		case <-tick.C:
		case <-timeout:
			t.Fatalf("never: %s", what)
		}
	}
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal[T any](t testing.TB, what string, got, want T) {
	t.Helper()
	if g, w := fmt.Sprintf("%v", got), fmt.Sprintf("%v", want); g != w {
		t.Fatalf("%s: got %s, want %s", what, g, w)
	}
}

func sequences(list []im.Message) []uint64 {
	out := []uint64{}
	for _, m := range list {
		out = append(out, m.Sequence)
	}
	return out
}

func upTo(from, to uint64) []uint64 {
	out := []uint64{}
	for n := from; n <= to; n++ {
		out = append(out, n)
	}
	return out
}

// waitSent is WaitSent with an end, so that a test which goes wrong says so.
func (d *device) waitSent(id im.MessageID) (im.Message, error) {
	ctx, cancel := context.WithTimeout(d.t.Context(), 20*time.Second)
	defer cancel()
	return d.WaitSent(ctx, id)
}
