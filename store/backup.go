package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Before a file is migrated, it is copied to NAME.schemaN-backup beside it, so that
// a fault of the new program costs nobody a history. A copy is of the time before;
// what is recalled after that is still in it, and of a file that is encrypted later
// it is readable. So it goes with the first recall and when the file is sealed, and else
// when the new program had a week to show its faults.
const backupSuffix = "-backup"

// backupAge is how long a backup stays if nothing else removes it.
const backupAge = 7 * 24 * time.Hour

// backup copies the file as it is in the transaction. It is whole when it has its
// name, and on the disk.
func backup(tx *txn, path string, schema int) (to string, err error) {
	to = fmt.Sprintf("%s.schema%d%s", path, schema, backupSuffix)
	half := to + ".half"
	defer func() {
		if err != nil {
			err = errors.Join(diskError(err), removeIfThere(half))
		}
	}()
	f, err := os.OpenFile(half, os.O_CREATE|os.O_TRUNC|os.O_RDWR, 0o600)
	if err != nil {
		return "", err
	}
	_, err = tx.WriteTo(f)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", err
	}
	if err := os.Rename(half, to); err != nil {
		return "", err
	}
	return to, syncFolder(path)
}

// backups are the copies beside a file, whole or half made.
func backups(path string) ([]fs.DirEntry, error) {
	list, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	var found []fs.DirEntry
	for _, e := range list {
		if rest, ok := strings.CutPrefix(e.Name(), filepath.Base(path)+".schema"); ok && strings.Contains(rest, backupSuffix) {
			found = append(found, e)
		}
	}
	return found, nil
}

// always removes every copy; see removeBackups.
func always(string, fs.FileInfo) bool { return true }

// outlived removes those whose time is over by this clock, and those that tell
// what a sealed file does not. A copy from the future is one of now.
func outlived(f *form, now time.Time) func(string, fs.FileInfo) bool {
	return func(path string, info fs.FileInfo) bool {
		if now.Sub(info.ModTime()) >= backupAge {
			return true
		}
		sealed, err := IsSealed(path)
		return f != plain && err == nil && !sealed
	}
}

// removeBackups overwrites and removes the copies beside a file that over says are
// over, and those that are half made.
func removeBackups(path string, over func(path string, info fs.FileInfo) bool) error {
	list, err := backups(path)
	if err != nil {
		return err
	}
	removed := false
	for _, e := range list {
		name := filepath.Join(filepath.Dir(path), e.Name())
		if strings.HasSuffix(name, backupSuffix) {
			info, err := e.Info()
			if err != nil || !over(name, info) {
				continue
			}
		}
		if err := wipe(name); err != nil {
			return err
		}
		removed = true
	}
	if removed {
		return syncFolder(path)
	}
	return nil
}
