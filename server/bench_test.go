package server

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"magpie/im"
	"magpie/im/wire"
)

// row prints one line of the table of figures.
func row(name string, value float64, unit, goal string) {
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", name, value, unit, goal)
}

// percentile of durations, in milliseconds.
func percentile(d []time.Duration, p float64) float64 {
	if len(d) == 0 {
		return 0
	}
	slices.Sort(d)
	return float64(d[min(len(d)-1, int(p*float64(len(d))))]) / 1e6
}

// From a client's send over a WebSocket to the acknowledgement of a message
// that is on the disk, beside what one append with fsync costs on that disk at
// that time.
func BenchmarkSendAck(b *testing.B) {
	dir := b.TempDir()
	s := reopen(b, dir, func(o *Options) { o.Logf = nil })
	alice := connect(b, s, "alice", "a")
	accountFor(b, s, "bob")
	f, err := os.Create(filepath.Join(dir, "fsync"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	block := make([]byte, 400)
	var acks, syncs []time.Duration
	one := func() {
		start := time.Now()
		if _, err := f.Write(block); err != nil {
			b.Fatal(err)
		}
		if err := f.Sync(); err != nil {
			b.Fatal(err)
		}
		syncs = append(syncs, time.Since(start))
		start = time.Now()
		alice.say("C2Cbob", "Shall we meet at eight, where we always do? I bring the maps.")
		acks = append(acks, time.Since(start))
	}
	for range 50 {
		one()
	}
	acks, syncs = acks[:0], syncs[:0]
	for b.Loop() {
		one()
	}
	ack, sync := percentile(acks, 0.5), percentile(syncs, 0.5)
	b.ReportMetric(ack, "ms-ack")
	row("server/send_ack_p50", ack, "ms", "-")
	row("server/fsync_p50", sync, "ms", "-")
	row("server/ack_minus_fsync", ack-sync, "ms", "<= 1")
}

// memory reads the resident set of a process in KB.
func memory(b *testing.B, pid int) float64 {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Skipf("resident memory is read from /proc: %v", err)
	}
	for line := range strings.Lines(string(text)) {
		if v, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(v), "kB")), 64)
			if err != nil {
				b.Fatal(err)
			}
			return n
		}
	}
	b.Fatal("no VmRSS")
	return 0
}

// bareProcess starts a Go program that does nothing, for comparison.
func bareProcess(b *testing.B) *exec.Cmd {
	b.Helper()
	dir := b.TempDir()
	const src = "package main\n\nimport \"fmt\"\n\nfunc main() {\n\tfmt.Println(\"ready\")\n\tfmt.Scanln()\n}\n"
	if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte(src), 0o600); err != nil {
		b.Fatal(err)
	}
	bin := filepath.Join(dir, "bare")
	build := exec.Command("go", "build", "-o", bin, filepath.Join(dir, "main.go"))
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("build: %v\n%s", err, out)
	}
	cmd := exec.Command(bin)
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { in.Close(); _ = cmd.Wait() })
	if _, err := out.Read(make([]byte, 8)); err != nil {
		b.Fatal(err)
	}
	return cmd
}

// What the server takes at rest over a program that does nothing.
func BenchmarkMemoryAtRest(b *testing.B) {
	bare := bareProcess(b)
	d := newDaemon(b)
	for b.Loop() {
		runtime.Gosched()
	}
	rest, nothing := memory(b, d.cmd.Process.Pid), memory(b, bare.Process.Pid)
	b.ReportMetric((rest-nothing)/1024, "MB")
	row("server/memory_at_rest", (rest-nothing)/1024, "MB", "<= 25")
}

// crowd signs in many users on a daemon, a few at a time.
func crowd(b *testing.B, d *daemon, n int) []*websocket.Conn {
	b.Helper()
	keys, err := ReadKeys(Folder{Data: d.data})
	if err != nil {
		b.Fatal(err)
	}
	conns := make([]*websocket.Conn, n)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				user := im.UserID(fmt.Sprintf("user%05d", i))
				sig, err := keys.UserSig(user, time.Hour, time.Now())
				if err != nil {
					b.Error(err)
					return
				}
				dialer := websocket.Dialer{ReadBufferSize: 1 << 10, WriteBufferSize: 1 << 10}
				ws, resp, err := dialer.Dial(d.url.Load().(string), nil)
				if err != nil {
					b.Error(err)
					return
				}
				resp.Body.Close()
				conns[i] = ws
				h := wire.Hello{Head: wire.Head{T: wire.THello, I: 1}, V: 1, User: user, Device: "bench", UserSig: sig}
				if err := ws.WriteJSON(h); err != nil {
					b.Error(err)
					return
				}
				if _, m, err := ws.ReadMessage(); err != nil || !strings.Contains(string(m), `"sid"`) {
					b.Errorf("hello: %s %v", m, err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.Cleanup(func() {
		for _, ws := range conns {
			if ws != nil {
				ws.Close()
			}
		}
	})
	if b.Failed() {
		b.FailNow()
	}
	return conns
}

// Many people signed in at once: how many, and the server's memory for each.
func BenchmarkConnections(b *testing.B) {
	const n = 5000
	d := newDaemon(b)
	// The accounts are made first: they are no cost of a connection.
	for _, ws := range crowd(b, d, n) {
		ws.Close()
	}
	d.kill()
	d.start()
	before := memory(b, d.cmd.Process.Pid)
	conns := crowd(b, d, n)
	for b.Loop() {
		runtime.Gosched()
	}
	// All of them are alive: each gets an answer.
	for _, ws := range conns {
		if err := ws.WriteMessage(websocket.TextMessage, []byte(`{"t":"convs","i":2}`)); err != nil {
			b.Fatal(err)
		}
	}
	alive := 0
	for _, ws := range conns {
		if _, m, err := ws.ReadMessage(); err == nil && strings.Contains(string(m), `"t":"convs"`) {
			alive++
		}
	}
	each := (memory(b, d.cmd.Process.Pid) - before) / n
	b.ReportMetric(each, "KB/conn")
	row("server/connections", float64(alive), "connections", ">= 5000")
	row("server/memory_per_connection", each, "KB", "<= 40")
}

// 1,000 messages a second, each to the two people of a conversation, for some
// seconds: from the send to the push at the other end.
func BenchmarkThousandMessages(b *testing.B) { thousandMessages(b, newDaemon(b)) }

// syncDisk writes a little with fsync every 10 ms until stop is closed, and
// returns how long each took.
func syncDisk(b *testing.B, dir string, stop <-chan struct{}) (took []time.Duration) {
	f, err := os.Create(filepath.Join(dir, "fsync"))
	if err != nil {
		b.Error(err)
		return nil
	}
	defer f.Close()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return took
		case <-tick.C:
			start := time.Now()
			if _, err := f.Write(make([]byte, 400)); err != nil {
				b.Error(err)
				return took
			}
			if err := f.Sync(); err != nil {
				b.Error(err)
				return took
			}
			took = append(took, time.Since(start))
		}
	}
}

