package core

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"magpie/im"
	"magpie/store"
)

// fast lets a server take as many messages as its disk does.
var fast = []string{"--messages-per-second", "100000", "--group-messages-per-second", "100000"}

// inMemory has what follows in a test keep its files where a sync costs nothing, if there
// is such a place, and returns a folder on the disk. Tens of thousands of messages are
// said here that nobody measures.
func inMemory(t *testing.T) (disk string) {
	t.Helper()
	disk, err := os.MkdirTemp("", "filling")
	ok(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(disk) }) // a leftover in the temporary folder
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		t.Setenv("TMPDIR", "/dev/shm")
	}
	return disk
}

// talk sends n texts of bob to each of groups, side by side, and waits for the last.
func (d *device) talk(groups []im.GroupID, n func(i int) int) {
	d.t.Helper()
	last := make([]im.MessageID, len(groups))
	for i, g := range groups {
		for k := range n(i) {
			m, err := d.SendMessage(d.t.Context(), d.CreateTextMessage(im.ConvGroup, string(g), fmt.Sprint("message ", k+1, " of ", g)), im.SendOptions{})
			ok(d.t, err)
			last[i] = m.ID
		}
	}
	for _, id := range last {
		if id == "" {
			continue
		}
		ctx, cancel := context.WithTimeout(d.t.Context(), 5*time.Minute)
		_, err := d.WaitSent(ctx, id)
		cancel()
		ok(d.t, err)
	}
}

// groups makes n groups of bob with ann.
func (d *device) groups(n int) (list []im.GroupID) {
	d.t.Helper()
	for i := range n {
		g, _, err := d.CreateGroup(d.t.Context(), im.Group{Name: fmt.Sprint("group ", i), Type: im.GroupWork}, []im.UserID{"ann"})
		ok(d.t, err)
		list = append(list, g.GroupID)
	}
	return list
}

// alike compares everything that two devices have of a conversation.
func alike(t *testing.T, conv im.ConversationID, a, b *device) {
	t.Helper()
	all := func(d *device) string {
		var ids strings.Builder
		want := uint64(1)
		for {
			list, err := d.st.PageAfter(conv, want-1, 1000)
			ok(t, err)
			if len(list) == 0 {
				return ids.String()
			}
			for _, m := range list {
				if m.Sequence != want {
					t.Fatalf("%s: %d after %d", conv, m.Sequence, want-1)
				}
				want++
				fmt.Fprintln(&ids, m.Sequence, m.ID, m.Payload)
			}
		}
	}
	if all(a) != all(b) {
		t.Fatalf("%s differs", conv)
	}
}

// latency is how long a message of bob takes to ann, n times, with pauses between.
func latency(bob, ann *device, to im.GroupID, n int) (list []time.Duration) {
	for i := range n {
		text := fmt.Sprint("live ", i, rand.Int64())
		began := time.Now()
		bob.say(im.ConvGroup, string(to), text)
		ann.hear(text)
		list = append(list, time.Since(began))
		<-time.After(time.Duration(60+rand.IntN(120)) * time.Millisecond) // people pause
	}
	slices.Sort(list)
	return list
}

// TestBackAfterFiveThousandMessages is a device that was away while 5,000 messages
// were said in 20 conversations, more in one than is caught up with at once.
func TestBackAfterFiveThousandMessages(t *testing.T) {
	inMemory(t)
	s := newMagpiedWith(t, append(fast, "--partitions", "8"), "ann", "bob")
	bob, ann := s.device(t, "bob").ready(), s.device(t, "ann").ready()
	groups := bob.groups(20)
	bob.talk(groups, func(int) int { return 2 })
	ann.hear("message 2 of " + string(groups[19]))
	ann.stop()
	bob.talk(groups, func(i int) int {
		if i == 7 {
			return 1580
		}
		return 180
	})
	st := openStore(t, ann.path)
	o := realOptions(st, s.url, "ann")
	o.NoBackfill = false
	c, err := New(o)
	ok(t, err)
	began := time.Now()
	ann = startDevice(t, c, st, ann.path).ready()
	t.Logf("ready after %v", time.Since(began))
	conv := im.GroupConversation(groups[7])
	p, err := ann.History(t.Context(), conv, HistoryQuery{Limit: 64})
	ok(t, err)
	equal(t, "the newest are here at once", len(p.Messages), 64)
	end := ann.filled()
	t.Logf("filled after %v: %+v", time.Since(began), end)
	equal(t, "missing", end.Missing, uint64(0))
	for _, g := range groups {
		alike(t, im.GroupConversation(g), ann, bob)
	}
}

