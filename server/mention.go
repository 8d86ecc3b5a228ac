package server

import (
	"slices"

	"magpie/im"
)

// mention is a message of a group that mentions somebody.
type mention struct {
	N     uint64      `json:"n"`
	From  im.UserID   `json:"f"`
	Users []im.UserID `json:"u,omitempty"` // without im.AtAllUsers
	All   bool        `json:"a,omitempty"`
}

const (
	// mentionsMax is how many messages that mention somebody a head keeps, and
	// mentionedMax how many users they may name together.
	mentionsMax  = 100
	mentionedMax = 300
	// atInfoMax is how many unread mentions one user is told of.
	atInfoMax = 30
)

// addMention adds r to the mentions of a head if it mentions somebody, and drops
// the oldest where there are too many.
func addMention(all []mention, r *record) []mention {
	if _, ok := r.key.group(); !ok || len(r.body.AtUserList) == 0 {
		return all
	}
	m := mention{N: r.n, From: r.from}
	for _, u := range r.body.AtUserList {
		switch {
		case u == im.AtAllUsers:
			m.All = true
		case !slices.Contains(m.Users, u):
			m.Users = append(m.Users, u)
		}
	}
	all = append(slices.Clone(all), m)
	named := 0
	for i := len(all) - 1; i >= 0; i-- {
		if named += len(all[i].Users); named > mentionedMax || len(all)-i > mentionsMax {
			return all[i+1:]
		}
	}
	return all
}

// atInfo is what u is told of the mentions above what it has read, the latest
// at most.
func atInfo(all []mention, u im.UserID, g im.GroupID, after uint64) []im.AtInfo {
	var list []im.AtInfo
	for _, m := range all {
		me := slices.Contains(m.Users, u)
		if m.N <= after || m.From == u || !me && !m.All {
			continue
		}
		kind := im.AtMe
		switch {
		case me && m.All:
			kind = im.AtAllAtMe
		case m.All:
			kind = im.AtAll
		}
		list = append(list, im.AtInfo{From: m.From, GroupID: g, MessageSequence: m.N, AtTypeArray: []im.AtType{kind}})
	}
	return list[max(0, len(list)-atInfoMax):]
}
