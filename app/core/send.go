package core

import (
	"context"
	"errors"

	"magpie/im"
	"magpie/im/wire"
	"magpie/store"
)

// SendMessage checks m, writes it to the outbox on disk and returns it as it
// stands there; it then goes out by itself, messages of one conversation in the
// order of the calls, as soon as there is a connection. [MessageUpdated] tells
// how it went, [Client.WaitSent] waits for it.
//
// The error is an *im.Error: that of [im.Message.Validate] or
// [im.SendOptions.Validate], or 130101 when the
// disk is full and nothing was kept. An OnlineUserOnly message is not kept: it
// goes out at once, SendMessage returns when the server has taken it, and the
// error is 2999 unless the client is Ready, or the server's.
//
// Files that the payload names and that are here ([Client.AddFile]) are uploaded
// first, however often that is cut; messages written later do not wait for them,
// unless they are of one [Batch].
// [TransferProgress] tells how far it is. An upload that is refused is a message
// that is refused.
//
// Sending the same id again is not a second message.
func (c *Client) SendMessage(ctx context.Context, m im.Message, o im.SendOptions) (im.Message, error) {
	return c.send(ctx, m, o, "")
}

// send is SendMessage for a message of a batch, "" for none.
func (c *Client) send(ctx context.Context, m im.Message, o im.SendOptions, batch string) (im.Message, error) {
	m.From, m.Flow, m.To = c.o.User, im.FlowOut, m.ConversationID.To()
	m.ConversationType = m.ConversationID.Type()
	m.Status, m.Sequence, m.Error, m.IsRead = im.StatusUnsent, 0, nil, true
	m.OnlineUserOnly = o.OnlineUserOnly
	if m.Time == 0 {
		m.Time = c.ServerNow().UnixMilli()
	}
	if err := m.Validate(); err != nil {
		return m, err
	}
	if err := o.Validate(); err != nil {
		return m, err
	}
	if !m.ID.MadeBy(c.o.User) {
		return m, im.Errorf(im.CodeInvalidMessage, "message id %.96q was not made by %s", m.ID, c.o.User)
	}
	if o.OnlineUserOnly {
		return c.sendOnline(ctx, m, o)
	}
	f := c.feed(m.ConversationID)
	f.work.Lock()
	defer f.work.Unlock()
	if err := f.load(); err != nil {
		return m, err
	}
	if err := f.list(ctx); err != nil {
		return m, err
	}
	known := c.out.has(m.ID)
	row, err := c.db.Enqueue(ctx, store.OutboxRow{Message: m, Base: f.spans.top(), Options: o, Batch: batch})
	if err != nil || row.Order == 0 || known {
		if err == nil {
			m = row.Message
		}
		return m, err
	}
	c.hub.emit(MessageUpdated{Message: row.Message})
	c.out.put(row, true)
	c.list.touch(c, m.ConversationID)
	c.out.wake(c, m.ConversationID)
	return row.Message, nil
}

// list makes sure that the conversation has a row in the list; with work held.
func (f *feed) list(ctx context.Context) error {
	row, found, err := f.c.db.Conversation(f.id)
	if err != nil || found && !row.Hidden {
		return err
	}
	return f.c.db.UpdateConversation(ctx, f.id, func(r *store.Conversation) error {
		r.Hidden = false
		return nil
	})
}

// sendOnline sends a message that is stored nowhere.
func (c *Client) sendOnline(ctx context.Context, m im.Message, o im.SendOptions) (im.Message, error) {
	l := c.current()
	if l == nil || c.State() != Ready {
		return m, im.Errorf(im.CodeNotReady, "not ready: a message for online users only cannot wait")
	}
	if err := c.uploadAll(ctx, m.Payload); err != nil {
		return m, err
	}
	h := l.head(wire.TSend)
	sent, err := ask[wire.Sent](ctx, l, h, wire.Send{Head: h, Message: m, SendOptions: o})
	if err != nil {
		return m, err
	}
	m.Status, m.Time = im.StatusSuccess, sent.Time
	return m, nil
}

