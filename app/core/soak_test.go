package core

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"magpie/im"
	"magpie/store"
	"magpie/store/storetest"
)

// Environment of the client that is killed: the test binary runs itself.
const (
	childStore  = "MAGPIE_TEST_CHILD_STORE"
	childServer = "MAGPIE_TEST_CHILD_SERVER"
	childGroup  = "MAGPIE_TEST_CHILD_GROUP"
	childDrain  = "MAGPIE_TEST_CHILD_DRAIN"
)

// child is ann: it writes to bob and to the group, and tells on its output
// what is in its outbox ("put ID") and what was acknowledged ("ack ID"). With
// childDrain it writes nothing and ends when the outbox is empty.
func child() int {
	st, _, err := store.Open(os.Getenv(childStore), store.Options{Account: "ann", OpenTimeout: 10 * time.Second})
	if err != nil {
		fmt.Println("error", err)
		return 1
	}
	c, err := New(realOptions(st, os.Getenv(childServer), "ann"))
	if err != nil {
		fmt.Println("error", err)
		return 1
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	sub := c.Subscribe()
	c.Start(ctx)
	if os.Getenv(childDrain) != "" {
		for {
			rows, err := st.Outbox()
			if err != nil {
				fmt.Println("error", err)
				return 1
			}
			if len(rows) == 0 {
				break
			}
			if _, err := c.WaitSent(ctx, rows[0].Message.ID); err != nil {
				fmt.Println("error", err)
				return 1
			}
		}
		if err := c.WaitReady(ctx); err != nil {
			fmt.Println("error", err)
			return 1
		}
		sub.Close()
		_ = c.Close()
		_ = st.Close()
		return 0
	}
	var mu sync.Mutex // one line at a time
	go func() {
		for e := range sub.Events() {
			switch e := e.(type) {
			case MessageUpdated:
				mu.Lock()
				if e.Message.Status == im.StatusSuccess {
					fmt.Println("ack", e.Message.ID, e.Message.Sequence)
				} else if e.Message.Error != nil {
					fmt.Println("error", e.Message.Error)
				}
				mu.Unlock()
			}
		}
	}()
	for i := 0; ; i++ {
		m := c.CreateTextMessage(im.ConvC2C, "bob", fmt.Sprint("ann ", i))
		if i%3 == 2 {
			m = c.CreateTextMessage(im.ConvGroup, os.Getenv(childGroup), fmt.Sprint("ann ", i))
		}
		m, err := c.SendMessage(ctx, m, im.SendOptions{})
		mu.Lock()
		if err != nil {
			fmt.Println("error", err)
		} else {
			fmt.Println("put", m.ID, m.ConversationID)
		}
		mu.Unlock()
		time.Sleep(70 * time.Millisecond) // below the server's rate for one user
	}
}

// killedClient runs child after child on one store.
type killedClient struct {
	t   *testing.T
	env []string
	cmd *exec.Cmd

	mu   sync.Mutex
	put  map[string][]string // conversation → ids, in the order of writing
	acks map[string]string   // id → sequence
	errs []string
	wg   sync.WaitGroup
}

func (k *killedClient) start(extra ...string) {
	k.t.Helper()
	exe, err := os.Executable()
	ok(k.t, err)
	k.cmd = exec.Command(exe)
	k.cmd.Env = append(append(os.Environ(), k.env...), extra...)
	out, err := k.cmd.StdoutPipe()
	ok(k.t, err)
	k.cmd.Stderr = os.Stderr
	ok(k.t, k.cmd.Start())
	k.wg.Go(func() { k.listen(out) })
}

func (k *killedClient) listen(out io.Reader) {
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return // a line that the kill cut off tells nothing
		}
		word := strings.Fields(line)
		k.mu.Lock()
		switch word[0] {
		case "put":
			k.put[word[2]] = append(k.put[word[2]], word[1])
		case "ack":
			if was, again := k.acks[word[1]]; again && was != word[2] {
				k.errs = append(k.errs, fmt.Sprintf("%s was acknowledged as %s and as %s", word[1], was, word[2]))
			}
			k.acks[word[1]] = word[2]
		default:
			k.errs = append(k.errs, strings.TrimSpace(line))
		}
		k.mu.Unlock()
	}
}

func (k *killedClient) kill() {
	_ = k.cmd.Process.Kill()
	k.wg.Wait()
	_ = k.cmd.Wait() // reports the kill
}

