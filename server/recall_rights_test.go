package server

import (
	"testing"
	"time"

	"magpie/im"
)

// Who may recall what, and when.
func TestRevokeRights(t *testing.T) {
	clock := newClock()
	s := open(t, func(o *Options) { o.Now = clock.now; o.RevokeWindow = time.Minute })
	owner, admin, bob, carol := connect(t, s, "owner", "o"), connect(t, s, "admin", "a"), connect(t, s, "bob", "b"), connect(t, s, "carol", "c")
	if owner.welcome.Limits.RevokeWindow != 60 {
		t.Errorf("hello says %d s", owner.welcome.Limits.RevokeWindow)
	}
	g, err := owner.createGroup(im.Group{Name: "Birds", Type: im.GroupPublic}, "admin", "bob")
	if err != nil {
		t.Fatal(err)
	}
	conv := im.GroupConversation(g.Group.GroupID)
	makeAdmin(t, s, g.Group.GroupID, "admin")
	refused := func(c *client, conv im.ConversationID, n uint64, id im.MessageID, code im.Code, what string) {
		t.Helper()
		before := s.lastNumber(t, c.user, conv)
		_, err := c.revoke(conv, n, id)
		wantCode(t, err, code, what)
		if after := s.lastNumber(t, c.user, conv); after != before {
			t.Errorf("%s: the conversation went from %d to %d", what, before, after)
		}
	}
	ofBob, ofOwner, ofAdmin := bob.say(conv, "bob's").Sequence, owner.say(conv, "owner's").Sequence, admin.say(conv, "admin's").Sequence
	refused(bob, conv, 1, "", im.CodeRevokeUnsupported, "a tip")
	refused(bob, conv, 99, "", im.CodeRevokeNotFound, "no such number")
	refused(bob, conv, 0, "", im.CodeRevokeNotFound, "number 0")
	refused(bob, conv, ofBob, "bob-b-999999", im.CodeRevokeNotFound, "another id")
	refused(bob, conv, ofOwner, "", im.CodeGroupPermission, "a member the owner's")
	refused(admin, conv, ofOwner, "", im.CodeGroupPermission, "an admin the owner's")
	refused(carol, conv, ofBob, "", im.CodeGroupPermission, "no member")
	refused(bob, im.SystemConversation, 1, "", im.CodeRevokeUnsupported, "a notice")
	refused(bob, "GROUPnowhere", 1, "", im.CodeGroupNotFound, "no such group")
	clock.add(time.Minute + time.Millisecond)
	refused(bob, conv, ofBob, "", im.CodeRevokeTooLate, "too late")
	recall := admin.mustRevoke(conv, ofBob).Sequence
	refused(bob, conv, ofBob, "", im.CodeRevokeNotFound, "recalled before")
	refused(owner, conv, recall, "", im.CodeRevokeUnsupported, "a recall")
	owner.mustRevoke(conv, ofAdmin)
	owner.mustRevoke(conv, ofOwner)
	left := bob.say(conv, "and gone").Sequence
	if err := bob.quit(g.Group.GroupID); err != nil {
		t.Fatal(err)
	}
	refused(bob, conv, left, "", im.CodeGroupPermission, "who left")
	admin.mustRevoke(conv, left)

	mine := bob.say("C2Ccarol", "hi").Sequence
	refused(carol, "C2Cbob", mine, "", im.CodeRevokeNotFoundC2C, "the other side's")
	refused(bob, "C2Ccarol", mine+1, "", im.CodeRevokeNotFoundC2C, "no such number")
	refused(bob, "C2Cnobody", 1, "", im.CodeC2CUserNotFound, "nobody")
	clock.add(time.Minute)
	bob.mustRevoke("C2Ccarol", mine)
	refused(bob, "C2Ccarol", mine, "", im.CodeAlreadyRevoked, "twice")
	refused(bob, "C2Ccarol", mine+1, "", im.CodeRevokeNotFoundC2C, "a recall")
	late := bob.say("C2Ccarol", "late").Sequence
	clock.add(time.Minute + time.Millisecond)
	refused(bob, "C2Ccarol", late, "", im.CodeRevokeTooLateC2C, "too late")

	room, err := owner.createGroup(im.Group{Name: "Live", Type: im.GroupAVChatRoom})
	if err != nil {
		t.Fatal(err)
	}
	refused(owner, im.GroupConversation(room.Group.GroupID), 1, "", im.CodeRevokeGroupType, "a live room")
}

