package core

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"magpie/im"
	"magpie/im/wire"
)

// link is one connection: a reader, a writer, and the requests that wait for
// their answers. It never comes back once it ended.
type link struct {
	ws      *websocket.Conn
	timeout time.Duration // of a request
	push    func(h wire.Head, line []byte)
	out     chan []byte
	wg      sync.WaitGroup

	done chan struct{} // closed when the connection ended
	mu   sync.Mutex
	err  error // why it ended
	next uint64
	// waiting holds a channel of capacity 1 for each unanswered request.
	waiting map[uint64]chan answer
	silence time.Duration // after which the other side counts as gone
	traffic traffic
}

type answer struct {
	head wire.Head
	line []byte
}

const (
	writeTimeout = 10 * time.Second
	probeTimeout = 5 * time.Second
	// outQueue bounds requests on their way to the writer; askers wait beyond it.
	outQueue = 64
)

// errAnswered: the server answered, and not as one of these does.
type errAnswered struct{ status string }

func (e *errAnswered) Error() string { return "it answered " + e.status }

// open opens the connection that a link is made of.
func open(ctx context.Context, at string, header http.Header, o *Options) (*websocket.Conn, error) {
	d := websocket.Dialer{Proxy: http.ProxyFromEnvironment, TLSClientConfig: pin(o.Pin).tlsConfig(), HandshakeTimeout: o.DialTimeout, ReadBufferSize: 16 << 10, WriteBufferSize: 16 << 10}
	if o.Dial != nil {
		server, err := url.Parse(at)
		if err != nil {
			return nil, err
		}
		d.Proxy = nil
		d.NetDialContext = func(ctx context.Context, _, _ string) (net.Conn, error) { return o.Dial(ctx, server) }
	}
	ws, res, err := d.DialContext(ctx, at, header)
	if res != nil {
		defer res.Body.Close()
		if err != nil {
			return nil, &errAnswered{res.Status}
		}
	}
	return ws, err
}

// dial opens a connection. push gets every frame that answers nothing, in the
// reader's goroutine: it must not wait for anything.
func dial(ctx context.Context, url string, header http.Header, o *Options, push func(wire.Head, []byte)) (*link, error) {
	ws, err := open(ctx, url, header, o)
	if err != nil {
		return nil, im.Errorf(netCode(err, im.CodeServerUnreachable), "connecting to %s: %v", url, err)
	}
	ws.SetReadLimit(wire.MaxPushBytes)
	l := &link{
		ws: ws, timeout: o.RequestTimeout, push: push, silence: o.DialTimeout,
		out: make(chan []byte, outQueue), done: make(chan struct{}), waiting: make(map[uint64]chan answer),
	}
	ws.SetPingHandler(func(data string) error {
		if err := l.heard(); err != nil {
			return err
		}
		err := ws.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(writeTimeout))
		if errors.Is(err, websocket.ErrCloseSent) {
			return nil
		}
		return err
	})
	ws.SetPongHandler(func(string) error { return l.heard() })
	l.wg.Add(2)
	go l.read()
	go l.write()
	return l, nil
}

// heard moves the deadline: the other side lives.
func (l *link) heard() error {
	l.mu.Lock()
	silence := l.silence
	l.mu.Unlock()
	return l.ws.SetReadDeadline(time.Now().Add(silence))
}

// allowSilence sets how long the other side may say nothing.
func (l *link) allowSilence(d time.Duration) {
	l.mu.Lock()
	l.silence = d
	l.mu.Unlock()
	_ = l.heard() // fails only on a closed connection, which the reader sees
}

// probe asks for a sign of life and ends the connection if none comes.
func (l *link) probe() {
	now := time.Now()
	if err := l.ws.WriteControl(websocket.PingMessage, nil, now.Add(probeTimeout)); err != nil {
		l.fail(netError(err))
		return
	}
	_ = l.ws.SetReadDeadline(now.Add(probeTimeout)) // as above
}

func (l *link) read() {
	defer l.wg.Done()
	for {
		if err := l.heard(); err != nil {
			l.fail(netError(err))
			return
		}
		kind, data, err := l.ws.ReadMessage()
		if err != nil {
			l.fail(netError(err))
			return
		}
		if kind != websocket.TextMessage {
			l.fail(im.Errorf(im.CodeInvalidRequest, "the server sent a binary message"))
			return
		}
		for line := range wire.Lines(data) {
			h, err := wire.Peek(line)
			if err != nil {
				l.fail(err)
				return
			}
			if !l.route(h, line) {
				return
			}
		}
	}
}