// TestNothingIsLostOrDoubled kills the server and a client at random moments
// while both sides write, and then compares what everybody has.
func TestNothingIsLostOrDoubled(t *testing.T) {
	span := 15 * time.Second
	if os.Getenv("MAGPIE_SOAK") != "" {
		span = time.Minute
	}
	s := newMagpied(t, "ann", "bob")
	bob := s.device(t, "bob").ready()
	setup := s.device(t, "ann").ready()
	g, _, err := setup.CreateGroup(t.Context(), im.Group{Name: "g", Type: im.GroupWork}, []im.UserID{"bob"})
	ok(t, err)
	group := string(im.GroupConversation(g.GroupID))
	setup.stop()

	dir := t.TempDir()
	storetest.SoundBelow(t, dir)
	ann := &killedClient{t: t, put: map[string][]string{}, acks: map[string]string{}, env: []string{
		childStore + "=" + filepath.Join(dir, "ann.db"), childServer + "=" + s.url, childGroup + "=" + string(g.GroupID),
	}}
	var writing sync.WaitGroup
	stop := make(chan struct{})
	var bobs []im.Message
	writing.Go(func() {
		tick := time.NewTicker(90 * time.Millisecond)
		defer tick.Stop()
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			case <-tick.C:
			}
			m, err := bob.SendMessage(t.Context(), bob.CreateTextMessage(im.ConvC2C, "ann", fmt.Sprint("bob ", i)), im.SendOptions{})
			if err != nil {
				t.Error(err)
				return
			}
			bobs = append(bobs, m)
		}
	})
	ann.start()
	serverKills, clientKills := 0, 0
	for end := time.Now().Add(span); time.Now().Before(end); {
		time.Sleep(time.Duration(300+rand.IntN(1500)) * time.Millisecond) // the random moments
		if rand.IntN(2) == 0 {
			s.kill()
			s.start()
			serverKills++
		} else {
			ann.kill()
			ann.start()
			clientKills++
		}
	}
	ann.kill()
	close(stop)
	writing.Wait()
	for _, m := range bobs {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		_, err := bob.WaitSent(ctx, m.ID)
		cancel()
		ok(t, err)
	}
	ann.start(childDrain + "=1") // everything is written now; it is Ready when it has all
	ann.wg.Wait()
	ok(t, ann.cmd.Wait())
	for _, e := range ann.errs {
		t.Error(e)
	}
	// A device that was never there has what the server has.
	fresh := s.device(t, "ann").ready()
	st, _, err := store.Open(filepath.Join(dir, "ann.db"), store.Options{Account: "ann"})
	ok(t, err)
	defer st.Close()
	total := 0
	for _, c := range []struct{ anns, bobs im.ConversationID }{{"C2Cbob", "C2Cann"}, {im.ConversationID(group), im.ConversationID(group)}} {
		all, _ := fresh.pages(c.anns, 15)
		truth := history(t, fresh.st, c.anns)
		equal(t, "sequences", all, upTo(1, uint64(len(all))))
		total += len(truth)
		eventually(t, "bob has everything", func() bool { return len(history(t, bob.st, c.bobs)) == len(truth) })
		same(t, "bob's history", history(t, bob.st, c.bobs), truth)
		same(t, "ann's history", history(t, st, c.anns), truth)
		var anns []string
		for _, id := range truth {
			if strings.HasPrefix(id, "ann-") && slices.Contains(ann.put[string(c.anns)], id) {
				anns = append(anns, id)
			}
		}
		same(t, "what ann wrote, once and in order", anns, ann.put[string(c.anns)])
	}
	truth := history(t, fresh.st, "C2Cbob")
	both := append(slices.Clone(truth), history(t, fresh.st, im.ConversationID(group))...)
	for id := range ann.acks {
		if !slices.Contains(both, id) {
			t.Errorf("%s was acknowledged and is gone", id)
		}
	}
	var written []string
	for _, m := range bobs {
		written = append(written, string(m.ID))
	}
	mine := slices.DeleteFunc(truth, func(id string) bool { return !strings.HasPrefix(id, "bob-") })
	same(t, "what bob wrote, once and in order", mine, written)
	// Bob heard each message of ann once, in order.
	bob.ready()
	heard := bob.drain("C2Cann")
	if !slices.IsSorted(heard) || len(slices.Compact(slices.Clone(heard))) != len(heard) {
		t.Errorf("bob heard %v", heard)
	}
	equal(t, "heard", len(heard), len(history(t, bob.st, "C2Cann"))-len(bobs))
	t.Logf("%d messages, %d kills of the server, %d of the client", total, serverKills, clientKills)
	if total < 50 || serverKills+clientKills < 4 {
		t.Errorf("too little happened to prove anything")
	}
}

// same compares lists and tells where they part.
func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if slices.Equal(got, want) {
		return
	}
	at := 0
	for at < min(len(got), len(want)) && got[at] == want[at] {
		at++
	}
	t.Errorf("%s: %d, want %d; they part at %d: got %v, want %v", what, len(got), len(want), at, got[at:min(at+3, len(got))], want[at:min(at+3, len(want))])
}

// history lists the ids of all stored messages.
func history(t *testing.T, st *store.Store, conv im.ConversationID) []string {
	t.Helper()
	list, err := st.PageAfter(conv, 0, 1<<20)
	ok(t, err)
	ids := make([]string, len(list))
	for i, m := range list {
		ids[i] = string(m.ID)
	}
	return ids
}

// drain closes the client, takes the remaining events, and returns what was received.
func (d *device) drain(conv im.ConversationID) []uint64 {
	ok(d.t, d.Close())
	for e := range d.sub.Events() {
		d.seen = append(d.seen, e)
	}
	return d.received(conv)
}
