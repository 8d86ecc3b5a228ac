package server

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"magpie/im"
	"magpie/im/wire"
)

func tipOf(t *testing.T, m im.Message) im.GroupTipPayload {
	t.Helper()
	p, ok := m.Payload.(im.GroupTipPayload)
	if !ok || m.From != im.SystemUser || m.Type != im.MsgGroupTip {
		t.Fatalf("not a tip: %+v", m)
	}
	return p
}

func TestGroupTalk(t *testing.T) {
	s := open(t, nil)
	alice, bob := connect(t, s, "alice", "a1"), connect(t, s, "bob", "b1")
	carol := connect(t, s, "carol", "c1")
	if _, err := s.accounts.setProfile(t.Context(), "bob", im.Profile{Nick: "鲍勃"}); err != nil {
		t.Fatal(err)
	}
	reply, err := alice.createGroup(im.Group{GroupID: "g one.*>", Name: "Team", Type: im.GroupWork}, "bob", "alice", "nobody", "bob")
	if err != nil {
		t.Fatal(err)
	}
	g, conv := reply.Group.GroupID, im.GroupConversation("g one.*>")
	if len(reply.Results) != 2 || reply.Results[0].Result != 1 || reply.Results[1].Error == nil || reply.Results[1].Error.Code != im.CodeGroupUserNotFound {
		t.Errorf("results %+v", reply.Results)
	}
	if reply.Group.OwnerID != "alice" || reply.Group.MemberCount != 2 || reply.Group.SelfInfo.Role != im.RoleOwner {
		t.Errorf("group %+v", reply.Group)
	}
	// Nobody but the owner sees a work group before the owner speaks.
	if l := bob.convs(); len(l.List) != 0 {
		t.Errorf("bob's list has %+v", l.List)
	}
	_, err = bob.trySend(bob.text(conv, "early"), 0, im.SendOptions{})
	wantCode(t, err, im.CodeGroupPermission, "a member of a hidden group speaks")
	bob.nothing(s, func(line []byte) bool { return strings.Contains(string(line), "g one") })
	alice.say(conv, "one")
	if e := bob.event(wire.EvConvChanged); e.Conversation != conv {
		t.Errorf("bob hears %+v", e)
	}
	bob.message("one")
	bob.say(conv, "two")
	m := alice.message("two")
	if m.Message.ConversationID != conv || m.Message.To != string(g) || m.Message.Flow != im.FlowIn || m.Unread != 2 { // the tip and this
		t.Errorf("alice sees %+v, unread %d", m.Message, m.Unread)
	}
	// Carol comes later and sees nothing of what was.
	if _, err := bob.invite(g, "carol", "alice"); err != nil {
		t.Fatalf("in a Work group every member invites: %v", err)
	}
	carol.event(wire.EvConvChanged)
	alice.say(conv, "three")
	if m := carol.message("three"); m.Unread != 2 {
		t.Errorf("carol's unread %d, want 2", m.Unread)
	}
	row := carol.conv(conv)
	if row.First != 4 || row.Last != 5 || row.UnreadCount != 2 || row.GroupProfile.MemberCount != 3 || row.SubType != im.GroupWork {
		t.Errorf("carol's row %+v", row)
	}
	seen := carol.history(conv)
	if len(seen) != 2 || seen[0].Sequence != 4 {
		t.Errorf("carol's history %+v", seen)
	}
	forward, err := carol.pull(wire.Pull{Conversation: conv, Forward: true})
	if err != nil || len(forward.Messages) != 2 || forward.First != 4 || !forward.IsCompleted {
		t.Errorf("carol pulls forward %+v, %v", forward, err)
	}
	all := alice.history(conv)
	join := tipOf(t, all[0])
	if join.OperationType != im.TipMemberJoin || join.OperatorID != "alice" || !slices.Equal(join.UserIDList, []im.UserID{"bob"}) ||
		join.Names["bob"] != "鲍勃" || join.GroupProfile.Name != "Team" || join.MemberCount != 2 {
		t.Errorf("first tip %+v", join)
	}
	if later := tipOf(t, all[3]); !slices.Equal(later.UserIDList, []im.UserID{"carol"}) || later.OperatorID != "bob" {
		t.Errorf("tip of the invitation %+v", later)
	}
	// The owner of a Work group may leave it without one.
	if err := alice.quit(g); err != nil {
		t.Fatal(err)
	}
	alice.event(wire.EvConvGone)
	// Being both who left and who did it, the user was told twice.
	alice.nothing(s, func(line []byte) bool { return strings.Contains(string(line), `"`+wire.EvConvGone+`"`) })
	tip := push(bob, wire.TMessage, func(m wire.Message) bool {
		p, ok := m.Message.Payload.(im.GroupTipPayload)
		return ok && p.OperationType == im.TipMemberQuit
	})
	if p := tipOf(t, tip.Message); p.OperatorID != "alice" || p.MemberCount != 2 {
		t.Errorf("tip of leaving %+v", p)
	}
	if _, err := alice.trySend(alice.text(conv, "still here?"), 0, im.SendOptions{}); im.CodeOf(err) != im.CodeGroupPermission {
		t.Errorf("who has left sends: %v", err)
	}
	if _, err := alice.pull(wire.Pull{Conversation: conv}); im.CodeOf(err) != im.CodeGroupPermission {
		t.Errorf("who has left reads: %v", err)
	}
	if l := alice.convs(); len(l.List) != 1 || l.List[0].ConversationID != im.SystemConversation {
		t.Errorf("the list of who has left: %+v", l.List)
	}
	info := wire.GroupRef{Head: bob.head(wire.TGroupInfo), Group: g}
	if r, err := ask[wire.GroupReply](bob, info.I, info); err != nil || r.Group.OwnerID != "" || r.Group.MemberCount != 2 {
		t.Errorf("group without owner: %+v, %v", r.Group, err)
	}
}

