package server

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"sync"

	"magpie/im"
	"magpie/im/wire"
)

// intent is a change of a group that is under way: everything that will be
// otherwise afterwards and everybody who is to hear of it. Carrying it out
// twice is the same as once.
type intent struct {
	Operator im.UserID `json:"by"`
	Time     int64     `json:"time"` // ms since 1970
	// Base is the conversation's last number before the change; its tips are above it.
	Base uint64 `json:"base"`

	Profile *im.Group               `json:"profile,omitempty"` // the group's new profile
	Admit   []im.UserID             `json:"admit,omitempty"`   // who becomes a member
	Change  map[im.UserID]memberDoc `json:"change,omitempty"`  // members' new records
	Remove  []im.UserID             `json:"remove,omitempty"`  // who is a member no more
	Show    bool                    `json:"show,omitempty"`    // members see the group from now on
	Dismiss bool                    `json:"dismiss,omitempty"` // the group ends
	Ask     []application           `json:"ask,omitempty"`     // who waits for an answer
	Answer  []string                `json:"answer,omitempty"`  // keys of applications that have theirs
	Tips    []im.GroupTipPayload    `json:"tips,omitempty"`
	Notices []notice                `json:"notices,omitempty"`
}

// notice is a system notice to some users.
type notice struct {
	To      []im.UserID           `json:"to"`
	Payload im.GroupNoticePayload `json:"payload"`
}

// sideBySide is how many records of one change are written at once.
const sideBySide = 16

// carryOut does what st's intent says, tells those concerned and clears it.
// The caller holds the group's lock. It goes on when the client that asked is
// gone.
func (x *groups) carryOut(ctx context.Context, st *groupState) (_ *groupState, err error) {
	ctx = context.WithoutCancel(ctx)
	change := st.doc.Intent
	defer func() {
		if err != nil { // what is cached may be ahead of the record
			x.forget(st.doc.Group.GroupID)
		}
	}()
	next := &groupState{doc: st.doc, revision: st.revision, members: maps.Clone(st.members)}
	if change.Profile != nil {
		next.doc.Group = *change.Profile
		next.doc.Group.InfoSequence = st.doc.Group.InfoSequence
	}
	next.doc.Hidden = st.doc.Hidden && !change.Show
	next.doc.Dismissed = change.Dismiss
	if err := x.writeMembers(ctx, next, change); err != nil {
		return nil, err
	}
	if err := x.writeApplications(ctx, change); err != nil {
		return nil, err
	}
	// The new members are in the cache before the tips go out to them.
	x.keep(next)
	if err := x.tell(ctx, next, change); err != nil {
		return nil, err
	}
	next.doc.Intent = nil
	next.doc.Group.LastInfoTime = change.Time
	next.doc.Group.MemberCount = len(next.members)
	done, err := x.save(ctx, next)
	if err != nil {
		return nil, err
	}
	x.keep(done)
	x.announce(done, change)
	return done, nil
}

// writeMembers makes, changes and removes the records of members, here and in st.
func (x *groups) writeMembers(ctx context.Context, st *groupState, change *intent) error {
	g, k := st.doc.Group.GroupID, groupKey(st.doc.Group.GroupID)
	if err := x.admit(ctx, st, change); err != nil {
		return err
	}
	for u, m := range change.Change {
		if _, err := x.members.put(ctx, memberKey(g, u), m); err != nil {
			return err
		}
		st.members[u] = m
	}
	for _, u := range change.Remove {
		delete(st.members, u)
		if st.doc.Group.OwnerID == u {
			st.doc.Group.OwnerID = ""
		}
	}
	return forEach(change.Remove, func(u im.UserID) error {
		return errors.Join(x.members.remove(ctx, memberKey(g, u)), x.server.inboxes.remove(ctx, u, k))
	})
}

// admit makes the users of a change members, with history from here on or from
// the start as the type has it.
func (x *groups) admit(ctx context.Context, st *groupState, change *intent) error {
	g, k := st.doc.Group, groupKey(st.doc.Group.GroupID)
	var count uint64
	if change.Base > 0 && len(change.Admit) > 0 {
		last, err := x.server.heads.get(ctx, k)
		if err != nil {
			return err
		}
		count = last.U
	}
	var mu sync.Mutex // guards st.members
	return forEach(change.Admit, func(u im.UserID) error {
		mu.Lock()
		_, ok := st.members[u]
		mu.Unlock()
		if ok {
			return nil // done before a crash
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
		mu.Lock()
		defer mu.Unlock()
		st.members[u] = m
		return nil
	})
}

// tell stores the tips and notices of a change. Their ids follow from the
// change, so each is stored once.
func (x *groups) tell(ctx context.Context, st *groupState, change *intent) error {
	for i, p := range change.Tips {
		p.MemberCount = len(st.members)
		payload, err := marshalPlain(p)
		if err != nil {
			return err
		}
		r := &record{
			key: groupKey(st.doc.Group.GroupID), from: im.SystemUser, kind: im.MsgGroupTip,
			id:   changeID(st, fmt.Sprint("t", i)),
			body: body{Payload: json.RawMessage(payload)},
		}
		if !st.doc.Group.Type.Stored() {
			r.time = change.Time
			x.server.hub.deliver(ctx, r, "")
			continue
		}
		if _, _, err := x.server.actors.append(ctx, r, change.Base, ""); err != nil {
			return err
		}
	}
	for i, n := range change.Notices {
		err := forEach(n.To, func(u im.UserID) error {
			return x.server.notify(ctx, u, changeID(st, fmt.Sprint("n", i, "-", u)), n.Payload)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// announce lets the devices of those concerned ask for the group again.
func (x *groups) announce(st *groupState, change *intent) {
	k, conv := groupKey(st.doc.Group.GroupID), im.GroupConversation(st.doc.Group.GroupID)
	for _, u := range change.Remove {
		x.server.hub.event(u, "", k, wire.Event{K: wire.EvConvGone, Conversation: conv})
	}
	changed := wire.Event{K: wire.EvConvChanged, Conversation: conv}
	if change.Show || change.Profile != nil {
		x.server.hub.groupEvent(st, changed)
		return
	}
	told := map[im.UserID]bool{}
	for _, u := range change.Admit {
		told[u] = true
	}
	for u := range change.Change {
		told[u] = true
	}
	if len(told) > 0 {
		told[change.Operator] = true
	}
	for u := range told {
		if st.sees(u) {
			x.server.hub.event(u, "", k, changed)
		}
	}
}

// changeID is the message id of what is told of the change that a group is
// going through.
func changeID(st *groupState, part string) im.MessageID {
	sum := sha256.Sum256([]byte(st.doc.Group.GroupID))
	return im.MessageID(fmt.Sprintf("%s-%s-%d-%s", im.SystemUser, lower32(sum[:10]), st.doc.Changes, part))
}

// forEach calls f for all users, some at a time, and returns what went wrong.
func forEach(users []im.UserID, f func(im.UserID) error) error {
	var (
		wg    sync.WaitGroup
		mu    sync.Mutex
		fail  error
		slots = make(chan struct{}, sideBySide)
	)
	for _, u := range users {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			if err := f(u); err != nil {
				mu.Lock()
				fail = errors.Join(fail, err)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return fail
}