// route hands a frame to whoever waits for it; false ends the connection.
func (l *link) route(h wire.Head, line []byte) bool {
	if h.I == 0 {
		if h.T == wire.TError {
			l.fail(refusal(line))
			return false
		}
		l.traffic.stir()
		l.push(h, line)
		return true
	}
	l.mu.Lock()
	ch := l.waiting[h.I]
	delete(l.waiting, h.I)
	l.mu.Unlock()
	if ch != nil {
		ch <- answer{h, line}
	}
	return true
}

func (l *link) write() {
	defer l.wg.Done()
	for {
		select {
		case <-l.done:
			return
		case line := <-l.out:
			err := l.ws.SetWriteDeadline(time.Now().Add(writeTimeout))
			if err == nil {
				err = l.ws.WriteMessage(websocket.TextMessage, line)
			}
			if err != nil {
				l.fail(netError(err))
				return
			}
		}
	}
}

// fail ends the connection for the given reason; only the first one counts.
func (l *link) fail(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return
	}
	l.err = err
	close(l.done)
	_ = l.ws.Close() // nothing is to be saved on it any more
}

// close says goodbye and waits for the goroutines.
func (l *link) close(why error) {
	bye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	_ = l.ws.WriteControl(websocket.CloseMessage, bye, time.Now().Add(time.Second)) // courtesy
	l.fail(why)
	l.wg.Wait()
}

// reason is why the connection ended.
func (l *link) reason() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

// head begins a request of the given type.
func (l *link) head(t string) wire.Head {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.next++
	return wire.Head{T: t, I: l.next}
}

// ask sends the request frame f, whose head is h, and decodes the answer. The
// error is the server's *im.Error, code 2801 without an answer in time, 9508
// when the connection ended, or ctx's.
func ask[A any](ctx context.Context, l *link, h wire.Head, f any) (A, error) {
	var none A
	line, err := wire.Encode(f)
	if err != nil {
		return none, fmt.Errorf("core: encoding %s: %w", h.T, err)
	}
	if len(line) > wire.MaxRequestBytes {
		return none, im.Errorf(im.CodeFrameTooLarge, "%s of %d bytes, %d are allowed", h.T, len(line), wire.MaxRequestBytes)
	}
	if !isBackground(ctx) {
		l.traffic.begin()
		defer l.traffic.end()
	}
	ch := make(chan answer, 1)
	l.mu.Lock()
	l.waiting[h.I] = ch
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		delete(l.waiting, h.I)
		l.mu.Unlock()
	}()
	timer := time.NewTimer(l.timeout)
	defer timer.Stop()
	var a answer
	out := l.out
	for a.line == nil {
		select {
		case out <- line:
			out = nil // sent; now only wait
		case a = <-ch:
		case <-l.done:
			// The answer may have come just before the end.
			select {
			case a = <-ch:
			default:
				return none, fmt.Errorf("core: %s: %w", h.T, lost(l.reason()))
			}
		case <-timer.C:
			return none, im.Errorf(im.CodeNetworkTimeout, "no answer to %s within %v", h.T, l.timeout)
		case <-ctx.Done():
			return none, ctx.Err()
		}
	}
	if a.head.T == wire.TError {
		return none, refusal(a.line)
	}
	return wire.Decode[A](a.line)
}

// refusal reads the error out of an err frame.
func refusal(line []byte) error {
	f, err := wire.Decode[wire.Err](line)
	if err != nil {
		return err
	}
	if f.Error == nil {
		return im.Errorf(im.CodeServerInternal, "the server refused without a reason")
	}
	return f.Error
}

// netError wraps what the connection said.
func netError(err error) error {
	return im.Errorf(im.CodeNetworkDown, "connection lost: %v", err)
}

// lost makes the end of a connection an error of code 9508 for those who
// waited on it, whatever the reason was.
func lost(err error) error {
	if im.CodeOf(err) == im.CodeNetworkDown {
		return err
	}
	return im.Errorf(im.CodeNetworkDown, "connection ended: %v", err)
}

// onNetwork reports whether err says that nothing is known about the request
// because the network failed.
func onNetwork(err error) bool {
	c := im.CodeOf(err)
	return c == im.CodeNetworkDown || c == im.CodeNetworkTimeout || c == im.CodeServerUnreachable
}

// passing reports whether the server's refusal may be another answer later.
func passing(err error) bool {
	switch im.CodeOf(err) {
	case im.CodeBusy, im.CodeRateLimited, im.CodeServerInternal, im.CodeGroupInternal:
		return true
	}
	return onNetwork(err)
}

// coded makes err an *im.Error; what has no code gets the given one.
func coded(err error, c im.Code) *im.Error {
	if err == nil {
		return nil
	}
	var e *im.Error
	if errors.As(err, &e) {
		return e
	}
	return im.Errorf(c, "%v", err)
}
