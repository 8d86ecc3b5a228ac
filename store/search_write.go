package store

import (
	"bytes"
	"context"
	"time"

	"magpie/store/fulltext"
)

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
	plan.FrequentDocs = ix.limits.frequent
	ix.mu.RUnlock()
	return true, s.writeSegment(ctx, plan, nil, func(tx *txn) error {
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
	plan.FrequentDocs = ix.limits.frequent
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
	err = s.write(ctx, true, func(tx *txn) error {
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
	inTx func(*txn) error, committed func()) error {
	ix := s.index
	w := pageBatch{s: s, ctx: ctx, merging: len(instead) > 0, sum: s.form.sealer(kindSearchPage, "")}
	w.segment = plan.ID()
	g, err := plan.Write(ctx, s.readPage, w.add)
	if err != nil {
		return err
	}
	if err := w.commit(); err != nil {
		return err
	}
	return s.writeAlone(ctx, func(tx *txn) error {
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
	err = s.viewBeside(func(tx *txn) error {
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
	sum     *sealer
	keys    [][]byte
	values  [][]byte
	bytes   int
	waited  time.Duration // of merging
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
	err := w.s.write(w.ctx, true, func(tx *txn) error {
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
		if _, err = w.s.flushTail(w.ctx); err == nil {
			err = w.s.giveWay(w.ctx, &w.waited)
		}
	}
	return err
}
