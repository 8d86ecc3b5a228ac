package server

import (
	"context"

	"magpie/im"
	"magpie/im/wire"
)

// Every check of what a user may do is in this file, and every request passes
// one of these functions before anything is read or written for it. The user
// is the one who signed in, never one named in a frame.

// operation is something a user wants to do to a conversation or group.
type operation int

const (
	opSend operation = iota // store a message or pass one on
	opRead                  // read history, list, read marks
	opInvite
	opQuit
	opInfo
	opMembers
)

// grant is what a user was found entitled to.
type grant struct {
	key convKey
	// group is the group of a group conversation, nil for one-to-one.
	group *groupState
	// first is the lowest number the user may read.
	first uint64
	// nameCard is the user's name in the group.
	nameCard string
}

// authorise decides whether user may do op to the conversation it calls c.
func (s *Server) authorise(ctx context.Context, user im.UserID, op operation, c im.ConversationID) (grant, error) {
	key, err := keyFor(user, c)
	if err != nil {
		return grant{}, err
	}
	if c.Type() == im.ConvC2C {
		// The key is made of the user's own id, so it can only be its own
		// conversation; the other side must exist.
		if _, err := s.accounts.profile(ctx, c.Peer()); err != nil {
			if im.CodeOf(err) == im.CodeUserNotFound {
				err = im.Errorf(im.CodeC2CUserNotFound, "there is no user %s", c.Peer())
			}
			return grant{}, err
		}
		return grant{key: key, first: 1}, nil
	}
	st, err := s.groups.get(ctx, c.Group())
	if err != nil {
		return grant{}, err
	}
	if err := authoriseGroup(st, user, op); err != nil {
		return grant{}, err
	}
	m := st.members[user]
	return grant{key: key, group: st, first: max(m.First, 1), nameCard: m.NameCard}, nil
}

// authoriseGroup decides whether user may do op in a group: the matrix of
// group types and roles.
func authoriseGroup(st *groupState, user im.UserID, op operation) error {
	g := st.doc.Group
	m, member := st.members[user]
	if op == opInfo && g.Type != im.GroupWork {
		return nil // what everybody may know before joining
	}
	if !member {
		return im.Errorf(im.CodeGroupPermission, "%s is no member of group %s", user, g.GroupID)
	}
	switch op {
	case opInvite:
		if g.Type == im.GroupAVChatRoom {
			return im.Errorf(im.CodeGroupNoInvite, "nobody is invited into a live room")
		}
		if m.Role == im.RoleMember && !g.Type.MembersInvite() {
			return im.Errorf(im.CodeGroupPermission, "members of a %s group cannot invite", g.Type)
		}
	case opQuit:
		if m.Role == im.RoleOwner && !g.Type.OwnerMayQuit() {
			return im.Errorf(im.CodeOwnerMayNotQuit, "the owner of a %s group cannot leave it", g.Type)
		}
	}
	return nil
}

// authoriseCreate decides whether user may make the group g with members.
func (s *Server) authoriseCreate(ctx context.Context, user im.UserID, g im.Group, members []im.UserID) error {
	if g.GroupID != "" {
		if err := g.GroupID.ValidateChosen(); err != nil {
			return err
		}
	}
	if len(members) > im.MaxCreateGroupMembers {
		return im.Errorf(im.CodeTooManyAccounts, "%d members, %d are allowed at the start", len(members), im.MaxCreateGroupMembers)
	}
	if g.Type == im.GroupAVChatRoom && len(members) > 0 {
		return im.Errorf(im.CodeGroupNoInvite, "nobody is invited into a live room")
	}
	return s.mayJoinAnother(ctx, user)
}

// mayJoinAnother returns im.CodeTooManyGroups if u is in as many groups as a
// user may be.
func (s *Server) mayJoinAnother(ctx context.Context, u im.UserID) error {
	all, err := s.inboxes.list(ctx, u)
	if err != nil {
		return err
	}
	n := 0
	for k := range all {
		if _, ok := k.group(); ok {
			n++
		}
	}
	if n >= im.MaxGroupsPerUser {
		return im.Errorf(im.CodeTooManyGroups, "%s is in %d groups, %d are allowed", u, n, im.MaxGroupsPerUser)
	}
	return nil
}

