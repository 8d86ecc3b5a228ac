package store_test

import (
	"path/filepath"
	"syscall"
	"testing"

	"magpie/im"
	"magpie/store"
)

// A pipe at the place of the history is refused, and nobody waits for a writer.
func TestPipeIsNoHistory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	ok(t, syscall.Mkfifo(path, 0o600))
	_, _, err := store.Open(path, store.Options{})
	hasCode(t, err, im.CodeForeignFile)
	_, err = store.Examine(path, store.Options{})
	hasCode(t, err, im.CodeForeignFile)
}
