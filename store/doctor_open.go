package store

import (
	"context"
	"errors"
	"fmt"
	"io"

	"magpie/im"
)

// Examine is [Examine] for an open store. It reads the pages of one read
// transaction, which nothing changes as long as that is open, and keeps nobody
// from reading or writing; what is written meanwhile makes the file a little
// larger. The error is that of ctx, [ErrClosed], an *im.Error with [im.CodeBusy] or the
// system's.
func (s *Store) Examine(ctx context.Context) (h Health, err error) {
	s.long.Add(1)
	defer s.long.Add(-1)
	const attempts = 20 // one is enough unless commits come within microseconds
	for range attempts {
		if h, err = s.examineOnce(ctx); !errors.Is(err, errOverwritten) {
			return h, err
		}
	}
	return h, im.Errorf(im.CodeBusy, "store: the file changes too fast to be examined")
}

// errOverwritten: the meta page of a transaction is gone before it was read.
var errOverwritten = errors.New("store: the meta page of the transaction is overwritten")

func (s *Store) examineOnce(ctx context.Context) (h Health, err error) {
	err = s.view(func(tx *txn) error {
		f, err := statePages(ctx, tx)
		if err != nil {
			return err
		}
		h.Bytes = f.size
		h.Sealed = tx.form != plain
		h.read(ctx, f, tx.form, Options{})
		if _, err := inspectPages(f, tx.form, SchemaVersion, false); err != nil && h.Damage == 0 {
			h.problem(err)
		}
		return ctx.Err() // what could not be read because of it is no damage
	})
	return h, err
}

// statePages is the file as the transaction that has just begun sees it. Its meta page
// is there until the next commit but one.
func statePages(ctx context.Context, tx *txn) (*pageFile, error) {
	f, err := soundPages(tx.file)
	if err != nil {
		return nil, err
	}
	for _, m := range f.metas {
		if m.txid == uint64(tx.ID()) {
			f.metas = [2]metaPage{m, m}
			f.r = readerUntil{ctx, tx.file}
			return f, nil
		}
	}
	return nil, errOverwritten
}

// readerUntil reads until a context ends, so that a walk over the pages does.
type readerUntil struct {
	ctx context.Context
	io.ReaderAt
}

// ReadAt implements io.ReaderAt.
func (r readerUntil) ReadAt(p []byte, off int64) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, fmt.Errorf("store: %w", err)
	}
	return r.ReaderAt.ReadAt(p, off)
}
