package store_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"testing"
	"time"

	"magpie/im"
	"magpie/store"
	"magpie/store/corpus/standard"
	"magpie/store/storetest"
)

// BenchmarkScale does what a person does all day in a history of 1,000,000
// messages, or in the one that MAGPIE_BENCH_CORPUS names: a file that
//
//	go run ./store/corpus --messages 10000000 --seed 1 DIR
//
// made, which is written to. Two runs side by side say how the cost grows.
func BenchmarkScale(b *testing.B) {
	path, count := os.Getenv("MAGPIE_BENCH_CORPUS"), standard.Messages
	if path == "" {
		path, _ = storetest.Standard(b)
	} else {
		count = benchMessages(b)
	}
	plan := standard.NewPlan(standard.Options{Messages: count, Seed: 1})
	figure := func(name string, value float64, unit, goal string) {
		printFigure(fmt.Sprintf("scale/%s, %.3gM", name, float64(count)/1e6), value, unit, goal)
	}
	p50 := func(name, goal string, n int, do func(i int) error) {
		var took []time.Duration
		for i := range n {
			began := time.Now()
			ok(b, do(i))
			took = append(took, time.Since(began))
		}
		figure(name+" p50", milliseconds(median(took)), "ms", goal)
	}
	b.ReportMetric(0, "ns/op")
	anonEmpty, fileEmpty := emptyStoreKB(b)
	var s *store.Store
	p50("open", "<= 10", 9, func(i int) (err error) {
		if s != nil {
			ok(b, s.Close())
		}
		s, _, err = store.Open(path, store.Options{Account: standard.Account})
		return err
	})
	defer func() { ok(b, s.Close()) }()

	r := rand.New(rand.NewPCG(3, 3))
	convs := plan.Conversations()
	p50("first page", "<= 1", 300, func(int) error {
		_, err := s.Page(convs[r.IntN(len(convs))], 0, 64)
		return err
	})
	p50("list of 100", "<= 2", 30, func(int) error {
		_, err := s.Conversations(0, 100)
		return err
	})
	for _, kind := range searchKinds(b, s, plan) {
		var took []time.Duration
		used := processorTime(b)
		for i := range 300 {
			began := time.Now()
			_, err := s.Search(b.Context(), store.SearchQuery{Text: kind.queries[i%len(kind.queries)]})
			ok(b, err)
			took = append(took, time.Since(began))
		}
		figure(kind.name+" processor time", milliseconds(processorTime(b)-used)/300, "ms", "-")
		slices.Sort(took)
		figure(kind.name+" p50", milliseconds(took[150]), "ms", "<= 10")
		figure(kind.name+" p99", milliseconds(took[297]), "ms", "<= 30")
	}
	debug.FreeOSMemory()
	anon, file := residentKB(b)
	figure("resident beyond an empty store", float64(anon-anonEmpty)/1e3, "MB", "<= 30")
	figure("resident mapped file pages", float64(file-fileEmpty)/1e3, "MB", "-")

	fresh := im.C2C("scale-bench")
	row, _, err := s.Conversation(fresh)
	ok(b, err)
	next := row.Last + 1
	p50("one message", "-", 200, func(int) error {
		next++
		return s.Ingest(b.Context(), batch(fresh, next-1, next-1))
	})
	const messages = 20_000
	began := time.Now()
	for range messages / 100 {
		ok(b, s.Ingest(b.Context(), batch(fresh, next, next+99)))
		next += 100
	}
	figure("ingest in pages of 100, one at a time", messages/time.Since(began).Seconds(), "messages/s", "-")
	info, err := os.Stat(path)
	ok(b, err)
	free, err := store.FreeShare(s)
	ok(b, err)
	figure("bytes a message", float64(info.Size())/float64(count), "B", "-")
	figure("free pages", 100*free, "%", "-")
}

// benchMessages is how many messages are in the history of MAGPIE_BENCH_CORPUS.
func benchMessages(b *testing.B) int {
	n, err := strconv.Atoi(os.Getenv("MAGPIE_BENCH_MESSAGES"))
	if err != nil {
		b.Fatal("MAGPIE_BENCH_MESSAGES says how many messages are in MAGPIE_BENCH_CORPUS:", err)
	}
	return n
}

