package store_test

import (
	"path/filepath"
	"testing"
	"time"

	"magpie/store"
)

// Segments are merged when nobody reads; what arrives meanwhile becomes a segment all the
// same, and when there are too many of them nobody is waited for.
func TestMergeGivesWay(t *testing.T) {
	const after = 3 * time.Second
	o, idle := store.SmallIndex(store.Options{Account: me, BatchWindow: -1}, 24, 0) // three segments become one
	s, _, err := openStoreAt(filepath.Join(t.TempDir(), "cache.db"), store.GivesWay(o, after))
	ok(t, err)
	t.Cleanup(func() { ok(t, s.Close()) })
	next := uint64(1)
	say := func(messages uint64) {
		t.Helper()
		b := store.Batch{Conversation: bob, From: next, To: next + messages - 1}
		for ; next <= b.To; next++ {
			b.Messages = append(b.Messages, said(bob, next, "hello"))
		}
		ok(t, s.Ingest(t.Context(), b))
	}
	read := func() {
		t.Helper()
		if r, err := s.Search(t.Context(), store.SearchQuery{Text: "hello"}); err != nil || r.Total != next-1 {
			t.Fatalf("%d found, want %d (%v)", r.Total, next-1, err)
		}
	}
	reach := func(reached func() bool) {
		t.Helper()
		for deadline := time.Now().Add(8 * time.Second); !reached(); time.Sleep(time.Millisecond) {
			read()
			if time.Now().After(deadline) {
				n, _ := store.IndexShape(s)
				t.Fatalf("%d segments", n)
			}
		}
	}
	for n := range 4 {
		say(24)
		reach(func() bool { have, _ := store.IndexShape(s); return have == n+1 }) // and the third is not merged with those before it
	}
	ok(t, store.WaitIdle(t.Context(), s, idle))
	if n, _ := store.IndexShape(s); n != 2 {
		t.Errorf("%d segments when nobody read, want 2", n)
	}
	for range 8 {
		say(24)
		reach(func() bool { return store.TailDocs(s) == 0 })
	}
	reach(func() bool { n, _ := store.IndexShape(s); return n <= 6 }) // of ten
}