// makeAdmin writes the role straight into the group's record.
func makeAdmin(t *testing.T, s *Server, g im.GroupID, u im.UserID) {
	t.Helper()
	st, err := s.groups.get(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	m := st.members[u]
	m.Role = im.RoleAdmin
	if _, err := s.groups.members.put(t.Context(), memberKey(g, u), m); err != nil {
		t.Fatal(err)
	}
	s.groups.forget(g)
}

func (s *Server) lastNumber(t *testing.T, u im.UserID, conv im.ConversationID) uint64 {
	t.Helper()
	k, err := keyFor(u, conv)
	if err != nil {
		t.Fatal(err)
	}
	last, err := s.log.head(t.Context(), k)
	if err != nil {
		t.Fatal(err)
	}
	if last == nil {
		return 0
	}
	return last.n
}

// Without a limit of time, an old message goes as well.
func TestRevokeWithoutWindow(t *testing.T) {
	clock := newClock()
	s := open(t, func(o *Options) { o.Now = clock.now; o.RevokeWindow = -1 })
	alice := connect(t, s, "alice", "a")
	accountFor(t, s, "bob")
	alice.say("C2Cbob", "old")
	clock.add(1000 * time.Hour)
	if alice.welcome.Limits.RevokeWindow != -1 {
		t.Errorf("hello says %d", alice.welcome.Limits.RevokeWindow)
	}
	alice.mustRevoke("C2Cbob", 1)
}

// Who left a group and came back may recall what it said before, by the id that
// its devices still have, and reaches nothing else from before.
func TestRevokeFromBeforeComingBack(t *testing.T) {
	s := open(t, nil)
	owner, bob, carol := connect(t, s, "owner", "o"), connect(t, s, "bob", "b"), connect(t, s, "carol", "c")
	g, err := owner.createGroup(im.Group{Name: "Birds", Type: im.GroupPublic}, "bob")
	if err != nil {
		t.Fatal(err)
	}
	conv := im.GroupConversation(g.Group.GroupID)
	ofOwner, ofBob := owner.say(conv, "owner's"), bob.say(conv, "bob's")
	if err := bob.quit(g.Group.GroupID); err != nil {
		t.Fatal(err)
	}
	if _, err := owner.invite(g.Group.GroupID, "bob", "carol"); err != nil {
		t.Fatal(err)
	}
	_, err = bob.revoke(conv, ofBob.Sequence, "")
	wantCode(t, err, im.CodeRevokeNotFound, "by its number alone")
	_, err = bob.revoke(conv, ofOwner.Sequence, ofBob.ID)
	wantCode(t, err, im.CodeRevokeNotFound, "another's number")
	_, err = bob.revoke(conv, ofOwner.Sequence, ofOwner.ID)
	wantCode(t, err, im.CodeGroupPermission, "the owner's")
	_, err = carol.revoke(conv, ofBob.Sequence, "")
	wantCode(t, err, im.CodeRevokeNotFound, "of one who was never there")
	if _, err := bob.revoke(conv, ofBob.Sequence, ofBob.ID); err != nil {
		t.Fatalf("bob's own: %v", err)
	}
	if got := owner.recallOf(ofBob.Sequence).Message; got.Revokes == nil || got.Revokes.ID != ofBob.ID {
		t.Errorf("the owner was told %+v", got)
	}
}
