package store_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"magpie/im"
	"magpie/store"
)

func TestOutboxOrderSurvives(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	s, _, err := openStoreAt(path, store.Options{})
	ok(t, err)
	row := mine(bob, "wren-pc-1", "eins")
	row.Base, row.Options = 7, im.SendOptions{OnlineUserOnly: true, OfflinePushInfo: &im.OfflinePushInfo{Title: "t"}}
	first, err := s.Enqueue(t.Context(), row)
	ok(t, err)
	_, err = s.Enqueue(t.Context(), mine(team, "wren-pc-2", "zwei"))
	ok(t, err)
	again, err := s.Enqueue(t.Context(), mine(bob, "wren-pc-1", "eins, changed"))
	ok(t, err)
	equal(t, "the same id is the same row", again, first)
	ok(t, s.RemoveOutbox(t.Context(), "wren-pc-2"))
	ok(t, s.Close())

	s = openAt(t, path)
	third, err := s.Enqueue(t.Context(), mine(bob, "wren-pc-3", "drei"))
	ok(t, err)
	equal(t, "an order is never used again", third.Order, uint64(3))
	rows, err := s.Outbox()
	ok(t, err)
	equal(t, "rows", rows, []store.OutboxRow{first, third})
	rows, err = s.OutboxOf(team)
	ok(t, err)
	equal(t, "rows of the group", len(rows), 0)
	m, found, err := s.Message("wren-pc-3")
	ok(t, err)
	equal(t, "found", found, true)
	equal(t, "by id", m, third.Message)
}

// The text is the draft until it is in the outbox, and not both after a kill.
func TestEnqueueTakesTheDraftItSays(t *testing.T) {
	s := openStore(t)
	ok(t, s.SetDraft(t.Context(), bob, "eins\n"))
	ok(t, s.SetDraft(t.Context(), team, "eins"))
	_, err := s.Enqueue(t.Context(), mine(bob, "wren-pc-1", "eins"))
	ok(t, err)
	for conv, want := range map[im.ConversationID]string{bob: "", team: "eins"} {
		got, err := s.Draft(conv)
		ok(t, err)
		equal(t, string(conv), got, want)
	}
	ok(t, s.SetDraft(t.Context(), bob, "zwei, not done"))
	_, err = s.Enqueue(t.Context(), mine(bob, "wren-pc-2", "drei"))
	ok(t, err)
	got, err := s.Draft(bob)
	ok(t, err)
	equal(t, "another draft", got, "zwei, not done")
}

func TestUpdateOutbox(t *testing.T) {
	s := openStore(t)
	row, err := s.Enqueue(t.Context(), mine(bob, "wren-pc-1", "x"))
	ok(t, err)
	ok(t, s.UpdateOutbox(t.Context(), "wren-pc-1", func(r *store.OutboxRow) error {
		r.Tries++
		r.Message.Status, r.Message.Error = im.StatusFail, im.Errorf(im.CodeMuted, "muted")
		r.Order, r.Message.ID = 99, "other"
		return nil
	}))
	row.Tries, row.Message.Status, row.Message.Error = 1, im.StatusFail, im.Errorf(im.CodeMuted, "muted")
	rows, err := s.OutboxOf(bob)
	ok(t, err)
	equal(t, "row", rows, []store.OutboxRow{row})

	no := errors.New("no")
	if err := s.UpdateOutbox(t.Context(), "wren-pc-1", func(r *store.OutboxRow) error { r.Tries = 50; return no }); !errors.Is(err, no) {
		t.Fatalf("%v, want the caller's error", err)
	}
	if err := s.UpdateOutbox(t.Context(), "wren-pc-1", func(*store.OutboxRow) error { panic("caller") }); err == nil || im.CodeOf(err) != 0 {
		t.Fatalf("a panic of the caller: %v, want a plain error", err)
	}
	rows, err = s.OutboxOf(bob)
	ok(t, err)
	equal(t, "row after failures", rows, []store.OutboxRow{row})
	if err := s.UpdateOutbox(t.Context(), "nobody", func(*store.OutboxRow) error { return nil }); !errors.Is(err, store.ErrNotFound) {
		t.Fatalf("%v, want ErrNotFound", err)
	}
}