// TestTenThousand goes into the middle of a conversation of 10,000 messages that a new
// device has only the end of, fills it in the background while people talk, and kills
// the process that fills.
// It takes most of a minute, so it is for make soak; the parts of it are tested with
// less by the others.
func TestTenThousand(t *testing.T) {
	if os.Getenv("MAGPIE_SOAK") == "" {
		t.Skip("10,000 messages take most of a minute: make soak")
	}
	const size = 10_000
	disk := inMemory(t)
	s := newMagpiedWith(t, fast, "ann", "bob")
	bob := s.device(t, "bob").ready()
	groups := bob.groups(2)
	began := time.Now()
	bob.talk(groups[:1], func(int) int { return size })
	t.Logf("said in %v", time.Since(began))
	conv := im.GroupConversation(groups[0])
	last := bob.row(conv).LastMessage.LastSequence

	fresh := func(t *testing.T, backfill bool) *device {
		st := openStore(t, filepath.Join(disk, fmt.Sprint(rand.Int64(), ".db")))
		o := realOptions(st, s.url, "ann")
		o.NoBackfill = !backfill
		c, err := New(o)
		ok(t, err)
		return startDevice(t, c, st, st.Path())
	}

	t.Run("a jump into the middle", func(t *testing.T) {
		ann := fresh(t, false).ready()
		var took []time.Duration
		for _, at := range []uint64{5000, 2500, 7500, 1234, 8765} {
			began := time.Now()
			n, err := ann.FillHistoryAround(t.Context(), conv, at)
			took = append(took, time.Since(began))
			ok(t, err)
			equal(t, "stored", n, 100)
			p, err := ann.History(t.Context(), conv, HistoryQuery{Around: at, Limit: 100})
			ok(t, err)
			equal(t, "here", sequences(p.Messages), upTo(at-50, at+49))
		}
		slices.Sort(took)
		t.Logf("a jump takes %v (%v)", took[len(took)/2], took)
		ranges, err := ann.st.Ranges(conv)
		ok(t, err)
		equal(t, "ranges", len(ranges), 6)
		m := bob.messageAt(conv, 6000)
		began := time.Now()
		hit, err := ann.FindDate(t.Context(), conv, time.UnixMilli(m.Time))
		ok(t, err)
		t.Logf("a date takes %v", time.Since(began))
		if found := bob.messageAt(conv, hit.Sequence); found.Time != m.Time || bob.messageAt(conv, hit.Sequence-1).Time >= m.Time {
			t.Errorf("found %d at %d, wanted the first at %d", hit.Sequence, found.Time, m.Time)
		}
		idle := latency(bob, ann, groups[1], 25)
		// The same device now fills, and people go on talking.
		path := ann.path
		ann.stop()
		st := openStore(t, path)
		o := realOptions(st, s.url, "ann")
		c, err := New(o)
		ok(t, err)
		ann = startDevice(t, c, st, path).ready()
		before := ann.HistoryProgress().Here
		busy := latency(bob, ann, groups[1], 25)
		during := ann.HistoryProgress()
		t.Logf("live latency p50 %v, p90 %v idle; %v, %v filling: %.2f, %.2f times; %d messages filled meanwhile, %d left", idle[12], idle[22], busy[12], busy[22],
			float64(busy[12])/float64(idle[12]), float64(busy[22])/float64(idle[22]), during.Here-before, during.Missing)
		if during.State == FillDone {
			t.Log("all was filled before the end of the measurement")
		}
		if busy[12] > 3*idle[12]+50*time.Millisecond {
			t.Errorf("live messages take %v while filling, %v else", busy[12], idle[12])
		}
		ann.filled()
		alike(t, conv, ann, bob)
	})

	t.Run("filled at once", func(t *testing.T) {
		began := time.Now()
		ann := fresh(t, true).ready()
		end := ann.filled()
		took := time.Since(began)
		t.Logf("%d messages filled in %v: %.0f a second", end.Here, took, float64(last)/took.Seconds())
		alike(t, conv, ann, bob)
	})

	t.Run("killed in the middle", func(t *testing.T) {
		exe, err := os.Executable()
		ok(t, err)
		path := filepath.Join(disk, "killed.db")
		kills := 0
		for ; kills < 50; kills++ {
			child := exec.Command(exe)
			child.Env = append(os.Environ(), childFill+"="+path, childServer+"="+s.url)
			child.Stderr = os.Stderr
			out, err := child.StdoutPipe()
			ok(t, err)
			ok(t, child.Start())
			after := 3 + rand.IntN(25) // pages
			lines := bufio.NewScanner(out)
			done := false
			for !done && after >= 0 && lines.Scan() {
				done = lines.Text() == "done"
				after--
			}
			_ = child.Process.Kill()
			_ = child.Wait() // reports the kill
			ann := &device{t: t, st: openStore(t, path)}
			ann.claims(conv, bob)
			_ = ann.st.Close()
			if done {
				break
			}
		}
		if kills < 3 || kills == 50 {
			t.Errorf("killed %d times", kills)
		}
		ann := &device{t: t, st: openStore(t, path)}
		defer ann.st.Close()
		alike(t, conv, ann, bob)
	})
}

