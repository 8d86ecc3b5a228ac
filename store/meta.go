package store

import (
	"context"
	"math"

	"go.etcd.io/bbolt"

	"magpie/im"
)

// MetaForgotten is the key under which the program notes, before it calls [Store.Forget],
// up to where a person deleted histories: a JSON object of conversations and sequences. What
// is saved of a damaged file keeps to it.
const MetaForgotten = "forgotten"

// Meta returns what SetMeta stored under key, "" if nothing.
func (s *Store) Meta(key string) (string, error) {
	var value string
	err := s.view(func(tx *txn) error {
		raw := tx.meta().Get(tx.metaKey(key))
		if raw == nil {
			return nil
		}
		var err error
		value, _, err = tx.decodeStamped(kindMeta, tx.metaKey(key), raw)
		return err
	})
	return value, err
}

// SetMeta stores a value of the program ("device", "epoch", "token" …) at once;
// "" removes it. Keys are not empty and do not begin with NUL.
func (s *Store) SetMeta(ctx context.Context, key, value string) error {
	if key == "" || key[0] == 0 || len(key) > bbolt.MaxKeySize {
		return im.Errorf(im.CodeInvalidParameter, "store: no key of meta: %.32q", key)
	}
	return s.putStamped(ctx, s.form.metaBucket(), kindMeta, s.form.metaKey(key), value)
}

// putStamped writes a text with the time of writing, so that salvage can tell
// the newer of two; "" removes the key. Where the clock was put back, the time is a
// little after that of the text it replaces: what is written later is newer.
func (s *Store) putStamped(ctx context.Context, bucket []byte, k kind, key []byte, value string) error {
	now := s.options.Now().UnixMilli()
	return s.write(ctx, true, func(tx *txn) error {
		if value == "" {
			return tx.Bucket(bucket).Delete(key)
		}
		at := now
		if old := tx.Bucket(bucket).Get(key); old != nil {
			if _, was, err := tx.decodeStamped(k, key, old); err == nil && was >= at && was < math.MaxInt64 {
				at = was + 1
			}
		}
		return tx.Bucket(bucket).Put(key, tx.encodeStamped(k, key, value, at))
	})
}

func (f *form) encodeStamped(k kind, key []byte, value string, timeMS int64) []byte {
	e := newEncoder(len(value) + 12)
	e.int(timeMS)
	e.string(value)
	return f.sealer(k, "").seal(key, e.b)
}

func (f *form) decodeStamped(k kind, key, raw []byte) (value string, timeMS int64, err error) {
	sum := f.lend(k)
	defer f.back(sum)
	d, err := sum.open(key, raw)
	if err != nil {
		return "", 0, damaged("value", key, err)
	}
	timeMS, value = d.int(), d.string()
	if err := d.done(); err != nil {
		return "", 0, damaged("value", key, err)
	}
	return value, timeMS, nil
}
