package server

import (
	"encoding/json"
	"errors"
	"io"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/gorilla/websocket"

	"magpie/im"
	"magpie/im/wire"
)

// conn is one connection: a goroutine that reads and handles its frames one
// after the other, and one that writes.
type conn struct {
	server  *Server
	ws      *websocket.Conn
	address string // of the peer, as [addressOf] has it
	remote  bool   // it came over the network

	// Set by hello, before anything else can see the connection.
	user     im.UserID
	device   string
	platform string
	session  string
	// expiry ends the session with what it signed in by; nil if that stays valid.
	expiry *time.Timer
	// watching are the users whose presence it wants; guarded by hub.mu.
	watching map[im.UserID]bool

	queue chan []byte
	// ending is closed when the connection is to end; end then says how.
	ending  chan struct{}
	endOnce sync.Once
	end     closeReason
	written chan struct{} // closed when the writer is done
}

type closeReason struct {
	code int // 0: without a word
	text string
}

const (
	// helloTimeout is how long a client may take to sign in.
	helloTimeout = 10 * time.Second
	// pingInterval is how often a silent connection is asked, readTimeout how
	// long it may be silent, writeTimeout how long one write may take.
	pingInterval = 25 * time.Second
	readTimeout  = 60 * time.Second
	writeTimeout = 10 * time.Second
	// queueFrames is how many frames wait for a slow client before it is dropped.
	queueFrames = 64
	// coalesceBytes is up to where frames that wait are put into one message.
	coalesceBytes = 64 << 10
	// drainBytes and drainTimeout bound what is read and thrown away of a client
	// that sent too much, so that it gets to read why.
	drainBytes   = 16 << 20
	drainTimeout = 2 * time.Second
)

func newConn(s *Server, ws *websocket.Conn, address string) *conn {
	return &conn{
		server: s, ws: ws, address: address, session: randomHex(8),
		queue: make(chan []byte, queueFrames), ending: make(chan struct{}), written: make(chan struct{}),
	}
}

// serve runs the connection to its end.
func (c *conn) serve() {
	go c.write()
	c.read()
	if c.user != "" {
		c.server.hub.leave(c)
	}
	if c.expiry != nil {
		c.expiry.Stop()
	}
	c.close(0, "")
	<-c.written
	c.ws.Close()
}

// read handles frames until the connection ends.
func (c *conn) read() {
	c.ws.SetPongHandler(func(string) error {
		if c.user == "" { // a pong does not buy time to sign in
			return nil
		}
		return c.awaitMore()
	})
	if c.ws.SetReadDeadline(time.Now().Add(helloTimeout)) != nil {
		return
	}
	for {
		_, r, err := c.ws.NextReader()
		if err != nil {
			return
		}
		message, err := io.ReadAll(io.LimitReader(r, wire.MaxRequestBytes+1))
		if err != nil {
			return
		}
		if len(message) > wire.MaxRequestBytes {
			c.refuse(0, im.Errorf(im.CodeFrameTooLarge, "more than %d bytes in one message", wire.MaxRequestBytes))
			c.close(websocket.CloseMessageTooBig, "message too large")
			c.drain(r)
			return
		}
		for line := range wire.Lines(message) {
			if !c.handleLine(line) {
				return
			}
		}
		if c.user != "" && c.awaitMore() != nil {
			return
		}
	}
}

// awaitMore gives the client its time to say something again, and only a
// moment if the connection is ending.
func (c *conn) awaitMore() error {
	if err := c.ws.SetReadDeadline(time.Now().Add(readTimeout)); err != nil {
		return err
	}
	select {
	case <-c.ending:
		return c.ws.SetReadDeadline(time.Now().Add(drainTimeout))
	default:
		return nil
	}
}

// drain throws away what is still coming, so that closing the socket does not
// destroy the answer on its way.
func (c *conn) drain(rest io.Reader) {
	if c.ws.SetReadDeadline(time.Now().Add(drainTimeout)) != nil {
		return
	}
	_, _ = io.CopyN(io.Discard, rest, drainBytes)
	for {
		if _, _, err := c.ws.NextReader(); err != nil {
			return
		}
	}
}

