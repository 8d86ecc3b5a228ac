package server

import (
	"context"
	"maps"
	"slices"
	"strings"

	"magpie/im"
)

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
		list[i] = im.GroupMember{UserID: u, Nick: p.Nick, Avatar: p.Avatar, Role: m.Role, JoinTime: m.JoinTime, NameCard: m.NameCard, MuteUntil: m.MuteUntil, MemberCustomField: m.Fields}
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
