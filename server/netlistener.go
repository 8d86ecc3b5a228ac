package server

import (
	"net"
	"net/netip"
	"sync"
)

const (
	// netConnsMax and netConnsPerAddress bound the connections from the network, signed
	// in or not. A client needs some ten: one for messages, the others for files.
	netConnsMax        = 2048
	netConnsPerAddress = 128
)

// netListener accepts connections from the network, a bounded number of them, and can
// cut all it accepted.
type netListener struct {
	net.Listener
	served chan error // gets what the HTTP server says when it stops accepting

	mu        sync.Mutex
	conns     map[*netConn]struct{}
	addresses map[string]int
}

// netConn is one of them.
type netConn struct {
	net.Conn
	listener *netListener
	address  string
	once     sync.Once
}

func newNetListener(l net.Listener) *netListener {
	return &netListener{Listener: l, served: make(chan error, 1), conns: map[*netConn]struct{}{}, addresses: map[string]int{}}
}

func (l *netListener) port() int {
	if a, ok := l.Addr().(*net.TCPAddr); ok {
		return a.Port
	}
	return 0
}

// Accept implements net.Listener. A connection over the bounds is closed at once.
func (l *netListener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if n := l.enter(c); n != nil {
			return n, nil
		}
		_ = c.Close() // nothing was said on it
	}
}

func (l *netListener) enter(c net.Conn) *netConn {
	n := &netConn{Conn: c, listener: l, address: addressOf(c.RemoteAddr().String())}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.conns) >= netConnsMax || l.addresses[n.address] >= netConnsPerAddress {
		return nil
	}
	l.conns[n] = struct{}{}
	l.addresses[n.address]++
	return n
}

// Close implements net.Conn.
func (c *netConn) Close() error {
	c.once.Do(func() {
		l := c.listener
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.conns, c)
		if l.addresses[c.address]--; l.addresses[c.address] == 0 {
			delete(l.addresses, c.address)
		}
	})
	return c.Conn.Close()
}

// shut stops accepting and waits until nobody accepts any more.
func (l *netListener) shut() {
	_ = l.Close() // of a socket that only listens nothing is lost
	<-l.served    //nolint:errcheck // it says that it was closed
}

// cut closes all connections.
func (l *netListener) cut() {
	l.mu.Lock()
	conns := make([]*netConn, 0, len(l.conns))
	for c := range l.conns {
		conns = append(conns, c)
	}
	l.mu.Unlock()
	for _, c := range conns {
		_ = c.Close() // it is cut either way
	}
}

// addressOf is the address of a peer without its port, as failed sign-ins are counted:
// of version 6 the network of 64 bits, since one computer has all addresses of it.
func addressOf(remote string) string {
	ap, err := netip.ParseAddrPort(remote)
	if err != nil {
		return remote
	}
	a := ap.Addr().Unmap().WithZone("")
	if a.Is4() || a.IsLoopback() {
		return a.String()
	}
	p, err := a.Prefix(64)
	if err != nil {
		return a.String()
	}
	return p.String()
}
