package server

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"magpie/im"
)

// The anchors that follow from the last message alone are those that a look at
// the whole conversation would give.
func TestAnchors(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var p position
	starts := map[uint64]uint64{} // page number → stream sequence of its first message
	seq := uint64(0)
	for range 200 {
		n, a, b := p.next()
		seq += 1 + random.Uint64N(50)
		page := pageNumber(n)
		if n == page {
			starts[page] = seq
		}
		p = position{n: n, seq: seq, a: a, b: b}
		if got := p.pageStart(); got != starts[page] {
			t.Fatalf("n %d: page starts at %d, want %d", n, got, starts[page])
		}
		if page > anchorPage {
			if b != starts[page-anchorPage] {
				t.Fatalf("n %d: page before starts at %d, want %d", n, b, starts[page-anchorPage])
			}
		} else if b != 0 {
			t.Fatalf("n %d: has a page before the first at %d", n, b)
		}
		gotN, gotA, gotB, err := parseAnchor(formatAnchor(n, a, b))
		if err != nil || gotN != n || gotA != a || gotB != b {
			t.Fatalf("header of %d %d %d reads %d %d %d, %v", n, a, b, gotN, gotA, gotB, err)
		}
	}
}

func FuzzParseAnchor(f *testing.F) {
	for _, s := range []string{"1 0 0", "17 0 1", "", " ", "1 2", "0 0 0", "-1 2 3", "1  2 3", "99999999999999999999 1 1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, a, b, err := parseAnchor(s)
		if err == nil && n == 0 {
			t.Errorf("%q numbers from 0", s)
		}
		if err == nil {
			if n2, a2, b2, err := parseAnchor(formatAnchor(n, a, b)); err != nil || n2 != n || a2 != a || b2 != b {
				t.Errorf("%q does not survive being written again", s)
			}
		}
	})
}

func FuzzReadCursor(f *testing.F) {
	f.Add(cursor("c/a/b", 17, 4), "c/a/b")
	f.Add("", "c/a/b")
	f.Add("AAAA", "g/x")
	f.Fuzz(func(t *testing.T, s, key string) {
		if n, _, err := readCursor(s, convKey(key)); err == nil && n == 0 {
			t.Errorf("cursor %q leads before the first message", s)
		}
	})
}

// put stores a text straight through the actors.
func put(t testing.TB, s *Server, k convKey, from im.UserID, i int, base uint64) (*record, bool) {
	t.Helper()
	r, dup, err := s.actors.append(t.Context(), textRecord(k, from, fmt.Sprintf("%s-x-%d", from, i)), base, "")
	if err != nil {
		t.Fatal(err)
	}
	return r, dup
}

func textRecord(k convKey, from im.UserID, id string) *record {
	return &record{key: k, from: from, id: im.MessageID(id), kind: im.MsgText, body: body{Payload: []byte(fmt.Sprintf(`{"text":%q}`, id))}}
}

// Pages backwards and forwards, from everywhere and of every size, hold what
// they should, in conversations that lie scattered over the stream, with holes.
func TestPagesOfTheLog(t *testing.T) {
	s := open(t, func(o *Options) { o.Partitions = 2 })
	random := rand.New(rand.NewPCG(3, 4))
	keys := []convKey{c2cKey("a", "b"), c2cKey("a", "c"), groupKey("@TGS#x y"), groupKey("plain"), c2cKey("d", "d")}
	weights := []int{1, 3, 12, 40, 90}
	want := map[convKey][]uint64{}
	for i := range 900 {
		k := keys[0]
		for j, w := range weights {
			if random.IntN(146) < w {
				k = keys[j]
				break
			}
		}
		r, _ := put(t, s, k, "a", i, 0)
		want[k] = append(want[k], r.n)
	}
	// Holes: single ones, the first of a page, two whole pages, one across the
	// end of a page, never the last.
	for k, all := range want {
		stream, err := s.bus.js.Stream(t.Context(), s.log.stream(k))
		if err != nil {
			t.Fatal(err)
		}
		last, err := s.log.head(t.Context(), k)
		if err != nil {
			t.Fatal(err)
		}
		var left []uint64
		for i, n := range all {
			if n != uint64(i+1) {
				t.Fatalf("%s: message %d has number %d", k, i+1, n)
			}
			hole := n < last.n && (n%23 == 5 || n%64 == 1 || n > 40 && n <= 76 || n >= 94 && n <= 108)
			if !hole {
				left = append(left, n)
				continue
			}
			r, err := s.log.rowAt(t.Context(), k, last.position, n, n)
			if err != nil || r == nil || r.n != n {
				t.Fatalf("%s: row %d: %v %v", k, n, r, err)
			}
			if err := stream.DeleteMsg(t.Context(), r.seq); err != nil {
				t.Fatal(err)
			}
		}
		want[k] = left
	}
	for _, k := range keys {
		checkPages(t, s, k, want[k])
	}
}

