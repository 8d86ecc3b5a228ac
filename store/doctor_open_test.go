package store_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"magpie/im"
	"magpie/store"
)

// An open history that is written to all the time is examined as one state of it:
// nothing looks damaged, and the writer does not wait.
func TestExamineWhileOthersWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	s, _, err := store.Open(path, store.Options{BatchWindow: -1})
	ok(t, err)
	defer s.Close()
	ctx, stop := context.WithCancel(t.Context())
	var writing sync.WaitGroup
	began := make(chan struct{})
	writing.Go(func() {
		for i := uint64(1); ctx.Err() == nil; i++ {
			err := s.Ingest(context.Background(), store.Batch{Conversation: "C2Cben", Messages: []im.Message{text("C2Cben", i, "hello")}})
			if err != nil {
				t.Error(err)
				return
			}
			if i == 1 {
				close(began)
			}
		}
	})
	<-began
	before := 0
	for range 30 {
		h, err := s.Examine(t.Context())
		ok(t, err)
		if h.Damage != 0 || h.Schema != store.SchemaVersion || h.Messages < max(before, 1) {
			t.Fatalf("after %d messages: %+v", before, h)
		}
		before = h.Messages
	}
	stop()
	writing.Wait()
}

func TestExamineOpenFindsDamage(t *testing.T) {
	path := placed(t, filled(t))
	s, _, err := store.Open(path, store.Options{})
	ok(t, err)
	defer s.Close()
	sound, err := s.Examine(t.Context())
	ok(t, err)
	if sound.Damage != 0 || sound.Messages != 1600 {
		t.Fatalf("%+v", sound)
	}
	data, err := os.ReadFile(path)
	ok(t, err)
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	ok(t, err)
	defer f.Close()
	for _, page := range pagesOf(data, 2) { // some of which are not in use
		at := int64(page) * pageSize
		_, err = f.WriteAt(bytes.Repeat([]byte{0xee}, pageSize), at)
		ok(t, err)
		h, err := s.Examine(t.Context())
		ok(t, err)
		_, err = f.WriteAt(data[at:at+pageSize], at)
		ok(t, err)
		if h.Damage > 0 {
			return
		}
	}
	t.Error("no damaged page is found")
}

func TestExamineOpenEndsWithItsContext(t *testing.T) {
	s, _, err := store.Open(placed(t, filled(t)), store.Options{})
	ok(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Examine(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	ok(t, s.Close())
	if _, err := s.Examine(t.Context()); !errors.Is(err, store.ErrClosed) {
		t.Error(err)
	}
}
