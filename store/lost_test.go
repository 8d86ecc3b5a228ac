package store_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"magpie/im"
	"magpie/store"
)

// How many messages damage took is said by conversation: exactly where the places of
// all messages can be read, within bounds where they cannot.
func TestLostMessagesAreCounted(t *testing.T) { bothWays(t, testLostMessagesAreCounted) }

func testLostMessagesAreCounted(t *testing.T) {
	needsFaults(t)
	whole := filled(t)
	readable := func(path string) (left map[im.ConversationID]int) {
		t.Helper()
		s, _, err := openStoreAt(path, store.Options{Account: me})
		ok(t, err)
		defer s.Close()
		left = map[im.ConversationID]int{}
		for _, conv := range []im.ConversationID{bob, team} {
			list, err := s.Page(conv, 0, 10_000)
			ok(t, err)
			left[conv] = len(list)
		}
		return left
	}
	exact, bounded, hurt := 0, 0, 0
	for i, page := range pagesOf(whole, 2) {
		if !soaking() && i%4 != 0 {
			continue
		}
		data := slices.Clone(whole)
		zero(data, page)
		path := filepath.Join(t.TempDir(), "cache.db")
		ok(t, os.WriteFile(path, data, 0o600))
		h, err := examineStore(path, store.Options{Account: me})
		ok(t, err)
		if h.Damage == 0 {
			if h.Lost != nil {
				t.Errorf("page %d: nothing is damaged, and lost are %v", page, h.Lost)
			}
			continue
		}
		hurt++
		_, err = repairStore(path, store.Options{Account: me})
		ok(t, err)
		left := readable(path)
		lost := map[im.ConversationID]store.LostMessages{}
		for _, l := range h.Lost {
			lost[l.Conversation] = l
			if l.Least == l.Most {
				exact++
			} else {
				bounded++
			}
		}
		if h.Messages == 0 && h.Lost == nil {
			continue // the way to all of them
		}
		for conv, n := range left {
			l := lost[conv]
			if gone := 800 - n; gone < l.Least || l.Most >= 0 && gone > l.Most {
				t.Errorf("page %d: %d of %s are gone, it says %+v", page, gone, conv, l)
			}
		}
	}
	if exact == 0 {
		t.Errorf("of %d damaged files none was counted exactly, %d within bounds", hurt, bounded)
	}
	t.Logf("%d damaged files: %d exact, %d bounded", hurt, exact, bounded)

	// Both the messages and their places: a page of each.
	data := slices.Clone(whole)
	for _, page := range pagesOf(whole, 2) {
		if page%2 == 0 {
			zero(data, page)
		}
	}
	path := filepath.Join(t.TempDir(), "cache.db")
	ok(t, os.WriteFile(path, data, 0o600))
	h, err := examineStore(path, store.Options{Account: me})
	ok(t, err)
	for _, l := range h.Lost {
		if l.Most >= 0 && l.Most < l.Least || l.Least > 800 {
			t.Errorf("%+v", l)
		}
	}
}