// handleLine handles one frame; false ends the connection.
func (c *conn) handleLine(line []byte) bool {
	var head wire.Head
	err := error(im.Errorf(im.CodeInvalidRequest, "the frame is not UTF-8"))
	if utf8.Valid(line) {
		head, err = wire.Peek(line)
	}
	if err != nil {
		c.fail(0, err)
		return false
	}
	known := handlerOf(head.T)
	switch {
	case known == nil && head.I == 0:
		return true // a newer client may say things that need no answer
	case head.I == 0:
		c.fail(0, im.Errorf(im.CodeInvalidRequest, "the request has no number"))
		return false
	case c.user == "" && head.T != wire.THello:
		c.fail(head.I, im.Errorf(im.CodeNotReady, "the first frame must be hello"))
		return false
	case known == nil:
		c.refuse(head.I, im.Errorf(im.CodeInvalidRequest, "request type %.32q is not known", head.T))
		return true
	}
	ctx, cancel := c.server.requestContext()
	defer cancel()
	before := c.user != ""
	answer, err := known(ctx, c, head, line)
	if err != nil {
		if head.T == wire.THello && !before {
			c.fail(head.I, err)
			return false
		}
		c.refuse(head.I, err)
		return true
	}
	return c.answer(answer)
}

// answer sends the reply of a request. It waits for room: a client that does
// not read its answers is not read either.
func (c *conn) answer(frame any) bool {
	b, err := wire.Encode(frame)
	if err != nil {
		c.server.opt.Logf("gateway: %v", err)
		return false
	}
	select {
	case c.queue <- b:
		return true
	case <-c.ending:
		return false
	}
}

// refuse answers a request with an error.
func (c *conn) refuse(i uint64, err error) {
	err = publicError(err)
	var coded *im.Error
	if !errors.As(err, &coded) {
		coded = im.Errorf(im.CodeServerInternal, "the server failed")
	}
	var hidden *hiddenError
	if errors.As(err, &hidden) {
		c.server.opt.Logf("request of %s: %v", c.user, hidden.cause)
	}
	c.answer(wire.Err{Head: wire.Head{T: wire.TError, I: i}, Error: coded})
}

// fail answers with an error and ends the connection after it.
func (c *conn) fail(i uint64, err error) {
	c.refuse(i, err)
	c.close(websocket.ClosePolicyViolation, "refused")
}

// push hands over a frame that nobody waits for. It never blocks: a client
// whose queue is full is dropped, comes back and asks for what it missed.
func (c *conn) push(frame []byte) {
	select {
	case c.queue <- frame:
	default:
		c.server.opt.Logf("gateway: %s does not keep up, dropped", c.user)
		c.close(0, "")
		c.ws.Close() // also ends a write that is stuck
	}
}

// kick ends the session for good with a reason.
func (c *conn) kick(reason im.KickReason) {
	if b, err := json.Marshal(wire.Kick{Head: wire.Head{T: wire.TKick}, Reason: reason}); err == nil {
		c.push(b)
	}
	c.close(websocket.ClosePolicyViolation, string(reason))
}

// close ends the connection once what is queued has been written, with a close
// frame unless code is 0. The first call counts.
func (c *conn) close(code int, text string) {
	c.endOnce.Do(func() {
		c.end = closeReason{code, text}
		close(c.ending)
	})
}

// write sends what is queued, and pings, until the connection ends.
func (c *conn) write() {
	defer close(c.written)
	ping := time.NewTicker(pingInterval)
	defer ping.Stop()
	for {
		select {
		case frame := <-c.queue:
			if c.writeFrames(frame) != nil {
				c.abort()
				return
			}
		case <-ping.C:
			if c.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeTimeout)) != nil {
				c.abort()
				return
			}
		case <-c.ending:
			c.finish()
			return
		}
	}
}

// finish writes what is still queued and says goodbye. The reader has then a
// moment to see the client's own goodbye.
func (c *conn) finish() {
	if c.end.code == 0 {
		c.ws.Close()
		return
	}
	for {
		select {
		case frame := <-c.queue:
			if c.writeFrames(frame) != nil {
				c.abort()
				return
			}
			continue
		default:
		}
		break
	}
	deadline := time.Now().Add(drainTimeout)
	if c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(c.end.code, c.end.text), deadline) != nil {
		c.abort()
		return
	}
	if c.ws.SetReadDeadline(deadline) != nil {
		c.abort()
	}
}

// abort ends the reader as well.
func (c *conn) abort() {
	c.close(0, "")
	c.ws.Close()
}

// writeFrames writes frame and those that wait behind it as one message, one a
// line.
func (c *conn) writeFrames(frame []byte) error {
	if err := c.ws.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return err
	}
	if len(c.queue) == 0 {
		return c.ws.WriteMessage(websocket.TextMessage, frame)
	}
	w, err := c.ws.NextWriter(websocket.TextMessage)
	if err != nil {
		return err
	}
	size := len(frame)
	if _, err := w.Write(frame); err != nil {
		return err
	}
	for size < coalesceBytes {
		select {
		case frame = <-c.queue:
		default:
			return w.Close()
		}
		size += len(frame) + 1
		if _, err := w.Write([]byte{'\n'}); err != nil {
			return err
		}
		if _, err := w.Write(frame); err != nil {
			return err
		}
	}
	return w.Close()
}
