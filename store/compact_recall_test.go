package store_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"magpie/im"
	"magpie/store"
)

// What is recalled while the file is written anew is in neither of the two files
// afterwards: the fresh one was given the message, and then the recall.
func TestCompactKeepsNothingOfRecalls(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	s, _, err := store.Open(path, store.Options{Account: me, BatchWindow: -1})
	ok(t, err)
	ok(t, s.Ingest(t.Context(), batch(team, 1, 3000)))
	next := uint64(1)
	for range 3 {
		compacted := make(chan error, 1)
		go func() {
			_, err := s.Compact(t.Context())
			compacted <- err
		}()
		for done := false; !done; {
			ok(t, s.Ingest(t.Context(), store.Batch{Conversation: bob, Messages: []im.Message{said(bob, next, fmt.Sprintf("TAKENBACK %d", next))}}))
			ok(t, s.Ingest(t.Context(), store.Batch{Conversation: bob, Messages: []im.Message{recall(bob, next+1, next)}}))
			next += 2
			select {
			case err := <-compacted:
				ok(t, err)
				done = true
			default:
			}
		}
	}
	ok(t, s.Close()) // which erases what is due
	data, err := os.ReadFile(path)
	ok(t, err)
	if n := bytes.Count(data, []byte("TAKENBACK")); n > 0 {
		t.Errorf("%d of %d recalled texts are in the file", n, next/2)
	}
	checkFile(t, path)
}
