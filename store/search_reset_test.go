package store_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"magpie/im"
	"magpie/store"
)

// An index that is made anew while the words of a recalled message are still in its
// segments leaves nothing of them in the file.
func TestResetErasesRecalled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	o, idle := store.SmallIndex(store.Options{Account: me, BatchWindow: -1}, 24, time.Hour)
	there := func() bool {
		data, err := os.ReadFile(path)
		ok(t, err)
		return bytes.Contains(data, []byte("takenback"))
	}
	s, _, err := store.Open(path, o)
	ok(t, err)
	b := store.Batch{Conversation: bob, From: 1, To: 40}
	for n := b.From; n <= b.To; n++ {
		b.Messages = append(b.Messages, said(bob, n, "hello"))
	}
	b.Messages[4] = said(bob, 5, "takenback")
	ok(t, s.Ingest(t.Context(), b))
	ok(t, store.WaitIdle(t.Context(), s, idle))
	ok(t, s.Ingest(t.Context(), store.Batch{Conversation: bob, Messages: []im.Message{recall(bob, 41, 5)}}))
	ok(t, s.Close())
	if !there() {
		t.Fatal("the index has not what this is about")
	}
	if s, _, err = store.Open(path, o); err != nil {
		t.Fatal(err)
	}
	ok(t, store.WaitIdle(t.Context(), s, idle))
	tries := store.Erasings(s)
	if n, err := store.SpoilIndex(s, "search_page", ""); n == 0 || err != nil {
		t.Fatal(n, err)
	}
	_, err = s.Search(t.Context(), store.SearchQuery{Text: "hello"}) // finds out
	ok(t, err)
	ok(t, store.WaitIdle(t.Context(), s, idle))
	select { // pages that are used again soon are no proof
	case err := <-tries:
		ok(t, err)
	case <-time.After(10 * time.Second):
		t.Error("nothing is erased")
	}
	ok(t, s.Close())
	if there() {
		t.Error("what was recalled is in the file")
	}
	checkFile(t, path)
}
