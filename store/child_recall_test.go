package store_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"magpie/im"
	"magpie/store"
)

// childRecallEnv, set beside childEnv, makes the child recall what it wrote.
const childRecallEnv = "MAGPIE_STORE_TEST_CHILD_RECALLS"

// secretOf is what message n says; no other text holds it.
func secretOf(n uint64) string { return fmt.Sprintf("<secret %d of the owl>", n) }

// childRecall writes a message and recalls it, again and again, while another
// conversation grows.
func childRecall(s *store.Store) error {
	ctx := context.Background()
	c, _, err := s.Conversation(team)
	if err != nil {
		return err
	}
	go func(from uint64) {
		for ; ; from += 20 {
			if err := s.Ingest(ctx, batch(team, from, from+19)); err != nil {
				return
			}
		}
	}(c.Last + 1)
	c, _, err = s.Conversation(bob)
	if err != nil {
		return err
	}
	for n := c.Last + 1; ; n += 2 {
		if err := s.Ingest(ctx, store.Batch{Conversation: bob, Messages: []im.Message{text(bob, n, secretOf(n))}}); err != nil {
			return err
		}
		fmt.Println("said", n)
		if n%3 == 0 {
			continue // this one stays
		}
		if err := s.Ingest(ctx, store.Batch{Conversation: bob, Messages: []im.Message{recall(bob, n+1, n)}}); err != nil {
			return err
		}
		fmt.Println("recalled", n)
	}
}

// Killed at any moment of recalling and erasing, the file is whole, what was not
// recalled is there, and of what was recalled no byte is left once it was opened.
func TestKillWhileErasing(t *testing.T) { bothWays(t, testKillWhileErasing) }

func testKillWhileErasing(t *testing.T) {
	rounds := fewer(12)
	if testing.Short() {
		rounds = 3
	}
	t.Setenv(childRecallEnv, "1")
	path := filepath.Join(t.TempDir(), "cache.db")
	said, recalled := map[uint64]bool{}, map[uint64]bool{}
	enough := func() bool { return len(recalled) >= fewer(10) }
	for round, longer := range kills(rounds, enough) {
		// The first erasing comes 100 ms after the first recall.
		for _, line := range killed(t, path, time.Duration(longer*(50+rand.IntN(250)))*time.Millisecond) {
			what, value, found := strings.Cut(line, " ")
			if !found {
				continue // cut off by the kill
			}
			var n uint64
			_, err := fmt.Sscan(value, &n)
			ok(t, err)
			switch what {
			case "said":
				said[n] = true
			case "recalled":
				recalled[n] = true
			default:
				t.Fatalf("round %d: the child says %q", round, line)
			}
		}
		s, report, err := openStoreAt(path, store.Options{Account: me})
		ok(t, err)
		if report.SetAside != "" {
			t.Fatalf("round %d: a kill damaged the file", round)
		}
		for n := range said {
			m, found, err := s.Message(text(bob, n, "").ID)
			ok(t, err)
			if !found || recalled[n] && !m.IsRevoked {
				t.Fatalf("round %d: message %d is %+v (%v)", round, n, m, found)
			}
			if !m.IsRevoked && m.Payload != (im.TextPayload{Text: secretOf(n)}) {
				t.Fatalf("round %d: message %d says %v", round, n, m.Payload)
			}
		}
		ok(t, s.Close()) // finishes what the child began
		all := content(t, path)
		for n := range recalled {
			if bytes.Contains(all, []byte(secretOf(n))) {
				t.Fatalf("round %d: message %d was recalled and is in the file", round, n)
			}
		}
		checkFile(t, path)
	}
	if !enough() {
		t.Fatalf("%d messages were recalled: the test tests nothing", len(recalled))
	}
}
