package store_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"go.uber.org/goleak"

	"magpie/im"
	"magpie/store"
	"magpie/store/storetest"
)

func TestMain(m *testing.M) {
	childMain()
	goleak.VerifyTestMain(m)
}

const (
	me   im.UserID         = "wren"
	bob  im.ConversationID = "C2Cbob"
	team im.ConversationID = "GROUP@TGS#team"
)

// openStore opens a store in a fresh folder; when the test ends it is closed
// and bbolt checks every page of it.
func openStore(t testing.TB) *store.Store {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "cache.db"))
}

func openAt(t testing.TB, path string) *store.Store {
	t.Helper()
	s, _, err := openStoreAt(path, store.Options{Account: me})
	ok(t, err)
	t.Cleanup(func() {
		ok(t, s.Close())
		checkFile(t, path)
	})
	return s
}

// checkFile lets bbolt check the whole structure, and reads every value.
func checkFile(t testing.TB, path string) {
	t.Helper()
	o := store.Options{}
	if sealed, err := store.IsSealed(path); err == nil && sealed {
		o.Key = testKey()
	}
	if err := storetest.CheckSound(path, o); err != nil {
		t.Errorf("check of %s: %v", filepath.Base(path), err)
	}
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal[T any](t testing.TB, what string, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

func hasCode(t testing.TB, err error, code im.Code) {
	t.Helper()
	if im.CodeOf(err) != code {
		t.Fatalf("error %v, want code %d", err, code)
	}
}

// text is message n of conv, written by someone else.
func text(conv im.ConversationID, n uint64, s string) im.Message {
	return im.Message{
		ID: im.MessageID(fmt.Sprintf("bob-pc-%s-%d", conv, n)), ConversationID: conv, ConversationType: conv.Type(),
		Type: im.MsgText, Payload: im.TextPayload{Text: s}, From: "bob", To: conv.To(), Flow: im.FlowIn,
		Status: im.StatusSuccess, Sequence: n, Time: 1_700_000_000_000 + int64(n),
	}
}

func texts(conv im.ConversationID, from, to uint64) []im.Message {
	var list []im.Message
	for n := from; n <= to; n++ {
		list = append(list, text(conv, n, fmt.Sprintf("第 %d 条 message", n)))
	}
	return list
}

func batch(conv im.ConversationID, from, to uint64) store.Batch {
	return store.Batch{Conversation: conv, Messages: texts(conv, from, to), From: from, To: to}
}

// mine is an own message that waits to be sent.
func mine(conv im.ConversationID, id im.MessageID, s string) store.OutboxRow {
	return store.OutboxRow{Message: im.Message{
		ID: id, ConversationID: conv, ConversationType: conv.Type(), Type: im.MsgText, Payload: im.TextPayload{Text: s},
		From: me, To: conv.To(), Flow: im.FlowOut, Status: im.StatusUnsent, Time: 1_700_000_100_000,
	}}
}

func sequences(list []im.Message) []uint64 {
	var out []uint64
	for _, m := range list {
		out = append(out, m.Sequence)
	}
	return out
}

func ids(rows []store.OutboxRow) []im.MessageID {
	var out []im.MessageID
	for _, r := range rows {
		out = append(out, r.Message.ID)
	}
	return out
}

func TestPages(t *testing.T) {
	s := openStore(t)
	ok(t, s.Ingest(t.Context(), batch(bob, 11, 40), batch(team, 1, 3)))
	for _, c := range []struct {
		name  string
		conv  im.ConversationID
		at    uint64
		limit int
		after bool
		want  []uint64
	}{
		{"from the end", bob, 0, 3, false, []uint64{38, 39, 40}},
		{"before one", bob, 38, 2, false, []uint64{36, 37}},
		{"before a sequence above all", bob, 99, 1, false, []uint64{40}},
		{"up to the beginning", bob, 13, 10, false, []uint64{11, 12}},
		{"before the first", bob, 11, 10, false, nil},
		{"another conversation does not leak in", team, 0, 10, false, []uint64{1, 2, 3}},
		{"no such conversation", "C2Cnobody", 0, 10, false, nil},
		{"no limit is nothing", bob, 0, 0, false, nil},
		{"after the beginning", bob, 0, 2, true, []uint64{11, 12}},
		{"after one", bob, 38, 5, true, []uint64{39, 40}},
		{"after the last", bob, 40, 5, true, nil},
		{"after the last number there is", bob, 1<<64 - 1, 5, true, nil},
	} {
		page := s.Page
		if c.after {
			page = s.PageAfter
		}
		list, err := page(c.conv, c.at, c.limit)
		ok(t, err)
		equal(t, c.name, sequences(list), c.want)
	}
	list, err := s.Page(bob, 0, 1)
	ok(t, err)
	equal(t, "the message", list[0], text(bob, 40, "第 40 条 message"))
}

func TestIngestRefuses(t *testing.T) {
	s := openStore(t)
	for _, c := range []struct {
		name string
		b    store.Batch
		code im.Code
	}{
		{"no conversation", store.Batch{Messages: texts("", 1, 1)}, im.CodeInvalidConversationID},
		{"no sequence", store.Batch{Conversation: bob, Messages: []im.Message{text(bob, 0, "x")}}, im.CodeInvalidMessage},
		{"outside of the range", store.Batch{Conversation: bob, Messages: texts(bob, 5, 5), From: 6, To: 9}, im.CodeInvalidMessage},
		{"range without begin", store.Batch{Conversation: bob, To: 9}, im.CodeInvalidMessage},
		{"range backwards", store.Batch{Conversation: bob, From: 9, To: 3}, im.CodeInvalidMessage},
		{"of another conversation", store.Batch{Conversation: bob, Messages: texts(team, 1, 1)}, im.CodeInvalidMessage},
	} {
		t.Run(c.name, func(t *testing.T) {
			hasCode(t, s.Ingest(t.Context(), batch(team, 1, 2), c.b), c.code)
		})
	}
	list, err := s.Page(team, 0, 10)
	ok(t, err)
	equal(t, "nothing of a refused call is stored", len(list), 0)
}

func TestIngestAgainChangesNothing(t *testing.T) {
	s := openStore(t)
	for range 3 {
		ok(t, s.Ingest(t.Context(), batch(bob, 1, 5)))
	}
	list, err := s.Page(bob, 0, 100)
	ok(t, err)
	equal(t, "messages", list, texts(bob, 1, 5))
	ranges, err := s.Ranges(bob)
	ok(t, err)
	equal(t, "ranges", ranges, []store.Range{{From: 1, To: 5}})
}

func TestRevokedStaysRevoked(t *testing.T) {
	s := openStore(t)
	ok(t, s.Ingest(t.Context(), batch(bob, 1, 3)))
	revoked := text(bob, 3, "")
	revoked.IsRevoked, revoked.Revoker, revoked.Payload = true, "bob", nil
	ok(t, s.Ingest(t.Context(), store.Batch{Conversation: bob, Messages: []im.Message{revoked}}))
	// An older page that was under way arrives late.
	ok(t, s.Ingest(t.Context(), batch(bob, 1, 3)))
	m, found, err := s.Message(revoked.ID)
	ok(t, err)
	equal(t, "found", found, true)
	equal(t, "message", m, revoked)
	c, _, err := s.Conversation(bob)
	ok(t, err)
	equal(t, "last message is revoked", c.LastMessage.IsRevoked, true)
}

func TestHoleDoesNotHideAMessage(t *testing.T) {
	s := openStore(t)
	ok(t, s.Ingest(t.Context(), batch(bob, 1, 2)))
	hole := im.Message{Sequence: 2, IsPlaceMessage: true}
	ok(t, s.Ingest(t.Context(), store.Batch{Conversation: bob, Messages: []im.Message{hole, {Sequence: 3, IsPlaceMessage: true}}}))
	list, err := s.Page(bob, 0, 2)
	ok(t, err)
	equal(t, "kept", list[0], text(bob, 2, "第 2 条 message"))
	equal(t, "hole", list[1].IsPlaceMessage, true)
	c, _, err := s.Conversation(bob)
	ok(t, err)
	equal(t, "a hole is nobody's last message", c.LastMessage.LastSequence, uint64(2))
}

func TestAnotherMessageAtASequence(t *testing.T) {
	s := openStore(t)
	ok(t, s.Ingest(t.Context(), batch(bob, 1, 2)))
	other := text(bob, 2, "what the server really has")
	other.ID = "bob-pc-other"
	ok(t, s.Ingest(t.Context(), store.Batch{Conversation: bob, Messages: []im.Message{other}}))
	_, found, err := s.Message(text(bob, 2, "").ID)
	ok(t, err)
	equal(t, "the id that is gone leads nowhere", found, false)
	m, _, err := s.Message(other.ID)
	ok(t, err)
	equal(t, "message", m, other)
}

func TestRanges(t *testing.T) { bothWays(t, testRanges) }

func testRanges(t *testing.T) {
	s := openStore(t)
	for i, c := range []struct {
		from, to uint64
		want     []store.Range
	}{
		{10, 20, []store.Range{{10, 20}}},
		{30, 40, []store.Range{{10, 20}, {30, 40}}},
		{21, 25, []store.Range{{10, 25}, {30, 40}}},
		{28, 29, []store.Range{{10, 25}, {28, 40}}},
		{1, 3, []store.Range{{1, 3}, {10, 25}, {28, 40}}},
		{12, 13, []store.Range{{1, 3}, {10, 25}, {28, 40}}},
		{26, 27, []store.Range{{1, 3}, {10, 40}}},
		{2, 50, []store.Range{{1, 50}}},
		{1<<64 - 1, 1<<64 - 1, []store.Range{{1, 50}, {1<<64 - 1, 1<<64 - 1}}},
		{1, 1<<64 - 1, []store.Range{{1, 1<<64 - 1}}},
	} {
		ok(t, s.Ingest(t.Context(), store.Batch{Conversation: bob, From: c.from, To: c.to}))
		got, err := s.Ranges(bob)
		ok(t, err)
		equal(t, fmt.Sprint("step ", i), got, c.want)
	}
}

func TestTruncate(t *testing.T) {
	s := openStore(t)
	ok(t, s.Ingest(t.Context(), batch(bob, 1, 10), batch(bob, 20, 30)))
	_, err := s.Enqueue(t.Context(), mine(bob, "wren-pc-1", "still here"))
	ok(t, err)
	ok(t, s.Truncate(t.Context(), bob, 7))
	list, err := s.Page(bob, 0, 100)
	ok(t, err)
	equal(t, "messages", list, texts(bob, 1, 7))
	ranges, err := s.Ranges(bob)
	ok(t, err)
	equal(t, "ranges", ranges, []store.Range{{From: 1, To: 7}})
	_, found, err := s.Message(text(bob, 25, "").ID)
	ok(t, err)
	equal(t, "id of a forgotten message", found, false)
	c, _, err := s.Conversation(bob)
	ok(t, err)
	equal(t, "last", c.Last, uint64(7))
	equal(t, "last message", c.LastMessage.LastSequence, uint64(7))
	rows, err := s.Outbox()
	ok(t, err)
	equal(t, "outbox", ids(rows), []im.MessageID{"wren-pc-1"})
	ok(t, s.Truncate(t.Context(), "C2Cnobody", 0))
}

func TestOpenTwice(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	openAt(t, path)
	_, _, err := openStoreAt(path, store.Options{OpenTimeout: 60 * time.Millisecond})
	if !errors.Is(err, store.ErrInUse) {
		t.Fatalf("second Open: %v, want ErrInUse", err)
	}
}

func TestOtherAccount(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	s, report, err := openStoreAt(path, store.Options{Account: me})
	ok(t, err)
	equal(t, "report", report, store.Report{Created: true})
	ok(t, s.Close())
	_, _, err = openStoreAt(path, store.Options{Account: "bob"})
	if !errors.Is(err, store.ErrOtherAccount) {
		t.Fatalf("%v, want ErrOtherAccount", err)
	}
	s, report, err = openStoreAt(path, store.Options{})
	ok(t, err)
	equal(t, "report", report, store.Report{})
	ok(t, s.Close())
}

func TestClosed(t *testing.T) {
	s, _, err := openStoreAt(filepath.Join(t.TempDir(), "cache.db"), store.Options{})
	ok(t, err)
	ok(t, s.Close())
	ok(t, s.Close())
	if err := s.SetDraft(t.Context(), bob, "x"); !errors.Is(err, store.ErrClosed) {
		t.Errorf("write: %v", err)
	}
	if _, err := s.Page(bob, 0, 1); !errors.Is(err, store.ErrClosed) {
		t.Errorf("read: %v", err)
	}
}

// A conversation of many pages of which nothing is left: bbolt looks for the last
// entry of a tree of empty pages without end.
func TestTruncateEverything(t *testing.T) {
	s := openStore(t)
	ok(t, s.Ingest(t.Context(), batch(bob, 1, 2000)))
	for n := uint64(1001); n < 3000; n += 2 {
		ingest(t, s, bob, recall(bob, n+10_000, n+20_000)) // waits for ever
	}
	ok(t, s.Truncate(t.Context(), bob, 0))
	if list, err := s.Page(bob, 0, 10); err != nil || len(list) != 0 {
		t.Fatal(len(list), err)
	}
	if list, err := s.Recalls(bob); err != nil || len(list) != 0 {
		t.Fatal(len(list), err)
	}
	ok(t, s.Ingest(t.Context(), batch(bob, 1, 3)))
	if list, err := s.Page(bob, 0, 10); err != nil || len(list) != 3 {
		t.Fatal(len(list), err)
	}
}
