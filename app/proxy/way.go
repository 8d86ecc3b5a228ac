package proxy

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"sync/atomic"
)

// Why a proxy does not lead to the server. What comes from [Way.Dial] wraps one of them
// when it is the proxy's fault and not the server's.
var (
	// ErrUnreachable: nobody answers at the proxy's address, or not as a proxy does.
	ErrUnreachable = errors.New("proxy: it cannot be reached")
	// ErrCredentials: it wants a user and a password, or others.
	ErrCredentials = errors.New("proxy: it wants another user or password")
	// ErrRefused: it does not lead to that server, or did not reach it.
	ErrRefused = errors.New("proxy: it does not lead to the server")
)

// Way opens connections along a route that may be changed at any time. Its methods may
// be called from any goroutine.
type Way struct {
	route atomic.Pointer[Route]
	// getenv is that of the process and roots are the system's, nil; tests have their
	// own.
	getenv func(string) string
	roots  *x509.CertPool
}

// NewWay is a way along r.
func NewWay(r Route) *Way {
	w := &Way{getenv: os.Getenv}
	w.Use(r)
	return w
}

// Use changes the route for the connections that are opened from then on.
func (w *Way) Use(r Route) { w.route.Store(&r) }

// Route is the one in use.
func (w *Way) Route() Route { return *w.route.Load() }

// For is the proxy that leads to a server, nil for none. Its URL has the password: it
// is for nobody's eyes.
func (w *Way) For(server *url.URL) (*url.URL, error) {
	r := w.Route()
	switch {
	case loopback(server.Hostname()) || r.Kind == None:
		return nil, nil
	case r.Kind == System:
		return environment(w.getenv, server)
	}
	return r.proxy()
}

// Dial opens a TCP connection to the server of a URL of the scheme ws, wss, http or
// https. It takes as long as ctx allows.
func (w *Way) Dial(ctx context.Context, server *url.URL) (net.Conn, error) {
	target := net.JoinHostPort(server.Hostname(), port(server))
	p, err := w.For(server)
	if err != nil {
		return nil, err
	}
	var direct net.Dialer
	if p == nil {
		return direct.DialContext(ctx, "tcp", target)
	}
	conn, err := direct.DialContext(ctx, "tcp", withPort(p))
	if err != nil {
		return nil, blame(ctx, ErrUnreachable, err)
	}
	tunnelled, err := w.tunnel(ctx, conn, p, target)
	if err != nil {
		_ = conn.Close() // it leads nowhere
		return nil, err
	}
	return tunnelled, nil
}

// withPort is the address of a proxy.
func withPort(p *url.URL) string {
	if p.Port() != "" {
		return p.Host
	}
	kind := Kind(p.Scheme)
	if kind == "socks5h" {
		kind = SOCKS5
	}
	return net.JoinHostPort(p.Hostname(), defaultPorts[kind])
}

// blame gives an error its cause, unless the caller gave up.
func blame(ctx context.Context, cause, err error) error {
	if ctx.Err() != nil && !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return ctx.Err()
	}
	return fmt.Errorf("%w: %w", cause, err)
}
