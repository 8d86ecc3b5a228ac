package sandbox

import (
	"context"
	"sync"
	"time"
)

// allowance is the time that a guest may still run. Unlike a deadline it stands
// still while somebody else is waited for, and can grow.
type allowance struct {
	mu      sync.Mutex
	left    time.Duration // when it last began or stood still
	since   time.Time     // when it began to run; zero while it stands still
	timer   *time.Timer
	overrun func()
}

// newAllowance returns one that runs, and calls overrun when d is used up.
func newAllowance(d time.Duration, overrun func()) *allowance {
	a := &allowance{left: d, overrun: overrun}
	a.resume()
	return a
}

// pause makes it stand still until resume.
func (a *allowance) pause() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.since.IsZero() {
		return
	}
	a.timer.Stop()
	a.left -= time.Since(a.since)
	a.since = time.Time{}
}

func (a *allowance) resume() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.since.IsZero() {
		return
	}
	a.since = time.Now()
	a.timer = time.AfterFunc(max(a.left, 0), a.overrun)
}

// grow adds to it, while it stands still, up to most in all.
func (a *allowance) grow(d, most time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.left = min(a.left+d, most)
}

// running is one run of the guest as it can be stopped: by its caller's context,
// by the end of the sandbox, by its allowance and by whoever reads its output.
type running struct {
	ctx       context.Context
	stop      context.CancelCauseFunc
	allowance *allowance
}

// run begins to count the time of a guest. done must be called at the end of it.
func (s *Sandbox) run(ctx context.Context) (r *running, done func()) {
	ctx, stop := context.WithCancelCause(ctx)
	forget := context.AfterFunc(s.alive, func() { stop(ErrClosed) })
	r = &running{ctx: ctx, stop: stop}
	r.allowance = newAllowance(s.options.Deadline, func() { stop(ErrTimeout) })
	return r, func() {
		r.allowance.pause()
		forget()
		stop(context.Canceled)
	}
}
