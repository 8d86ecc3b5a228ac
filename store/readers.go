package store

import (
	"sync"
	"time"
)

// readers knows which read transactions may still look at an older state of the
// file. They come in generations: those of one have begun before the next did.
type readers struct {
	mu      sync.Mutex
	current *generation
	old     []*generation // ended ones that have readers
}

type generation struct {
	n    int           // readers
	over chan struct{} // closed when the generation ended and the last reader left
}

// enter begins a reader, before its transaction; what it returns ends it.
func (r *readers) enter() (leave func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.current == nil {
		r.current = &generation{over: make(chan struct{})}
	}
	g := r.current
	g.n++
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		if g.n--; g.n == 0 && g != r.current {
			close(g.over)
		}
	}
}

// drain waits until every reader that has begun is gone; false if one was still
// there after d. Readers that begin meanwhile are not waited for.
func (r *readers) drain(d time.Duration) bool {
	r.mu.Lock()
	if r.current != nil && r.current.n > 0 {
		r.old = append(r.old, r.current)
	}
	r.current = nil
	old := r.old
	r.old = nil
	r.mu.Unlock()
	timeout := time.NewTimer(d)
	defer timeout.Stop()
	for i, g := range old {
		select {
		case <-g.over:
		case <-timeout.C:
			r.mu.Lock()
			r.old = append(r.old, old[i:]...)
			r.mu.Unlock()
			return false
		}
	}
	return true
}
