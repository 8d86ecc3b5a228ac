package store

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"time"

	bolterrors "go.etcd.io/bbolt/errors"

	"magpie/im"
)

// suspectSuffix names the marker beside the file that makes the next Open look
// at every page and every value.
const suspectSuffix = ".suspect"

// guard calls f and turns a panic of bbolt on a damaged page, or a fault on a
// page that is not in the file, into an *im.Error. After a panic in a write
// nothing is known of bbolt's memory, so the store refuses everything from then on.
func (s *Store) guard(writing bool, f func() error) error {
	err := protect(f)
	if im.CodeOf(err) == im.CodeStoreDamaged {
		var p *pageError
		s.suspect(err, writing && errors.As(err, &p))
	}
	return err
}

// pageError is a panic or a fault met on a page. What cannot be read of a value
// is a plain *im.Error: it says nothing about the pages.
type pageError struct{ err *im.Error }

func (e *pageError) Error() string { return e.err.Error() }
func (e *pageError) Unwrap() error { return e.err }

// protect calls f with panics and memory faults turned into errors.
func protect(f func() error) (err error) {
	before := debug.SetPanicOnFault(true)
	defer debug.SetPanicOnFault(before)
	defer func() {
		if p := recover(); p != nil {
			err = &pageError{im.Errorf(im.CodeStoreDamaged, "store: a page cannot be read: %v", p)}
		}
	}()
	return f()
}

// suspect remembers that damage was met. The marker is best effort: without it
// the next Open looks at less, and the same damage is met again.
func (s *Store) suspect(cause error, fatal bool) {
	if fatal {
		s.fatal.CompareAndSwap(nil, &cause)
	}
	s.suspectOnce.Do(func() { markSuspect(s.path) })
}

func markSuspect(path string) {
	if f, err := os.OpenFile(path+suspectSuffix, os.O_CREATE|os.O_WRONLY, 0o600); err == nil {
		_ = f.Close()
	}
}

// Damaged returns why the store refuses everything: it met damage while it was
// writing. Close it and open it again. nil means that it works.
func (s *Store) Damaged() error {
	if p := s.fatal.Load(); p != nil {
		return *p
	}
	return nil
}

// view runs f in a read transaction for somebody who waits for what it reads. What f takes
// out of it must be copies.
func (s *Store) view(f func(*txn) error) error {
	s.read.Store(int64(time.Since(s.index.began)))
	return s.viewBeside(f)
}

// viewBeside is view for the store's own work.
func (s *Store) viewBeside(f func(*txn) error) error {
	if err := s.Damaged(); err != nil {
		return err
	}
	defer s.readers.enter()()
	d := s.use()
	defer d.leave()
	var tx *txn
	err := s.guard(false, func() error {
		raw, err := d.db.Begin(false)
		if err != nil {
			return err
		}
		tx = &txn{Tx: raw, form: s.form, file: d.file, mapped: s.index.mapped.Load()}
		return f(tx)
	})
	switch {
	case tx != nil:
		_ = tx.Rollback()
	case errors.Is(err, bolterrors.ErrDatabaseNotOpen):
		return ErrClosed
	case im.CodeOf(err) == im.CodeStoreDamaged:
		// Begin itself failed and may hold bbolt's locks: nothing may wait for them.
		s.stuck.Store(true)
		s.suspect(err, true)
	}
	return err
}

// callback runs a function of the caller inside a transaction. Its panic is the
// caller's and not a sign of damage.
func callback(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("store: the caller's function panicked: %v\n%s", p, debug.Stack())
		}
	}()
	return f()
}
