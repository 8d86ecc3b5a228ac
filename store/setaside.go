package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"magpie/im"
	"magpie/internal/durable"
)

// salvageSuffix names the fresh file while it is filled. A file of this name
// beside the store is unfinished; alone it is whole, because the damaged one is
// moved away only after it was finished.
const salvageSuffix = ".salvage"

// examine makes the file at path fit for bbolt: it finishes or forgets an
// interrupted salvage or rewriting, inspects the file, and replaces a damaged one.
// It returns the form of the file, and that in which it is wanted.
func examine(path string, o Options, steps []migration, report *Report) (is, wanted *form, err error) {
	if err := finishReplacing(path, o.OpenTimeout); err != nil {
		return nil, nil, err
	}
	info, err := os.Stat(path)
	switch {
	case err == nil && info.Mode().IsRegular() && info.Size() == 0, errors.Is(err, os.ErrNotExist) && notALink(path):
		report.Created = true
		is = newForm(o.newKey())
		return is, is, nil
	}
	if err := notAFile(path, info, err); err != nil {
		return nil, nil, err
	}
	if info.Size() <= int64(4*os.Getpagesize()) {
		if report.Created, err = emptyUnborn(path, o.OpenTimeout); err != nil || report.Created {
			is = newForm(o.newKey())
			return is, is, err
		}
	}
	_, err = os.Stat(path + suspectSuffix)
	suspect := err == nil
	filled := false
	err = locked(path, o.OpenTimeout, func(file *os.File) error {
		if is, err = formOf(file, o.Key); err != nil {
			return err
		}
		if wanted = is; o.newKey() == nil {
			wanted = plain
		} else if is == plain {
			wanted = newForm(o.newKey())
		}
		// What is to be written anew is looked at as a whole first.
		filled, err = inspect(file, is, steps[len(steps)-1].to, suspect || is != wanted)
		return err
	})
	switch {
	case im.CodeOf(err) == im.CodeStoreDamaged:
		return is, wanted, replaceDamaged(path, o, is, steps, info, report)
	case err != nil:
		return nil, nil, err
	case !filled:
		is = wanted // the first migration is still to come
	}
	if suspect {
		err = removeIfThere(path + suspectSuffix)
	}
	return is, wanted, err
}

// locked calls look with the file while no other process writes to it. bbolt takes
// the lock; opened for reading only it touches no more than the meta pages. A file
// that bbolt cannot open is damaged even if look finds nothing.
func locked(path string, timeout time.Duration, look func(*os.File) error) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	defer file.Close()
	seen, err := file.Stat()
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	var handle *os.File
	var db *bbolt.DB
	err = protect(func() (err error) {
		db, err = bbolt.Open(path, 0o600, &bbolt.Options{
			ReadOnly: true, Timeout: timeout, NoStatistics: true,
			OpenFile: func(name string, flag int, mode os.FileMode) (*os.File, error) {
				f, err := os.OpenFile(name, flag, mode)
				handle = f
				return f, err
			},
		})
		return err
	})
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return ErrInUse
	case err == nil:
		defer db.Close()
	case handle != nil:
		// bbolt cannot open it and closed the handle, or panicked and did not.
		_ = abandonFile(handle)
	}
	if now, err := os.Stat(path); err != nil || !os.SameFile(now, seen) {
		return ErrInUse // another process has just replaced it
	}
	if bad := look(file); bad != nil || err == nil {
		return bad
	}
	return im.Errorf(im.CodeStoreDamaged, "store: %v", err)
}

// replaceDamaged fills a fresh file from the damaged one and then sets that
// aside. seen is the file that was inspected: if another process replaced it
// meanwhile, that one's work stands.
func replaceDamaged(path string, o Options, f *form, steps []migration, seen os.FileInfo, report *Report) error {
	from, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	if err := refuseOther(from, f, o.Account); err != nil {
		_ = from.Close()
		return err
	}
	fresh := path + salvageSuffix
	saved, err := salvage(from, fresh, o, f, steps)
	_ = from.Close()
	if err != nil {
		return errors.Join(err, removeIfThere(fresh), removeIfThere(path+suspectSuffix))
	}
	now, err := os.Stat(path)
	if err != nil || !os.SameFile(now, seen) {
		return errors.Join(ErrInUse, removeIfThere(fresh))
	}
	aside, err := freeName(path + ".damaged-" + o.Now().UTC().Format("20060102T150405Z"))
	if err != nil {
		return err
	}
	if err := os.Rename(path, aside); err != nil {
		return fmt.Errorf("store: setting the damaged file aside: %w", err)
	}
	report.SetAside, report.Salvaged, report.Lost, report.Outside = aside, saved.Salvaged, saved.Lost, saved.Outside
	if err := os.Rename(fresh, path); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	if err := removeIfThere(path + suspectSuffix); err != nil {
		return err
	}
	return syncFolder(path)
}

// freeName returns name, or name-2, name-3 …, whichever does not exist.
func freeName(name string) (string, error) {
	for i := 1; i < 10_000; i++ {
		try := name
		if i > 1 {
			try = fmt.Sprintf("%s-%d", name, i)
		}
		if _, err := os.Lstat(try); errors.Is(err, os.ErrNotExist) {
			return try, nil
		}
	}
	return "", fmt.Errorf("store: no free name for %s", filepath.Base(name))
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("store: %w", err)
	}
	return nil
}

// syncFolder makes renames in the file's folder durable.
func syncFolder(path string) error {
	if err := durable.Folder(filepath.Dir(path)); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return nil
}
