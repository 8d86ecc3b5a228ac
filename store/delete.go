package store

import (
	"context"
	"errors"

	"magpie/im"
)

// Delete removes messages of a conversation for good because a person wants them gone
// from this device: content, what the search and the index of media know of them, what
// the row of the list shows of them. Soon after, no byte of them is in the file. In
// their places stays that they were deleted ([im.Message.Deleted]), so that they do not
// come back from the server or with an import, also after [Store.Forget]. Ingest does
// the same with messages that say so themselves.
//
// It returns what is left of those that it removed, in the order of the ids. One that is
// not in the history of this conversation, in the outbox say, or was deleted before, is
// none of them.
func (s *Store) Delete(ctx context.Context, conv im.ConversationID, ids []im.MessageID) ([]im.Message, error) {
	if err := checkConversation(conv); err != nil {
		return nil, err
	}
	var gone []im.Message
	err := s.write(ctx, true, func(tx *txn) error {
		gone = nil
		if err := errors.Join(s.soundIDs(tx), s.soundHistory(tx, conv)); err != nil {
			return err
		}
		for _, id := range ids {
			m, found, err := s.message(tx, id)
			if err != nil {
				return err
			}
			if found && m.ConversationID == conv && m.Sequence > 0 && !m.IsPlaceMessage {
				gone = append(gone, m.Deleted())
			}
		}
		if len(gone) == 0 {
			return nil
		}
		h, err := openHistory(tx, conv)
		if err != nil {
			return err
		}
		h.index = &s.changes
		for i := range gone {
			left, err := sealMessage(h.sum, conv, &gone[i])
			if err != nil {
				return err
			}
			if err := h.put(&left); err != nil {
				return err
			}
		}
		c, found, err := getConversation(tx, conv)
		if err != nil {
			return err
		}
		if found {
			if _, err := forgetIn(tx, &c, h.gone); err != nil {
				return err
			}
			if err := putConversation(tx, &c); err != nil {
				return err
			}
		}
		return s.eraser.mark(tx)
	})
	if err != nil {
		return nil, err
	}
	return gone, nil
}

// maxLooked bounds how many numbers are looked at for the last message that can be shown.
const maxLooked = 1000

// saidBefore is what the list shows of a conversation whose last message was deleted
// here: the one before it, if there is none that is not here between the two. Otherwise
// nothing is said, at the same time.
func saidBefore(tx *txn, conv im.ConversationID, last *im.LastMessage) (*im.LastMessage, error) {
	known, found, err := rangeOf(tx, conv, last.LastSequence)
	if err != nil {
		return nil, err
	}
	b := tx.conversation(bucketMsg, conv)
	if !found || b == nil {
		return Hollow(last), nil
	}
	if err := tx.soundWay(bucketMsg, conv, last.LastSequence, maxLooked, false); err != nil {
		return nil, err
	}
	sum := tx.sealer(kindMessage, string(conv))
	c := b.Cursor()
	k, v := c.Seek(sequenceKey(last.LastSequence))
	for range maxLooked {
		if k == nil {
			break
		}
		m, err := openMessage(sum, conv, k, v)
		if err != nil {
			return nil, err
		}
		if m.Sequence < known.From {
			break
		}
		if !m.IsPlaceMessage && m.Sequence < last.LastSequence {
			return im.NewLastMessage(&m), nil
		}
		k, v = c.Prev()
	}
	return Hollow(last), nil
}

// rangeOf is the range of what is here that has a sequence.
func rangeOf(tx *txn, conv im.ConversationID, n uint64) (r Range, found bool, err error) {
	b := tx.conversation(bucketGap, conv)
	if b == nil {
		return r, false, nil
	}
	c := b.Cursor()
	before := c.Prev
	if k, _ := c.Seek(sequenceKey(n + 1)); k == nil {
		before = c.Last
	}
	k, v := before()
	if k == nil {
		return r, false, nil
	}
	r, err = decodeRange(tx.sealer(kindRange, string(conv)), k, v)
	return r, err == nil && r.From <= n && n <= r.To, err
}

// cutRecalled forgets what waits in recalls after a sequence, but not what a person
// deleted.
func (h *history) cutRecalled(after uint64) error {
	if h.recalls == nil {
		return nil
	}
	keys, _ := keysAfter(h.recalls, after)
	left := 0
	for _, k := range keys {
		if m, err := h.tx.openRecall(h.conv, k, h.recalls.Get(k)); err == nil && m.IsDeleted {
			left++
			continue
		}
		if err := h.recalls.Delete(k); err != nil {
			return err
		}
	}
	if left > 0 || after > 0 {
		return nil
	}
	h.recalls = nil
	return h.tx.Bucket(bucketRecall).DeleteBucket(h.tx.name(string(h.conv)))
}
