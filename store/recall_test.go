package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"magpie/im"
	"magpie/store"
)

// recall is place n of conv that recalls message target of it.
func recall(conv im.ConversationID, n, target uint64) im.Message {
	of := text(conv, target, "")
	return im.Message{
		ID: im.MessageID(fmt.Sprint("@TIM#SYSTEM-", n)), ConversationID: conv, ConversationType: conv.Type(), Type: im.MsgText,
		From: im.SystemUser, To: conv.To(), Sequence: n, Time: 1_700_000_200_000, Status: im.StatusSuccess, IsPlaceMessage: true,
		Revoker: "carol", RevokerNick: "Carol",
		Revokes: &im.Revocation{Sequence: target, ID: of.ID, Type: of.Type, From: of.From, Nick: "Bob", Time: of.Time},
	}
}

func ingest(t testing.TB, s *store.Store, conv im.ConversationID, list ...im.Message) {
	t.Helper()
	ok(t, s.Ingest(t.Context(), store.Batch{Conversation: conv, Messages: list}))
}

func isTombstone(t testing.TB, s *store.Store, conv im.ConversationID, n uint64) {
	t.Helper()
	m, found, err := s.Message(text(conv, n, "").ID)
	ok(t, err)
	if !found || !m.IsRevoked || m.Payload != nil || m.Revoker != "carol" || m.RevokerNick != "Carol" || m.Sequence != n || m.Time == 0 || m.From != "bob" {
		t.Fatalf("message %d is %+v (%v)", n, m, found)
	}
}

func row(t testing.TB, s *store.Store, conv im.ConversationID) store.Conversation {
	t.Helper()
	c, found, err := s.Conversation(conv)
	ok(t, err)
	if !found {
		t.Fatalf("no row of %s", conv)
	}
	return c
}

// In whichever order the message and its recall come, nothing of it is left.
func TestRecallInAnyOrder(t *testing.T) { bothWays(t, testRecallInAnyOrder) }

func testRecallInAnyOrder(t *testing.T) {
	old, place := text(team, 3, "secret"), recall(team, 5, 3)
	between := text(team, 4, "public")
	left := place.Revokes.Tombstone(&place, me)
	for name, batches := range map[string][][]im.Message{
		"message, then recall":      {{old}, {place}},
		"in one batch":              {{old, between, place}},
		"recall, then message":      {{place}, {old}},
		"recall again":              {{old}, {place}, {place}},
		"an old page after it":      {{old}, {place}, {old, between}},
		"as left on a page":         {{old}, {left}, {place}},
		"as left, and an old page":  {{left}, {old}},
		"recall, then what is left": {{place}, {left}, {old}},
	} {
		t.Run(name, func(t *testing.T) {
			s := openStore(t)
			for _, list := range batches {
				ingest(t, s, team, list...)
			}
			isTombstone(t, s, team, 3)
			if waiting, err := s.Recalls(team); err != nil || len(waiting) != 0 {
				t.Errorf("still waiting: %v, %v", waiting, err)
			}
			if l := row(t, s, team).LastMessage; l.LastSequence == 3 && (!l.IsRevoked || l.Payload != nil || l.RevokerNick != "Carol") {
				t.Errorf("the list shows %+v", l)
			}
		})
	}
}

func TestRecallWaitsForItsMessage(t *testing.T) {
	s := openStore(t)
	ingest(t, s, team, recall(team, 5, 3))
	waiting, err := s.Recalls(team)
	ok(t, err)
	if len(waiting) != 1 || waiting[0].Sequence != 3 || !waiting[0].IsRevoked {
		t.Fatalf("waiting: %+v", waiting)
	}
	// The list may show it before its page comes.
	c := row(t, s, team)
	shown := text(team, 3, "secret")
	c.LastMessage = im.NewLastMessage(&shown)
	c.GroupAtInfoList = []im.AtInfo{{MessageSequence: 3}, {MessageSequence: 4}}
	ok(t, s.PutConversations(t.Context(), []store.Conversation{c}))
	c = row(t, s, team)
	if !c.LastMessage.IsRevoked || c.LastMessage.Payload != nil || len(c.GroupAtInfoList) != 1 {
		t.Errorf("the list shows %+v, %v", c.LastMessage, c.GroupAtInfoList)
	}
	// Another history at that place is not what was recalled.
	other := text(team, 3, "not that one")
	other.ID = "dave-pc-1"
	ingest(t, s, team, other)
	if m, _, err := s.Message(other.ID); err != nil || m.IsRevoked {
		t.Errorf("another message was recalled: %+v, %v", m, err)
	}
	// The history that the recall belonged to is dropped.
	ok(t, s.Truncate(t.Context(), team, 2))
	if waiting, err := s.Recalls(team); err != nil || len(waiting) != 0 {
		t.Errorf("still waiting: %v, %v", waiting, err)
	}
}

