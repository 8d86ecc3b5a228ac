package server

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"magpie/im"
	"magpie/im/wire"
)

func (c *client) setGroup(g im.GroupID, set im.GroupChange) (wire.GroupReply, error) {
	f := wire.GroupSet{Head: c.head(wire.TGroupSet), Group: g, Set: set}
	return ask[wire.GroupReply](c, f.I, f)
}

func (c *client) join(g im.GroupID, words string) (wire.GroupJoined, error) {
	f := wire.GroupJoin{Head: c.head(wire.TGroupJoin), Group: g, HandleMessage: words}
	return ask[wire.GroupJoined](c, f.I, f)
}

// answer answers the application that a notice tells of.
func (c *client) answer(n im.GroupNoticePayload, user im.UserID, action im.HandleAction, words string) error {
	f := wire.GroupAnswer{
		Head: c.head(wire.TGroupAnswer), Group: n.GroupProfile.GroupID, User: user, Action: action, HandleMessage: words,
		MessageKey: n.MessageKey, Authentication: n.Authentication,
	}
	_, err := ask[wire.OK](c, f.I, f)
	return err
}

func (c *client) kickMembers(g im.GroupID, reason string, users ...im.UserID) error {
	f := wire.GroupKick{Head: c.head(wire.TGroupKick), Group: g, Users: users, Reason: reason}
	_, err := ask[wire.OK](c, f.I, f)
	return err
}

func (c *client) dismiss(g im.GroupID) error {
	f := wire.GroupRef{Head: c.head(wire.TGroupDismiss), Group: g}
	_, err := ask[wire.OK](c, f.I, f)
	return err
}

func (c *client) transfer(g im.GroupID, to im.UserID) error {
	f := wire.GroupTransfer{Head: c.head(wire.TGroupTransfer), Group: g, User: to}
	_, err := ask[wire.OK](c, f.I, f)
	return err
}

func (c *client) setMember(f wire.GroupMember) error {
	f.Head = c.head(wire.TGroupMember)
	_, err := ask[wire.OK](c, f.I, f)
	return err
}

func (c *client) role(g im.GroupID, u im.UserID, role im.Role) error {
	return c.setMember(wire.GroupMember{Group: g, User: u, Role: role})
}

func (c *client) mute(g im.GroupID, u im.UserID, seconds int64) error {
	return c.setMember(wire.GroupMember{Group: g, User: u, MuteTime: &seconds})
}

func (c *client) info(g im.GroupID) (im.Group, error) {
	f := wire.GroupRef{Head: c.head(wire.TGroupInfo), Group: g}
	r, err := ask[wire.GroupReply](c, f.I, f)
	return r.Group, err
}

func (c *client) members(g im.GroupID) []im.GroupMember {
	c.t.Helper()
	f := wire.GroupRef{Head: c.head(wire.TGroupMembers), Group: g}
	r, err := ask[wire.GroupMemberList](c, f.I, f)
	if err != nil {
		c.t.Fatalf("members of %s: %v", g, err)
	}
	return r.Members
}

// tip waits for the push of a tip.
func (c *client) tip(op im.GroupTipOperation) im.GroupTipPayload {
	c.t.Helper()
	m := push(c, wire.TMessage, func(m wire.Message) bool {
		p, ok := m.Message.Payload.(im.GroupTipPayload)
		return ok && p.OperationType == op
	})
	return m.Message.Payload.(im.GroupTipPayload)
}

// notice waits for the push of a notice.
func (c *client) notice(op im.GroupNoticeOperation) (im.GroupNoticePayload, wire.Message) {
	c.t.Helper()
	m := push(c, wire.TMessage, func(m wire.Message) bool {
		p, ok := m.Message.Payload.(im.GroupNoticePayload)
		return ok && p.OperationType == op
	})
	return m.Message.Payload.(im.GroupNoticePayload), m
}

// notices are the operations of all stored notices of the client's user.
func (c *client) notices() (ops []im.GroupNoticeOperation) {
	c.t.Helper()
	for _, m := range c.history(im.SystemConversation) {
		ops = append(ops, m.Payload.(im.GroupNoticePayload).OperationType)
	}
	return ops
}

