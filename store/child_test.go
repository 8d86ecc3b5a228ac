package store_test

import (
	"bufio"
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"magpie/im"
	"magpie/store"
)

// childEnv makes the test binary a process that writes to the store named in it
// until it is killed.
const childEnv = "MAGPIE_STORE_TEST_CHILD"

// childMain is the child: it says on a line of its output what is durable, right
// after the store said so.
func childMain() {
	path := os.Getenv(childEnv)
	if path == "" {
		return
	}
	if how := os.Getenv(childOpenEnv); how != "" {
		if err := childOpen(path, how); err != nil {
			fmt.Println("error", err)
			os.Exit(3)
		}
		os.Exit(0)
	}
	if os.Getenv(childReformEnv) != "" {
		fmt.Println("error", childReform(path))
		os.Exit(3)
	}
	o := store.Options{Account: me}
	if os.Getenv(childSearchEnv) != "" {
		o = searchOptions()
	}
	if os.Getenv(childLifeEnv) != "" {
		o = lifeOptions()
	}
	s, report, err := openStoreAt(path, o)
	if err == nil && report.SetAside != "" {
		err = fmt.Errorf("the file was damaged: %+v", report)
	}
	work := childWrite
	if os.Getenv(childCompactEnv) != "" {
		work = childCompact
	}
	if os.Getenv(childRecallEnv) != "" {
		work = childRecall
	}
	if os.Getenv(childSearchEnv) != "" {
		work = childSearch
	}
	if os.Getenv(childLifeEnv) != "" {
		work = childLife
	}
	if err == nil {
		if err = work(s); err == nil {
			os.Exit(0)
		}
	}
	fmt.Println("error", err)
	os.Exit(3)
}

func childWrite(s *store.Store) error {
	ctx := context.Background()
	c, _, err := s.Conversation(team)
	if err != nil {
		return err
	}
	next := c.Last + 1
	go func() {
		// The network brings pages all the while.
		for from := next; ; from += 50 {
			if err := s.Ingest(ctx, batch(team, from, from+49)); err != nil {
				return
			}
			fmt.Println("ingested", from+49)
		}
	}()
	c, _, err = s.Conversation(bob)
	if err != nil {
		return err
	}
	for n := c.Last + 1; ; n++ {
		id := im.MessageID(fmt.Sprintf("wren-pc-%d-%d", n, time.Now().UnixNano()))
		if _, err := s.Enqueue(ctx, mine(bob, id, "x")); err != nil {
			return err
		}
		fmt.Println("enqueued", id)
		if n%3 == 0 {
			continue // its acknowledgement never comes
		}
		if _, err := s.Acknowledge(ctx, id, n, 1); err != nil {
			return err
		}
		fmt.Println("acknowledged", id)
		if err := s.SetDraft(ctx, bob, fmt.Sprint(n)); err != nil {
			return err
		}
		fmt.Println("draft", n)
	}
}

func TestKill(t *testing.T) { bothWays(t, func(t *testing.T) { testKill(t, "") }) }

// testKill kills children and looks at what they left. also is a word that some of
// them must have said.
func testKill(t *testing.T, also string) {
	rounds := fewer(12)
	if testing.Short() {
		rounds = 3
	}
	path := filepath.Join(t.TempDir(), "cache.db")
	waiting, sent := map[im.MessageID]bool{}, map[im.MessageID]bool{}
	var ingested, drafted uint64
	others := 0
	enough := func() bool { return len(sent) > 0 && ingested > 0 && (also == "" || others > 0) }
	for round, longer := range kills(rounds, enough) {
		for _, line := range killed(t, path, time.Duration(longer*(10+rand.IntN(150)))*time.Millisecond) {
			what, value, found := strings.Cut(line, " ")
			if !found {
				continue // cut off by the kill
			}
			switch what {
			case "enqueued":
				waiting[im.MessageID(value)] = true
			case "acknowledged":
				delete(waiting, im.MessageID(value))
				sent[im.MessageID(value)] = true
			case "ingested":
				_, err := fmt.Sscan(value, &ingested)
				ok(t, err)
			case "draft":
				_, err := fmt.Sscan(value, &drafted)
				ok(t, err)
			case also:
				others++
			default:
				t.Fatalf("round %d: the child says %q", round, line)
			}
		}
		s, report, err := openStoreAt(path, store.Options{Account: me})
		ok(t, err)
		if report.SetAside != "" {
			t.Fatalf("round %d: a kill damaged the file", round)
		}
		rows, err := s.Outbox()
		ok(t, err)
		here := map[im.MessageID]bool{}
		for _, r := range rows {
			here[r.Message.ID] = true
		}
		for id := range waiting {
			// It may have been acknowledged without the child's word getting out.
			if m, found, err := s.Message(id); err != nil || !found || m.Sequence == 0 && !here[id] {
				t.Fatalf("round %d: %s was enqueued and is gone (%v)", round, id, err)
			}
		}
		for id := range sent {
			if m, found, err := s.Message(id); err != nil || !found || m.Sequence == 0 || here[id] {
				t.Fatalf("round %d: %s was acknowledged and is not history (%v)", round, id, err)
			}
		}
		list, err := s.Page(team, 0, 1<<20)
		ok(t, err)
		if n := uint64(len(list)); n < ingested || n%50 != 0 {
			t.Fatalf("round %d: %d messages, %d were ingested in pages of 50", round, n, ingested)
		}
		draft, err := s.Draft(bob)
		ok(t, err)
		var n uint64
		if drafted > 0 {
			_, err = fmt.Sscan(draft, &n)
			ok(t, err)
		}
		if n < drafted {
			t.Fatalf("round %d: draft %d, %d was durable", round, n, drafted)
		}
		ok(t, s.Close())
		checkFile(t, path)
	}
	if !enough() {
		t.Fatal("the children wrote nothing: the test tests nothing")
	}
}

// kills yields the rounds of a test that kills and how many times longer the child is
// to live in each: n rounds, and up to seven times as many more, longer and longer,
// while a busy machine has kept the children from doing enough.
func kills(n int, enough func() bool) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		for round := range 8 * n {
			if round >= n && enough() || !yield(round, 1+round/n) {
				return
			}
		}
	}
}

// killed runs a child, kills it a while after it said its first word, and
// returns what it said.
func killed(t *testing.T, path string, after time.Duration) []string {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), childEnv+"="+path)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	ok(t, err)
	ok(t, child.Start())
	var lines []string
	var timer *time.Timer
	scan := bufio.NewScanner(out)
	for scan.Scan() {
		if timer == nil {
			timer = time.AfterFunc(after, func() { _ = child.Process.Kill() })
			defer timer.Stop()
		}
		lines = append(lines, scan.Text())
	}
	_ = child.Wait() // it was killed
	if len(lines) == 0 {
		t.Fatal("the child said nothing")
	}
	return lines
}
