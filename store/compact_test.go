package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"magpie/im"
	"magpie/internal/seal"
)

// contents is everything in a file, by path.
func contents(t *testing.T, db *bbolt.DB) map[string]string {
	t.Helper()
	all := map[string]string{}
	var bucket func(path string, b *bbolt.Bucket) error
	bucket = func(path string, b *bbolt.Bucket) error {
		all[path] = fmt.Sprint("bucket ", b.Sequence())
		return b.ForEach(func(k, v []byte) error {
			if v == nil {
				return bucket(path+"/"+string(k), b.Bucket(k))
			}
			all[path+"/"+string(k)] = string(v)
			return nil
		})
	}
	if err := db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bbolt.Bucket) error { return bucket(string(name), b) })
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

func sameContents(t *testing.T, got, want map[string]string) {
	t.Helper()
	for k, v := range want {
		if g, there := got[k]; !there || g != v {
			t.Fatalf("%q is %.40q, want %.40q", k, g, v)
		}
	}
	if len(got) != len(want) {
		t.Fatalf("%d entries, want %d", len(got), len(want))
	}
}

// Whatever is written between two states of a file, the difference brings a copy of
// the one to the other: values, whole buckets made, filled and taken away, counters,
// inline buckets that grow and shrink.
func TestDifferenceOfAnyTwoStates(t *testing.T) {
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 7))
		dir := t.TempDir()
		db, file, err := openDB(filepath.Join(dir, "a"), time.Second)
		if err != nil {
			t.Fatal(err)
		}
		write := func(changes int) {
			if err := db.Update(func(tx *bbolt.Tx) error {
				for range changes {
					if err := change(tx, r); err != nil {
						return err
					}
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
		write(3000)
		s := &Store{}
		d := newDisk(db, file)
		old, err := s.see(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		copied, _, err := openDB(filepath.Join(dir, "b"), time.Second)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			old.end() // bbolt waits for it
			if err := errors.Join(db.Close(), copied.Close()); err != nil {
				t.Error(err)
			}
		})
		if err := rewrite(t.Context(), old.tx, copied, plain, nil); err != nil {
			t.Fatal(err)
		}
		sameContents(t, contents(t, copied), contents(t, db))
		for round := range 8 {
			for range r.IntN(5) {
				write(1 + r.IntN(200))
			}
			now, err := s.see(t.Context(), d)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := follow(copied, old.pages, now.pages, round%2 == 0, nil); err != nil {
				t.Fatal(err)
			}
			old.end()
			old = now
			sameContents(t, contents(t, copied), contents(t, db))
		}
	}
}

// change makes one change somewhere.
func change(tx *bbolt.Tx, r *rand.Rand) error {
	name := func(n int) []byte { return fmt.Appendf(nil, "%d", r.IntN(n)) }
	top, err := tx.CreateBucketIfNotExists(name(4))
	if err != nil {
		return err
	}
	nested, err := top.CreateBucketIfNotExists(append([]byte("bucket "), name(20)...))
	if err != nil {
		return err
	}
	key := name(400)
	switch r.IntN(40) {
	case 0:
		return there(top.DeleteBucket(append([]byte("bucket "), name(20)...)))
	case 1:
		return there(tx.DeleteBucket(name(4)))
	case 2:
		return nested.SetSequence(r.Uint64N(9))
	case 3, 4, 5, 6, 7, 8:
		return nested.Delete(key)
	case 9:
		return top.Put(append([]byte("value "), key...), bytes.Repeat(key, 3000)) // overflows its page
	case 10:
		return top.Delete(append([]byte("value "), key...))
	}
	return nested.Put(key, bytes.Repeat(key, r.IntN(60)))
}

// there makes nothing of a bucket that is not.
func there(err error) error {
	if errors.Is(err, bolterrors.ErrBucketNotFound) {
		return nil
	}
	return err
}

// wasteful fills a store and takes most of it away again.
func wasteful(t *testing.T, o Options) (s *Store, path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "cache.db")
	s, _, err := Open(path, o)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 40 {
		if err := s.Ingest(t.Context(), longTexts(im.ConversationID(fmt.Sprintf("C2Cuser%02d", n)), 1, 100)); err != nil {
			t.Fatal(err)
		}
	}
	for n := range 36 {
		if err := s.Forget(t.Context(), im.ConversationID(fmt.Sprintf("C2Cuser%02d", n))); err != nil {
			t.Fatal(err)
		}
	}
	return s, path
}

func longTexts(conv im.ConversationID, from uint64, n int) Batch {
	b := Batch{Conversation: conv, From: from, To: from + uint64(n) - 1}
	for i := range uint64(n) {
		b.Messages = append(b.Messages, im.Message{
			ID: im.MessageID(fmt.Sprintf("%s-%d", conv, from+i)), ConversationID: conv, ConversationType: conv.Type(), From: "ann",
			Sequence: from + i, Time: int64(1e12 + from + i), Type: im.MsgText, Status: im.StatusSuccess,
			Payload: im.TextPayload{Text: strings.Repeat(fmt.Sprintf("message %d of many 消息 ", from+i), 20)},
		})
	}
	return b
}

