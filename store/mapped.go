package store

import (
	"context"
	"io"
	"unsafe"
)

// mapping is a file as bbolt has it mapped. Who reads it is in a transaction, for the
// mapping may go with the last one, and protected from faults, as all are who use bbolt.
type mapping []byte

// mapping is that of the transaction.
func (tx *txn) mapping() mapping {
	data := tx.DB().Info().Data
	// It is no memory of Go's: nothing moves it, or knows of it.
	return unsafe.Slice((*byte)(*(*unsafe.Pointer)(unsafe.Pointer(&data))), tx.Size())
}

// ReadAt implements [io.ReaderAt].
func (m mapping) ReadAt(b []byte, at int64) (int, error) {
	if at < 0 || at >= int64(len(m)) {
		return 0, io.EOF
	}
	n := copy(b, m[at:])
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

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