// tips are the operations of all stored tips of a conversation.
func (c *client) tips(conv im.ConversationID) (ops []im.GroupTipOperation) {
	c.t.Helper()
	for _, m := range c.history(conv) {
		if p, ok := m.Payload.(im.GroupTipPayload); ok {
			ops = append(ops, p.OperationType)
		}
	}
	return ops
}

func (c *client) mustCreate(g im.Group, members ...im.UserID) im.GroupID {
	c.t.Helper()
	r, err := c.createGroup(g, members...)
	if err != nil {
		c.t.Fatalf("create: %v", err)
	}
	return r.Group.GroupID
}

// Who wants to join asks; the first of the admins who answers decides, the
// other is told so, and a request that was renewed cannot be answered by its old
// notice.
func TestApplyToJoin(t *testing.T) {
	s := open(t, nil)
	owner, admin, dave := connect(t, s, "owner", "o"), connect(t, s, "admin", "a"), connect(t, s, "dave", "d")
	if _, err := s.accounts.setProfile(t.Context(), "dave", im.Profile{Nick: "大卫"}); err != nil {
		t.Fatal(err)
	}
	owner.mustCreate(im.Group{GroupID: "birds", Name: "Birds", Type: im.GroupPublic}, "admin")
	if err := owner.role("birds", "admin", im.RoleAdmin); err != nil {
		t.Fatal(err)
	}
	joined, err := dave.join("birds", "I am Dave")
	if err != nil || joined.Status != im.JoinWaitApproval || joined.Group.Name != "Birds" || joined.Group.SelfInfo != nil {
		t.Fatalf("asking: %+v, %v", joined, err)
	}
	old, m := owner.notice(im.NoticeJoinRequest)
	if old.OperatorID != "dave" || old.HandleMessage != "I am Dave" || old.Names["dave"] != "大卫" || old.GroupProfile.Name != "Birds" ||
		m.Message.ConversationID != im.SystemConversation || !m.Message.IsSystemMessage || m.Message.From != im.SystemUser || m.Unread != 1 {
		t.Errorf("the request %+v in %+v, unread %d", old, m.Message, m.Unread)
	}
	if _, err := dave.join("birds", "again"); err != nil {
		t.Fatal(err)
	}
	fresh, _ := owner.notice(im.NoticeJoinRequest)
	seen, _ := admin.notice(im.NoticeJoinRequest)
	if seen.Authentication != old.Authentication || fresh.Authentication == old.Authentication {
		t.Error("requests and their proofs do not go together")
	}
	wantCode(t, owner.answer(old, "dave", im.HandleAgree, ""), im.CodeRequestHandled, "the notice of a renewed request")
	forged := fresh
	forged.Authentication = strings.Repeat("0", 32)
	wantCode(t, owner.answer(forged, "dave", im.HandleAgree, ""), im.CodeRequestHandled, "a made-up proof")
	wantCode(t, dave.answer(fresh, "owner", im.HandleAgree, ""), im.CodeGroupPermission, "a stranger answers")
	wantCode(t, owner.answer(fresh, "dave", "Maybe", ""), im.CodeInvalidGroupParameter, "another action")
	wantCode(t, owner.answer(fresh, "dave", im.HandleAgree, strings.Repeat("x", 301)), im.CodeInvalidGroupParameter, "long words")

	// Both answer at once, one way and the other.
	var answers [2]error
	var wg sync.WaitGroup
	wg.Go(func() { answers[0] = owner.answer(fresh, "dave", im.HandleAgree, "welcome") })
	wg.Go(func() { answers[1] = admin.answer(fresh, "dave", im.HandleReject, "no") })
	wg.Wait()
	if (answers[0] == nil) == (answers[1] == nil) {
		t.Fatalf("answers %v", answers)
	}
	for _, err := range answers {
		if err != nil {
			wantCode(t, err, im.CodeRequestHandled, "the second answer")
		}
	}
	if answers[0] == nil {
		if n, _ := dave.notice(im.NoticeJoinAccepted); n.HandleMessage != "welcome" || n.OperatorID != "owner" {
			t.Errorf("accepted: %+v", n)
		}
		if p := owner.tip(im.TipMemberJoin); p.GroupJoinType != im.JoinedByApplying || p.Names["dave"] != "大卫" || p.MemberCount != 3 {
			t.Errorf("tip of joining %+v", p)
		}
	} else if n, _ := dave.notice(im.NoticeJoinRefused); n.HandleMessage != "no" || n.OperatorID != "admin" {
		t.Errorf("refused: %+v", n)
	}
	if got := len(dave.history(im.SystemConversation)); got != 1 {
		t.Errorf("dave has %d notices, want 1", got)
	}
}

