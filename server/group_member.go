package server

import (
	"context"
	"math"
	"slices"

	"magpie/im"
	"magpie/im/wire"
)

// quitGroup takes user out of a group. A work group that nobody has seen yet
// ends with its owner.
func (s *Server) quitGroup(ctx context.Context, user im.UserID, g im.GroupID) error {
	_, err := s.changeGroup(ctx, user, g, func(st *groupState, change *intent) (bool, error) {
		if err := st.may(user, im.GroupOpQuit, ""); err != nil {
			return false, err
		}
		change.Remove = []im.UserID{user}
		change.note(st, im.NoticeQuit, user)
		if st.doc.Hidden {
			change.Dismiss = true
			for u := range st.members {
				if u != user {
					change.Remove = append(change.Remove, u)
				}
			}
			return true, nil
		}
		if !st.doc.Group.Type.MemberTips() {
			return true, nil
		}
		return true, s.planTip(ctx, st, change, im.GroupTipPayload{OperationType: im.TipMemberQuit})
	})
	return err
}

// kickMembers removes members; reason is told to them.
func (s *Server) kickMembers(ctx context.Context, user im.UserID, g im.GroupID, users []im.UserID, reason string) error {
	if len(users) > im.MaxKickMembers {
		return im.Errorf(im.CodeTooManyAccounts, "%d users removed, %d are allowed", len(users), im.MaxKickMembers)
	}
	if err := checkWords(reason); err != nil {
		return err
	}
	_, err := s.changeGroup(ctx, user, g, func(st *groupState, change *intent) (bool, error) {
		if len(users) == 0 {
			return false, im.Errorf(im.CodeInvalidGroupParameter, "nobody is named")
		}
		for _, u := range users {
			if err := st.mayKick(user, u); err != nil {
				return false, err
			}
			if !slices.Contains(change.Remove, u) {
				change.Remove = append(change.Remove, u)
			}
		}
		if !st.doc.Hidden {
			names, err := s.names(ctx, []im.UserID{user})
			if err != nil {
				return false, err
			}
			p := change.note(st, im.NoticeKickedOut, change.Remove...)
			p.HandleMessage, p.Names = reason, names
		}
		if !st.doc.Group.Type.MemberTips() {
			return true, nil
		}
		return true, s.planTip(ctx, st, change, im.GroupTipPayload{OperationType: im.TipMemberKickedOut, UserIDList: change.Remove})
	})
	return err
}

// setMember changes one member: role, silence, name card, custom fields.
func (s *Server) setMember(ctx context.Context, user im.UserID, f wire.GroupMember) error {
	if err := f.User.Validate(); err != nil {
		return err
	}
	_, err := s.changeGroup(ctx, user, f.Group, func(st *groupState, change *intent) (bool, error) {
		if err := st.maySetMember(user, f); err != nil {
			return false, err
		}
		m, ok := st.members[f.User]
		if !ok {
			return false, im.Errorf(im.CodeMemberNotInGroup, "%s is no member of the group", f.User)
		}
		was := m
		if f.NameCard != nil {
			m.NameCard = *f.NameCard
		}
		if f.MemberCustomField != nil {
			m.Fields = mergeFields(m.Fields, f.MemberCustomField)
		}
		check := im.GroupMember{UserID: f.User, Role: m.Role, NameCard: m.NameCard, MemberCustomField: m.Fields}
		if err := check.Validate(); err != nil {
			return false, err
		}
		changed := m.NameCard != was.NameCard || f.MemberCustomField != nil
		for _, part := range []func() (bool, error){
			func() (bool, error) { return s.planRole(ctx, st, change, f.User, &m, f.Role) },
			func() (bool, error) { return s.planMute(ctx, st, change, f.User, &m, f.MuteTime) },
		} {
			other, err := part()
			if err != nil {
				return false, err
			}
			changed = changed || other
		}
		change.Change = map[im.UserID]memberDoc{f.User: m}
		return changed, nil
	})
	return err
}

// planRole makes u an admin or no longer one.
func (s *Server) planRole(ctx context.Context, st *groupState, change *intent, u im.UserID, m *memberDoc, role im.Role) (bool, error) {
	if role == "" || role == m.Role {
		return false, nil
	}
	tip, note := im.TipMemberSetAdmin, im.NoticeSetAdmin
	if role == im.RoleMember {
		tip, note = im.TipMemberCanceledAdmin, im.NoticeCanceledAdmin
	} else if n := st.admins(); n >= im.MaxGroupAdmins {
		return false, im.Errorf(im.CodeInvalidGroupParameter, "the group has %d admins, %d are allowed", n, im.MaxGroupAdmins)
	}
	names, err := s.names(ctx, []im.UserID{change.Operator})
	if err != nil {
		return false, err
	}
	m.Role = role
	change.note(st, note, u).Names = names
	return true, s.planTip(ctx, st, change, im.GroupTipPayload{OperationType: tip, UserIDList: []im.UserID{u}})
}

// planMute silences u for some seconds from the time of the change, or lets it
// speak again.
func (s *Server) planMute(ctx context.Context, st *groupState, change *intent, u im.UserID, m *memberDoc, seconds *int64) (bool, error) {
	if seconds == nil {
		return false, nil
	}
	if *seconds < 0 || *seconds > math.MaxUint32 {
		return false, im.Errorf(im.CodeInvalidGroupParameter, "muteTime %d is not between 0 and %d seconds", *seconds, uint32(math.MaxUint32))
	}
	until := int64(0)
	if *seconds > 0 {
		until = change.Time + *seconds*1000
	}
	// Said twice within a second, as from two devices, it is the same.
	if d := until - m.MuteUntil; -1000 < d && d < 1000 || until == 0 && !m.muted(change.Time) {
		return false, nil
	}
	m.MuteUntil = until
	return true, s.planTip(ctx, st, change, im.GroupTipPayload{
		OperationType: im.TipMemberProfileUpdated, UserIDList: []im.UserID{u},
		MemberList: []im.MemberChange{{UserID: u, MuteTime: *seconds}},
	})
}

// admins is how many admins the group has, beside its owner.
func (st *groupState) admins() (n int) {
	for _, m := range st.members {
		if m.Role == im.RoleAdmin {
			n++
		}
	}
	return n
}

// muted reports whether the member may not speak at time now, ms since 1970.
func (m memberDoc) muted(now int64) bool { return m.MuteUntil > now }
