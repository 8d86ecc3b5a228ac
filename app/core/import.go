package core

import (
	"context"

	"magpie/im"
	"magpie/store"
)

// ImportMessages puts messages that were exported into the history of one
// conversation and returns how many of them were not here. What is here stays as
// it is, also what was recalled since; nothing is announced as new, counted as
// unread or sent. If the server turns out to have something else under these
// sequences, its history stands, as ever.
//
// Codes: 2105 for a message without id or sequence or of a payload that does not
// fit its type, 2503 for one of another conversation; nothing is stored then.
func (c *Client) ImportMessages(ctx context.Context, conv im.ConversationID, list []im.Message) (added int, err error) {
	if err := conv.Validate(); err != nil {
		return 0, err
	}
	for i := range list {
		if err := Importable(conv, &list[i]); err != nil {
			return 0, err
		}
	}
	f := c.feed(conv)
	f.work.Lock()
	defer f.work.Unlock()
	if err := f.load(); err != nil {
		return 0, err
	}
	fresh := make([]im.Message, 0, len(list))
	for _, m := range list {
		m.IsDeleted = false // an export says nothing of what this device deleted
		if f.spans.has(m.Sequence) {
			continue
		}
		_, known, err := c.db.Message(m.ID)
		if err != nil {
			return 0, err
		}
		if !known { // it waits in the outbox, or has another number here
			fresh = append(fresh, m)
		}
	}
	if len(fresh) == 0 {
		return 0, nil
	}
	if err := c.db.Ingest(ctx, store.Batch{Conversation: conv, Messages: fresh}); err != nil {
		return 0, err
	}
	from, to := fresh[0].Sequence, fresh[0].Sequence
	for i := range fresh {
		n := fresh[i].Sequence
		f.spans.add(n, n)
		from, to = min(from, n), max(to, n)
	}
	c.hub.emit(HistoryChanged{ConversationID: conv, From: from, To: to})
	c.list.touch(c, conv)
	return len(fresh), c.imported.set(ctx, c.db, conv, c.imported.get(conv)+uint64(len(fresh)))
}

// OtherThere returns the first sequence of some messages of a conversation, ascending,
// under which this account has another message: they are of another server's history,
// or of one that was begun anew. There is none if other is false.
func (c *Client) OtherThere(conv im.ConversationID, list []im.Message) (sequence uint64, other bool, err error) {
	for len(list) > 0 {
		here, err := c.db.PageAfter(conv, list[0].Sequence-1, pageForward)
		if err != nil || len(here) == 0 {
			return 0, false, err
		}
		for i := range here {
			h := &here[i]
			for len(list) > 0 && list[0].Sequence < h.Sequence {
				list = list[1:]
			}
			if len(list) == 0 {
				break
			}
			m := &list[0]
			if m.Sequence == h.Sequence && !m.IsPlaceMessage && !h.IsPlaceMessage && m.ID != h.ID {
				return m.Sequence, true, nil
			}
		}
		for last := here[len(here)-1].Sequence; len(list) > 0 && list[0].Sequence <= last; {
			list = list[1:]
		}
	}
	return 0, false, nil
}

// Imported is how many messages of all conversations came from exports and may exist
// nowhere else.
func (c *Client) Imported() uint64 { return c.imported.sum() }

// Importable says why a message could not be imported into a conversation, with
// the codes of [Client.ImportMessages]; nil if it could.
func Importable(conv im.ConversationID, m *im.Message) error {
	switch {
	case m.ConversationID != conv:
		return im.Errorf(im.CodeInvalidConversationID, "message %.96q is of %.64q, not of %.64q", m.ID, m.ConversationID, conv)
	case m.Sequence == 0 || m.Sequence > maxSequence:
		return im.Errorf(im.CodeInvalidMessage, "message %.96q has the sequence %d", m.ID, m.Sequence)
	case m.IsPlaceMessage:
		return nil
	case m.ID == "" || len(m.ID) > im.MaxMessageIDBytes:
		return im.Errorf(im.CodeInvalidMessage, "message %d has no id", m.Sequence)
	case m.Flow != im.FlowIn && m.Flow != im.FlowOut || m.Time < 0:
		return im.Errorf(im.CodeInvalidMessage, "message %.96q has the flow %.64q and the time %d", m.ID, m.Flow, m.Time)
	case m.IsRevoked:
		return nil
	case m.Payload == nil || m.Payload.Type() != m.Type:
		return im.Errorf(im.CodeInvalidMessage, "message %.96q has no payload of its type %.64q", m.ID, m.Type)
	case im.PayloadSize(m.Payload) > im.MaxMessageBytes:
		return im.Errorf(im.CodeMessageTooLong, "message %.96q has %d bytes", m.ID, im.PayloadSize(m.Payload))
	}
	return nil
}
