package store_test

import (
	"errors"
	"path/filepath"
	"syscall"
	"testing"

	"magpie/store"
)

// A pipe at the place of the history is refused, and nobody waits for a writer.
func TestPipeIsNoHistory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	ok(t, syscall.Mkfifo(path, 0o600))
	_, _, err := store.Open(path, store.Options{})
	if !errors.Is(err, store.ErrForeign) {
		t.Error(err)
	}
	_, err = store.Examine(path, store.Options{})
	if !errors.Is(err, store.ErrForeign) {
		t.Error(err)
	}
}
