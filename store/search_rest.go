package store

import (
	"context"
	"time"

	"magpie/store/fulltext"
)

// indexRest is how long nobody searches until the index leaves the memory, 9 MB of a
// million messages. It is less than a window waits before it gives back what it does not
// need, and much more than a person thinks between two searches.
const indexRest = time.Minute

// touch notes that the index is needed now.
func (ix *index) touch() { ix.touched.Store(int64(time.Since(ix.began))) }

// inMemory loads the index, unless it is there, and keeps it there until release. Loading
// is not given up with ctx: who types has one search after the other given up, and all of
// them would begin to load.
func (s *Store) inMemory(ctx context.Context) (release func(), err error) {
	ix := s.index
	ix.touch()
	for {
		if err := s.loadIndex(context.WithoutCancel(ctx)); err != nil {
			return nil, err
		}
		ix.mu.RLock()
		if ix.loaded {
			return func() {
				ix.mu.RUnlock()
				ix.touch()
			}, nil
		}
		ix.mu.RUnlock() // it went in between
	}
}

// rest takes the index out of the memory when nobody needed it for long and nothing is
// left to do to it, and returns how long the worker has to wait. All that goes can be read
// again: the segments, and the tail of which the messages are noted. The worker calls it.
func (s *Store) rest(wait time.Duration) time.Duration {
	ix := s.index
	wait = ix.forget(wait)
	if ix.rests() && ix.mapped.Swap(false) {
		ix.searched.Store(false)
		s.unmapAll()
	}
	return wait
}

func (ix *index) forget(wait time.Duration) time.Duration {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if ix.limits.rest == 0 || !ix.loaded || ix.frozen != nil || len(ix.purge) > 0 || !ix.state.done {
		return wait
	}
	if left := ix.limits.rest - (time.Since(ix.began) - time.Duration(ix.touched.Load())); left > 0 {
		return min(wait, left)
	}
	ix.loaded, ix.resting, ix.unseen = false, true, 0
	ix.segments, ix.tail = nil, fulltext.NewTail()
	return wait
}

// rests reports whether the index is out of the memory and nothing needs it there. What
// arrives meanwhile is noted in the file and found there, until it is enough for a segment.
func (ix *index) rests() bool {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	return ix.resting && ix.unseen < int(ix.limits.flush) && !ix.sweeps.Load()
}

// wakes says that it is about to be read: what is committed from now on may not be in what
// is read.
func (ix *index) wakes() {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	ix.resting, ix.unseen = false, 0
	ix.touch()
}
