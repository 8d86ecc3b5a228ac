package store_test

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"magpie/im"
	"magpie/store"
)

// placed writes a file and returns where.
func placed(t *testing.T, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "cache.db")
	ok(t, os.WriteFile(path, data, 0o600))
	return path
}

func TestExamineSound(t *testing.T) {
	data := filled(t)
	path := placed(t, data)
	h, err := examineStore(path, store.Options{})
	ok(t, err)
	if h.Damage != 0 || h.Problems != nil || h.Schema != store.SchemaVersion || h.Bytes != int64(len(data)) {
		t.Errorf("%+v", h)
	}
	if h.Messages != 1600 || h.Conversations != 2 || h.Waiting != 40 || h.Drafts != 1 || h.FreeBytes <= 0 {
		t.Errorf("%+v", h)
	}
	after, err := os.ReadFile(path)
	ok(t, err)
	if !slices.Equal(after, data) {
		t.Error("looking changed the file")
	}
	if left, err := filepath.Glob(path + "*"); err != nil || len(left) != 1 {
		t.Errorf("looking left %v, %v", left, err)
	}
}

// Whatever is damaged is found, and Repair leaves a file in which nothing is.
func TestExamineAndRepair(t *testing.T) { bothWays(t, testExamineAndRepair) }

func testExamineAndRepair(t *testing.T) {
	whole := filled(t)
	leaf := some(pagesOf(whole, 2), 40)
	for name, damage := range map[string]func(b []byte) []byte{
		"flipped values": func(b []byte) []byte { // some of the pages are not in use
			for _, p := range pagesOf(b, 2)[5:] {
				b[firstValue(b, p)] ^= 1
			}
			return b
		},
		"pages of zeros": func(b []byte) []byte {
			for _, p := range leaf[:20] {
				clear(b[p*pageSize : (p+1)*pageSize])
			}
			return b
		},
		"torn pages": func(b []byte) []byte {
			for _, p := range leaf[:20] {
				copy(b[p*pageSize+1024:(p+1)*pageSize], b[leaf[30]*pageSize:])
			}
			return b
		},
		"half of the file": func(b []byte) []byte { return b[:used(b)/2/pageSize*pageSize] },
		"one meta page":    func(b []byte) []byte { clear(b[pageSize : pageSize+200]); return b },
		"both meta pages":  func(b []byte) []byte { clear(b[:2*pageSize]); return b },
	} {
		t.Run(name, func(t *testing.T) {
			path := placed(t, damage(slices.Clone(whole)))
			h, err := examineStore(path, store.Options{})
			ok(t, err)
			if h.Damage == 0 || len(h.Problems) == 0 || len(h.Problems) > h.Damage || h.Messages > 1600 {
				t.Fatalf("%+v", h)
			}
			report, err := repairStore(path, store.Options{Account: me})
			ok(t, err)
			if report.SetAside == "" {
				t.Fatalf("%+v", report)
			}
			after, err := examineStore(path, store.Options{})
			ok(t, err)
			if after.Damage != 0 || after.Messages < h.Messages || after.Waiting < h.Waiting {
				t.Errorf("before %+v\nafter %+v", h, after)
			}
			foundAfterRepair(t, path, after.Messages)
		})
	}
}

// foundAfterRepair checks that a search finds all of the messages that a repair saved.
func foundAfterRepair(t *testing.T, path string, messages int) {
	t.Helper()
	o, idle := store.SmallIndex(store.Options{Account: me}, 200, time.Second)
	s, _, err := openStoreAt(path, o)
	ok(t, err)
	defer func() { ok(t, s.Close()) }()
	ok(t, store.WaitIdle(t.Context(), s, idle))
	found := 0
	for _, conv := range []im.ConversationID{bob, team} {
		r, err := s.Search(t.Context(), store.SearchQuery{Conversation: conv})
		ok(t, err)
		if r.Indexing {
			t.Error("the index is not made")
		}
		found += int(r.Total)
	}
	if found != messages {
		t.Errorf("%d messages are found of %d", found, messages)
	}
}

// firstValue is where the value of the first element of a leaf page begins.
func firstValue(data []byte, page int) int {
	at := page*pageSize + 16
	return at + int(binary.NativeEndian.Uint32(data[at+4:])+binary.NativeEndian.Uint32(data[at+8:]))
}

func TestExamineRefuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	if _, err := examineStore(path, store.Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	if _, err := repairStore(path, store.Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file to repair: %v", err)
	}
	if left, err := filepath.Glob(path + "*"); err != nil || left != nil {
		t.Errorf("left %v, %v", left, err)
	}
	if _, err := examineStore(filepath.Dir(path), store.Options{}); err == nil {
		t.Error("a folder was examined")
	}
	ok(t, os.WriteFile(path, nil, 0o600))
	if h, err := examineStore(path, store.Options{}); err != nil || h.Damage != 0 {
		t.Errorf("an empty file: %+v, %v", h, err)
	}
	s, _, err := openStoreAt(path, store.Options{Account: me})
	ok(t, err)
	for what, f := range map[string]func() error{
		"examine": func() error { _, err := examineStore(path, store.Options{OpenTimeout: 1}); return err },
		"repair":  func() error { _, err := repairStore(path, store.Options{OpenTimeout: 1}); return err },
	} {
		if err := f(); !errors.Is(err, store.ErrInUse) {
			t.Errorf("%s while it is open: %v", what, err)
		}
	}
	ok(t, s.Close())
	// Nothing was damaged: the look that was announced finds that out.
	report, err := repairStore(path, store.Options{Account: me})
	if err != nil || report.SetAside != "" {
		t.Errorf("%+v, %v", report, err)
	}
	if h, err := examineStore(path, store.Options{Account: me}); err != nil || h.Account != me {
		t.Errorf("%+v, %v", h, err)
	}
	if _, err := examineStore(path, store.Options{Account: im.UserID("somebody")}); !errors.Is(err, store.ErrOtherAccount) {
		t.Errorf("another account's history was examined: %v", err)
	}
	if _, err := repairStore(path, store.Options{Account: im.UserID("somebody")}); err == nil {
		t.Error("another account's history was opened")
	}
}

// Looking at everything tells how far it is, and ends when nobody waits for it.
func TestExamineTellsAndEnds(t *testing.T) {
	path := placed(t, filled(t))
	var told []int64
	total := int64(0)
	h, err := examineStore(path, store.Options{Looking: func(done, all int64) { told, total = append(told, done), all }})
	ok(t, err)
	if len(told) < 50 || !slices.IsSorted(told) || told[len(told)-1] < total*8/10 || told[len(told)-1] > total || total > h.Bytes {
		t.Errorf("%d times, in the end %d of %d of a file of %d", len(told), told[len(told)-1], total, h.Bytes)
	}
	ctx, cancel := context.WithCancel(t.Context())
	n := 0
	_, err = store.ExamineContext(ctx, path, withKey(store.Options{Looking: func(int64, int64) {
		if n++; n == 10 {
			cancel()
		}
	}}))
	if !errors.Is(err, context.Canceled) || n != 10 {
		t.Errorf("after %d pages: %v", n, err)
	}
}
