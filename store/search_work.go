package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"time"

	"go.etcd.io/bbolt"

	"magpie/im"
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
	for ctx.Err() == nil {
		worked, wait, err := s.indexStep(ctx)
		switch {
		case errors.Is(err, fulltext.ErrDamaged):
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
	case state.version != fulltext.Version:
		return true, 0, s.resetIndex(ctx)
	case ix.sweeps.Load():
		return true, 0, s.sweepPages(ctx)
	case len(chosen) > 0:
		return true, 0, s.mergeSegments(ctx, chosen, level)
	case !state.done:
		return true, 0, s.buildIndex(ctx)
	}
	return false, wait, nil
}

// choose returns segments that are to become one, and its level; without any,
// how long there will be none.
func (ix *index) choose(now time.Time) (chosen []*fulltext.Segment, level uint8, wait time.Duration) {
	const mostSlots = 1 << 25 // of one segment: positions are 32 bits
	levels := map[uint8][]*fulltext.Segment{}
	for _, g := range ix.segments {
		levels[g.Level] = append(levels[g.Level], g)
	}
	for l := range uint8(255) {
		list := levels[l]
		if len(list) < ix.limits.fan {
			continue
		}
		slots := uint64(0)
		for _, g := range list[:ix.limits.fan] {
			slots += uint64(g.Slots)
		}
		if slots < mostSlots {
			return list[:ix.limits.fan], l + 1, 0
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

// flushTail makes a segment of the frozen tail, if there is one.
func (s *Store) flushTail(ctx context.Context) (did bool, err error) {
	ix := s.index
	ix.mu.RLock()
	frozen, last := ix.frozen, ix.frozenTo
	ix.mu.RUnlock()
	if frozen == nil {
		return false, nil
	}
	id, err := s.newSegment(ctx)
	if err != nil {
		return false, err
	}
	ix.mu.RLock()
	plan := fulltext.PlanTail(id, frozen)
	ix.mu.RUnlock()
	return true, s.writeSegment(ctx, plan, nil, func(tx *bbolt.Tx) error {
		b := tx.Bucket(bucketSearchTail)
		for {
			k, _ := b.Cursor().First()
			if n, err := keySequence(k); k == nil || err == nil && n > last {
				return nil
			}
			if err := b.Delete(k); err != nil {
				return err
			}
		}
	}, func() {
		ix.frozen = nil
		close(ix.room)
		ix.room = make(chan struct{})
		ix.freeze()
	})
}

// mergeSegments makes one segment of several.
func (s *Store) mergeSegments(ctx context.Context, from []*fulltext.Segment, level uint8) error {
	ix := s.index
	id, err := s.newSegment(ctx)
	if err != nil {
		return err
	}
	ix.mu.RLock()
	plan := fulltext.PlanMerge(id, level, from)
	dead := uint64(0)
	for _, g := range from {
		dead += g.Deaths()
	}
	ix.mu.RUnlock()
	err = s.writeSegment(ctx, plan, from, nil, nil)
	if dead > 0 {
		ix.erases.Store(true)
	}
	ix.sweeps.Store(true) // of what was merged, or of what was written for nothing
	return err
}

// newSegment returns the number of a segment that is to be written; numbers are
// never used twice.
func (s *Store) newSegment(ctx context.Context) (id uint32, err error) {
	err = s.write(ctx, true, func(tx *bbolt.Tx) error {
		n, err := tx.Bucket(bucketSearchPage).NextSequence()
		id = uint32(n)
		return err
	})
	return id, err
}

// writeSegment writes the pages of a segment, a few in each transaction, and
// then puts it in place of others in a transaction of its own, with what else
// inTx does. committed is called under mu.
func (s *Store) writeSegment(ctx context.Context, plan *fulltext.Plan, instead []*fulltext.Segment,
	inTx func(*bbolt.Tx) error, committed func()) error {
	ix := s.index
	w := pageBatch{s: s, ctx: ctx, merging: len(instead) > 0, sum: newChecksummer(kindSearchPage, "")}
	w.segment = plan.ID()
	g, err := plan.Write(ctx, s.readPage, w.add)
	if err != nil {
		return err
	}
	if err := w.commit(); err != nil {
		return err
	}
	return s.writeAlone(ctx, func(tx *bbolt.Tx) error {
		// The writer's goroutine: nothing dies or is made anew meanwhile.
		for _, old := range instead {
			if tx.Bucket(bucketSearch).Get(segmentKey(old.ID)) == nil {
				return errIndexGone
			}
		}
		plan.Overtake()
		for _, old := range instead {
			if err := dropSegment(tx, old.ID); err != nil {
				return err
			}
		}
		if inTx != nil {
			if err := inTx(tx); err != nil {
				return err
			}
		}
		if g.Docs == 0 {
			return nil
		}
		var dead []uint32
		g.EachDeath(func(slot uint32) { dead = append(dead, slot) })
		if err := putDead(tx, g.ID, dead); err != nil {
			return err
		}
		return putSegment(tx, g.Summary)
	}, func() {
		ix.mu.Lock()
		defer ix.mu.Unlock()
		kept := make([]*fulltext.Segment, 0, len(ix.segments)+1)
		placed := g.Docs == 0
		for _, old := range ix.segments {
			gone := false
			for _, o := range instead {
				gone = gone || o == old
			}
			if !gone {
				kept = append(kept, old)
				continue
			}
			delete(ix.purge, old.ID)
			if !placed {
				kept, placed = append(kept, g), true
			}
		}
		if !placed {
			kept = append(kept, g)
		}
		ix.segments = kept
		ix.plan(g, s.options.Now())
		if committed != nil {
			committed()
		}
	})
}

// readPage reads a page for a merge, in a transaction of its own, so that a long
// merge keeps no old state of the file alive.
func (s *Store) readPage(segment uint32, section fulltext.Section, n uint32) (page []byte, err error) {
	err = s.view(func(tx *bbolt.Tx) error {
		raw, err := pagesOf(tx)(segment, section, n)
		page = bytes.Clone(raw)
		return err
	})
	return page, err
}

// pageBatch gathers pages for a transaction.
type pageBatch struct {
	s       *Store
	ctx     context.Context
	segment uint32
	merging bool
	sum     checksummer
	keys    [][]byte
	values  [][]byte
	bytes   int
}

func (w *pageBatch) add(section fulltext.Section, n uint32, page []byte) error {
	key := pageKey(w.segment, section, n)
	e := newEncoder(len(page))
	e.b = append(e.b, page...)
	w.keys, w.values = append(w.keys, key), append(w.values, w.sum.seal(key, e.b))
	if w.bytes += len(page); w.bytes < w.s.index.limits.txBytes {
		return nil
	}
	return w.commit()
}

func (w *pageBatch) commit() error {
	if len(w.keys) == 0 {
		return nil
	}
	err := w.s.write(w.ctx, true, func(tx *bbolt.Tx) error {
		b := tx.Bucket(bucketSearchPage)
		b.FillPercent = 1
		for i, key := range w.keys {
			if err := b.Put(key, w.values[i]); err != nil {
				return err
			}
		}
		return nil
	})
	w.keys, w.values, w.bytes = nil, nil, 0
	if err == nil && w.merging {
		// A merge takes long; a tail that is full meanwhile does not wait for it.
		_, err = w.s.flushTail(w.ctx)
	}
	return err
}

// sweepPages deletes some of the pages that belong to no segment. The last of
// them take along what is left of recalled messages.
func (s *Store) sweepPages(ctx context.Context) error {
	const most = 64 // pages of a transaction
	ix := s.index
	more := false
	look := func(tx *bbolt.Tx) (drop [][]byte, err error) {
		drop, err = strayPages(tx, most+1)
		if more = len(drop) > most; more {
			drop = drop[:most]
		}
		return drop, err
	}
	found := false
	err := s.view(func(tx *bbolt.Tx) error {
		drop, err := look(tx)
		found = len(drop) > 0
		return err
	})
	if err == nil && found {
		err = s.write(ctx, true, func(tx *bbolt.Tx) error {
			drop, err := look(tx)
			if err != nil {
				return err
			}
			for _, k := range drop {
				if err := tx.Bucket(bucketSearchPage).Delete(k); err != nil {
					return err
				}
			}
			if !more && ix.erases.Load() {
				return s.eraser.mark(tx)
			}
			return nil
		})
	}
	if err == nil {
		ix.sweeps.Store(more)
		if !more {
			ix.erases.Store(false)
		}
	}
	return err
}

// strayPages returns the keys of the first pages that belong to no segment.
func strayPages(tx *bbolt.Tx, most int) (list [][]byte, err error) {
	c := tx.Bucket(bucketSearchPage).Cursor()
	for k, _ := c.First(); k != nil && len(list) < most; {
		if len(k) != 9 {
			return nil, fulltext.ErrDamaged
		}
		id := binary.BigEndian.Uint32(k)
		if tx.Bucket(bucketSearch).Get(segmentKey(id)) == nil {
			list = append(list, bytes.Clone(k))
			k, _ = c.Next()
			continue
		}
		if id++; id == 0 {
			return list, nil
		}
		k, _ = c.Seek(binary.BigEndian.AppendUint32(nil, id))
	}
	return list, nil
}

// resetIndex forgets all segments and begins anew. The tail stays: it is right.
func (s *Store) resetIndex(ctx context.Context) error {
	ix := s.index
	fresh := searchState{version: fulltext.Version}
	err := s.writeAlone(ctx, func(tx *bbolt.Tx) error {
		b := tx.Bucket(bucketSearch)
		for {
			k, _ := b.Cursor().First()
			if k == nil {
				break
			}
			if err := b.Delete(k); err != nil {
				return err
			}
		}
		return errors.Join(fresh.put(tx), dropDamagedTail(tx))
	}, func() {
		ix.mu.Lock()
		defer ix.mu.Unlock()
		ix.segments, ix.state = nil, fresh
		clear(ix.purge)
	})
	ix.sweeps.Store(true)
	return err
}

// buildIndex takes the next messages of a file that has no index into the tail,
// and the way to them from their ids out of the old bucket.
func (s *Store) buildIndex(ctx context.Context) error {
	ix := s.index
	var next searchState
	err := s.writeAlone(ctx, func(tx *bbolt.Tx) (err error) {
		next = ix.state
		if err := s.soundIDs(tx); err != nil {
			return err
		}
		left := ix.limits.build
		p := openPlaces(tx)
		c := tx.Bucket(bucketMsg).Cursor()
		for k, _ := c.Seek([]byte(next.conv)); k != nil; k, _ = c.Next() {
			conv := im.ConversationID(k)
			if conv != next.conv {
				next.conv, next.sequence = conv, 0
			}
			if left, err = s.buildConversation(tx, p, &next, left); err != nil {
				return err
			}
			if left == 0 {
				return next.put(tx)
			}
		}
		next = searchState{version: next.version, done: true}
		return next.put(tx)
	}, func() {
		ix.mu.Lock()
		defer ix.mu.Unlock()
		ix.state = next
	})
	return err
}

func (s *Store) buildConversation(tx *bbolt.Tx, p places, at *searchState, left int) (int, error) {
	if err := s.soundHistory(tx, at.conv); err != nil {
		return left, err
	}
	b := tx.Bucket(bucketMsg).Bucket([]byte(at.conv))
	if b == nil {
		return left, nil
	}
	sum := newChecksummer(kindMessage, string(at.conv))
	c := b.Cursor()
	for k, v := c.Seek(sequenceKey(at.sequence + 1)); k != nil && left > 0; k, v = c.Next() {
		left--
		n, err := keySequence(k)
		if err != nil {
			return left, damaged("message of "+string(at.conv), k, err)
		}
		at.sequence = n
		m, err := openMessage(sum, at.conv, k, v)
		if err != nil {
			continue // told by those who show messages
		}
		if p.old.Get([]byte(m.ID)) != nil {
			if err := p.move(m.ID); err != nil {
				return left, err
			}
		}
		place := fulltext.Place{Conversation: string(at.conv), Sequence: n}
		if d, ok := searchable(&m); ok && !s.index.has(place) {
			s.changes.set(at.conv, n, d.doc(place), true)
		}
	}
	return left, nil
}
