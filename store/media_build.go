package store

import (
	"context"

	"go.etcd.io/bbolt"

	"magpie/im"
)

// keyMedia says how far the bucket media of a file of an older schema is filled: the
// key in msg of a conversation, and a sequence in it. It goes when all is done. Until
// then what is not reached yet is answered from the messages themselves.
var keyMedia = []byte("\x00media")

// mediaCursor is what is under keyMedia.
type mediaCursor struct {
	name     []byte // of the conversation, nil before the first
	sequence uint64
}

// mediaUnfilled lets the bucket media be filled in the background.
func mediaUnfilled(tx *txn) error {
	if first, _ := tx.Bucket(bucketMsg).Cursor().First(); first == nil {
		return nil
	}
	return mediaCursor{}.put(tx)
}

func (at mediaCursor) put(tx *txn) error {
	return tx.meta().Put(keyMedia, tx.encodeStamped(kindMeta, keyMedia, string(at.name), int64(at.sequence)))
}

// mediaFilledTo reads it; pending is false when everything is done. A cursor of
// a conversation that is not here (any more, or under this name) is one at the
// beginning.
func mediaFilledTo(tx *txn) (at mediaCursor, pending bool, err error) {
	raw := tx.meta().Get(keyMedia)
	if raw == nil {
		return at, false, nil
	}
	name, sequence, err := tx.decodeStamped(kindMeta, keyMedia, raw)
	if err != nil {
		return at, false, err
	}
	// It is not opened: nobody has looked at it yet.
	if k, _ := tx.Bucket(bucketMsg).Cursor().Seek([]byte(name)); name == "" || string(k) != name {
		return at, true, nil
	}
	return mediaCursor{name: []byte(name), sequence: uint64(sequence)}, true, nil
}

// mediaReached reports whether the index has all of a conversation.
func mediaReached(tx *txn, conv im.ConversationID) (bool, error) {
	at, pending, err := mediaFilledTo(tx)
	if err != nil || !pending {
		return true, err
	}
	return string(tx.name(string(conv))) < string(at.name), nil
}

// fillMedia brings the bucket on by some messages; worked is false when it is
// full.
func (s *Store) fillMedia(ctx context.Context) (worked bool, err error) {
	if s.mediaFull.Load() {
		return false, nil
	}
	pending := false
	err = s.viewBeside(func(tx *txn) (err error) {
		_, pending, err = mediaFilledTo(tx)
		return err
	})
	if err != nil || !pending {
		s.mediaFull.Store(err == nil)
		return false, err
	}
	return true, s.write(ctx, true, func(tx *txn) error {
		at, pending, err := mediaFilledTo(tx)
		if err != nil || !pending {
			return err
		}
		left := s.index.limits.build
		c := tx.Bucket(bucketMsg).Cursor()
		for k, _ := c.Seek(at.name); k != nil; k, _ = c.Next() {
			if string(k) != string(at.name) {
				at = mediaCursor{name: append([]byte(nil), k...)}
			}
			if left, err = s.fillMediaOf(tx, &at, left); err != nil {
				return err
			}
			if left == 0 {
				return at.put(tx)
			}
		}
		return tx.meta().Delete(keyMedia)
	})
}

// fillMediaOf goes on in one conversation. Messages that cannot be read are not in the
// index: who reads them says that they are damaged.
func (s *Store) fillMediaOf(tx *txn, at *mediaCursor, left int) (int, error) {
	id, err := tx.id(at.name)
	if err != nil {
		return left, err
	}
	conv := im.ConversationID(id)
	if err := s.soundHistory(tx, conv); err != nil {
		return left, err
	}
	if err := tx.soundWay(bucketMsg, conv, at.sequence, left+1, true); err != nil {
		return left, err
	}
	h, err := openHistory(tx, conv)
	if err != nil {
		return left, err
	}
	var found []sealedMessage
	if at.sequence+1 == 0 {
		return left, nil // there is none after it
	}
	c := h.messages.Cursor()
	for k, v := c.Seek(sequenceKey(at.sequence + 1)); k != nil && left > 0; k, v = c.Next() {
		left--
		n, err := keySequence(k)
		if err != nil {
			return left, damaged("message of "+id, k, err)
		}
		at.sequence = n
		if m, err := openMessage(h.sum, conv, k, v); err == nil {
			if t := mediaType(&m); t != "" {
				found = append(found, sealedMessage{key: sequenceKey(n), media: t})
			}
		}
	}
	for i := range found {
		if err := h.putMedia(&found[i], false); err != nil {
			return left, err
		}
	}
	return left, nil
}

// mediaSource is how entries of a conversation are read: from the index, or while
// that is not filled so far from the messages.
type mediaSource struct {
	conv     im.ConversationID
	entries  *bbolt.Bucket
	messages *bbolt.Bucket
	filled   bool
	entry    *sealer
	message  *sealer
}

// read returns under which type an entry is found, "" for not at all.
func (s *mediaSource) read(k, v []byte) (im.MessageType, error) {
	if s.filled {
		return openMedia(s.entry, s.conv, k, v)
	}
	m, err := openMessage(s.message, s.conv, k, v)
	if err != nil {
		return "", err
	}
	return mediaType(&m), nil
}
