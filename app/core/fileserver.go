package core

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"magpie/im"
	"magpie/im/wire"
)

// fileServer is the part of the server that files come from and go to, over HTTP
// beside the connection; docs/protocol.md section 12.
type fileServer struct {
	client *Client
	http   *http.Client
}

// stallTime is how long a transfer may stand still before it counts as cut; the
// server needs some of it to bring a large file to its disk.
const stallTime = time.Minute

// errorBodyBytes bounds what is read of an answer that says what was wrong.
const errorBodyBytes = 4 << 10

func newFileServer(c *Client) *fileServer {
	way, proxy := (&net.Dialer{Timeout: c.o.DialTimeout}).DialContext, http.ProxyFromEnvironment
	if c.o.Dial != nil {
		way, proxy = c.dialForFiles, nil
	}
	return &fileServer{client: c, http: &http.Client{
		Transport: &http.Transport{
			Proxy:               proxy,
			DialContext:         way,
			TLSClientConfig:     pin(c.o.Pin).tlsConfig(),
			TLSHandshakeTimeout: c.o.DialTimeout,
			MaxIdleConnsPerHost: 4, IdleConnTimeout: 30 * time.Second,
			ReadBufferSize: 64 << 10, WriteBufferSize: 64 << 10,
			// What is asked for is what is hashed: nothing is unpacked on the way.
			DisableCompression: true,
		},
		// A server that sends somewhere else would be sent the token there.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// dialForFiles goes to the server as its connection does.
func (c *Client) dialForFiles(ctx context.Context, _, _ string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, c.o.DialTimeout)
	defer cancel()
	server, err := url.Parse(c.Address())
	if err != nil {
		return nil, err
	}
	return c.o.Dial(ctx, server)
}

// request sends one request for files. The answer is the caller's to close; one
// that refuses is an error. Every failure of the network has a code that
// [passing] knows.
func (s *fileServer) request(ctx context.Context, method, path string, header http.Header, body io.Reader, length int64) (*http.Response, error) {
	base, token, err := s.client.filesAt()
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, method, base+path, body)
	if err != nil {
		return nil, im.Errorf(im.CodeInvalidParameter, "request for files: %v", err)
	}
	for k, v := range s.client.o.Header {
		r.Header[k] = v
	}
	for k, v := range header {
		r.Header[k] = v
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.ContentLength = length
	resp, err := s.http.Do(r)
	switch {
	case err == nil:
	case context.Cause(ctx) != nil:
		return nil, context.Cause(ctx)
	default:
		return nil, im.Errorf(netCode(err, im.CodeNetworkDown), "%s %s: %v", method, path, err)
	}
	if resp.StatusCode == http.StatusUnauthorized {
		s.client.renewToken(token)
	}
	if resp.StatusCode >= 300 {
		defer resp.Body.Close()
		return nil, &httpError{resp.StatusCode, resp.Header, refusedBy(resp)}
	}
	return resp, nil
}

// httpError is a request that was refused.
type httpError struct {
	status int
	header http.Header
	cause  *im.Error
}

func (e *httpError) Error() string { return e.cause.Error() }
func (e *httpError) Unwrap() error { return e.cause }

// statusOf returns the HTTP status of a request that was refused, else 0.
func statusOf(err error) int {
	var e *httpError
	if errors.As(err, &e) {
		return e.status
	}
	return 0
}

// refusedBy reads why a request was refused.
func refusedBy(resp *http.Response) *im.Error {
	if resp.StatusCode == http.StatusUnauthorized {
		return im.Errorf(im.CodeNetworkDown, "the server wants a newer token")
	}
	text, _ := io.ReadAll(io.LimitReader(resp.Body, errorBodyBytes)) // what there is of it
	e := &im.Error{}
	if json.Unmarshal(text, e) == nil && e.Code != 0 {
		return e
	}
	if code, err := strconv.Atoi(resp.Header.Get("Magpie-Error")); err == nil && code > 0 {
		return im.Errorf(im.Code(code), "the server refused: %s", resp.Status)
	}
	code := im.CodeInvalidRequest
	switch status := resp.StatusCode; {
	case status == http.StatusNotFound, status == http.StatusGone:
		code = im.CodeBlobNotFound
	case status == http.StatusRequestEntityTooLarge:
		code = im.CodeFileTooLarge
	case status == http.StatusInsufficientStorage:
		code = im.CodeDiskFull
	case status >= 500, status == http.StatusTooManyRequests, status == http.StatusLocked, status == http.StatusConflict:
		code = im.CodeBusy
	}
	return im.Errorf(code, "the server refused: %s %.200s", resp.Status, text)
}

// filesAt is where the server has its files, and the token to ask with; code
// 9508 without a connection.
func (c *Client) filesAt() (base, token string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.link == nil || c.keys.stored == "" {
		return "", "", im.Errorf(im.CodeNetworkDown, "not connected")
	}
	u, err := url.Parse(c.url)
	if err != nil {
		return "", "", im.Errorf(im.CodeInvalidParameter, "server address: %v", err)
	}
	u.Scheme = map[string]string{"ws": "http", "wss": "https"}[u.Scheme]
	u.Path = strings.TrimSuffix(u.Path, wire.Path)
	return strings.TrimSuffix(u.String(), "/"), c.keys.stored, nil
}

// renewToken signs in again if the server does not take the token that was
// given with the last sign-in: it is then too old.
func (c *Client) renewToken(token string) {
	c.mu.Lock()
	l := c.link
	if c.keys.stored != token {
		l = nil // there is another by now
	}
	c.mu.Unlock()
	if l != nil {
		l.fail(im.Errorf(im.CodeNetworkDown, "the token for files is too old"))
	}
}

// errStalled ends a transfer that stands still.
var errStalled = im.Errorf(im.CodeNetworkTimeout, "nothing was transferred for %v", stallTime)

// watched returns a context that ends when moving was not called for stallTime.
func watched(ctx context.Context) (_ context.Context, moving func(), stop func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	t := time.AfterFunc(stallTime, func() { cancel(errStalled) })
	return ctx, func() { t.Reset(stallTime) }, func() { t.Stop(); cancel(nil) }
}

// countingReader tells of every piece that is read.
type countingReader struct {
	r     io.Reader
	moved func(n int)
}

func (r countingReader) Read(b []byte) (int, error) {
	n, err := r.r.Read(b)
	if n > 0 {
		r.moved(n)
	}
	return n, err
}
