package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"go.etcd.io/bbolt"
)

// SmallIndex returns options with which a few messages are a segment, and a
// channel that hears when the worker has nothing to do.
func SmallIndex(o Options, flush uint32, purge time.Duration) (Options, <-chan struct{}) {
	idle := make(chan struct{}, 1)
	o.indexLimits = &indexLimits{flush: flush, fan: 3, most: segmentSlots, txBytes: 4 << 10, build: 7, purgeUnit: purge, frequent: 2}
	o.indexIdle = func() {
		select {
		case idle <- struct{}{}:
		default:
		}
	}
	return o, idle
}

// RestSoon makes options of SmallIndex with which the index leaves the memory whenever
// nobody needed it for so long.
func RestSoon(o Options, after time.Duration) Options {
	limits := *o.indexLimits
	limits.rest = after
	o.indexLimits = &limits
	return o
}

// AtMost makes options of SmallIndex with which merging gives a segment so many slots at most.
func AtMost(o Options, slots uint64) Options {
	limits := *o.indexLimits
	limits.most = slots
	o.indexLimits = &limits
	return o
}

// GivesWay makes options of SmallIndex with which a merge waits until nobody read for so
// long.
func GivesWay(o Options, after time.Duration) Options {
	limits := *o.indexLimits
	limits.giveWay = after
	o.indexLimits = &limits
	return o
}

// IndexRests reports whether the index is out of the memory.
func IndexRests(s *Store) bool {
	s.index.mu.RLock()
	defer s.index.mu.RUnlock()
	return s.index.resting && s.index.segments == nil && s.index.tail.Docs() == 0
}

// WaitMapped waits until the worker did what a search asked of it.
func WaitMapped(s *Store) {
	for !s.index.mapped.Load() {
		time.Sleep(time.Millisecond)
	}
}

// CompareMapping reads pieces of the file by its mapping and by asking the system, also
// where it ends and beyond, and says how they differ.
func CompareMapping(s *Store) error {
	return s.view(func(tx *txn) error {
		if !tx.mapped {
			return errors.New("it is not mapped")
		}
		m := tx.mapping()
		for _, at := range []int64{0, 100, 4096, tx.Size() / 2, tx.Size() - 4096, tx.Size() - 10, tx.Size(), -1, 1 << 60} {
			mine, theirs := make([]byte, 4096), make([]byte, 4096)
			n, err := m.ReadAt(mine, at)
			k, want := io.NewSectionReader(tx.file, 0, tx.Size()).ReadAt(theirs, at)
			if n != k || (err == nil) != (want == nil) || !bytes.Equal(mine, theirs) {
				return fmt.Errorf("at %d: %d bytes by the mapping (%v), %d by the file (%v)", at, n, err, k, want) //nolint:errorlint // they are only shown
			}
		}
		return nil
	})
}

// WaitIdle waits until the worker found nothing to do after this call.
func WaitIdle(ctx context.Context, s *Store, idle <-chan struct{}) error {
	select { // what it said before
	case <-idle:
	default:
	}
	for range 2 { // the first may have been decided before this call
		s.index.poke()
		select {
		case <-idle:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// IndexShape is how many segments there are, and how many dead are in them.
func IndexShape(s *Store) (segments int, dead uint64) {
	s.index.mu.RLock()
	defer s.index.mu.RUnlock()
	for _, g := range s.index.segments {
		dead += g.Deaths()
	}
	return len(s.index.segments), dead
}

// SegmentSlots is how many slots each segment has.
func SegmentSlots(s *Store) (list []uint32) {
	s.index.mu.RLock()
	defer s.index.mu.RUnlock()
	for _, g := range s.index.segments {
		list = append(list, g.Slots)
	}
	return list
}

// IndexCrowded reports whether merging is behind.
func IndexCrowded(s *Store) bool { return s.index.crowded() }

// TailDocs is how many messages of the index are not in segments yet.
func TailDocs(s *Store) int {
	s.index.mu.RLock()
	defer s.index.mu.RUnlock()
	n := s.index.tail.Docs()
	if s.index.frozen != nil {
		n += s.index.frozen.Docs()
	}
	return n
}

// ForgetIndex makes a file what a program of schema 3 leaves: without an index,
// and with the places of messages where they were then.
func ForgetIndex(path string) error {
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		return err
	}
	defer db.Close()
	return updateDB(db, plain, func(tx *txn) error {
		p := openPlaces(tx)
		for k, v := range all(p.now) {
			if _, _, err := decodePlace(p.sum, k, v); err != nil {
				return err
			}
			at, err := p.decode(k, v)
			if err != nil {
				return err
			}
			b := tx.conversation(bucketMsg, at.conv)
			m, err := openMessage(plain.sealer(kindMessage, string(at.conv)), at.conv, sequenceKey(at.sequence), b.Get(sequenceKey(at.sequence)))
			if err != nil {
				return err
			}
			e := newEncoder(64)
			e.string(string(at.conv))
			e.uint(at.sequence)
			if err := p.old.Put([]byte(m.ID), plain.sealer(kindOldPlace, "").seal([]byte(m.ID), e.b)); err != nil {
				return err
			}
		}
		for _, name := range derivedBuckets() {
			if err := tx.DeleteBucket(name); err != nil {
				return err
			}
		}
		e := newEncoder(2)
		e.uint(3)
		return tx.Bucket(bucketMeta).Put(keySchema, plain.sealer(kindSchema, "").seal(keySchema, e.b))
	})
}

// OldPlaces is how many messages are still in msg_by_id.
func OldPlaces(s *Store) (n int, err error) {
	err = s.view(func(tx *txn) error {
		n = tx.Bucket(bucketMsgByID).Stats().KeyN
		return nil
	})
	return n, err
}

// SpoilIndex changes a byte of every value of the index that has a prefix.
func SpoilIndex(s *Store, bucket string, prefix string) (n int, err error) {
	err = s.once(func(tx *txn) error {
		n = 0
		b := tx.Bucket([]byte(bucket))
		for k, v := range all(b) {
			if len(k) >= len(prefix) && string(k[:len(prefix)]) == prefix {
				spoilt := append([]byte(nil), v...)
				spoilt[len(spoilt)/2] ^= 0x10
				if err := b.Put(append([]byte(nil), k...), spoilt); err != nil {
					return err
				}
				n++
			}
		}
		return nil
	})
	return n, err
}

// IndexBytes is how much of the file the index takes.
func IndexBytes(s *Store) (n int, err error) {
	err = s.view(func(tx *txn) error {
		for _, name := range [][]byte{bucketSearch, bucketSearchPage, bucketSearchTail} {
			st := tx.Bucket(name).Stats()
			n += st.LeafAlloc + st.BranchAlloc
		}
		return nil
	})
	return n, err
}

// SetIndexVersion makes the index one of other rules.
func SetIndexVersion(s *Store, version uint64) error {
	return s.once(func(tx *txn) error { return searchState{version: version, done: true}.put(tx) })
}

// FillingMedia reports whether the bucket media is still being filled.
func FillingMedia(s *Store) bool {
	pending := true
	_ = s.view(func(tx *txn) (err error) {
		_, pending, err = mediaFilledTo(tx)
		return err
	})
	return pending
}
