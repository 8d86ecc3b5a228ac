package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"go.etcd.io/bbolt"

	"magpie/im"
)

func openInside(t *testing.T, o Options) *Store {
	t.Helper()
	s, _, err := Open(filepath.Join(t.TempDir(), "cache.db"), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// transaction is bbolt's counter of committed write transactions.
func transaction(t *testing.T, s *Store) (n int) {
	t.Helper()
	if err := s.db.View(func(tx *bbolt.Tx) error { n = tx.ID(); return nil }); err != nil {
		t.Fatal(err)
	}
	return n
}

func message(conv im.ConversationID, n uint64) im.Message {
	return im.Message{ID: im.MessageID(fmt.Sprintf("%s-%d", conv, n)), ConversationID: conv, Type: im.MsgText,
		Payload: im.TextPayload{Text: "x"}, From: "bob", Sequence: n}
}

// What the network brings at the same time shares a transaction.
func TestNetworkWritesShareATransaction(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openInside(t, Options{BatchWindow: time.Hour})
		before := transaction(t, s)
		var wg sync.WaitGroup
		for n := range uint64(20) {
			wg.Go(func() {
				m := message("C2Cbob", n+1)
				if err := s.Ingest(t.Context(), Batch{Conversation: "C2Cbob", Messages: []im.Message{m}}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := transaction(t, s) - before; n != 1 {
			t.Errorf("20 writes took %d transactions, want 1", n)
		}
	})
}

// What a person did does not wait for the window, and takes along what waits.
func TestUrgentEndsTheWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openInside(t, Options{BatchWindow: time.Hour})
		before, began := transaction(t, s), time.Now()
		done := make(chan error, 1)
		go func() {
			m := message("C2Cbob", 1)
			done <- s.Ingest(t.Context(), Batch{Conversation: "C2Cbob", Messages: []im.Message{m}})
		}()
		synctest.Wait()
		if err := s.SetDraft(t.Context(), "C2Cbob", "x"); err != nil {
			t.Fatal(err)
		}
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if d := time.Since(began); d != 0 {
			t.Errorf("the person waited %v", d)
		}
		if n := transaction(t, s) - before; n != 1 {
			t.Errorf("%d transactions, want 1", n)
		}
	})
}

// A caller that gives up while it waits has written nothing.
func TestGivingUpWritesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openInside(t, Options{BatchWindow: time.Hour})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		m := message("C2Cbob", 1)
		err := s.Ingest(ctx, Batch{Conversation: "C2Cbob", Messages: []im.Message{m}})
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("%v, want DeadlineExceeded", err)
		}
		if err := s.SetDraft(t.Context(), "C2Cbob", "x"); err != nil {
			t.Fatal(err)
		}
		if list, err := s.Page("C2Cbob", 0, 1); err != nil || len(list) != 0 {
			t.Fatalf("%v, %v: the message was written after its caller was told otherwise", list, err)
		}
	})
}

// One write that fails by itself does not take the others with it.
func TestOneFailureLeavesTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openInside(t, Options{BatchWindow: time.Hour})
		no := errors.New("no")
		errs := make([]error, 5)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() {
				errs[i] = s.write(t.Context(), false, func(tx *txn) error {
					value := plain.encodeStamped(kindMeta, []byte{'k', byte(i)}, "v", 0)
					if err := tx.Bucket(bucketMeta).Put([]byte{'k', byte(i)}, value); err != nil {
						return err
					}
					if i == 2 {
						return no
					}
					return nil
				})
			})
		}
		wg.Wait()
		for i, err := range errs {
			value, readErr := s.Meta(string([]byte{'k', byte(i)}))
			if readErr != nil {
				t.Fatal(readErr)
			}
			if i == 2 && (!errors.Is(err, no) || value != "") || i != 2 && (err != nil || value != "v") {
				t.Errorf("write %d: error %v, value %q", i, err, value)
			}
		}
	})
}

// A failing commit reaches everybody who waits, and the store works on.
func TestFailedCommit(t *testing.T) {
	noRoom := fullErrors()[0]
	for _, c := range []struct {
		name string
		err  error
		code im.Code
	}{
		{"no room", &fsError{noRoom}, im.CodeDiskFull},
		{"no room, as bbolt words it when it grows the file", fmt.Errorf("file resize error: %s", noRoom), im.CodeDiskFull}, //nolint:errorlint // bbolt does not wrap it either
		{"quota", &fsError{fullErrors()[1]}, im.CodeDiskFull},
		{"another", &fsError{syscall.EIO}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := openInside(t, Options{})
			s.beforeCommit = func() error { return c.err }
			_, err := s.Enqueue(t.Context(), OutboxRow{Message: message("C2Cbob", 0)})
			if err == nil || im.CodeOf(err) != c.code {
				t.Fatalf("%v, want code %d", err, c.code)
			}
			s.beforeCommit = nil
			if rows, err := s.Outbox(); err != nil || len(rows) != 0 {
				t.Fatalf("%v, %v after a failed commit", rows, err)
			}
			if _, err := s.Enqueue(t.Context(), OutboxRow{Message: message("C2Cbob", 0)}); err != nil {
				t.Fatal(err)
			}
		})
	}
}

type fsError struct{ errno error }

func (e *fsError) Error() string { return "write cache.db: " + e.errno.Error() }
func (e *fsError) Unwrap() error { return e.errno }

// Writes of one caller keep their order, whatever their urgency.
func TestOrder(t *testing.T) {
	s := openInside(t, Options{})
	for i := range 50 {
		if err := s.SetDraft(t.Context(), "C2Cbob", fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
		if err := s.PutProfiles(t.Context(), []im.Profile{{UserID: "bob", Nick: fmt.Sprint(i)}}); err != nil {
			t.Fatal(err)
		}
	}
	if p, _, err := s.Profile("bob"); err != nil || p.Nick != "49" {
		t.Fatal(p, err)
	}
}

// Everything at once from many goroutines, for the race detector.
func TestManyAtOnce(t *testing.T) {
	s := openInside(t, Options{BatchWindow: time.Millisecond})
	var wg sync.WaitGroup
	for g := range 8 {
		conv := im.ConversationID(fmt.Sprintf("C2Cpeer%d", g))
		wg.Go(func() {
			for n := uint64(1); n <= 30; n++ {
				m := message(conv, n)
				if err := s.Ingest(t.Context(), Batch{Conversation: conv, Messages: []im.Message{m}}); err != nil {
					t.Error(err)
				}
				if _, err := s.Page(conv, 0, 10); err != nil {
					t.Error(err)
				}
				if _, err := s.Conversations(0, 0); err != nil {
					t.Error(err)
				}
			}
		})
		wg.Go(func() {
			for n := uint64(31); n <= 60; n++ {
				m := message(conv, 0)
				m.ID = im.MessageID(fmt.Sprintf("wren-%d-%d", g, n))
				if _, err := s.Enqueue(t.Context(), OutboxRow{Message: m}); err != nil {
					t.Error(err)
				}
				if _, err := s.Acknowledge(t.Context(), m.ID, n, 1); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for g := range 8 {
		got, err := s.Ranges(im.ConversationID(fmt.Sprintf("C2Cpeer%d", g)))
		if err != nil || len(got) != 1 || got[0] != (Range{1, 60}) {
			t.Errorf("ranges %v, %v", got, err)
		}
	}
}
