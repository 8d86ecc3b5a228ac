package store_test

import (
	"path/filepath"
	"testing"

	"magpie/im"
	"magpie/store"
)

// remove deletes messages of text.
func remove(t testing.TB, s *store.Store, conv im.ConversationID, sequences ...uint64) []im.Message {
	t.Helper()
	var ids []im.MessageID
	for _, n := range sequences {
		ids = append(ids, text(conv, n, "").ID)
	}
	gone, err := s.Delete(t.Context(), conv, ids)
	ok(t, err)
	return gone
}

// isDeleted fails unless nothing but the place of a message is left.
func isDeleted(t testing.TB, s *store.Store, conv im.ConversationID, n uint64) {
	t.Helper()
	of := text(conv, n, "")
	m, found, err := s.Message(of.ID)
	ok(t, err)
	if !found {
		t.Fatalf("message %d is not known any more: who comes with it again is believed", n)
	}
	equal(t, "what is left", m, of.Deleted())
}

// A message that a person deleted is nowhere any more, and nothing else changes.
func TestDelete(t *testing.T) { bothWays(t, testDelete) }

func testDelete(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	s := openAt(t, path)
	list := texts(bob, 1, 200)
	for _, n := range []uint64{50, 51, 200} {
		list[n-1] = text(bob, n, marker)
	}
	list[98] = shared(bob, 99, photo(99))
	ok(t, s.Ingest(t.Context(), store.Batch{Conversation: bob, Messages: list, From: 1, To: 200}))
	ok(t, s.Ingest(t.Context(), batch(team, 1, 3)))
	ok(t, s.SetDraft(t.Context(), bob, "not said yet"))
	waiting, err := s.Enqueue(t.Context(), mine(bob, "wren-pc-1", "not sent yet"))
	ok(t, err)
	finds(t, s, "owl midnight", 200, 51, 50)
	if !holds(t, path, marker) {
		t.Fatal("the content was never in the file: the test tests nothing")
	}

	gone := remove(t, s, bob, 50, 51, 200, 7000)
	equal(t, "gone", sequences(gone), []uint64{50, 51, 200})
	photos, err := s.Delete(t.Context(), bob, []im.MessageID{list[98].ID, waiting.Message.ID, text(team, 1, "").ID})
	ok(t, err)
	equal(t, "gone of what is in this history", sequences(photos), []uint64{99})
	erased(t, path, marker)
	for _, n := range []uint64{50, 51, 200} {
		isDeleted(t, s, bob, n)
	}
	finds(t, s, "owl midnight")
	equal(t, "pictures", media(t, s, bob, store.MediaQuery{Types: pictures, Limit: 9}), nil)
	equal(t, "again", len(remove(t, s, bob, 50)), 0)

	page, err := s.Page(bob, 0, 1000)
	ok(t, err)
	equal(t, "numbers", len(page), 200)
	for i, m := range page {
		if n := uint64(i + 1); n != 50 && n != 51 && n != 99 && n != 200 {
			equal(t, "another message", m, list[i])
		}
	}
	ranges, err := s.Ranges(bob)
	ok(t, err)
	equal(t, "ranges", ranges, []store.Range{{From: 1, To: 200}})
	c := row(t, s, bob)
	equal(t, "last message", c.LastMessage, im.NewLastMessage(&list[198]))
	equal(t, "last", c.Last, uint64(200))
	equal(t, "draft", c.Draft, "not said yet")
	out, err := s.OutboxOf(bob)
	ok(t, err)
	equal(t, "outbox", ids(out), []im.MessageID{waiting.Message.ID})
	page, err = s.Page(team, 0, 9)
	ok(t, err)
	equal(t, "another conversation", page, texts(team, 1, 3))
}

// More pages are freed than the next writes use, and nobody reads them any more.
func TestDeletedContentLeavesTheFile(t *testing.T) { bothWays(t, testDeletedContentLeavesTheFile) }

func testDeletedContentLeavesTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	s := openAt(t, path)
	var gone []uint64
	for n := uint64(1); n <= 4000; n += 100 {
		ingest(t, s, bob, append([]im.Message{text(bob, n, marker)}, texts(bob, n+1, n+99)...)...)
		gone = append(gone, n)
	}
	if !holds(t, path, marker) {
		t.Fatal("the content was never in the file: the test tests nothing")
	}
	equal(t, "gone", len(remove(t, s, bob, gone...)), 40)
	erased(t, path, marker)
}

// Whatever comes of it afterwards, it stays deleted.
func TestDeletedStaysDeleted(t *testing.T) { bothWays(t, testDeletedStaysDeleted) }

func testDeletedStaysDeleted(t *testing.T) {
	list := texts(team, 1, 5)
	list[2] = text(team, 3, marker)
	place := recall(team, 6, 3)
	left := place.Revokes.Tombstone(&place, me)
	page := store.Batch{Conversation: team, Messages: list, From: 1, To: 5}
	for name, after := range map[string]func(*testing.T, *store.Store){
		"its page again": func(t *testing.T, s *store.Store) { ok(t, s.Ingest(t.Context(), page)) },
		"alone again":    func(t *testing.T, s *store.Store) { ingest(t, s, team, list[2]) },
		"a recall":       func(t *testing.T, s *store.Store) { ingest(t, s, team, place) },
		"as recalled":    func(t *testing.T, s *store.Store) { ingest(t, s, team, left) },
		"a hole": func(t *testing.T, s *store.Store) {
			ingest(t, s, team, im.Message{ConversationID: team, Sequence: 3, IsPlaceMessage: true})
		},
		"the history is forgotten and read again": func(t *testing.T, s *store.Store) {
			ok(t, s.Forget(t.Context(), team))
			ok(t, s.Forget(t.Context(), team))
			ok(t, s.Ingest(t.Context(), page))
		},
		"forgotten, then a recall": func(t *testing.T, s *store.Store) {
			ok(t, s.Forget(t.Context(), team))
			ingest(t, s, team, place)
			ok(t, s.Ingest(t.Context(), page))
		},
		"forgotten, then as recalled": func(t *testing.T, s *store.Store) {
			ok(t, s.Forget(t.Context(), team))
			ingest(t, s, team, left)
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "cache.db")
			s := openAt(t, path)
			ok(t, s.Ingest(t.Context(), page))
			remove(t, s, team, 3)
			after(t, s)
			isDeleted(t, s, team, 3)
			finds(t, s, "owl midnight")
			ok(t, s.Close())
			s = openAt(t, path) // it was no matter of the process
			ok(t, s.Ingest(t.Context(), page))
			isDeleted(t, s, team, 3)
			equal(t, "the next one", row(t, s, team).LastMessage, im.NewLastMessage(&list[4]))
			erased(t, path, marker)
		})
	}
}

// Where another history comes, what was deleted in the old one says nothing.
func TestDeletedOfAnotherHistory(t *testing.T) {
	s := openStore(t)
	ok(t, s.Ingest(t.Context(), batch(team, 1, 5)))
	remove(t, s, team, 3, 4)
	ok(t, s.Truncate(t.Context(), team, 3))
	other := text(team, 4, "of the other history")
	ingest(t, s, team, other)
	m, _, err := s.Message(other.ID)
	ok(t, err)
	equal(t, "message", m, other)
	isDeleted(t, s, team, 3)
	another := text(team, 3, "under the same number")
	another.ID = "bob-pc-another"
	ingest(t, s, team, another)
	m, _, err = s.Message(another.ID)
	ok(t, err)
	equal(t, "another message", m, another)
}