// Joining as the options and types have it.
func TestJoinOptions(t *testing.T) {
	s := open(t, nil)
	owner, dave := connect(t, s, "owner", "o"), connect(t, s, "dave", "d")
	other := connect(t, s, "dave", "d2")
	free, disabled := im.JoinFree, im.JoinDisabled
	for _, c := range []struct {
		group  im.Group
		status im.JoinStatus
		code   im.Code
	}{
		{im.Group{GroupID: "open", Name: "x", Type: im.GroupPublic, JoinOption: free}, im.JoinSuccess, 0},
		{im.Group{GroupID: "shut", Name: "x", Type: im.GroupPublic, JoinOption: disabled}, "", im.CodeGroupPermission},
		{im.Group{GroupID: "meet", Name: "x", Type: im.GroupMeeting}, im.JoinSuccess, 0},
		{im.Group{GroupID: "live", Name: "x", Type: im.GroupAVChatRoom}, im.JoinSuccess, 0},
		{im.Group{GroupID: "work", Name: "x", Type: im.GroupWork}, "", im.CodeCannotJoinWork},
	} {
		g := owner.mustCreate(c.group)
		got, err := dave.join(g, "")
		wantCode(t, err, c.code, "joining "+string(g))
		if got.Status != c.status {
			t.Errorf("joining %s: %s, want %s", g, got.Status, c.status)
		}
		if c.code != 0 {
			continue
		}
		if got.Group.SelfInfo == nil || got.Group.SelfInfo.Role != im.RoleMember || got.Group.MemberCount != 2 {
			t.Errorf("the group after joining: %+v", got.Group)
		}
		if e := other.event(wire.EvConvChanged); e.Conversation != im.GroupConversation(g) {
			t.Errorf("the other device hears %+v", e)
		}
		if got, err := dave.join(g, ""); err != nil || got.Status != im.JoinAlreadyInGroup {
			t.Errorf("joining %s twice: %s, %v", g, got.Status, err)
		}
	}
	if got, want := owner.tips("GROUPmeet"), []im.GroupTipOperation(nil); !slices.Equal(got, want) {
		t.Errorf("a meeting tells of members: %v", got)
	}
	_, err := dave.join("nowhere", "")
	wantCode(t, err, im.CodeGroupNotFound, "no such group")
	_, err = dave.join("shut", strings.Repeat("x", 301))
	wantCode(t, err, im.CodeInvalidGroupParameter, "long words")
}

// Those who want to be asked are, and those who want nothing are left alone.
func TestInvitationsAsk(t *testing.T) {
	s := open(t, nil)
	owner, shy := connect(t, s, "owner", "o"), connect(t, s, "shy", "s")
	accountFor(t, s, "never", "any")
	for u, allow := range map[im.UserID]im.AllowType{"shy": im.AllowNeedConfirm, "never": im.AllowDenyAny, "any": im.AllowAny} {
		if _, err := s.accounts.setProfile(t.Context(), u, im.Profile{AllowType: allow}); err != nil {
			t.Fatal(err)
		}
	}
	owner.mustCreate(im.Group{GroupID: "g", Name: "G", Type: im.GroupPublic})
	r, err := owner.invite("g", "shy", "never", "any")
	if err != nil || len(r.Results) != 3 || r.Results[0].Result != 3 || r.Results[1].Result != 0 ||
		r.Results[1].Error.Code != im.CodeGroupRefused || r.Results[2].Result != 1 || r.Group.MemberCount != 2 {
		t.Fatalf("invited: %+v, %v", r, err)
	}
	ask, _ := shy.notice(im.NoticeInvitation)
	if ask.OperatorID != "owner" {
		t.Errorf("invitation %+v", ask)
	}
	if err := shy.answer(ask, "shy", im.HandleReject, "not now"); err != nil {
		t.Fatal(err)
	}
	if n, _ := owner.notice(im.NoticeInviteRefused); n.OperatorID != "shy" || n.HandleMessage != "not now" {
		t.Errorf("refused: %+v", n)
	}
	wantCode(t, shy.answer(ask, "shy", im.HandleAgree, ""), im.CodeRequestHandled, "answered twice")
	if _, err := owner.invite("g", "shy"); err != nil {
		t.Fatal(err)
	}
	ask, _ = shy.notice(im.NoticeInvitation)
	if err := shy.answer(ask, "shy", im.HandleAgree, ""); err != nil {
		t.Fatal(err)
	}
	shy.event(wire.EvConvChanged)
	owner.notice(im.NoticeInviteAccepted)
	if n := len(owner.members("g")); n != 3 {
		t.Errorf("%d members, want 3", n)
	}
}