func thousandMessages(b *testing.B, d *daemon) {
	const people, perSecond, seconds = 200, 1000, 8
	conns := crowd(b, d, people)
	var mu sync.Mutex
	var latencies []time.Duration
	var acks, firsts, errs atomic.Int64
	sent := make([]time.Time, perSecond*seconds)
	var readers sync.WaitGroup
	want := perSecond * seconds
	arrived := make(chan struct{})
	got := 0
	for _, ws := range conns {
		readers.Go(func() {
			for {
				_, message, err := ws.ReadMessage()
				if err != nil {
					return
				}
				now := time.Now()
				for line := range wire.Lines(message) {
					head, err := wire.Peek(line)
					switch {
					case err != nil || head.T == wire.TError:
						errs.Add(1)
					case head.T == wire.TOK:
						acks.Add(1)
					case head.T == wire.TMessage:
						m, err := wire.Decode[wire.Message](line)
						if err != nil {
							errs.Add(1)
							continue
						}
						k := int(m.Message.ClientSequence)
						if k == want {
							firsts.Add(1)
							continue
						}
						mu.Lock()
						latencies = append(latencies, now.Sub(sent[k]))
						if got++; got == want {
							close(arrived)
						}
						mu.Unlock()
					}
				}
			}
		})
	}
	// Everybody has said something before: making a conversation is not measured.
	for k := range people {
		from := k
		m := im.Message{
			ID:             im.MessageID(fmt.Sprintf("user%05d-bench-first", from)),
			ConversationID: im.C2C(im.UserID(fmt.Sprintf("user%05d", from^1))),
			Type:           im.MsgText, Payload: im.TextPayload{Text: "Hello!"}, ClientSequence: uint64(want),
		}
		if err := conns[from].WriteJSON(wire.Send{Head: wire.Head{T: wire.TSend, I: 1}, Message: m}); err != nil {
			b.Fatal(err)
		}
	}
	waitFor(b, "the first messages", func() bool { return acks.Load() == people && firsts.Load() == people })
	// Beside it: what fsync alone takes on this disk at that time.
	var syncs []time.Duration
	stopSync, synced := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(synced)
		syncs = syncDisk(b, d.data, stopSync)
	}()
	for b.Loop() {
		if got > 0 {
			break
		}
		start := time.Now()
		ticker := time.NewTicker(time.Millisecond)
		for k := 0; k < want; {
			<-ticker.C
			for due := int(time.Since(start).Seconds() * perSecond); k < min(due, want); k++ {
				from := k % people
				m := im.Message{
					ID:             im.MessageID(fmt.Sprintf("user%05d-bench-%08d", from, k)),
					ConversationID: im.C2C(im.UserID(fmt.Sprintf("user%05d", from^1))),
					Type:           im.MsgText, Payload: im.TextPayload{Text: "Shall we meet at eight, where we always do?"},
					ClientSequence: uint64(k),
				}
				mu.Lock()
				sent[k] = time.Now()
				mu.Unlock()
				if err := conns[from].WriteJSON(wire.Send{Head: wire.Head{T: wire.TSend, I: uint64(k + 2)}, Message: m}); err != nil {
					b.Fatal(err)
				}
			}
		}
		ticker.Stop()
		select {
		case <-arrived:
		case <-time.After(patience):
			b.Errorf("%d of %d arrived, %d errors", got, want, errs.Load())
		}
		took := time.Since(start).Seconds()
		row("server/messages_per_second", float64(want)/took, "msg/s", "-")
	}
	close(stopSync)
	<-synced
	for _, ws := range conns {
		ws.Close()
	}
	readers.Wait()
	row("server/fsync_p99_at_1000", percentile(syncs, 0.99), "ms", "-")
	row("server/fsync_max_at_1000", percentile(syncs, 1), "ms", "-")
	row("server/push_max_at_1000", percentile(latencies, 1), "ms", "-")
	p99 := percentile(latencies, 0.99)
	b.ReportMetric(p99, "ms-p99")
	row("server/push_p50_at_1000", percentile(latencies, 0.5), "ms", "-")
	row("server/push_p99_at_1000", p99, "ms", "<= 50")
	if errs.Load() > 0 {
		b.Errorf("%d errors", errs.Load())
	}
}
