package store

import (
	"context"
	"time"

	"magpie/store/fulltext"
)

const (
	// giveWayAfter is how long nobody must have read for tidying to go on. Who scrolls
	// comes for another page every second or two.
	giveWayAfter = 3 * time.Second
	// giveWayStep is how long a step of it waits at most, and giveWayMost all of them of
	// one merge: what was recalled goes with one.
	giveWayStep = 10 * time.Second
	giveWayMost = 2 * time.Minute
)

// giveWay keeps a merge from taking the time of somebody who reads: it returns when nobody
// did for limits.giveWay, when it waited for giveWayStep, and as long as more segments come
// than are merged. A tail that is full meanwhile does not wait. waited is how long all of
// the merge waited.
func (s *Store) giveWay(ctx context.Context, waited *time.Duration) error {
	ix := s.index
	began := time.Now()
	defer func() { *waited += time.Since(began) }()
	for end := began.Add(min(giveWayStep, giveWayMost-*waited)); ; {
		left := min(time.Until(end), ix.limits.giveWay-(time.Since(ix.began)-time.Duration(s.read.Load())))
		if left <= 0 || ix.crowded() {
			return nil
		}
		timer := time.NewTimer(left)
		select {
		case <-timer.C:
		case <-ix.wake:
		case <-ctx.Done():
		}
		timer.Stop()
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, err := s.flushTail(ctx); err != nil {
			return err
		}
	}
}

// crowded reports whether merging is behind, or everything is being read into the index.
func (ix *index) crowded() bool {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if !ix.state.done {
		return true
	}
	levels := map[uint8][]*fulltext.Segment{}
	for _, g := range ix.segments {
		levels[g.Level] = append(levels[g.Level], g)
		if list := levels[g.Level]; len(list) == 2*ix.limits.fan && len(ix.merges(list)) > 0 {
			return true
		}
	}
	return false
}
