package server

import (
	"bytes"
	"io"
	"net/http"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"magpie/im"
	"magpie/im/wire"
)

// A file of 100 MB up and down over loopback, and how much heap server and client
// together take for it beyond the content itself.
func BenchmarkFiles(b *testing.B) {
	s := reopen(b, b.TempDir(), func(o *Options) { o.Logf = nil })
	alice := connect(b, s, "alice", "a")
	data := content(1, im.MaxFileBytes)
	buf := make([]byte, 256<<10)
	peak := heapPeak()
	var up, down time.Duration
	n := 0
	for b.Loop() {
		n++
		data[0], data[1] = byte(n), byte(n>>8) // another content each time
		hash := hashOf(data)
		start := time.Now()
		r := alice.patch(s, alice.begin(s, int64(len(data)), hash), 0, bytes.NewReader(data))
		if r.StatusCode != http.StatusNoContent {
			b.Fatal(r.Status, readAll(r))
		}
		up += time.Since(start)
		start = time.Now()
		r = alice.do(s, "GET", wire.BlobsPath+hash, nil, nil)
		got, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{r.Body}, buf)
		if err != nil || got != int64(len(data)) {
			b.Fatal(got, err)
		}
		r.Body.Close()
		down += time.Since(start)
	}
	heap := peak()
	megabytes := float64(n) * float64(len(data)) / 1e6
	row("files/upload of 100 MB", megabytes/up.Seconds(), "MB/s", ">= 150")
	row("files/download of 100 MB", megabytes/down.Seconds(), "MB/s", ">= 150")
	row("files/heap meanwhile", float64(heap)/1e6, "MB", "<= 20")
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