func TestAcknowledge(t *testing.T) {
	s := openStore(t)
	ok(t, s.Ingest(t.Context(), batch(bob, 1, 4)))
	row, err := s.Enqueue(t.Context(), mine(bob, "wren-pc-1", "hallo"))
	ok(t, err)
	want := row.Message
	want.Sequence, want.Time, want.Status = 5, 1_800_000_000_000, im.StatusSuccess
	for range 2 { // the second time from the history
		m, err := s.Acknowledge(t.Context(), "wren-pc-1", 5, 1_800_000_000_000)
		ok(t, err)
		equal(t, "acknowledged", m, want)
	}
	list, err := s.Page(bob, 0, 1)
	ok(t, err)
	equal(t, "history", list, []im.Message{want})
	m, _, err := s.Message("wren-pc-1")
	ok(t, err)
	equal(t, "by id", m, want)
	rows, err := s.Outbox()
	ok(t, err)
	equal(t, "outbox", len(rows), 0)
	ranges, err := s.Ranges(bob)
	ok(t, err)
	equal(t, "ranges", ranges, []store.Range{{From: 1, To: 5}})
	c, _, err := s.Conversation(bob)
	ok(t, err)
	equal(t, "last message", c.LastMessage, im.NewLastMessage(&want))
	equal(t, "last", c.Last, uint64(5))

	again, err := s.Enqueue(t.Context(), mine(bob, "wren-pc-1", "hallo"))
	ok(t, err)
	equal(t, "enqueued again it is history", again, store.OutboxRow{Message: want})
	if _, err := s.Acknowledge(t.Context(), "nobody", 1, 1); !errors.Is(err, store.ErrNotFound) {
		t.Fatalf("%v, want ErrNotFound", err)
	}
}

func TestAcknowledgeOlderKeepsLastMessage(t *testing.T) {
	s := openStore(t)
	_, err := s.Enqueue(t.Context(), mine(bob, "wren-pc-1", "early"))
	ok(t, err)
	ok(t, s.Ingest(t.Context(), store.Batch{Conversation: bob, Messages: texts(bob, 9, 9)}))
	_, err = s.Acknowledge(t.Context(), "wren-pc-1", 8, 1_600_000_000_000)
	ok(t, err)
	c, _, err := s.Conversation(bob)
	ok(t, err)
	equal(t, "last message", c.LastMessage.LastSequence, uint64(9))
	ranges, err := s.Ranges(bob)
	ok(t, err)
	equal(t, "ranges", ranges, []store.Range{{From: 8, To: 9}})
}

func TestAcknowledgeWhatIsStoredNowhere(t *testing.T) {
	s := openStore(t)
	_, err := s.Enqueue(t.Context(), mine(bob, "wren-pc-1", "psst"))
	ok(t, err)
	m, err := s.Acknowledge(t.Context(), "wren-pc-1", 0, 5)
	ok(t, err)
	equal(t, "status", m.Status, im.StatusSuccess)
	_, found, err := s.Message("wren-pc-1")
	ok(t, err)
	equal(t, "found", found, false)
}

// The acknowledgement was lost and the message comes back with the history.
func TestEchoResolvesOutbox(t *testing.T) {
	s := openStore(t)
	for _, id := range []im.MessageID{"wren-pc-1", "wren-pc-2"} {
		_, err := s.Enqueue(t.Context(), mine(bob, id, "x"))
		ok(t, err)
	}
	echo := mine(bob, "wren-pc-1", "x").Message
	echo.Sequence, echo.Status = 3, im.StatusSuccess
	ok(t, s.Ingest(t.Context(), store.Batch{Conversation: bob, Messages: []im.Message{text(bob, 2, "a"), echo}, From: 1, To: 3}))
	rows, err := s.Outbox()
	ok(t, err)
	equal(t, "outbox", ids(rows), []im.MessageID{"wren-pc-2"})
	m, _, err := s.Message("wren-pc-1")
	ok(t, err)
	equal(t, "by id", m, echo)
	late, err := s.Acknowledge(t.Context(), "wren-pc-1", 3, echo.Time)
	ok(t, err)
	equal(t, "a late acknowledgement", late, echo)
}

func TestCancelledContextWritesNothing(t *testing.T) {
	s := openStore(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Enqueue(ctx, mine(bob, "wren-pc-1", "x")); !errors.Is(err, context.Canceled) {
		t.Fatalf("%v, want context.Canceled", err)
	}
	rows, err := s.Outbox()
	ok(t, err)
	equal(t, "outbox", len(rows), 0)
}
