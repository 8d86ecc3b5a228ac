package store_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
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
}

func TestSearchText(t *testing.T) {
	s := openStore(t)
	name := "新的群名 harbour"
	list := []im.Payload{
		im.TextPayload{Text: "see www.example.com tomorrow"},
		im.FilePayload{FileName: "合同_final.pdf", FileSize: 1, FileURL: "abc"},
		im.LocationPayload{Description: "人民公园 north gate"},
		im.CustomPayload{Data: "secretdata", Description: "an invoice", Extension: "secretextension"},
		im.MergerPayload{Title: "Chat of two", AbstractList: []string{"ann: lighthouse", "ben: 灯塔"}, CompatibleText: "old clients"},
		im.GroupTipPayload{OperationType: im.TipGroupProfileUpdated, OperatorID: "u1", Names: map[im.UserID]string{"u1": "王小明"},
			NewGroupProfile: &im.GroupChange{Name: &name}},
		im.UnknownPayload{MessageType: "Poll", Raw: []byte(`{"question":"when"}`)},
		im.ImagePayload{UUID: "imageuuid"},
	}
	for i, p := range list {
		m := said(team, uint64(i+1), "")
		m.Payload, m.Type = p, p.Type()
		ingest(t, s, team, m)
	}
	for q, n := range map[string]uint64{"example": 1, "合同": 2, "pdf": 2, "公园": 3, "invo": 4, "灯塔": 5, "two": 5, "harb": 6, "小明": 6} {
		finds(t, s, q, n)
	}
	for _, q := range []string{"secretdata", "secretextension", "abc", "imageuuid", "when", "renamed", "修改", "old"} {
		finds(t, s, q)
	}
	for k, want := range map[store.SearchKind]uint64{store.SearchLink: 1, store.SearchText: 1, store.SearchFile: 2, store.SearchLocation: 3,
		store.SearchCustom: 4, store.SearchMerger: 5, store.SearchTip: 6, store.SearchOther: 7, store.SearchImage: 8} {
		if got, total := search(t, s, store.SearchQuery{Kinds: []store.SearchKind{k}}); total != 1 || got[0] != want {
			t.Errorf("%s finds %v, want %d", k, got, want)
		}
	}
	if _, total := search(t, s, store.SearchQuery{Kinds: []store.SearchKind{store.SearchText, store.SearchImage}}); total != 2 {
		t.Errorf("texts and pictures: %d", total)
	}
	if _, total := search(t, s, store.SearchQuery{Conversation: team}); total != 8 {
		t.Errorf("the whole conversation: %d", total)
	}
}

// An index whose terms were made by other rules is not answered from.
func TestIndexOfOtherRules(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	s, idle := small(t, path, time.Hour)
	ok(t, s.Ingest(t.Context(), batch(bob, 1, 500)))
	ok(t, store.WaitIdle(t.Context(), s, idle))
	ok(t, store.SetIndexVersion(s, 0))
	ok(t, s.Close())
	s, idle = small(t, path, time.Hour)
	r, err := s.Search(t.Context(), store.SearchQuery{Text: "message"})
	ok(t, err)
	if r.Total != 500 && !r.Indexing {
		t.Fatalf("%d found and nothing said of it", r.Total)
	}
	if r.Indexed < 0 || r.Indexed > 1 || r.Indexing && r.Indexed == 1 {
		t.Errorf("%v of it is in the index", r.Indexed)
	}
	ok(t, store.WaitIdle(t.Context(), s, idle))
	if _, total := search(t, s, store.SearchQuery{Text: "message"}); total != 500 {
		t.Errorf("%d found in the end", total)
	}
	ok(t, s.Close())
	s, _ = small(t, path, time.Hour)
	if r, err := s.Search(t.Context(), store.SearchQuery{Text: "message"}); err != nil || r.Indexing || r.Total != 500 {
		t.Errorf("%d found at the next start, %v, %v", r.Total, r.Indexing, err)
	}
}

