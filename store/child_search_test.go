package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"magpie/im"
	"magpie/store"
)

// childSearchEnv, set beside childEnv, makes the child write what is searched.
const childSearchEnv = "MAGPIE_STORE_TEST_CHILD_SEARCH"

// searchOptions make segments of a few messages, so that a second of work has
// many flushes, merges and purges in it.
func searchOptions() store.Options {
	o, _ := store.SmallIndex(store.Options{Account: me, BatchWindow: -1}, 48, 0)
	return o
}

// childSearch writes messages in pages, older ones between, and recalls some.
func childSearch(s *store.Store) error {
	ctx := context.Background()
	c, _, err := s.Conversation(bob)
	if err != nil {
		return err
	}
	for n := c.Last + 1; ; n += 20 {
		var list []im.Message
		for i := n; i < n+19; i++ {
			list = append(list, said(bob, i, fmt.Sprintf("消息 number%d 的内容", i)))
		}
		list = append(list, recall(bob, n+19, n+rand.Uint64N(19)))
		if err := s.Ingest(ctx, store.Batch{Conversation: bob, Messages: list, From: n, To: n + 19}); err != nil {
			return err
		}
		fmt.Println("ingested", n+19)
		if n > 200 {
			late := n - 1 - rand.Uint64N(150)/20*20 // the place of an earlier recall
			if err := s.Ingest(ctx, store.Batch{Conversation: bob, Messages: []im.Message{recall(bob, late, late-1)}}); err != nil {
				return err
			}
		}
	}
}

// Killed at any moment of writing, flushing, merging and purging: what the
// history has is found, no more and no less.
func TestKillWhileIndexing(t *testing.T) { bothWays(t, testKillWhileIndexing) }

func testKillWhileIndexing(t *testing.T) {
	rounds := fewer(12)
	if testing.Short() {
		rounds = 3
	}
	t.Setenv(childSearchEnv, "1")
	path := filepath.Join(t.TempDir(), "cache.db")
	var ingested uint64
	merged := false
	enough := func() bool { return ingested > 0 && merged }
	for round, longer := range kills(rounds, enough) {
		for _, line := range killed(t, path, time.Duration(longer*(10+rand.IntN(300)))*time.Millisecond) {
			what, value, found := strings.Cut(line, " ")
			switch {
			case !found: // cut off by the kill
			case what == "ingested":
				_, err := fmt.Sscan(value, &ingested)
				ok(t, err)
			default:
				t.Fatalf("round %d: the child says %q", round, line)
			}
		}
		s, report, err := openStoreAt(path, searchOptions())
		ok(t, err)
		if report.SetAside != "" {
			t.Fatalf("round %d: a kill damaged the file", round)
		}
		list, err := s.Page(bob, 0, 1<<20)
		ok(t, err)
		if uint64(len(list)) < ingested {
			t.Fatalf("round %d: %d messages, %d were ingested", round, len(list), ingested)
		}
		here := map[uint64]bool{}
		for _, m := range list {
			if !m.IsRevoked && !m.IsPlaceMessage {
				here[m.Sequence] = true
			}
		}
		r, err := s.Search(t.Context(), store.SearchQuery{Text: "消息", Limit: store.MaxSearchHits})
		ok(t, err)
		if r.Indexing || r.Total != uint64(len(here)) {
			t.Fatalf("round %d: %d found, %d are here (%v)", round, r.Total, len(here), r.Indexing)
		}
		for _, m := range list {
			if m.Sequence%7 != uint64(round)%7 {
				continue
			}
			r, err := s.Search(t.Context(), store.SearchQuery{Text: fmt.Sprintf("\"number%d 的\"", m.Sequence)})
			ok(t, err)
			if want := here[m.Sequence]; (r.Total == 1) != want {
				t.Fatalf("round %d: %d is found %d times, here: %v", round, m.Sequence, r.Total, want)
			}
		}
		segments, _ := store.IndexShape(s)
		merged = merged || segments > 0
		ok(t, s.Close())
		checkFile(t, path)
	}
	if !enough() {
		t.Fatal("the children indexed nothing: the test tests nothing")
	}
}
