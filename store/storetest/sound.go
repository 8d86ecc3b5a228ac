package storetest

import (
	"errors"
	"os"
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
