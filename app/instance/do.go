package instance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

// Do runs a command in the process that has the window of the profile folder dir
// and returns its exit code. When ctx ends, the command is told to end and its last
// words are waited for. The error is [ErrNoWindow], [ErrOlder], [ErrGone], a
// *[RefusedError], or one of a stream.
func Do(ctx context.Context, dir string, r Request, s Streams) (code int, err error) {
	request, err := json.Marshal(r)
	if err != nil {
		return 0, fmt.Errorf("instance: %w", err)
	}
	if len(request) > maxRequest {
		return 0, fmt.Errorf("instance: the command line has %d bytes; a window takes %d", len(request), maxRequest)
	}
	path, err := socketPath(dir)
	if err != nil {
		return 0, err
	}
	c, err := dial(path)
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrNoWindow, err)
	}
	defer c.Close()
	switch line, err := greet(c, run); {
	case err != nil && isTimeout(err):
		return 0, fmt.Errorf("%w: %w", ErrNoWindow, err)
	case err != nil || line != running:
		return 0, ErrOlder
	}
	a := &asker{c: c, s: s}
	if err := a.send(frameRequest, request); err != nil {
		return 0, ErrGone
	}
	if err := c.SetDeadline(time.Time{}); err != nil {
		return 0, fmt.Errorf("instance: %w", err)
	}
	defer context.AfterFunc(ctx, func() {
		// Both fail only if the window is gone, which follow notices.
		_ = c.CloseWrite()
		_ = c.SetReadDeadline(time.Now().Add(lastWords + patience))
	})()
	code, err = a.follow()
	if err != nil && ctx.Err() != nil && isTimeout(err) {
		err = context.Cause(ctx)
	}
	return code, err
}

// asker is the side of the command line.
type asker struct {
	c       *net.UnixConn
	s       Streams
	writing sync.Mutex
}

func (a *asker) send(kind byte, payload []byte) error {
	a.writing.Lock()
	defer a.writing.Unlock()
	return writeFrame(a.c, kind, payload)
}

// follow does what the window says until the exit code comes.
func (a *asker) follow() (code int, err error) {
	for {
		kind, payload, err := readFrame(a.c, maxFrame)
		if err != nil {
			if isTimeout(err) || errors.Is(err, errFrame) {
				return 0, err
			}
			return 0, ErrGone
		}
		switch kind {
		case frameOut:
			if _, err := a.s.Out.Write(payload); err != nil {
				return 0, err
			}
		case frameErr:
			if _, err := a.s.Err.Write(payload); err != nil {
				return 0, err
			}
		case frameInput:
			// Beside: a person may think for long, and the command may end meanwhile.
			go a.give()
		case frameExit:
			if len(payload) != 1 {
				return 0, errFrame
			}
			return int(payload[0]), nil
		case frameRefused:
			return 0, &RefusedError{Refusal(payload)}
		default:
			return 0, fmt.Errorf("%w: kind %q", errFrame, kind)
		}
	}
}

// give sends some of standard input, or nothing when it is over.
func (a *asker) give() {
	b := make([]byte, 16<<10)
	for {
		n, err := a.s.In.Read(b)
		if n == 0 && err == nil {
			continue
		}
		if n == 0 && !errors.Is(err, io.EOF) {
			// What cannot be read must not look like a short input.
			_ = a.c.CloseWrite() // cancels the command
			return
		}
		_ = a.send(frameInput, b[:n]) // fails if the window is gone, which follow notices
		return
	}
}

func isTimeout(err error) bool {
	var n net.Error
	return errors.As(err, &n) && n.Timeout()
}
