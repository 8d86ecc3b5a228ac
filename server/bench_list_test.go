package server

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"magpie/im"
	"magpie/im/wire"
)

// The first page of 100 for somebody with 10,000 conversations, asked for while
// messages come in, and what the first time costs, when the list is not yet in
// memory.
func BenchmarkConversationList(b *testing.B) {
	const n, lively = 10_000, 200
	s := reopen(b, b.TempDir(), func(o *Options) { o.Logf = nil })
	alice := connect(b, s, "alice", "a")
	user := func(i int) im.UserID { return im.UserID(fmt.Sprintf("user%05d", i)) }
	var wg sync.WaitGroup
	for w := range 16 {
		wg.Go(func() {
			for i := w; i < n; i += 16 {
				k, now := c2cKey("alice", user(i)), s.now()
				err := s.inboxes.ensure(b.Context(), "alice", k, inboxEntry{Since: now})
				if err == nil && i < lively {
					_, err = s.accounts.create(b.Context(), user(i), "", string(user(i)))
				}
				// Those that stay behind the first page have a head and no log.
				if err == nil && i >= lively {
					err = s.heads.write(b.Context(), k, headEntry{N: 1, Seq: 1, U: 1, Time: 1, Shown: 1, ShownTime: 1})
				}
				if err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	if b.Failed() {
		b.FailNow()
	}
	for i := range lively {
		put(b, s, c2cKey("alice", user(i)), user(i), i, 0)
	}
	page := func() time.Duration {
		start := time.Now()
		l := alice.convs()
		took := time.Since(start)
		if len(l.List) != im.ConversationPage || l.TotalUnread < n {
			b.Fatalf("%d rows, %d unread", len(l.List), l.TotalUnread)
		}
		return took
	}
	first := page()
	var pages []time.Duration
	i := 0
	for b.Loop() {
		u := user(i * 37 % lively)
		put(b, s, c2cKey("alice", u), u, lively+i, 0)
		i++
		pages = append(pages, page())
	}
	p50 := percentile(pages, 0.5)
	b.ReportMetric(p50, "ms-list")
	row("server/conversation_list_p50", p50, "ms", "<= 10")
	row("server/conversation_list_p99", percentile(pages, 0.99), "ms", "-")
	row("server/conversation_list_first", float64(first)/1e6, "ms", "-")
}

// From the request to recall a message to its push at another member, in a log
// whose file is nearly full: all of it is written anew to erase one message.
func BenchmarkRevoke(b *testing.B) {
	s := reopen(b, b.TempDir(), func(o *Options) { o.Logf = nil; o.Partitions = 1 })
	alice, bob := connect(b, s, "alice", "a"), connect(b, s, "bob", "b")
	for i := range 1000 {
		r := textRecord(c2cKey("carol", "dave"), "carol", fmt.Sprint("carol-x-", i))
		r.body.CloudCustomData = strings.Repeat("x", 6000)
		if _, _, err := s.actors.append(b.Context(), r, 0, ""); err != nil {
			b.Fatal(err)
		}
	}
	var times []time.Duration
	for b.Loop() {
		n := alice.say("C2Cbob", "Shall we meet at eight, where we always do? I bring the maps.").Sequence
		start := time.Now()
		f := wire.Revoke{Head: alice.head(wire.TRevoke), Conversation: "C2Cbob", Sequence: n}
		done := make(chan error, 1)
		go func() {
			_, err := ask[wire.Sent](alice, f.I, f)
			done <- err
		}()
		bob.recallOf(n)
		times = append(times, time.Since(start))
		if err := <-done; err != nil {
			b.Fatal(err)
		}
	}
	p50 := percentile(times, 0.5)
	b.ReportMetric(p50, "ms-revoke")
	row("server/revoke_p50", p50, "ms", "<= 50")
	row("server/revoke_p99", percentile(times, 0.99), "ms", "-")
}