// A profile changes by those who may, once, and the tip says only what changed.
func TestSetGroup(t *testing.T) {
	s := open(t, nil)
	owner, member := connect(t, s, "owner", "o"), connect(t, s, "member", "m")
	owner.mustCreate(im.Group{GroupID: "g", Name: "Old", Type: im.GroupPublic}, "member")
	set := im.GroupChange{Name: ptr("New"), Introduction: ptr(""), MuteAllMembers: ptr(true), CustomField: map[string]string{"a": "1"}}
	r, err := owner.setGroup("g", set)
	if err != nil || r.Group.Name != "New" || !r.Group.MuteAllMembers || r.Group.GroupCustomField["a"] != "1" {
		t.Fatalf("set: %+v, %v", r.Group, err)
	}
	p := member.tip(im.TipGroupProfileUpdated)
	n := p.NewGroupProfile
	if n == nil || *n.Name != "New" || n.Introduction != nil || !*n.MuteAllMembers || n.CustomField["a"] != "1" || p.OperatorID != "owner" {
		t.Errorf("tip %+v of %+v", p, n)
	}
	member.event(wire.EvConvChanged)
	last := owner.conv("GROUPg").Last
	if _, err := owner.setGroup("g", set); err != nil || owner.conv("GROUPg").Last != last {
		t.Errorf("the same again: %v, and a tip", err)
	}
	_, err = member.setGroup("g", im.GroupChange{Name: ptr("Mine")})
	wantCode(t, err, im.CodeGroupPermission, "a member renames")
	for want, set := range map[im.Code]im.GroupChange{
		im.CodeInvalidGroupName:         {Name: ptr(strings.Repeat("x", 31))},
		im.CodeInvalidGroupIntroduction: {Introduction: ptr(strings.Repeat("x", 241))},
		im.CodeInvalidGroupNotification: {Notification: ptr(strings.Repeat("x", 301))},
		im.CodeInvalidGroupAvatar:       {Avatar: ptr(strings.Repeat("x", 101))},
		im.CodeInvalidGroupParameter:    {OwnerID: ptr(im.UserID("member"))},
	} {
		_, err = owner.setGroup("g", set)
		wantCode(t, err, want, "set over a limit")
	}
	_, err = owner.setGroup("g", im.GroupChange{CustomField: map[string]string{"a": strings.Repeat("x", 513)}})
	wantCode(t, err, im.CodeInvalidGroupParameter, "a long custom field")
	// Muted as a whole, the owner still speaks.
	_, err = member.trySend(member.text("GROUPg", "hm"), 0, im.SendOptions{})
	wantCode(t, err, im.CodeMuted, "a member of a muted group")
	owner.say("GROUPg", "I may")
	if owner.conv("GROUPg").Last != last+1 {
		t.Error("refused changes left something in the conversation")
	}
}

