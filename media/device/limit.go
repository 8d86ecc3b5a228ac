package device

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	// openLimit is how long a device may take to open, and closeLimit to close.
	openLimit  = 4 * time.Second
	closeLimit = time.Second
	// silenceLimit is how long an open device may give or take nothing, and
	// stoppedLimit how long when it says itself that it has stopped: one that the
	// system only suspends, or moves, comes back.
	silenceLimit = 2500 * time.Millisecond
	stoppedLimit = 500 * time.Millisecond
	// watchEvery is how often that is looked at.
	watchEvery = 250 * time.Millisecond
)

// within returns what do returns, or ErrTimeout after limit. Then do is left behind;
// what it brings at last is given to discard.
func within[T any](ctx context.Context, limit time.Duration, do func() (T, error), discard func(T)) (T, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, limit, ErrTimeout)
	defer cancel()
	type answer struct {
		value T
		err   error
	}
	answers := make(chan answer)
	go func() {
		value, err := do()
		select {
		case answers <- answer{value, err}:
		case <-ctx.Done():
			if err == nil {
				discard(value)
			}
		}
	}()
	select {
	case a := <-answers:
		return a.value, a.err
	case <-ctx.Done():
		var none T
		if cause := context.Cause(ctx); !errors.Is(cause, ErrTimeout) {
			return none, fmt.Errorf("device: %w", cause)
		}
		return none, ErrTimeout
	}
}
