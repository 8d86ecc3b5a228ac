package store

import (
	"context"

	"magpie/im"
	"magpie/store/fulltext"
)

// buildIndex takes the next messages of a file that has no index into the tail,
// and the way to them from their ids out of the old bucket.
func (s *Store) buildIndex(ctx context.Context) error {
	ix := s.index
	var next searchState
	err := s.writeAlone(ctx, func(tx *txn) (err error) {
		next = ix.state
		if err := s.soundIDs(tx); err != nil {
			return err
		}
		left := ix.limits.build
		p := openPlaces(tx)
		c := tx.Bucket(bucketMsg).Cursor()
		var from []byte
		if next.conv != "" {
			from = tx.name(string(next.conv))
		}
		for k, _ := c.Seek(from); k != nil; k, _ = c.Next() {
			id, err := tx.id(k)
			if err != nil {
				return damaged("conversation", k, err)
			}
			conv := im.ConversationID(id)
			if conv != next.conv {
				next.conv, next.sequence = conv, 0
			}
			if left, err = s.buildConversation(tx, p, &next, left); err != nil {
				return err
			}
			if left == 0 {
				return next.put(tx)
			}
		}
		next = searchState{version: next.version, done: true}
		return next.put(tx)
	}, func() {
		ix.mu.Lock()
		defer ix.mu.Unlock()
		ix.state = next
	})
	return err
}

func (s *Store) buildConversation(tx *txn, p places, at *searchState, left int) (int, error) {
	if err := s.soundHistory(tx, at.conv); err != nil {
		return left, err
	}
	if err := tx.soundWay(bucketMsg, at.conv, at.sequence, left+1, true); err != nil {
		return left, err
	}
	b := tx.conversation(bucketMsg, at.conv)
	if b == nil {
		return left, nil
	}
	sum := tx.sealer(kindMessage, string(at.conv))
	if at.sequence+1 == 0 {
		return left, nil // there is none after it
	}
	c := b.Cursor()
	for k, v := c.Seek(sequenceKey(at.sequence + 1)); k != nil && left > 0; k, v = c.Next() {
		left--
		n, err := keySequence(k)
		if err != nil {
			return left, damaged("message of "+string(at.conv), k, err)
		}
		at.sequence = n
		m, err := openMessage(sum, at.conv, k, v)
		if err != nil {
			continue // told by those who show messages
		}
		if p.getOld(m.ID) != nil {
			if err := p.move(m.ID); err != nil {
				return left, err
			}
		}
		place := fulltext.Place{Conversation: string(at.conv), Sequence: n}
		if d, ok := searchable(&m); ok && !s.index.has(place) {
			s.changes.set(at.conv, n, d.doc(place), true)
		}
	}
	return left, nil
}