// messageAt is what is stored at a sequence.
func (d *device) messageAt(conv im.ConversationID, n uint64) im.Message {
	d.t.Helper()
	list, err := d.st.PageAfter(conv, n-1, 1)
	ok(d.t, err)
	if len(list) == 0 || list[0].Sequence != n {
		d.t.Fatalf("there is no %d", n)
	}
	return list[0]
}

// claims checks that what a store says is here is what another device has there.
func (d *device) claims(conv im.ConversationID, other *device) {
	d.t.Helper()
	ranges, err := d.st.Ranges(conv)
	ok(d.t, err)
	for _, r := range ranges {
		mine, err := d.st.PageAfter(conv, r.From-1, int(r.To-r.From+1))
		ok(d.t, err)
		theirs, err := other.st.PageAfter(conv, r.From-1, int(r.To-r.From+1))
		ok(d.t, err)
		if len(mine) != len(theirs) {
			d.t.Fatalf("%v: %d of %d", r, len(mine), len(theirs))
		}
		for i := range mine {
			if mine[i].ID != theirs[i].ID || mine[i].Sequence != theirs[i].Sequence {
				d.t.Fatalf("%d is another message", theirs[i].Sequence)
			}
		}
	}
}

// childFill is the store of a client that fills until it is killed.
const childFill = "MAGPIE_TEST_CHILD_FILL"

// fillingChild prints a line for each page, and "done" at the end.
func fillingChild() int {
	st, _, err := store.Open(os.Getenv(childFill), store.Options{Account: "ann", OpenTimeout: 10 * time.Second})
	if err != nil {
		fmt.Println("error", err)
		return 1
	}
	c, err := New(realOptions(st, os.Getenv(childServer), "ann"))
	if err != nil {
		fmt.Println("error", err)
		return 1
	}
	sub := c.Subscribe()
	c.Start(context.Background())
	for e := range sub.Events() {
		switch e := e.(type) {
		case HistoryChanged:
			fmt.Println("filled", e.From, e.To)
		case HistoryProgress:
			if e.State == FillDone {
				fmt.Println("done")
			}
		}
	}
	return 0
}
