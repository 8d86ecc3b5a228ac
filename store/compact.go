package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"

	"go.etcd.io/bbolt"

	"magpie/im"
)

// Compaction is what came of writing a file anew without its free pages.
type Compaction struct {
	Before, After int64 // bytes of the file
	Took          time.Duration
	// Pause is how long writes waited at the end; reads never wait.
	Pause time.Duration
}

// When a file is written anew: half of it is free, and that is worth the time.
const (
	compactShare = 2        // one page of so many is free
	compactLeast = 32 << 20 // bytes
)

// Pauses of the compactor: after the start, between two looks, and after a failure.
const (
	compactFirst = time.Minute
	compactEvery = 10 * time.Minute
	compactRetry = time.Hour
)

// compactor writes the file anew when that pays, beside everybody who reads and
// writes. It copies what one reader sees, follows what was written meanwhile, and
// in the end, with the writer between two transactions, follows the last of it and
// puts the fresh file in the place of the old one. Readers of the old one go on
// with it; when the last is gone, it is overwritten and removed. A crash at any
// moment leaves a whole file: see reform.go.
type compactor struct {
	ctx  context.Context // ends with the store
	stop context.CancelFunc
	done chan struct{}
	one  sync.Mutex // at a time
}

func (c *compactor) start(s *Store) {
	c.ctx, c.stop = context.WithCancel(context.Background())
	c.done = make(chan struct{})
	go c.loop(s)
}

// end waits until nothing is compacted any more.
func (c *compactor) end() {
	if c.stop == nil {
		return // a store that is only read has nothing to compact
	}
	c.stop()
	<-c.done
	c.one.Lock()
	defer c.one.Unlock() // whoever comes later sees that ctx has ended
}

func (c *compactor) loop(s *Store) {
	defer close(c.done)
	timer := time.NewTimer(compactFirst)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
		case <-c.ctx.Done():
			return
		}
		timer.Reset(s.compactIfWorth(c.ctx))
	}
}

// compactIfWorth returns when to look again.
func (s *Store) compactIfWorth(ctx context.Context) (next time.Duration) {
	worth, err := s.worthCompacting()
	if err == nil && !worth {
		return compactEvery
	}
	var c Compaction
	if err == nil {
		c, err = s.Compact(ctx)
	}
	if s.options.Compacted != nil && ctx.Err() == nil {
		s.options.Compacted(c, err)
	}
	if err != nil {
		return compactRetry
	}
	return compactEvery
}

func (s *Store) worthCompacting() (worth bool, err error) {
	if runtime.GOOS == "windows" {
		return false, nil // see Compact
	}
	err = s.view(func(tx *txn) error {
		f, err := statePages(s.compactor.ctx, tx)
		if err != nil {
			return err
		}
		free, err := f.freeIDs(f.metas[0].freelist)
		if err != nil {
			return err
		}
		n := int64(len(free))
		worth = n*int64(f.pageSize) >= compactLeast && n*compactShare >= int64(f.metas[0].high)
		return nil
	})
	if errors.Is(err, errOverwritten) {
		return false, nil
	}
	return worth, err
}

