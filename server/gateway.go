package server

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"magpie/im"
	"magpie/im/wire"
)

// gateway accepts connections and keeps count of them.
type gateway struct {
	server   *Server
	listener net.Listener
	http     *http.Server
	upgrader websocket.Upgrader
	served   chan error
	files    *filesGate

	mu     sync.Mutex
	conns  map[*conn]struct{}
	closed bool
	open   sync.WaitGroup
}

// headerTimeout bounds how long a request may take to say what it wants.
const headerTimeout = 10 * time.Second

func startGateway(s *Server) (*gateway, error) {
	l, err := net.Listen("tcp", s.opt.Listen)
	if err != nil {
		return nil, fmt.Errorf("server: listen: %w", err)
	}
	g := &gateway{server: s, listener: l, conns: map[*conn]struct{}{}, served: make(chan error, 1)}
	g.upgrader = websocket.Upgrader{
		HandshakeTimeout: headerTimeout,
		ReadBufferSize:   1 << 10,
		WriteBufferSize:  4 << 10,
		// Buffers for writing are only held while something is written.
		WriteBufferPool: &sync.Pool{},
		CheckOrigin:     g.checkOrigin,
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+wire.Path, g.serve)
	mux.HandleFunc("GET /healthz", healthz)
	g.files = newFilesGate(g)
	mux.HandleFunc(wire.FilesPath, g.files.serve(g.files.upload))
	mux.HandleFunc("GET "+wire.BlobsPath+"{hash}", g.files.serve(g.files.download))
	g.http = &http.Server{Handler: mux, ReadHeaderTimeout: headerTimeout, MaxHeaderBytes: 16 << 10, IdleTimeout: time.Minute, ErrorLog: log.New(io.Discard, "", 0)}
	go func() { g.served <- g.http.Serve(l) }()
	return g, nil
}

// serveNetwork serves the network too, over TLS, until the listener is closed.
func (g *gateway) serveNetwork(l *netListener, c *tls.Config) {
	go func() { l.served <- g.http.Serve(tls.NewListener(l, c)) }()
}

// remote are the connections that came over the network.
func (g *gateway) remote() []*conn {
	g.mu.Lock()
	defer g.mu.Unlock()
	var all []*conn
	for c := range g.conns {
		if c.remote {
			all = append(all, c)
		}
	}
	return all
}

func (g *gateway) address() string { return g.listener.Addr().String() }

func healthz(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprintln(w, "ok")
}

// checkOrigin lets in what is no browser, and browsers from allowed origins.
func (g *gateway) checkOrigin(r *http.Request) bool {
	origins := r.Header.Values("Origin")
	return len(origins) == 0 || len(origins) == 1 && slices.Contains(g.server.opt.Origins, origins[0])
}

// serve turns a request into a connection.
func (g *gateway) serve(w http.ResponseWriter, r *http.Request) {
	ws, err := g.upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // the upgrader has answered
	}
	c := newConn(g.server, ws, addressOf(r.RemoteAddr))
	c.remote = r.TLS != nil
	if !g.enter(c) {
		c.close(websocket.CloseGoingAway, "the server is stopping")
		return
	}
	// A goroutine of its own lets go of what the HTTP server keeps for a request.
	go func() {
		defer g.open.Done()
		defer g.leave(c)
		c.serve()
	}()
}

func (g *gateway) enter(c *conn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return false
	}
	g.conns[c] = struct{}{}
	g.open.Add(1)
	return true
}

func (g *gateway) leave(c *conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.conns, c)
}

// close stops accepting, tells every client with a close frame and waits for
// the connections to end; when ctx is over they are cut.
func (g *gateway) close(ctx context.Context) error {
	g.mu.Lock()
	g.closed = true
	conns := make([]*conn, 0, len(g.conns))
	for c := range g.conns {
		conns = append(conns, c)
	}
	g.mu.Unlock()
	g.files.close()
	err := g.listener.Close()
	for _, c := range conns {
		c.close(websocket.CloseGoingAway, "the server is stopping")
	}
	ended := make(chan struct{})
	go func() { g.open.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-ctx.Done():
		for _, c := range conns {
			c.ws.Close()
		}
		<-ended
	}
	err = errors.Join(err, g.http.Close())
	g.files.work.Wait() // what came of an upload is kept
	if e := <-g.served; !errors.Is(e, http.ErrServerClosed) && !errors.Is(e, net.ErrClosed) {
		err = errors.Join(err, e)
	}
	if errors.Is(err, net.ErrClosed) {
		err = nil
	}
	return err
}

// welcomeLimits are the limits that clients mirror.
func (s *Server) welcomeLimits() wire.Limits {
	window := int64(-1) // without limit
	if s.opt.RevokeWindow >= 0 {
		window = int64(s.opt.RevokeWindow / time.Second)
	}
	return wire.Limits{
		FrameBytes: wire.MaxRequestBytes, MessageBytes: im.MaxMessageBytes, PageSize: im.PageSize,
		RevokeWindow: window, PingInterval: int64(pingInterval / time.Second),
	}
}
