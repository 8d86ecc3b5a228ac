package store

import (
	"bytes"

	"magpie/im"
)

// update writes to the fresh file; after a failure nothing more is tried.
func (s *salvager) update(f func(*txn) error) {
	if s.err == nil {
		s.err = diskError(updateDB(s.db, s.form, f))
	}
}

// record puts one value that was read into the fresh file. Values that came
// later and say less than what is there are passed over.
func (s *salvager) record(k kind, scope im.ConversationID, key, value []byte) {
	key, value = bytes.Clone(key), bytes.Clone(value)
	switch k {
	case kindMeta:
		s.putStamped(s.form.metaBucket(), k, key, value)
	case kindDraft:
		s.putStamped(bucketDraft, k, key, value)
	case kindOutbox:
		s.putOutbox(key, value)
	case kindConv:
		s.putConversation(key, value)
	case kindProfile:
		s.put(bucketProfile, key, value)
	case kindGroup:
		s.put(bucketGroup, key, value)
	case kindMember:
		s.put(bucketMember, key, value)
	case kindRecall:
		s.update(func(tx *txn) error {
			b, err := tx.makeConversation(bucketRecall, scope)
			if err != nil {
				return err
			}
			s.written++
			return b.Put(key, value)
		})
	case kindRange:
		if r, err := decodeRange(s.form.sealer(kindRange, string(scope)), key, value); err == nil {
			s.ranges[scope] = append(s.ranges[scope], r)
		}
	}
}

func (s *salvager) put(bucket, key, value []byte) {
	s.update(func(tx *txn) error {
		s.written++
		return tx.Bucket(bucket).Put(key, value)
	})
}

// putStamped keeps the newer of two.
func (s *salvager) putStamped(bucket []byte, k kind, key, value []byte) {
	_, at, err := s.form.decodeStamped(k, key, value)
	if err != nil {
		return
	}
	s.update(func(tx *txn) error {
		b := tx.Bucket(bucket)
		if old := b.Get(key); old != nil {
			if _, was, err := s.form.decodeStamped(k, key, old); err == nil && was >= at {
				return nil
			}
		}
		s.written++
		return b.Put(key, value)
	})
}

// putOutbox keeps a row that waits to be sent. One whose state is in doubt may
// have been sent or cancelled since; it comes back as failed, for a person to
// decide, and leaves again when its message turns up in the history.
func (s *salvager) putOutbox(key, value []byte) {
	r, err := s.form.decodeOutbox(key, value)
	if err != nil {
		return
	}
	if !s.trusted {
		r.Message.Status = im.StatusFail
		r.Message.Error = im.Errorf(im.CodeStoreDamaged, "found in a damaged file; it may have been sent")
	}
	s.update(func(tx *txn) error {
		_, known, err := outboxByID(tx, r.Message.ID)
		if err != nil || known {
			return err
		}
		b := tx.Bucket(bucketOutbox)
		if b.Get(key) != nil {
			if r.Order, err = b.NextSequence(); err != nil {
				return err
			}
		} else if err := b.SetSequence(max(b.Sequence(), r.Order)); err != nil {
			return err
		}
		s.written++
		if err := putOutbox(tx, &r); err != nil {
			return err
		}
		p := place{conv: r.Message.ConversationID, order: r.Order}
		return openPlaces(tx).put(r.Message.ID, p)
	})
}

func (s *salvager) putConversation(key, value []byte) {
	c, err := s.form.decodeConversation(key, value)
	if err != nil {
		s.problems++
		return
	}
	s.update(func(tx *txn) error {
		old, found, err := getConversation(tx, c.ConversationID)
		if err != nil || found && !newerLast(c.LastMessage, old.LastMessage) {
			return err
		}
		s.written++
		return putConversation(tx, &c)
	})
}

func (s *salvager) putMessages(conv im.ConversationID, list []sealedMessage, newest *im.Message) {
	if len(list) == 0 {
		return
	}
	s.update(func(tx *txn) error {
		h, err := openHistory(tx, conv)
		if err != nil {
			return err
		}
		for i := range list {
			if err := h.put(&list[i]); err != nil {
				return err
			}
		}
		s.written += len(list)
		if newest == nil {
			return nil
		}
		return h.advance(&sealedBatch{newest: im.NewLastMessage(newest), last: newest.Sequence})
	})
}

// putRanges claims only what is true: every message that was copied, and the
// holes that were known only where nothing of the conversation is missing. The
// rest will be asked of the server again.
func (s *salvager) putRanges() {
	for conv, p := range s.present {
		known := p.runs
		if p.intact {
			known = append(known, s.ranges[conv]...)
		}
		s.update(func(tx *txn) error {
			for _, r := range known {
				if err := addRange(tx, conv, r); err != nil {
					return err
				}
			}
			return nil
		})
	}
}