// Compact writes the file anew without its free pages, beside everybody who reads
// and writes. It needs room for a second file meanwhile. After an error the store
// goes on with the file that it has: one of ctx, [ErrClosed], an *im.Error with
// [im.CodeDiskFull], [im.CodeBusy] if more is written all the time than can be
// followed, or [im.CodeStoreDamaged].
//
// On Windows, where an open file cannot be replaced, it does nothing.
func (s *Store) Compact(ctx context.Context) (c Compaction, err error) {
	if runtime.GOOS == "windows" {
		return c, nil
	}
	if s.ReadOnly() {
		return c, errReadOnly()
	}
	s.compactor.one.Lock()
	defer s.compactor.one.Unlock()
	if s.compactor.ctx.Err() != nil {
		return c, ErrClosed
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(s.compactor.ctx, cancel)()
	s.long.Add(1)
	defer s.long.Add(-1)
	began := s.options.Now()
	w := &compaction{s: s, path: s.path + rewriteSuffix}
	if err := s.guard(false, func() error { return w.run(ctx) }); err != nil {
		return c, diskError(err)
	}
	w.Took = s.options.Now().Sub(began)
	return w.Compaction, nil
}

// compaction is one under way.
type compaction struct {
	Compaction
	s     *Store
	path  string // of the fresh file
	fresh *disk
	state *state // what the fresh file has by now
}

// state is one state of the old file, held by a reader.
type state struct {
	tx    *txn
	pages *pageFile
}

// see begins to read the newest state of a file.
func (s *Store) see(ctx context.Context, d *disk) (*state, error) {
	for {
		raw, err := d.db.Begin(false)
		if err != nil {
			return nil, err
		}
		st := &state{tx: &txn{Tx: raw, form: s.form, file: d.file}}
		st.pages, err = statePages(ctx, st.tx)
		if err == nil {
			return st, nil
		}
		st.end()
		if !errors.Is(err, errOverwritten) {
			return nil, err
		}
	}
}

func (st *state) end() { _ = st.tx.Rollback() } // of a reader

func (w *compaction) run(ctx context.Context) (err error) {
	old := w.s.use()
	left := false
	defer func() {
		if !left {
			old.leave()
		}
	}()
	if w.state, err = w.s.see(ctx, old); err != nil {
		return err
	}
	defer func() { w.state.end() }()
	w.Before = w.state.pages.size
	if err := w.copy(ctx); err != nil {
		return errors.Join(err, w.drop())
	}
	if err := w.catchUp(ctx, old); err != nil {
		return errors.Join(err, w.drop())
	}
	if err := w.change(ctx, old); err != nil {
		return errors.Join(err, w.drop())
	}
	w.state.end()
	old.leave()
	left = true
	<-old.unused
	if err := old.db.Close(); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return wipe(w.s.path + replacedSuffix)
}

// copy fills the fresh file with what the first state has, of which everything is
// looked at: what is damaged is not for bbolt to copy.
func (w *compaction) copy(ctx context.Context) error {
	f := w.state.pages
	if _, err := inspectPages(f, w.s.form, SchemaVersion, true); err != nil {
		if ctx.Err() != nil { // then it is no damage
			return ctx.Err()
		}
		return err
	}
	if err := enoughRoom(w.s.path, f.used()); err != nil {
		return err
	}
	if err := wipe(w.path); err != nil {
		return err
	}
	db, file, err := openDB(w.path, w.s.options.OpenTimeout)
	if err != nil {
		return err
	}
	w.fresh = newDisk(db, file)
	db.NoSync = true // nobody relies on it before it is whole
	return rewrite(ctx, w.state.tx, db, w.s.form, nil)
}

// used is how many bytes the pages of a state take that are not free.
func (f *pageFile) used() int64 {
	m := f.metas[0]
	free, err := f.freeIDs(m.freelist)
	if err != nil {
		return f.size
	}
	return (int64(m.high) - int64(len(free))) * int64(f.pageSize)
}

const (
	// compactRounds of following are made until little is left; more is written
	// then than can be followed.
	compactRounds = 12
	// compactRest is what is left for the end, when the writer waits, in bytes.
	compactRest = 256 << 10
)

// catchUp follows what was written since, until little is left, and makes the fresh
// file safe and sure.
func (w *compaction) catchUp(ctx context.Context, old *disk) error {
	if err := w.followUp(ctx, old); err != nil {
		return err
	}
	if err := w.check(ctx); err != nil {
		return err
	}
	if err := w.followUp(ctx, old); err != nil { // what came during the check
		return err
	}
	return w.fresh.db.Sync()
}

// followUp follows until one round has little to do.
func (w *compaction) followUp(ctx context.Context, old *disk) error {
	for range compactRounds {
		n, err := w.follow(ctx, old, false, nil)
		if err != nil || n <= compactRest {
			return err
		}
	}
	return im.Errorf(im.CodeBusy, "store: more is written than a compaction can follow")
}

// follow brings the fresh file to the newest state.
func (w *compaction) follow(ctx context.Context, old *disk, whole bool, last func(*bbolt.Tx) error) (n int, err error) {
	now, err := w.s.see(ctx, old)
	if err != nil {
		return 0, err
	}
	if n, err = follow(w.fresh.db, w.state.pages, now.pages, whole, last); err != nil {
		now.end()
		return n, err
	}
	w.state.end()
	w.state = now
	return n, ctx.Err()
}

// check reads everything that was written, before what it was made of goes.
func (w *compaction) check(ctx context.Context) error {
	f, err := soundPages(w.fresh.file)
	if err != nil {
		return err
	}
	m, _ := f.newest()
	f.metas = [2]metaPage{m, m}
	f.r = readerUntil{ctx, w.fresh.file}
	if _, err := inspectPages(f, w.s.form, SchemaVersion, true); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("store: the file that was written anew: %v", err) //nolint:errorlint // its damage is none of the old file
	}
	return nil
}

// change has the writer follow the last of it and go on with the fresh file.
func (w *compaction) change(ctx context.Context, old *disk) error {
	result := make(chan error, 1)
	swap := func() {
		began := time.Now()
		err := w.s.guard(false, func() error { return w.swap(ctx, old) })
		w.Pause = time.Since(began)
		result <- err
	}
	select {
	case w.s.between <- swap:
		return <-result
	case <-ctx.Done():
		return ctx.Err()
	case <-w.s.writerDone:
		return ErrClosed
	}
}

// swap is run by the writer. What was recalled meanwhile may be in free pages of the
// fresh file: that is erased like after any recall.
func (w *compaction) swap(ctx context.Context, old *disk) error {
	w.fresh.db.NoSync = false
	var txid uint64
	if _, err := w.follow(ctx, old, true, func(tx *bbolt.Tx) error {
		txid = uint64(tx.ID())
		return putMark(&txn{Tx: tx, form: w.s.form, file: w.fresh.file})
	}); err != nil {
		return err
	}
	info, err := w.fresh.file.Stat()
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	if err := takePlace(w.s.path, w.path); err != nil {
		there, statErr := os.Stat(w.s.path)
		if statErr != nil || !os.SameFile(info, there) {
			return err
		}
		// It did, and only the folder could not be synced: no way back is better.
	}
	w.After = info.Size()
	w.s.disk.Store(w.fresh)
	w.fresh = nil
	old.retire()
	w.s.eraser.txid = txid
	w.s.eraser.arm(w.s.eraser.delay)
	return nil
}

// drop throws the fresh file away.
func (w *compaction) drop() error {
	if w.fresh == nil {
		return nil
	}
	return errors.Join(w.fresh.db.Close(), wipe(w.path))
}

// enoughRoom is an error if a second file of so many bytes would leave little for
// others on the disk that path is on.
func enoughRoom(path string, bytes int64) error {
	const rest = 64 << 20
	free, known := freeSpace(path)
	if known && free < bytes+bytes/8+rest {
		return im.Errorf(im.CodeDiskFull, "store: %d bytes are free, too few to write %d anew", free, bytes)
	}
	return nil
}