// searchKind is what is looked for in one way.
type searchKind struct {
	name    string
	queries []string
}

func searchKinds(b *testing.B, s *store.Store, plan *standard.Plan) []searchKind {
	zh, en := samples(plan)
	return []searchKind{
		{"1 Chinese character", cut(zh, 1)}, {"2 Chinese characters", cut(zh, 2)}, {"3 Chinese characters", cut(zh, 3)},
		{"a common English word", []string{"the", "you", "ok", "time", "good"}}, {"a rare English word", rare(b, s, en)}, {"two words", pairs(en)},
	}
}

// rare are those words of a list that are found least.
func rare(b *testing.B, s *store.Store, words []string) []string {
	words = slices.Compact(slices.Sorted(slices.Values(words)))
	totals := map[string]uint64{}
	for _, w := range words {
		page, err := s.Search(b.Context(), store.SearchQuery{Text: w, Limit: 1})
		ok(b, err)
		totals[w] = page.Total
	}
	slices.SortFunc(words, func(a, b string) int { return int(totals[a]) - int(totals[b]) })
	return words[:max(1, len(words)/10)]
}

// emptyStoreKB is what a process with an empty store has resident.
func emptyStoreKB(b *testing.B) (anon, file int64) {
	s, _, err := store.Open(filepath.Join(b.TempDir(), "empty.db"), store.Options{})
	ok(b, err)
	_, err = s.Search(b.Context(), store.SearchQuery{Text: "x"})
	ok(b, err)
	debug.FreeOSMemory()
	anon, file = residentKB(b)
	ok(b, s.Close())
	return anon, file
}

// residentKB is the memory of this process: its own, and the pages of mapped files.
func residentKB(b *testing.B) (anon, file int64) {
	if runtime.GOOS != "linux" {
		return 0, 0
	}
	status, err := os.ReadFile("/proc/self/status")
	ok(b, err)
	for line := range bytes.Lines(status) {
		_, _ = fmt.Sscanf(string(line), "RssAnon: %d kB", &anon) // the other lines do not fit
		_, _ = fmt.Sscanf(string(line), "RssFile: %d kB", &file)
	}
	return anon, file
}

// BenchmarkCompact writes the standard corpus anew while messages arrive.
func BenchmarkCompact(b *testing.B) {
	path, _ := storetest.Standard(b)
	s, _, err := store.Open(path, store.Options{Account: standard.Account})
	ok(b, err)
	defer func() { ok(b, s.Close()) }()
	fresh := im.C2C("compact-bench")
	next := uint64(1)
	arrive := func(done <-chan struct{}) (took []time.Duration) {
		for {
			select {
			case <-done:
				slices.Sort(took)
				return took
			case <-time.After(10 * time.Millisecond):
				began := time.Now()
				if err := s.Ingest(b.Context(), batch(fresh, next, next)); err != nil {
					b.Error(err)
				}
				took = append(took, time.Since(began))
				next++
			}
		}
	}
	over := make(chan struct{})
	time.AfterFunc(2*time.Second, func() { close(over) })
	alone := arrive(over)
	for b.Loop() {
		done, beside := make(chan struct{}), make(chan []time.Duration, 1)
		go func() { beside <- arrive(done) }()
		c, err := s.Compact(b.Context())
		ok(b, err)
		close(done)
		with := <-beside
		printFigure("compact/1M", c.Took.Seconds(), "s", "-")
		printFigure("compact/pause of writing", milliseconds(c.Pause), "ms", "<= 50")
		printFigure("compact/file before and after", float64(c.After)/float64(c.Before), "x", "-")
		printFigure("compact/new message p99 alone", milliseconds(alone[len(alone)*99/100]), "ms", "-")
		printFigure("compact/new message p99 beside", milliseconds(with[len(with)*99/100]), "ms", "<= 50")
		printFigure("compact/new message longest beside", milliseconds(with[len(with)-1]), "ms", "-")
	}
}
