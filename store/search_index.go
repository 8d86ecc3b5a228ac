package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"

	"magpie/im"
	"magpie/store/fulltext"
)

// index is the search index in memory: the segments and the tail. A message is
// in one of them from the moment at which its transaction is committed and
// before its write returns. What is in the tail is noted in the file, in the
// transaction of the message, so that the next start makes the tail anew from
// the messages themselves: it cannot disagree with them.
//
// Only the writer's goroutine changes it, under mu; searches read it under mu.
// Who holds mu for reading and then begins a transaction has all pages of the
// segments that it sees: they are deleted only after mu was held for writing.
type index struct {
	loading sync.Mutex // held while it is loaded

	mu       sync.RWMutex
	loaded   bool
	resting  bool            // it was loaded, and is out of the memory until it is needed
	unseen   int             // messages that came since
	pending  []pendingChange // of transactions that were committed before it was loaded
	state    searchState
	segments []*fulltext.Segment
	purge    map[uint32]time.Time // when a segment is to be written without its dead
	frozen   *fulltext.Tail       // on its way to a segment, nil if none is
	frozenTo uint64               // the last order of its notes
	tail     *fulltext.Tail
	tailTo   uint64
	room     chan struct{} // closed when the frozen tail has become a segment

	began   time.Time
	touched atomic.Int64 // when it was needed last, in ns after began
	// searched: somebody searches, so the file is to be mapped; mapped: the worker did it.
	searched, mapped atomic.Bool

	wake chan struct{}
	stop context.CancelFunc
	done chan struct{}
	// Pages may be there that belong to no segment, and they may have what was
	// recalled.
	sweeps, erases atomic.Bool
	limits         indexLimits
	// idle is called in tests when there is nothing to do; nil otherwise.
	idle func()
}

// indexLimits are what tests make smaller.
type indexLimits struct {
	flush     uint32 // slots of a tail that becomes a segment
	fan       int    // segments of a level that become one of the next
	most      uint64 // slots of such a one
	txBytes   int    // of pages in one transaction
	build     int    // messages of a transaction that makes the index
	purgeUnit time.Duration
	beside    uint64 // slots from which on segments are searched side by side
	rest      time.Duration
	giveWay   time.Duration
	frequent  uint64 // documents from which on a beginning is noted
}

func newIndex(o Options) *index {
	ix := &index{
		tail: fulltext.NewTail(), purge: map[uint32]time.Time{}, room: make(chan struct{}), wake: make(chan struct{}, 1),
		done:   make(chan struct{}),
		limits: indexLimits{flush: 8192, fan: 8, most: segmentSlots, txBytes: 1 << 20, build: 500, purgeUnit: time.Second, beside: besideSlots, rest: indexRest, giveWay: giveWayAfter, frequent: fulltext.FrequentDocs},
		idle:   o.indexIdle,
		began:  time.Now(),
	}
	if o.indexLimits != nil {
		ix.limits = *o.indexLimits
	}
	ix.sweeps.Store(true)
	ix.erases.Store(true)
	return ix
}

// loadIndex reads what stays in memory: by the worker soon after Open, or by a search or
// a change of what was there that comes before, or after it rested. New messages do not
// wait for it.
func (s *Store) loadIndex(ctx context.Context) error {
	ix := s.index
	ix.loading.Lock()
	defer ix.loading.Unlock()
	ix.mu.RLock()
	loaded := ix.loaded
	ix.mu.RUnlock()
	if loaded {
		return nil
	}
	ix.wakes()
	var fresh *index
	err := s.viewBeside(func(tx *txn) error {
		fresh = &index{tail: fulltext.NewTail()}
		if err := s.soundIndex(tx); err != nil {
			return err
		}
		return s.readIndex(ctx, tx, fresh)
	})
	damaged := errors.Is(err, fulltext.ErrDamaged)
	if err != nil && !damaged {
		return err
	}
	ix.mu.Lock()
	defer ix.mu.Unlock()
	ix.loaded = true
	ix.segments, ix.tail, ix.tailTo, ix.state = fresh.segments, fresh.tail, max(ix.tailTo, fresh.tailTo), fresh.state
	if damaged || ix.state.version != fulltext.Version {
		// The worker makes it anew; meanwhile it has what the tail has.
		ix.segments, ix.state = nil, searchState{}
	}
	for _, g := range ix.segments {
		ix.plan(g, s.options.Now())
	}
	for _, c := range ix.pending {
		ix.change(c.Place, c.indexChange, s.options.Now())
	}
	ix.pending = nil
	ix.freeze()
	ix.poke() // it may have slept as long as the index rested
	return nil
}

// soundIndex checks the trees of the index before bbolt follows them.
func (s *Store) soundIndex(tx *txn) error {
	for _, name := range [][]byte{bucketSearchPage, bucketSearchTail} {
		if err := s.sound(tx, string(name), tx.Bucket(name)); err != nil {
			return err
		}
	}
	return nil
}

