package store_test

import (
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"magpie/im"
	"magpie/store"
)

// years is how far a clock is off whose battery is empty.
const years = 10 * 365 * 24 * time.Hour

// A clock that is put back: what was typed after that is newer all the same when a
// damaged file is saved, of which older versions are on its pages.
func TestDraftAfterTheClockWasPutBack(t *testing.T) { bothWays(t, draftAfterTheClockWasPutBack) }

func draftAfterTheClockWasPutBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	now := time.Now().Add(years)
	o := store.Options{Account: me, Now: func() time.Time { return now }}
	s, _, err := openStoreAt(path, o)
	ok(t, err)
	// With many free pages, older versions stay for a while.
	ok(t, s.Ingest(t.Context(), batch(team, 1, 2000)))
	ok(t, s.Truncate(t.Context(), team, 0))
	ok(t, s.SetDraft(t.Context(), bob, "typed in the future"))
	ok(t, s.SetMeta(t.Context(), "token", "of the future"))
	ok(t, s.Close())
	now = now.Add(-2 * years)
	s, _, err = openStoreAt(path, o)
	ok(t, err)
	ok(t, s.SetDraft(t.Context(), bob, "typed after it"))
	ok(t, s.SetMeta(t.Context(), "token", "after it"))
	ok(t, s.PutProfiles(t.Context(), []im.Profile{{UserID: "bob"}})) // what is lost with the page
	ok(t, s.Close())

	// The way to the newest is gone: every version on every page is looked at.
	data, err := os.ReadFile(path)
	ok(t, err)
	zero(data, metaField(data, 16))
	ok(t, os.WriteFile(path, data, 0o600))
	s, report, err := openStoreAt(path, o)
	ok(t, err)
	defer s.Close()
	if report.SetAside == "" {
		t.Fatal("the damage was not met")
	}
	draft, err := s.Draft(bob)
	ok(t, err)
	token, err := s.Meta("token")
	ok(t, err)
	if draft != "typed after it" || token != "after it" {
		t.Errorf("draft %q, token %q", draft, token)
	}
}

// Between two starts and while it is open, the clock goes ten years on and back: the
// order of messages and of the list, and what is waiting, do not follow it.
func TestClockJumps(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	var clock atomic.Int64 // the store asks from goroutines of its own
	clock.Store(time.Now().UnixNano())
	o, idle := store.SmallIndex(store.Options{Account: me, Now: func() time.Time { return time.Unix(0, clock.Load()) }}, 24, time.Millisecond)
	want := ""
	for i, by := range []time.Duration{0, years, -2 * years, years} {
		clock.Add(int64(by))
		s, report, err := openStoreAt(path, withKey(o))
		ok(t, err)
		if report.SetAside != "" {
			t.Fatalf("report %+v", report)
		}
		if i > 0 {
			if got := contents(t, s, lifeWords, lifeConvs...); got != want {
				t.Errorf("after a jump of %v: %s", by, differ(got, want))
			}
		}
		n := uint64(i)*40 + 1
		ok(t, s.Ingest(t.Context(), batch(bob, n, n+19)))
		clock.Add(int64(-years))
		ok(t, s.Ingest(t.Context(), batch(bob, n+20, n+38)))
		ingest(t, s, bob, recall(bob, n+39, n+5))
		_, err = s.Enqueue(t.Context(), mine(team, im.MessageID("wren-pc-"+string(rune('a'+i))), "x"))
		ok(t, err)
		clock.Add(int64(years))
		ok(t, store.WaitIdle(t.Context(), s, idle))
		list, err := s.Page(bob, 0, 1000)
		ok(t, err)
		for k, m := range list {
			equal(t, "sequence", m.Sequence, uint64(k+1))
		}
		rows, err := s.Outbox()
		ok(t, err)
		if len(rows) != i+1 || rows[i].Message.ID != im.MessageID("wren-pc-"+string(rune('a'+i))) {
			t.Errorf("waiting: %v", ids(rows))
		}
		want = contents(t, s, lifeWords, lifeConvs...)
		ok(t, s.Close())
		checkFile(t, path)
	}
}
