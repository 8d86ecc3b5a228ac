package server

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"magpie/im"
)

// groups holds the groups and their members. A change is first written into
// the group's record as an intent, then carried out, then cleared; whoever
// reads a record with an intent finishes it. So no crash leaves half a change.
type groups struct {
	server  *Server
	table   *table
	members *table
	// applications are those who wait for an answer, to join or to an invitation.
	applications *table
	// planned, if it is set, sees a change once it is recorded; false leaves it at
	// that, as a crash would. For tests.
	planned func(groupDoc) bool

	mu    sync.Mutex
	cache map[im.GroupID]*groupState
	locks map[im.GroupID]*groupLock
}

// groupCacheMax bounds how many groups are kept in memory.
const groupCacheMax = 1024

// groupState is a group at one moment. It is never changed, only replaced.
type groupState struct {
	doc      groupDoc
	revision uint64
	members  map[im.UserID]memberDoc
}

// groupDoc is the record of a group.
type groupDoc struct {
	Group im.Group `json:"group"`
	// Changes counts what was done to the group; ids of tips and notices are made
	// of it.
	Changes uint64 `json:"changes,omitempty"`
	// Hidden: only the owner sees the group yet. Dismissed: it is no more, and its
	// id is never given out again.
	Hidden    bool    `json:"hidden,omitempty"`
	Dismissed bool    `json:"dismissed,omitempty"`
	Intent    *intent `json:"intent,omitempty"`
}

// memberDoc is the record of a member.
type memberDoc struct {
	Role      im.Role `json:"role"`
	JoinTime  int64   `json:"join"` // ms since 1970
	First     uint64  `json:"first,omitempty"`
	NameCard  string  `json:"card,omitempty"`
	MuteUntil int64   `json:"mute,omitempty"` // ms since 1970
	// Fields are the member's custom fields.
	Fields map[string]string `json:"fields,omitempty"`
}

// groupLock serialises the changes of one group.
type groupLock struct {
	turn chan struct{}
	uses int
}

func newGroups(s *Server) *groups {
	return &groups{
		server: s, table: newTable(s.bus, tableGroups), members: newTable(s.bus, tableMembers),
		applications: newTable(s.bus, tableApplications),
		cache:        map[im.GroupID]*groupState{}, locks: map[im.GroupID]*groupLock{},
	}
}

func memberKey(g im.GroupID, u im.UserID) string {
	return encodeID(string(g)) + "." + encodeID(string(u))
}

// get returns a group with its members, im.CodeGroupNotFound if there is none
// or none any more.
func (x *groups) get(ctx context.Context, g im.GroupID) (*groupState, error) {
	if st := x.cached(g); st != nil {
		return st.alive()
	}
	unlock, err := x.lock(ctx, g)
	if err != nil {
		return nil, err
	}
	defer unlock()
	return x.load(ctx, g)
}

func (x *groups) cached(g im.GroupID) *groupState {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.cache[g]
}

func (x *groups) keep(st *groupState) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.cache) >= groupCacheMax {
		for g := range x.cache { // any one; it is read again when it is needed
			delete(x.cache, g)
			break
		}
	}
	x.cache[st.doc.Group.GroupID] = st
}

func (x *groups) forget(g im.GroupID) {
	x.mu.Lock()
	defer x.mu.Unlock()
	delete(x.cache, g)
}

