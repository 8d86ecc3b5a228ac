package core

import (
	"context"

	"magpie/im"
	"magpie/im/wire"
)

// InviteResult says per user what an invitation came to: Result 1 joined, 2
// already a member, 0 failed with Error.
type InviteResult = wire.InviteResult

// CreateGroup makes a group with this account as owner; of g the id (empty: the
// server chooses), name, type, avatar, introduction, notification and join
// option count. The owner then says that the group was made, by itself: a custom
// message ([im.NewGroupCreated]) waits in the outbox when CreateGroup returns,
// and lets the members of a work group see it. Code 9508 without a connection, like all group calls; else those
// of [im.Group.Validate] or the server's.
func (c *Client) CreateGroup(ctx context.Context, g im.Group, members []im.UserID) (im.Group, []InviteResult, error) {
	if err := g.Validate(); err != nil {
		return g, nil, err
	}
	if g.GroupID != "" {
		if err := g.GroupID.ValidateChosen(); err != nil {
			return g, nil, err
		}
	}
	if len(members) > im.MaxCreateGroupMembers {
		return g, nil, im.Errorf(im.CodeTooManyMembers, "%d members at once, %d are allowed", len(members), im.MaxCreateGroupMembers)
	}
	l, err := c.online()
	if err != nil {
		return g, nil, err
	}
	h := l.head(wire.TGroupCreate)
	reply, err := ask[wire.GroupReply](ctx, l, h, wire.GroupCreate{Head: h, Group: g, Members: members})
	if err != nil {
		return g, nil, err
	}
	if err := reply.Group.GroupID.Validate(); err != nil {
		return g, reply.Results, err
	}
	if err := c.entered(ctx, l, reply.Group); err != nil {
		return reply.Group, reply.Results, err
	}
	m := c.CreateCustomMessage(im.ConvGroup, string(reply.Group.GroupID), im.NewGroupCreated(c.o.User))
	_, err = c.SendMessage(ctx, m, im.SendOptions{})
	return reply.Group, reply.Results, err
}

// InviteToGroup brings 1 to 100 users into a group.
func (c *Client) InviteToGroup(ctx context.Context, g im.GroupID, users []im.UserID) ([]InviteResult, error) {
	if err := g.Validate(); err != nil {
		return nil, err
	}
	if len(users) == 0 || len(users) > im.MaxInviteMembers {
		return nil, im.Errorf(im.CodeTooManyMembers, "%d users invited, 1 to %d are allowed", len(users), im.MaxInviteMembers)
	}
	l, err := c.online()
	if err != nil {
		return nil, err
	}
	h := l.head(wire.TGroupInvite)
	reply, err := ask[wire.GroupReply](ctx, l, h, wire.GroupInvite{Head: h, Group: g, Users: users})
	if err != nil {
		return nil, err
	}
	if reply.Group.GroupID == g {
		err = c.learnGroup(ctx, reply.Group)
	}
	return reply.Results, err
}

// QuitGroup leaves a group. Its conversation goes from the list, its messages
// stay on this device.
func (c *Client) QuitGroup(ctx context.Context, g im.GroupID) error {
	return c.leave(ctx, g, wire.TGroupQuit)
}

// GroupInfo returns a group's profile: fresh if connected, else from the cache.
// Code 9508 if neither has it.
func (c *Client) GroupInfo(ctx context.Context, g im.GroupID) (im.Group, error) {
	if err := g.Validate(); err != nil {
		return im.Group{}, err
	}
	err := error(im.Errorf(im.CodeNetworkDown, "not connected"))
	if l := c.current(); l != nil {
		var info im.Group
		if info, err = c.askGroup(ctx, l, g); err == nil || !passing(err) {
			return info, err
		}
	}
	info, found, dberr := c.db.Group(g)
	if found || dberr != nil {
		err = dberr
	}
	return info, err
}

// askGroup asks for a group's profile and keeps it.
func (c *Client) askGroup(ctx context.Context, l *link, g im.GroupID) (im.Group, error) {
	h := l.head(wire.TGroupInfo)
	reply, err := ask[wire.GroupReply](ctx, l, h, wire.GroupRef{Head: h, Group: g})
	if err != nil {
		return im.Group{}, err
	}
	if reply.Group.GroupID != g {
		return im.Group{}, im.Errorf(im.CodeInvalidRequest, "asked for group %.48q, got %.48q", g, reply.Group.GroupID)
	}
	return reply.Group, c.learnGroup(ctx, reply.Group)
}

// GroupMembers returns all members, the owner first: fresh if connected, else
// from the cache. Code 9508 if neither has them.
func (c *Client) GroupMembers(ctx context.Context, g im.GroupID) ([]im.GroupMember, error) {
	if err := g.Validate(); err != nil {
		return nil, err
	}
	err := error(im.Errorf(im.CodeNetworkDown, "not connected"))
	if l := c.current(); l != nil {
		var list []im.GroupMember
		if list, err = c.askMembers(ctx, l, g); err == nil {
			c.members.Lock()
			defer c.members.Unlock()
			return list, c.db.PutMembers(ctx, g, list)
		}
		if !passing(err) {
			return nil, err
		}
	}
	list, dberr := c.db.Members(g)
	if dberr != nil || len(list) > 0 {
		return list, dberr
	}
	return nil, err
}

func (c *Client) askMembers(ctx context.Context, l *link, g im.GroupID) ([]im.GroupMember, error) {
	var list []im.GroupMember
	cursor := ""
	for len(list) <= im.MaxGroupMembers {
		h := l.head(wire.TGroupMembers)
		p, err := ask[wire.GroupMemberList](ctx, l, h, wire.GroupRef{Head: h, Group: g, Cursor: cursor})
		if err != nil {
			return nil, err
		}
		list = append(list, p.Members...)
		if p.Cursor == "" || p.Cursor == cursor {
			return list, nil
		}
		cursor = p.Cursor
	}
	return nil, im.Errorf(im.CodeInvalidRequest, "the members of %.48q do not end", g)
}