func checkPages(t *testing.T, s *Server, k convKey, want []uint64) {
	t.Helper()
	ctx := t.Context()
	last, err := s.log.head(ctx, k)
	if err != nil || last == nil {
		t.Fatalf("%s: head %v, %v", k, last, err)
	}
	head := last.position
	for _, first := range []uint64{1, 2, 30} {
		for before := uint64(1); before <= head.n+2; before += 1 + before%5 {
			for _, limit := range []int{1, 15} {
				rows, err := s.log.pageBack(ctx, k, head, first, before, limit, 0)
				if err != nil {
					t.Fatal(err)
				}
				var fit []uint64
				for _, n := range want {
					if n >= first && n < before {
						fit = append(fit, n)
					}
				}
				checkRows(t, fmt.Sprintf("%s back from %d to %d, %d", k, before, first, limit), rows, fit[max(0, len(fit)-limit):])
			}
		}
	}
	for after := uint64(0); after <= head.n+1; after += 1 + after%4 {
		for _, limit := range []int{1, 20, 100} {
			rows, err := s.log.pageForward(ctx, k, head, after, limit)
			if err != nil {
				t.Fatal(err)
			}
			var fit []uint64
			for _, n := range want {
				if n > after {
					fit = append(fit, n)
				}
			}
			checkRows(t, fmt.Sprintf("%s forward from %d, %d", k, after, limit), rows, fit[:min(len(fit), limit)])
		}
	}
	// A walk by anchors, as a client does it with cursors.
	before, anchor, left := head.n+1, head.before(), want
	for len(left) > 0 {
		rows, err := s.log.pageBack(ctx, k, head, 1, before, 15, anchor)
		if err != nil {
			t.Fatal(err)
		}
		checkRows(t, fmt.Sprintf("%s walk from %d", k, before), rows, left[max(0, len(left)-15):])
		left = left[:len(left)-len(rows)]
		before, anchor = rows[0].n, rows[0].before()
	}
}

func checkRows(t *testing.T, what string, rows []*record, want []uint64) {
	t.Helper()
	var got []uint64
	for _, r := range rows {
		got = append(got, r.n)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Fatalf("%s: got %v, want %v", what, got, want)
	}
}

// A message sent again after the log itself has forgotten its id is found
// above its base, however far below the head that is.
func TestResendAfterDedupeWindow(t *testing.T) {
	dir := t.TempDir()
	short := func(o *Options) { o.DedupeWindow = 100 * time.Millisecond }
	s := reopen(t, dir, short)
	k := c2cKey("alice", "bob")
	put(t, s, k, "bob", 0, 0)
	first, _ := put(t, s, k, "alice", 7, 1)
	start := time.Now()
	i := 1
	for ; i < 600 || time.Since(start) < 400*time.Millisecond; i++ {
		put(t, s, k, "bob", i, 0)
	}
	again, dup := put(t, s, k, "alice", 7, 1)
	if !dup || again.n != first.n {
		t.Errorf("sent again: number %d dup %v, want %d true", again.n, dup, first.n)
	}
	shut(t, s)
	s = reopen(t, dir, short)
	// The ids that the log still knows go with time; store until then.
	for start = time.Now(); time.Since(start) < 400*time.Millisecond; i++ {
		put(t, s, c2cKey("x", "y"), "x", i, 0)
	}
	for _, base := range []uint64{0, 1} {
		again, dup = put(t, s, k, "alice", 7, base)
		if !dup || again.n != first.n || again.time != first.time {
			t.Errorf("after a restart, base %d: number %d dup %v, want %d true", base, again.n, dup, first.n)
		}
	}
	// The same id from another sender is another message.
	other, dup := put(t, s, k, "bob", 100000, 0)
	if dup || other.n == first.n {
		t.Errorf("another message was taken for a known one: %+v", other)
	}
}

