package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// CompareLookup finds every message, and what is beside it, in the mapping and with bbolt,
// and returns how many there are in inline buckets and in trees, and in what they differ.
func CompareLookup(s *Store) (inline, tree int, err error) {
	err = s.view(func(tx *txn) error {
		pages, all := tx.committed(), tx.Bucket(bucketMsg)
		return all.ForEachBucket(func(conv []byte) error {
			b := all.Bucket(conv)
			return b.ForEach(func(key, _ []byte) error {
				if b.Root() == 0 {
					inline++
				} else {
					tree++
				}
				n := binary.BigEndian.Uint64(key)
				for _, key := range [][]byte{key, binary.BigEndian.AppendUint64(nil, n-1), binary.BigEndian.AppendUint64(nil, n+1), key[:4], {0xff}} {
					for _, conv := range [][]byte{conv, conv[:len(conv)-1], append(bytes.Clone(conv), 0)} {
						var want []byte
						if b := all.Bucket(conv); b != nil {
							want = b.Get(key)
						}
						got, err := pages.message(all, conv, key)
						if err != nil || !bytes.Equal(got, want) || (got == nil) != (want == nil) {
							return fmt.Errorf("%x of %q: %d bytes (%w), %d by bbolt", key, conv, len(got), err, len(want))
						}
					}
				}
				return nil
			})
		})
	})
	return inline, tree, err
}
