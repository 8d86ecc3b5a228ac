package store

import (
	"context"
	"strings"

	"magpie/im"
)

// Enqueue puts a message into the outbox and returns the row with its Order; it
// is on the disk when Enqueue returns. An id that is in the outbox already
// stays as it is and is returned; one that is history is returned as it is
// there, with Order 0. A draft of the conversation that says the same is dropped
// with it: at no moment the text is both to be sent and still to be written.
func (s *Store) Enqueue(ctx context.Context, row OutboxRow) (OutboxRow, error) {
	m := &row.Message
	if m.ID == "" || len(m.ID) > maxKeyBytes {
		return OutboxRow{}, im.Errorf(im.CodeInvalidMessage, "store: message id of %d bytes", len(m.ID))
	}
	if err := checkConversation(m.ConversationID); err != nil {
		return OutboxRow{}, err
	}
	m.Sequence = 0
	var result OutboxRow
	err := s.write(ctx, true, func(tx *txn) error {
		old, found, err := s.message(tx, m.ID)
		if err != nil {
			return err
		}
		if found && old.Sequence != 0 {
			result = OutboxRow{Message: old}
			return nil
		}
		if found {
			result, _, err = outboxByID(tx, m.ID)
			return err
		}
		r := row
		if r.Order, err = tx.Bucket(bucketOutbox).NextSequence(); err != nil {
			return err
		}
		if err := putOutbox(tx, &r); err != nil {
			return err
		}
		if err := dropSaid(tx, m); err != nil {
			return err
		}
		result = r
		return openPlaces(tx).put(m.ID, place{conv: m.ConversationID, order: r.Order})
	})
	return result, err
}

// dropSaid removes the draft that m says. One that cannot be read stays: that is
// for those who ask for it.
func dropSaid(tx *txn, m *im.Message) error {
	said, ok := m.Payload.(im.TextPayload)
	if !ok {
		return nil
	}
	if draft, err := getDraft(tx, m.ConversationID); err == nil && draft != "" && strings.TrimSpace(draft) == strings.TrimSpace(said.Text) {
		return tx.Bucket(bucketDraft).Delete(tx.name(string(m.ConversationID)))
	}
	return nil
}

// Outbox returns what waits to be sent, in the order of Enqueue, including what
// failed and waits for a person.
func (s *Store) Outbox() ([]OutboxRow, error) {
	return s.outboxWhere(func(*OutboxRow) bool { return true })
}

// OutboxOf is Outbox for one conversation.
func (s *Store) OutboxOf(conv im.ConversationID) ([]OutboxRow, error) {
	return s.outboxWhere(func(r *OutboxRow) bool { return r.Message.ConversationID == conv })
}

func (s *Store) outboxWhere(want func(*OutboxRow) bool) ([]OutboxRow, error) {
	var list []OutboxRow
	err := s.view(func(tx *txn) error {
		return tx.Bucket(bucketOutbox).ForEach(func(k, v []byte) error {
			r, err := tx.decodeOutbox(k, v)
			if err == nil && want(&r) {
				list = append(list, r)
			}
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

// UpdateOutbox changes a row at once; ErrNotFound if there is none of this id.
// Order, the id and the conversation stay what they are. f may be called more
// than once and must not call the store.
func (s *Store) UpdateOutbox(ctx context.Context, id im.MessageID, f func(*OutboxRow) error) error {
	return s.write(ctx, true, func(tx *txn) error {
		r, found, err := s.outboxRow(tx, id)
		if err != nil {
			return err
		}
		if !found {
			return ErrNotFound
		}
		order, conv := r.Order, r.Message.ConversationID
		if err := callback(func() error { return f(&r) }); err != nil {
			return err
		}
		r.Order, r.Message.ID, r.Message.ConversationID, r.Message.Sequence = order, id, conv, 0
		return putOutbox(tx, &r)
	})
}

// Acknowledge makes an outbox row history at once: the server has stored it as
// this sequence at this time (ms since 1970). Row out, message and range in, id
// and conversation moved, all in one transaction. With sequence 0, for what is
// stored nowhere, the row only goes. Acknowledging again returns what is there;
// ErrNotFound if the id is unknown.
func (s *Store) Acknowledge(ctx context.Context, id im.MessageID, sequence uint64, timeMS int64) (im.Message, error) {
	var result im.Message
	err := s.write(ctx, true, func(tx *txn) error {
		r, found, err := s.outboxRow(tx, id)
		if err != nil {
			return err
		}
		if !found {
			m, known, err := s.message(tx, id)
			if err == nil && !known {
				err = ErrNotFound
			}
			result = m
			return err
		}
		m := r.Message
		m.Sequence, m.Time, m.Status, m.Error = sequence, timeMS, im.StatusSuccess, nil
		result = m
		if sequence == 0 {
			return dropOutbox(tx, &r)
		}
		if err := s.soundHistory(tx, m.ConversationID); err != nil {
			return err
		}
		b, err := tx.sealBatch(&Batch{Conversation: m.ConversationID, Messages: []im.Message{m}}, s.account)
		if err != nil {
			return err
		}
		return s.putBatch(tx, &b)
	})
	if err != nil {
		return im.Message{}, err
	}
	return result, nil
}

// RemoveOutbox takes a message out of the outbox for good, at once; ErrNotFound
// if it is not there.
func (s *Store) RemoveOutbox(ctx context.Context, id im.MessageID) error {
	return s.write(ctx, true, func(tx *txn) error {
		r, found, err := s.outboxRow(tx, id)
		if err != nil {
			return err
		}
		if !found {
			return ErrNotFound
		}
		return dropOutbox(tx, &r)
	})
}

func putOutbox(tx *txn, r *OutboxRow) error {
	value, err := tx.encodeOutbox(r)
	if err != nil {
		return err
	}
	return tx.Bucket(bucketOutbox).Put(sequenceKey(r.Order), value)
}

func dropOutbox(tx *txn, r *OutboxRow) error {
	if err := tx.Bucket(bucketOutbox).Delete(sequenceKey(r.Order)); err != nil {
		return err
	}
	return openPlaces(tx).delete(r.Message.ID)
}

func getOutbox(tx *txn, order uint64) (OutboxRow, bool, error) {
	key := sequenceKey(order)
	raw := tx.Bucket(bucketOutbox).Get(key)
	if raw == nil {
		return OutboxRow{}, false, nil
	}
	r, err := tx.decodeOutbox(key, raw)
	return r, err == nil, err
}

func (s *Store) outboxRow(tx *txn, id im.MessageID) (OutboxRow, bool, error) {
	if err := s.soundIDs(tx); err != nil {
		return OutboxRow{}, false, err
	}
	return outboxByID(tx, id)
}

func outboxByID(tx *txn, id im.MessageID) (OutboxRow, bool, error) {
	p, found, err := openPlaces(tx).get(id)
	if err != nil || !found || p.sequence != 0 {
		return OutboxRow{}, false, err
	}
	return getOutbox(tx, p.order)
}
