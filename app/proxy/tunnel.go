package proxy

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/proxy"
)

// tunnel asks the proxy p at the other end of conn for a connection to target. It ends
// with ctx.
func (w *Way) tunnel(ctx context.Context, conn net.Conn, p *url.URL, target string) (net.Conn, error) {
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) }) // what waits comes back
	defer stop()
	switch p.Scheme {
	case "socks5", "socks5h":
		if err := socks(ctx, conn, p, target); err != nil {
			return nil, err
		}
	case "https":
		secure := tls.Client(conn, &tls.Config{ServerName: p.Hostname(), MinVersion: tls.VersionTLS12, RootCAs: w.roots})
		if err := secure.HandshakeContext(ctx); err != nil {
			return nil, blame(ctx, ErrUnreachable, err)
		}
		conn = secure
		fallthrough
	case "http":
		rest, err := connect(ctx, conn, p, target)
		if err != nil {
			return nil, err
		}
		conn = rest
	default:
		return nil, fmt.Errorf("%w: a proxy of kind %.20q", ErrUnreachable, p.Scheme)
	}
	if !stop() {
		return nil, ctx.Err() // its deadline may be set by now
	}
	return conn, nil
}

// connect is CONNECT of RFC 9110, section 9.3.6. The connection that it returns has
// what came behind the proxy's answer.
func connect(ctx context.Context, conn net.Conn, p *url.URL, target string) (net.Conn, error) {
	r := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: target}, Host: target, Header: http.Header{}}
	if u := p.User; u != nil {
		password, _ := u.Password()
		r.Header.Set("Proxy-Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(u.Username()+":"+password)))
	}
	if err := r.Write(conn); err != nil {
		return nil, blame(ctx, ErrUnreachable, err)
	}
	answer := bufio.NewReaderSize(&limited{conn, maxAnswer}, 4<<10)
	resp, err := http.ReadResponse(answer, r)
	if err != nil {
		return nil, blame(ctx, ErrUnreachable, err)
	}
	_ = resp.Body.Close() // a CONNECT has none
	switch {
	case resp.StatusCode == http.StatusProxyAuthRequired:
		return nil, fmt.Errorf("%w: %s", ErrCredentials, resp.Status)
	case resp.StatusCode/100 != 2:
		return nil, fmt.Errorf("%w: %s", ErrRefused, resp.Status)
	}
	early, _ := answer.Peek(answer.Buffered()) // no more than there is
	return &rest{conn, bytes.NewReader(early)}, nil
}

// rest is a connection of which a beginning was read already.
type rest struct {
	net.Conn
	early *bytes.Reader
}

func (r *rest) Read(b []byte) (int, error) {
	if r.early.Len() > 0 {
		return r.early.Read(b)
	}
	return r.Conn.Read(b)
}

// maxAnswer bounds, in bytes, what a proxy may say before the connection.
const maxAnswer = 64 << 10

// limited reads at most so many bytes.
type limited struct {
	net.Conn
	left int
}

func (l *limited) Read(b []byte) (int, error) {
	if l.left <= 0 {
		return 0, errors.New("its answer has no end")
	}
	n, err := l.Conn.Read(b[:min(len(b), l.left)])
	l.left -= n
	return n, err
}

// socks is RFC 1928.
func socks(ctx context.Context, conn net.Conn, p *url.URL, target string) error {
	var auth *proxy.Auth
	if u := p.User; u != nil {
		password, _ := u.Password()
		auth = &proxy.Auth{User: u.Username(), Password: password}
	}
	d, err := proxy.SOCKS5("tcp", p.Host, auth, open{conn})
	if err != nil {
		return blame(ctx, ErrUnreachable, err)
	}
	if _, err := d.Dial("tcp", target); err != nil {
		return blame(ctx, socksCause(err), err)
	}
	return nil
}

// socksCause tells from the words of package socks whose fault a failure is: it has no
// errors to compare with.
func socksCause(err error) error {
	words := err.Error()
	switch {
	case strings.Contains(words, "authentication"):
		return ErrCredentials
	case strings.Contains(words, "unknown error "): // an answer of the proxy
		return ErrRefused
	}
	return ErrUnreachable
}

// open is a dialer that has the connection already.
type open struct{ conn net.Conn }

func (o open) Dial(string, string) (net.Conn, error) { return o.conn, nil }
