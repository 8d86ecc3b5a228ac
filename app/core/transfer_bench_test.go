package core

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"magpie/im"
	"magpie/internal/seal"
)

// BenchmarkTransfer is a file of 100 MB from one client to another through a real
// server in a process of its own: into the cache, up until the message is
// acknowledged, down into the other's cache with its hash checked; and the heap
// that both clients take for it. With all three disks open and with all sealed, by
// turns: a disk that others use too makes single ones up to twice as slow, so the
// figures are medians.
func BenchmarkTransfer(b *testing.B) {
	keyFile := filepath.Join(b.TempDir(), "key")
	ok(b, os.WriteFile(keyFile, []byte(strings.Repeat("5a", seal.KeySize)), 0o600))
	open, sealed := newWay(b, nil), newWay(b, &seal.Key{'k'}, "--key-file", keyFile)
	data := content(1, im.MaxFileBytes)
	n := 0
	for b.Loop() {
		for range 7 {
			for _, w := range []*way{open, sealed} {
				n++
				data[0], data[1] = byte(n), byte(n>>8) // another content each time
				w.send(b, data)
			}
		}
	}
	for _, r := range []struct {
		name         string
		open, sealed []time.Duration
		goal         string
	}{
		{"100 MB into the cache", open.in, sealed.in, "-"},
		{"100 MB up, until acknowledged", open.up, sealed.up, ">= 150"},
		{"100 MB down, hash checked", open.down, sealed.down, ">= 150"},
	} {
		slices.Sort(r.open)
		slices.Sort(r.sealed)
		o, s := r.open[len(r.open)/2].Seconds(), r.sealed[len(r.sealed)/2].Seconds()
		fmt.Printf("\nBENCH\tcore/%s\t%.4g\tMB/s\t%s\n", r.name, float64(len(data))/1e6/s, r.goal)
		fmt.Printf("\nBENCH\tcore/%s, sealed to open\t%.3g\ttimes\t<= 1.3\n", r.name, s/o)
	}
	fmt.Printf("\nBENCH\tcore/heap of both clients meanwhile\t%.4g\tMB\t<= 20\n", float64(max(open.heap, sealed.heap))/1e6)
}

// way is a server and two clients.
type way struct {
	ann, bob     *device
	in, up, down []time.Duration
	heap         uint64
}

func newWay(b *testing.B, key *seal.Key, flags ...string) *way {
	s := newMagpiedWith(b, flags, "ann", "bob")
	device := func(user string) *device {
		return s.viaAt(b, s.url, user, filepath.Join(b.TempDir(), user+".db"), func(o *Options) { o.Key = key }).ready()
	}
	return &way{ann: device("ann"), bob: device("bob")}
}

func (w *way) send(b *testing.B, data []byte) {
	peak := heapPeak()
	start := time.Now()
	m := w.ann.attach("bob", data)
	w.in = append(w.in, time.Since(start))
	start = time.Now()
	m, err := w.ann.SendMessage(b.Context(), m, im.SendOptions{})
	ok(b, err)
	w.ann.sent(m.ID)
	w.up = append(w.up, time.Since(start))
	start = time.Now()
	ok(b, w.bob.Download(b.Context(), m.Payload.(im.FilePayload).FileURL, nil))
	w.down = append(w.down, time.Since(start))
	ok(b, w.bob.files.remove(hashOf(data)))
	w.heap = max(w.heap, peak())
}

// heapPeak begins to watch the heap; the function it returns tells by how much it
// grew at most.
func heapPeak() func() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	before := m.HeapInuse
	var most atomic.Uint64
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			if m.HeapInuse > before {
				most.Store(max(most.Load(), m.HeapInuse-before))
			}
			select {
			case <-tick.C:
			case <-stop:
				return
			}
		}
	}()
	return func() uint64 {
		close(stop)
		<-done
		return most.Load()
	}
}
