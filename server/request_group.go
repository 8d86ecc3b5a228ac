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
