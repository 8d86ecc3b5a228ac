package core

import (
	"context"
	"sync"
	"time"
)

// traffic is what goes over a connection for people: requests that somebody waits
// for and what the server pushes. The background gives way to it.
type traffic struct {
	mu     sync.Mutex
	asking int       // requests without an answer yet
	last   time.Time // when something went or came
}

func (t *traffic) begin() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.asking++
}

func (t *traffic) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.asking--
	t.last = time.Now()
}

// stir notes that something was pushed.
func (t *traffic) stir() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last = time.Now()
}

// quietFor is how long nothing has gone or come; 0 while a request is under way.
func (t *traffic) quietFor() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.asking > 0 {
		return 0
	}
	return time.Since(t.last)
}

type backgroundKey struct{}

// background marks what is done with a context as something that nobody waits for.
func background(ctx context.Context) context.Context {
	return context.WithValue(ctx, backgroundKey{}, true)
}

func isBackground(ctx context.Context) bool { return ctx.Value(backgroundKey{}) != nil }
