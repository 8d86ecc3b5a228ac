package server

import (
	"context"
	"net"
	"testing"
)

// Somebody with many connections does not keep others out.
func TestConnectionsPerAddress(t *testing.T) {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := newNetListener(inner)
	defer l.cut()
	defer inner.Close()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	dialer := new(net.Dialer)
	var mine []net.Conn
	for range netConnsPerAddress {
		c, err := dialer.DialContext(ctx, "tcp", inner.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		mine = append(mine, c)
		if _, err := l.Accept(); err != nil {
			t.Fatal(err)
		}
	}
	accepted := make(chan net.Conn)
	go func() {
		c, _ := l.Accept()
		accepted <- c
	}()
	one, err := dialer.DialContext(ctx, "tcp", inner.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := one.Read(make([]byte, 1)); err == nil {
		t.Error("one too many was let in")
	}
	one.Close()
	l.cut()
	for _, c := range mine {
		c.Close()
	}
	last, err := dialer.DialContext(ctx, "tcp", inner.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer last.Close()
	if c := <-accepted; c == nil {
		t.Error("nobody is let in any more")
	} else {
		c.Close()
	}
}
