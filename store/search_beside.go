package store

import (
	"runtime"

	"magpie/store/fulltext"
)

// Segments of a long history are searched side by side, and what was found is read so. In
// a short one a search takes a millisecond anyway, and the window has more use for the
// processors.
const (
	besideSlots   = 2 << 20 // of an index, from which on
	besideWorkers = 4       // at most
	besideLeast   = 4       // segments or hits: for fewer nobody is woken
)

// searchReaders is how the sources of the index are read in a transaction that only reads.
func (ix *index) searchReaders(tx *txn) fulltext.Readers {
	slots := uint64(0)
	for _, g := range ix.segments {
		slots += uint64(g.Slots)
	}
	workers := min(runtime.GOMAXPROCS(0), besideWorkers)
	if slots < ix.limits.beside || workers == 1 {
		return fulltext.OneReader(pagesOf(tx))
	}
	return func(n int, f func(int, fulltext.PageReader) error) error {
		if n < besideLeast {
			return fulltext.OneReader(pagesOf(tx))(n, f)
		}
		// They share the transaction: to begin another one could wait for a writer that waits
		// for this one to end, and of one that only reads bbolt changes nothing that two could
		// meet at. The newest and smallest segments come first, the largest last.
		return beside(min(workers, n), n, func() func(int) error {
			read := pagesOf(tx)
			return func(i int) error { return f(i, read) }
		})
	}
}
