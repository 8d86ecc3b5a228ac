package server

import (
	"context"
	"errors"
	"slices"

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
	opInfo
	opMembers
)

// grant is what a user was found entitled to.
type grant struct {
	key convKey
	// group is the group of a group conversation, nil for any other.
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
		if op == opSend {
			if err := s.blocks.check(ctx, c.Peer(), user); err != nil {
				return grant{}, err
			}
		}
		return grant{key: key, first: 1}, nil
	}
	if c.Type() == im.ConvSystem {
		// The key is made of the user's own id: nobody reads another's notices.
		first, err := s.trimNotices(ctx, user)
		return grant{key: key, first: first}, err
	}
	st, err := s.groups.get(ctx, c.Group())
	if err != nil {
		return grant{}, err
	}
	if err := st.mayUse(user, op, s.now()); err != nil {
		return grant{}, err
	}
	m := st.members[user]
	return grant{key: key, group: st, first: max(m.First, 1), nameCard: m.NameCard}, nil
}

// mayUse decides whether user may do op in a group at time now, ms since 1970.
func (st *groupState) mayUse(user im.UserID, op operation, now int64) error {
	g := st.doc.Group
	switch {
	case op == opInfo && g.Type != im.GroupWork:
		return nil // what everybody may know before joining
	case !st.sees(user):
		return im.Errorf(im.CodeGroupPermission, "%s is no member of group %s", user, g.GroupID)
	case op == opSend:
		return st.maySend(user, now)
	}
	return nil
}

// maySend decides whether user may speak in a group now.
func (st *groupState) maySend(user im.UserID, now int64) error {
	if err := st.may(user, im.GroupOpSend, ""); err != nil {
		return err
	}
	m := st.members[user]
	if m.muted(now) {
		return im.Errorf(im.CodeMuted, "%s is muted in the group", user)
	}
	if st.doc.Group.MuteAllMembers && m.Role == im.RoleMember {
		return im.Errorf(im.CodeMuted, "all members of the group are muted")
	}
	return nil
}

// may decides by the matrix of group types and roles whether user may do op, to
// the member target where op is done to one.
func (st *groupState) may(user im.UserID, op im.GroupOperation, target im.UserID) error {
	return im.MayGroup(st.doc.Group.Type, st.roleOf(user), op, st.members[target].Role)
}

// maySet decides whether user may change those fields of the profile that are in
// set.
func (st *groupState) maySet(user im.UserID, set im.GroupChange) error {
	if set.MuteAllMembers != nil {
		if err := st.may(user, im.GroupOpMuteAll, ""); err != nil {
			return err
		}
	}
	rest := set
	rest.MuteAllMembers = nil
	edits := rest.Name != nil || rest.Avatar != nil || rest.Introduction != nil || rest.Notification != nil ||
		rest.JoinOption != nil || rest.OwnerID != nil || rest.CustomField != nil
	if edits || set.MuteAllMembers == nil {
		if err := st.may(user, im.GroupOpEdit, ""); err != nil {
			return err
		}
	}
	if set.OwnerID != nil {
		return im.Errorf(im.CodeInvalidGroupParameter, "a group gets another owner by group.transfer")
	}
	return nil
}

// mayKick decides whether user may remove the member target.
func (st *groupState) mayKick(user, target im.UserID) error {
	if err := target.Validate(); err != nil {
		return err
	}
	// What the type and the user's own role say comes before whom it is done to.
	if err := im.MayGroup(st.doc.Group.Type, st.roleOf(user), im.GroupOpKick, im.RoleMember); err != nil {
		return err
	}
	if target == user {
		return im.Errorf(im.CodeInvalidGroupParameter, "who wants to leave quits")
	}
	if !st.isMember(target) {
		return im.Errorf(im.CodeMemberNotInGroup, "%s is no member of the group", target)
	}
	return st.may(user, im.GroupOpKick, target)
}

