package server

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"slices"
	"strings"

	"magpie/im"
	"magpie/im/wire"
)

// createGroup makes a group with user as owner and members in it.
func (s *Server) createGroup(ctx context.Context, user im.UserID, want im.Group, members []im.UserID) (*groupState, []wire.InviteResult, error) {
	g := im.Group{
		GroupID: want.GroupID, Name: want.Name, Type: want.Type, Avatar: want.Avatar,
		Introduction: want.Introduction, Notification: want.Notification, JoinOption: want.JoinOption,
		GroupCustomField: want.GroupCustomField,
		OwnerID:          user, CreateTime: s.now(), LastInfoTime: s.now(), InfoSequence: 1,
	}
	if g.JoinOption == "" {
		g.JoinOption = defaultJoinOption(g.Type)
	}
	if err := g.Validate(); err != nil {
		return nil, nil, err
	}
	if err := s.authoriseCreate(ctx, user, g, members); err != nil {
		return nil, nil, err
	}
	others := slices.DeleteFunc(slices.Clone(members), func(u im.UserID) bool { return u == user })
	invited, err := s.sortInvited(ctx, nil, others)
	if err != nil {
		return nil, nil, err
	}
	chosen := g.GroupID != ""
	for {
		if !chosen {
			g.GroupID = newGroupID()
		}
		doc := groupDoc{Group: g, Changes: 1, Hidden: g.Type.NeedsActivation()}
		st := &groupState{doc: doc, members: map[im.UserID]memberDoc{}}
		change := &intent{Operator: user, Time: g.CreateTime}
		if err := s.planInvite(ctx, st, change, invited); err != nil {
			return nil, nil, err
		}
		change.Admit = append([]im.UserID{user}, invited.joining...)
		change.note(st, im.NoticeCreated, user)
		if len(invited.joining) == 0 && g.Type.MemberTips() {
			if err := s.planTip(ctx, st, change, im.GroupTipPayload{OperationType: im.TipMemberJoin, GroupJoinType: im.JoinedByInvite}); err != nil {
				return nil, nil, err
			}
		}
		st.doc.Intent = change
		made, err := s.groups.create(ctx, st)
		if errors.Is(err, errConflict) && !chosen {
			continue
		}
		if errors.Is(err, errConflict) {
			code := im.CodeGroupIDTaken
			if old, err := s.groups.get(ctx, g.GroupID); err == nil && old.doc.Group.OwnerID == user {
				code = im.CodeGroupIDOwned
			}
			return nil, nil, im.Errorf(code, "the group id %s is taken", g.GroupID)
		}
		return made, invited.results, err
	}
}

// create claims the id of a new group and carries out its intent; errConflict
// if the id is taken.
func (x *groups) create(ctx context.Context, st *groupState) (*groupState, error) {
	unlock, err := x.lock(ctx, st.doc.Group.GroupID)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if st, err = x.save(ctx, st); err != nil {
		return nil, err
	}
	return x.carryOut(ctx, st)
}

// changeGroup makes one change: plan, under the group's lock, decides whether
// user may and fills in the intent, or returns false if there is nothing to do.
func (s *Server) changeGroup(ctx context.Context, user im.UserID, g im.GroupID, plan func(*groupState, *intent) (bool, error)) (*groupState, error) {
	if err := g.Validate(); err != nil {
		return nil, err
	}
	unlock, err := s.groups.lock(ctx, g)
	if err != nil {
		return nil, err
	}
	defer unlock()
	for {
		st, err := s.groups.load(ctx, g)
		if err != nil {
			return nil, err
		}
		last, err := s.log.head(ctx, groupKey(g))
		if err != nil {
			return nil, err
		}
		change := &intent{Operator: user, Time: s.now()}
		if last != nil {
			change.Base = last.n
		}
		if ok, err := plan(st, change); err != nil || !ok {
			return st, err
		}
		next := *st
		next.doc.Intent = change
		// Groups made before there was a count of changes went by their profile's.
		next.doc.Changes = max(st.doc.Changes, st.doc.Group.InfoSequence) + 1
		if change.Profile != nil || len(change.Admit)+len(change.Change)+len(change.Remove) > 0 {
			next.doc.Group.InfoSequence++
		}
		saved, err := s.groups.save(ctx, &next)
		if errors.Is(err, errConflict) { // changed through another gateway
			continue
		}
		if err != nil {
			return nil, err
		}
		if s.groups.planned != nil && !s.groups.planned(saved.doc) {
			return nil, errInterrupted
		}
		return s.groups.carryOut(ctx, saved)
	}
}

// errInterrupted: a test stopped a change.
var errInterrupted = errors.New("server: the change was interrupted")

// planTip adds a tip to a change, with the names of those concerned.
func (s *Server) planTip(ctx context.Context, st *groupState, change *intent, p im.GroupTipPayload) error {
	p.OperatorID = change.Operator
	if len(p.UserIDList) == 0 {
		p.UserIDList = []im.UserID{change.Operator}
	}
	var err error
	if p.Names, err = s.names(ctx, append(slices.Clone(p.UserIDList), change.Operator)); err != nil {
		return err
	}
	p.GroupProfile = st.ref()
	change.Tips = append(change.Tips, p)
	return nil
}

// note adds a notice to a change; planNames puts the names in.
func (c *intent) note(st *groupState, op im.GroupNoticeOperation, to ...im.UserID) *im.GroupNoticePayload {
	c.Notices = append(c.Notices, notice{To: to, Payload: im.GroupNoticePayload{OperationType: op, OperatorID: c.Operator, GroupProfile: st.ref()}})
	return &c.Notices[len(c.Notices)-1].Payload
}

// shownNameBytes bounds a nick in a tip or notice, so that a hundred of them
// still fit into a message.
const shownNameBytes = 200

// names are the nicks of those users that have one.
func (s *Server) names(ctx context.Context, users []im.UserID) (map[im.UserID]string, error) {
	profiles, err := s.accounts.profilesOf(ctx, users)
	if err != nil {
		return nil, err
	}
	names := map[im.UserID]string{}
	for u, p := range profiles {
		if p.Nick != "" {
			names[u] = strings.ToValidUTF8(p.Nick[:min(len(p.Nick), shownNameBytes)], "")
		}
	}
	return names, nil
}

// newGroupID makes a group id of the server's own.
func newGroupID() im.GroupID {
	b := make([]byte, 10)
	rand.Read(b)
	return im.GroupID(im.GroupIDPrefix + strings.ToUpper(lower32(b)))
}

func lower32(b []byte) string {
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b))
}

func defaultJoinOption(t im.GroupType) im.JoinOption {
	switch t {
	case im.GroupWork:
		return im.JoinDisabled
	case im.GroupPublic:
		return im.JoinNeedPermission
	}
	return im.JoinFree
}
