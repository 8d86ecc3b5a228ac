package store

import "context"

// mapStep is how many bytes of the file are mapped in one transaction. It takes a few
// milliseconds, for which bbolt cannot make its mapping larger.
const mapStep = 64 << 20

// mapResident has the system map what it has of the file in its memory anyway, so that
// pages are not met one after the other when they are touched for the first time: a search
// of a long history meets some forty that way, each for up to 20 µs. Nothing is read from
// the disk for it, and no memory is used but for the tables of pages. Where a system cannot
// do it, pages are mapped as they are touched. It ends early with ctx.
func (s *Store) mapResident(ctx context.Context) {
	for at := int64(0); ctx.Err() == nil; at += mapStep {
		n := int64(0)
		err := s.view(func(tx *txn) error {
			if n = min(tx.Size()-at, mapStep); n > 0 {
				return mapPages(tx.DB().Info().Data+uintptr(at), uintptr(n))
			}
			return nil
		})
		if err != nil || n <= 0 {
			return // there is nothing that has to be done
		}
	}
}

// unmapAll undoes that. Who reads the file has its pages mapped again.
func (s *Store) unmapAll() {
	_ = s.view(func(tx *txn) error { // nor has this
		return unmapPages(tx.DB().Info().Data, uintptr(tx.Size()))
	})
}
