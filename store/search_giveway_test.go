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

// What has its size is not merged any further, however much of it there is; that is not
// taken for merging that is behind, and all of it is searched.
func TestSegmentsStayBelowTheirSize(t *testing.T) {
	const most = 9 * 24 // three segments become one, and three of these
	o, idle := store.SmallIndex(store.Options{Account: me, BatchWindow: -1}, 24, 0)
	s, _, err := openStoreAt(filepath.Join(t.TempDir(), "cache.db"), store.AtMost(o, most))
	ok(t, err)
	t.Cleanup(func() { ok(t, s.Close()) })
	next := uint64(1)
	say := func() {
		t.Helper()
		b := store.Batch{Conversation: bob, From: next, To: next + 23}
		for ; next <= b.To; next++ {
			b.Messages = append(b.Messages, said(bob, next, "hello"))
		}
		ok(t, s.Ingest(t.Context(), b))
		ok(t, store.WaitIdle(t.Context(), s, idle))
	}
	for range 9 * 7 {
		say()
	}
	list := store.SegmentSlots(s)
	if len(list) != 7 {
		t.Errorf("segments of %d slots, want seven", list)
	}
	for _, slots := range list {
		if slots != most {
			t.Errorf("a segment of %d slots, want %d", slots, most)
		}
	}
	if store.IndexCrowded(s) {
		t.Error("segments that are as large as they get are waiting to be merged")
	}
	if r, err := s.Search(t.Context(), store.SearchQuery{Text: "hello"}); err != nil || r.Total != next-1 {
		t.Errorf("%d found, want %d (%v)", r.Total, next-1, err)
	}
}
