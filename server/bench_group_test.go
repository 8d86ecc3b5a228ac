package server

import (
	"fmt"
	"os"
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

// processorTime is what a process has used so far, of all processors together.
func processorTime(b *testing.B, pid int) time.Duration {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		b.Skipf("processor time is read from /proc: %v", err)
	}
	// The name in parentheses may hold spaces; utime and stime are the 14th and
	// 15th field, in hundredths of a second.
	rest := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	total := 0
	for _, field := range rest[11:13] {
		n, err := strconv.Atoi(field)
		if err != nil {
			b.Fatal(err)
		}
		total += n
	}
	return time.Duration(total) * 10 * time.Millisecond
}

// A group of 200 in which 40 messages a second are said by its members in turn:
// from the send to the push at each of the others, and what it costs the server.
func BenchmarkGroupOfTwoHundred(b *testing.B) {
	const people, perSecond, seconds = 200, im.GroupMessagesPerSecond, 8
	d := newDaemon(b)
	conns := crowd(b, d, people)
	users := make([]im.UserID, people)
	for i := range users {
		users[i] = im.UserID(fmt.Sprintf("user%05d", i))
	}
	benchGroup(b, conns[0], users)

	total := perSecond * seconds
	sent := make([]time.Time, total)
	var mu sync.Mutex // guards sent and latencies
	latencies := make([]time.Duration, 0, total*people)
	var errs atomic.Int64
	arrived := make(chan struct{})
	want := total * (people - 1)
	var readers sync.WaitGroup
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
					if err != nil || head.T == wire.TError {
						errs.Add(1)
					}
					if err != nil || head.T != wire.TMessage {
						continue
					}
					k := clientSequence(line)
					if k < 0 {
						continue // a tip or notice of the group's making
					}
					mu.Lock()
					latencies = append(latencies, now.Sub(sent[k]))
					if len(latencies) == want {
						close(arrived)
					}
					mu.Unlock()
				}
			}
		})
	}
	for b.Loop() {
		if len(latencies) > 0 {
			break
		}
		used, start := processorTime(b, d.cmd.Process.Pid), time.Now()
		ticker := time.NewTicker(time.Second / perSecond)
		for k := range total {
			<-ticker.C
			from := k % people
			m := im.Message{
				ID:             im.MessageID(fmt.Sprintf("%s-bench-%08d", users[from], k)),
				ConversationID: "GROUPbench", Type: im.MsgText,
				Payload: im.TextPayload{Text: "Shall we meet at eight, where we always do?"}, ClientSequence: uint64(k + 1),
			}
			mu.Lock()
			sent[k] = time.Now()
			mu.Unlock()
			if err := conns[from].WriteJSON(wire.Send{Head: wire.Head{T: wire.TSend, I: uint64(k + 2)}, Message: m}); err != nil {
				b.Fatal(err)
			}
		}
		ticker.Stop()
		select {
		case <-arrived:
		case <-time.After(patience):
			mu.Lock()
			b.Errorf("%d of %d arrived, %d errors", len(latencies), want, errs.Load())
			mu.Unlock()
		}
		cores := (processorTime(b, d.cmd.Process.Pid) - used).Seconds() / time.Since(start).Seconds()
		row("server/group_cores_at_40", cores, "cores", "<= 0.5")
	}
	for _, ws := range conns {
		ws.Close()
	}
	readers.Wait()
	p99 := percentile(latencies, 0.99)
	b.ReportMetric(p99, "ms-p99")
	row("server/group_push_p50_at_40", percentile(latencies, 0.5), "ms", "-")
	row("server/group_push_p99_at_40", p99, "ms", "<= 100")
	if errs.Load() > 0 {
		b.Errorf("%d errors", errs.Load())
	}
}

// benchGroup has the first of users make the group "bench" of all of them, and
// says how long the second hundred took to bring in.
func benchGroup(b *testing.B, ws *websocket.Conn, users []im.UserID) {
	b.Helper()
	answer := func(i uint64, frame any) {
		b.Helper()
		if err := ws.WriteJSON(frame); err != nil {
			b.Fatal(err)
		}
		for {
			_, message, err := ws.ReadMessage()
			if err != nil {
				b.Fatal(err)
			}
			for line := range wire.Lines(message) {
				head, err := wire.Peek(line)
				if err != nil || head.T == wire.TError {
					b.Fatalf("%s: %v", line, err)
				}
				if head.I == i {
					return
				}
			}
		}
	}
	answer(2, wire.GroupCreate{
		Head:  wire.Head{T: wire.TGroupCreate, I: 2},
		Group: im.Group{GroupID: "bench", Name: "Bench", Type: im.GroupPublic}, Members: users[1:100],
	})
	start := time.Now()
	answer(3, wire.GroupInvite{Head: wire.Head{T: wire.TGroupInvite, I: 3}, Group: "bench", Users: users[100:]})
	row("server/invite_100", float64(time.Since(start))/1e6, "ms", "-")
}

// clientSequence reads which of the bench's messages a push is, -1 for others,
// without decoding it: two hundred readers share a process with the clock.
func clientSequence(push []byte) int {
	_, rest, ok := strings.Cut(string(push), `"clientSequence":`)
	digits := rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789"))]
	n, err := strconv.Atoi(digits)
	if !ok || err != nil {
		return -1
	}
	return n - 1
}
