package instance

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"sync"
	"time"
)

// lastWords is how long a command that was cancelled may go on telling why.
const lastWords = time.Second

// limits bound the commands of a window; tests have others.
type limits struct {
	// commands run at once; the next one waits slot and is refused.
	commands int
	slot     time.Duration
	// stall is how long a peer may leave output where it is: a person who reads it
	// page by page stops for minutes.
	stall time.Duration
}

func usualLimits() limits {
	return limits{commands: 16, slot: 5 * time.Second, stall: 10 * time.Minute}
}

// command runs what the peer asks for.
func (l *Listener) command(c *net.UnixConn) {
	p := &peer{c: c, input: make(chan []byte, 1), stall: l.limits.stall}
	r, err := readRequest(c)
	if err != nil {
		p.refuse(RefusedRequest)
		return
	}
	if why := l.takeSlot(); why != "" {
		p.refuse(why)
		return
	}
	defer func() { <-l.slots }()
	ctx, cancel := context.WithCancelCause(l.ctx)
	defer cancel(nil)
	if err := c.SetReadDeadline(time.Time{}); err != nil {
		return
	}
	var reading sync.WaitGroup
	reading.Go(func() { cancel(p.read()) })
	defer reading.Wait()
	defer func() { _ = c.SetReadDeadline(time.Now()) }() // ends the reading
	defer context.AfterFunc(ctx, p.hurry)()
	code, err := l.handler.Run(ctx, r, Streams{In: &input{ctx: ctx, p: p}, Out: output{p, frameOut}, Err: output{p, frameErr}})
	var refused *RefusedError
	if errors.As(err, &refused) {
		p.refuse(refused.Why)
		return
	}
	_ = p.send(frameExit, []byte{byte(code)}) // who does not hear it is gone
}

// readRequest reads the first frame. It comes at once, within the deadline of the
// greeting.
func readRequest(c *net.UnixConn) (Request, error) {
	kind, payload, err := readFrame(c, maxRequest)
	if err != nil {
		return Request{}, err
	}
	if kind != frameRequest {
		return Request{}, errFrame
	}
	var r Request
	return r, json.Unmarshal(payload, &r)
}

// takeSlot waits a little for one; why not, if there is none.
func (l *Listener) takeSlot() (why Refusal) {
	timer := time.NewTimer(l.limits.slot)
	defer timer.Stop()
	select {
	case l.slots <- struct{}{}:
		return ""
	case <-timer.C:
		return RefusedBusy
	case <-l.ctx.Done():
		return RefusedEnding
	}
}