// One id belongs to one conversation of a log stream, which tells messages apart
// by id alone: the second is refused rather than taken for the first.
func TestIDInTwoConversations(t *testing.T) {
	s := open(t, func(o *Options) { o.Partitions = 1 })
	put(t, s, c2cKey("alice", "bob"), "alice", 1, 0)
	_, _, err := s.actors.append(t.Context(), textRecord(c2cKey("alice", "carol"), "alice", "alice-x-1"), 0, "")
	wantCode(t, err, im.CodeInvalidMessage, "the id of another conversation")
	if last, err := s.log.head(t.Context(), c2cKey("alice", "carol")); err != nil || last != nil {
		t.Errorf("it was stored: %v %v", last, err)
	}
}

// Two gateways write into one conversation: every message is stored once, the
// numbers have no hole, and each sender's own count is right.
func TestContention(t *testing.T) {
	s := open(t, nil)
	second := newActors(s)
	k := groupKey("hot")
	const writers, each = 8, 40
	var mu sync.Mutex
	numbers := map[uint64]string{}
	var wg sync.WaitGroup
	for w := range writers {
		gateway := s.actors
		if w%2 == 1 {
			gateway = second
		}
		wg.Go(func() {
			from := im.UserID(fmt.Sprint("user", w/2)) // the same user through both gateways
			for i := range each {
				id := fmt.Sprintf("%s-%d-%d", from, w, i)
				r, dup, err := gateway.append(t.Context(), textRecord(k, from, id), 0, "")
				if err != nil || dup {
					t.Errorf("%s: dup %v, %v", id, dup, err)
					return
				}
				mu.Lock()
				if old := numbers[r.n]; old != "" {
					t.Errorf("number %d was given to %s and %s", r.n, old, id)
				}
				numbers[r.n] = id
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	second.close()
	last, err := s.log.head(t.Context(), k)
	if err != nil || last.n != writers*each || last.u != writers*each {
		t.Fatalf("head %+v, %v", last, err)
	}
	own := map[im.UserID]uint64{}
	next := uint64(1)
	err = s.log.walk(t.Context(), k, 1, 1, last.n, readBatch, func(r *record) bool {
		own[r.from]++
		if r.n != next || r.own != own[r.from] || r.u != r.n || numbers[r.n] != string(r.id) {
			t.Errorf("number %d id %s own %d, want %d %s %d", r.n, r.id, r.own, next, numbers[next], own[r.from])
		}
		next++
		return true
	})
	if err != nil || next != writers*each+1 {
		t.Errorf("%d read, %v", next-1, err)
	}
}

// openedHead reads a head with its last message.
func openedHead(t testing.TB, s *Server, k convKey) (headEntry, error) {
	t.Helper()
	h, err := s.heads.get(t.Context(), k)
	if err != nil {
		return h, err
	}
	return h, s.heads.open(t.Context(), k, &h)
}

// The process dies after a message was stored and before its head was written:
// the next start makes up for it.
func TestHeadsAreRepaired(t *testing.T) {
	dir := t.TempDir()
	s := reopen(t, dir, nil)
	k, g := c2cKey("alice", "bob"), c2cKey("bob", "carol")
	put(t, s, k, "alice", 1, 0)
	last, _ := put(t, s, k, "bob", 2, 0)
	put(t, s, g, "carol", 3, 0)
	// What follows reaches the log only.
	r := textRecord(k, "alice", "alice-x-late")
	r.u, r.own, r.time = 3, 2, last.time
	if _, err := s.log.tryAppend(t.Context(), r, last.position); err != nil {
		t.Fatal(err)
	}
	if h, err := openedHead(t, s, k); err != nil || h.N != 2 {
		t.Fatalf("the head is %+v, %v: the test does not test", h, err)
	}
	shut(t, s)
	for range 2 { // a second start finds nothing to do
		s = reopen(t, dir, nil)
		h, err := openedHead(t, s, k)
		if err != nil || h.N != 3 || h.U != 3 || h.Last == nil || h.Last.ID != r.id {
			t.Errorf("head %+v, %v, want number 3", h, err)
		}
		if own, err := s.heads.own(t.Context(), k, "alice"); err != nil || own.Count != 2 || own.N != 3 {
			t.Errorf("alice's count %+v, %v, want 2", own, err)
		}
		if h, err := openedHead(t, s, g); err != nil || h.N != 1 {
			t.Errorf("another head %+v, %v", h, err)
		}
		shut(t, s)
	}
	// All of it is lost: it comes back from the log.
	s = reopen(t, dir, nil)
	epoch := s.epoch.value()
	if err := s.heads.reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	for p := range s.actors.progress { // and so are the checkpoints
		s.actors.progress[p] = newProgress(0)
	}
	shut(t, s)
	s = reopen(t, dir, nil)
	if h, err := openedHead(t, s, k); err != nil || h.N != 3 || h.Last.ID != r.id {
		t.Errorf("head after a loss of all %+v, %v", h, err)
	}
	if own, err := s.heads.own(t.Context(), k, "bob"); err != nil || own.Count != 1 {
		t.Errorf("bob's count %+v, %v", own, err)
	}
	if s.epoch.value() != epoch {
		t.Error("the epoch changed though the log did not")
	}
}

// The log lost its tail: the epoch changes and the heads follow the log.
func TestEpochIsRenewed(t *testing.T) {
	dir := t.TempDir()
	s := reopen(t, dir, nil)
	k := c2cKey("alice", "bob")
	for i := range 5 {
		put(t, s, k, "alice", i, 0)
	}
	epoch := s.epoch.value()
	shut(t, s)
	s = reopen(t, dir, nil)
	if s.epoch.value() != epoch {
		t.Error("a plain restart changed the epoch")
	}
	// What stands for a lost tail: the witness has seen more than the log has.
	if err := s.epoch.reached([]uint64{9}); err != nil {
		t.Fatal(err)
	}
	shut(t, s)
	s = reopen(t, dir, nil)
	if s.epoch.value() == epoch {
		t.Error("the log went back and the epoch stayed")
	}
	if h, err := openedHead(t, s, k); err != nil || h.N != 5 {
		t.Errorf("head %+v, %v", h, err)
	}
}

// A full disk refuses a message with a reason, and nothing else breaks.
func TestDiskFull(t *testing.T) {
	dir := t.TempDir()
	s := reopen(t, dir, nil)
	alice := connect(t, s, "alice", "a1")
	accountFor(t, s, "bob")
	alice.say("C2Cbob", "fits")
	shut(t, s)
	s = reopen(t, dir, func(o *Options) { o.ReserveBytes = 1 << 60 })
	token, err := s.Token(t.Context(), "alice", "a1")
	if err != nil {
		t.Fatal(err)
	}
	alice = dial(t, s.URL())
	alice.made = 1
	alice.hello(helloOf("alice", "a1", token))
	m := alice.text("C2Cbob", "does not fit")
	_, err = alice.trySend(m, 1, im.SendOptions{})
	wantCode(t, err, im.CodeDiskFull, "a full disk")
	if n := len(alice.history("C2Cbob")); n != 1 {
		t.Errorf("%d messages, want 1", n)
	}
	shut(t, s)
	s = reopen(t, dir, nil)
	alice = connect(t, s, "alice", "a1")
	if sent, err := alice.trySend(m, 1, im.SendOptions{}); err != nil || sent.Sequence != 2 {
		t.Errorf("with room again: %+v, %v", sent, err)
	}
}

// The log's own limit is the same answer.
func TestStoreLimit(t *testing.T) {
	s := open(t, func(o *Options) { o.MaxStoreBytes = 1 << 20 })
	k := c2cKey("alice", "bob")
	var err error
	for i := 0; err == nil && i < 300; i++ {
		r := textRecord(k, "alice", fmt.Sprint("alice-x-", i))
		r.body.CloudCustomData = string(make([]byte, 6000))
		_, _, err = s.actors.append(t.Context(), r, 0, "")
	}
	wantCode(t, err, im.CodeDiskFull, "the log's limit")
}

func TestPublicErrorHidesCauses(t *testing.T) {
	for _, c := range []struct {
		err  error
		code im.Code
	}{
		{errors.New("open /secret/path: permission denied"), im.CodeServerInternal},
		{fmt.Errorf("x: %w", im.Errorf(im.CodeMuted, "muted")), im.CodeMuted},
		{context.DeadlineExceeded, im.CodeBusy},
	} {
		wantCode(t, publicError(c.err), c.code, c.err.Error())
	}
}
