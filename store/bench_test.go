package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"

	"magpie/im"
	"magpie/internal/seal"
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

// way is how a benchmark keeps its files, and what it measured with them.
type way struct {
	name string
	key  *seal.Key // nil: not encrypted
	took []time.Duration
}

func (w *way) options(account im.UserID) store.Options {
	return store.Options{Account: account, Key: w.key}
}

// measure runs something in turns with files that are not encrypted and with
// sealed ones, so that what else the machine does hits both alike. begin returns
// what is done once for each way, and how long it took.
func measure(b *testing.B, begin func(w *way) func() time.Duration) (open, sealed time.Duration) {
	b.Helper()
	ways := [2]*way{{name: "open"}, {name: "sealed", key: testKey()}}
	var do [2]func() time.Duration
	for i, w := range ways {
		do[i] = begin(w)
	}
	for b.Loop() {
		for i, w := range ways {
			w.took = append(w.took, do[i]())
		}
	}
	return median(ways[0].took), median(ways[1].took)
}

// printBoth prints what measure measured: the figure of a file that is not encrypted,
// that of a sealed one, and how many times as long or as large that is.
func printBoth(name string, open, sealed float64, unit, goal string) {
	printFigure(name, open, unit, goal)
	printFigure(name+", sealed", sealed, unit, "-")
	ratio := sealed / open
	if strings.HasSuffix(unit, "/s") {
		ratio = 1 / ratio
	}
	printFigure(name+", sealed to open", ratio, "x", "<= 1.3")
}

// million is storetest.MillionMessages, sealed where it is to be so.
func million(b *testing.B, w *way) (string, im.ConversationID) {
	b.Helper()
	path, conv := storetest.MillionMessages(b)
	sealLater(b, path, w.options(storetest.Account))
	return path, conv
}

// sealLater makes a file sealed if there is a key.
func sealLater(b *testing.B, path string, o store.Options) {
	b.Helper()
	if o.Key == nil {
		return
	}
	began := time.Now()
	s, report, err := store.Open(path, o)
	took := time.Since(began)
	ok(b, err)
	ok(b, s.Close())
	if !report.Sealed {
		b.Fatalf("%+v", report)
	}
	info, err := os.Stat(path)
	ok(b, err)
	printFigure("store/sealing", float64(info.Size())/1e6/took.Seconds(), "MB/s", "-")
}

// BenchmarkPage reads pages of 64 at random places of a million messages.
func BenchmarkPage(b *testing.B) {
	open, sealed := measure(b, func(w *way) func() time.Duration {
		path, conv := million(b, w)
		s, _, err := store.Open(path, w.options(storetest.Account))
		ok(b, err)
		b.Cleanup(func() { ok(b, s.Close()) })
		at := uint64(1)
		return func() time.Duration {
			at = (at*2862933555777941757 + 3037000493) % storetest.Messages // a fixed walk over all of it
			began := time.Now()
			list, err := s.Page(conv, at+65, 64)
			took := time.Since(began)
			if err != nil || len(list) != 64 {
				b.Fatal(len(list), err)
			}
			return took
		}
	})
	printBoth("store/page64_1M", milliseconds(open), milliseconds(sealed), "ms", "<= 0.3")
}

// BenchmarkList reads the first 100 rows of a list of 500 conversations.
func BenchmarkList(b *testing.B) {
	open, sealed := measure(b, func(w *way) func() time.Duration {
		s, _, err := store.Open(filepath.Join(b.TempDir(), "cache.db"), w.options(me))
		ok(b, err)
		b.Cleanup(func() { ok(b, s.Close()) })
		for i := range uint64(500) {
			conv := im.ConversationID(fmt.Sprint("C2Cfriend-", i))
			ok(b, s.Ingest(b.Context(), store.Batch{Conversation: conv, Messages: texts(conv, i+1, i+2), Row: func(c *store.Conversation) {
				c.UserProfile = &im.Profile{UserID: im.UserID(conv.To()), Nick: fmt.Sprint("Friend ", i), Avatar: "https://example.org/a.png"}
			}}))
			if i%10 == 0 {
				ok(b, s.SetDraft(b.Context(), conv, "half a sentence"))
			}
		}
		return func() time.Duration {
			began := time.Now()
			list, err := s.Conversations(0, 100)
			took := time.Since(began)
			if err != nil || len(list) != 100 {
				b.Fatal(len(list), err)
			}
			return took
		}
	})
	printBoth("store/list100", milliseconds(open), milliseconds(sealed), "ms", "-")
}

// BenchmarkIngest stores a backlog as a client that was away gets it: pages of
// 100 messages, a few under way at once, fsync on.
func BenchmarkIngest(b *testing.B) {
	const pages, underWay = 200, 8
	convs := []im.ConversationID{bob, team, "C2Ccarol", "C2Cdave"}
	open, sealed := measure(b, func(w *way) func() time.Duration {
		return func() time.Duration {
			dir, err := storetest.BenchDir()
			ok(b, err)
			dir, err = os.MkdirTemp(dir, "ingest-")
			ok(b, err)
			s, _, err := store.Open(filepath.Join(dir, "cache.db"), w.options(""))
			ok(b, err)
			var backlog []store.Batch
			for p := range uint64(pages) {
				n := p/uint64(len(convs))*100 + 1
				page := batch(convs[p%uint64(len(convs))], n, n+99)
				for i := range page.Messages {
					m := &page.Messages[i]
					m.ID = ulidOf(m.ConversationID, m.Sequence)
				}
				backlog = append(backlog, page)
			}
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
			took := time.Since(began)
			ok(b, s.Close())
			ok(b, os.RemoveAll(dir))
			return took
		}
	})
	printBoth("store/ingest", pages*100/open.Seconds(), pages*100/sealed.Seconds(), "messages/s", ">= 20000")
}

// ulidOf is an id as senders make them.
func ulidOf(conv im.ConversationID, n uint64) im.MessageID {
	id := ulid.MustNew(1_700_000_000_000+n, strings.NewReader(fmt.Sprintf("%-10.10s", conv)))
	return im.MessageID("bob-pc-" + id.String())
}

// BenchmarkOpen opens a store of a million messages and closes it.
func BenchmarkOpen(b *testing.B) {
	open, sealed := measure(b, func(w *way) func() time.Duration {
		path, _ := million(b, w)
		return func() time.Duration {
			began := time.Now()
			s, _, err := store.Open(path, w.options(storetest.Account))
			took := time.Since(began)
			ok(b, err)
			ok(b, s.Close())
			return took
		}
	})
	printBoth("store/open", milliseconds(open), milliseconds(sealed), "ms", "<= 5")
}

// BenchmarkEnqueue measures what a person waits for after Enter, beside what
// one fsync of a page costs on the same disk.
func BenchmarkEnqueue(b *testing.B) {
	path, conv := storetest.MillionMessages(b)
	s, _, err := store.Open(path, store.Options{Account: storetest.Account})
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
	s, _, err := store.Open(path, store.Options{Account: me})
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