func TestSearchIsCancelled(t *testing.T) {
	s := openStore(t)
	ingest(t, s, bob, said(bob, 1, "hello there"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Search(ctx, store.SearchQuery{Text: "hello there"}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// small opens a store of which a few messages are a segment.
func small(t testing.TB, path string, purge time.Duration) (*store.Store, <-chan struct{}) {
	t.Helper()
	o, idle := store.SmallIndex(store.Options{Account: me, BatchWindow: -1}, 64, purge)
	s, _, err := openStoreAt(path, o)
	ok(t, err)
	t.Cleanup(func() {
		ok(t, s.Close())
		checkFile(t, path)
	})
	return s, idle
}

// What was recalled is in no page of the index any more soon after, although it
// was in a segment: no byte of it is in the file.
func TestRecallLeavesTheIndex(t *testing.T) { bothWays(t, testRecallLeavesTheIndex) }

func testRecallLeavesTheIndex(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	s, idle := small(t, path, 0)
	const secret = "kingfisher"
	for from := uint64(1); from < 400; from += 20 {
		list := texts(bob, from, from+19)
		if from == 41 {
			list[7] = said(bob, from+7, "the "+secret+" 翠鸟的秘密")
		}
		ingest(t, s, bob, list...)
	}
	ok(t, store.WaitIdle(t.Context(), s, idle))
	if segments, _ := store.IndexShape(s); segments == 0 {
		t.Fatal("nothing is in a segment: the test tests nothing")
	}
	finds(t, s, secret, 48)
	finds(t, s, "翠鸟", 48)
	if !holds(t, path, secret) || !holds(t, path, "翠鸟") {
		t.Fatal("the file does not have it: the test tests nothing")
	}
	ingest(t, s, bob, recall(bob, 500, 48))
	finds(t, s, secret)
	finds(t, s, "翠鸟")
	ok(t, store.WaitIdle(t.Context(), s, idle))
	if _, dead := store.IndexShape(s); dead != 0 {
		t.Errorf("%d dead are in the segments", dead)
	}
	ok(t, s.Close()) // erases what is due
	for _, word := range []string{secret, "翠鸟", "kingfi"} {
		if holds(t, path, word) {
			t.Errorf("%q is in the file", word)
		}
	}
}

// A file of schema 3 has no index: it is made in the background, goes on where it
// was when the program ended, and what is new is found meanwhile.
func TestIndexOfAnOldFile(t *testing.T) { bothWays(t, testIndexOfAnOldFile) }

func testIndexOfAnOldFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	func() {
		s, _ := small(t, path, time.Hour)
		for from := uint64(1); from < 2000; from += 100 {
			ok(t, s.Ingest(t.Context(), batch(bob, from, from+99), batch(team, from, from+99)))
		}
		ok(t, s.Close())
		ok(t, forgetIndex(path))
	}()
	const rounds = 4
	total := uint64(0)
	for round := range rounds {
		o, idle := store.SmallIndex(store.Options{Account: me, BatchWindow: -1}, 64, time.Hour)
		s, report, err := openStoreAt(path, o)
		ok(t, err)
		if round == 0 && report.MigratedFrom != 3 || report.SetAside != "" {
			t.Fatalf("%+v", report)
		}
		n := uint64(5000 + round)
		ingest(t, s, bob, said(bob, n, fmt.Sprint("freshly", round)))
		finds(t, s, fmt.Sprint("freshly", round), n)
		// An old message is found by its id wherever that is noted.
		m, found, err := s.Message(text(team, 1500, "").ID)
		if err != nil || !found || m.Sequence != 1500 {
			t.Fatal(m, found, err)
		}
		if round == rounds-1 {
			ok(t, store.WaitIdle(t.Context(), s, idle))
		}
		// What was made by earlier starts is there; some more is made by this one.
		for before := total; total < before+100; {
			r, err := s.Search(t.Context(), store.SearchQuery{Text: "message"})
			ok(t, err)
			if r.Total < total {
				t.Fatalf("%d found, %d were before", r.Total, total)
			}
			if total = r.Total; !r.Indexing {
				break
			}
		}
		if round == rounds-1 {
			equal(t, "found in the end", total, uint64(4000))
			old, err := store.OldPlaces(s)
			ok(t, err)
			equal(t, "left in the old bucket", old, 0)
		}
		ok(t, s.Close())
		checkFile(t, path)
	}
}

// Whatever of the index is damaged, no answer is wrong: it is said that the index
// is being made, and then it is right again.
func TestDamagedIndexIsMadeAnew(t *testing.T) { bothWays(t, testDamagedIndexIsMadeAnew) }

func testDamagedIndexIsMadeAnew(t *testing.T) {
	for _, c := range []struct {
		what, bucket, prefix string
		reopen               bool
	}{
		{"pages", "search_page", "", false}, {"pages, at the start", "search_page", "", true}, {"segments", "search", "g", true},
		{"the state", "search", "s", true}, {"the dead", "search", "d", true}, {"the notes of the tail", "search_tail", "", true},
	} {
		t.Run(c.what, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "cache.db")
			s, idle := small(t, path, time.Hour)
			for from := uint64(1); from < 1000; from += 50 {
				ok(t, s.Ingest(t.Context(), batch(bob, from, from+49)))
			}
			ok(t, store.WaitIdle(t.Context(), s, idle))
			ingest(t, s, bob, recall(bob, 2000, 5), said(bob, 2001, "one message in the tail"))
			spoilt, err := store.SpoilIndex(s, c.bucket, c.prefix)
			ok(t, err)
			if spoilt == 0 {
				t.Fatal("nothing was spoilt")
			}
			if c.reopen {
				ok(t, s.Close())
				s, idle = small(t, path, time.Hour)
			}
			for {
				r, err := s.Search(t.Context(), store.SearchQuery{Text: "message", Conversation: bob})
				ok(t, err)
				if r.Total == 1000 {
					break
				}
				if !r.Indexing {
					t.Fatalf("%d found and nothing said of it", r.Total)
				}
				ok(t, store.WaitIdle(t.Context(), s, idle))
			}
			finds(t, s, "\"第 5 条\"")
		})
	}
}
