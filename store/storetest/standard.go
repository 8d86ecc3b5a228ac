package storetest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"magpie/im"
	"magpie/store"
	"magpie/store/corpus/standard"
	"magpie/store/fulltext"
)

// standardVersion changes with what the standard corpus has.
const standardVersion = 1

// metaTextBytes is where the store of a corpus has the bytes of all its texts.
const metaTextBytes = "corpus-text-bytes"

// Standard returns the path of a closed store with the standard corpus, and its
// plan. The path is the caller's own copy, as of [MillionMessages].
func Standard(tb testing.TB) (path string, plan *standard.Plan) {
	tb.Helper()
	dir, err := BenchDir()
	if err != nil {
		tb.Fatal(err)
	}
	plan = standard.NewPlan(standard.Options{Seed: 1})
	original := filepath.Join(dir, fmt.Sprintf("standard-schema%d-index%d-content%d.db", store.SchemaVersion, fulltext.Version, standardVersion))
	if _, err := os.Stat(original); errors.Is(err, os.ErrNotExist) {
		if err := buildStandard(tb.Context(), dir, original, plan); err != nil {
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
	return path, plan
}

func buildStandard(ctx context.Context, dir, original string, plan *standard.Plan) error {
	tmp, err := os.MkdirTemp(dir, "build-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	path := filepath.Join(tmp, "cache.db")
	s, _, err := store.Open(path, store.Options{Account: standard.Account, BatchWindow: -1})
	if err != nil {
		return err
	}
	bytes := 0
	for b := range plan.Batches() {
		for i := range b.Messages {
			bytes += TextBytes(&b.Messages[i])
		}
	}
	err = errors.Join(plan.Write(ctx, s, nil), s.SetMeta(ctx, metaTextBytes, strconv.Itoa(bytes)))
	if err := errors.Join(err, s.Close()); err != nil {
		return err
	}
	return os.Rename(path, original)
}

// TextBytes is how much of a message is text that is searched.
func TextBytes(m *im.Message) int {
	switch p := m.Payload.(type) {
	case im.TextPayload:
		return len(p.Text)
	case im.FilePayload:
		return len(p.FileName)
	}
	return 0
}

// StandardTextBytes are those of all messages of a store that Standard made.
func StandardTextBytes(s *store.Store) (int, error) {
	v, err := s.Meta(metaTextBytes)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(v)
}
