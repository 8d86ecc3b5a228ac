package store_test

import (
	"cmp"
	"flag"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"pgregory.net/rapid"

	"magpie/im"
	"magpie/store"
)

// contains is searching as it is meant, said without an index: a word of letters
// is found by its beginning, Chinese by any part.
func contains(text, query string) bool {
	for _, q := range strings.Fields(query) {
		found := false
		for _, run := range runsOf(strings.ToLower(text)) {
			if unicode.Is(unicode.Han, []rune(q)[0]) {
				found = found || strings.Contains(run, q)
			} else {
				found = found || strings.HasPrefix(run, q)
			}
		}
		if !found {
			return false
		}
	}
	return true
}

// runsOf cuts a text into runs of Chinese and words of ASCII.
func runsOf(s string) []string {
	var runs []string
	last := 0
	for _, r := range s {
		class := 0
		switch {
		case unicode.Is(unicode.Han, r):
			class = 1
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			class = 2
		}
		if class != 0 && class == last {
			runs[len(runs)-1] += string(r)
		} else if class != 0 {
			runs = append(runs, string(r))
		}
		last = class
	}
	return runs
}

var pieces = []string{"好", "你", "我", "的", "好", "ab", "abc", "b", "Ab", " ", " ", "，", "! ", "2024"}

func drawText(t *rapid.T) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, rapid.SampledFrom([]int{4, 8, 150}).Draw(t, "long")).Draw(t, "text"), "")
}

// Whatever comes in whatever order, is recalled, replaced, forgotten, flushed,
// merged, and read again after a restart: a search finds what the history has.
func TestSearchAgainstHistory(t *testing.T) { bothWays(t, testSearchAgainstHistory) }

