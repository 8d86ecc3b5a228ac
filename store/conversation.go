package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"slices"

	"magpie/im"
)

// PutConversations stores rows as the server told them, gathered with other
// writes of the network. What the row lacks is lost, with three exceptions: the
// draft has its own place, a last message never gives way to an older one, and
// Last never falls. What was recalled here stays recalled.
func (s *Store) PutConversations(ctx context.Context, list []Conversation) error {
	list = slices.Clone(list)
	for i := range list {
		if err := checkConversation(list[i].ConversationID); err != nil {
			return err
		}
		// What cannot be encoded is told before it can disturb others.
		if _, err := s.form.encodeConversation(&list[i]); err != nil {
			return err
		}
	}
	return s.write(ctx, false, func(tx *txn) error {
		for _, c := range list {
			old, found, err := getConversation(tx, c.ConversationID)
			if err != nil {
				return err
			}
			if found {
				if newerLast(old.LastMessage, c.LastMessage) {
					c.LastMessage = old.LastMessage
				}
				c.Last = max(c.Last, old.Last)
			}
			if err := s.soundDoors(tx, c.ConversationID); err != nil {
				return err
			}
			if err := unrecalled(tx, &c); err != nil {
				return err
			}
			if err := putConversation(tx, &c); err != nil {
				return err
			}
		}
		return nil
	})
}

// newerLast reports whether a is to stay when b comes.
func newerLast(a, b *im.LastMessage) bool {
	return a != nil && (b == nil || a.LastSequence > b.LastSequence)
}

// UpdateConversation changes one row at once; a row that does not exist is
// made. f may be called more than once and must not call the store. An error of
// f is returned and nothing is changed.
func (s *Store) UpdateConversation(ctx context.Context, id im.ConversationID, f func(c *Conversation) error) error {
	if err := checkConversation(id); err != nil {
		return err
	}
	return s.write(ctx, true, func(tx *txn) error {
		c, err := conversationOrNew(tx, id)
		if err != nil {
			return err
		}
		if err := callback(func() error { return f(&c) }); err != nil {
			return err
		}
		c.ConversationID = id
		return putConversation(tx, &c)
	})
}

// Conversation returns one row with its draft; found is false if there is none.
func (s *Store) Conversation(id im.ConversationID) (c Conversation, found bool, err error) {
	err = s.view(func(tx *txn) error {
		if c, found, err = getConversation(tx, id); err != nil || !found {
			return err
		}
		c.Draft, err = getDraft(tx, id)
		return err
	})
	return c, found, err
}

// Conversations returns up to limit rows (all if limit is 0 or less) from
// offset on, with their drafts: the pinned first, then by the time of the last
// message, newest first, then by id. Hidden ones are left out.
func (s *Store) Conversations(offset, limit int) ([]Conversation, error) {
	var list []Conversation
	err := s.view(func(tx *txn) error {
		return tx.inOrder(func(id im.ConversationID) (more bool, err error) {
			if offset > 0 {
				offset--
				return true, nil
			}
			c, found, err := getConversation(tx, id)
			if err != nil {
				return false, err
			}
			if !found {
				return false, damaged("conversation by time", []byte(id), errShort)
			}
			if c.Draft, err = getDraft(tx, id); err != nil {
				return false, err
			}
			list = append(list, c)
			return len(list) != limit || limit <= 0, nil
		})
	})
	return list, err
}

// inOrder visits the conversations of the list until visit wants no more. Those of
// the same time stand together, in a sealed file in the order of what their ids are
// sealed to.
func (tx *txn) inOrder(visit func(im.ConversationID) (more bool, err error)) error {
	cursor := tx.Bucket(bucketConvByTime).Cursor()
	k, _ := cursor.First()
	var run []im.ConversationID
	for k != nil {
		run = run[:0]
		for at := k; len(k) >= timeKeyID && bytes.Equal(k[:timeKeyID], at[:timeKeyID]); k, _ = cursor.Next() {
			id, err := tx.timeKeyConversation(k)
			if err != nil {
				return err
			}
			run = append(run, id)
			if tx.form == plain {
				k, _ = cursor.Next() // one by one: they are in order
				break
			}
		}
		if len(run) == 0 {
			return damaged("conversation by time", k, errShort)
		}
		slices.Sort(run)
		for _, id := range run {
			if more, err := visit(id); err != nil || !more {
				return err
			}
		}
	}
	return nil
}

// TotalUnread is the sum of the unread counts of all conversations that are in
// the list and not muted.
func (s *Store) TotalUnread() (uint64, error) {
	var total uint64
	err := s.view(func(tx *txn) error {
		return tx.Bucket(bucketConv).ForEach(func(k, v []byte) error {
			c, err := tx.decodeConversation(k, v)
			if err != nil {
				return err
			}
			muted := c.MessageRemindType == im.RemindQuiet || c.MessageRemindType == im.RemindDiscard
			if !c.Hidden && !muted {
				total += c.UnreadCount
			}
			return nil
		})
	})
	return total, err
}

func getConversation(tx *txn, id im.ConversationID) (Conversation, bool, error) {
	key := tx.name(string(id))
	raw := tx.Bucket(bucketConv).Get(key)
	if raw == nil {
		return Conversation{}, false, nil
	}
	c, err := tx.decodeConversation(key, raw)
	return c, err == nil, err
}

func conversationOrNew(tx *txn, id im.ConversationID) (Conversation, error) {
	c, found, err := getConversation(tx, id)
	if !found {
		c.ConversationID, c.Type = id, id.Type()
	}
	return c, err
}

// putConversation stores c and moves its entry in the order of the list.
func putConversation(tx *txn, c *Conversation) error {
	id := tx.name(string(c.ConversationID))
	value, err := tx.encodeConversation(c)
	if err != nil {
		return err
	}
	bucket, order := tx.Bucket(bucketConv), tx.Bucket(bucketConvByTime)
	var oldKey []byte
	if raw := bucket.Get(id); raw != nil {
		if tx.sealer(kindConv, "").same(id, raw, value) {
			return nil
		}
		old, err := tx.decodeConversation(id, raw)
		if err != nil {
			return err
		}
		oldKey = tx.timeKey(&old)
	}
	if err := bucket.Put(id, value); err != nil {
		return err
	}
	newKey := tx.timeKey(c)
	if bytes.Equal(oldKey, newKey) {
		return nil
	}
	if oldKey != nil {
		if err := order.Delete(oldKey); err != nil {
			return err
		}
	}
	if newKey == nil {
		return nil
	}
	return order.Put(newKey, nil)
}

// timeKeyID is where the id begins in a key of the list.
const timeKeyID = 9

// timeKey orders the list: pinned before others, then the newest first. nil for
// a conversation that is not in the list.
func (f *form) timeKey(c *Conversation) []byte {
	if c.Hidden {
		return nil
	}
	name := f.name(string(c.ConversationID))
	key := make([]byte, 0, timeKeyID+len(name))
	if c.IsPinned {
		key = append(key, 0)
	} else {
		key = append(key, 1)
	}
	var at int64
	if c.LastMessage != nil {
		at = max(c.LastMessage.LastTime, 0)
	}
	key = binary.BigEndian.AppendUint64(key, ^uint64(at))
	return append(key, name...)
}

func (f *form) timeKeyConversation(key []byte) (im.ConversationID, error) {
	if len(key) <= timeKeyID {
		return "", damaged("conversation by time", key, errShort)
	}
	id, err := f.id(key[timeKeyID:])
	if err != nil {
		return "", damaged("conversation by time", key, err)
	}
	return im.ConversationID(id), nil
}
