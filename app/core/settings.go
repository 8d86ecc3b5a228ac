package core

import (
	"context"

	"magpie/im"
	"magpie/im/wire"
	"magpie/store"
)

// PinConversation puts a conversation above all others in the list, or back
// among them, on all devices. Like all settings of a conversation it needs a
// connection (code 9508) and shows once the server has it.
func (c *Client) PinConversation(ctx context.Context, conv im.ConversationID, on bool) error {
	return c.setConversation(ctx, wire.ConvSet{Conversation: conv, IsPinned: &on}, func(r *store.Conversation) { r.IsPinned = on })
}

// SetMessageRemindType says what messages of a conversation may do: notify,
// come quietly, or not come ([im.RemindDiscard]: nothing is pushed and counted;
// what was said is fetched when the conversation is opened, with
// [Client.GetConversationProfile]). Code 6017 for a type that is not one of them.
func (c *Client) SetMessageRemindType(ctx context.Context, conv im.ConversationID, t im.RemindType) error {
	switch t {
	case im.RemindNotify, im.RemindQuiet, im.RemindDiscard:
	default:
		return im.Errorf(im.CodeInvalidParameter, "remind type %.32q is not known", t)
	}
	return c.setConversation(ctx, wire.ConvSet{Conversation: conv, MessageRemindType: t}, func(r *store.Conversation) { r.MessageRemindType = t })
}

// MarkConversationUnread shows a conversation as unread until it is read, or
// takes that mark away. The unread count is not touched.
func (c *Client) MarkConversationUnread(ctx context.Context, conv im.ConversationID, on bool) error {
	return c.setConversation(ctx, wire.ConvSet{Conversation: conv, MarkedUnread: &on}, func(r *store.Conversation) { r.MarkedUnread = on })
}

// SetRemark gives the other side of a conversation a name that only this account
// sees, at most 96 bytes on one line (code 6017); "" takes it away.
func (c *Client) SetRemark(ctx context.Context, conv im.ConversationID, remark string) error {
	if len(remark) > im.MaxRemarkBytes {
		return im.Errorf(im.CodeInvalidParameter, "remark of %d bytes, %d are allowed", len(remark), im.MaxRemarkBytes)
	}
	return c.setConversation(ctx, wire.ConvSet{Conversation: conv, Remark: &remark}, func(r *store.Conversation) { r.Remark = remark })
}

// setConversation asks the server for a change and makes it here once it is
// made there. A conversation that is not in the list here does not come into it.
func (c *Client) setConversation(ctx context.Context, q wire.ConvSet, change func(*store.Conversation)) error {
	if err := q.Conversation.Validate(); err != nil {
		return err
	}
	l, err := c.online()
	if err != nil {
		return err
	}
	q.Head = l.head(wire.TConvSet)
	if _, err := ask[wire.OK](ctx, l, q.Head, q); err != nil {
		return err
	}
	f := c.feed(q.Conversation)
	f.work.Lock()
	defer f.work.Unlock()
	_, found, err := c.db.Conversation(f.id)
	if err != nil || !found {
		return err
	}
	err = c.db.UpdateConversation(ctx, f.id, func(r *store.Conversation) error {
		change(r)
		return nil
	})
	if err == nil {
		c.list.touch(c, f.id)
	}
	return err
}
