package store

import (
	"runtime"
	"sync"

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
		return beside(tx, min(workers, n), n, f)
	}
}

// beside calls f for every number below n. This goroutine begins at the first, where the
// newest and smallest segments are, the others at the last, where the largest are. They
// share the transaction: to begin another one could wait for a writer that waits for this
// one to end, and of one that only reads bbolt changes nothing that two could meet at.
func beside(tx *txn, workers, n int, f func(int, fulltext.PageReader) error) error {
	var mu sync.Mutex // of next and end
	next, end := 0, n
	take := func(first bool) (i int, more bool) {
		mu.Lock()
		defer mu.Unlock()
		if next == end {
			return 0, false
		}
		if first {
			next++
			return next - 1, true
		}
		end--
		return end, true
	}
	work := func(read fulltext.PageReader, first bool) error {
		// A damaged page ends the goroutine it is met in, and no other waits in vain.
		err := protect(func() error {
			for i, more := take(first); more; i, more = take(first) {
				if err := f(i, read); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			mu.Lock()
			next = end
			mu.Unlock()
		}
		return err
	}
	failed := make(chan error, workers-1)
	for range workers - 1 {
		read := pagesOf(tx)
		go func() { failed <- work(read, false) }()
	}
	err := work(pagesOf(tx), true)
	for range workers - 1 {
		if other := <-failed; err == nil {
			err = other
		}
	}
	return err
}
