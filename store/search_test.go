package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"magpie/im"
	"magpie/store"
)

// said is message n of conv with a text of its own.
func said(conv im.ConversationID, n uint64, words string) im.Message {
	m := text(conv, n, words)
	m.Time = 1_700_000_000_000 + int64(n)*1000
	return m
}

// search returns the sequences that are found in conv, newest first.
func search(t testing.TB, s *store.Store, q store.SearchQuery) (found []uint64, total uint64) {
	t.Helper()
	r, err := s.Search(t.Context(), q)
	ok(t, err)
	for _, h := range r.Hits {
		found = append(found, h.Message.Sequence)
	}
	return found, r.Total
}

func finds(t testing.TB, s *store.Store, q string, want ...uint64) {
	t.Helper()
	got, total := search(t, s, store.SearchQuery{Text: q})
	if fmt.Sprint(got) != fmt.Sprint(want) || total != uint64(len(want)) {
		t.Fatalf("%q finds %v of %d, want %v", q, got, total, want)
	}
}

func TestSearchFindsWhatWasJustWritten(t *testing.T) {
	s := openStore(t)
	ingest(t, s, bob, said(bob, 1, "明天下午开会"), said(bob, 2, "See you at the café"))
	finds(t, s, "开会", 1)
	finds(t, s, "cafe", 2)
	finds(t, s, "会", 1)
	finds(t, s, "晚上")
	// Own messages are found once they are history.
	row, err := s.Enqueue(t.Context(), mine(bob, "wren-pc-1", "咖啡馆见"))
	ok(t, err)
	finds(t, s, "咖啡")
	_, err = s.Acknowledge(t.Context(), row.Message.ID, 3, 1_700_000_009_000)
	ok(t, err)
	finds(t, s, "咖啡", 3)
	_ = rand.IntN
	_ = time.Now
	_ = context.Background
}
