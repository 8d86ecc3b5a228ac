package store

import (
	"slices"

	"magpie/im"
)

// A recall removes the content of a message for good: its row, the last message
// and the mentions of the conversation, and an outbox row of the same id become
// what [im.Revocation.Tombstone] leaves, in one transaction. A recall of a
// message that is not here is kept in the bucket recall, so that content which
// comes later is never readable.

// sealRecall makes of a place message with Revokes what replaces its target.
func sealRecall(sum *sealer, conv im.ConversationID, m *im.Message, self im.UserID) (sealedMessage, error) {
	place := *m
	place.ConversationID, place.ConversationType = conv, conv.Type()
	t := m.Revokes.Tombstone(&place, self)
	return sealMessage(sum, conv, &t)
}

// revoke puts a tombstone into the place of its message, or keeps it until the
// message comes.
func (h *history) revoke(t *sealedMessage) error {
	old := h.messages.Get(t.key)
	if old == nil {
		waiting, err := h.waiting(t.id)
		if err != nil {
			return err
		}
		if !waiting {
			return h.remember(t)
		}
		// It was sent and recalled before this device heard that it was sent.
		h.erase = true
		if err := h.put(t); err != nil {
			return err
		}
		n, err := keySequence(t.key)
		if err != nil {
			return err
		}
		return addRange(h.tx, h.conv, Range{n, n})
	}
	// A message that cannot be read is simply replaced.
	if was, err := openMessage(h.sum, h.conv, t.key, old); err == nil {
		switch {
		case was.IsRevoked:
			return nil
		case !was.IsPlaceMessage && was.ID != t.id:
			// Another history stands here; the recall is for the one that replaces it.
			return h.remember(t)
		}
	}
	return h.put(t)
}

// waiting reports whether the message of an id is in the outbox.
func (h *history) waiting(id im.MessageID) (bool, error) {
	if h.outboxEmpty {
		return false, nil
	}
	_, found, err := outboxByID(h.tx, id)
	return found, err
}

// remember keeps a tombstone whose message is not here. The row may show the
// message all the same: the server sends it with the list.
func (h *history) remember(t *sealedMessage) error {
	if err := h.makeRecalls(); err != nil {
		return err
	}
	if h.recalls.Get(t.key) != nil {
		return nil
	}
	m, err := openMessage(h.sum, h.conv, t.key, t.value)
	if err != nil {
		return err
	}
	h.gone = append(h.gone, m)
	return h.keep(&m)
}

func (h *history) makeRecalls() (err error) {
	if h.recalls == nil {
		h.recalls, err = h.tx.makeConversation(bucketRecall, h.conv)
	}
	return err
}

// keep lets what is left of a message wait in the bucket recall, which is there.
func (h *history) keep(m *im.Message) error {
	kept, err := sealMessage(h.tx.sealer(kindRecall, string(h.conv)), h.conv, m)
	if err != nil {
		return err
	}
	return h.recalls.Put(kept.key, kept.value)
}

// remembered returns the tombstone that was kept for a message that comes now,
// nil if there is none, and forgets it: once it stands in the history nothing
// replaces it.
func (h *history) remembered(m *sealedMessage) (*sealedMessage, error) {
	if h.recalls == nil {
		return nil, nil
	}
	raw := h.recalls.Get(m.key)
	if raw == nil {
		return nil, nil
	}
	t, err := h.tx.openRecall(h.conv, m.key, raw)
	if err != nil {
		return nil, err
	}
	if !m.hole && m.id != t.ID {
		return nil, nil // another history; see revoke
	}
	if err := h.recalls.Delete(m.key); err != nil {
		return nil, err
	}
	if m.revoked && !t.IsDeleted {
		return nil, nil
	}
	h.gone = append(h.gone, t)
	h.erase = true // older copies of the row may show it
	sealed, err := sealMessage(h.sum, h.conv, &t)
	return &sealed, err
}

func (f *form) openRecall(conv im.ConversationID, key, value []byte) (im.Message, error) {
	return openMessage(f.sealer(kindRecall, string(conv)), conv, key, value)
}

// Recalls returns what is left of messages of a conversation that were recalled
// and are not here, by sequence.
func (s *Store) Recalls(conv im.ConversationID) ([]im.Message, error) {
	var list []im.Message
	err := s.view(func(tx *txn) error {
		if err := s.soundHistory(tx, conv); err != nil {
			return err
		}
		b := tx.conversation(bucketRecall, conv)
		if b == nil {
			return nil
		}
		return b.ForEach(func(k, v []byte) error {
			m, err := tx.openRecall(conv, k, v)
			list = append(list, m)
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

// cutRecalls forgets the recalls of messages after the sequence.
func cutRecalls(tx *txn, conv im.ConversationID, after uint64) error {
	return cutAfter(tx, bucketRecall, conv, after)
}

// cutAfter removes what parent has of a conversation by sequence after one.
func cutAfter(tx *txn, parent []byte, conv im.ConversationID, after uint64) error {
	b := tx.conversation(parent, conv)
	if b == nil {
		return nil
	}
	keys, everything := keysAfter(b, after)
	if everything {
		return tx.Bucket(parent).DeleteBucket(tx.name(string(conv)))
	}
	for _, k := range keys {
		if err := b.Delete(k); err != nil {
			return err
		}
	}
	return nil
}

// forgetIn takes the content of messages that are gone out of a row; had says that there
// was any. Instead of one that was deleted here the row shows what was said before it.
func forgetIn(tx *txn, c *Conversation, gone []im.Message) (had bool, err error) {
	for i := range gone {
		t := &gone[i]
		switch l := c.LastMessage; {
		case l == nil || l.LastSequence != t.Sequence:
		case t.IsDeleted:
			had = had || l.MessageForShow != "" || l.Payload != nil
			if c.LastMessage, err = saidBefore(tx, c.ConversationID, l); err != nil {
				return false, err
			}
		case !l.IsRevoked:
			c.LastMessage, had = im.NewLastMessage(t), true
		}
		// The list may be the caller's.
		c.GroupAtInfoList = slices.DeleteFunc(slices.Clone(c.GroupAtInfoList), func(a im.AtInfo) bool { return a.MessageSequence == t.Sequence })
	}
	return had, nil
}

// unrecalled takes out of a row that comes from elsewhere what was recalled or deleted
// here meanwhile.
func unrecalled(tx *txn, c *Conversation) error {
	var gone []im.Message
	look := func(n uint64) error {
		key := sequenceKey(n)
		for _, parent := range [][]byte{bucketMsg, bucketRecall} {
			if err := tx.soundWay(parent, c.ConversationID, n, 0, true); err != nil {
				return err
			}
		}
		if b := tx.conversation(bucketMsg, c.ConversationID); b != nil {
			if raw := b.Get(key); raw != nil {
				m, err := openMessage(tx.sealer(kindMessage, string(c.ConversationID)), c.ConversationID, key, raw)
				if err == nil && (m.IsRevoked || m.IsDeleted) {
					gone = append(gone, m)
				}
				return err
			}
		}
		if b := tx.conversation(bucketRecall, c.ConversationID); b != nil {
			if raw := b.Get(key); raw != nil {
				m, err := tx.openRecall(c.ConversationID, key, raw)
				gone = append(gone, m)
				return err
			}
		}
		return nil
	}
	if l := c.LastMessage; l != nil {
		if err := look(l.LastSequence); err != nil {
			return err
		}
	}
	for _, a := range c.GroupAtInfoList {
		if err := look(a.MessageSequence); err != nil {
			return err
		}
	}
	_, err := forgetIn(tx, c, gone)
	return err
}
