package server

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"magpie/im"
	"magpie/im/wire"
)

func (c *client) revoke(conv im.ConversationID, n uint64, id im.MessageID) (wire.Sent, error) {
	f := wire.Revoke{Head: c.head(wire.TRevoke), Conversation: conv, Sequence: n, ID: id}
	return ask[wire.Sent](c, f.I, f)
}

func (c *client) mustRevoke(conv im.ConversationID, n uint64) wire.Sent {
	c.t.Helper()
	sent, err := c.revoke(conv, n, "")
	if err != nil {
		c.t.Fatalf("%s recalls %d of %s: %v", c.user, n, conv, err)
	}
	return sent
}

// recallOf waits for the push of the recall of number n.
func (c *client) recallOf(n uint64) wire.Message {
	c.t.Helper()
	return push(c, wire.TMessage, func(m wire.Message) bool { return m.Message.Revokes != nil && m.Message.Revokes.Sequence == n })
}

// filesWith returns the files under dir that hold text.
func filesWith(t testing.TB, dir, text string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if bytes.Contains(b, []byte(text)) {
			found = append(found, filepath.Base(filepath.Dir(filepath.Dir(path)))+"/"+filepath.Base(path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// A recalled message is a tombstone for everybody, pushed and pulled, and its
// recall is a number that shows nothing.
func TestRevoke(t *testing.T) {
	s := open(t, nil)
	alice, phone, bob := connect(t, s, "alice", "a1"), connect(t, s, "alice", "a2"), connect(t, s, "bob", "b1")
	alice.say("C2Cbob", "first")
	m := alice.text("C2Cbob", "by mistake")
	m.CloudCustomData = "secret"
	sent, err := alice.trySend(m, 1, im.SendOptions{})
	if err != nil {
		t.Fatal(err)
	}
	bob.say("C2Calice", "what?")
	answer, err := alice.revoke("C2Cbob", sent.Sequence, m.ID)
	if err != nil || answer.ID != m.ID || answer.Sequence != 4 || answer.Time < sent.Time {
		t.Fatalf("the answer is %+v, %v", answer, err)
	}
	for _, c := range []*client{alice, phone, bob} {
		got := c.recallOf(2).Message
		if !got.IsPlaceMessage || got.Payload != nil || got.From != im.SystemUser || got.Sequence != 4 || got.Revoker != "alice" || got.Revokes.ID != m.ID || got.Revokes.From != "alice" || got.Revokes.Type != im.MsgText || got.Revokes.Time != sent.Time {
			t.Errorf("%s was pushed %+v with %+v", c.user, got, got.Revokes)
		}
		all := c.history(im.C2C(map[im.UserID]im.UserID{"alice": "bob", "bob": "alice"}[c.user]))
		if len(all) != 4 {
			t.Fatalf("%s sees %d messages", c.user, len(all))
		}
		// The tombstone is the one that a client makes for itself.
		want := got.Revokes.Tombstone(&got, c.user)
		want.Priority = all[1].Priority
		if fmt.Sprintf("%+v", all[1]) != fmt.Sprintf("%+v", want) {
			t.Errorf("%s pulls %+v, want %+v", c.user, all[1], want)
		}
		if !all[3].IsPlaceMessage || all[3].Revokes == nil || *all[3].Revokes != *got.Revokes {
			t.Errorf("%s pulls the recall as %+v", c.user, all[3])
		}
	}
	if row := bob.conv("C2Calice"); row.UnreadCount != 1 || row.Last != 4 || row.LastMessage.LastSequence != 3 {
		t.Errorf("bob's row: %+v, last message %+v", row, row.LastMessage)
	}
	// Forwards, one page from the middle.
	p, err := bob.pull(wire.Pull{Conversation: "C2Calice", Forward: true, After: 1})
	if err != nil || len(p.Messages) != 3 || !p.Messages[0].IsRevoked || p.Messages[0].Sequence != 2 {
		t.Errorf("forwards: %+v, %v", p, err)
	}
	// What the client has at a recalled number is still what is there.
	if _, err := bob.pull(wire.Pull{Conversation: "C2Calice", Forward: true, After: 2, AfterID: m.ID}); err != nil {
		t.Errorf("from a recalled message on: %v", err)
	}
	// A late retry of the sender stores nothing twice.
	again, err := alice.trySend(m, 1, im.SendOptions{})
	if err != nil || !again.Dup || again.Sequence != 2 || again.Time != sent.Time {
		t.Errorf("sent again: %+v, %v", again, err)
	}
}

// The last message was recalled: the row says so, stays where it was, and one
// that was deleted stays away.
func TestRevokedLastMessage(t *testing.T) {
	clock := newClock()
	s := open(t, func(o *Options) { o.Now = clock.now })
	alice, bob := connect(t, s, "alice", "a1"), connect(t, s, "bob", "b1")
	alice.say("C2Cbob", "oops")
	clock.add(time.Second)
	accountFor(t, s, "carol")
	alice.say("C2Ccarol", "later")
	clock.add(time.Second)
	alice.mustRevoke("C2Cbob", 1)
	list := alice.convs().List
	if len(list) != 2 || list[0].ConversationID != "C2Ccarol" {
		t.Fatalf("the recall moved the conversation up: %+v", list)
	}
	last := list[1].LastMessage
	if last == nil || !last.IsRevoked || last.Revoker != "alice" || last.Payload != nil || last.LastSequence != 1 || list[1].Last != 2 {
		t.Errorf("last message %+v", last)
	}
	if row := bob.conv("C2Calice"); row.UnreadCount != 0 || !row.LastMessage.IsRevoked {
		t.Errorf("bob's row %+v, %+v", row, row.LastMessage)
	}
	bob.say("C2Calice", "x")
	f := wire.DeleteConversation{Head: bob.head(wire.TDeleteConv), Conversation: "C2Calice"}
	if _, err := ask[wire.OK](bob, f.I, f); err != nil {
		t.Fatal(err)
	}
	bob.mustRevoke("C2Calice", 3)
	if row := bob.conv("C2Calice"); !row.Deleted {
		t.Error("a recall brought a deleted conversation back")
	}
}

// Nothing of what a recalled message said is in any file, whether it was the
// last message, had been, or stands in the preview of a head that has been
// replaced many times.
func TestRevokedContentLeavesTheDisk(t *testing.T) {
	dir := t.TempDir()
	open := func(o *Options) { o.Key = nil } // what is encrypted cannot be looked for
	s := reopen(t, dir, open)
	alice := connect(t, s, "alice", "a1")
	accountFor(t, s, "bob", "carol")
	g, err := alice.createGroup(im.Group{Name: "Birds", Type: im.GroupPublic}, "bob")
	if err != nil {
		t.Fatal(err)
	}
	marker := func(i int) string { return fmt.Sprintf("MARKER%dEND", i) }
	secret := func(to im.ConversationID, i int) uint64 {
		m := alice.text(to, "it says "+marker(i)+" twice "+marker(i))
		m.CloudCustomData = marker(i)
		sent, err := alice.trySend(m, 0, im.SendOptions{OfflinePushInfo: &im.OfflinePushInfo{Title: marker(i), Description: marker(i)}})
		if err != nil {
			t.Fatal(err)
		}
		return sent.Sequence
	}
	group := im.GroupConversation(g.Group.GroupID)
	alone := secret("C2Cbob", 1)
	inGroup := secret(group, 2)
	for i := range 40 { // heads that replace the one with the message
		alice.say(group, fmt.Sprint("line ", i))
	}
	kept := secret("C2Ccarol", 3)
	both := []uint64{secret("C2Ccarol", 4), secret("C2Ccarol", 5)}
	alice.say("C2Ccarol", "end")
	for i := 1; i <= 5; i++ {
		if len(filesWith(t, dir, marker(i))) == 0 {
			t.Fatalf("marker %d is in no file: the test does not test", i)
		}
	}
	alice.mustRevoke("C2Cbob", alone)
	alice.mustRevoke(group, inGroup)
	alice.mustRevoke("C2Ccarol", both[1])
	alice.mustRevoke("C2Ccarol", both[0])
	check := func(when string) {
		t.Helper()
		for _, i := range []int{1, 2, 4, 5} {
			if found := filesWith(t, dir, marker(i)); len(found) > 0 {
				t.Errorf("%s: marker %d is in %v", when, i, found)
			}
		}
		if len(filesWith(t, dir, marker(3))) == 0 {
			t.Errorf("%s: what was not recalled is gone", when)
		}
	}
	check("while it runs")
	shut(t, s)
	check("after it was closed")
	s = reopen(t, dir, open)
	check("after the next start")
	alice = connect(t, s, "alice", "a1")
	if all := alice.history("C2Ccarol"); len(all) != 6 || all[0].Sequence != kept || all[0].Payload == nil || !all[1].IsRevoked || !all[2].IsRevoked {
		t.Errorf("history %+v", all)
	}
	// The keys of the heads before are gone as well: one a conversation is left,
	// those of both users' notices with them.
	keys := map[string]int{}
	err = s.heads.previews.table.list(t.Context(), "*", func(e entry) error { keys[e.key]++; return nil })
	if err != nil || len(keys) != 5 {
		t.Errorf("keys %v, %v", keys, err)
	}
	for k, n := range keys {
		if n != 1 {
			t.Errorf("%s has %d keys", k, n)
		}
	}
}

// A head never holds a last message in the clear.
func TestHeadsAreSealed(t *testing.T) {
	s := open(t, nil)
	alice := connect(t, s, "alice", "a1")
	accountFor(t, s, "bob")
	alice.say("C2Cbob", "PLAINTEXT")
	m, err := s.bus.last(t.Context(), s.heads.table.stream, s.heads.table.prefix+string(c2cKey("alice", "bob")))
	if err != nil || bytes.Contains(m.Data, []byte("PLAINTEXT")) || bytes.Contains(m.Data, []byte("last")) {
		t.Errorf("the head is %s, %v", m.Data, err)
	}
	if row := alice.conv("C2Cbob"); row.LastMessage.Payload != (im.TextPayload{Text: "PLAINTEXT"}) {
		t.Errorf("last message %+v", row.LastMessage)
	}
}

// The process dies between the steps of a recall: the next start finishes it.
func TestRecallIsFinishedAtStart(t *testing.T) {
	for step, stop := range map[string]func(*testing.T, *Server, *record){
		"after the recall was appended": func(*testing.T, *Server, *record) {},
		"after the tombstone was written": func(t *testing.T, s *Server, recall *record) {
			if _, err := s.makeTombstone(t.Context(), recall); err != nil {
				t.Fatal(err)
			}
		},
		"after the record was erased": func(t *testing.T, s *Server, recall *record) {
			ts, err := s.makeTombstone(t.Context(), recall)
			if err == nil {
				err = s.log.bus.erase(t.Context(), s.log.stream(recall.key), ts.Seq)
			}
			if err != nil {
				t.Fatal(err)
			}
		},
		"before the head was written": func(t *testing.T, s *Server, recall *record) {
			if _, err := s.finishRecall(t.Context(), recall); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(step, func(t *testing.T) {
			dir := t.TempDir()
			s := reopen(t, dir, nil)
			k := c2cKey("alice", "bob")
			put(t, s, k, "bob", 1, 0)
			target, _ := put(t, s, k, "alice", 777777, 0)
			recall := newRecall(target, "alice", "")
			recall.u, recall.time = target.u, target.time
			if _, err := s.log.tryAppend(t.Context(), recall, target.position); err != nil {
				t.Fatal(err)
			}
			stop(t, s, recall)
			shut(t, s)
			for range 2 {
				s = reopen(t, dir, nil)
				head, err := openedHead(t, s, k)
				if err != nil || head.N != 3 || head.Shown != 2 || !head.Last.IsRevoked || len(head.Recalled) != 1 {
					t.Errorf("head %+v, %v", head, err)
				}
				alice, bob := connect(t, s, "alice", "x"), connect(t, s, "bob", "x")
				if all := bob.history("C2Calice"); len(all) != 3 || !all[1].IsRevoked || all[1].Payload != nil || !all[2].IsPlaceMessage {
					t.Errorf("history %+v", all)
				}
				if n := bob.conv("C2Calice").UnreadCount; n != 0 {
					t.Errorf("bob has %d unread", n)
				}
				if n := alice.conv("C2Cbob").UnreadCount; n != 1 {
					t.Errorf("alice has %d unread", n)
				}
				if own, err := s.heads.own(t.Context(), k, "alice"); err != nil || own.Count != 1 {
					t.Errorf("alice's count %+v, %v", own, err)
				}
				_, err = alice.revoke("C2Cbob", 2, "")
				wantCode(t, err, im.CodeAlreadyRevoked, "recalled again")
				shut(t, s)
				// The text of the message was its id, which stays: its content is the payload.
				if found := filesWith(t, dir, `{"text":"alice-x-777777"}`); len(found) > 0 {
					t.Errorf("the content is in %v", found)
				}
			}
		})
	}
}

// All heads are lost after recalls: they come back from the log as they were.
func TestHeadsWithRecallsAreRebuilt(t *testing.T) {
	dir := t.TempDir()
	s := reopen(t, dir, nil)
	alice, bob := connect(t, s, "alice", "a"), connect(t, s, "bob", "b")
	for i := range 5 {
		alice.say("C2Cbob", fmt.Sprint(i))
	}
	bob.read("C2Calice", 1)
	alice.mustRevoke("C2Cbob", 5)
	alice.mustRevoke("C2Cbob", 2)
	alice.mustRevoke("C2Cbob", 1)
	before := bob.conv("C2Calice")
	if before.UnreadCount != 2 {
		t.Errorf("%d unread, want 2", before.UnreadCount)
	}
	if err := s.heads.reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	for p := range s.actors.progress {
		s.actors.progress[p] = newProgress(0)
	}
	shut(t, s)
	s = reopen(t, dir, nil)
	after := connect(t, s, "bob", "b").conv("C2Calice")
	if fmt.Sprintf("%+v %+v", after, after.LastMessage) == "" || after.UnreadCount != before.UnreadCount || after.Last != before.Last || fmt.Sprintf("%+v", after.LastMessage) != fmt.Sprintf("%+v", before.LastMessage) {
		t.Errorf("after: %+v %+v\nbefore: %+v %+v", after, after.LastMessage, before, before.LastMessage)
	}
	if own, err := s.heads.own(t.Context(), c2cKey("alice", "bob"), "alice"); err != nil || own.Count != 5 {
		t.Errorf("alice's count %+v, %v", own, err)
	}
}

// Devices and gateways recall the same message at once: one recall is stored.
func TestRevokeAtOnce(t *testing.T) {
	s := open(t, nil)
	k := c2cKey("alice", "bob")
	second := newActors(s)
	for i := range 10 {
		target, _ := put(t, s, k, "alice", i, 0)
		var wg sync.WaitGroup
		var done atomic.Int64
		for w := range 6 {
			gateway := []*actors{s.actors, second}[w%2]
			wg.Go(func() {
				_, dup, err := gateway.append(t.Context(), newRecall(target, "alice", ""), target.n, "")
				if err != nil {
					t.Error(err)
				}
				if err == nil && !dup {
					done.Add(1)
				}
			})
		}
		wg.Wait()
		last, err := s.log.head(t.Context(), k)
		if err != nil || last.n != target.n+1 || done.Load() != 1 {
			t.Fatalf("the log ends at %+v, %v, after the recall of %d; %d were told that they did it", last, err, target.n, done.Load())
		}
	}
	second.close()
}

// A recalled message is sent again within the log's own memory of ids, with a
// base that is too high to look for it.
func TestResendOfRecalledWithinDedupe(t *testing.T) {
	s := open(t, nil)
	k := c2cKey("alice", "bob")
	for i := range 40 {
		put(t, s, k, "bob", i, 0)
	}
	target, _ := put(t, s, k, "alice", 100, 0)
	put(t, s, k, "bob", 101, 0)
	if _, _, err := s.actors.append(t.Context(), newRecall(target, "alice", ""), target.n, ""); err != nil {
		t.Fatal(err)
	}
	for _, base := range []uint64{0, target.n - 1, 1000} {
		again, dup := put(t, s, k, "alice", 100, base)
		if !dup || again.n != target.n || !again.erased {
			t.Errorf("base %d: number %d dup %v, want %d true", base, again.n, dup, target.n)
		}
	}
}

// More recalls than a head keeps are still counted one by one.
func TestManyRecallsUnread(t *testing.T) {
	s := open(t, nil)
	alice, bob := connect(t, s, "alice", "a"), connect(t, s, "bob", "b")
	const n = recalledMax + 20
	for i := range n + 3 {
		alice.say("C2Cbob", fmt.Sprint(i))
	}
	for i := range n {
		alice.mustRevoke("C2Cbob", uint64(i+1))
	}
	if row := bob.conv("C2Calice"); row.UnreadCount != 3 {
		t.Errorf("%d unread, want 3", row.UnreadCount)
	}
	fresh := connect(t, s, "bob", "b2")
	alice.say("C2Cbob", "one more")
	if m := fresh.message("one more"); m.Unread != 4 {
		t.Errorf("pushed with %d unread, want 4", m.Unread)
	}
}

// Echo does not answer what was recalled before it got to it, nor recalls.
func TestEchoPassesOverRecalls(t *testing.T) {
	dir := t.TempDir()
	s := reopen(t, dir, nil)
	accountFor(t, s, "alice", echoUser)
	k := c2cKey("alice", echoUser)
	target, _ := put(t, s, k, "alice", 1, 0)
	if _, _, err := s.actors.append(t.Context(), newRecall(target, "alice", ""), target.n, ""); err != nil {
		t.Fatal(err)
	}
	shut(t, s)
	s = reopen(t, dir, func(o *Options) { o.Echo = true })
	alice := connect(t, s, "alice", "a")
	alice.say(im.C2C(echoUser), "hello")
	if m := alice.message("hello"); m.Message.Sequence != 4 {
		t.Errorf("the answer has number %d, want 4", m.Message.Sequence)
	}
}

// A folder of a version whose heads held last messages in the clear: they are
// gone from the files after the next start, and made again from the log.
func TestClearHeadsArePurged(t *testing.T) {
	dir := t.TempDir()
	open := func(o *Options) { o.Key = nil } // what is encrypted cannot be looked for
	s := reopen(t, dir, open)
	k := c2cKey("alice", "bob")
	r, _ := put(t, s, k, "alice", 1, 0)
	if err := s.bus.js.DeleteStream(t.Context(), s.heads.previews.table.stream); err != nil {
		t.Fatal(err)
	}
	old := map[string]any{"n": 1, "s": r.seq, "u": 1, "t": r.time, "last": map[string]any{"messageForShow": "OLDPREVIEW"}}
	for range 3 {
		if _, err := s.heads.table.put(t.Context(), string(k), old); err != nil {
			t.Fatal(err)
		}
	}
	shut(t, s)
	if len(filesWith(t, dir, "OLDPREVIEW")) == 0 {
		t.Fatal("the test does not test")
	}
	s = reopen(t, dir, open)
	if found := filesWith(t, dir, "OLDPREVIEW"); len(found) > 0 {
		t.Errorf("the preview is still in %v", found)
	}
	if h, err := openedHead(t, s, k); err != nil || h.N != 1 || h.Shown != 1 || h.Last == nil || h.Last.ID != r.id {
		t.Errorf("head %+v, %v", h, err)
	}
}
