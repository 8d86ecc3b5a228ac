package core

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"magpie/im"
)

// detour leads every name to the server and counts.
type detour struct {
	to     *magpied
	dialed atomic.Int64
	broken atomic.Bool
	server atomic.Pointer[url.URL]
}

func (d *detour) dial(ctx context.Context, server *url.URL) (net.Conn, error) {
	d.dialed.Add(1)
	d.server.Store(server)
	if d.broken.Load() {
		return nil, errDetour
	}
	return new(net.Dialer).DialContext(ctx, "tcp", d.to.listen)
}

var errDetour = errors.New("the detour is closed")

// Messages and files both go the way that Options.Dial opens, to a name that nothing
// else knows.
func TestOwnWay(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	way := &detour{to: s}
	ann := s.viaAt(t, "ws://chat.example.invalid", "ann", t.TempDir()+"/ann.db", func(o *Options) { o.Dial = way.dial }).ready()
	bob := s.device(t, "bob").ready()
	equal(t, "connections", way.dialed.Load(), int64(1))
	ann.say(im.ConvC2C, "bob", "round the corner")
	bob.hear("round the corner")
	b := content(1, 1<<20)
	m := ann.sendFile("bob", b)
	if n := way.dialed.Load(); n < 2 {
		t.Errorf("%d connections: the file went another way", n)
	}
	bob.fetched(m.Payload.(im.FilePayload).FileURL, b)
	equal(t, "asked for", way.server.Load().String(), ann.Address())

	// A try leaves the connection alone; giving it up makes another at once.
	before := way.dialed.Load()
	p, err := ann.Probe(t.Context(), nil)
	ok(t, err)
	if p.Connected <= 0 || p.RoundTrip <= 0 || p.RoundTrip > 5*time.Second {
		t.Errorf("%+v", p)
	}
	equal(t, "connections", way.dialed.Load(), before+1)
	equal(t, "state", ann.State(), Ready)
	ann.Reconnect()
	ann.until("offline", func(e Event) bool { _, is := e.(SDKNotReady); return is })
	ann.until("ready", func(e Event) bool { _, is := e.(SDKReady); return is })
}

// What stands in the way is told as it is.
func TestProbeFails(t *testing.T) {
	s := newMagpied(t, "ann")
	way := &detour{to: s}
	ann := s.viaAt(t, "ws://chat.example.invalid", "ann", t.TempDir()+"/ann.db", func(o *Options) { o.Dial = way.dial }).ready()
	other := &detour{to: s}
	other.broken.Store(true)
	if _, err := ann.Probe(t.Context(), other.dial); !errors.Is(err, errDetour) {
		t.Errorf("a closed way: %v", err)
	}
	web := httptest.NewServer(http.NotFoundHandler())
	defer web.Close()
	_, err := ann.Probe(t.Context(), func(ctx context.Context, _ *url.URL) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "tcp", web.Listener.Addr().String())
	})
	equal(t, "a web server", im.CodeOf(err), im.CodeServerUnreachable)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ann.Probe(ctx, nil); err == nil {
		t.Error("given up, and reached it")
	}
	equal(t, "state", ann.State(), Ready)
}
