package core

import (
	"context"

	"magpie/im"
)

// GetConversationList returns the 100 conversations that come first in the
// list, with names and drafts filled in. It reads the disk only.
func (c *Client) GetConversationList(ctx context.Context) ([]im.Conversation, error) {
	return c.Conversations(ctx, 0, im.ConversationPage)
}

// Conversations returns any part of the list: pinned first, then by the time
// of the last message.
func (c *Client) Conversations(ctx context.Context, offset, limit int) ([]im.Conversation, error) {
	return nil, nil
}

// GetConversationProfile returns one conversation with its profile, also one
// never spoken in: fresh from the server if connected, else as it is on disk.
// Code 2503, 7003 or 8501 for a malformed id, the server's for a user or group
// that does not exist.
func (c *Client) GetConversationProfile(ctx context.Context, conv im.ConversationID) (im.Conversation, error) {
	return im.Conversation{}, nil
}

// DeleteConversation takes a conversation from the list on all devices; its
// messages stay, and the next message brings it back. Without a connection the
// server is told later. Code 2500 if it is not in the list.
func (c *Client) DeleteConversation(ctx context.Context, conv im.ConversationID) error { return nil }

// TotalUnread is the sum of the unread counts of the list.
func (c *Client) TotalUnread() (uint64, error) { return 0, nil }

// SetDraft keeps what was typed and not sent in a conversation, on this device
// only; empty text removes it.
func (c *Client) SetDraft(ctx context.Context, conv im.ConversationID, text string) error { return nil }

// Draft returns what SetDraft kept, "" if nothing.
func (c *Client) Draft(conv im.ConversationID) (string, error) { return "", nil }

// SetMessageRead says that everything in a conversation was read. See SetMessageReadUpTo.
func (c *Client) SetMessageRead(ctx context.Context, conv im.ConversationID) error { return nil }

// SetMessageReadUpTo says that everything up to a sequence was read, that is,
// was on the screen. It never goes back. The unread count falls at once, the
// server and the other devices hear of it within half a second, or when there
// is a connection again.
func (c *Client) SetMessageReadUpTo(ctx context.Context, conv im.ConversationID, sequence uint64) error {
	return nil
}
