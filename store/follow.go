package store

import (
	"errors"
	"slices"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// follower writes a difference into the fresh file of a compaction.
type follower struct {
	db    *bbolt.DB
	whole bool // one transaction, however much it is

	tx    *bbolt.Tx
	path  [][]byte
	into  *bbolt.Bucket
	bytes int // in tx
	total int // of all
}

// follow brings the file of db from the state old to the state now.
func follow(db *bbolt.DB, old, now *pageFile, whole bool, last func(*bbolt.Tx) error) (written int, err error) {
	f := &follower{db: db, whole: whole}
	if err := f.begin(); err != nil {
		return 0, err
	}
	defer func() {
		if f.tx != nil {
			err = errors.Join(err, f.tx.Rollback())
		}
	}()
	if err := compare(old, now, f); err != nil {
		return f.total, err
	}
	if last != nil {
		if err := last(f.tx); err != nil {
			return f.total, err
		}
	}
	return f.total, f.commit()
}

func (f *follower) begin() (err error) {
	f.tx, err = f.db.Begin(true)
	f.path, f.into, f.bytes = nil, nil, 0
	return err
}

func (f *follower) commit() error {
	tx := f.tx
	f.tx = nil
	return tx.Commit() // which rolls back what fails
}

// at is the bucket that is written to.
func (f *follower) at(path [][]byte) (*bbolt.Bucket, error) {
	if f.into != nil && slices.EqualFunc(f.path, path, slices.Equal) {
		return f.into, nil
	}
	b := f.tx.Bucket(path[0])
	for _, name := range path[1:] {
		if b != nil {
			b = b.Bucket(name)
		}
	}
	if b == nil {
		return nil, bolterrors.ErrBucketNotFound
	}
	f.path, f.into = slices.Clone(path), b
	return b, nil
}

func (f *follower) put(path [][]byte, key, value []byte) error {
	b, err := f.at(path)
	if err == nil {
		err = b.Put(key, value)
	}
	return f.wrote(len(key)+len(value)+elementSize, err)
}

func (f *follower) remove(path [][]byte, key []byte, bucket bool) error {
	f.forget()
	if len(path) == 0 {
		return f.wrote(len(key), f.tx.DeleteBucket(key))
	}
	b, err := f.at(path)
	switch {
	case err != nil:
	case bucket:
		err = b.DeleteBucket(key)
	default:
		err = b.Delete(key)
	}
	return f.wrote(len(key)+elementSize, err)
}

func (f *follower) bucket(path [][]byte, sequence uint64) error {
	name := path[len(path)-1]
	var b *bbolt.Bucket
	var err error
	if len(path) == 1 {
		b, err = f.tx.CreateBucketIfNotExists(name)
	} else if parent, missing := f.at(path[:len(path)-1]); missing != nil {
		err = missing
	} else {
		b, err = parent.CreateBucketIfNotExists(name)
	}
	if err == nil && b.Sequence() != sequence {
		err = b.SetSequence(sequence)
	}
	return f.wrote(len(name)+elementSize, err)
}

// forget drops the bucket that is remembered: it may be one that is taken away.
func (f *follower) forget() { f.path, f.into = nil, nil }

// wrote counts, and begins another transaction when this one is large.
func (f *follower) wrote(n int, err error) error {
	if err != nil {
		return err
	}
	f.bytes += n
	f.total += n
	if f.whole || f.bytes < rewriteBytes {
		return nil
	}
	if err := f.commit(); err != nil {
		return err
	}
	return f.begin()
}
