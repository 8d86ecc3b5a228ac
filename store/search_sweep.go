package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"

	"magpie/store/fulltext"
)

// sweepPages deletes some of the pages that belong to no segment. The last of
// them take along what is left of recalled messages.
func (s *Store) sweepPages(ctx context.Context) error {
	const most = 64 // pages of a transaction
	ix := s.index
	more := false
	look := func(tx *txn) (drop [][]byte, err error) {
		drop, err = strayPages(tx, most+1)
		if more = len(drop) > most; more {
			drop = drop[:most]
		}
		return drop, err
	}
	found := false
	err := s.viewBeside(func(tx *txn) error {
		drop, err := look(tx)
		found = len(drop) > 0
		return err
	})
	if err == nil && found {
		err = s.write(ctx, true, func(tx *txn) error {
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
func strayPages(tx *txn, most int) (list [][]byte, err error) {
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
	recalled := false // something is that is in the segments
	err := s.writeAlone(ctx, func(tx *txn) error {
		b := tx.Bucket(bucketSearch)
		for {
			k, _ := b.Cursor().First()
			if k == nil {
				break
			}
			recalled = recalled || k[0] == prefixDead
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
	if recalled {
		ix.erases.Store(true)
	}
	ix.sweeps.Store(true)
	return err
}
