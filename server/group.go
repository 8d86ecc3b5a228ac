package server

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"magpie/im"
	"magpie/im/wire"
)

// intent is a change of a group that is under way. Carrying it out twice is
// the same as once.
type intent struct {
	Op       im.GroupTipOperation `json:"op"`
	Operator im.UserID            `json:"by"`
	Users    []im.UserID          `json:"users"`
	Time     int64                `json:"time"` // ms since 1970
	// Base is the conversation's last number before the change; the tip is above it.
	Base uint64 `json:"base"`
}

// createGroup makes a group with user as owner and members in it.
func (s *Server) createGroup(ctx context.Context, user im.UserID, want im.Group, members []im.UserID) (*groupState, []wire.InviteResult, error) {
	g := im.Group{
		GroupID: want.GroupID, Name: want.Name, Type: want.Type, Avatar: want.Avatar,
		Introduction: want.Introduction, Notification: want.Notification, JoinOption: want.JoinOption,
		OwnerID: user, CreateTime: s.now(), LastInfoTime: s.now(), InfoSequence: 1,
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
	joining, results, err := s.sortInvited(ctx, nil, slices.DeleteFunc(slices.Clone(members), func(u im.UserID) bool { return u == user }))
	if err != nil {
		return nil, nil, err
	}
	chosen := g.GroupID != ""
	for {
		if !chosen {
			g.GroupID = newGroupID()
		}
		doc := groupDoc{Group: g, Intent: &intent{Op: im.TipMemberJoin, Operator: user, Users: joining, Time: g.CreateTime}}
		st, err := s.groups.create(ctx, doc)
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
		return st, results, err
	}
}

// create claims the id of a new group and carries out its intent; errConflict
// if the id is taken.
func (x *groups) create(ctx context.Context, doc groupDoc) (*groupState, error) {
	unlock, err := x.lock(ctx, doc.Group.GroupID)
	if err != nil {
		return nil, err
	}
	defer unlock()
	st, err := x.save(ctx, &groupState{doc: doc, members: map[im.UserID]memberDoc{}})
	if err != nil {
		return nil, err
	}
	return x.carryOut(ctx, st)
}

// inviteToGroup brings users into a group; the results say what became of each.
func (s *Server) inviteToGroup(ctx context.Context, user im.UserID, g im.GroupID, users []im.UserID) (*groupState, []wire.InviteResult, error) {
	if len(users) > im.MaxInviteMembers {
		return nil, nil, im.Errorf(im.CodeTooManyAccounts, "%d users invited, %d are allowed", len(users), im.MaxInviteMembers)
	}
	var results []wire.InviteResult
	st, err := s.changeGroup(ctx, user, opInvite, g, func(st *groupState, change *intent) (bool, error) {
		var err error
		if change.Users, results, err = s.sortInvited(ctx, st, users); err != nil {
			return false, err
		}
		if n := len(st.members) + len(change.Users); n > im.MaxGroupMembers {
			return false, im.Errorf(im.CodeGroupFull, "the group would have %d members, %d are allowed", n, im.MaxGroupMembers)
		}
		change.Op = im.TipMemberJoin
		return len(change.Users) > 0, nil
	})
	return st, results, err
}

// quitGroup takes user out of a group.
func (s *Server) quitGroup(ctx context.Context, user im.UserID, g im.GroupID) error {
	_, err := s.changeGroup(ctx, user, opQuit, g, func(st *groupState, change *intent) (bool, error) {
		change.Op, change.Users = im.TipMemberQuit, []im.UserID{user}
		return true, nil
	})
	return err
}

// changeGroup makes one change: plan fills in the intent under the group's
// lock, after user was found entitled to op, or returns false for none.
func (s *Server) changeGroup(ctx context.Context, user im.UserID, op operation, g im.GroupID, plan func(*groupState, *intent) (bool, error)) (*groupState, error) {
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
		if err := authoriseGroup(st, user, op); err != nil {
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
		next.doc.Group.InfoSequence++
		saved, err := s.groups.save(ctx, &next)
		if errors.Is(err, errConflict) { // changed through another gateway
			continue
		}
		if err != nil {
			return nil, err
		}
		return s.groups.carryOut(ctx, saved)
	}
}

// sortInvited parts those who can join from those who cannot, with the reasons.
func (s *Server) sortInvited(ctx context.Context, st *groupState, users []im.UserID) (joining []im.UserID, results []wire.InviteResult, err error) {
	known, err := s.accounts.profilesOf(ctx, users)
	if err != nil {
		return nil, nil, err
	}
	seen := map[im.UserID]bool{}
	for _, u := range users {
		if seen[u] {
			continue
		}
		seen[u] = true
		result := wire.InviteResult{UserID: u}
		if err := u.Validate(); err != nil {
			// An id that is none is not sent back, it may be anything.
			return nil, nil, err
		}
		if _, ok := known[u]; !ok {
			result.Error = im.Errorf(im.CodeGroupUserNotFound, "there is no user %s", u)
		} else if st != nil && st.isMember(u) {
			result.Result = 2
		} else if err := s.mayJoinAnother(ctx, u); err != nil {
			if im.CodeOf(err) != im.CodeTooManyGroups {
				return nil, nil, err
			}
			result.Error = im.Errorf(im.CodeTooManyGroups, "%s is in %d groups already", u, im.MaxGroupsPerUser)
		} else {
			result.Result = 1
			joining = append(joining, u)
		}
		results = append(results, result)
	}
	return joining, results, nil
}

// carryOut does what st's intent says, tells those concerned and clears it.
// The caller holds the group's lock. It goes on when the client that asked is
// gone.
func (x *groups) carryOut(ctx context.Context, st *groupState) (_ *groupState, err error) {
	ctx = context.WithoutCancel(ctx)
	change, g := st.doc.Intent, st.doc.Group
	defer func() {
		if err != nil { // what is cached may be ahead of the record
			x.forget(g.GroupID)
		}
	}()
	k := groupKey(g.GroupID)
	next := &groupState{doc: st.doc, revision: st.revision, members: maps.Clone(st.members)}
	switch change.Op {
	case im.TipMemberJoin:
		err = x.admit(ctx, next, change)
	case im.TipMemberQuit:
		for _, u := range change.Users {
			delete(next.members, u)
			if g.OwnerID == u {
				next.doc.Group.OwnerID = ""
			}
			err = errors.Join(err, x.members.remove(ctx, memberKey(g.GroupID, u)), x.server.inboxes.remove(ctx, u, k))
		}
	default:
		err = fmt.Errorf("server: group %s has an unknown change %d", g.GroupID, change.Op)
	}
	if err != nil {
		return nil, err
	}
	// The new members are in the cache before the tip goes out to them.
	x.keep(next)
	if g.Type.MemberTips() {
		if err := x.tip(ctx, next, change); err != nil {
			return nil, err
		}
	}
	next.doc.Intent = nil
	next.doc.Group.LastInfoTime = change.Time
	next.doc.Group.MemberCount = len(next.members)
	done, err := x.save(ctx, next)
	if err != nil {
		return nil, err
	}
	x.keep(done)
	kind, told := wire.EvConvChanged, slices.Clone(change.Users)
	if change.Op == im.TipMemberQuit {
		kind = wire.EvConvGone
	} else if !slices.Contains(told, change.Operator) {
		told = append(told, change.Operator)
	}
	for _, u := range told {
		x.server.hub.event(u, "", k, wire.Event{K: kind, Conversation: im.GroupConversation(g.GroupID)})
	}
	return done, nil
}

// admit makes the users of a change members, the owner of a new group with
// them, with history from here on or from the start as the type has it.
func (x *groups) admit(ctx context.Context, st *groupState, change *intent) error {
	g, k := st.doc.Group, groupKey(st.doc.Group.GroupID)
	users := change.Users
	if len(st.members) == 0 && g.OwnerID != "" {
		users = append([]im.UserID{g.OwnerID}, users...)
	}
	var count uint64
	if change.Base > 0 {
		last, err := x.server.heads.get(ctx, k)
		if err != nil {
			return err
		}
		count = last.U
	}
	for _, u := range users {
		if _, ok := st.members[u]; ok {
			continue // done before a crash
		}
		own, err := x.server.heads.own(ctx, k, u)
		if err != nil {
			return err
		}
		m := memberDoc{Role: im.RoleMember, JoinTime: change.Time, First: change.Base + 1}
		if u == g.OwnerID {
			m.Role = im.RoleOwner
		}
		e := inboxEntry{Read: change.Base, ReadCount: count, ReadOwn: own.Count, First: m.First, Since: change.Time}
		if g.Type.HistoryFromStart() {
			m.First, e.First = 1, 1
		}
		if err := x.server.inboxes.ensure(ctx, u, k, e); err != nil {
			return err
		}
		if _, err := x.members.put(ctx, memberKey(g.GroupID, u), m); err != nil {
			return err
		}
		st.members[u] = m
	}
	return nil
}

// tip stores what a change was, with the names of those concerned, as a
// message of the group. Its id follows from the change, so it is stored once.
func (x *groups) tip(ctx context.Context, st *groupState, change *intent) error {
	g := st.doc.Group
	users := change.Users
	if len(users) == 0 {
		users = []im.UserID{change.Operator}
	}
	profiles, err := x.server.accounts.profilesOf(ctx, append(slices.Clone(users), change.Operator))
	if err != nil {
		return err
	}
	p := im.GroupTipPayload{
		OperationType: change.Op,
		OperatorID:    change.Operator,
		UserIDList:    users,
		GroupProfile:  im.GroupRef{GroupID: g.GroupID, Name: g.Name, Type: g.Type},
		MemberCount:   len(st.members),
		Names:         map[im.UserID]string{},
	}
	if change.Op == im.TipMemberJoin {
		p.GroupJoinType = im.JoinedByInvite
	}
	for u, profile := range profiles {
		if profile.Nick != "" {
			p.Names[u] = profile.Nick
		}
	}
	payload, err := marshalPlain(p)
	if err != nil {
		return err
	}
	r := &record{
		key: groupKey(g.GroupID), from: im.SystemUser, kind: im.MsgGroupTip,
		id:   tipID(g.GroupID, g.InfoSequence),
		body: body{Payload: json.RawMessage(payload)},
	}
	_, _, err = x.server.actors.append(ctx, r, change.Base, "")
	return err
}

// tipID is the message id of the tip about the change that made a group's
// profile number sequence.
func tipID(g im.GroupID, sequence uint64) im.MessageID {
	sum := sha256.Sum256([]byte(g))
	return im.MessageID(fmt.Sprintf("%s-%s-%d", im.SystemUser, lower32(sum[:15]), sequence))
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

// membersPage is how many members one answer lists.
const membersPage = 100

// listMembers returns a page of members, the owner first, then by the time
// they joined; cursor is where the last page ended, "" at the start.
func (s *Server) listMembers(ctx context.Context, st *groupState, cursor string) ([]im.GroupMember, string, error) {
	users := slices.SortedFunc(maps.Keys(st.members), func(a, b im.UserID) int {
		return compareMembers(a, st.members[a], b, st.members[b])
	})
	start := 0
	if cursor != "" {
		after := im.UserID(decodeID(cursor))
		m, ok := st.members[after]
		if !ok {
			return nil, "", im.Errorf(im.CodeInvalidParameter, "the list of members changed, begin again")
		}
		start, _ = slices.BinarySearchFunc(users, after, func(u, target im.UserID) int {
			return compareMembers(u, st.members[u], target, m)
		})
		start++
	}
	page := users[start:min(start+membersPage, len(users))]
	profiles, err := s.accounts.profilesOf(ctx, page)
	if err != nil {
		return nil, "", err
	}
	list := make([]im.GroupMember, len(page))
	for i, u := range page {
		m, p := st.members[u], profiles[u]
		list[i] = im.GroupMember{UserID: u, Nick: p.Nick, Avatar: p.Avatar, Role: m.Role, JoinTime: m.JoinTime, NameCard: m.NameCard, MuteUntil: m.MuteUntil}
	}
	next := ""
	if start+len(page) < len(users) {
		next = encodeID(string(page[len(page)-1]))
	}
	return list, next, nil
}

// compareMembers orders the owner first, then admins, then by joining.
func compareMembers(a im.UserID, am memberDoc, b im.UserID, bm memberDoc) int {
	rank := map[im.Role]int{im.RoleOwner: -2, im.RoleAdmin: -1}
	switch {
	case rank[am.Role] != rank[bm.Role]:
		return rank[am.Role] - rank[bm.Role]
	case am.JoinTime != bm.JoinTime:
		return int(am.JoinTime - bm.JoinTime)
	}
	return strings.Compare(string(a), string(b))
}
