package store_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"magpie/im"
	"magpie/store"
)

// What a search finds in the pages of the file is what bbolt finds there, in conversations
// of a few messages, of a page of them and of a tree of pages, and of many conversations.
func TestLookupFindsWhatBoltFinds(t *testing.T) { bothWays(t, lookupFindsWhatBoltFinds) }

func lookupFindsWhatBoltFinds(t *testing.T) {
	s, _, err := openStoreAt(filepath.Join(t.TempDir(), "cache.db"), store.Options{Account: me, BatchWindow: -1})
	ok(t, err)
	defer func() { ok(t, s.Close()) }()
	want := 0
	for i := range 300 {
		n := uint64([]int{1, 2, 30, 100}[i%4])
		if i == 7 {
			n = 6000
		}
		conv := im.ConversationID(fmt.Sprintf("C2C%d", i*i))
		ok(t, s.Ingest(t.Context(), batch(conv, 3, n+2)))
		want += int(n)
	}
	inline, tree, err := store.CompareLookup(s)
	ok(t, err)
	if inline+tree != want || inline == 0 || tree == 0 {
		t.Errorf("%d messages in inline buckets and %d in trees, want %d", inline, tree, want)
	}
}
