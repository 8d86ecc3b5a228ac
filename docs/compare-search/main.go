// Command compare-search measures the store's own search index beside bleve, over
// the same messages of the standard corpus and the same queries. It is a module of
// its own, so that the program does not depend on what it was compared with:
//
//	cd docs/compare-search && go run . --messages 200000
//
// Both answer with the exact number of hits and the 20 newest. The store also
// writes the messages themselves and reads the 20 from the disk; bleve has the
// index only and returns ids. bleve's analyzer is its own for Chinese (cjk).
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/lang/cjk"
	"github.com/blevesearch/bleve/v2/search/query"

	"magpie/im"
	"magpie/store"
	"magpie/store/corpus/standard"
)

func main() {
	messages := flag.Int("messages", 200_000, "how many messages")
	flag.Parse()
	if err := run(context.Background(), *messages); err != nil {
		fmt.Fprintln(os.Stderr, "compare-search:", err)
		os.Exit(1)
	}
}

// engine answers a query with the number of its hits.
type engine struct {
	name   string
	dir    string
	ingest func(ctx context.Context, plan *standard.Plan) error
	find   map[string]func(ctx context.Context, text string) (uint64, error)
	close  func() error
}

func run(ctx context.Context, messages int) error {
	plan := standard.NewPlan(standard.Options{Messages: messages, Seed: 1})
	bytes := 0
	for b := range plan.Batches() {
		for i := range b.Messages {
			bytes += len(textOf(&b.Messages[i]))
		}
	}
	queries := sample(plan)
	for _, open := range []func(dir string) (*engine, error){ours, bleves} {
		dir, err := os.MkdirTemp("", "compare-")
		if err != nil {
			return err
		}
		err = measure(ctx, open, dir, plan, messages, bytes, queries)
		if err := errors.Join(err, os.RemoveAll(dir)); err != nil {
			return err
		}
	}
	return nil
}

func measure(ctx context.Context, open func(string) (*engine, error), dir string, plan *standard.Plan, messages, bytes int,
	queries map[string][]string) error {
	e, err := open(dir)
	if err != nil {
		return err
	}
	began := time.Now()
	if err := e.ingest(ctx, plan); err != nil {
		return errors.Join(err, e.close())
	}
	took := time.Since(began)
	fmt.Printf("%s: %.0f messages/s, %.0f MB on disk for %.0f MB of text\n", e.name, float64(messages)/took.Seconds(), size(dir)/1e6, float64(bytes)/1e6)
	for _, kind := range []string{"1 Chinese", "2 Chinese", "3 Chinese", "word"} {
		var times []time.Duration
		hits := uint64(0)
		for _, text := range queries[kind] {
			began := time.Now()
			n, err := e.find[kind](ctx, text)
			if err != nil {
				return errors.Join(err, e.close())
			}
			times = append(times, time.Since(began))
			hits += n
		}
		slices.Sort(times)
		fmt.Printf("  %-10s p50 %8.2f ms, p99 %8.2f ms, %d hits altogether\n", kind, ms(times[len(times)/2]), ms(times[len(times)*99/100]), hits)
	}
	return e.close()
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func size(dir string) float64 {
	n := int64(0)
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			if info, err := d.Info(); err == nil {
				n += info.Size()
			}
		}
		return nil
	})
	return float64(n)
}

func textOf(m *im.Message) string {
	switch p := m.Payload.(type) {
	case im.TextPayload:
		return p.Text
	case im.FilePayload:
		return p.FileName
	}
	return ""
}

// sample takes runs of characters and words out of messages chosen by chance.
func sample(plan *standard.Plan) map[string][]string {
	const most = 200
	r := rand.New(rand.NewPCG(7, 7))
	q := map[string][]string{}
	for len(q["3 Chinese"]) < most || len(q["word"]) < most {
		m := plan.Message(r.IntN(len(plan.Conversations())), 1+r.Uint64N(150))
		text := textOf(&m)
		for _, w := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.Is(unicode.Han, r) }) {
			if run := []rune(w); len(run) >= 3 && r.IntN(4) == 0 && len(q["3 Chinese"]) < most {
				for n, kind := range []string{"1 Chinese", "2 Chinese", "3 Chinese"} {
					q[kind] = append(q[kind], string(run[:n+1]))
				}
			}
		}
		for _, w := range strings.Fields(text) {
			if len(w) > 1 && !strings.ContainsFunc(w, func(r rune) bool { return r < 'a' || r > 'z' }) && len(q["word"]) < most {
				q["word"] = append(q["word"], w)
			}
		}
	}
	return q
}

func ours(dir string) (*engine, error) {
	s, _, err := store.Open(filepath.Join(dir, "history.db"), store.Options{Account: standard.Account, BatchWindow: -1})
	if err != nil {
		return nil, err
	}
	find := func(ctx context.Context, text string) (uint64, error) {
		r, err := s.Search(ctx, store.SearchQuery{Text: text})
		return r.Total, err
	}
	return &engine{
		name: "the store, with the messages", dir: dir, close: s.Close,
		ingest: func(ctx context.Context, plan *standard.Plan) error { return plan.Write(ctx, s, nil) },
		find:   map[string]func(context.Context, string) (uint64, error){"1 Chinese": find, "2 Chinese": find, "3 Chinese": find, "word": find},
	}, nil
}

func bleves(dir string) (*engine, error) {
	mapping := bleve.NewIndexMapping()
	mapping.DefaultAnalyzer = cjk.AnalyzerName
	text := bleve.NewTextFieldMapping()
	text.Store, text.DocValues = false, false
	date := bleve.NewNumericFieldMapping()
	date.Store = false
	mapping.DefaultMapping.AddFieldMappingsAt("text", text)
	mapping.DefaultMapping.AddFieldMappingsAt("date", date)
	index, err := bleve.New(filepath.Join(dir, "index"), mapping)
	if err != nil {
		return nil, err
	}
	find := func(make func(string) query.Query) func(context.Context, string) (uint64, error) {
		return func(ctx context.Context, text string) (uint64, error) {
			req := bleve.NewSearchRequestOptions(make(text), 20, 0, false)
			req.SortBy([]string{"-date"})
			r, err := index.SearchInContext(ctx, req)
			if err != nil {
				return 0, err
			}
			return r.Total, nil
		}
	}
	begins := func(text string) query.Query {
		q := bleve.NewPrefixQuery(text)
		q.SetField("text")
		return q
	}
	phrase := func(text string) query.Query {
		q := bleve.NewMatchPhraseQuery(text)
		q.SetField("text")
		return q
	}
	return &engine{
		name: "bleve, the index alone", dir: dir, close: index.Close,
		ingest: func(_ context.Context, plan *standard.Plan) error {
			batch := index.NewBatch()
			for b := range plan.Batches() {
				for i := range b.Messages {
					m := &b.Messages[i]
					if text := textOf(m); text != "" {
						doc := map[string]any{"text": text, "date": float64(m.Time)}
						if err := batch.Index(fmt.Sprintf("%s/%d", b.Conversation, m.Sequence), doc); err != nil {
							return err
						}
					}
				}
				if batch.Size() >= 1000 {
					if err := index.Batch(batch); err != nil {
						return err
					}
					batch = index.NewBatch()
				}
			}
			return index.Batch(batch)
		},
		find: map[string]func(context.Context, string) (uint64, error){
			"1 Chinese": find(begins), "2 Chinese": find(phrase), "3 Chinese": find(phrase), "word": find(begins),
		},
	}, nil
}
