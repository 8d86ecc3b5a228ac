package server

import (
	"context"

	"magpie/im"
	"magpie/im/wire"
)

// invited is what becomes of users who are brought into a group.
type invited struct {
	joining []im.UserID // become members
	asked   []im.UserID // have to agree first
	results []wire.InviteResult
}

// Results of an invitation.
const (
	inviteJoined  = 1
	inviteWas     = 2
	inviteWaiting = 3
)

// inviteToGroup brings users into a group; the results say what became of each.
func (s *Server) inviteToGroup(ctx context.Context, user im.UserID, g im.GroupID, users []im.UserID) (*groupState, []wire.InviteResult, error) {
	if len(users) > im.MaxInviteMembers {
		return nil, nil, im.Errorf(im.CodeTooManyAccounts, "%d users invited, %d are allowed", len(users), im.MaxInviteMembers)
	}
	var in invited
	st, err := s.changeGroup(ctx, user, g, func(st *groupState, change *intent) (bool, error) {
		if err := st.may(user, im.GroupOpInvite, ""); err != nil {
			return false, err
		}
		var err error
		if in, err = s.sortInvited(ctx, st, users); err != nil {
			return false, err
		}
		if err := st.roomFor(len(in.joining)); err != nil {
			return false, err
		}
		if err := s.planInvite(ctx, st, change, in); err != nil {
			return false, err
		}
		return len(in.joining)+len(in.asked) > 0, nil
	})
	return st, in.results, err
}

// planInvite makes those members who may be brought in, and asks the others.
func (s *Server) planInvite(ctx context.Context, st *groupState, change *intent, in invited) error {
	names, err := s.names(ctx, []im.UserID{change.Operator})
	if err != nil {
		return err
	}
	change.Admit = in.joining
	if len(in.joining) > 0 {
		if !st.doc.Hidden { // they hear of it with the owner's first words
			change.note(st, im.NoticeInvited, in.joining...).Names = names
		}
		if st.doc.Group.Type.MemberTips() {
			err := s.planTip(ctx, st, change, im.GroupTipPayload{
				OperationType: im.TipMemberJoin, UserIDList: in.joining, GroupJoinType: im.JoinedByInvite,
			})
			if err != nil {
				return err
			}
		}
	}
	for _, u := range in.asked {
		a := newApplication(applyInvite, st.doc.Group.GroupID, u, change)
		change.Ask = append(change.Ask, a)
		p := change.note(st, im.NoticeInvitation, u)
		p.MessageKey, p.Authentication, p.Names = a.Key, a.Authentication, names
	}
	return nil
}

// roomFor returns im.CodeGroupFull if n more members are too many.
func (st *groupState) roomFor(n int) error {
	most := st.doc.Group.Type.MaxMembers()
	if all := len(st.members) + n; most > 0 && all > most {
		return im.Errorf(im.CodeGroupFull, "the group would have %d members, %d are allowed", all, most)
	}
	return nil
}

// sortInvited parts those who join at once, those who are asked and those who
// cannot join, with the reasons. st is nil for a new group.
func (s *Server) sortInvited(ctx context.Context, st *groupState, users []im.UserID) (in invited, err error) {
	known, err := s.accounts.profilesOf(ctx, users)
	if err != nil {
		return in, err
	}
	seen := map[im.UserID]bool{}
	for _, u := range users {
		if seen[u] {
			continue
		}
		seen[u] = true
		if err := u.Validate(); err != nil {
			// An id that is none is not sent back, it may be anything.
			return in, err
		}
		result := wire.InviteResult{UserID: u}
		profile, ok := known[u]
		err := s.mayJoinAnother(ctx, u)
		switch {
		case err != nil && im.CodeOf(err) != im.CodeTooManyGroups:
			return in, err
		case !ok:
			result.Error = im.Errorf(im.CodeGroupUserNotFound, "there is no user %s", u)
		case st != nil && st.isMember(u):
			result.Result = inviteWas
		case err != nil:
			result.Error = im.Errorf(im.CodeTooManyGroups, "%s is in %d groups already", u, im.MaxGroupsPerUser)
		case profile.AllowType == im.AllowDenyAny:
			result.Error = im.Errorf(im.CodeGroupRefused, "%s wants no invitations", u)
		case profile.AllowType == im.AllowNeedConfirm:
			result.Result = inviteWaiting
			in.asked = append(in.asked, u)
		default:
			result.Result = inviteJoined
			in.joining = append(in.joining, u)
		}
		in.results = append(in.results, result)
	}
	return in, nil
}
