package core

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"magpie/im"
	"magpie/store"
)

// BenchmarkReturn is a device that comes back after a month: of 10,000 messages
// in 250 conversations some were read and some recalled elsewhere. It measures
// from the start until SDK_READY, when everything is on disk with its count, and
// how often the list is told meanwhile.
func BenchmarkReturn(b *testing.B) {
	const conversations, before, since = 250, 10, 40
	g := newGateway(b)
	conv := func(i int) im.ConversationID { return im.C2C(im.UserID(fmt.Sprintf("u%03d", i))) }
	say := func(n int) {
		for i := range conversations {
			g.say(conv(i), im.UserID(fmt.Sprintf("u%03d", i)), n)
		}
	}
	say(before)
	base := filepath.Join(b.TempDir(), "base.db")
	run := func(path string) (time.Duration, []Event, *device) {
		st, _, err := store.Open(path, store.Options{Account: "ann"})
		ok(b, err)
		o := g.options(st)
		o.HoleWait, o.RetryMin = 0, 0 // the defaults
		c, err := New(o)
		ok(b, err)
		d := &device{Client: c, t: b, st: st, path: path, sub: c.Subscribe()}
		begin := time.Now()
		c.Start(b.Context())
		ok(b, c.WaitReady(b.Context()))
		took := time.Since(begin)
		d.until("ready", isReady)
		return took, d.seen, d
	}
	_, _, d := run(base)
	d.stop()
	say(since)
	for i := range conversations {
		if i%5 == 0 { // of what was seen, and of what was not
			g.recall(conv(i), before/2, "u")
			g.recall(conv(i), before+since/2, "u")
		}
		if i%3 == 0 {
			g.set(func() {
				r := g.rows[conv(i)]
				r.Read, r.UnreadCount = before+since/4, r.Last-before-since/4
			})
		}
	}
	var all []time.Duration
	lists := 0.0
	for i := 0; b.Loop(); i++ {
		raw, err := os.ReadFile(base)
		ok(b, err)
		path := filepath.Join(b.TempDir(), fmt.Sprint(i))
		ok(b, os.WriteFile(path, raw, 0o600))
		took, events, d := run(path)
		all = append(all, took)
		received, revoked, told := 0, 0, 0
		for _, e := range events {
			switch e := e.(type) {
			case MessageReceived:
				received += len(e.Messages)
			case MessageRevoked:
				revoked += len(e.Messages)
			case ConversationListUpdated:
				told++
			}
		}
		if received != conversations*since || revoked != conversations/5*2 {
			b.Fatalf("%d received, %d recalled", received, revoked)
		}
		lists = max(lists, float64(told)/took.Seconds())
		for i := range conversations {
			if got, want := d.row(conv(i)).UnreadCount, g.rows[conv(i)].UnreadCount; got != want {
				b.Fatalf("%d unread of %d", got, want)
			}
		}
		d.stop()
	}
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "core/10,000 events after a month away, until ready, p50", median(all), "ms", "<= 2000")
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "core/list events while they are applied, most", lists, "1/s", "<= 21")
}