func TestRecallDoesNotMoveTheConversation(t *testing.T) {
	s := openStore(t)
	ok(t, s.Ingest(t.Context(), batch(bob, 1, 3), batch(team, 1, 4)))
	before, err := s.Conversations(0, 0)
	ok(t, err)
	ok(t, s.UpdateConversation(t.Context(), bob, func(c *store.Conversation) error { c.Hidden = true; return nil }))
	ingest(t, s, bob, recall(bob, 4, 3))
	if list, err := s.Conversations(0, 0); err != nil || len(list) != 1 {
		t.Errorf("a recall brought the conversation back: %d rows, %v", len(list), err)
	}
	ok(t, s.UpdateConversation(t.Context(), bob, func(c *store.Conversation) error { c.Hidden = false; return nil }))
	after, err := s.Conversations(0, 0)
	ok(t, err)
	for i := range before {
		equal(t, "order", after[i].ConversationID, before[i].ConversationID)
	}
	equal(t, "time", row(t, s, bob).LastMessage.LastTime, text(bob, 3, "").Time)
	equal(t, "last", row(t, s, bob).Last, uint64(4))
}

func TestMentions(t *testing.T) {
	s := openStore(t)
	at := func(n uint64, users ...im.UserID) im.Message {
		m := text(team, n, "@")
		m.AtUserList = users
		return m
	}
	own := at(6, me)
	own.From = me
	ok(t, s.UpdateConversation(t.Context(), team, func(c *store.Conversation) error { c.Read = 1; return nil }))
	ingest(t, s, team, at(1, me), at(2, me), at(3, "carol"), at(4, im.AtAllUsers), at(5, me, im.AtAllUsers), own)
	ingest(t, s, team, at(2, me))
	equal(t, "mentions", row(t, s, team).GroupAtInfoList, []im.AtInfo{
		{From: "bob", GroupID: team.Group(), MessageSequence: 2, AtTypeArray: []im.AtType{im.AtMe}},
		{From: "bob", GroupID: team.Group(), MessageSequence: 4, AtTypeArray: []im.AtType{im.AtAll}},
		{From: "bob", GroupID: team.Group(), MessageSequence: 5, AtTypeArray: []im.AtType{im.AtAllAtMe}},
	})
	ingest(t, s, team, recall(team, 7, 5))
	equal(t, "after a recall", len(row(t, s, team).GroupAtInfoList), 2)
}

// erased waits until the file holds nothing of the marker.
func erased(t testing.TB, path, marker string) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	timeout := time.After(10 * time.Second)
	for holds(t, path, marker) {
		select {
		case <-tick.C:
		case <-timeout:
			t.Fatal("the content stays in the file")
		}
	}
}

// holds reports whether the file has the marker, for those who have the key.
func holds(t testing.TB, path, marker string) bool {
	t.Helper()
	return bytes.Contains(content(t, path), []byte(marker))
}

// content is the file, and what can be read in it with the key.
func content(t testing.TB, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(path)
	ok(t, err)
	if os.Getenv(sealedEnv) == "" {
		return raw
	}
	readable, err := store.Readable(path, testKey(), bob, team)
	ok(t, err)
	return append(raw, readable...)
}

const marker = "the owl flies at midnight"

// say writes an own message the way a person does: a draft, the outbox, the
// acknowledgement. The text is then in many places of the file.
func say(t testing.TB, s *store.Store, conv im.ConversationID, n uint64, words string) im.MessageID {
	t.Helper()
	for i := range len(words) / 5 {
		ok(t, s.SetDraft(t.Context(), conv, words[:5*i+5]))
	}
	ok(t, s.SetDraft(t.Context(), conv, words))
	id := im.MessageID(fmt.Sprint("wren-pc-own", n))
	_, err := s.Enqueue(t.Context(), mine(conv, id, words))
	ok(t, err)
	ok(t, s.UpdateOutbox(t.Context(), id, func(r *store.OutboxRow) error { r.Tries++; return nil }))
	_, err = s.Acknowledge(t.Context(), id, n, 1_700_000_100_000)
	ok(t, err)
	return id
}

// recallOwn recalls what say wrote.
func recallOwn(conv im.ConversationID, n, target uint64) im.Message {
	m := recall(conv, n, target)
	m.Revokes.ID, m.Revokes.From = im.MessageID(fmt.Sprint("wren-pc-own", target)), me
	return m
}

func TestRecalledContentLeavesTheFile(t *testing.T) { bothWays(t, testRecalledContentLeavesTheFile) }

func testRecalledContentLeavesTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	s := openAt(t, path)
	// Many of them, far apart: more pages are freed than the next writes use.
	var ids []im.MessageID
	var recalls []im.Message
	const count, apart = 40, 100
	for i := range uint64(count) {
		n := i*apart + 1
		ids = append(ids, say(t, s, bob, n, marker))
		ingest(t, s, bob, texts(bob, n+1, n+apart-1)...)
		recalls = append(recalls, recallOwn(bob, count*apart+i+1, n))
	}
	if !holds(t, path, marker) {
		t.Fatal("the content was never in the file: the test tests nothing")
	}
	ingest(t, s, bob, recalls...)
	erased(t, path, marker)
	for _, id := range ids {
		m, _, err := s.Message(id)
		ok(t, err)
		equal(t, "recalled", m.IsRevoked, true)
	}
	list, err := s.Page(bob, 0, 10_000)
	ok(t, err)
	equal(t, "messages", len(list), count*(apart+1))
}

// The acknowledgement was lost, and the message recalled on another device.
func TestRecalledFromTheOutbox(t *testing.T) { bothWays(t, testRecalledFromTheOutbox) }

func testRecalledFromTheOutbox(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	s := openAt(t, path)
	id := im.MessageID("wren-pc-own3")
	_, err := s.Enqueue(t.Context(), mine(bob, id, marker))
	ok(t, err)
	ingest(t, s, bob, recallOwn(bob, 4, 3))
	rows, err := s.Outbox()
	ok(t, err)
	equal(t, "outbox", len(rows), 0)
	m, _, err := s.Message(id)
	ok(t, err)
	equal(t, "recalled", m.IsRevoked, true)
	erased(t, path, marker)
}

// A reader that began before the recall sees what it saw, and then it is gone.
func TestReadersKeepTheirPages(t *testing.T) { bothWays(t, testReadersKeepTheirPages) }

func testReadersKeepTheirPages(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	s := openAt(t, path)
	tries := store.Erasings(s)
	ok(t, s.Ingest(t.Context(), batch(bob, 1, 200)))
	ingest(t, s, bob, text(bob, 201, marker))
	reading, read := make(chan struct{}), make(chan struct{})
	done := make(chan error, 1)
	go func() {
		done <- store.Reading(s, func(page func() ([]im.Message, error)) error {
			close(reading)
			<-read
			list, err := page()
			if err == nil && (len(list) != 201 || list[200].IsRevoked) {
				err = fmt.Errorf("%d messages, the last is %+v", len(list), list[len(list)-1])
			}
			return err
		}, bob)
	}()
	<-reading
	ingest(t, s, bob, recall(bob, 202, 201))
	isTombstone(t, s, bob, 201)
	for range 3 {
		if err := <-tries; !errors.Is(err, store.ErrReaders) {
			t.Fatalf("erasing under a reader: %v", err)
		}
	}
	if !holds(t, path, marker) {
		t.Error("erased under a reader")
	}
	close(read)
	ok(t, <-done)
	erased(t, path, marker)
}

// A process that ends between a recall and its erasing leaves the rest to the next.
func TestErasingGoesOnAfterRestart(t *testing.T) { bothWays(t, testErasingGoesOnAfterRestart) }

func testErasingGoesOnAfterRestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	s, _, err := openStoreAt(path, store.Options{Account: me})
	ok(t, err)
	ok(t, s.Ingest(t.Context(), batch(bob, 1, 100)))
	say(t, s, bob, 101, marker)
	copied := filepath.Join(t.TempDir(), "cache.db")
	ingest(t, s, bob, recallOwn(bob, 102, 101))
	raw, err := os.ReadFile(path) // what a crash would leave
	ok(t, err)
	ok(t, os.WriteFile(copied, raw, 0o600))
	ok(t, s.Close())
	if holds(t, path, marker) {
		t.Error("closed before it was erased")
	}
	if !holds(t, copied, marker) {
		t.Skip("this machine erased faster than it copied")
	}
	openAt(t, copied)
	erased(t, copied, marker)
}

// With free space everywhere, nothing but free pages is overwritten.
func TestErasingKeepsEverythingElse(t *testing.T) { bothWays(t, testErasingKeepsEverythingElse) }

func testErasingKeepsEverythingElse(t *testing.T) {
	s := openStore(t)
	tries := store.Erasings(s)
	var want []im.Message
	n := uint64(0)
	for round := range 30 {
		from := n + 1
		n += uint64(20 + round*7)
		list := texts(bob, from, n)
		ingest(t, s, bob, list...)
		want = append(want, list...)
		ok(t, s.Ingest(t.Context(), batch(team, uint64(round*50+1), uint64(round*50+50))))
		n++
		gone := from + uint64(round)%20
		ingest(t, s, bob, recall(bob, n, gone))
		i := slices.IndexFunc(want, func(m im.Message) bool { return m.Sequence == gone })
		place := recall(bob, n, gone)
		want[i] = place.Revokes.Tombstone(&place, me)
		want = append(want, place)
		ok(t, <-tries)
	}
	got, err := s.Page(bob, 0, 1<<20)
	ok(t, err)
	equal(t, "history", got, want)
	others, err := s.Page(team, 0, 1<<20)
	ok(t, err)
	equal(t, "the other conversation", others, texts(team, 1, 1500))
}
