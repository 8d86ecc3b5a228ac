package store_test

import (
	"path/filepath"
	"testing"
	"time"

	"magpie/im"
	"magpie/store"
)

// An index that nobody needs leaves the memory. What comes meanwhile is found, what is
// recalled is not, and a segment is made when there is enough for one.
func TestIndexRests(t *testing.T) { bothWays(t, testIndexRests) }

func testIndexRests(t *testing.T) {
	o, idle := store.SmallIndex(store.Options{Account: me, BatchWindow: -1}, 24, 0)
	path := filepath.Join(t.TempDir(), "cache.db")
	s, _, err := openStoreAt(path, store.RestSoon(o, 50*time.Millisecond))
	ok(t, err)
	defer func() {
		ok(t, s.Close())
		checkFile(t, path)
	}()
	rest := func() {
		t.Helper()
		for deadline := time.Now().Add(10 * time.Second); !store.IndexRests(s); time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal("the index never rests")
			}
		}
	}
	found := func(want uint64) {
		t.Helper()
		r, err := s.Search(t.Context(), store.SearchQuery{Text: "hello"})
		ok(t, err)
		if r.Total != want || r.Indexing {
			t.Fatalf("%d found, want %d (%v)", r.Total, want, r.Indexing)
		}
	}
	say := func(from, to uint64) {
		t.Helper()
		b := store.Batch{Conversation: bob, From: from, To: to}
		for n := from; n <= to; n++ {
			b.Messages = append(b.Messages, said(bob, n, "hello"))
		}
		ok(t, s.Ingest(t.Context(), b))
	}
	say(1, 30) // a segment and more
	rest()
	found(30)
	rest()
	say(31, 33) // noted
	if !store.IndexRests(s) {
		t.Error("it was read for new messages")
	}
	found(33)
	rest()
	ok(t, s.Ingest(t.Context(), store.Batch{Conversation: bob, From: 34, To: 35,
		Messages: []im.Message{recall(bob, 34, 2), recall(bob, 35, 32)}})) // of the segment, of the tail
	found(31)
	rest()
	found(31)
	rest()
	before, _ := store.IndexShape(s)
	say(36, 70) // enough for another segment
	ok(t, store.WaitIdle(t.Context(), s, idle))
	found(66)
	if after, _ := store.IndexShape(s); before != 0 || after < 2 {
		t.Errorf("%d segments, %d before", after, before)
	}
}
