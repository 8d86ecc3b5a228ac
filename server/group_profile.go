package server

import (
	"context"
	"maps"

	"magpie/im"
)

// setGroup changes those fields of a group's profile that are in set.
func (s *Server) setGroup(ctx context.Context, user im.UserID, g im.GroupID, set im.GroupChange) (*groupState, error) {
	return s.changeGroup(ctx, user, g, func(st *groupState, change *intent) (bool, error) {
		if err := st.maySet(user, set); err != nil {
			return false, err
		}
		profile := st.doc.Group
		changed, told := applyChange(&profile, set)
		if err := profile.Validate(); err != nil {
			return false, err
		}
		if !changed {
			return false, nil
		}
		change.Profile = &profile
		return true, s.planTip(ctx, st, change, im.GroupTipPayload{OperationType: im.TipGroupProfileUpdated, NewGroupProfile: &told})
	})
}

// applyChange puts the fields of set into p; told holds those that are other
// than before.
func applyChange(p *im.Group, set im.GroupChange) (changed bool, told im.GroupChange) {
	if differs(&p.Name, set.Name) {
		told.Name, changed = set.Name, true
	}
	if differs(&p.Avatar, set.Avatar) {
		told.Avatar, changed = set.Avatar, true
	}
	if differs(&p.Introduction, set.Introduction) {
		told.Introduction, changed = set.Introduction, true
	}
	if differs(&p.Notification, set.Notification) {
		told.Notification, changed = set.Notification, true
	}
	if differs(&p.JoinOption, set.JoinOption) {
		told.JoinOption, changed = set.JoinOption, true
	}
	if differs(&p.MuteAllMembers, set.MuteAllMembers) {
		told.MuteAllMembers, changed = set.MuteAllMembers, true
	}
	if fields := mergeFields(p.GroupCustomField, set.CustomField); !maps.Equal(fields, p.GroupCustomField) {
		p.GroupCustomField, told.CustomField, changed = fields, set.CustomField, true
	}
	return changed, told
}

// differs puts *v, if v is not nil, into *at and reports whether it was other.
func differs[T comparable](at, v *T) bool {
	if v == nil || *at == *v {
		return false
	}
	*at = *v
	return true
}

// mergeFields is old with the fields of set in it; an empty value takes a field
// away.
func mergeFields(old, set map[string]string) map[string]string {
	fields := maps.Clone(old)
	for k, v := range set {
		if v == "" {
			delete(fields, k)
			continue
		}
		if fields == nil {
			fields = map[string]string{}
		}
		fields[k] = v
	}
	return fields
}

// transferGroup makes another member the owner.
func (s *Server) transferGroup(ctx context.Context, user im.UserID, g im.GroupID, to im.UserID) error {
	if err := to.Validate(); err != nil {
		return err
	}
	_, err := s.changeGroup(ctx, user, g, func(st *groupState, change *intent) (bool, error) {
		if err := st.may(user, im.GroupOpTransfer, ""); err != nil {
			return false, err
		}
		if to == user {
			return false, im.Errorf(im.CodeTransferToSelf, "%s is the owner", to)
		}
		heir, ok := st.members[to]
		if !ok {
			return false, im.Errorf(im.CodeMemberNotInGroup, "%s is no member of the group", to)
		}
		old := st.members[user]
		old.Role, heir.Role, heir.MuteUntil = im.RoleMember, im.RoleOwner, 0
		profile := st.doc.Group
		profile.OwnerID = to
		change.Profile = &profile
		change.Change = map[im.UserID]memberDoc{user: old, to: heir}
		change.Show = st.doc.Hidden // the new owner would not know to speak first
		return true, s.planTip(ctx, st, change, im.GroupTipPayload{
			OperationType: im.TipGroupProfileUpdated, UserIDList: []im.UserID{to}, NewGroupProfile: &im.GroupChange{OwnerID: &to},
		})
	})
	return err
}

// dismissGroup ends a group for everybody. Its id is never given out again.
func (s *Server) dismissGroup(ctx context.Context, user im.UserID, g im.GroupID) error {
	_, err := s.changeGroup(ctx, user, g, func(st *groupState, change *intent) (bool, error) {
		if err := st.may(user, im.GroupOpDismiss, ""); err != nil {
			return false, err
		}
		names, err := s.names(ctx, []im.UserID{user})
		for u := range st.members {
			change.Remove = append(change.Remove, u)
		}
		change.Dismiss = true
		change.note(st, im.NoticeDismissed, change.Remove...).Names = names
		return true, err
	})
	return err
}

// showGroup lets the members of a hidden group see it: its owner speaks.
func (s *Server) showGroup(ctx context.Context, user im.UserID, g im.GroupID) error {
	_, err := s.changeGroup(ctx, user, g, func(st *groupState, change *intent) (bool, error) {
		if !st.doc.Hidden || user != st.doc.Group.OwnerID {
			return false, nil
		}
		names, err := s.names(ctx, []im.UserID{user})
		var others []im.UserID
		for u := range st.members {
			if u != user {
				others = append(others, u)
			}
		}
		change.Show = true
		change.note(st, im.NoticeInvited, others...).Names = names
		return true, err
	})
	return err
}
