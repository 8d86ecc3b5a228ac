// Package storetest makes large stores for tests and benchmarks, of the store
// itself and of what is built on it. It is imported by tests only.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"magpie/im"
	"magpie/store"
)

// Account is whose store MillionMessages makes.
const Account im.UserID = "wren"

// Million is the conversation with Messages messages, numbered 1 to Messages;
// every third is by Account.
const (
	Million  = im.ConversationID("GROUP@TGS#million")
	Messages = 1_000_000
)

// Others is how many further conversations there are, with OtherMessages each.
const (
	Others        = 40
	OtherMessages = 100
)

// contentVersion changes with what is written, so that an older file is not
// taken for today's.
const contentVersion = 2

// MillionMessages returns the path of a closed store of [Account] with the
// conversation [Million] and some dozens of small ones. The path is the
// caller's own copy: it may be written to and goes away with the test. The
// original is made once under [BenchDir] and found again by its schema version.
func MillionMessages(tb testing.TB) (path string, conv im.ConversationID) {
	tb.Helper()
	dir, err := BenchDir()
	if err != nil {
		tb.Fatal(err)
	}
	original := filepath.Join(dir, fmt.Sprintf("store-1m-schema%d-content%d.db", store.SchemaVersion, contentVersion))
	if _, err := os.Stat(original); errors.Is(err, os.ErrNotExist) {
		if err := build(tb.Context(), dir, original); err != nil {
			tb.Fatal(err)
		}
	} else if err != nil {
		tb.Fatal(err)
	}
	own, err := os.MkdirTemp(dir, "copy-")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := os.RemoveAll(own); err != nil {
			tb.Error(err)
		}
	})
	path = filepath.Join(own, "cache.db")
	if err := copyFile(original, path); err != nil {
		tb.Fatal(err)
	}
	return path, Million
}

// BenchDir is where expensive data of benchmarks is kept: $MAGPIE_BENCH_DIR, or
// magpie-bench in the user's cache folder. It is made if it does not exist.
func BenchDir() (string, error) {
	dir := os.Getenv("MAGPIE_BENCH_DIR")
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return "", err
		}
		dir = filepath.Join(cache, "magpie-bench")
	}
	return dir, os.MkdirAll(dir, 0o755)
}

// build fills a store under a temporary name, so that an interrupted run or a
// second one at the same time leaves nothing half made.
func build(ctx context.Context, dir, original string) error {
	tmp, err := os.MkdirTemp(dir, "build-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	path := filepath.Join(tmp, "cache.db")
	s, _, err := store.Open(path, store.Options{Account: Account, BatchWindow: -1})
	if err != nil {
		return err
	}
	if err := errors.Join(fill(ctx, s), s.Close()); err != nil {
		return err
	}
	return os.Rename(path, original)
}

func fill(ctx context.Context, s *store.Store) error {
	const chunk = 10_000
	w := newWriter()
	for from := uint64(1); from <= Messages; from += chunk {
		b := store.Batch{Conversation: Million, From: from, To: from + chunk - 1}
		for n := b.From; n <= b.To; n++ {
			b.Messages = append(b.Messages, w.message(Million, n))
		}
		if err := s.Ingest(ctx, b); err != nil {
			return err
		}
	}
	rows := []store.Conversation{row(Million, Messages)}
	for i := range Others {
		conv := im.C2C(im.UserID(fmt.Sprintf("friend-%02d", i)))
		if i%4 == 3 {
			conv = im.GroupConversation(im.GroupID(fmt.Sprintf("@TGS#group-%02d", i)))
		}
		b := store.Batch{Conversation: conv, From: 1, To: OtherMessages}
		for n := b.From; n <= b.To; n++ {
			b.Messages = append(b.Messages, w.message(conv, n))
		}
		if err := s.Ingest(ctx, b); err != nil {
			return err
		}
		rows = append(rows, row(conv, OtherMessages))
	}
	return s.PutConversations(ctx, rows)
}

func row(conv im.ConversationID, last uint64) store.Conversation {
	c := store.Conversation{First: 1, Last: last}
	c.ConversationID, c.Type, c.Read = conv, conv.Type(), last
	switch c.Type {
	case im.ConvGroup:
		c.SubType = im.GroupWork
		c.GroupProfile = &im.Group{GroupID: conv.Group(), Name: "讨论组 " + string(conv.Group()[5:]), Type: im.GroupWork}
	case im.ConvC2C:
		c.UserProfile = &im.Profile{UserID: conv.Peer(), Nick: "Friend " + string(conv.Peer()[7:])}
	}
	return c
}

func copyFile(from, to string) error {
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer src.Close()
	dst, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(dst, src)
	return errors.Join(err, dst.Sync(), dst.Close())
}