// maySetMember decides whether user may change what is in f of the member f.User.
func (st *groupState) maySetMember(user im.UserID, f wire.GroupMember) error {
	if !st.sees(user) {
		return im.Errorf(im.CodeGroupPermission, "%s is no member of the group", user)
	}
	own := f.User == user
	if f.Role != "" {
		switch err := st.may(user, im.GroupOpSetRole, f.User); {
		case im.CodeOf(err) == im.CodeNoRolesInType:
			return err
		case own:
			return im.Errorf(im.CodeOwnRole, "nobody changes its own role")
		case err != nil:
			return err
		case f.Role != im.RoleAdmin && f.Role != im.RoleMember:
			return im.Errorf(im.CodeInvalidRole, "role %.20q is neither %s nor %s", f.Role, im.RoleAdmin, im.RoleMember)
		}
	}
	if f.MuteTime != nil {
		if own {
			return im.Errorf(im.CodeMuteSelf, "nobody mutes itself")
		}
		if err := st.mayTo(user, im.GroupOpMute, f.User); err != nil {
			return err
		}
	}
	if f.NameCard != nil && !own {
		if err := st.mayTo(user, im.GroupOpEditCard, f.User); err != nil {
			return err
		}
	}
	if f.MemberCustomField != nil && !own {
		return im.Errorf(im.CodeGroupPermission, "custom fields are the member's own")
	}
	return nil
}

// mayTo is may for what is done to a member, who must be one.
func (st *groupState) mayTo(user im.UserID, op im.GroupOperation, target im.UserID) error {
	if err := im.MayGroup(st.doc.Group.Type, st.roleOf(user), op, im.RoleMember); err != nil {
		return err
	}
	if !st.isMember(target) {
		return im.Errorf(im.CodeMemberNotInGroup, "%s is no member of the group", target)
	}
	return st.may(user, op, target)
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
	if len(members) > 0 {
		if err := im.MayGroup(g.Type, im.RoleOwner, im.GroupOpInvite, ""); err != nil {
			return err
		}
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
	may, err := s.authorise(ctx, user, opSend, m.ConversationID)
	if err != nil {
		return may, err
	}
	return may, s.blobs.checkUses(ctx, user, m.Payload)
}

// authoriseBlob returns im.CodeBlobNotFound unless user uploaded the file or may
// read a message that names it.
func (s *Server) authoriseBlob(ctx context.Context, user im.UserID, hash string) error {
	if mine, err := s.blobs.uploadedBy(ctx, hash, user); mine || err != nil {
		return err
	}
	refs, err := s.blobs.namedIn(ctx, hash)
	if err != nil {
		return err
	}
	// The latest messages first: they are what people look at.
	for _, r := range slices.Backward(refs) {
		if ok, err := s.mayReadMessage(ctx, user, r.key, r.n); ok || err != nil {
			return err
		}
	}
	return noBlob(hash)
}

// mayReadMessage decides whether user may read number n of the conversation k; 0
// is a message that was only passed on.
func (s *Server) mayReadMessage(ctx context.Context, user im.UserID, k convKey, n uint64) (bool, error) {
	g, ok := k.group()
	if !ok {
		for _, u := range k.sides() {
			if u == user {
				return true, nil
			}
		}
		return false, nil
	}
	st, err := s.groups.get(ctx, g)
	var refused *im.Error
	if errors.As(err, &refused) && refused.Code == im.CodeGroupNotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return st.sees(user) && (n == 0 || n >= st.members[user].First), nil
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
	target, err := s.revocable(ctx, may, f)
	if err != nil {
		return may, nil, err
	}
	if may.group != nil {
		err = s.mayRevokeInGroup(may.group, user, target)
	} else {
		err = s.mayRevokeC2C(user, target)
	}
	return may, target, err
}

// revocable reads the record that f names, nil if there is none. Who left a group
// and came back may no longer read what was said before, but has it on its
// devices; who knows a message's id has seen it, and names it by that.
func (s *Server) revocable(ctx context.Context, may grant, f wire.Revoke) (*record, error) {
	first := may.first
	if f.ID != "" {
		first = 1
	}
	r, err := s.rowAt(ctx, may.key, first, f.Sequence)
	if r != nil && f.ID != "" && f.ID != r.id {
		r = nil
	}
	return r, err
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
