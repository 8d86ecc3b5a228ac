package core

import (
	"cmp"
	"context"
	"slices"

	"magpie/im"
	"magpie/store"
)

// GetConversationList returns the 100 conversations that come first in the
// list, with names and drafts filled in. It reads the disk only.
func (c *Client) GetConversationList(ctx context.Context) ([]im.Conversation, error) {
	return c.Conversations(ctx, 0, im.ConversationPage)
}

// Conversations returns any part of the list: pinned first, then by the time
// of the last message.
func (c *Client) Conversations(ctx context.Context, offset, limit int) ([]im.Conversation, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return c.conversations(offset, limit)
}

// conversations reads a part of the list. Messages that are not acknowledged,
// and those of live rooms, are in no row: they are put over it, and the order
// follows.
func (c *Client) conversations(offset, limit int) ([]im.Conversation, error) {
	if offset < 0 || limit <= 0 {
		return nil, nil
	}
	pending := c.live.newest(c.out.newest())
	if len(pending) == 0 {
		rows, err := c.db.Conversations(offset, limit)
		return c.present(rows), err
	}
	rows, err := c.db.Conversations(0, offset+limit)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		over(&rows[i], pending)
	}
	for conv := range pending { // those further down the list
		row, found, err := c.db.Conversation(conv)
		if err != nil {
			return nil, err
		}
		if found && !row.Hidden {
			over(&row, pending)
			rows = append(rows, row)
		}
	}
	slices.SortStableFunc(rows, func(a, b store.Conversation) int {
		if a.IsPinned != b.IsPinned {
			if a.IsPinned {
				return -1
			}
			return 1
		}
		return cmp.Compare(lastTime(&b), lastTime(&a))
	})
	rows = rows[min(offset, len(rows)):]
	return c.present(rows[:min(limit, len(rows))]), nil
}

// over makes the newest unacknowledged message the row's last one.
func over(row *store.Conversation, pending map[im.ConversationID]im.Message) {
	m, ok := pending[row.ConversationID]
	if ok && m.Time >= lastTime(row) {
		row.LastMessage = im.NewLastMessage(&m)
	}
	delete(pending, row.ConversationID)
}

func lastTime(row *store.Conversation) int64 {
	if row.LastMessage == nil {
		return 0
	}
	return row.LastMessage.LastTime
}

// present makes rows what a caller gets: with names.
func (c *Client) present(rows []store.Conversation) []im.Conversation {
	list := make([]im.Conversation, len(rows))
	for i := range rows {
		list[i] = rows[i].Conversation
		c.fillNames(&list[i])
	}
	return list
}

// GetConversationProfile returns one conversation with its profile, also one
// never spoken in: fresh from the server if connected, else as it is on disk.
// Code 2503, 7003 or 8501 for a malformed id, the server's for a user or group
// that does not exist.
func (c *Client) GetConversationProfile(ctx context.Context, conv im.ConversationID) (im.Conversation, error) {
	if err := conv.Validate(); err != nil {
		return im.Conversation{}, err
	}
	if l := c.current(); l != nil {
		f := c.feed(conv)
		if err := f.refresh(ctx, l); err != nil && !passing(err) {
			return im.Conversation{}, err
		}
		// Nothing is pushed of a conversation whose messages are not received.
		f.wake()
	}
	row, found, err := c.db.Conversation(conv)
	if err != nil {
		return im.Conversation{}, err
	}
	if !found {
		row.ConversationID, row.Type = conv, conv.Type()
	}
	over(&row, c.live.newest(c.out.newest()))
	return c.present([]store.Conversation{row})[0], nil
}

// StoredConversation returns one conversation as it is on disk, also one that is not in
// the list; of one that is nowhere only its id is set.
func (c *Client) StoredConversation(conv im.ConversationID) (im.Conversation, error) {
	row, found, err := c.db.Conversation(conv)
	if err != nil {
		return im.Conversation{}, err
	}
	if !found {
		row.ConversationID, row.Type = conv, conv.Type()
	}
	return c.present([]store.Conversation{row})[0], nil
}

// DeleteConversation takes a conversation from the list on all devices; its
// messages stay, and the next message brings it back. Without a connection the
// server is told later. Code 2500 if it is not in the list.
func (c *Client) DeleteConversation(ctx context.Context, conv im.ConversationID) error {
	if err := conv.Validate(); err != nil {
		return err
	}
	f := c.feed(conv)
	f.work.Lock()
	defer f.work.Unlock()
	if err := f.load(); err != nil {
		return err
	}
	row, found, err := c.db.Conversation(conv)
	if err != nil {
		return err
	}
	if !found || row.Hidden {
		return im.Errorf(im.CodeConversationNotFound, "%.64q is not in the list", conv)
	}
	// What goes from the list counts as read: nothing could show that it is not.
	last := max(row.Last, f.spans.top())
	err = c.db.UpdateConversation(ctx, conv, func(r *store.Conversation) error {
		r.Hidden, r.MarkedUnread, r.UnreadCount, r.GroupAtInfoList = true, false, 0, nil
		r.Read = max(r.Read, last)
		return nil
	})
	if err != nil {
		return err
	}
	if last > f.serverRead {
		c.reads.want(c, conv, last)
	}
	c.reads.wantDeleted(c, conv, last)
	c.list.touch(c, conv)
	return nil
}

// TotalUnread is the sum of the unread counts of the list, without those of
// conversations that are muted.
func (c *Client) TotalUnread() (uint64, error) { return c.db.TotalUnread() }

// SetDraft keeps what was typed and not sent in a conversation, on this device
// only; empty text removes it.
func (c *Client) SetDraft(ctx context.Context, conv im.ConversationID, text string) error {
	if err := conv.Validate(); err != nil {
		return err
	}
	if err := c.db.SetDraft(ctx, conv, text); err != nil {
		return err
	}
	c.list.touch(c, conv)
	return nil
}

// Draft returns what SetDraft kept, "" if nothing.
func (c *Client) Draft(conv im.ConversationID) (string, error) { return c.db.Draft(conv) }
