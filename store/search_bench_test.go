package store_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"
	"unicode"

	"magpie/im"
	"magpie/store"
	"magpie/store/corpus/standard"
	"magpie/store/storetest"
)

// BenchmarkSearch looks for what is in the standard corpus: runs of characters
// and words as often as they are said, each with its total and 20 messages.
func BenchmarkSearch(b *testing.B) {
	var stores [2]*store.Store
	var plan *standard.Plan
	for i, w := range []*way{{name: "open"}, {name: "sealed", key: testKey()}} {
		path, p := storetest.Standard(b)
		plan = p
		sealLater(b, path, w.options(standard.Account))
		debug.FreeOSMemory()
		before := heapMB()
		began := time.Now()
		s, _, err := store.Open(path, w.options(standard.Account))
		ok(b, err)
		b.Cleanup(func() { ok(b, s.Close()) })
		opened := milliseconds(time.Since(began))
		began = time.Now()
		_, err = s.Search(b.Context(), store.SearchQuery{Text: "明天"})
		ok(b, err)
		first := milliseconds(time.Since(began))
		debug.FreeOSMemory()
		stores[i] = s
		suffix := map[string]string{"sealed": ", sealed"}[w.name]
		printFigure("search/open 1M"+suffix, opened, "ms", "<= 10")
		printFigure("search/first after open"+suffix, first, "ms", "-")
		printFigure("search/heap of 1M"+suffix, heapMB()-before, "MB", "<= 30")
		bytes, err := storetest.StandardTextBytes(s)
		ok(b, err)
		index, err := store.IndexBytes(s)
		ok(b, err)
		printFigure("search/index to text"+suffix, float64(index)/float64(bytes), "x", "<= 1")
	}
	zh, en := samples(plan)
	for _, kind := range []struct {
		name    string
		queries []string
	}{
		{"1 Chinese character", cut(zh, 1)}, {"2 Chinese characters", cut(zh, 2)}, {"3 Chinese characters", cut(zh, 3)},
		{"a common English word", []string{"the", "you", "ok", "time", "good"}}, {"an English word", en}, {"two words", pairs(en)},
		{"the beginning of a word", beginnings(en)},
	} {
		measureSearch(b, stores, kind.name, kind.queries, func(q *store.SearchQuery) {})
	}
	measureSearch(b, stores, "one person, a year", cut(zh, 1), func(q *store.SearchQuery) {
		q.Conversation, q.From, q.Since, q.Until = standard.Big, standard.Account, time.Unix(1_600_000_000, 0), time.Unix(1_630_000_000, 0)
	})
	for b.Loop() {
		_, err := stores[1].Search(b.Context(), store.SearchQuery{Text: "明天"})
		ok(b, err)
	}
}

func heapMB() float64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapInuse) / 1e6
}

func measureSearch(b *testing.B, stores [2]*store.Store, name string, queries []string, with func(*store.SearchQuery)) {
	var took [2][]time.Duration
	for i := range 300 {
		q := store.SearchQuery{Text: queries[i%len(queries)]}
		with(&q)
		for w, s := range stores {
			began := time.Now()
			r, err := s.Search(b.Context(), q)
			took[w] = append(took[w], time.Since(began))
			if err != nil || r.Indexing {
				b.Fatal(err, r.Indexing)
			}
		}
	}
	printBoth("search/"+name+", p50", milliseconds(median(took[0])), milliseconds(median(took[1])), "ms", "<= 10")
	// The slowest are too few to compare.
	for w, suffix := range []string{"", ", sealed"} {
		printFigure("search/"+name+", p99"+suffix, milliseconds(took[w][len(took[w])*99/100]), "ms", "<= 30")
	}
}

// samples are runs of Chinese and English words of messages chosen by chance, so
// that what is said often is looked for often.
func samples(plan *standard.Plan) (zh [][]rune, en []string) {
	r := rand.New(rand.NewPCG(7, 7))
	for len(zh) < 300 || len(en) < 300 {
		m := plan.Message(r.IntN(len(plan.Conversations())), 1+r.Uint64N(150))
		p, is := m.Payload.(im.TextPayload)
		if !is {
			continue
		}
		for _, w := range strings.FieldsFunc(p.Text, func(r rune) bool { return !unicode.Is(unicode.Han, r) }) {
			if run := []rune(w); len(run) >= 3 && r.IntN(4) == 0 {
				zh = append(zh, run)
			}
		}
		for _, w := range strings.Fields(p.Text) {
			if len(w) > 1 && w[0] >= 'a' && w[0] <= 'z' && r.IntN(4) == 0 && !strings.Contains(w, "/") {
				en = append(en, w)
			}
		}
	}
	return zh, en
}

func cut(runs [][]rune, n int) (list []string) {
	for i, run := range runs {
		at := i % (len(run) - n + 1)
		list = append(list, string(run[at:at+n]))
	}
	return list
}

func pairs(words []string) (list []string) {
	for i := 1; i < len(words); i++ {
		list = append(list, words[i-1]+" "+words[i])
	}
	return list
}

func beginnings(words []string) (list []string) {
	for i, w := range words {
		list = append(list, w[:1+i%min(len(w), 3)])
	}
	return list
}

// BenchmarkIngestStandard stores messages of the standard corpus, as a client
// that was away gets them, until all of them are found.
func BenchmarkIngestStandard(b *testing.B) {
	const messages = 100_000
	open, sealed := measure(b, func(w *way) func() time.Duration {
		return func() time.Duration {
			took, _ := writeCorpus(b, w, standard.Options{Messages: messages, Seed: 2})
			return took
		}
	})
	printBoth("search/ingest", messages/open.Seconds(), messages/sealed.Seconds(), "messages/s", ">= 20000")
	const short = 200_000
	var size [2]float64
	for i, w := range []*way{{}, {key: testKey()}} {
		_, n := writeCorpus(b, w, standard.Options{Messages: short, Seed: 2, ShortTexts: true})
		size[i] = float64(n) / short
	}
	printBoth("store/bytes a short message", size[0], size[1], "B", "<= 250")
}

// writeCorpus returns how long it took and how large the closed file is.
func writeCorpus(b *testing.B, w *way, o standard.Options) (took time.Duration, size int64) {
	dir, err := storetest.BenchDir()
	ok(b, err)
	dir, err = os.MkdirTemp(dir, "ingest-")
	ok(b, err)
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "cache.db")
	s, _, err := store.Open(path, store.Options{Account: standard.Account, Key: w.key, BatchWindow: -1})
	ok(b, err)
	plan := standard.NewPlan(o)
	began := time.Now()
	ok(b, plan.Write(b.Context(), s, nil))
	took = time.Since(began)
	ok(b, s.Close())
	info, err := os.Stat(path)
	ok(b, err)
	return took, info.Size()
}
