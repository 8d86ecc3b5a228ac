package store_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"magpie/im"
	"magpie/store"
)

// hurt opens, fills and closes a store, damages its file and opens it again.
func hurt(t *testing.T, fill func(*store.Store), damage func(data []byte) []byte) (*store.Store, store.Report) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "cache.db")
	s, _, err := openStoreAt(path, store.Options{Account: me})
	ok(t, err)
	fill(s)
	ok(t, s.Close())
	data, err := os.ReadFile(path)
	ok(t, err)
	ok(t, os.WriteFile(path, damage(data), 0o600))
	s, report, err := openStoreAt(path, store.Options{Account: me})
	ok(t, err)
	t.Cleanup(func() {
		ok(t, s.Close())
		checkFile(t, path)
	})
	if report.SetAside == "" {
		t.Fatal("the damage was not met")
	}
	return s, report
}

// A row found on a page that nothing leads to may have been sent or cancelled:
// it must not be sent without a person.
func TestDoubtfulRowsComeBackAsFailed(t *testing.T) {
	s, _ := hurt(t, func(s *store.Store) {
		_, err := s.Enqueue(t.Context(), mine(bob, "wren-pc-1", "in the last transaction"))
		ok(t, err)
	}, func(data []byte) []byte {
		data[newestMeta(data)*pageSize+16+50] ^= 1
		return data
	})
	rows, err := s.Outbox()
	ok(t, err)
	equal(t, "rows", ids(rows), []im.MessageID{"wren-pc-1"})
	m := rows[0].Message
	equal(t, "status", m.Status, im.StatusFail)
	if m.Error == nil || m.Error.Code != im.CodeStoreDamaged {
		t.Fatalf("error %v, want CodeStoreDamaged", m.Error)
	}
	equal(t, "text", m.Payload, im.Payload(im.TextPayload{Text: "in the last transaction"}))
	// It was sent after all: the history resolves it.
	m.Sequence, m.Status, m.Error = 9, im.StatusSuccess, nil
	ok(t, s.Ingest(t.Context(), store.Batch{Conversation: bob, Messages: []im.Message{m}}))
	rows, err = s.Outbox()
	ok(t, err)
	equal(t, "rows", len(rows), 0)
}

// Damage elsewhere leaves the outbox as it was, with its counter.
func TestTrustedRowsStayAsTheyAre(t *testing.T) { bothWays(t, testTrustedRowsStayAsTheyAre) }

func testTrustedRowsStayAsTheyAre(t *testing.T) {
	var want []store.OutboxRow
	s, report := hurt(t, func(s *store.Store) {
		for _, id := range []im.MessageID{"wren-pc-1", "wren-pc-2", "wren-pc-3"} {
			row, err := s.Enqueue(t.Context(), mine(bob, id, "x"))
			ok(t, err)
			want = append(want, row)
		}
		ok(t, s.RemoveOutbox(t.Context(), "wren-pc-3"))
		want = want[:2]
		ok(t, s.SetDraft(t.Context(), bob, "d"))
		ok(t, s.UpdateConversation(t.Context(), team, func(c *store.Conversation) error { c.Remark = "r"; return nil }))
		ok(t, s.PutMembers(t.Context(), "team", []im.GroupMember{{UserID: "bob"}}))
		ok(t, s.PutGroup(t.Context(), im.Group{GroupID: "team", Name: "n"}))
		ok(t, s.Ingest(t.Context(), batch(team, 1, 300), store.Batch{Conversation: team, From: 301, To: 305}))
	}, func(data []byte) []byte { zero(data, metaField(data, 32)); return data })
	if report.Salvaged < 300 {
		t.Errorf("salvaged %d records", report.Salvaged)
	}
	rows, err := s.Outbox()
	ok(t, err)
	equal(t, "rows", rows, want)
	next, err := s.Enqueue(t.Context(), mine(bob, "wren-pc-4", "x"))
	ok(t, err)
	equal(t, "an order is never used again, not even after damage", next.Order, uint64(4))
	c, _, err := s.Conversation(team)
	ok(t, err)
	equal(t, "remark", c.Remark, "r")
	equal(t, "last message", c.LastMessage.LastSequence, uint64(300))
	ranges, err := s.Ranges(team)
	ok(t, err)
	equal(t, "holes that were known stay known", ranges, []store.Range{{From: 1, To: 305}})
	members, err := s.Members("team")
	ok(t, err)
	equal(t, "members", members, []im.GroupMember{{UserID: "bob"}})
	g, _, err := s.Group("team")
	ok(t, err)
	equal(t, "group", g.Name, "n")
}

// The file shrinks while it is open: reading faults instead of failing.
func TestFileCutUnderneath(t *testing.T) {
	needsFaults(t)
	for _, c := range []struct {
		name string
		size int64
	}{{"half", -1}, {"no page left", 0}} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "cache.db")
			s, _, err := openStoreAt(path, store.Options{})
			ok(t, err)
			for from := uint64(1); from < 3000; from += 500 {
				ok(t, s.Ingest(t.Context(), batch(bob, from, from+499)))
			}
			size := c.size
			if size < 0 {
				info, err := os.Stat(path)
				ok(t, err)
				size = info.Size() / 8
			}
			ok(t, os.Truncate(path, size))
			_, err = s.Page(bob, 0, 10_000)
			hasCode(t, err, im.CodeStoreDamaged)
			if err := s.SetDraft(t.Context(), bob, "x"); err != nil {
				hasCode(t, err, im.CodeStoreDamaged)
			}
			closed := make(chan error, 1)
			go func() { closed <- s.Close() }()
			select {
			case <-closed:
			case <-time.After(20 * time.Second):
				t.Fatal("Close waits for ever")
			}
			s, _, err = openStoreAt(path, store.Options{})
			ok(t, err)
			ok(t, s.Ingest(t.Context(), batch(bob, 1, 10)))
			ok(t, s.Close())
		})
	}
}

// A recall that waits for its message still meets it after damage.
func TestWaitingRecallsAreSalvaged(t *testing.T) { bothWays(t, testWaitingRecallsAreSalvaged) }

func testWaitingRecallsAreSalvaged(t *testing.T) {
	s, _ := hurt(t, func(s *store.Store) {
		ok(t, s.Ingest(t.Context(), batch(team, 10, 20)))
		ingest(t, s, team, recall(team, 21, 15), recall(team, 22, 3))
	}, func(data []byte) []byte { zero(data, metaField(data, 32)); return data })
	isTombstone(t, s, team, 15)
	ingest(t, s, team, text(team, 3, "an old page"))
	isTombstone(t, s, team, 3)
}
