package store

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	bolterrors "go.etcd.io/bbolt/errors"
)

// maxBatchJobs bounds one transaction: with pages of 100 messages some 6,400
// messages, which is a few megabytes of dirty pages.
const maxBatchJobs = 64

// States of a job: whoever moves it away from jobWaiting owns it.
const (
	jobWaiting int32 = iota
	jobTaken
	jobGivenUp
)

// job is one write. run may be called more than once, each time in a fresh
// transaction, and must leave its results valid after the last call.
type job struct {
	run    func(*txn) error
	urgent bool
	// alone: no other job shares its transaction. committed, if not nil, is called
	// by the writer once that is on the disk, before anything else is written.
	alone     bool
	committed func()
	state     atomic.Int32
	done      chan error
}

// write queues a write and waits until it is durable. ctx is heard while the
// job waits for its turn; once its transaction has begun the outcome is awaited
// (milliseconds), so an error of ctx always means that nothing was written.
func (s *Store) write(ctx context.Context, urgent bool, run func(*txn) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.Damaged(); err != nil {
		return err
	}
	return s.submit(ctx, &job{run: run, urgent: urgent})
}

// writeAlone is write for what may see no change but its own.
func (s *Store) writeAlone(ctx context.Context, run func(*txn) error, committed func()) error {
	if err := s.Damaged(); err != nil {
		return err
	}
	return s.submit(ctx, &job{run: run, urgent: true, alone: true, committed: committed})
}

func (s *Store) submit(ctx context.Context, j *job) error {
	if s.ReadOnly() {
		return errReadOnly()
	}
	j.done = make(chan error, 1)
	if err := s.enqueueJob(ctx, j); err != nil {
		return err
	}
	select {
	case err := <-j.done:
		return err
	case <-ctx.Done():
		if j.state.CompareAndSwap(jobWaiting, jobGivenUp) {
			return ctx.Err()
		}
		return <-j.done
	}
}

// enqueueJob holds the read lock while it waits for room, so that Close does
// not close the queue under it.
func (s *Store) enqueueJob(ctx context.Context, j *job) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return ErrClosed
	}
	select {
	case s.jobs <- j:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// writeLoop is the one writer. It ends when the queue is closed and empty.
func (s *Store) writeLoop() {
	defer close(s.writerDone)
	if !s.ReadOnly() {
		s.eraser.resume(s)
	}
	for {
		if first := s.held; first != nil {
			s.held = nil
			s.commit(s.gather(first))
			continue
		}
		select {
		case first, open := <-s.jobs:
			if !open {
				s.erase()
				s.eraser.timer.Stop()
				return
			}
			s.commit(s.gather(first))
			s.eraser.arm(s.eraser.delay)
		case f := <-s.between:
			f()
		case <-s.eraser.timer.C:
			s.eraser.armed = false
			s.erase()
		}
	}
}

// gather collects what shares a transaction with first: everything that waits
// already and, unless one of them is urgent, what comes within the window.
func (s *Store) gather(first *job) []*job {
	batch := []*job{first}
	if first.alone {
		return batch
	}
	urgent := first.urgent
	var window <-chan time.Time
	if !urgent && s.options.BatchWindow > 0 {
		t := time.NewTimer(s.options.BatchWindow)
		defer t.Stop()
		window = t.C
	}
	for len(batch) < maxBatchJobs {
		if urgent || window == nil {
			select {
			case j, ok := <-s.jobs:
				if !ok {
					return batch
				}
				if j.alone {
					s.held = j
					return batch
				}
				batch = append(batch, j)
			default:
				return batch
			}
			continue
		}
		select {
		case j, ok := <-s.jobs:
			if !ok {
				return batch
			}
			if j.alone {
				s.held = j
				return batch
			}
			batch = append(batch, j)
			urgent = j.urgent
		case <-window:
			return batch
		}
	}
	return batch
}

// commit writes the batch in one transaction and tells everybody how it went. A
// job that fails by itself is answered and the others are written without it.
func (s *Store) commit(batch []*job) {
	taken := batch[:0]
	for _, j := range batch {
		if j.state.CompareAndSwap(jobWaiting, jobTaken) {
			taken = append(taken, j)
		}
	}
	for len(taken) > 0 {
		failed, err := s.transact(taken)
		if failed < 0 {
			for _, j := range taken {
				j.done <- err
			}
			return
		}
		taken[failed].done <- err
		taken = append(taken[:failed], taken[failed+1:]...)
	}
}

// transact runs the jobs in one transaction. failed is the index of the job
// that made it fail, -1 if all ran: then err is the commit's.
func (s *Store) transact(jobs []*job) (failed int, err error) {
	if err := s.Damaged(); err != nil {
		return -1, err
	}
	failed = -1
	s.changes.reset()
	var tx *txn
	defer func() {
		var p *pageError
		switch {
		case tx != nil:
			err = s.abandon(tx, err)
		case errors.As(err, &p):
			s.stuck.Store(true) // Begin panicked
		}
	}()
	err = s.guard(true, func() error {
		d := s.disk.Load()
		if err := s.stillThere(d.file); err != nil {
			return err
		}
		raw, err := d.db.Begin(true)
		if err != nil {
			return err
		}
		tx = &txn{Tx: raw, form: s.form, file: d.file}
		for i, j := range jobs {
			if err := j.run(tx); err != nil {
				failed = i
				return err
			}
		}
		if err := s.writeIndex(tx); err != nil {
			return err
		}
		if s.beforeCommit != nil {
			if err := s.beforeCommit(); err != nil {
				return err
			}
		}
		err = tx.Commit()
		if err == nil {
			tx = nil
		}
		return err
	})
	if failed < 0 {
		err = diskError(err)
	}
	if err == nil {
		s.applyIndex()
		for _, j := range jobs {
			if j.committed != nil {
				j.committed()
			}
		}
	}
	return failed, err
}

// abandon rolls back a transaction that did not commit. A failed commit has
// done so itself; then this does nothing.
func (s *Store) abandon(tx *txn, cause error) error {
	err := s.guard(true, func() error {
		if err := tx.Rollback(); err != nil && !errors.Is(err, bolterrors.ErrTxClosed) {
			return err
		}
		return nil
	})
	if err != nil {
		s.stuck.Store(true)
	}
	if cause == nil {
		return err
	}
	return cause
}