// lock takes the turn to change group g.
func (x *groups) lock(ctx context.Context, g im.GroupID) (unlock func(), err error) {
	x.mu.Lock()
	l := x.locks[g]
	if l == nil {
		l = &groupLock{turn: make(chan struct{}, 1)}
		x.locks[g] = l
	}
	l.uses++
	x.mu.Unlock()
	leave := func() {
		x.mu.Lock()
		defer x.mu.Unlock()
		if l.uses--; l.uses == 0 {
			delete(x.locks, g)
		}
	}
	select {
	case l.turn <- struct{}{}:
		return func() { <-l.turn; leave() }, nil
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
}

// load reads a group, and finishes a change that was interrupted. The caller
// holds the group's lock.
func (x *groups) load(ctx context.Context, g im.GroupID) (*groupState, error) {
	if st := x.cached(g); st != nil && st.doc.Intent == nil {
		return st.alive()
	}
	st := &groupState{members: map[im.UserID]memberDoc{}}
	var err error
	st.revision, err = x.table.get(ctx, encodeID(string(g)), &st.doc)
	if errors.Is(err, errNoMessage) {
		return nil, im.Errorf(im.CodeGroupNotFound, "there is no group %s", g)
	}
	if err != nil {
		return nil, err
	}
	err = x.members.list(ctx, encodeID(string(g))+".*", func(e entry) error {
		m, err := decodeEntry[memberDoc](e)
		if err != nil {
			return err
		}
		_, user, _ := strings.Cut(e.key, ".")
		st.members[im.UserID(decodeID(user))] = m
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("server: members of group: %w", err)
	}
	if st.doc.Intent != nil {
		if st, err = x.carryOut(ctx, st); err != nil {
			return nil, err
		}
	}
	x.keep(st)
	return st.alive()
}

// alive is st, or im.CodeGroupNotFound if the group was dismissed.
func (st *groupState) alive() (*groupState, error) {
	if st.doc.Dismissed {
		return nil, im.Errorf(im.CodeGroupNotFound, "group %s was dismissed", st.doc.Group.GroupID)
	}
	return st, nil
}

// save writes the record of a group on the revision it was read at.
func (x *groups) save(ctx context.Context, st *groupState) (*groupState, error) {
	revision, err := x.table.update(ctx, encodeID(string(st.doc.Group.GroupID)), st.doc, st.revision)
	if err != nil {
		x.forget(st.doc.Group.GroupID)
		return nil, err
	}
	next := &groupState{doc: st.doc, revision: revision, members: st.members}
	return next, nil
}

// finishIntents carries out what a crash interrupted.
func (x *groups) finishIntents(ctx context.Context) error {
	var open []im.GroupID
	err := x.table.list(ctx, "*", func(e entry) error {
		doc, err := decodeEntry[groupDoc](e)
		if err == nil && doc.Intent != nil {
			open = append(open, doc.Group.GroupID)
		}
		return err
	})
	for _, g := range open {
		if _, e := x.get(ctx, g); e != nil && im.CodeOf(e) != im.CodeGroupNotFound {
			return fmt.Errorf("server: finish a change of group %s: %w", g, e)
		}
	}
	return err
}

// hasUnread reports whether the group's conversation counts unread messages.
func (st *groupState) hasUnread() bool { return st.doc.Group.Type.HasUnread() }

// ref names the group in a tip or notice.
func (st *groupState) ref() im.GroupRef {
	g := st.doc.Group
	return im.GroupRef{GroupID: g.GroupID, Name: g.Name, Type: g.Type}
}

// roleOf is u's role, "" for who is no member, or not yet allowed to see that it
// is one.
func (st *groupState) roleOf(u im.UserID) im.Role {
	if st.doc.Hidden && u != st.doc.Group.OwnerID {
		return ""
	}
	return st.members[u].Role
}

// sees reports whether u is a member who is shown the group.
func (st *groupState) sees(u im.UserID) bool { return st.roleOf(u) != "" }

// seenBy is the group as u sees it; u need not be a member.
func (st *groupState) seenBy(u im.UserID) im.Group {
	g := st.doc.Group
	g.MemberCount = len(st.members)
	g.MaxMemberCount = g.Type.MaxMembers()
	if m, ok := st.members[u]; ok {
		g.SelfInfo = &im.GroupSelfInfo{Role: m.Role, JoinTime: m.JoinTime, NameCard: m.NameCard, MessageRemindType: g.Type.DefaultRemind()}
	}
	return g
}
