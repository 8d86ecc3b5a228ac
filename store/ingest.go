package store

import (
	"bytes"
	"context"
	"errors"
	"math"

	"go.etcd.io/bbolt"

	"magpie/im"
)

// sealedBatch is a Batch checked and encoded.
type sealedBatch struct {
	conv     im.ConversationID
	messages []sealedMessage
	known    []Range
	newest   *im.LastMessage
	last     uint64
	recalls  []sealedMessage // tombstones
	mentions []im.AtInfo
	row      func(*Conversation)
}

// Ingest stores what the network brought, all of it or nothing, gathered with
// other writes into one transaction; it returns when that is on the disk.
//
// Ingesting again changes nothing. A message that was revoked replaces its
// content for good, and so does a place message with Revokes that of its target,
// in its row, in the conversation's and in the outbox; soon after, no byte of it
// is left in the file. One whose id is in the outbox takes it out of there. The
// conversation's LastMessage moves forward only; unread messages that mention
// the account are noted; the unread count is the business of Batch.Row. The error is an *im.Error with code 2105 or 2503 if a batch is
// malformed: a message without a sequence, outside of From..To, or of another
// conversation.
func (s *Store) Ingest(ctx context.Context, batches ...Batch) error {
	sealed := make([]sealedBatch, 0, len(batches))
	for i := range batches {
		b, err := s.form.sealBatch(&batches[i], s.account)
		if err != nil {
			return err
		}
		sealed = append(sealed, b)
	}
	if err := s.roomForMore(ctx); err != nil {
		return err
	}
	return s.write(ctx, false, func(tx *txn) error {
		if err := s.soundIDs(tx); err != nil {
			return err
		}
		for i := range sealed {
			if err := s.soundHistory(tx, sealed[i].conv); err != nil {
				return err
			}
			if err := s.putBatch(tx, &sealed[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

func (f *form) sealBatch(b *Batch, account im.UserID) (sealedBatch, error) {
	out := sealedBatch{conv: b.Conversation, last: b.To, row: b.Row}
	if err := checkConversation(b.Conversation); err != nil {
		return out, err
	}
	if b.To != 0 {
		if b.From == 0 || b.From > b.To {
			return out, im.Errorf(im.CodeInvalidMessage, "store: no range: %d..%d", b.From, b.To)
		}
		out.known = []Range{{b.From, b.To}}
	}
	sum := f.sealer(kindMessage, string(b.Conversation))
	out.messages = make([]sealedMessage, 0, len(b.Messages))
	var newest *im.Message
	for i := range b.Messages {
		m := &b.Messages[i]
		if err := checkIngested(b, m); err != nil {
			return out, err
		}
		if m.ConversationID == "" {
			m = copyInto(m, b.Conversation)
		}
		sealed, err := sealMessage(sum, b.Conversation, m)
		if err != nil {
			return out, err
		}
		out.messages = append(out.messages, sealed)
		if b.To == 0 {
			out.known = append(out.known, Range{m.Sequence, m.Sequence})
			out.last = max(out.last, m.Sequence)
		}
		if at, is := mention(b.Conversation, m, account); is {
			out.mentions = append(out.mentions, at)
		}
		if m.IsPlaceMessage && m.Revokes != nil && m.Revokes.Sequence > 0 {
			t, err := sealRecall(sum, b.Conversation, m, account)
			if err != nil {
				return out, err
			}
			out.recalls = append(out.recalls, t)
		}
		if !m.IsPlaceMessage && (newest == nil || m.Sequence >= newest.Sequence) {
			newest = m
		}
	}
	if newest != nil {
		out.newest = im.NewLastMessage(newest)
	}
	return out, nil
}

func copyInto(m *im.Message, conv im.ConversationID) *im.Message {
	c := *m
	c.ConversationID, c.ConversationType = conv, conv.Type()
	return &c
}

func checkIngested(b *Batch, m *im.Message) error {
	switch {
	case m.ConversationID != "" && m.ConversationID != b.Conversation:
		return im.Errorf(im.CodeInvalidMessage, "store: message %.96q is of %.64q, not of %.64q", m.ID, m.ConversationID, b.Conversation)
	case m.Sequence == 0:
		return im.Errorf(im.CodeInvalidMessage, "store: message %.96q has no sequence", m.ID)
	case b.To != 0 && (m.Sequence < b.From || m.Sequence > b.To):
		return im.Errorf(im.CodeInvalidMessage, "store: message %.96q has sequence %d, outside of %d..%d", m.ID, m.Sequence, b.From, b.To)
	case len(m.ID) > maxKeyBytes, m.ID == "" && !m.IsPlaceMessage:
		return im.Errorf(im.CodeInvalidMessage, "store: message id of %d bytes", len(m.ID))
	}
	return nil
}

// putBatch writes a batch; what it recalled is erased once it is committed.
func (s *Store) putBatch(tx *txn, b *sealedBatch) error {
	h, err := openHistory(tx, b.conv)
	if err != nil {
		return err
	}
	h.index = &s.changes
	for i := range b.messages {
		if err := h.put(&b.messages[i]); err != nil {
			return err
		}
	}
	for i := range b.recalls {
		if err := h.revoke(&b.recalls[i]); err != nil {
			return err
		}
	}
	for _, r := range b.known {
		if err := addRange(tx, b.conv, r); err != nil {
			return err
		}
	}
	if err := h.advance(b); err != nil || !h.erase {
		return err
	}
	return s.eraser.mark(tx)
}

// Truncate forgets every message after the sequence, because what the server
// has there is not what is here: rows, ranges and ids at once. The last message
// becomes the newest that is left. The outbox stays.
func (s *Store) Truncate(ctx context.Context, conv im.ConversationID, after uint64) error {
	if err := checkConversation(conv); err != nil {
		return err
	}
	return s.write(ctx, true, func(tx *txn) error {
		if err := errors.Join(s.soundIDs(tx), s.soundHistory(tx, conv)); err != nil {
			return err
		}
		if err := tx.soundWay(bucketMsg, conv, after, math.MaxInt, true); err != nil {
			return err
		}
		if tx.conversation(bucketMsg, conv) == nil {
			return nil
		}
		h, err := openHistory(tx, conv)
		if err != nil {
			return err
		}
		h.index = &s.changes
		if err := h.cut(after); err != nil {
			return err
		}
		if err := errors.Join(cutRanges(tx, conv, after), cutRecalls(tx, conv, after), cutMedia(tx, conv, after)); err != nil {
			return err
		}
		c, err := conversationOrNew(tx, conv)
		if err != nil {
			return err
		}
		c.Last = min(c.Last, after)
		if c.LastMessage != nil && c.LastMessage.LastSequence > after {
			c.LastMessage, err = h.newest()
			if err != nil {
				return err
			}
		}
		return putConversation(tx, &c)
	})
}

// cut deletes the messages after the sequence. They are looked for first: a
// cursor is not used after a change, and the last entry of a bucket whose pages
// were all emptied in the same transaction is one that bbolt never finds. So a
// bucket of which nothing is left is made anew.
func (h *history) cut(after uint64) error {
	keys, everything := keysAfter(h.messages, after)
	for _, k := range keys {
		n, err := keySequence(k)
		if err == nil && h.index != nil {
			h.index.set(h.conv, n, nil, false)
		}
		if m, err := openMessage(h.sum, h.conv, k, h.messages.Get(k)); err == nil {
			if err := h.forgetID(m.ID, n); err != nil {
				return err
			}
			if m.IsDeleted && h.keepDeleted {
				if err := errors.Join(h.makeRecalls(), h.keep(&m)); err != nil {
					return err
				}
			}
		}
		if everything {
			continue
		}
		if err := h.messages.Delete(k); err != nil {
			return err
		}
	}
	if !everything || len(keys) == 0 {
		return nil
	}
	all := h.tx.Bucket(bucketMsg)
	if err := all.DeleteBucket(h.tx.name(string(h.conv))); err != nil {
		return err
	}
	var err error
	h.messages, err = all.CreateBucket(h.tx.name(string(h.conv)))
	return err
}

// keysAfter returns the keys after a sequence, the last first, and whether those
// are all there are. One that is no sequence is among them.
func keysAfter(b *bbolt.Bucket, after uint64) (keys [][]byte, everything bool) {
	c := b.Cursor()
	for k, _ := c.Last(); k != nil; k, _ = c.Prev() {
		if n, err := keySequence(k); err == nil && n <= after {
			return keys, false
		}
		keys = append(keys, bytes.Clone(k))
	}
	return keys, true
}

// newest is the last message that can be shown, nil if there is none.
func (h *history) newest() (*im.LastMessage, error) {
	c := h.messages.Cursor()
	for k, v := c.Last(); k != nil; k, v = c.Prev() {
		m, err := openMessage(h.sum, h.conv, k, v)
		if err != nil {
			return nil, err
		}
		if !m.IsPlaceMessage {
			return im.NewLastMessage(&m), nil
		}
	}
	return nil, nil
}
