package store

import (
	"go.etcd.io/bbolt"

	"magpie/im"
)

// Ranges returns which sequences of a conversation are here, ascending, with
// neighbours merged.
func (s *Store) Ranges(conv im.ConversationID) ([]Range, error) {
	var list []Range
	err := s.view(func(tx *txn) error {
		if err := s.soundHistory(tx, conv); err != nil {
			return err
		}
		b := tx.conversation(bucketGap, conv)
		if b == nil {
			return nil
		}
		sum := tx.sealer(kindRange, string(conv))
		return b.ForEach(func(k, v []byte) error {
			r, err := decodeRange(sum, k, v)
			list = append(list, r)
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

func decodeRange(sum *sealer, key, value []byte) (Range, error) {
	from, err := keySequence(key)
	if err != nil {
		return Range{}, damaged("range", key, err)
	}
	d, err := sum.open(key, value)
	if err != nil {
		return Range{}, damaged("range", key, err)
	}
	r := Range{From: from, To: d.uint()}
	if d.err == nil && r.To < r.From {
		d.err = errShort
	}
	if err := d.done(); err != nil {
		return Range{}, damaged("range", key, err)
	}
	return r, nil
}

func putRange(b *bbolt.Bucket, sum *sealer, r Range) error {
	key := sequenceKey(r.From)
	e := newEncoder(10)
	e.uint(r.To)
	return b.Put(key, sum.seal(key, e.b))
}

// addRange makes r known, merged with what it touches.
func addRange(tx *txn, conv im.ConversationID, r Range) error {
	b, err := tx.makeConversation(bucketGap, conv)
	if err != nil {
		return err
	}
	sum := tx.sealer(kindRange, string(conv))
	c := b.Cursor()
	// Begin with the range before r, which may reach into it or touch it.
	var k, v []byte
	if k, _ = c.Seek(sequenceKey(r.From)); k == nil {
		k, v = c.Last()
	} else if before, w := c.Prev(); before != nil {
		k, v = before, w
	} else {
		k, v = c.First()
	}
	var swallowed [][]byte
	for ; k != nil; k, v = c.Next() {
		old, err := decodeRange(sum, k, v)
		if err != nil {
			return err
		}
		if old.From > r.To && old.From-1 > r.To {
			break
		}
		if old.To < r.From && old.To+1 < r.From {
			continue
		}
		if old.From <= r.From && old.To >= r.To {
			return nil
		}
		r.From, r.To = min(r.From, old.From), max(r.To, old.To)
		swallowed = append(swallowed, sequenceKey(old.From))
	}
	for _, key := range swallowed {
		if err := b.Delete(key); err != nil {
			return err
		}
	}
	return putRange(b, sum, r)
}

// cutRanges forgets everything after the sequence.
func cutRanges(tx *txn, conv im.ConversationID, after uint64) error {
	b := tx.conversation(bucketGap, conv)
	if b == nil {
		return nil
	}
	sum := tx.sealer(kindRange, string(conv))
	var keep *Range
	var drop [][]byte
	err := b.ForEach(func(k, v []byte) error {
		r, err := decodeRange(sum, k, v)
		switch {
		case err != nil:
			return err
		case r.From > after:
			drop = append(drop, sequenceKey(r.From))
		case r.To > after:
			keep = &Range{From: r.From, To: after}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, key := range drop {
		if err := b.Delete(key); err != nil {
			return err
		}
	}
	if keep == nil {
		return nil
	}
	return putRange(b, sum, *keep)
}