// The list shows what was said before; where that is not here it says nothing, and never
// what was deleted, whoever brings it.
func TestListAfterDelete(t *testing.T) {
	s := openStore(t)
	list := texts(team, 1, 9)
	list[8].AtUserList = []im.UserID{me}
	ok(t, s.Ingest(t.Context(), store.Batch{Conversation: team, Messages: list, From: 1, To: 9}))
	ok(t, s.Ingest(t.Context(), batch(bob, 1, 1)))
	equal(t, "mentions", len(row(t, s, team).GroupAtInfoList), 1)
	served := row(t, s, team)
	served.LastMessage = im.NewLastMessage(&list[8])
	remove(t, s, team, 8, 9)
	want := im.NewLastMessage(&list[6])
	equal(t, "last message", row(t, s, team).LastMessage, want)
	equal(t, "mentions", len(row(t, s, team).GroupAtInfoList), 0)
	ok(t, s.PutConversations(t.Context(), []store.Conversation{served}))
	equal(t, "after the server's list", row(t, s, team).LastMessage, want)
	equal(t, "mentions", len(row(t, s, team).GroupAtInfoList), 0)
	ok(t, s.Ingest(t.Context(), store.Batch{Conversation: team, Messages: list, From: 1, To: 9}))
	equal(t, "after its page", row(t, s, team).LastMessage, want)
	ingest(t, s, team, text(team, 10, "news"))
	equal(t, "after news", row(t, s, team).LastMessage.LastSequence, uint64(10))

	// A hole before the last message: nobody knows what was said there.
	far := text(team, 50, "far away")
	ingest(t, s, team, far)
	remove(t, s, team, 50)
	equal(t, "before a hole", row(t, s, team).LastMessage, store.Hollow(im.NewLastMessage(&far)))
	ingest(t, s, team, far)
	equal(t, "and again", row(t, s, team).LastMessage, store.Hollow(im.NewLastMessage(&far)))

	only := text(bob, 1, "")
	remove(t, s, bob, 1)
	equal(t, "of nothing", row(t, s, bob).LastMessage, store.Hollow(im.NewLastMessage(&only)))
	rows, err := s.Conversations(0, 0)
	ok(t, err)
	equal(t, "rows", len(rows), 2)
}

// Ingest takes messages that say themselves that they were deleted.
func TestIngestDeleted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	s := openAt(t, path)
	id := say(t, s, bob, 3, marker)
	m, _, err := s.Message(id)
	ok(t, err)
	ingest(t, s, bob, m.Deleted())
	left, _, err := s.Message(id)
	ok(t, err)
	equal(t, "left", left.IsDeleted, true)
	erased(t, path, marker)
	again := text(bob, 9, "never here before")
	ingest(t, s, bob, again.Deleted())
	ingest(t, s, bob, again)
	isDeleted(t, s, bob, 9)
}

// What was deleted is so in what is saved of a damaged file, too.
func TestDeletedIsSalvaged(t *testing.T) {
	s, report := hurt(t, func(s *store.Store) {
		ok(t, s.Ingest(t.Context(), batch(team, 1, 40)))
		ok(t, s.Ingest(t.Context(), batch(bob, 1, 40)))
		remove(t, s, team, 7)
		remove(t, s, bob, 8)
		ok(t, s.Forget(t.Context(), bob))
	}, func(data []byte) []byte {
		zero(data, 1-newestMeta(data))
		return data
	})
	if report.SetAside == "" {
		t.Fatal("nothing was set aside")
	}
	isDeleted(t, s, team, 7)
	ok(t, s.Ingest(t.Context(), batch(bob, 1, 40)))
	isDeleted(t, s, bob, 8)
	ok(t, s.Ingest(t.Context(), batch(team, 1, 40)))
	isDeleted(t, s, team, 7)
}

func TestDeleteRefuses(t *testing.T) {
	s := openStore(t)
	_, err := s.Delete(t.Context(), "", nil)
	hasCode(t, err, im.CodeInvalidConversationID)
	gone, err := s.Delete(t.Context(), bob, []im.MessageID{"nobody-pc-1"})
	ok(t, err)
	equal(t, "gone", len(gone), 0)
	if _, found, err := s.Conversation(bob); err != nil || found {
		t.Errorf("a conversation was made: %v", err)
	}
}
