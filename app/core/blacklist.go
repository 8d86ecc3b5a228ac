package core

import (
	"context"
	"encoding/json"
	"slices"
	"sync"

	"magpie/im"
	"magpie/im/wire"
)

// maxBlock is the most users of one block request.
const maxBlock = 100

// GetBlacklist returns whom this account blocks, the latest first: fresh if
// connected, else as it was last known.
func (c *Client) GetBlacklist(ctx context.Context) ([]im.UserID, error) {
	if l := c.current(); l != nil {
		list, err := c.askBlacklist(ctx, l)
		if err == nil || !passing(err) {
			return list, err
		}
	}
	c.blacklist.mu.Lock()
	defer c.blacklist.mu.Unlock()
	return c.blacklist.read(c.db)
}

// AddToBlacklist lets the server refuse one-to-one messages of users from now
// on. Code 2742 for oneself, 9508 without a connection, 10004 when there are
// more than 1000.
func (c *Client) AddToBlacklist(ctx context.Context, users ...im.UserID) error {
	return c.block(ctx, users, false)
}

// RemoveFromBlacklist takes that back. Code 9508 without a connection.
func (c *Client) RemoveFromBlacklist(ctx context.Context, users ...im.UserID) error {
	return c.block(ctx, users, true)
}

func (c *Client) block(ctx context.Context, users []im.UserID, off bool) error {
	for _, u := range users {
		if err := u.Validate(); err != nil {
			return err
		}
		if u == c.o.User && !off {
			return im.Errorf(im.CodeBlacklistSelf, "nobody blocks himself")
		}
	}
	l, err := c.online()
	if err != nil {
		return err
	}
	for part := range slices.Chunk(users, maxBlock) {
		h := l.head(wire.TBlock)
		if _, err := ask[wire.OK](ctx, l, h, wire.Block{Head: h, Users: part, Off: off}); err != nil {
			return err
		}
	}
	_, err = c.askBlacklist(ctx, l)
	return err
}

// blacklist keeps the list in a value of the store, for reading offline.
type blacklist struct{ mu sync.Mutex }

func (b *blacklist) read(db storage) ([]im.UserID, error) {
	text, err := db.Meta(metaBlacklist)
	if err != nil || text == "" {
		return nil, err
	}
	var list []im.UserID
	// What cannot be read counts as unknown: the next answer replaces it.
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		list = nil
	}
	return list, nil
}

// askBlacklist asks for the list, keeps it, and tells if it is another. The lock
// is held over the request, so that two answers are not taken in the wrong order.
func (c *Client) askBlacklist(ctx context.Context, l *link) ([]im.UserID, error) {
	b := &c.blacklist
	b.mu.Lock()
	defer b.mu.Unlock()
	h := l.head(wire.TBlocked)
	reply, err := ask[wire.Blocked](ctx, l, h, wire.Blocked{Head: h})
	if err != nil {
		return nil, err
	}
	old, err := b.read(c.db)
	if err != nil || slices.Equal(old, reply.Users) {
		return reply.Users, err
	}
	text, err := json.Marshal(reply.Users)
	if err != nil {
		return reply.Users, err
	}
	if err := c.db.SetMeta(ctx, metaBlacklist, string(text)); err != nil {
		return reply.Users, err
	}
	c.hub.emit(BlacklistUpdated{Users: slices.Clone(reply.Users)})
	return reply.Users, nil
}
