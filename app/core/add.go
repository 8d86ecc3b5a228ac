package core

import (
	"context"

	"magpie/im"
	"magpie/store"
)

// AddConversation puts a conversation into the list of this device although
// nothing was said in it yet, or back into it if it was deleted, and returns it
// with its profile. Its errors are those of [Client.GetConversationProfile].
func (c *Client) AddConversation(ctx context.Context, conv im.ConversationID) (im.Conversation, error) {
	if _, err := c.GetConversationProfile(ctx, conv); err != nil {
		return im.Conversation{}, err
	}
	f := c.feed(conv)
	f.work.Lock()
	err := c.db.UpdateConversation(ctx, conv, func(r *store.Conversation) error {
		r.Type, r.Hidden = conv.Type(), false
		return nil
	})
	f.work.Unlock()
	if err != nil {
		return im.Conversation{}, err
	}
	c.list.touch(c, conv)
	return c.GetConversationProfile(ctx, conv)
}
