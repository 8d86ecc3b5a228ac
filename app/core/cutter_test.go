package core

import (
	"net"
	"sync"
	"testing"
)

// cutter stands between a client and a server and cuts connections that carry
// much, as a bad network does.
type cutter struct {
	listener net.Listener
	to       string
	wg       sync.WaitGroup

	mu    sync.Mutex
	after int64 // bytes in one direction after which a connection is cut
	left  int   // how many are still to be cut
	open  map[net.Conn]struct{}
}

func newCutter(t testing.TB, to string, after int64, cuts int) *cutter {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ok(t, err)
	c := &cutter{listener: l, to: to, after: after, left: cuts, open: map[net.Conn]struct{}{}}
	c.wg.Go(c.serve)
	t.Cleanup(func() {
		l.Close()
		c.mu.Lock()
		for conn := range c.open {
			conn.Close()
		}
		c.mu.Unlock()
		c.wg.Wait()
	})
	return c
}

func (c *cutter) url() string { return "ws://" + c.listener.Addr().String() }

// cuts is how many connections are still to be cut.
func (c *cutter) cuts() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.left
}

func (c *cutter) serve() {
	for {
		in, err := c.listener.Accept()
		if err != nil {
			return
		}
		out, err := net.Dial("tcp", c.to)
		if err != nil {
			in.Close()
			continue
		}
		c.mu.Lock()
		c.open[in], c.open[out] = struct{}{}, struct{}{}
		c.mu.Unlock()
		c.wg.Go(func() { c.carry(in, out) })
		c.wg.Go(func() { c.carry(out, in) })
	}
}

// carry copies one direction until its end or the cut, which ends both.
func (c *cutter) carry(from, to net.Conn) {
	defer from.Close()
	defer to.Close()
	buf := make([]byte, 32<<10)
	for carried := int64(0); ; {
		n, err := from.Read(buf)
		carried += int64(n)
		c.mu.Lock()
		cut := c.left > 0 && carried > c.after
		if cut {
			c.left--
		}
		c.mu.Unlock()
		if cut {
			return
		}
		if _, werr := to.Write(buf[:n]); err != nil || werr != nil {
			return
		}
	}
}
