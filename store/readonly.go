package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"

	"magpie/im"
)

// A history on a disk that may only be read, or in a file of somebody else, is
// shown all the same: everything that reads works, everything that writes is an
// *im.Error with [im.CodeReadOnly].

// errReadOnly is what writing says then.
func errReadOnly() error {
	return im.Errorf(im.CodeReadOnly, "store: the file may be read and not written")
}

// notWritable reports whether the file at path is there and may not be written.
func notWritable(path string) bool {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err == nil {
		_ = f.Close()
	}
	return refusesWriting(err)
}

func refusesWriting(err error) bool {
	for _, protected := range protectedErrors() {
		if errors.Is(err, protected) {
			return true
		}
	}
	return errors.Is(err, fs.ErrPermission)
}

// readOnlyError gives the refusal of a folder or a file its code.
func readOnlyError(err error) error {
	if err != nil && im.CodeOf(err) == 0 && refusesWriting(err) {
		return im.Errorf(im.CodeReadOnly, "%v", err)
	}
	return err
}

// openReadOnly opens a file that may not be written. It must be as this program
// would leave it: what would have to be done to it first is an error. A file that
// is to be sealed or unsealed is read as it is.
func openReadOnly(path string, o Options, steps []migration) (*Store, Report, error) {
	report := Report{ReadOnly: true}
	var f *form
	err := locked(path, o.OpenTimeout, func(file *os.File) (err error) {
		if f, err = formOf(file, o.Key); err != nil {
			return err
		}
		filled, err := inspect(file, f, steps[len(steps)-1].to, false)
		if err == nil && !filled {
			err = im.Errorf(im.CodeReadOnly, "store: the file was never filled, and may not be written")
		}
		return err
	})
	if err != nil {
		return nil, report, err
	}
	db, file, err := openDBWith(path, o.OpenTimeout, true)
	if err != nil {
		return nil, report, err
	}
	var account im.UserID
	err = protect(func() error {
		return viewDB(db, f, func(tx *txn) error {
			have, err := schemaVersion(tx)
			if err != nil {
				return err
			}
			if newest := steps[len(steps)-1].to; have != newest {
				return im.Errorf(im.CodeReadOnly, "store: the file has schema %d and would have to be brought to %d; it may not be written", have, newest)
			}
			account, err = fileAccount(tx)
			return err
		})
	})
	if err == nil && account != "" && o.Account != "" && account != o.Account {
		err = fmt.Errorf("%w: %.32q, not %.32q", ErrOtherAccount, account, o.Account)
	}
	if err != nil {
		var p *pageError
		if errors.As(err, &p) {
			_ = abandonFile(file) // bbolt's own locks may be held for ever
		} else {
			_ = db.Close()
		}
		return nil, report, err
	}
	return start(path, o, account, db, f, file), report, nil
}

// readLoop is the worker of a store that is only read: it loads the index.
func (s *Store) readLoop(ctx context.Context) {
	defer close(s.index.done)
	if err := s.loadIndex(ctx); err == nil && s.index.idle != nil {
		s.index.idle()
	}
}

// ReadOnly reports whether everything that writes is refused.
func (s *Store) ReadOnly() bool { return s.disk.Load().db.IsReadOnly() }

// stillThere refuses to write into a file that is not at its path any more: with its
// folder gone, or another one there, what is written would be in no file as soon as
// this process ends. Windows does not let it come to that.
func (s *Store) stillThere(file *os.File) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	mine, err := file.Stat()
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	if there, err := os.Stat(s.path); err != nil || !os.SameFile(mine, there) {
		return im.Errorf(im.CodeHistoryGone, "store: the file is not at its place any more (%v)", err)
	}
	return nil
}