// WaitSent waits until the message was acknowledged and returns it with its
// sequence. If it was refused it returns the message with status fail and the
// *im.Error; code 2105 if there is no such message, 3005 after Close.
func (c *Client) WaitSent(ctx context.Context, id im.MessageID) (im.Message, error) {
	for {
		row, changed, waiting := c.out.get(id)
		if !waiting {
			m, found, err := c.Message(id)
			if err == nil && (!found || m.Sequence == 0) {
				err = im.Errorf(im.CodeInvalidMessage, "message %.96q is not known", id)
			}
			return m, err
		}
		if row.Message.Status == im.StatusFail {
			if row.Message.Error == nil {
				return row.Message, im.Errorf(im.CodeServerInternal, "message %.96q was refused", id)
			}
			return row.Message, row.Message.Error
		}
		select {
		case <-changed:
		case <-c.ctx.Done():
			return row.Message, im.Errorf(im.CodeLoggedOut, "the client was closed")
		case <-ctx.Done():
			return row.Message, ctx.Err()
		}
	}
}

// ResendMessage sends a refused message again, with the same id. Code 2105 if
// it is not in the outbox; no error if it is being sent already.
func (c *Client) ResendMessage(ctx context.Context, id im.MessageID) (im.Message, error) {
	row, _, ok := c.out.get(id)
	if !ok {
		return im.Message{}, im.Errorf(im.CodeInvalidMessage, "message %.96q is not in the outbox", id)
	}
	if row.Message.Status != im.StatusFail {
		return row.Message, nil
	}
	f := c.feed(row.Message.ConversationID)
	f.work.Lock()
	defer f.work.Unlock()
	err := c.db.UpdateOutbox(ctx, id, func(r *store.OutboxRow) error {
		r.Message.Status, r.Message.Error, r.Message.IsResend = im.StatusUnsent, nil, true
		row = *r
		return nil
	})
	if errors.Is(err, store.ErrNotFound) {
		err = im.Errorf(im.CodeInvalidMessage, "message %.96q is not in the outbox", id)
	}
	if err != nil {
		return row.Message, err
	}
	c.hub.emit(MessageUpdated{Message: row.Message})
	c.out.put(row, false)
	c.list.touch(c, f.id)
	c.out.wake(c, f.id)
	return row.Message, nil
}

// CancelMessage takes a message that was not acknowledged out of the outbox.
// Code 130104 while it is on its way to the server, 2105 if it is not in the
// outbox. One that was tried before may have arrived all the same; it then
// comes back as sent.
func (c *Client) CancelMessage(ctx context.Context, id im.MessageID) error {
	row, err := c.out.withhold(id)
	if err != nil {
		return err
	}
	f := c.feed(row.Message.ConversationID)
	f.work.Lock()
	defer f.work.Unlock()
	err = c.db.RemoveOutbox(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return im.Errorf(im.CodeInvalidMessage, "message %.96q is not in the outbox", id)
	}
	if err != nil {
		c.out.put(row, false)
		c.out.wake(c, f.id)
		return err
	}
	c.transfers.stop(id)
	c.out.drop(id)
	c.hub.emit(MessageRemoved{ConversationID: f.id, ID: id})
	c.list.touch(c, f.id)
	return nil
}

// Pending returns the messages of a conversation that are not acknowledged,
// waiting ones and refused ones, in the order in which they were written.
func (c *Client) Pending(conv im.ConversationID) ([]im.Message, error) {
	if err := conv.Validate(); err != nil {
		return nil, err
	}
	return c.out.of(conv), nil
}

// Message returns a message that is stored, in the outbox, or of a live room.
func (c *Client) Message(id im.MessageID) (im.Message, bool, error) {
	if m, found := c.live.message(id); found {
		return m, true, nil
	}
	m, found, err := c.db.Message(id)
	if err == nil && found {
		c.marks(m.ConversationID).set(&m)
	}
	return m, found, err
}
