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
// option count. Code 9508 without a connection, like all group calls; else those
// of [im.Group.Validate] or the server's.
func (c *Client) CreateGroup(ctx context.Context, g im.Group, members []im.UserID) (im.Group, []InviteResult, error) {
	return im.Group{}, nil, nil
}

// InviteToGroup brings 1 to 100 users into a group.
func (c *Client) InviteToGroup(ctx context.Context, g im.GroupID, users []im.UserID) ([]InviteResult, error) {
	return nil, nil
}

// QuitGroup leaves a group. Its conversation goes from the list, its messages
// stay on this device.
func (c *Client) QuitGroup(ctx context.Context, g im.GroupID) error { return nil }

// GroupInfo returns a group's profile: fresh if connected, else from the cache.
// Code 9508 if neither has it.
func (c *Client) GroupInfo(ctx context.Context, g im.GroupID) (im.Group, error) {
	return im.Group{}, nil
}

// GroupMembers returns all members, the owner first: fresh if connected, else
// from the cache. Code 9508 if neither has them.
func (c *Client) GroupMembers(ctx context.Context, g im.GroupID) ([]im.GroupMember, error) {
	return nil, nil
}
