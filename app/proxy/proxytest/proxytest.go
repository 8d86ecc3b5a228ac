// Package proxytest is a proxy for tests: a real one, for CONNECT and for SOCKS 5 on one
// port, that leads names to where the test says.
package proxytest

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"testing"
)

// Server is a proxy that runs until its test ends.
type Server struct {
	// User and Password are wanted of everybody if User is not empty.
	User, Password string
	// Lead is where a connection to an address goes, "" for nowhere: it is refused.
	Lead func(address string) string
	// Silent accepts and says nothing.
	Silent bool

	listener net.Listener
	mu       sync.Mutex
	asked    []string
	open     map[net.Conn]bool
	wg       sync.WaitGroup
}

// Start starts s on this computer, with TLS if there is a configuration for it.
func (s *Server) Start(t testing.TB, secure *tls.Config) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if secure != nil {
		l = tls.NewListener(l, secure)
	}
	s.listener, s.open = l, map[net.Conn]bool{}
	s.wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s.keep(c)
			s.wg.Go(func() { s.serve(c) })
		}
	})
	t.Cleanup(s.Stop)
}

// Stop ends the proxy and every connection through it.
func (s *Server) Stop() {
	_ = s.listener.Close()
	s.mu.Lock()
	for c := range s.open {
		_ = c.Close()
	}
	s.mu.Unlock()
	s.wg.Wait()
}

// Address is the proxy's host and port.
func (s *Server) Address() string { return s.listener.Addr().String() }

// Asked are the addresses that were asked for, in their order.
func (s *Server) Asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.asked...)
}

func (s *Server) keep(c net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open[c] = true
}

func (s *Server) serve(c net.Conn) {
	defer c.Close()
	r := bufio.NewReader(c)
	first, err := r.Peek(1)
	switch {
	case err != nil:
	case s.Silent:
		_, _ = io.Copy(io.Discard, r)
	case first[0] == 5:
		s.socks(c, r)
	default:
		s.connect(c, r)
	}
}

// dial goes to where an address leads, nil for nowhere.
func (s *Server) dial(address string) net.Conn {
	s.mu.Lock()
	s.asked = append(s.asked, address)
	s.mu.Unlock()
	to := s.Lead(address)
	if to == "" {
		return nil
	}
	c, err := net.Dial("tcp", to)
	if err != nil {
		return nil
	}
	s.keep(c)
	return c
}

func (s *Server) connect(c net.Conn, r *bufio.Reader) {
	q, err := http.ReadRequest(r)
	if err != nil {
		return
	}
	if want := "Basic " + base64.StdEncoding.EncodeToString([]byte(s.User+":"+s.Password)); s.User != "" && q.Header.Get("Proxy-Authorization") != want {
		_, _ = io.WriteString(c, "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n")
		return
	}
	if q.Method != http.MethodConnect {
		_, _ = io.WriteString(c, "HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n")
		return
	}
	to := s.dial(q.Host)
	if to == nil {
		_, _ = io.WriteString(c, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
		return
	}
	_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n")
	pipe(c, r, to)
}

func (s *Server) socks(c net.Conn, r *bufio.Reader) {
	read := func(n int) []byte {
		b := make([]byte, n)
		if _, err := io.ReadFull(r, b); err != nil {
			return make([]byte, n)
		}
		return b
	}
	methods := read(int(read(2)[1]))
	method := byte(0)
	if s.User != "" {
		method = 2
	}
	known := false
	for _, m := range methods {
		known = known || m == method
	}
	if !known {
		_, _ = c.Write([]byte{5, 0xff})
		return
	}
	_, _ = c.Write([]byte{5, method})
	if method == 2 {
		user := string(read(int(read(2)[1])))
		if password := string(read(int(read(1)[0]))); user != s.User || password != s.Password {
			_, _ = c.Write([]byte{1, 1})
			return
		}
		_, _ = c.Write([]byte{1, 0})
	}
	var host string
	switch kind := read(4)[3]; kind {
	case 1:
		host = net.IP(read(4)).String()
	case 4:
		host = net.IP(read(16)).String()
	default:
		host = string(read(int(read(1)[0])))
	}
	port := binary.BigEndian.Uint16(read(2))
	to := s.dial(net.JoinHostPort(host, strconv.Itoa(int(port))))
	if to == nil {
		_, _ = c.Write([]byte{5, 4, 0, 1, 0, 0, 0, 0, 0, 0}) // host unreachable
		return
	}
	_, _ = c.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
	pipe(c, r, to)
}

// pipe copies both ways until one side ends.
func pipe(c net.Conn, r io.Reader, to net.Conn) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = io.Copy(c, to)
		_ = c.Close()
	}()
	_, _ = io.Copy(to, r)
	_ = to.Close()
	<-done
}
