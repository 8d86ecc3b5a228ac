package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"magpie/im"
	"magpie/store"
	"magpie/store/storetest"
)

func printFigure(name string, value float64, unit, goal string) {
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", name, value, unit, goal)
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func median(list []time.Duration) time.Duration {
	slices.Sort(list)
	return list[len(list)/2]
}

// BenchmarkPage reads pages of 64 at random places of a million messages.
func BenchmarkPage(b *testing.B) {
	path, conv := storetest.MillionMessages(b)
	s, _, err := openStoreAt(path, store.Options{Account: storetest.Account})
	ok(b, err)
	defer s.Close()
	var took []time.Duration
	at := uint64(1)
	for b.Loop() {
		at = (at*2862933555777941757 + 3037000493) % storetest.Messages // a fixed walk over all of it
		began := time.Now()
		list, err := s.Page(conv, at+65, 64)
		took = append(took, time.Since(began))
		if err != nil || len(list) != 64 {
			b.Fatal(len(list), err)
		}
	}
	printFigure("store/page64_1M", milliseconds(median(took)), "ms", "<= 0.3")
}

// BenchmarkIngest stores a backlog as a client that was away gets it: pages of
// 100 messages, a few under way at once, fsync on.
func BenchmarkIngest(b *testing.B) {
	const pages, underWay = 200, 8
	convs := []im.ConversationID{bob, team, "C2Ccarol", "C2Cdave"}
	var took []time.Duration
	for b.Loop() {
		b.StopTimer()
		dir, err := storetest.BenchDir()
		ok(b, err)
		dir, err = os.MkdirTemp(dir, "ingest-")
		ok(b, err)
		s, _, err := openStoreAt(filepath.Join(dir, "cache.db"), store.Options{})
		ok(b, err)
		var backlog []store.Batch
		for p := range uint64(pages) {
			n := p/uint64(len(convs))*100 + 1
			backlog = append(backlog, batch(convs[p%uint64(len(convs))], n, n+99))
		}
		b.StartTimer()
		began := time.Now()
		work, failed := make(chan store.Batch), make(chan error, underWay)
		for range underWay {
			go func() {
				for p := range work {
					if err := s.Ingest(b.Context(), p); err != nil {
						failed <- err
						return
					}
				}
				failed <- nil
			}()
		}
		for _, p := range backlog {
			work <- p
		}
		close(work)
		for range underWay {
			ok(b, <-failed)
		}
		took = append(took, time.Since(began))
		b.StopTimer()
		ok(b, s.Close())
		ok(b, os.RemoveAll(dir))
		b.StartTimer()
	}
	printFigure("store/ingest", pages*100/median(took).Seconds(), "messages/s", ">= 20000")
}

// BenchmarkOpen opens a store of a million messages and closes it.
func BenchmarkOpen(b *testing.B) {
	path, _ := storetest.MillionMessages(b)
	var took []time.Duration
	for b.Loop() {
		began := time.Now()
		s, _, err := openStoreAt(path, store.Options{Account: storetest.Account})
		took = append(took, time.Since(began))
		ok(b, err)
		ok(b, s.Close())
	}
	printFigure("store/open", milliseconds(median(took)), "ms", "<= 5")
}

// BenchmarkEnqueue measures what a person waits for after Enter, beside what
// one fsync of a page costs on the same disk.
func BenchmarkEnqueue(b *testing.B) {
	path, conv := storetest.MillionMessages(b)
	s, _, err := openStoreAt(path, store.Options{Account: storetest.Account})
	ok(b, err)
	defer s.Close()
	f, err := os.Create(filepath.Join(filepath.Dir(path), "fsync"))
	ok(b, err)
	defer f.Close()
	_, err = f.WriteAt(make([]byte, 1<<20), 0)
	ok(b, err)
	ok(b, f.Sync())
	var took, fsync []time.Duration
	n := 0
	for b.Loop() {
		row := mine(conv, im.MessageID(fmt.Sprintf("wren-pc1-%026d", n)), "明天见")
		began := time.Now()
		_, err := s.Enqueue(b.Context(), row)
		took = append(took, time.Since(began))
		ok(b, err)
		began = time.Now()
		_, err = f.WriteAt(make([]byte, 4096), int64(n%256)*4096)
		ok(b, err)
		ok(b, f.Sync())
		fsync = append(fsync, time.Since(began))
		n++
	}
	printFigure("store/enqueue_p50", milliseconds(median(took)), "ms", "-")
	printFigure("store/fsync_p50", milliseconds(median(fsync)), "ms", "-")
}

// BenchmarkRecall measures a recall until no byte of the message is in the file,
// without the pause by which recalls share the work, in a file of 100,000
// messages.
func BenchmarkRecall(b *testing.B) {
	path := filepath.Join(b.TempDir(), "cache.db")
	s, _, err := openStoreAt(path, store.Options{Account: me})
	ok(b, err)
	defer s.Close()
	tries := store.Erasings(s)
	const count = 100_000
	for from := uint64(1); from < count; from += 1000 {
		ok(b, s.Ingest(b.Context(), batch(bob, from, from+999)))
	}
	var took []time.Duration
	for n := uint64(count + 1); b.Loop(); n++ {
		began := time.Now()
		ingest(b, s, bob, recall(bob, n, (n-count)*37%count))
		ok(b, <-tries)
		took = append(took, time.Since(began))
	}
	printFigure(fmt.Sprintf("store/recall with erasing, %.2g MB free, p50", store.FreeMB(s)), milliseconds(median(took)), "ms", "<= 50")
}