// readIndex reads the tail first: it does not depend on the rest.
func (s *Store) readIndex(ctx context.Context, tx *txn, ix *index) error {
	var bad error
	pages, messages := tx.committed(), tx.Bucket(bucketMsg)
	for k, v := range all(tx.Bucket(bucketSearchTail)) {
		if err := ctx.Err(); err != nil {
			return err
		}
		order, err := keySequence(k)
		if err != nil {
			bad = fulltext.ErrDamaged
			continue
		}
		ix.tailTo = max(ix.tailTo, order)
		places, err := tx.decodeTail(k, v)
		if err != nil {
			bad = err
			continue
		}
		for _, p := range places {
			if ix.tail.Has(p) { // noted twice, as damaged notes are ten thousand times
				continue
			}
			m, found, err := tx.messageAt(pages, messages, p)
			if err != nil {
				return err
			}
			if !found {
				continue
			}
			if d, ok := searchable(&m); ok {
				ix.tail.Add(d.doc(p))
			}
		}
	}
	var err error
	if ix.state, err = getSearchState(tx); err != nil || bad != nil {
		return fulltext.ErrDamaged
	}
	if ix.state.version != fulltext.Version {
		return nil // its pages are of another kind
	}
	read := pagesOf(tx)
	byID := map[uint32]*fulltext.Segment{}
	for k, v := range all(tx.Bucket(bucketSearch)) {
		if err := ctx.Err(); err != nil {
			return err
		}
		switch k[0] {
		case prefixSegment:
			summary, err := tx.decodeSegment(k, v)
			if err != nil {
				return err
			}
			g, err := fulltext.Load(summary, read)
			if err != nil {
				return err
			}
			ix.segments = append(ix.segments, g)
			byID[g.ID] = g
		}
	}
	for k, v := range all(tx.Bucket(bucketSearch)) {
		if k[0] != prefixDead {
			continue
		}
		if err := tx.eachDead(k, v, func(segment, slot uint32) {
			if g := byID[segment]; g != nil {
				g.Kill(slot)
			}
		}); err != nil {
			return err
		}
	}
	return nil
}

// all yields the entries of a bucket in order. Pages that were hurt may lead back to
// where one was, for ever: it panics then, as bbolt does at what it cannot read.
func all(b *bbolt.Bucket) func(func(k, v []byte) bool) {
	return func(yield func(k, v []byte) bool) {
		c, last := b.Cursor(), []byte(nil)
		for k, v := c.First(); k != nil; k, v = c.Next() {
			if last != nil && bytes.Compare(last, k) >= 0 {
				panic(fmt.Sprintf("the keys of a bucket go back at %x", begin(k)))
			}
			if last = k; !yield(k, v) {
				return
			}
		}
	}
}

// messageAt reads the message of a place from pages, which those of all, the bucket msg, are
// of; one that cannot be read is not there as far as searching is concerned.
func (tx *txn) messageAt(pages *pageFile, all *bbolt.Bucket, p fulltext.Place) (im.Message, bool, error) {
	key := sequenceKey(p.Sequence)
	value, err := pages.message(all, tx.name(p.Conversation), key)
	if err != nil || value == nil {
		return im.Message{}, false, err
	}
	m, err := openMessage(tx.sealer(kindMessage, p.Conversation), im.ConversationID(p.Conversation), key, value)
	return m, err == nil, nil //nolint:nilerr // damage is told by those who show messages
}

// doc cuts the text into terms.
func (d searchDoc) doc(p fulltext.Place) *fulltext.Doc {
	return &fulltext.Doc{Place: p, Seconds: d.seconds, From: string(d.from), Kinds: d.kinds, Text: fulltext.Analyse(d.text)}
}

// find returns the segment that has a message, and where.
func (ix *index) find(p fulltext.Place) (*fulltext.Segment, uint32, bool) {
	for _, g := range slices.Backward(ix.segments) {
		if slot, ok := g.Find(p); ok {
			return g, slot, true
		}
	}
	return nil, 0, false
}

// has reports whether a message is in the index.
func (ix *index) has(p fulltext.Place) bool {
	if ix.tail.Has(p) || ix.frozen != nil && ix.frozen.Has(p) {
		return true
	}
	_, _, ok := ix.find(p)
	return ok
}

// plan decides when a segment is written again without its dead: the larger it
// is, the more of them share the work, but none stays longer than ten minutes.
func (ix *index) plan(g *fulltext.Segment, now time.Time) {
	if _, planned := ix.purge[g.ID]; planned || g.Deaths() == 0 {
		return
	}
	ix.purge[g.ID] = now.Add(min(ix.limits.purgeUnit*time.Duration(1+g.Slots/8192), 600*ix.limits.purgeUnit))
}

// sources are what a search asks, newest first.
func (ix *index) sources() []fulltext.Source {
	list := make([]fulltext.Source, 0, len(ix.segments)+2)
	list = append(list, ix.tail)
	if ix.frozen != nil {
		list = append(list, ix.frozen)
	}
	for _, g := range slices.Backward(ix.segments) {
		list = append(list, g)
	}
	return list
}

// poke makes the worker look for work.
func (ix *index) poke() {
	select {
	case ix.wake <- struct{}{}:
	default:
	}
}

// errIndexGone: an index that was being merged is made anew.
var errIndexGone = fmt.Errorf("store: the search index was made anew")
