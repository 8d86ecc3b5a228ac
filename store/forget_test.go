package store_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"magpie/im"
	"magpie/store"
)

// What is forgotten is in no page, no answer of the search and no row; everything else
// stays as it was.
func TestForget(t *testing.T) { bothWays(t, testForget) }

func testForget(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	s := openAt(t, path)
	const count = 9001 // three transactions
	list := make([]im.Message, count)
	for i := range list {
		list[i] = text(bob, uint64(i+1), fmt.Sprintf("%s for the %dth time", marker, i))
	}
	ok(t, s.Ingest(t.Context(), store.Batch{Conversation: bob, From: 1, To: count, Messages: list}))
	ok(t, s.Ingest(t.Context(), batch(team, 1, 50)))
	ingest(t, s, bob, recall(bob, count+1, count+500)) // of one that is not here
	ok(t, s.SetDraft(t.Context(), bob, "not said yet"))
	waiting, err := s.Enqueue(t.Context(), mine(bob, "wren-pc-1", "not sent yet"))
	ok(t, err)
	if !holds(t, path, marker) {
		t.Fatal("the content was never in the file: the test tests nothing")
	}
	before := row(t, s, bob).LastMessage

	ok(t, s.Forget(t.Context(), bob))
	erased(t, path, marker)
	page, err := s.Page(bob, 0, 10)
	ok(t, err)
	equal(t, "messages", len(page), 0)
	ranges, err := s.Ranges(bob)
	ok(t, err)
	equal(t, "ranges", len(ranges), 0)
	recalls, err := s.Recalls(bob)
	ok(t, err)
	equal(t, "recalls", len(recalls), 0)
	finds(t, s, "owl midnight")
	_, found, err := s.Message(list[7].ID)
	ok(t, err)
	equal(t, "found by its id", found, false)
	histories, err := s.Histories()
	ok(t, err)
	equal(t, "histories", histories, []im.ConversationID{team})

	after := row(t, s, bob)
	equal(t, "last message", *after.LastMessage, im.LastMessage{
		ID: before.ID, LastTime: before.LastTime, LastSequence: before.LastSequence, FromAccount: before.FromAccount, Type: before.Type,
	})
	equal(t, "draft", after.Draft, "not said yet")
	out, err := s.OutboxOf(bob)
	ok(t, err)
	equal(t, "outbox", ids(out), []im.MessageID{waiting.Message.ID})
	page, err = s.Page(team, 0, 100)
	ok(t, err)
	equal(t, "another conversation", len(page), 50)

	// It can all come back.
	ok(t, s.Ingest(t.Context(), store.Batch{Conversation: bob, From: 1, To: count, Messages: list}))
	page, err = s.Page(bob, 0, count+1)
	ok(t, err)
	equal(t, "fetched again", len(page), count)
	ok(t, s.Close())
	checkFile(t, path)
}

// Who gives up in the middle has the older part, which is sound; what is gone is gone.
func TestForgetIsCancelled(t *testing.T) { bothWays(t, testForgetIsCancelled) }

func testForgetIsCancelled(t *testing.T) {
	s := openStore(t)
	ok(t, s.Ingest(t.Context(), store.Batch{Conversation: bob, From: 1, To: 9000, Messages: texts(bob, 1, 9000)}))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Forget(ctx, bob); !errors.Is(err, context.Canceled) {
		t.Fatalf("%v", err)
	}
	page, err := s.Page(bob, 0, 10)
	ok(t, err)
	equal(t, "messages", slices.Equal(sequences(page), sequences(texts(bob, 8991, 9000))), true)
	ok(t, s.Forget(t.Context(), im.C2C("nobody"))) // nothing is there
	hasCode(t, s.Forget(t.Context(), ""), im.CodeInvalidConversationID)
}
