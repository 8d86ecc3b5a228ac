package store

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// Pauses of the eraser: from a recall to its erasing, so that many share one, and
// to the next attempt after a failure; and how long it lets readers keep the
// writer waiting.
const (
	eraseDelay = 100 * time.Millisecond
	eraseRetry = 5 * time.Second
	eraseDrain = 50 * time.Millisecond
	// eraseLong is the pause while somebody reads for seconds.
	eraseLong = time.Second
)

// eraser overwrites what bbolt leaves behind: a page that is replaced stays in
// the file with its old content until it is used again. After a recall every
// page that nothing needs is filled with zeros. bbolt itself leaves none within a
// page that is in use, because it writes pages whole from buffers that begin as
// zeros.
//
// A page is needed by the state of one of the two meta pages, between which a
// crash chooses, and by readers of older states. So the state of both meta pages
// must be one after the recall, which an empty transaction sees to; only pages
// that both name as free are written; and readers that began before are waited
// for. The writer does all this between two transactions, so no page becomes
// used meanwhile. A crash at any moment leaves zeros or old bytes in pages that
// are free, and the mark in the bucket meta that makes the next start go on.
//
// The writer's goroutine alone uses it.
type eraser struct {
	txid  uint64 // the last transaction that recalled something; 0: nothing is to be erased
	timer *time.Timer
	armed bool
	delay time.Duration
	// tried is told of every attempt in tests; nil otherwise.
	tried func(error)
}

// mark notes in a transaction that it recalls something.
func (e *eraser) mark(tx *txn) error {
	e.txid = uint64(tx.ID())
	return putMark(tx)
}

func putMark(tx *txn) error {
	return tx.meta().Put(keyErase, tx.encodeStamped(kindMeta, keyErase, "", int64(tx.ID())))
}

// arm lets an erasing follow, if one is due and none is planned.
func (e *eraser) arm(after time.Duration) {
	if e.txid != 0 && !e.armed {
		e.armed = true
		e.timer.Reset(after)
	}
}

// resume goes on with what an earlier process did not finish.
func (e *eraser) resume(s *Store) {
	err := s.view(func(tx *txn) error {
		if tx.meta().Get(keyErase) != nil {
			e.txid = uint64(tx.ID())
		}
		return nil
	})
	if err == nil { // damage is met again by those who can tell of it
		e.arm(0)
	}
}

// erase does what is due, or plans another attempt.
func (s *Store) erase() {
	e := &s.eraser
	if e.txid == 0 {
		return
	}
	if s.long.Load() > 0 {
		e.arm(eraseLong)
		return
	}
	err := s.eraseFree()
	switch {
	case err == nil:
		e.txid = 0
	case errors.Is(err, errReaders):
		e.arm(e.delay)
	default:
		e.arm(eraseRetry)
	}
	if e.tried != nil {
		e.tried(err)
	}
}

// errReaders: readers of an older state are taking long.
var errReaders = errors.New("store: pages that are to be erased are being read")

func (s *Store) eraseFree() error {
	f, err := s.pages()
	if err != nil {
		return err
	}
	if min(f.metas[0].txid, f.metas[1].txid) < s.eraser.txid {
		if err := s.once(putMark); err != nil {
			return err
		}
		if f, err = s.pages(); err != nil {
			return err
		}
	}
	if !s.readers.drain(eraseDrain) {
		return errReaders
	}
	runs, err := f.unneeded()
	if err != nil {
		return err
	}
	wrote := false
	for _, r := range runs {
		w, err := zero(s.disk.Load().file, int64(r.From)*int64(f.pageSize), int64(r.To+1)*int64(f.pageSize))
		if err != nil {
			return diskError(err)
		}
		wrote = wrote || w
	}
	if wrote {
		if err := s.disk.Load().file.Sync(); err != nil {
			return diskError(err)
		}
	}
	// A copy of the time before has what was recalled.
	if err := removeBackups(s.path, always); err != nil {
		return err
	}
	return s.once(func(tx *txn) error { return tx.meta().Delete(keyErase) })
}

// pages looks at the file as the last transaction left it; for the writer.
func (s *Store) pages() (*pageFile, error) {
	return soundPages(s.disk.Load().file)
}

// soundPages looks at a file of which both meta pages are valid.
func soundPages(file *os.File) (*pageFile, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	f, err := openPages(file, info.Size())
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	if !f.metas[0].valid || !f.metas[1].valid {
		return nil, fmt.Errorf("store: meta pages: %w", errPage)
	}
	return f, nil
}

// once makes a transaction of the writer's own.
func (s *Store) once(run func(*txn) error) error {
	_, err := s.transact([]*job{{run: run}})
	return err
}

// unneeded returns the pages that neither state of the file uses, as ascending
// runs, with those beyond its end that were never used or belonged to a
// transaction that failed.
func (f *pageFile) unneeded() ([]Range, error) {
	free := make([]uint8, f.pages()) // how many of the two states do not use it
	high := uint64(0)
	for _, m := range f.metas {
		ids, err := f.freeIDs(m.freelist)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			if id >= 2 && id < uint64(len(free)) {
				free[id]++
			}
		}
		for id := m.high; id < uint64(len(free)); id++ {
			free[id]++
		}
		high = max(high, m.high)
	}
	if high > uint64(len(free)) {
		return nil, fmt.Errorf("%d pages of %d are there: %w", len(free), high, errPage)
	}
	var runs []Range
	for id, n := range free {
		switch last := len(runs) - 1; {
		case n < 2:
		case last >= 0 && runs[last].To+1 == uint64(id):
			runs[last].To++
		default:
			runs = append(runs, Range{uint64(id), uint64(id)})
		}
	}
	return runs, nil
}

// zero fills from..to of a file with zeros where it has something else; wrote
// says that there was something.
func zero(file interface {
	io.ReaderAt
	io.WriterAt
}, from, to int64) (wrote bool, err error) {
	const chunk = 256 << 10
	have, zeros := make([]byte, min(chunk, to-from)), make([]byte, min(chunk, to-from))
	for from < to {
		part := have[:min(int64(len(have)), to-from)]
		if _, err := file.ReadAt(part, from); err != nil {
			return wrote, err
		}
		if !bytes.Equal(part, zeros[:len(part)]) {
			if _, err := file.WriteAt(zeros[:len(part)], from); err != nil {
				return wrote, err
			}
			wrote = true
		}
		from += int64(len(part))
	}
	return wrote, nil
}
