package store_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"magpie/im"
	"magpie/store"
	"magpie/store/corpus/standard"
	"magpie/store/storetest"
)

// grown is a history of the comparison.
type grown struct {
	path  string
	convs []im.ConversationID
	s     *store.Store
}

func (g *grown) open(b *testing.B) {
	var err error
	g.s, _, err = store.Open(g.path, store.Options{Account: standard.Account})
	ok(b, err)
}

// BenchmarkGrowth does the same, in turns, in the standard corpus and in the larger one
// that MAGPIE_BENCH_CORPUS names (see [BenchmarkScale]), and prints how many times as
// long it takes there: what else the machine does hits both alike.
func BenchmarkGrowth(b *testing.B) {
	path := os.Getenv("MAGPIE_BENCH_CORPUS")
	if path == "" {
		b.Skip("MAGPIE_BENCH_CORPUS names no history to compare with")
	}
	own, plan := storetest.Standard(b)
	large := standard.NewPlan(standard.Options{Messages: benchMessages(b), Seed: 1})
	both := [2]*grown{{path: own, convs: plan.Conversations()}, {path: path, convs: large.Conversations()}}
	// compare runs do n times, in turns, each after before, and prints medians and their ratio, of the time
	// on the clock and of that of the processors, and the ratio of what only one in a
	// hundred takes longer than.
	compare := func(name string, n int, do func(g *grown, i int), before ...func(g *grown)) {
		var took, used [2][]time.Duration
		for i := range n {
			for w, g := range both {
				for _, f := range before {
					f(g)
				}
				began, before := time.Now(), processorTime(b)
				do(g, i)
				took[w] = append(took[w], time.Since(began))
				used[w] = append(used[w], processorTime(b)-before)
			}
		}
		report := func(what string, of [2][]time.Duration, at func([]time.Duration) time.Duration, goal string) {
			before, after := milliseconds(at(of[0])), milliseconds(at(of[1]))
			fmt.Printf("\nBENCH\tgrowth/%s, %s\t%.3g to %.3g\tms\t-\n", name, what, before, after)
			printFigure(fmt.Sprintf("growth/%s, %s, ratio", name, what), after/before, "x", goal)
		}
		report("p50", took, median, "<= 2")
		report("processor time p50", used, median, "-")
		if n >= 100 {
			report("p99", took, func(list []time.Duration) time.Duration {
				slices.Sort(list)
				return list[len(list)*99/100]
			}, "<= 2")
		}
	}

	for _, g := range both {
		g.open(b)
		defer func() { ok(b, g.s.Close()) }()
	}
	compare("open", 25, func(g *grown, _ int) { g.open(b) }, func(g *grown) { ok(b, g.s.Close()) })
	r := rand.New(rand.NewPCG(3, 3))
	compare("first page", 300, func(g *grown, _ int) {
		_, err := g.s.Page(g.convs[r.IntN(len(g.convs))], 0, 64)
		ok(b, err)
	})
	compare("list of 100", 100, func(g *grown, _ int) {
		_, err := g.s.Conversations(0, 100)
		ok(b, err)
	})
	for _, g := range both { // as who opens the search does before anything is typed
		_, err := g.s.Search(b.Context(), store.SearchQuery{Kinds: []store.SearchKind{store.SearchFile}})
		ok(b, err)
		store.WaitMapped(g.s)
	}
	for _, kind := range searchKinds(b, both[0].s, plan) {
		compare("search for "+kind.name, 300, func(g *grown, i int) {
			_, err := g.s.Search(b.Context(), store.SearchQuery{Text: kind.queries[i%len(kind.queries)]})
			ok(b, err)
		})
	}
	b.ReportMetric(0, "ns/op")
}
