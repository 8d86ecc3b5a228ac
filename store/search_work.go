package store

import (
	"context"
	"errors"
	"time"

	"magpie/store/fulltext"
)

// The worker keeps the index in shape in the background: a full tail becomes a
// segment, eight segments of a level become one of the next, one with dead
// messages is written again without them, and the index of a file that has none
// is made. All of it in transactions of some milliseconds between those of
// others; what is cut off by the end of the process leaves pages that belong to
// no segment, which the next start sweeps away.

// workRetry is the pause after a failure, of the disk for instance.
const workRetry = 5 * time.Second

func (s *Store) indexLoop(ctx context.Context) {
	ix := s.index
	defer close(ix.done)
	var reset time.Time // when it was last made anew
	for ctx.Err() == nil {
		worked, wait, err := s.indexStep(ctx)
		switch {
		case errors.Is(err, fulltext.ErrDamaged):
			if time.Since(reset) < workRetry { // what it is made of is damaged, or this disk
				wait = workRetry
				break
			}
			reset = time.Now()
			if err = s.resetIndex(ctx); err == nil {
				continue
			}
			wait = workRetry
		case errors.Is(err, errIndexGone):
			continue
		case err != nil:
			if s.Damaged() != nil {
				return
			}
			wait = workRetry
		case worked:
			continue
		case ix.idle != nil:
			ix.idle()
		}
		timer := time.NewTimer(wait)
		select {
		case <-ix.wake:
			if err != nil { // not at once again
				select {
				case <-timer.C:
				case <-ctx.Done():
				}
			}
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
	}
}

// indexStep does what is most urgent. Without anything to do it says how long
// there will be nothing.
func (s *Store) indexStep(ctx context.Context) (worked bool, wait time.Duration, err error) {
	ix := s.index
	if !ix.mapped.Load() && ix.searched.Load() {
		s.mapResident(ctx)
		ix.mapped.Store(true)
	}
	if ix.rests() {
		return false, time.Hour, nil
	}
	if err := s.loadIndex(ctx); err != nil {
		return false, 0, err
	}
	if did, err := s.flushTail(ctx); did || err != nil {
		return did, 0, err
	}
	ix.mu.RLock()
	state := ix.state
	chosen, level, wait := ix.choose(s.options.Now())
	ix.mu.RUnlock()
	switch {
	case ix.sweeps.Load(): // before more pages are dropped, which may have nothing to be erased
		return true, 0, s.sweepPages(ctx)
	case state.version != fulltext.Version:
		return true, 0, s.resetIndex(ctx)
	case len(chosen) > 0:
		return true, 0, s.mergeSegments(ctx, chosen, level)
	case !state.done:
		return true, 0, s.buildIndex(ctx)
	}
	if worked, err = s.fillMedia(ctx); worked || err != nil {
		return worked, wait, err
	}
	wait = s.rest(wait)
	return false, wait, nil
}

// segmentSlots is how many slots merging gives a segment at most. What is merged is free
// in the file until something else needs the room, and so is a segment when it is written
// again without what is gone of it. bbolt reads all free pages when it opens the file, and
// writes a list of them with every commit. But each segment is asked by every search.
const segmentSlots = 5 << 18

// merges returns those segments of a level that are to become one: as many as there have to
// be, or, where those would be too large, as many as are not; none as long as more may come.
func (ix *index) merges(level []*fulltext.Segment) []*fulltext.Segment {
	slots := uint64(0)
	for n, g := range level {
		if n == ix.limits.fan {
			return level[:n]
		}
		if slots += uint64(g.Slots); slots > ix.limits.most {
			if n < 2 {
				return nil
			}
			return level[:n]
		}
	}
	if len(level) < ix.limits.fan {
		return nil
	}
	return level
}

// choose returns segments that are to become one, and its level; without any,
// how long there will be none.
func (ix *index) choose(now time.Time) (chosen []*fulltext.Segment, level uint8, wait time.Duration) {
	levels := map[uint8][]*fulltext.Segment{}
	for _, g := range ix.segments {
		levels[g.Level] = append(levels[g.Level], g)
	}
	for l := range uint8(255) {
		if list := ix.merges(levels[l]); len(list) > 0 {
			return list, l + 1, 0
		}
	}
	wait = time.Hour
	for _, g := range ix.segments {
		at, planned := ix.purge[g.ID]
		if !planned {
			continue
		}
		if left := at.Sub(now); left > 0 {
			wait = min(wait, left)
			continue
		}
		return []*fulltext.Segment{g}, g.Level, 0
	}
	return nil, 0, wait
}
