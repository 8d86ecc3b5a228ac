package store

import (
	"context"
	"errors"
	"math"

	"magpie/im"
)

// forgetChunk is how many messages one transaction of [Store.Forget] takes, so that
// others write in between.
const forgetChunk = 4000

// Histories returns the conversations of which messages are here, also those that are
// not in the list, in no order.
func (s *Store) Histories() ([]im.ConversationID, error) {
	var list []im.ConversationID
	err := s.view(func(tx *txn) error {
		return tx.Bucket(bucketMsg).ForEachBucket(func(name []byte) error {
			id, err := tx.id(name)
			if err != nil {
				return damaged("conversation", name, err)
			}
			list = append(list, im.ConversationID(id))
			return nil
		})
	})
	return list, err
}

// Forget removes every message of a conversation from the file: rows, ids, ranges, what
// the search knows of them and what is left of recalled ones. Soon after, no byte of
// them is in the file. The row of the list stays, its last message without content; so
// do the draft and what was not sent yet, and that single messages were deleted: those
// do not come back with the rest. The newest go first, in several
// transactions: one that ctx ends in between leaves the older ones.
func (s *Store) Forget(ctx context.Context, conv im.ConversationID) error {
	if err := checkConversation(conv); err != nil {
		return err
	}
	for {
		done := false
		err := s.write(ctx, true, func(tx *txn) (err error) {
			done, err = s.forgetSome(tx, conv)
			return err
		})
		if err != nil || done {
			return err
		}
	}
}

// forgetSome removes the newest messages of a conversation; done says that they were
// the last.
func (s *Store) forgetSome(tx *txn, conv im.ConversationID) (done bool, err error) {
	if err := hollow(tx, conv); err != nil {
		return false, err
	}
	if err := errors.Join(s.soundIDs(tx), s.soundHistory(tx, conv)); err != nil {
		return false, err
	}
	if err := tx.soundWay(bucketMsg, conv, math.MaxUint64, forgetChunk+1, false); err != nil {
		return false, err
	}
	if tx.conversation(bucketMsg, conv) == nil {
		return true, nil
	}
	h, err := openHistory(tx, conv)
	if err != nil {
		return false, err
	}
	h.index, h.keepDeleted = &s.changes, true
	after, done := h.chunkFrom(forgetChunk)
	if err := h.cutRecalled(after); err != nil {
		return false, err
	}
	if err := h.cut(after); err != nil {
		return false, err
	}
	if err := errors.Join(cutRanges(tx, conv, after), cutMedia(tx, conv, after)); err != nil {
		return false, err
	}
	if !done {
		// What a crash leaves of this is erased at the next start.
		return false, putMark(tx)
	}
	// A bucket without messages would count as a history.
	if err := tx.Bucket(bucketMsg).DeleteBucket(tx.name(string(conv))); err != nil {
		return false, err
	}
	return true, s.eraser.mark(tx)
}

// chunkFrom returns the sequence after which there are n messages; 0 and true if there
// are no more than that.
func (h *history) chunkFrom(n int) (after uint64, all bool) {
	c := h.messages.Cursor()
	for k, _ := c.Last(); k != nil; k, _ = c.Prev() {
		if n--; n < 0 {
			if at, err := keySequence(k); err == nil {
				return at, false
			}
		}
	}
	return 0, true
}

// hollow takes the content out of the last message that the list shows of a
// conversation; when it was said stays.
func hollow(tx *txn, conv im.ConversationID) error {
	c, found, err := getConversation(tx, conv)
	if err != nil || !found || c.LastMessage == nil {
		return err
	}
	c.LastMessage = Hollow(c.LastMessage)
	return putConversation(tx, &c)
}

// Hollow is what is left of a last message whose content is not to be kept here.
func Hollow(l *im.LastMessage) *im.LastMessage {
	return &im.LastMessage{ID: l.ID, LastTime: l.LastTime, LastSequence: l.LastSequence, FromAccount: l.FromAccount, Type: l.Type, IsRevoked: l.IsRevoked, Revoker: l.Revoker}
}
