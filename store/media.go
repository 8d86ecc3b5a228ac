package store

import (
	"fmt"
	"slices"

	"go.etcd.io/bbolt"

	"magpie/im"
)

// The bucket media says which messages of a conversation have a picture, a video,
// a file, a voice note or a link, so that those are found in a history of any
// length without reading it. It is written in the transactions that write the
// messages, and holds nothing of their content.

// MediaQuery chooses messages of [Store.Media]. At most one of Before and After is
// set; neither means the newest.
type MediaQuery struct {
	// Types are those wanted; [im.MsgText] stands for texts with a link.
	Types  []im.MessageType
	Before uint64 // the newest with a smaller sequence
	After  uint64 // the oldest with a larger sequence
	Limit  int
}

// mediaType is under which type a message is found, "" for not at all.
func mediaType(m *im.Message) im.MessageType {
	if m.IsRevoked || m.IsPlaceMessage {
		return ""
	}
	switch p := m.Payload.(type) {
	case im.ImagePayload, im.VideoPayload, im.FilePayload, im.AudioPayload:
		return m.Type
	case im.MergerPayload:
		if uses, err := im.BlobsOf(p); err == nil && len(uses) > 0 {
			return m.Type
		}
	case im.TextPayload:
		if im.HasLink(p.Text) {
			return im.MsgText
		}
	}
	return ""
}

func (f *form) sealMedia(conv im.ConversationID, key []byte, t im.MessageType) []byte {
	e := newEncoder(1)
	e.messageType(t)
	return f.sealer(kindMedia, string(conv)).seal(key, e.b)
}

func openMedia(sum *sealer, conv im.ConversationID, key, value []byte) (im.MessageType, error) {
	if value == nil {
		return "", damaged("media of "+string(conv), key, errPage) // a bucket
	}
	d, err := sum.open(key, value)
	if err != nil {
		return "", damaged("media of "+string(conv), key, err)
	}
	t := d.messageType()
	if err := d.done(); err != nil {
		return "", damaged("media of "+string(conv), key, err)
	}
	return t, nil
}

// putMedia brings the index up to a message that was just written; had says that
// another stood in its place.
func (h *history) putMedia(m *sealedMessage, had bool) error {
	if m.media == "" {
		b := h.tx.conversation(bucketMedia, h.conv)
		if b == nil || !had {
			return nil
		}
		return b.Delete(m.key)
	}
	if h.media == nil {
		b, err := h.tx.makeConversation(bucketMedia, h.conv)
		if err != nil {
			return fmt.Errorf("store: media: %w", err)
		}
		b.FillPercent = 0.9 // sequences mostly grow
		h.media = b
	}
	return h.media.Put(m.key, h.tx.sealMedia(h.conv, m.key, m.media))
}

// cutMedia forgets the entries of messages after the sequence.
func cutMedia(tx *txn, conv im.ConversationID, after uint64) error {
	return cutAfter(tx, bucketMedia, conv, after)
}

// Media returns messages of a conversation by what they have, oldest first. It
// costs a search and a look at each entry of the index on the way to the last one
// returned.
func (s *Store) Media(conv im.ConversationID, q MediaQuery) ([]im.Message, error) {
	if q.Limit <= 0 {
		return nil, nil
	}
	var list []im.Message
	err := s.viewMedia(conv, func(from *mediaSource) error {
		c := from.entries.Cursor()
		k, v, next := mediaFrom(c, q)
		for ; k != nil && len(list) < q.Limit; k, v = next() {
			t, err := from.read(k, v)
			if err != nil {
				return err
			}
			if !slices.Contains(q.Types, t) {
				continue
			}
			m, err := openMessage(from.message, conv, k, from.messages.Get(k))
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
	if q.After == 0 {
		slices.Reverse(list)
	}
	return list, nil
}

// mediaFrom is where a query begins and how it goes on.
func mediaFrom(c *bbolt.Cursor, q MediaQuery) (k, v []byte, next func() ([]byte, []byte)) {
	if q.After > 0 {
		k, v = c.Seek(sequenceKey(q.After))
		if k != nil && string(k) == string(sequenceKey(q.After)) {
			k, v = c.Next()
		}
		return k, v, c.Next
	}
	if q.Before == 0 {
		k, v = c.Last()
		return k, v, c.Prev
	}
	if k, _ = c.Seek(sequenceKey(q.Before)); k == nil {
		k, v = c.Last()
	} else {
		k, v = c.Prev()
	}
	return k, v, c.Prev
}

// CountMedia is how many messages of the types there are, and how many of them have
// a sequence of at most upTo. It looks at every entry of the index: some 5 ms for
// 100,000.
func (s *Store) CountMedia(conv im.ConversationID, types []im.MessageType, upTo uint64) (all, until int, err error) {
	err = s.viewMedia(conv, func(from *mediaSource) error {
		return from.entries.ForEach(func(k, v []byte) error {
			t, err := from.read(k, v)
			if err != nil || !slices.Contains(types, t) {
				return err
			}
			all++
			if n, err := keySequence(k); err == nil && n <= upTo {
				until++
			}
			return nil
		})
	})
	return all, until, err
}

// viewMedia runs f if the conversation has an index, or messages that are not in it
// yet.
func (s *Store) viewMedia(conv im.ConversationID, f func(*mediaSource) error) error {
	return s.view(func(tx *txn) error {
		if err := s.soundHistory(tx, conv); err != nil {
			return err
		}
		filled, err := mediaReached(tx, conv)
		if err != nil {
			return err
		}
		from := &mediaSource{
			conv: conv, filled: filled, messages: tx.conversation(bucketMsg, conv), entries: tx.conversation(bucketMedia, conv),
			entry: tx.sealer(kindMedia, string(conv)), message: tx.sealer(kindMessage, string(conv)),
		}
		if !filled {
			from.entries = from.messages
		}
		if from.entries == nil || from.messages == nil {
			return nil
		}
		return f(from)
	})
}
