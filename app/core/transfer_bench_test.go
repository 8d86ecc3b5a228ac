package core

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"magpie/im"
)

// BenchmarkTransfer is a file of 100 MB from one client to another through a real
// server in a process of its own: into the cache, up until the message is
// acknowledged, down into the other's cache with its hash checked; and the heap
// that both clients take for it.
func BenchmarkTransfer(b *testing.B) {
	s := newMagpied(b, "ann", "bob")
	ann, bob := s.device(b, "ann").ready(), s.device(b, "bob").ready()
	data := content(1, im.MaxFileBytes)
	peak := heapPeak()
	var in, up, down time.Duration
	n := 0
	for b.Loop() {
		n++
		data[0], data[1] = byte(n), byte(n>>8) // another content each time
		start := time.Now()
		m := ann.attach("bob", data)
		in += time.Since(start)
		start = time.Now()
		m, err := ann.SendMessage(b.Context(), m, im.SendOptions{})
		ok(b, err)
		ann.sent(m.ID)
		up += time.Since(start)
		start = time.Now()
		ok(b, bob.Download(b.Context(), m.Payload.(im.FilePayload).FileURL, nil))
		down += time.Since(start)
		ok(b, bob.files.remove(hashOf(data)))
	}
	heap := peak()
	rate := func(d time.Duration) float64 { return float64(n) * float64(len(data)) / 1e6 / d.Seconds() }
	for _, r := range []struct {
		name  string
		value float64
		unit  string
		goal  string
	}{
		{"core/100 MB into the cache", rate(in), "MB/s", "-"},
		{"core/100 MB up, until acknowledged", rate(up), "MB/s", ">= 150"},
		{"core/100 MB down, hash checked", rate(down), "MB/s", ">= 150"},
		{"core/heap of both clients meanwhile", float64(heap) / 1e6, "MB", "<= 20"},
	} {
		fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", r.name, r.value, r.unit, r.goal)
	}
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