// What each type of group allows to whom.
func TestGroupMatrix(t *testing.T) {
	s := open(t, nil)
	owner, member := connect(t, s, "owner", "o"), connect(t, s, "member", "m")
	stranger := connect(t, s, "stranger", "s")
	accountFor(t, s, "guest")
	for _, c := range []struct {
		kind                              im.GroupType
		create, memberInvites, ownerQuits im.Code
		unread                            uint64
		first                             uint64 // what one who came later may read from
		strangerSees                      im.Code
	}{
		{im.GroupWork, 0, 0, 0, 2, 3, im.CodeGroupPermission},
		{im.GroupPublic, 0, im.CodeGroupPermission, im.CodeOwnerMayNotQuit, 2, 3, 0},
		{im.GroupMeeting, 0, im.CodeGroupPermission, im.CodeOwnerMayNotQuit, 0, 1, 0},
		{im.GroupAVChatRoom, im.CodeGroupNoInvite, im.CodeGroupNoInvite, im.CodeOwnerMayNotQuit, 0, 1, 0},
		{"Odd", im.CodeInvalidGroupType, 0, 0, 0, 0, 0},
	} {
		t.Run(string(c.kind), func(t *testing.T) {
			g := im.Group{Name: "x", Type: c.kind}
			reply, err := owner.createGroup(g, "member")
			wantCode(t, err, c.create, "create with a member")
			if c.kind == "Odd" {
				return
			}
			if c.create != 0 {
				if reply, err = owner.createGroup(g); err != nil {
					t.Fatal(err)
				}
			}
			id := reply.Group.GroupID
			if !strings.HasPrefix(string(id), im.GroupIDPrefix) {
				t.Errorf("the server's own id is %s", id)
			}
			conv := im.GroupConversation(id)
			owner.say(conv, "hi")
			if c.create == 0 {
				if got := member.conv(conv).UnreadCount; got != c.unread {
					t.Errorf("unread %d, want %d", got, c.unread)
				}
				_, err = member.invite(id, "guest")
				wantCode(t, err, c.memberInvites, "a member invites")
				if _, err := owner.invite(id, "guest"); err != nil {
					t.Errorf("the owner invites: %v", err)
				}
				e, ok, err := s.inboxes.get(t.Context(), "guest", groupKey(id))
				if err != nil || !ok || e.first() != c.first {
					t.Errorf("a late member reads from %d (%v, %v), want %d", e.first(), ok, err, c.first)
				}
				if err := member.quit(id); err != nil {
					t.Errorf("a member leaves: %v", err)
				}
			} else {
				_, err = owner.invite(id, "guest")
				wantCode(t, err, c.memberInvites, "the owner invites")
			}
			wantCode(t, owner.quit(id), c.ownerQuits, "the owner leaves")
			info := wire.GroupRef{Head: stranger.head(wire.TGroupInfo), Group: id}
			_, err = ask[wire.GroupReply](stranger, info.I, info)
			wantCode(t, err, c.strangerSees, "a stranger asks for the profile")
			for _, kind := range []string{wire.TGroupMembers, wire.TGroupQuit} {
				f := wire.GroupRef{Head: stranger.head(kind), Group: id}
				_, err = ask[wire.OK](stranger, f.I, f)
				wantCode(t, err, im.CodeGroupPermission, "a stranger's "+kind)
			}
			_, err = stranger.trySend(stranger.text(conv, "psst"), 0, im.SendOptions{})
			wantCode(t, err, im.CodeGroupPermission, "a stranger sends")
			_, err = stranger.pull(wire.Pull{Conversation: conv})
			wantCode(t, err, im.CodeGroupPermission, "a stranger reads")
		})
	}
}