// The mute of a member ends by itself.
func TestMuteMember(t *testing.T) {
	clock := newClock()
	s := open(t, func(o *Options) { o.Now = clock.now })
	owner, member := connect(t, s, "owner", "o"), connect(t, s, "member", "m")
	owner.mustCreate(im.Group{GroupID: "g", Name: "x", Type: im.GroupPublic}, "member")
	if err := owner.mute("g", "member", 600); err != nil {
		t.Fatal(err)
	}
	if p := member.tip(im.TipMemberProfileUpdated); len(p.MemberList) != 1 || p.MemberList[0] != (im.MemberChange{UserID: "member", MuteTime: 600}) {
		t.Errorf("tip %+v", p)
	}
	if err := owner.mute("g", "member", 600); err != nil { // from another device, at once
		t.Fatal(err)
	}
	for _, o := range []im.SendOptions{{}, {OnlineUserOnly: true}} {
		_, err := member.trySend(member.text("GROUPg", "hm"), 0, o)
		wantCode(t, err, im.CodeMuted, "a muted member")
	}
	if m := owner.members("g")[1]; m.MuteUntil != clock.now().UnixMilli()+600_000 {
		t.Errorf("muted until %d", m.MuteUntil)
	}
	clock.add(601 * time.Second)
	member.say("GROUPg", "again")
	if err := owner.mute("g", "member", 600); err != nil {
		t.Fatal(err)
	}
	if err := owner.mute("g", "member", 0); err != nil {
		t.Fatal(err)
	}
	member.say("GROUPg", "and again")
	want := []im.GroupTipOperation{im.TipMemberJoin, im.TipMemberProfileUpdated, im.TipMemberProfileUpdated, im.TipMemberProfileUpdated}
	if got := owner.tips("GROUPg"); !slices.Equal(got, want) {
		t.Errorf("tips %v, want %v", got, want)
	}
	wantCode(t, owner.mute("g", "owner", 5), im.CodeMuteSelf, "muting oneself")
	wantCode(t, member.mute("g", "owner", 5), im.CodeGroupPermission, "a member mutes")
	wantCode(t, owner.mute("g", "nobody", 5), im.CodeMemberNotInGroup, "muting who is not there")
	wantCode(t, owner.mute("g", "member", -1), im.CodeInvalidGroupParameter, "a negative time")
}

// Admins come and go, the owner passes the group on, names are shown.
func TestRolesAndCards(t *testing.T) {
	s := open(t, nil)
	owner, carol := connect(t, s, "owner", "o"), connect(t, s, "carol", "c")
	others := make([]im.UserID, 0, 10)
	for _, c := range "abcdefghij" {
		others = append(others, im.UserID("user-"+string(c)))
	}
	accountFor(t, s, others...)
	owner.mustCreate(im.Group{GroupID: "g", Name: "x", Type: im.GroupPublic}, append(others, "carol")...)
	if err := owner.role("g", "carol", im.RoleAdmin); err != nil {
		t.Fatal(err)
	}
	carol.notice(im.NoticeSetAdmin)
	if err := owner.role("g", "carol", im.RoleAdmin); err != nil {
		t.Errorf("an admin becomes one: %v", err)
	}
	for _, u := range others[:9] {
		if err := owner.role("g", u, im.RoleAdmin); err != nil {
			t.Fatal(err)
		}
	}
	wantCode(t, owner.role("g", others[9], im.RoleAdmin), im.CodeInvalidGroupParameter, "the eleventh admin")
	wantCode(t, carol.role("g", others[9], im.RoleAdmin), im.CodeGroupPermission, "an admin makes admins")
	wantCode(t, owner.role("g", "owner", im.RoleMember), im.CodeOwnRole, "one's own role")
	wantCode(t, owner.role("g", "carol", im.RoleOwner), im.CodeInvalidRole, "a second owner")
	if err := owner.role("g", "carol", im.RoleMember); err != nil {
		t.Fatal(err)
	}
	carol.notice(im.NoticeCanceledAdmin)
	card := wire.GroupMember{Group: "g", User: "carol", NameCard: ptr("Carol C."), MemberCustomField: map[string]string{"seat": "4"}}
	if err := carol.setMember(card); err != nil {
		t.Fatal(err)
	}
	carol.say("GROUPg", "hello")
	if m := owner.message("hello"); m.Message.NameCard != "Carol C." {
		t.Errorf("name card %q", m.Message.NameCard)
	}
	wantCode(t, carol.setMember(wire.GroupMember{Group: "g", User: "owner", NameCard: ptr("x")}), im.CodeGroupPermission, "the owner's card")
	wantCode(t, carol.setMember(wire.GroupMember{Group: "g", User: "carol", NameCard: ptr(strings.Repeat("x", 51))}), im.CodeInvalidNameCard, "a long card")
	wantCode(t, owner.transfer("g", "owner"), im.CodeTransferToSelf, "to oneself")
	wantCode(t, owner.transfer("g", "nobody"), im.CodeMemberNotInGroup, "to who is not there")
	if err := owner.transfer("g", "carol"); err != nil {
		t.Fatal(err)
	}
	wantCode(t, owner.transfer("g", "carol"), im.CodeGroupPermission, "from who is the owner no more")
	if p := carol.tip(im.TipGroupProfileUpdated); p.NewGroupProfile == nil || *p.NewGroupProfile.OwnerID != "carol" {
		t.Errorf("tip %+v", p)
	}
	list := carol.members("g")
	if list[0].UserID != "carol" || list[0].Role != im.RoleOwner || list[0].NameCard != "Carol C." || list[0].MemberCustomField["seat"] != "4" {
		t.Errorf("first of the members: %+v", list[0])
	}
	if err := owner.quit("g"); err != nil {
		t.Errorf("the former owner leaves: %v", err)
	}
}

