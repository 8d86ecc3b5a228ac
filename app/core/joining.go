package core

import (
	"context"

	"magpie/im"
	"magpie/im/wire"
)

// GetGroupList returns the groups this account is a member of, by name, as far
// as is known on this device. It reads the disk only.
func (c *Client) GetGroupList(ctx context.Context) ([]im.Group, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return c.memberships()
}

// JoinGroup joins a group, or asks to; words, at most 300 bytes, are what its
// admins read. The status tells which it was; the group is what this account may
// know of it. Codes: 2601 work groups, 10007 nobody may ask, 10010 no such group,
// 10014 full, 10037 in too many groups, 9508 without a connection.
func (c *Client) JoinGroup(ctx context.Context, g im.GroupID, words string) (im.JoinStatus, im.Group, error) {
	if err := g.Validate(); err != nil {
		return "", im.Group{}, err
	}
	if err := checkWords(words); err != nil {
		return "", im.Group{}, err
	}
	l, err := c.online()
	if err != nil {
		return "", im.Group{}, err
	}
	h := l.head(wire.TGroupJoin)
	reply, err := ask[wire.GroupJoined](ctx, l, h, wire.GroupJoin{Head: h, Group: g, HandleMessage: words})
	if err != nil {
		return "", im.Group{}, err
	}
	if reply.Group.GroupID != g {
		return reply.Status, reply.Group, im.Errorf(im.CodeInvalidRequest, "joined %.48q, got %.48q", g, reply.Group.GroupID)
	}
	if reply.Status == im.JoinWaitApproval {
		return reply.Status, reply.Group, nil
	}
	return reply.Status, reply.Group, c.entered(ctx, l, reply.Group)
}

// entered brings a group that this account is in now into the list.
func (c *Client) entered(ctx context.Context, l *link, g im.Group) error {
	if err := c.learnGroup(ctx, g); err != nil {
		return err
	}
	f := c.feed(im.GroupConversation(g.GroupID))
	if err := f.refresh(ctx, l); err != nil && !passing(err) {
		return err
	}
	f.wake()
	f.work.Lock()
	defer f.work.Unlock()
	return f.list(ctx)
}

// checkWords refuses words of one person to another that are too long.
func checkWords(words string) error {
	if len(words) > im.MaxHandleMessageBytes {
		return im.Errorf(im.CodeInvalidGroupParameter, "%d bytes of words, %d are allowed", len(words), im.MaxHandleMessageBytes)
	}
	return nil
}

// DismissGroup ends a group for everybody. Its conversation goes from the list,
// its messages stay on this device. Codes: 2622 work groups, 10007 not the owner.
func (c *Client) DismissGroup(ctx context.Context, g im.GroupID) error {
	return c.leave(ctx, g, wire.TGroupDismiss)
}

// leave makes a request after which this account is no member.
func (c *Client) leave(ctx context.Context, g im.GroupID, request string) error {
	if err := g.Validate(); err != nil {
		return err
	}
	l, err := c.online()
	if err != nil {
		return err
	}
	h := l.head(request)
	if _, err := ask[wire.OK](ctx, l, h, wire.GroupRef{Head: h, Group: g}); err != nil {
		return err
	}
	return c.feed(im.GroupConversation(g)).gone(ctx)
}
