package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"magpie/im"
	"magpie/im/wire"
	"magpie/internal/seal"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds every wait in tests; none of them ends by it.
const patience = 20 * time.Second

// testKey is what the servers of tests are encrypted with.
var testKey = &seal.Key{'k', 'e', 'y'}

// open starts a server on a folder of its own and ends it with the test.
func open(t testing.TB, change func(*Options)) *Server {
	t.Helper()
	return reopen(t, t.TempDir(), change)
}

func reopen(t testing.TB, dir string, change func(*Options)) *Server {
	t.Helper()
	o := Options{Data: dir, Key: testKey, MessagesPerSecond: 1 << 20, GroupMessagesPerSecond: 1 << 20, Logf: func(f string, a ...any) { t.Logf(f, a...) }}
	if change != nil {
		change(&o)
	}
	s, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shut(t, s) })
	return s
}

func shut(t testing.TB, s *Server) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := s.Close(ctx); err != nil {
		t.Errorf("Close: %v", err)
	}
}

// client is a bare client of the protocol.
type client struct {
	t       testing.TB
	ws      *websocket.Conn
	user    im.UserID
	device  string
	welcome wire.Welcome

	mu     sync.Mutex
	i      uint64
	calls  map[uint64]chan []byte
	pushes chan []byte
	gone   chan struct{} // closed when the connection ended
	end    error         // why, set before gone is closed
	made   int
}

// dial connects without signing in.
func dial(t testing.TB, url string) *client {
	t.Helper()
	return dialWith(t, websocket.DefaultDialer, url)
}

func dialWith(t testing.TB, d *websocket.Dialer, url string) *client {
	t.Helper()
	ws, resp, err := d.DialContext(t.Context(), url, nil)
	if err != nil {
		t.Fatalf("dial: %v", err)
	}
	resp.Body.Close()
	c := &client{t: t, ws: ws, calls: map[uint64]chan []byte{}, pushes: make(chan []byte, 100000), gone: make(chan struct{})}
	go c.listen()
	t.Cleanup(c.close)
	return c
}

func (c *client) close() {
	c.ws.Close()
	<-c.gone
}

func (c *client) listen() {
	defer close(c.gone)
	for {
		_, message, err := c.ws.ReadMessage()
		if err != nil {
			c.end = err
			return
		}
		for line := range wire.Lines(message) {
			head, err := wire.Peek(line)
			if err != nil {
				c.end = err
				return
			}
			c.mu.Lock()
			answer := c.calls[head.I]
			delete(c.calls, head.I)
			c.mu.Unlock()
			if answer != nil {
				answer <- line
			} else {
				c.pushes <- line
			}
		}
	}
}

// accountFor makes a user without password, as a signed first sign-in does.
func accountFor(t testing.TB, s *Server, users ...im.UserID) {
	t.Helper()
	for _, u := range users {
		if _, err := s.accounts.create(t.Context(), u, "", ""); err != nil {
			t.Fatal(err)
		}
	}
}

// connect signs user in on a device, making the account if there is none.
func connect(t testing.TB, s *Server, user im.UserID, device string) *client {
	t.Helper()
	accountFor(t, s, user)
	token, err := s.Token(t.Context(), user, device)
	if err != nil {
		t.Fatal(err)
	}
	c := dial(t, s.URL())
	c.hello(wire.Hello{V: wire.Version, User: user, Device: device, Token: token})
	return c
}

func (c *client) hello(h wire.Hello) {
	c.t.Helper()
	c.user, c.device = h.User, h.Device
	h.Head = c.head(wire.THello)
	w, err := ask[wire.Welcome](c, h.I, h)
	if err != nil {
		c.t.Fatalf("hello of %s: %v", h.User, err)
	}
	c.welcome = w
}

// head numbers a request and awaits its answer.
func (c *client) head(t string) wire.Head {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.i++
	c.calls[c.i] = make(chan []byte, 1)
	return wire.Head{T: t, I: c.i}
}

var errGone = errors.New("the connection ended")

// ask sends a frame with number i and waits for its answer; an Err frame
// becomes its *im.Error.
func ask[A any](c *client, i uint64, frame any) (A, error) {
	var zero A
	c.mu.Lock()
	answer := c.calls[i]
	c.mu.Unlock()
	b, err := wire.Encode(frame)
	if err != nil {
		return zero, err
	}
	if err := c.write(b); err != nil {
		return zero, fmt.Errorf("%w: %w", errGone, err)
	}
	line, err := c.await(answer)
	if err != nil {
		return zero, err
	}
	return decodeAnswer[A](line)
}

func decodeAnswer[A any](line []byte) (A, error) {
	var zero A
	head, err := wire.Peek(line)
	if err != nil {
		return zero, err
	}
	if head.T == wire.TError {
		e, err := wire.Decode[wire.Err](line)
		if err != nil {
			return zero, err
		}
		return zero, e.Error
	}
	return wire.Decode[A](line)
}

func (c *client) write(b []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ws.WriteMessage(websocket.TextMessage, b)
}

func (c *client) await(answer chan []byte) ([]byte, error) {
	select {
	case line := <-answer:
		return line, nil
	case <-c.gone:
		select {
		case line := <-answer:
			return line, nil
		default:
			return nil, fmt.Errorf("%w: %w", errGone, c.end)
		}
	case <-time.After(patience):
		return nil, errors.New("no answer")
	}
}

// text makes a message with a fresh id.
func (c *client) text(to im.ConversationID, s string) im.Message {
	c.made++
	return im.Message{
		ID:             im.MessageID(fmt.Sprintf("%s-%s-%06d", c.user, c.device, c.made)),
		ConversationID: to, Type: im.MsgText, Payload: im.TextPayload{Text: s},
	}
}