func TestGroupIDs(t *testing.T) {
	s := open(t, nil)
	alice, bob := connect(t, s, "alice", "a"), connect(t, s, "bob", "b")
	if _, err := alice.createGroup(im.Group{GroupID: "mine", Name: "x", Type: im.GroupWork}); err != nil {
		t.Fatal(err)
	}
	_, err := bob.createGroup(im.Group{GroupID: "mine", Name: "x", Type: im.GroupWork})
	wantCode(t, err, im.CodeGroupIDTaken, "another's id")
	_, err = alice.createGroup(im.Group{GroupID: "mine", Name: "x", Type: im.GroupWork})
	wantCode(t, err, im.CodeGroupIDOwned, "one's own id")
	_, err = alice.invite("missing", "bob")
	wantCode(t, err, im.CodeGroupNotFound, "a group that is not there")
	_, err = alice.pull(wire.Pull{Conversation: "GROUPmissing"})
	wantCode(t, err, im.CodeGroupNotFound, "history of a group that is not there")
}

// Members come in pages with the owner first, and a group of more than 200 is
// reached through its own subject.
func TestLargeGroup(t *testing.T) {
	s := open(t, nil)
	alice, last := connect(t, s, "alice", "a"), connect(t, s, "user249", "u")
	var users []im.UserID
	for i := range 250 {
		users = append(users, im.UserID(fmt.Sprintf("user%03d", i)))
	}
	accountFor(t, s, users...)
	reply, err := alice.createGroup(im.Group{GroupID: "large", Name: "x", Type: im.GroupPublic}, users[:100]...)
	if err != nil {
		t.Fatal(err)
	}
	_, err = alice.invite("large", users[100:201]...)
	wantCode(t, err, im.CodeTooManyAccounts, "101 invited at once")
	for _, part := range [][]im.UserID{users[100:200], users[200:]} {
		if reply, err = alice.invite("large", part...); err != nil {
			t.Fatal(err)
		}
	}
	if reply.Group.MemberCount != 251 {
		t.Errorf("%d members, want 251", reply.Group.MemberCount)
	}
	var listed []im.UserID
	cursor := ""
	for {
		f := wire.GroupRef{Head: alice.head(wire.TGroupMembers), Group: "large", Cursor: cursor}
		page, err := ask[wire.GroupMemberList](alice, f.I, f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range page.Members {
			listed = append(listed, m.UserID)
		}
		if cursor = page.Cursor; cursor == "" {
			break
		}
	}
	if len(listed) != 251 || listed[0] != "alice" {
		t.Errorf("%d listed, first %s", len(listed), listed[0])
	}
	slices.Sort(listed)
	if len(slices.Compact(listed)) != 251 {
		t.Error("members are listed twice")
	}
	alice.say("GROUPlarge", "everybody")
	if m := last.message("everybody"); m.Unread != 2 { // the tip of its joining and this
		t.Errorf("unread %d, want 2", m.Unread)
	}
	alice.nothing(s, func(line []byte) bool { return strings.Contains(string(line), "everybody") })
}

// A change that a crash interrupted is finished at the next start, once.
func TestGroupChangeSurvivesCrash(t *testing.T) {
	dir := t.TempDir()
	s := reopen(t, dir, nil)
	alice := connect(t, s, "alice", "a")
	accountFor(t, s, "bob", "carol")
	if _, err := alice.createGroup(im.Group{GroupID: "g", Name: "x", Type: im.GroupPublic}, "bob"); err != nil {
		t.Fatal(err)
	}
	st, err := s.groups.get(t.Context(), "g")
	if err != nil {
		t.Fatal(err)
	}
	// Carol was invited and the process died: at first before anything else,
	// then with all done but the clearing of the intent.
	next := *st
	next.doc.Group.InfoSequence++
	next.doc.Changes++
	next.doc.Intent = &intent{Operator: "alice", Time: s.now(), Base: 1, Admit: []im.UserID{"carol"}}
	if err := s.planInvite(t.Context(), &next, next.doc.Intent, invited{joining: []im.UserID{"carol"}}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		e, err := s.groups.table.put(t.Context(), "g", next.doc)
		if err != nil || e == 0 {
			t.Fatal(err)
		}
		shut(t, s)
		s = reopen(t, dir, nil)
		carol := connect(t, s, "carol", "c")
		row := carol.conv("GROUPg")
		if row.First != 2 || row.Last != 2 || row.GroupProfile.MemberCount != 3 {
			t.Errorf("carol's row %+v", row)
		}
		if all := carol.history("GROUPg"); len(all) != 1 || tipOf(t, all[0]).UserIDList[0] != "carol" {
			t.Errorf("carol's history %+v", all)
		}
		if st, err := s.groups.get(t.Context(), "g"); err != nil || st.doc.Intent != nil {
			t.Errorf("the intent is still there: %v, %v", st.doc.Intent, err)
		}
	}
}

// Every kind of change that died at any point is finished by the next start: as
// it was to be, once, whatever of it had been done.
func TestChangesSurviveCrash(t *testing.T) {
	for name, c := range map[string]struct {
		do    func(owner *client, request im.GroupNoticePayload) error
		check func(t *testing.T, s *Server, dave *client)
	}{
		"dismiss": {
			func(owner *client, _ im.GroupNoticePayload) error { return owner.dismiss("g") },
			func(t *testing.T, s *Server, dave *client) {
				_, err := s.groups.get(t.Context(), "g")
				wantCode(t, err, im.CodeGroupNotFound, "the dismissed group")
				for _, u := range []im.UserID{"owner", "bob"} {
					c := connect(t, s, u, "x")
					if l := c.convs().List; len(l) != 1 || l[0].ConversationID != im.SystemConversation {
						t.Errorf("%s's list %+v", u, l)
					}
					if ops := c.notices(); ops[len(ops)-1] != im.NoticeDismissed || slices.Index(ops, im.NoticeDismissed) != len(ops)-1 {
						t.Errorf("%s's notices %v", u, ops)
					}
				}
			},
		},
		"agree": {
			func(owner *client, request im.GroupNoticePayload) error {
				return owner.answer(request, "dave", im.HandleAgree, "")
			},
			func(t *testing.T, s *Server, dave *client) {
				if n := len(dave.members("g")); n != 3 {
					t.Errorf("%d members, want 3", n)
				}
				if ops := dave.notices(); !slices.Equal(ops, []im.GroupNoticeOperation{im.NoticeJoinAccepted}) {
					t.Errorf("dave's notices %v", ops)
				}
				if tips := connect(t, s, "owner", "x").tips("GROUPg"); !slices.Equal(tips, []im.GroupTipOperation{im.TipMemberJoin, im.TipMemberJoin}) {
					t.Errorf("tips %v", tips)
				}
				var a application
				if _, err := s.groups.applications.get(t.Context(), applicationKey(applyRequest, "g", "dave"), &a); !errors.Is(err, errNoMessage) {
					t.Errorf("the request can still be answered: %+v, %v", a, err)
				}
			},
		},
		"transfer": {
			func(owner *client, _ im.GroupNoticePayload) error { return owner.transfer("g", "bob") },
			func(t *testing.T, s *Server, _ *client) {
				bob := connect(t, s, "bob", "x")
				if m := bob.members("g"); m[0].UserID != "bob" || m[0].Role != im.RoleOwner || m[1].Role != im.RoleMember {
					t.Errorf("members %+v", m)
				}
				if tips := bob.tips("GROUPg"); !slices.Equal(tips, []im.GroupTipOperation{im.TipMemberJoin, im.TipGroupProfileUpdated}) {
					t.Errorf("tips %v", tips)
				}
			},
		},
	} {
		// The change is recorded and nothing else done; then all of it is done but
		// that it is.
		for _, done := range []bool{false, true} {
			t.Run(fmt.Sprint(name, " ", done), func(t *testing.T) {
				dir := t.TempDir()
				s := reopen(t, dir, nil)
				owner, dave := connect(t, s, "owner", "o"), connect(t, s, "dave", "d")
				accountFor(t, s, "bob")
				owner.mustCreate(im.Group{GroupID: "g", Name: "x", Type: im.GroupPublic}, "bob")
				if _, err := dave.join("g", ""); err != nil {
					t.Fatal(err)
				}
				request, _ := owner.notice(im.NoticeJoinRequest)
				planned := make(chan groupDoc, 1)
				s.groups.planned = func(doc groupDoc) bool {
					planned <- doc
					return done
				}
				if err := c.do(owner, request); (err == nil) != done {
					t.Fatalf("the change: %v", err)
				}
				doc := <-planned
				if done {
					if _, err := s.groups.table.put(t.Context(), "g", doc); err != nil {
						t.Fatal(err)
					}
				}
				shut(t, s)
				s = reopen(t, dir, nil)
				c.check(t, s, connect(t, s, "dave", "d"))
			})
		}
	}
}
