package core

import (
	"context"
	"slices"
	"time"

	"magpie/im"
	"magpie/im/wire"
)

// UpdateGroupProfile changes what is not nil in change and returns the group.
// Codes: 8502 to 8505 and 10004 for what is not allowed, 10007 no right, 9508
// without a connection.
func (c *Client) UpdateGroupProfile(ctx context.Context, g im.GroupID, change im.GroupChange) (im.Group, error) {
	if err := g.Validate(); err != nil {
		return im.Group{}, err
	}
	l, err := c.online()
	if err != nil {
		return im.Group{}, err
	}
	h := l.head(wire.TGroupSet)
	reply, err := ask[wire.GroupReply](ctx, l, h, wire.GroupSet{Head: h, Group: g, Set: change})
	if err != nil {
		return im.Group{}, err
	}
	if reply.Group.GroupID != g {
		return im.Group{}, im.Errorf(im.CodeInvalidRequest, "changed group %.48q, got %.48q", g, reply.Group.GroupID)
	}
	return reply.Group, c.learnGroup(ctx, reply.Group)
}

// KickGroupMembers removes 1 to 100 members; reason, at most 300 bytes, is told
// to them. Codes: 10004 oneself, 10005 too many at once, 10007 no right, 2623 not
// a member, 2680 live rooms.
func (c *Client) KickGroupMembers(ctx context.Context, g im.GroupID, users []im.UserID, reason string) error {
	if len(users) == 0 || len(users) > im.MaxKickMembers {
		return im.Errorf(im.CodeTooManyAccounts, "%d members to remove, 1 to %d are allowed", len(users), im.MaxKickMembers)
	}
	if slices.Contains(users, c.o.User) {
		return im.Errorf(im.CodeInvalidGroupParameter, "nobody removes himself; leave the group instead")
	}
	if err := checkWords(reason); err != nil {
		return err
	}
	h := wire.GroupKick{Group: g, Users: users, Reason: reason}
	err := c.changeGroup(ctx, g, func(l *link) (wire.Head, any) {
		h.Head = l.head(wire.TGroupKick)
		return h.Head, h
	})
	if err != nil {
		return err
	}
	return c.editMembers(ctx, g, func(list []im.GroupMember) []im.GroupMember {
		return slices.DeleteFunc(list, func(m im.GroupMember) bool { return slices.Contains(users, m.UserID) })
	})
}

// ChangeGroupOwner makes another member the owner. Codes: 2620 live rooms, 2621
// oneself, 2623 not a member, 10007 not the owner.
func (c *Client) ChangeGroupOwner(ctx context.Context, g im.GroupID, user im.UserID) error {
	if user == c.o.User {
		return im.Errorf(im.CodeTransferToSelf, "%s is the one who asks", user)
	}
	if err := user.Validate(); err != nil {
		return err
	}
	err := c.changeGroup(ctx, g, func(l *link) (wire.Head, any) {
		h := l.head(wire.TGroupTransfer)
		return h, wire.GroupTransfer{Head: h, Group: g, User: user}
	})
	if err != nil {
		return err
	}
	return c.editMembers(ctx, g, func(list []im.GroupMember) []im.GroupMember {
		for i := range list {
			switch list[i].UserID {
			case user:
				list[i].Role = im.RoleOwner
			case c.o.User:
				list[i].Role = im.RoleMember
			}
		}
		return list
	})
}

// SetGroupMemberRole makes a member an admin, or a plain member again. Codes:
// 2682 types without admins, 2683 another role, 2684 oneself, 2623 not a member,
// 10004 more than 10 admins, 10007 not the owner.
func (c *Client) SetGroupMemberRole(ctx context.Context, g im.GroupID, user im.UserID, role im.Role) error {
	switch {
	case role != im.RoleAdmin && role != im.RoleMember:
		return im.Errorf(im.CodeInvalidRole, "a role is %s or %s, not %.32q", im.RoleAdmin, im.RoleMember, role)
	case user == c.o.User:
		return im.Errorf(im.CodeOwnRole, "nobody changes his own role")
	}
	return c.setMember(ctx, wire.GroupMember{Group: g, User: user, Role: role}, func(m *im.GroupMember) { m.Role = role })
}

// SetGroupMemberMuteTime lets a member say nothing for a time, counted in whole
// seconds from now; 0 lets it speak again. Codes: 2685 oneself, 2623 not a
// member, 10004 a negative time, 10007 no right.
func (c *Client) SetGroupMemberMuteTime(ctx context.Context, g im.GroupID, user im.UserID, d time.Duration) error {
	switch {
	case d < 0:
		return im.Errorf(im.CodeInvalidGroupParameter, "nobody is muted for %v", d)
	case user == c.o.User:
		return im.Errorf(im.CodeMuteSelf, "nobody mutes himself")
	}
	seconds := int64((d + time.Second - 1) / time.Second)
	until := int64(0)
	if seconds > 0 {
		until = c.ServerNow().Add(time.Duration(seconds) * time.Second).UnixMilli()
	}
	return c.setMember(ctx, wire.GroupMember{Group: g, User: user, MuteTime: &seconds}, func(m *im.GroupMember) { m.MuteUntil = until })
}

// SetGroupMemberNameCard gives a member, also oneself, a name in the group; ""
// takes it away. Codes: 8506 what is not allowed, 2623 not a member, 10007 no right.
func (c *Client) SetGroupMemberNameCard(ctx context.Context, g im.GroupID, user im.UserID, card string) error {
	if err := im.ValidateNameCard(card); err != nil {
		return err
	}
	return c.setMember(ctx, wire.GroupMember{Group: g, User: user, NameCard: &card}, func(m *im.GroupMember) { m.NameCard = card })
}

func (c *Client) setMember(ctx context.Context, q wire.GroupMember, change func(*im.GroupMember)) error {
	if err := q.User.Validate(); err != nil {
		return err
	}
	err := c.changeGroup(ctx, q.Group, func(l *link) (wire.Head, any) {
		q.Head = l.head(wire.TGroupMember)
		return q.Head, q
	})
	if err != nil {
		return err
	}
	return c.editMembers(ctx, q.Group, func(list []im.GroupMember) []im.GroupMember {
		for i := range list {
			if list[i].UserID == q.User {
				change(&list[i])
			}
		}
		return list
	})
}

// changeGroup makes a request that changes a group or its members, and learns
// what the group is after it.
func (c *Client) changeGroup(ctx context.Context, g im.GroupID, request func(*link) (wire.Head, any)) error {
	if err := g.Validate(); err != nil {
		return err
	}
	l, err := c.online()
	if err != nil {
		return err
	}
	h, q := request(l)
	if _, err := ask[wire.OK](ctx, l, h, q); err != nil {
		return err
	}
	// The change is made; what cannot be asked for now comes with the next list.
	if _, err := c.askGroup(ctx, l, g); err != nil && !passing(err) {
		return err
	}
	return nil
}

// editMembers changes the cached members, if there are any.
func (c *Client) editMembers(ctx context.Context, g im.GroupID, change func([]im.GroupMember) []im.GroupMember) error {
	c.members.Lock()
	defer c.members.Unlock()
	list, err := c.db.Members(g)
	if err != nil || len(list) == 0 {
		return err
	}
	return c.db.PutMembers(ctx, g, change(list))
}