func (c *client) trySend(m im.Message, base uint64, o im.SendOptions) (wire.Sent, error) {
	f := wire.Send{Head: c.head(wire.TSend), Message: m, Base: base, SendOptions: o}
	return ask[wire.Sent](c, f.I, f)
}

// say sends a text and fails the test unless it is stored.
func (c *client) say(to im.ConversationID, s string) wire.Sent {
	c.t.Helper()
	sent, err := c.trySend(c.text(to, s), 0, im.SendOptions{})
	if err != nil {
		c.t.Fatalf("%s says %q to %s: %v", c.user, s, to, err)
	}
	return sent
}

func (c *client) pull(f wire.Pull) (wire.Page, error) {
	f.Head = c.head(wire.TPull)
	return ask[wire.Page](c, f.I, f)
}

// history reads a whole conversation backwards.
func (c *client) history(conv im.ConversationID) []im.Message {
	c.t.Helper()
	var all []im.Message
	next := ""
	for {
		p, err := c.pull(wire.Pull{Conversation: conv, Next: next})
		if err != nil {
			c.t.Fatalf("history of %s: %v", conv, err)
		}
		all = append(append([]im.Message{}, p.Messages...), all...)
		if p.IsCompleted {
			return all
		}
		if p.Next == "" {
			c.t.Fatal("a page that is not the last has no cursor")
		}
		next = p.Next
	}
}

func (c *client) convs() wire.ConversationList {
	c.t.Helper()
	f := wire.Conversations{Head: c.head(wire.TConversations)}
	l, err := ask[wire.ConversationList](c, f.I, f)
	if err != nil {
		c.t.Fatalf("convs: %v", err)
	}
	return l
}

func (c *client) conv(id im.ConversationID) wire.ConversationRow {
	c.t.Helper()
	f := wire.ConversationGet{Head: c.head(wire.TConversation), Conversation: id}
	l, err := ask[wire.ConversationInfo](c, f.I, f)
	if err != nil {
		c.t.Fatalf("conv.get %s: %v", id, err)
	}
	return l.Row
}

func (c *client) read(id im.ConversationID, n uint64) {
	c.t.Helper()
	f := wire.Read{Head: c.head(wire.TRead), Conversation: id, Sequence: n}
	if _, err := ask[wire.OK](c, f.I, f); err != nil {
		c.t.Fatalf("read %s: %v", id, err)
	}
}

func (c *client) createGroup(g im.Group, members ...im.UserID) (wire.GroupReply, error) {
	f := wire.GroupCreate{Head: c.head(wire.TGroupCreate), Group: g, Members: members}
	return ask[wire.GroupReply](c, f.I, f)
}

func (c *client) invite(g im.GroupID, users ...im.UserID) (wire.GroupReply, error) {
	f := wire.GroupInvite{Head: c.head(wire.TGroupInvite), Group: g, Users: users}
	return ask[wire.GroupReply](c, f.I, f)
}

func (c *client) quit(g im.GroupID) error {
	f := wire.GroupRef{Head: c.head(wire.TGroupQuit), Group: g}
	_, err := ask[wire.OK](c, f.I, f)
	return err
}

// push waits for the next push of type kind that fits; others are passed over.
func push[F any](c *client, kind string, fits func(F) bool) F {
	c.t.Helper()
	deadline := time.After(patience)
	for {
		select {
		case line := <-c.pushes:
			if head, err := wire.Peek(line); err != nil || head.T != kind {
				continue
			}
			f, err := wire.Decode[F](line)
			if err != nil {
				c.t.Fatal(err)
			}
			if fits == nil || fits(f) {
				return f
			}
		case <-c.gone:
			if len(c.pushes) > 0 { // what came before the end is still read
				continue
			}
			c.t.Fatalf("%s waits for %s: the connection ended: %v", c.user, kind, c.end)
		case <-deadline:
			c.t.Fatalf("%s got no fitting %s", c.user, kind)
		}
	}
}

// message waits for the push of a text.
func (c *client) message(text string) wire.Message {
	c.t.Helper()
	return push(c, wire.TMessage, func(m wire.Message) bool {
		p, ok := m.Message.Payload.(im.TextPayload)
		return ok && p.Text == text
	})
}

func (c *client) event(kind string) wire.Event {
	c.t.Helper()
	return push(c, wire.TEvent, func(e wire.Event) bool { return e.K == kind })
}

// nothing fails the test if a push is there that fits, once everything that was
// under way has arrived: a profile change of the user itself, seen last.
func (c *client) nothing(s *Server, fits func(line []byte) bool) {
	c.t.Helper()
	s.hub.event(c.user, "", "", wire.Event{K: "fence"})
	deadline := time.After(patience)
	for {
		select {
		case line := <-c.pushes:
			var e wire.Event
			if json.Unmarshal(line, &e) == nil && e.K == "fence" {
				return
			}
			if fits(line) {
				c.t.Errorf("%s was shown %s", c.user, line)
			}
		case <-c.gone:
			c.t.Fatalf("the connection ended: %v", c.end)
		case <-deadline:
			c.t.Fatal("no fence")
		}
	}
}

func wantCode(t testing.TB, err error, code im.Code, what string) {
	t.Helper()
	if im.CodeOf(err) != code {
		t.Errorf("%s: got %v, want code %d", what, err, code)
	}
}

func helloOf(u im.UserID, device, token string) wire.Hello {
	return wire.Hello{V: wire.Version, User: u, Device: device, Token: token}
}
