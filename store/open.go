package store

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"magpie/im"
)

// Open opens the store at path, making it if there is none, and says what it
// had to do for that. A damaged file is set aside beside the new one and what
// can be read is copied; a file of a later program is refused with an *im.Error
// of code [im.CodeVersion] and left as it is, as is one that Options.Key does not
// open, and what is no history at all ([ErrForeign]). One that may not be written is
// opened for reading only ([Report].ReadOnly). [ErrInUse] and [ErrOtherAccount] are told apart; other errors are the
// system's.
func Open(path string, o Options) (*Store, Report, error) {
	return open(path, o, migrations())
}

func open(path string, o Options, steps []migration) (*Store, Report, error) {
	o = o.withDefaults()
	if notWritable(path) {
		return openReadOnly(path, o, steps)
	}
	s, report, err := openOnce(path, o, steps)
	if im.CodeOf(err) != im.CodeStoreDamaged {
		return s, report, readOnlyError(err)
	}
	// The quick look did not find what bbolt did: look at everything.
	markSuspect(path)
	return openOnce(path, o, steps)
}

func openOnce(path string, o Options, steps []migration) (*Store, Report, error) {
	var report Report
	f, wanted, err := examine(path, o, steps, &report)
	if err != nil {
		return nil, report, err
	}
	if f != wanted {
		if err := reform(path, o, f, wanted, steps, &report); err != nil {
			return nil, report, err
		}
		f = wanted
	}
	db, file, err := openDB(path, o.OpenTimeout)
	if err != nil {
		if report.Created && im.CodeOf(err) == im.CodeDiskFull {
			// Half of the first pages would look like a damaged file next time.
			err = errors.Join(err, removeIfThere(path))
		}
		return nil, report, err
	}
	var account im.UserID
	if err := protect(func() (err error) {
		if err := renumber(db, file); err != nil {
			return diskError(err)
		}
		account, err = prepare(db, f, path, o, steps, &report)
		return err
	}); err != nil {
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

// openDB opens the bbolt file for writing. The handle is bbolt's.
func openDB(path string, timeout time.Duration) (*bbolt.DB, *os.File, error) {
	return openDBWith(path, timeout, false)
}

func openDBWith(path string, timeout time.Duration, readOnly bool) (*bbolt.DB, *os.File, error) {
	var file *os.File
	options := &bbolt.Options{
		Timeout: timeout, ReadOnly: readOnly,
		// The list is written with every commit, because to make it anew on Open reads the
		// whole file. As it is in the file it is an array, and one in memory is quicker to
		// read, to write and, of what is free here, to take from than maps of it.
		FreelistType: bbolt.FreelistArrayType,
		NoStatistics: true,
		OpenFile: func(name string, flag int, mode os.FileMode) (*os.File, error) {
			f, err := os.OpenFile(name, flag, mode)
			file = f
			return f, err
		},
	}
	if runtime.GOOS != "windows" {
		// Address space only. Without it the mapping grows by doubling, and each
		// time the writer waits for the readers.
		options.InitialMmapSize = 1 << 28
		if info, err := os.Stat(path); err == nil && strconv.IntSize == 64 {
			options.InitialMmapSize += int(info.Size()) + 1<<30
		}
	}
	var db *bbolt.DB
	err := protect(func() (err error) {
		db, err = bbolt.Open(path, 0o600, options)
		return err
	})
	if err == nil {
		db.AllocSize = 1 << 20
		return db, file, nil
	}
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, nil, ErrInUse
	}
	if file != nil && im.CodeOf(err) == im.CodeStoreDamaged {
		_ = abandonFile(file) // a panic left it open and locked
	}
	return nil, nil, diskError(err)
}

// renumber writes both meta pages anew if one of them says that it is another page. bbolt
// does not mind when it opens the file, but its own check does.
func renumber(db *bbolt.DB, file *os.File) error {
	right := true
	for id := range int64(2) {
		var number [8]byte
		if _, err := file.ReadAt(number[:], id*int64(db.Info().PageSize)); err != nil {
			return err
		}
		right = right && binary.NativeEndian.Uint64(number[:]) == uint64(id)
	}
	if right {
		return nil
	}
	for range 2 { // each commit writes the older one
		if err := db.Update(func(*bbolt.Tx) error { return nil }); err != nil {
			return err
		}
	}
	return nil
}

// prepare brings the schema up to date, after a copy of what it was, and returns
// whose file it is.
func prepare(db *bbolt.DB, f *form, path string, o Options, steps []migration, report *Report) (owner im.UserID, err error) {
	account, upToDate, newest := o.Account, false, steps[len(steps)-1].to
	err = viewDB(db, f, func(tx *txn) error {
		from, err := schemaVersion(tx)
		if err != nil {
			return err
		}
		if from == 0 {
			return nil
		}
		upToDate = from == newest
		if owner, err = fileAccount(tx); err != nil || owner != "" && account != "" && owner != account {
			return err
		}
		if from < newest {
			report.Backup, err = backup(tx, path, from)
		}
		return err
	})
	if err != nil {
		return "", err
	}
	if owner != "" && account != "" && owner != account {
		return "", fmt.Errorf("%w: %.32q, not %.32q", ErrOtherAccount, owner, account)
	}
	if upToDate {
		// Best effort: a copy that stays is found again by the next start.
		_ = removeBackups(path, outlived(f, o.Now()))
	}
	if upToDate && (owner != "" || account == "") {
		return owner, nil
	}
	return cmp.Or(owner, account), diskError(updateDB(db, f, func(tx *txn) error {
		from, err := migrate(tx, steps)
		if err != nil {
			return err
		}
		if from < newest && !report.Created {
			report.MigratedFrom = from
		}
		if owner == "" && account != "" {
			value := tx.encodeStamped(kindMeta, keyAccount, string(account), 0)
			return tx.meta().Put(keyAccount, value)
		}
		return nil
	}))
}

func fileAccount(tx *txn) (im.UserID, error) {
	raw := tx.meta().Get(keyAccount)
	if raw == nil {
		return "", nil
	}
	account, _, err := tx.decodeStamped(kindMeta, keyAccount, raw)
	return im.UserID(account), err
}
