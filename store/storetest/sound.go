package storetest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"magpie/store"
)

// Sound fails the test if the store at path is not whole when everything that was
// registered after this call is cleaned up: every page is where bbolt wants it, and
// every value passes. Call it before the store is opened; o is what it is opened
// with. No file at all is fine.
func Sound(tb testing.TB, path string, o store.Options) {
	tb.Helper()
	tb.Cleanup(func() {
		tb.Helper()
		if err := CheckSound(path, o); err != nil {
			tb.Errorf("the store of this test: %v", err)
		}
	})
}

// CheckSound is what Sound looks for.
func CheckSound(path string, o store.Options) error {
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	// First with our own reader: bbolt's check trusts what it reads.
	h, err := store.Examine(path, o)
	if err != nil {
		return err
	}
	if h.Damage > 0 {
		return errors.New(h.Problems[0])
	}
	if h.Bytes == 0 {
		return nil
	}
	return checkPages(path)
}

// checkPages is bbolt's own check. It needs no key: pages are not sealed.
func checkPages(path string) error {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true, Timeout: time.Second, PreLoadFreelist: true})
	if err != nil {
		return err
	}
	var wrong error
	err = db.View(func(tx *bbolt.Tx) error {
		for err := range tx.Check() {
			wrong = errors.Join(wrong, err)
		}
		return nil
	})
	return errors.Join(wrong, err, db.Close())
}

// SoundBelow is [Sound] for every history below dir, without their keys: of one that
// is encrypted the pages are checked, and not the values. Call it before any is opened.
// A test that leaves damage on purpose clears it away before it ends.
func SoundBelow(tb testing.TB, dir string) {
	tb.Helper()
	tb.Cleanup(func() {
		tb.Helper()
		if tb.Failed() {
			return // who failed may have left one open
		}
		if err := CheckBelow(dir); err != nil {
			tb.Errorf("a store of this test: %v", err)
		}
	})
}

// CheckBelow is what SoundBelow looks for.
func CheckBelow(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && d.Name() == "nats" {
			return fs.SkipDir // the embedded server's log has files of such names, too
		}
		if err != nil || d.IsDir() || filepath.Ext(path) != ".db" {
			return err
		}
		if info, err := d.Info(); err != nil || info.Size() == 0 {
			return err // made and never written
		}
		sealed, err := store.IsSealed(path)
		if err == nil && sealed {
			err = checkPages(path)
		} else if err == nil {
			err = CheckSound(path, store.Options{})
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		return nil
	})
}