// Who is removed hears why and sees the group no more; a group that is dismissed
// is gone for everybody, for every operation.
func TestKickAndDismiss(t *testing.T) {
	s := open(t, nil)
	owner, admin, dave := connect(t, s, "owner", "o"), connect(t, s, "admin", "a"), connect(t, s, "dave", "d")
	owner.mustCreate(im.Group{GroupID: "g", Name: "x", Type: im.GroupPublic}, "admin", "dave")
	if err := owner.role("g", "admin", im.RoleAdmin); err != nil {
		t.Fatal(err)
	}
	wantCode(t, dave.kickMembers("g", "", "admin"), im.CodeGroupPermission, "a member removes")
	wantCode(t, admin.kickMembers("g", "", "dave", "owner"), im.CodeGroupPermission, "an admin removes the owner")
	wantCode(t, owner.kickMembers("g", "", "owner"), im.CodeInvalidGroupParameter, "oneself")
	wantCode(t, owner.kickMembers("g", "", "nobody"), im.CodeMemberNotInGroup, "who is not there")
	wantCode(t, owner.kickMembers("g", strings.Repeat("x", 301), "dave"), im.CodeInvalidGroupParameter, "a long reason")
	if n := len(owner.members("g")); n != 3 {
		t.Fatalf("%d members after refusals", n)
	}
	if err := admin.kickMembers("g", "spam", "dave", "dave"); err != nil {
		t.Fatal(err)
	}
	if n, _ := dave.notice(im.NoticeKickedOut); n.HandleMessage != "spam" || n.OperatorID != "admin" {
		t.Errorf("notice %+v", n)
	}
	dave.event(wire.EvConvGone)
	if p := owner.tip(im.TipMemberKickedOut); !slices.Equal(p.UserIDList, []im.UserID{"dave"}) || p.MemberCount != 2 {
		t.Errorf("tip %+v", p)
	}
	wantCode(t, admin.dismiss("g"), im.CodeGroupPermission, "an admin dismisses")
	if err := owner.dismiss("g"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []*client{owner, admin} {
		c.notice(im.NoticeDismissed)
		c.event(wire.EvConvGone)
		_, err := c.pull(wire.Pull{Conversation: "GROUPg"})
		wantCode(t, err, im.CodeGroupNotFound, "history of a dismissed group")
	}
	_, err := dave.createGroup(im.Group{GroupID: "g", Name: "x", Type: im.GroupPublic})
	wantCode(t, err, im.CodeGroupIDTaken, "the id of a dismissed group")
	if got, want := dave.notices(), []im.GroupNoticeOperation{im.NoticeInvited, im.NoticeKickedOut}; !slices.Equal(got, want) {
		t.Errorf("dave's notices %v, want %v", got, want)
	}
}
