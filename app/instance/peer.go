package instance

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// peer is the asking process of a command, as the window sees it.
type peer struct {
	c     *net.UnixConn
	stall time.Duration

	asked atomic.Bool // for input, which has not come yet
	input chan []byte

	writing  sync.Mutex // one frame at a time
	deadline sync.Mutex // guards hurrying and what it decides
	hurrying bool
}

// send writes a frame. A peer that does not take it in time is given up.
func (p *peer) send(kind byte, payload []byte) error {
	p.writing.Lock()
	defer p.writing.Unlock()
	if err := p.allow(p.stall); err != nil {
		return err
	}
	return writeFrame(p.c, kind, payload)
}

// allow gives what is written next d from now, unless the command has to end.
func (p *peer) allow(d time.Duration) error {
	p.deadline.Lock()
	defer p.deadline.Unlock()
	if p.hurrying {
		return nil
	}
	return p.c.SetWriteDeadline(time.Now().Add(d))
}

// hurry leaves time for last words, also to what is being written now.
func (p *peer) hurry() {
	p.deadline.Lock()
	defer p.deadline.Unlock()
	p.hurrying = true
	_ = p.c.SetWriteDeadline(time.Now().Add(lastWords)) // fails only where nothing can be written any more
}

// refuse says that nothing was run. Some of the request may be unread: it is taken
// in, or the system would take back what is said here.
func (p *peer) refuse(why Refusal) {
	if p.send(frameRefused, []byte(why)) != nil || p.c.CloseWrite() != nil {
		return
	}
	if p.c.SetReadDeadline(time.Now().Add(patience)) == nil {
		_, _ = io.CopyN(io.Discard, p.c, 4*maxRequest)
	}
}

// read takes in what the peer sends until it goes away or makes no sense, and
// returns which.
func (p *peer) read() error {
	for {
		kind, payload, err := readFrame(p.c, maxFrame)
		if err != nil {
			if errors.Is(err, errFrame) {
				return err
			}
			return errAskerGone
		}
		if kind != frameInput || !p.asked.Swap(false) {
			return fmt.Errorf("%w: %q unasked for", errFrame, kind)
		}
		p.input <- payload // has room: one is asked for at a time
	}
}

// output is standard output or standard error of the asking process.
type output struct {
	p    *peer
	kind byte
}

// Write implements io.Writer.
func (o output) Write(b []byte) (n int, err error) {
	for n < len(b) {
		part := b[n:min(len(b), n+maxFrame)]
		if err := o.p.send(o.kind, part); err != nil {
			return n, fmt.Errorf("instance: output: %w", err)
		}
		n += len(part)
	}
	return n, nil
}

// input is standard input of the asking process, of which nothing is taken before
// a command reads it. It is used by one goroutine.
type input struct {
	ctx  context.Context // of the command
	p    *peer
	rest []byte
	over bool
}

// Read implements io.Reader.
func (in *input) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	if len(in.rest) == 0 && !in.over {
		in.p.asked.Store(true)
		if err := in.p.send(frameInput, nil); err != nil {
			return 0, fmt.Errorf("instance: input: %w", err)
		}
		select {
		case in.rest = <-in.p.input:
			in.over = len(in.rest) == 0
		case <-in.ctx.Done():
			return 0, context.Cause(in.ctx)
		}
	}
	if in.over {
		return 0, io.EOF
	}
	n := copy(b, in.rest)
	in.rest = in.rest[n:]
	return n, nil
}
