package store

import (
	"context"
	"time"

	"magpie/im"
	"magpie/store/fulltext"
)

// indexChanges are what the jobs of one transaction do to the index: what every
// message that they touch is found by in the end. The writer's goroutine alone
// uses them.
type indexChanges struct {
	docs  map[fulltext.Place]indexChange
	order []fulltext.Place // as they were touched
	// what write found out for apply
	tailTo uint64
}

// indexChange is what a message is found by, nil for nothing. One that is fresh
// was not there before, so that nobody has to look.
type indexChange struct {
	doc   *fulltext.Doc
	fresh bool
}

func (c *indexChanges) set(conv im.ConversationID, sequence uint64, d *fulltext.Doc, fresh bool) {
	p := fulltext.Place{Conversation: string(conv), Sequence: sequence}
	if c.docs == nil {
		c.docs = map[fulltext.Place]indexChange{}
	}
	before, touched := c.docs[p]
	if !touched {
		c.order = append(c.order, p)
		before.fresh = fresh
	}
	c.docs[p] = indexChange{d, before.fresh}
}

// pendingChange is one that was committed before the index was loaded.
type pendingChange struct {
	fulltext.Place
	indexChange
}

// mostPending is how many new messages are kept for an index that is not loaded.
const mostPending = 10_000

func (ix *index) waiting() int {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	return len(ix.pending)
}

// allFresh reports whether nothing that was there is touched, so that nobody
// needs to know what is in the index.
func (c *indexChanges) allFresh() bool {
	for _, change := range c.docs {
		if !change.fresh {
			return false
		}
	}
	return true
}

func (c *indexChanges) reset() {
	clear(c.docs)
	c.order, c.tailTo = c.order[:0], 0
}

// writeIndex writes what the changes are to the file, as the last part of their
// transaction. It changes nothing in memory.
func (s *Store) writeIndex(tx *txn) error {
	c, ix := &s.changes, s.index
	if len(c.order) == 0 {
		return nil
	}
	dead := map[uint32][]uint32{}
	if !c.allFresh() || ix.waiting() > mostPending {
		release, err := s.inMemory(context.Background())
		if err != nil {
			return err
		}
		for _, p := range c.order {
			if c.docs[p].fresh {
				continue
			}
			if g, slot, ok := ix.find(p); ok {
				dead[g.ID] = append(dead[g.ID], slot)
			}
		}
		release()
	}
	var tail []fulltext.Place
	for _, p := range c.order {
		if c.docs[p].doc != nil {
			tail = append(tail, p)
		}
	}
	for id, slots := range dead {
		if err := putDead(tx, id, slots); err != nil {
			return err
		}
	}
	if len(tail) == 0 {
		return nil
	}
	var err error
	c.tailTo, err = putTail(tx, tail)
	return err
}

// applyIndex makes the changes of a committed transaction seen.
func (s *Store) applyIndex() {
	c, ix := &s.changes, s.index
	if len(c.order) == 0 {
		return
	}
	// Searches wait for no more than a part of a large transaction.
	const part = 256
	now := s.options.Now()
	for at := 0; at < len(c.order); at += part {
		ix.mu.Lock()
		for _, p := range c.order[at:min(at+part, len(c.order))] {
			switch {
			case ix.loaded:
				ix.change(p, c.docs[p], now)
			case ix.resting:
				ix.unseen++
			default:
				ix.pending = append(ix.pending, pendingChange{p, c.docs[p]})
			}
		}
		ix.mu.Unlock()
	}
	ix.mu.Lock()
	ix.tailTo = max(ix.tailTo, c.tailTo)
	ix.freeze()
	ix.mu.Unlock()
	ix.poke()
}

// change makes one change seen. A new message may be here already, if the index
// was loaded between the end of its transaction and this.
func (ix *index) change(p fulltext.Place, c indexChange, now time.Time) {
	if c.fresh && (ix.tail.Has(p) || ix.frozen != nil && ix.frozen.Has(p)) {
		return
	}
	if !c.fresh {
		if g, slot, ok := ix.find(p); ok {
			g.Kill(slot)
			ix.plan(g, now)
		} else if ix.frozen != nil {
			ix.frozen.Remove(p)
		}
		ix.tail.Remove(p)
	}
	if c.doc != nil {
		ix.tail.Add(c.doc)
	}
}

// freeze puts a full tail aside to become a segment, unless one is on its way.
func (ix *index) freeze() {
	if ix.frozen != nil || ix.tail.Slots() < ix.limits.flush {
		return
	}
	ix.frozen, ix.frozenTo = ix.tail, ix.tailTo
	ix.tail = fulltext.NewTail()
}

// roomForMore waits while the tail is so far ahead of the worker that memory
// would grow without end; for a second at most, so that a worker in trouble holds
// up nothing but itself.
func (s *Store) roomForMore(ctx context.Context) error {
	const most = 16 // times what becomes a segment
	ix := s.index
	var patience <-chan time.Time
	for {
		ix.mu.RLock()
		full, room := ix.tail.Slots() > most*ix.limits.flush, ix.room
		ix.mu.RUnlock()
		if !full {
			return nil
		}
		if patience == nil {
			t := time.NewTimer(time.Second)
			defer t.Stop()
			patience = t.C
		}
		select {
		case <-room:
		case <-patience:
			return nil
		case <-ix.done: // Close, or damage: whatever comes next tells
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
