package server

import (
	"context"

	"magpie/im"
	"magpie/im/wire"
)

func groupCreate(ctx context.Context, c *conn, f wire.GroupCreate) (any, error) {
	st, results, err := c.server.createGroup(ctx, c.user, f.Group, f.Members)
	if err != nil {
		return nil, err
	}
	return wire.GroupReply{Head: wire.Head{T: wire.TGroupCreate, I: f.I}, Group: st.seenBy(c.user), Results: results}, nil
}

func groupInvite(ctx context.Context, c *conn, f wire.GroupInvite) (any, error) {
	st, results, err := c.server.inviteToGroup(ctx, c.user, f.Group, f.Users)
	if err != nil {
		return nil, err
	}
	return wire.GroupReply{Head: wire.Head{T: wire.TGroupInvite, I: f.I}, Group: st.seenBy(c.user), Results: results}, nil
}

func groupQuit(ctx context.Context, c *conn, f wire.GroupRef) (any, error) {
	if err := c.server.quitGroup(ctx, c.user, f.Group); err != nil {
		return nil, err
	}
	return ok(f.I), nil
}

func groupInfo(ctx context.Context, c *conn, f wire.GroupRef) (any, error) {
	may, err := c.server.authorise(ctx, c.user, opInfo, im.GroupConversation(f.Group))
	if err != nil {
		return nil, err
	}
	return wire.GroupReply{Head: wire.Head{T: wire.TGroupInfo, I: f.I}, Group: may.group.seenBy(c.user)}, nil
}

func groupMembers(ctx context.Context, c *conn, f wire.GroupRef) (any, error) {
	may, err := c.server.authorise(ctx, c.user, opMembers, im.GroupConversation(f.Group))
	if err != nil {
		return nil, err
	}
	list, next, err := c.server.listMembers(ctx, may.group, f.Cursor)
	if err != nil {
		return nil, err
	}
	return wire.GroupMemberList{Head: wire.Head{T: wire.TGroupMembers, I: f.I}, Group: f.Group, Members: list, Cursor: next}, nil
}

func groupSet(ctx context.Context, c *conn, f wire.GroupSet) (any, error) {
	st, err := c.server.setGroup(ctx, c.user, f.Group, f.Set)
	if err != nil {
		return nil, err
	}
	return wire.GroupReply{Head: wire.Head{T: wire.TGroupSet, I: f.I}, Group: st.seenBy(c.user)}, nil
}

func groupJoin(ctx context.Context, c *conn, f wire.GroupJoin) (any, error) {
	st, status, err := c.server.joinGroup(ctx, c.user, f.Group, f.HandleMessage)
	if err != nil {
		return nil, err
	}
	return wire.GroupJoined{Head: wire.Head{T: wire.TGroupJoin, I: f.I}, Status: status, Group: st.seenBy(c.user)}, nil
}

func groupAnswer(ctx context.Context, c *conn, f wire.GroupAnswer) (any, error) {
	err := c.server.answerApplication(ctx, c.user, answerToGroup{
		group: f.Group, user: f.User, action: f.Action, words: f.HandleMessage, key: f.MessageKey, authentication: f.Authentication,
	})
	return answerOK(f.I, err)
}

func groupKick(ctx context.Context, c *conn, f wire.GroupKick) (any, error) {
	return answerOK(f.I, c.server.kickMembers(ctx, c.user, f.Group, f.Users, f.Reason))
}

func groupDismiss(ctx context.Context, c *conn, f wire.GroupRef) (any, error) {
	return answerOK(f.I, c.server.dismissGroup(ctx, c.user, f.Group))
}

func groupTransfer(ctx context.Context, c *conn, f wire.GroupTransfer) (any, error) {
	return answerOK(f.I, c.server.transferGroup(ctx, c.user, f.Group, f.User))
}

func groupMember(ctx context.Context, c *conn, f wire.GroupMember) (any, error) {
	return answerOK(f.I, c.server.setMember(ctx, c.user, f))
}

// answerOK answers request i with ok unless it failed.
func answerOK(i uint64, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return ok(i), nil
}
