package store

import (
	"math"
	"slices"

	"go.etcd.io/bbolt"

	"magpie/im"
)

// maxPreallocated bounds what is reserved for a page before anything was read.
const maxPreallocated = 256

// Page returns the newest stored messages with Sequence < before (0 means from
// the end), at most limit of them, oldest first. It costs one search and limit
// decodes, however long the history is. The outbox is not part of it.
func (s *Store) Page(conv im.ConversationID, before uint64, limit int) ([]im.Message, error) {
	from := before
	if before == 0 {
		from = math.MaxUint64
	}
	list, err := s.scan(conv, from, limit, false, func(c *bbolt.Cursor) ([]byte, []byte) {
		if before == 0 {
			return c.Last()
		}
		if k, _ := c.Seek(sequenceKey(before)); k == nil {
			return c.Last()
		}
		return c.Prev()
	}, (*bbolt.Cursor).Prev)
	slices.Reverse(list)
	return list, err
}

// PageAfter returns the oldest stored messages with Sequence > after, at most
// limit of them, oldest first, for the same price as Page.
func (s *Store) PageAfter(conv im.ConversationID, after uint64, limit int) ([]im.Message, error) {
	if after+1 == 0 {
		return nil, nil
	}
	return s.scan(conv, after+1, limit, true, func(c *bbolt.Cursor) ([]byte, []byte) {
		return c.Seek(sequenceKey(after + 1))
	}, (*bbolt.Cursor).Next)
}

func (s *Store) scan(conv im.ConversationID, from uint64, limit int, up bool, first, next func(*bbolt.Cursor) ([]byte, []byte)) ([]im.Message, error) {
	if limit <= 0 {
		return nil, nil
	}
	var list []im.Message
	err := s.view(func(tx *txn) error {
		if err := s.soundHistory(tx, conv); err != nil {
			return err
		}
		if err := tx.soundWay(bucketMsg, conv, from, limit, up); err != nil {
			return err
		}
		b := tx.conversation(bucketMsg, conv)
		if b == nil {
			return nil
		}
		sum := tx.sealer(kindMessage, string(conv))
		list = make([]im.Message, 0, min(limit, maxPreallocated))
		c := b.Cursor()
		for k, v := first(c); k != nil && len(list) < limit; k, v = next(c) {
			m, err := openMessage(sum, conv, k, v)
			if err != nil {
				return err
			}
			list = append(list, m)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

// Message returns a message by its id, from the history or the outbox.
func (s *Store) Message(id im.MessageID) (m im.Message, found bool, err error) {
	err = s.view(func(tx *txn) error {
		m, found, err = s.message(tx, id)
		return err
	})
	return m, found, err
}

func (s *Store) message(tx *txn, id im.MessageID) (im.Message, bool, error) {
	if err := s.soundIDs(tx); err != nil {
		return im.Message{}, false, err
	}
	p, found, err := openPlaces(tx).get(id)
	if err != nil || !found {
		return im.Message{}, false, err
	}
	if p.sequence == 0 {
		r, found, err := getOutbox(tx, p.order)
		return r.Message, found, err
	}
	if err := s.soundHistory(tx, p.conv); err != nil {
		return im.Message{}, false, err
	}
	b := tx.conversation(bucketMsg, p.conv)
	if b == nil {
		return im.Message{}, false, nil
	}
	key := sequenceKey(p.sequence)
	value := b.Get(key)
	if value == nil {
		return im.Message{}, false, nil
	}
	m, err := openMessage(tx.sealer(kindMessage, string(p.conv)), p.conv, key, value)
	return m, err == nil, err
}