func testSearchAgainstHistory(test *testing.T) {
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue {
		// Each check writes and syncs some hundred times.
		ok(test, flag.Set("rapid.checks", fmt.Sprint(fewer(30))))
		defer func() { ok(test, flag.Set("rapid.checks", f.DefValue)) }()
	}
	dir := test.TempDir()
	files := 0
	rapid.Check(test, func(t *rapid.T) {
		files++
		path := filepath.Join(dir, fmt.Sprint(files, ".db"))
		purge := rapid.SampledFrom([]time.Duration{0, time.Hour}).Draw(t, "purge")
		o, idle := store.SmallIndex(store.Options{Account: me, BatchWindow: -1}, 24, purge)
		o = store.RestSoon(o, rapid.SampledFrom([]time.Duration{0, 1}).Draw(t, "rest"))
		var s *store.Store
		open := func() {
			var report store.Report
			var err error
			if s, report, err = openStoreAt(path, o); err != nil || report.SetAside != "" {
				t.Fatal(err, report)
			}
		}
		open()
		defer func() {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}()
		convs := []im.ConversationID{bob, team, "C2Ccarol"}
		try := func(err error) {
			if err != nil {
				t.Fatal(err)
			}
		}
		message := func(t *rapid.T, conv im.ConversationID, n uint64) im.Message {
			m := said(conv, n, drawText(t))
			m.Time = 1_700_000_000_000 + int64(rapid.IntRange(0, 40).Draw(t, "minute"))*60_000
			switch rapid.IntRange(0, 9).Draw(t, "type") {
			case 0:
				m.Type, m.Payload = im.MsgFile, im.FilePayload{FileName: drawText(t) + ".pdf", FileURL: "x", FileSize: 1}
			case 1:
				m.Type, m.Payload = im.MsgImage, im.ImagePayload{}
			case 2:
				m = recall(conv, n, max(n, 2)-1)
			case 3:
				m.From = "carol"
			}
			return m
		}
		t.Repeat(map[string]func(*rapid.T){
			"ingest": func(t *rapid.T) {
				conv := rapid.SampledFrom(convs).Draw(t, "conv")
				from := rapid.Uint64Range(1, 120).Draw(t, "from")
				b := store.Batch{Conversation: conv, From: from, To: from + rapid.Uint64Range(0, 30).Draw(t, "n")}
				for n := b.From; n <= b.To; n++ {
					b.Messages = append(b.Messages, message(t, conv, n))
				}
				try(s.Ingest(t.Context(), b))
			},
			"truncate": func(t *rapid.T) {
				try(s.Truncate(t.Context(), rapid.SampledFrom(convs).Draw(t, "conv"), rapid.Uint64Range(20, 150).Draw(t, "after")))
			},
			"settle": func(*rapid.T) { try(store.WaitIdle(t.Context(), s, idle)) },
			"reopen": func(*rapid.T) {
				try(s.Close())
				open()
			},
			"rewrite": func(t *rapid.T) {
				try(s.Close())
				try(store.Rewrite(path, withKey(store.Options{}).Key))
				open()
			},
			"old file": func(t *rapid.T) {
				try(s.Close())
				try(forgetIndex(path))
				open()
				try(store.WaitIdle(t.Context(), s, idle))
			},
			"": func(t *rapid.T) {
				q := store.SearchQuery{
					Text: strings.ToLower(rapid.SampledFrom([]string{"好", "你好", "好的好", "a", "ab", "abc", "好 ab", "2024 我", "pdf", "", "的的的的"}).Draw(t, "query")),
					From: rapid.SampledFrom([]im.UserID{"", "", "carol"}).Draw(t, "from"), Limit: 10, Offset: rapid.IntRange(0, 12).Draw(t, "offset"),
					Conversation: rapid.SampledFrom(append(convs, "", "")).Draw(t, "in"),
					Kinds: rapid.SampledFrom([][]store.SearchKind{nil, nil, {store.SearchText}, {store.SearchFile}, {store.SearchText, store.SearchFile},
						{store.SearchImage, store.SearchFile}}).Draw(t, "kinds"),
				}
				if rapid.Bool().Draw(t, "dates") {
					q.Since, q.Until = time.UnixMilli(1_700_000_000_000+5*60_000), time.UnixMilli(1_700_000_000_000+30*60_000)
				}
				var want []im.Message
				for _, conv := range convs {
					list, err := s.Page(conv, 0, 1<<20)
					try(err)
					for _, m := range list {
						if wanted(&q, &m) {
							want = append(want, m)
						}
					}
				}
				if q.Text == "" && q.From == "" && q.Conversation == "" && q.Kinds == nil && q.Since.IsZero() {
					want = nil
				}
				slices.SortFunc(want, func(a, b im.Message) int {
					return cmp.Or(cmp.Compare(b.Time/1000, a.Time/1000), cmp.Compare(a.ConversationID, b.ConversationID), cmp.Compare(b.Sequence, a.Sequence))
				})
				r, err := s.Search(t.Context(), q)
				try(err)
				if r.Indexing || int(r.Total) != len(want) {
					t.Fatalf("%+v: %d found, want %d (%v)", q, r.Total, len(want), r.Indexing)
				}
				page := want[min(q.Offset, len(want)):]
				page = page[:min(q.Limit, len(page))]
				if len(r.Hits) != len(page) {
					t.Fatalf("%+v: %d hits, want %d", q, len(r.Hits), len(page))
				}
				for i, h := range r.Hits {
					if h.Message.ConversationID != page[i].ConversationID || h.Message.Sequence != page[i].Sequence {
						t.Fatalf("%+v: hit %d is %s %d, want %s %d", q, i, h.Message.ConversationID, h.Message.Sequence, page[i].ConversationID, page[i].Sequence)
					}
					if (q.Text != "") != (len(h.Highlights) > 0) {
						t.Fatalf("%+v: %q has highlights %v", q, h.Text, h.Highlights)
					}
				}
			},
		})
		try(s.Close())
		checkFile(test, path)
		open()
	})
}

func wanted(q *store.SearchQuery, m *im.Message) bool {
	if m.IsPlaceMessage || m.IsRevoked {
		return false
	}
	words, kind := "", store.SearchText
	switch p := m.Payload.(type) {
	case im.TextPayload:
		words = p.Text
	case im.FilePayload:
		words, kind = p.FileName, store.SearchFile
	case im.ImagePayload:
		kind = store.SearchImage
	}
	at := time.UnixMilli(m.Time)
	return contains(words, q.Text) && (q.From == "" || m.From == q.From) && (q.Conversation == "" || m.ConversationID == q.Conversation) &&
		(q.Kinds == nil || slices.Contains(q.Kinds, kind)) && (q.Since.IsZero() || !at.Before(q.Since) && !at.After(q.Until))
}
