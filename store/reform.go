package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"

	"go.etcd.io/bbolt"

	"magpie/im"
)

// A file becomes sealed, or plain again, by being written anew beside and put in
// the place of the old one. A crash leaves one of these, from which
// finishReplacing goes on:
//
//	path, path.rewrite             the fresh file is not finished: it is thrown away
//	path.rewrite, path.replaced    it is, and takes its place
//	path, path.replaced            it has; the old one is overwritten and removed
const (
	rewriteSuffix  = ".rewrite"
	replacedSuffix = ".replaced"
)

// reform brings the file at path into another form. Everything of it has been
// inspected. After an error the old file is there as it was.
func reform(path string, o Options, from, to *form, steps []migration, report *Report) error {
	db, file, err := openDB(path, o.OpenTimeout)
	if err != nil {
		return err
	}
	closeOld := func() error {
		if db == nil {
			return nil
		}
		err := db.Close()
		db = nil
		return err
	}
	fresh := path + rewriteSuffix
	err = protect(func() error {
		if _, err := prepare(db, from, path, o, steps, report); err != nil {
			return err
		}
		if err := movePlaces(db, from); err != nil {
			return err
		}
		return writeFresh(db, from, fresh, to, o)
	})
	if err == nil {
		err = checkFresh(fresh, to, steps)
	}
	var p *pageError
	if errors.As(err, &p) {
		_ = abandonFile(file) // bbolt's own locks may be held for ever
		db = nil
	}
	if err != nil {
		if im.CodeOf(err) == im.CodeDiskFull {
			err = im.Errorf(im.CodeDiskFull, "store: there is no room to write the file anew, encrypted or not any more; it was left as it is: %v", err)
		}
		return errors.Join(err, wipe(fresh), closeOld())
	}
	if runtime.GOOS == "windows" {
		// An open file cannot be renamed there. Elsewhere the lock is held meanwhile.
		if err := closeOld(); err != nil {
			return errors.Join(err, wipe(fresh))
		}
	}
	if err := errors.Join(takePlace(path, fresh), closeOld()); err != nil {
		return err
	}
	report.Sealed, report.Unsealed = to != plain, to == plain
	report.Backup = "" // of the form that the file had
	return errors.Join(wipe(path+replacedSuffix), removeBackups(path, always))
}

// writeFresh fills a fresh file and syncs it.
func writeFresh(db *bbolt.DB, from *form, fresh string, to *form, o Options) error {
	if err := wipe(fresh); err != nil {
		return err
	}
	out, _, err := openDB(fresh, o.OpenTimeout)
	if err != nil {
		return err
	}
	out.NoSync = true // nobody relies on it before it is whole
	err = viewDB(db, from, func(tx *txn) error { return rewrite(context.Background(), tx, out, to, o.Progress) })
	// Both meta pages lead to everything: of a file of one transaction the other one
	// leads to nothing.
	for range 2 {
		if err == nil {
			err = updateDB(out, to, func(*txn) error { return nil })
		}
	}
	if err == nil {
		err = out.Sync()
	}
	return diskError(errors.Join(err, out.Close()))
}

// checkFresh reads everything that was written, before what it was made of goes.
func checkFresh(fresh string, f *form, steps []migration) error {
	file, err := os.Open(fresh)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	defer file.Close()
	if _, err := inspect(file, f, steps[len(steps)-1].to, true); err != nil {
		return fmt.Errorf("store: the file that was written anew: %v", err) //nolint:errorlint // its damage is none of the old file
	}
	return nil
}

// movePlaces takes all that schema 3 left in msg_by_id into the bucket place: a
// sealed file has nothing there.
func movePlaces(db *bbolt.DB, f *form) error {
	const most = 2000 // of one transaction
	if f != plain {
		return nil
	}
	for {
		var ids []im.MessageID
		if err := viewDB(db, f, func(tx *txn) error {
			c := tx.Bucket(bucketMsgByID).Cursor()
			for k, _ := c.First(); k != nil && len(ids) < most; k, _ = c.Next() {
				ids = append(ids, im.MessageID(k))
			}
			return nil
		}); err != nil || len(ids) == 0 {
			return err
		}
		if err := updateDB(db, f, func(tx *txn) error {
			p := openPlaces(tx)
			for _, id := range ids {
				if err := p.move(id); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return diskError(err)
		}
	}
}

// takePlace puts a fresh file in the place of the one at path, which is then
// path.replaced.
func takePlace(path, fresh string) error {
	old := path + replacedSuffix
	if err := os.Rename(path, old); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	if err := os.Rename(fresh, path); err != nil {
		return fmt.Errorf("store: %w", errors.Join(err, os.Rename(old, path)))
	}
	return syncFolder(path)
}

// finishReplacing deals with what a crash of takePlace, of what comes before it, or
// of replaceDamaged left.
func finishReplacing(path string, timeout time.Duration) error {
	var left []string
	for _, suffix := range []string{salvageSuffix, rewriteSuffix, replacedSuffix} {
		if _, err := os.Lstat(path + suffix); err == nil {
			left = append(left, path+suffix)
		}
	}
	if len(left) == 0 {
		return nil
	}
	if _, err := os.Lstat(path); errors.Is(err, os.ErrNotExist) {
		// The first of them is whole.
		if err := os.Rename(left[0], path); err != nil {
			return fmt.Errorf("store: %w", err)
		}
		if err := syncFolder(path); err != nil {
			return err
		}
		left = left[1:]
	}
	if len(left) == 0 {
		return nil
	}
	// A process that is at it has the file locked.
	err := locked(path, timeout, func(*os.File) error {
		var err error
		for _, name := range left {
			err = errors.Join(err, wipe(name))
		}
		return err
	})
	if im.CodeOf(err) == im.CodeStoreDamaged {
		return nil // told by those who inspect it
	}
	return err
}

// wipe overwrites a file with zeros and removes it, if there is one. What a file
// system or a disk keeps of overwritten blocks is out of reach.
func wipe(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	info, err := f.Stat()
	if err == nil {
		if _, err = zero(f, 0, info.Size()); err == nil {
			err = f.Sync()
		}
	}
	if isDiskFull(err) {
		err = nil // some need room to overwrite; removing makes it
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return removeIfThere(path)
}