// authoriseSend decides whether user may send m, and checks everything it
// chose about it.
func (s *Server) authoriseSend(ctx context.Context, user im.UserID, m *im.Message, options im.SendOptions) (grant, error) {
	if err := m.Validate(); err != nil {
		return grant{}, err
	}
	if !m.ID.MadeBy(user) {
		return grant{}, im.Errorf(im.CodeInvalidMessage, "the message id does not begin with the sender")
	}
	if err := options.Validate(); err != nil {
		return grant{}, err
	}
	if err := s.limits.send(user); err != nil {
		return grant{}, err
	}
	return s.authorise(ctx, user, opSend, m.ConversationID)
}

// authoriseRevoke decides whether user may recall the message that f names, and
// returns it.
func (s *Server) authoriseRevoke(ctx context.Context, user im.UserID, f wire.Revoke) (grant, *record, error) {
	// What is recalled is overwritten on the disk, which costs more than a message.
	if err := s.limits.send(user); err != nil {
		return grant{}, nil, err
	}
	may, err := s.authorise(ctx, user, opRead, f.Conversation)
	if err != nil {
		return may, nil, err
	}
	if may.group == nil && f.Conversation.Type() != im.ConvC2C {
		return may, nil, im.Errorf(im.CodeRevokeUnsupported, "notices are not recalled")
	}
	if may.group != nil && !may.group.doc.Group.Type.Stored() {
		return may, nil, im.Errorf(im.CodeRevokeGroupType, "nothing is recalled in a live room")
	}
	target, err := s.rowFor(ctx, may, f.Sequence)
	if err != nil {
		return may, nil, err
	}
	if target != nil && f.ID != "" && f.ID != target.id {
		target = nil
	}
	if may.group != nil {
		err = s.mayRevokeInGroup(may.group, user, target)
	} else {
		err = s.mayRevokeC2C(user, target)
	}
	return may, target, err
}

func (s *Server) mayRevokeC2C(user im.UserID, target *record) error {
	switch {
	case target == nil || target.from != user:
		return im.Errorf(im.CodeRevokeNotFoundC2C, "there is no such message of yours")
	case target.erased:
		return alreadyRecalled(false, target.n)
	case s.tooOldToRevoke(target):
		return im.Errorf(im.CodeRevokeTooLateC2C, "messages are recalled within %v", s.opt.RevokeWindow)
	}
	return nil
}

func (s *Server) mayRevokeInGroup(st *groupState, user im.UserID, target *record) error {
	switch {
	case target == nil:
		return im.Errorf(im.CodeRevokeNotFound, "there is no such message")
	case target.from == im.SystemUser || target.kind == im.MsgGroupTip:
		return im.Errorf(im.CodeRevokeUnsupported, "tips and recalls are not recalled")
	case target.erased:
		return alreadyRecalled(true, target.n)
	}
	role := st.members[user].Role
	if target.from != user {
		sender := st.members[target.from].Role
		if sender == "" { // it has left
			sender = im.RoleMember
		}
		return im.MayGroup(st.doc.Group.Type, role, im.GroupOpRevoke, sender)
	}
	if role == im.RoleMember && s.tooOldToRevoke(target) {
		return im.Errorf(im.CodeRevokeTooLate, "messages are recalled within %v", s.opt.RevokeWindow)
	}
	return nil
}

func (s *Server) tooOldToRevoke(r *record) bool {
	return s.opt.RevokeWindow >= 0 && s.now()-r.time > s.opt.RevokeWindow.Milliseconds()
}

// isMember reports whether u is in the group.
func (st *groupState) isMember(u im.UserID) bool {
	_, ok := st.members[u]
	return ok
}

// reserved reports whether nobody may sign in as u.
func (s *Server) reserved(u im.UserID) bool {
	return s.opt.Echo && u == echoUser
}