// A file is compacted while others read and write all the time: everything that a
// write returned for is in the fresh file, nobody meets an error, and the space is
// given back.
func TestCompactBesideReadersAndWriters(t *testing.T) {
	key := seal.NewKey()
	for name, o := range map[string]Options{"plain": {BatchWindow: -1}, "sealed": {BatchWindow: -1, Key: &key}} {
		t.Run(name, func(t *testing.T) { testCompactBeside(t, o) })
	}
}

func testCompactBeside(t *testing.T, o Options) {
	s, path := wasteful(t, o)
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var busy sync.WaitGroup
	var written [3]uint64
	for n := range written {
		conv := im.ConversationID(fmt.Sprintf("C2Cnew%d", n))
		busy.Go(func() {
			for ctx.Err() == nil {
				if err := s.Ingest(context.Background(), longTexts(conv, written[n]+1, 3)); err != nil {
					t.Error(err)
					return
				}
				written[n] += 3
				page, err := s.Page(conv, 0, 3)
				if err != nil || len(page) != 3 || page[2].Sequence != written[n] {
					t.Errorf("read %d messages after %d, %v", len(page), written[n], err)
					return
				}
				if written[n]%30 == 0 {
					if _, err := s.Search(ctx, SearchQuery{Text: "消息", Limit: 5}); err != nil && ctx.Err() == nil {
						t.Error(err)
					}
				}
			}
		})
	}
	for range 3 {
		c, err := s.Compact(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%+v", c)
	}
	stop()
	busy.Wait()
	if _, err := s.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	check := func(s *Store) {
		t.Helper()
		for n, last := range written {
			conv := im.ConversationID(fmt.Sprintf("C2Cnew%d", n))
			if list, err := s.Page(conv, 0, int(last)+1); err != nil || uint64(len(list)) != last {
				t.Errorf("%d messages of %d, %v", len(list), last, err)
			}
		}
		if list, err := s.Page("C2Cuser39", 0, 200); err != nil || len(list) != 100 {
			t.Errorf("%d old messages, %v", len(list), err)
		}
		if h, err := s.Examine(t.Context()); err != nil || h.Damage != 0 {
			t.Errorf("%+v, %v", h, err)
		}
	}
	check(s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if left, err := filepath.Glob(path + ".*"); err != nil || len(left) != 0 {
		t.Errorf("left are %v, %v", left, err)
	}
	if after, err := os.Stat(path); err != nil || after.Size() >= before.Size() {
		t.Errorf("%d bytes, were %d", after.Size(), before.Size())
	}
	s, _, err = Open(path, o)
	if err != nil {
		t.Fatal(err)
	}
	check(s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// A reader that began before keeps the old file as long as it reads.
func TestCompactWaitsForReaders(t *testing.T) {
	s, path := wasteful(t, Options{})
	defer s.Close()
	reading, read := make(chan struct{}), make(chan struct{})
	viewed := make(chan error, 1)
	go func() {
		viewed <- s.view(func(tx *txn) error {
			close(reading)
			<-read
			return tx.ForEach(func([]byte, *bbolt.Bucket) error { return nil })
		})
	}()
	<-reading
	compacted := make(chan error, 1)
	go func() {
		_, err := s.Compact(t.Context())
		compacted <- err
	}()
	old := s.disk.Load()
	for s.disk.Load() == old {
		if err := s.Ingest(t.Context(), longTexts("C2Cmeanwhile", 1, 1)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(path + replacedSuffix); err != nil {
		t.Error("the file that is read is gone", err)
	}
	close(read)
	if err := errors.Join(<-viewed, <-compacted); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(path + replacedSuffix); !errors.Is(err, os.ErrNotExist) {
		t.Error("the old file stays", err)
	}
}

// What cannot be done leaves everything as it was.
func TestCompactGivesUp(t *testing.T) {
	t.Run("cancelled", func(t *testing.T) {
		s, path := wasteful(t, Options{})
		defer s.Close()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := s.Compact(ctx); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		unchanged(t, s, path)
	})
	t.Run("closed", func(t *testing.T) {
		s, _ := wasteful(t, Options{})
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Compact(t.Context()); !errors.Is(err, ErrClosed) {
			t.Error(err)
		}
	})
	t.Run("no place for the fresh file", func(t *testing.T) {
		s, path := wasteful(t, Options{})
		defer s.Close()
		if err := os.Mkdir(path+rewriteSuffix, 0o700); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Compact(t.Context()); err == nil {
			t.Error("a folder was written to")
		}
		if err := os.Remove(path + rewriteSuffix); err != nil {
			t.Fatal(err)
		}
		unchanged(t, s, path)
	})
}

func unchanged(t *testing.T, s *Store, path string) {
	t.Helper()
	if left, err := filepath.Glob(path + ".*"); err != nil || len(left) != 0 {
		t.Errorf("left are %v, %v", left, err)
	}
	if err := s.Ingest(t.Context(), longTexts("C2Cafter", 1, 2)); err != nil {
		t.Error(err)
	}
	if list, err := s.Page("C2Cuser39", 0, 200); err != nil || len(list) != 100 {
		t.Errorf("%d old messages, %v", len(list), err)
	}
}
