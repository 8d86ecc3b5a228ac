package store

import (
	"go.etcd.io/bbolt"

	"magpie/im"
	"magpie/store/fulltext"
)

// sealedMessage is a message ready to be written, made before the transaction
// so that the writer only moves bytes.
type sealedMessage struct {
	id      im.MessageID
	key     []byte // the sequence
	value   []byte
	revoked bool
	hole    bool
	deleted bool           // a hole that a person made
	media   im.MessageType // see mediaType
	doc     *fulltext.Doc  // what it is found by, nil for nothing
}

func sealMessage(sum *sealer, conv im.ConversationID, m *im.Message) (sealedMessage, error) {
	s := sealedMessage{id: m.ID, key: sequenceKey(m.Sequence), revoked: m.IsRevoked, hole: m.IsPlaceMessage, deleted: m.IsDeleted, media: mediaType(m)}
	e := newEncoder(128)
	if err := e.message(m); err != nil {
		return s, err
	}
	s.value = sum.seal(s.key, e.b)
	if d, ok := searchable(m); ok {
		s.doc = d.doc(fulltext.Place{Conversation: string(conv), Sequence: m.Sequence})
	}
	return s, nil
}

func openMessage(sum *sealer, conv im.ConversationID, key, value []byte) (im.Message, error) {
	n, err := keySequence(key)
	if err != nil {
		return im.Message{}, damaged("message of "+string(conv), key, err)
	}
	d, err := sum.open(key, value)
	if err != nil {
		return im.Message{}, damaged("message of "+string(conv), key, err)
	}
	m, err := d.message(conv, n)
	if err == nil {
		err = d.done()
	}
	if err != nil {
		return im.Message{}, damaged("message of "+string(conv), key, err)
	}
	return m, nil
}

// history is one conversation's messages within a write transaction.
type history struct {
	tx          *txn
	conv        im.ConversationID
	sum         *sealer
	messages    *bbolt.Bucket
	places      places
	number      uint64 // of conv in places, 0 until it is needed
	outbox      *bbolt.Bucket
	outboxEmpty bool
	index       *indexChanges // nil while a file is salvaged: its index is made later
	recalls     *bbolt.Bucket // of messages that are not here, nil without any
	media       *bbolt.Bucket // nil before it is written to
	// gone are messages whose content must not be shown, as what is left of them;
	// erase says that content was replaced and is to vanish from the file.
	gone  []im.Message
	erase bool
	// keepDeleted lets what is cut and was deleted by a person wait in recalls.
	keepDeleted bool
}

func openHistory(tx *txn, conv im.ConversationID) (*history, error) {
	b, err := tx.makeConversation(bucketMsg, conv)
	if err != nil {
		return nil, err
	}
	// Sequences mostly grow, so pages are left full instead of half full.
	b.FillPercent = 1
	h := &history{
		tx: tx, conv: conv, sum: tx.sealer(kindMessage, string(conv)),
		messages: b, places: openPlaces(tx), outbox: tx.Bucket(bucketOutbox),
	}
	first, _ := h.outbox.Cursor().First()
	h.outboxEmpty = first == nil
	h.recalls = tx.conversation(bucketRecall, conv)
	return h, nil
}

// put writes m unless what is here says more: a message that was deleted here does not
// come back, a revoked one is never made readable again, and a hole does not hide a
// message that was kept.
func (h *history) put(m *sealedMessage) error {
	t, err := h.remembered(m)
	if err != nil {
		return err
	}
	if t != nil {
		m = t
	}
	changed, fresh := true, true // what it is found by
	old := h.messages.Get(m.key)
	if old != nil {
		fresh = false
		if h.sum.same(m.key, old, m.value) {
			return nil
		}
		// A stored message that cannot be read is simply replaced.
		was, err := openMessage(h.sum, h.conv, m.key, old)
		if changed = err != nil; !changed {
			switch {
			case was.IsDeleted && (m.hole || m.id == was.ID):
				h.gone = append(h.gone, was)
				return nil
			case m.deleted:
				h.erase = true
				h.gone = append(h.gone, was.Deleted())
			case was.IsRevoked && !m.revoked:
				h.gone = append(h.gone, was)
				return nil
			case m.hole && !was.IsPlaceMessage:
				return nil
			case m.revoked && !was.IsRevoked && !was.IsPlaceMessage:
				h.erase = true
				left, err := openMessage(h.sum, h.conv, m.key, m.value)
				if err != nil {
					return err
				}
				h.gone = append(h.gone, left)
			}
			if d, ok := searchable(&was); !ok || m.doc == nil || !m.doc.Same(d.doc(m.doc.Place)) {
				changed = true
			}
			if was.ID != m.id {
				if err := h.forgetID(was.ID, was.Sequence); err != nil {
					return err
				}
			}
		}
	}
	if err := h.messages.Put(m.key, m.value); err != nil {
		return err
	}
	if err := h.putMedia(m, old != nil); err != nil {
		return err
	}
	if changed && h.index != nil {
		n, err := keySequence(m.key)
		if err != nil {
			return err
		}
		h.index.set(h.conv, n, m.doc, fresh)
	}
	if m.id == "" {
		return nil
	}
	if err := h.resolve(m.id); err != nil {
		return err
	}
	if h.number == 0 {
		if h.number, err = h.places.number(h.conv); err != nil {
			return err
		}
	}
	n, err := keySequence(m.key)
	if err != nil {
		return err
	}
	return h.places.putNumbered(m.id, h.number, place{sequence: n})
}

// resolve takes the message out of the outbox if it is there: it came back from
// the server, so its acknowledgement was lost.
func (h *history) resolve(id im.MessageID) error {
	if h.outboxEmpty {
		return nil
	}
	p, found, err := h.places.get(id)
	if err != nil || !found || p.sequence != 0 {
		return err
	}
	return h.outbox.Delete(sequenceKey(p.order))
}

// forgetID removes the way to a message from its id, if it leads here.
func (h *history) forgetID(id im.MessageID, sequence uint64) error {
	if id == "" {
		return nil
	}
	p, found, err := h.places.get(id)
	if err == nil && (!found || p.conv != h.conv || p.sequence != sequence) {
		return nil
	}
	return h.places.delete(id) // one that cannot be read, too
}

// advance brings the conversation's row up to what was written: the last
// message never goes back, and a revoked one stays revoked.
func (h *history) advance(b *sealedBatch) error {
	c, err := conversationOrNew(h.tx, h.conv)
	if err != nil {
		return err
	}
	c.Last = max(c.Last, b.last)
	if newest := b.newest; newest != nil {
		old := c.LastMessage
		stays := newerLast(old, newest) ||
			old != nil && old.LastSequence == newest.LastSequence && old.IsRevoked && !newest.IsRevoked
		if !stays {
			c.LastMessage = newest
		}
	}
	mentioned(&c, b.mentions)
	had, err := forgetIn(h.tx, &c, h.gone)
	if err != nil {
		return err
	}
	h.erase = h.erase || had
	if b.row != nil {
		if err := callback(func() error { b.row(&c); return nil }); err != nil {
			return err
		}
		c.ConversationID = h.conv
	}
	return putConversation(h.tx, &c)
}
