package server

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"magpie/im"
	"magpie/im/wire"
)

// request sends a frame given as the fields after "t" and "i", and returns the
// code of the refusal, 0 if there is none.
func (c *client) request(kind, fields string) im.Code {
	c.t.Helper()
	i := c.head(kind).I
	if fields != "" {
		fields = "," + fields
	}
	_, err := ask[wire.Head](c, i, json.RawMessage(fmt.Sprintf(`{"t":%q,"i":%d%s}`, kind, i, fields)))
	if err != nil && im.CodeOf(err) == 0 {
		c.t.Fatalf("%s %s: %v", kind, fields, err)
	}
	return im.CodeOf(err)
}

// world is what may not change by what is refused: groups, members, how far each
// conversation goes, everybody's list and block list.
func world(t *testing.T, people map[string]*client, groups ...im.GroupID) string {
	t.Helper()
	var b strings.Builder
	note := func(v any) {
		line, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(line, '\n'))
	}
	owner := people["owner"]
	for _, g := range groups {
		info, err := owner.info(g)
		if err != nil {
			t.Fatalf("%s: %v", g, err)
		}
		note(info)
		note(owner.members(g))
		note(owner.conv(im.GroupConversation(g)))
	}
	for _, name := range []string{"owner", "admin", "member", "muted", "stranger", "blocked"} {
		note(people[name].convs().List)
		note(people[name].blocked())
	}
	return b.String()
}

// Every operation by those who may not, on what is not there, of what is not
// allowed: the published code, and nothing is other than before.
func TestRefusals(t *testing.T) {
	s := open(t, nil)
	people := map[string]*client{}
	for _, name := range []string{"owner", "admin", "member", "muted", "stranger", "blocked"} {
		people[name] = connect(t, s, im.UserID(name), "d")
	}
	owner := people["owner"]
	if _, err := s.accounts.setProfile(t.Context(), "stranger", im.Profile{Nick: "S"}); err != nil {
		t.Fatal(err)
	}
	for _, g := range []im.Group{
		{GroupID: "pub", Name: "x", Type: im.GroupPublic}, {GroupID: "meet", Name: "x", Type: im.GroupMeeting},
		{GroupID: "work", Name: "x", Type: im.GroupWork}, {GroupID: "gone", Name: "x", Type: im.GroupPublic},
	} {
		owner.mustCreate(g, "admin", "member", "muted")
		owner.say(im.GroupConversation(g.GroupID), "first")
	}
	owner.mustCreate(im.Group{GroupID: "live", Name: "x", Type: im.GroupAVChatRoom})
	for _, g := range []im.GroupID{"pub", "meet"} {
		if err := owner.role(g, "admin", im.RoleAdmin); err != nil {
			t.Fatal(err)
		}
		if err := owner.mute(g, "muted", 3600); err != nil {
			t.Fatal(err)
		}
	}
	if err := owner.dismiss("gone"); err != nil {
		t.Fatal(err)
	}
	if err := owner.block(false, "blocked"); err != nil {
		t.Fatal(err)
	}
	long := func(n int) string { return strings.Repeat("x", n) }
	text := func(who, conv, text string) string {
		return fmt.Sprintf(`"m":{"ID":"%s-d-%s","conversationID":%q,"type":"TIMTextElem","payload":{"text":%q}}`, who, "R1", conv, text)
	}
	const (
		member   = im.CodeGroupPermission
		notFound = im.CodeGroupNotFound
	)
	type refusal struct {
		who, kind, fields string
		code              im.Code
	}
	var table []refusal
	// onGroup are all operations on a group, as somebody who could do them.
	onGroup := func(g string) map[string]string {
		conv := `"conv":"GROUP` + g + `"`
		group := `"group":"` + g + `"`
		return map[string]string{
			wire.TSend: text("%s", "GROUP"+g, "psst"), wire.TPull: conv, wire.TConversation: conv, wire.TRead: conv + `,"n":1`,
			wire.TDeleteConv: conv, wire.TConvSet: conv + `,"isPinned":true`, wire.TRevoke: conv + `,"n":2`,
			wire.TGroupInvite: group + `,"users":["stranger"]`, wire.TGroupQuit: group, wire.TGroupMembers: group,
			wire.TGroupSet: group + `,"set":{"name":"y"}`, wire.TGroupKick: group + `,"users":["member"]`, wire.TGroupDismiss: group,
			wire.TGroupTransfer: group + `,"user":"member"`, wire.TGroupMember: group + `,"user":"member","muteTime":5`,
			wire.TGroupAnswer: group + `,"user":"member","handleAction":"Agree","messageKey":"q","authentication":"a"`,
		}
	}
	add := func(who, kind, fields string, code im.Code) {
		table = append(table, refusal{who, kind, strings.ReplaceAll(fields, "%s", who), code})
	}
	for kind, fields := range onGroup("pub") {
		add("stranger", kind, fields, member)
	}
	for kind, fields := range onGroup("gone") {
		for _, who := range []string{"owner", "member", "stranger"} {
			add(who, kind, fields, notFound)
		}
	}
	add("owner", wire.TGroupInfo, `"group":"gone"`, notFound)
	add("owner", wire.TGroupJoin, `"group":"gone"`, notFound)
	add("stranger", wire.TGroupInfo, `"group":"work"`, member)
	for kind, fields := range onGroup("gröup") {
		add("owner", kind, fields, im.CodeInvalidGroupID)
	}
	for kind, fields := range onGroup(long(49)) {
		add("owner", kind, fields, im.CodeInvalidGroupID)
	}
	for kind, fields := range onGroup("C2Cowner") { // an id of another kind names no group
		add("owner", kind, fields, notFound)
	}
	// What a plain member may not do, nor a muted one.
	for _, kind := range []string{wire.TGroupInvite, wire.TGroupSet, wire.TGroupDismiss, wire.TGroupTransfer, wire.TGroupAnswer, wire.TGroupMember} {
		for _, who := range []string{"muted"} {
			add(who, kind, onGroup("pub")[kind], member)
		}
	}
	add("member", wire.TGroupKick, `"group":"pub","users":["muted"]`, member)
	for _, g := range []string{"pub", "meet"} {
		add("muted", wire.TSend, text("muted", "GROUP"+g, "psst"), im.CodeMuted)
		add("muted", wire.TSend, text("muted", "GROUP"+g, "psst")+`,"onlineUserOnly":true`, im.CodeMuted)
	}
	add("blocked", wire.TSend, text("blocked", "C2Cowner", "psst"), im.CodeBlocked)
	add("blocked", wire.TSend, text("blocked", "C2Cowner", "psst")+`,"onlineUserOnly":true`, im.CodeBlocked)
	// What a type does not know, whoever asks.
	for _, r := range []refusal{
		{"owner", wire.TGroupDismiss, `"group":"work"`, im.CodeCannotDismissWork},
		{"owner", wire.TGroupMember, `"group":"work","user":"admin","role":"Admin"`, im.CodeNoRolesInType},
		{"owner", wire.TGroupMember, `"group":"work","user":"admin","muteTime":5`, member},
		{"owner", wire.TGroupSet, `"group":"work","set":{"muteAllMembers":true}`, member},
		{"stranger", wire.TGroupJoin, `"group":"work"`, im.CodeCannotJoinWork},
		{"admin", wire.TGroupKick, `"group":"work","users":["member"]`, member},
		{"admin", wire.TGroupSet, `"group":"meet","set":{"name":"y"}`, member},
		{"owner", wire.TGroupQuit, `"group":"pub"`, im.CodeOwnerMayNotQuit},
		{"owner", wire.TGroupQuit, `"group":"live"`, im.CodeOwnerMayNotQuit},
		{"owner", wire.TGroupInvite, `"group":"live","users":["member"]`, im.CodeGroupNoInvite},
		{"owner", wire.TGroupKick, `"group":"live","users":["member"]`, im.CodeNoKickInLive},
		{"owner", wire.TGroupTransfer, `"group":"live","user":"member"`, im.CodeNoTransferInLive},
		{"owner", wire.TGroupMember, `"group":"live","user":"member","role":"Admin"`, im.CodeNoRolesInType},
		{"owner", wire.TGroupSet, `"group":"live","set":{"name":"y"}`, member},
		{"owner", wire.TRevoke, `"conv":"GROUPlive","n":1`, im.CodeRevokeGroupType},
		{"admin", wire.TGroupKick, `"group":"pub","users":["owner"]`, member},
		{"admin", wire.TGroupMember, `"group":"pub","user":"owner","muteTime":5`, member},
		{"admin", wire.TGroupMember, `"group":"pub","user":"member","role":"Admin"`, member},
		{"admin", wire.TGroupTransfer, `"group":"pub","user":"admin"`, member},
		{"owner", wire.TGroupTransfer, `"group":"pub","user":"owner"`, im.CodeTransferToSelf},
		{"owner", wire.TGroupTransfer, `"group":"pub","user":"stranger"`, im.CodeMemberNotInGroup},
		{"owner", wire.TGroupKick, `"group":"pub","users":["member","stranger"]`, im.CodeMemberNotInGroup},
		{"owner", wire.TGroupKick, `"group":"pub","users":["owner"]`, im.CodeInvalidGroupParameter},
		{"owner", wire.TGroupKick, `"group":"pub","users":[]`, im.CodeInvalidGroupParameter},
		{"owner", wire.TGroupMember, `"group":"pub","user":"owner","role":"Member"`, im.CodeOwnRole},
		{"owner", wire.TGroupMember, `"group":"pub","user":"owner","muteTime":5`, im.CodeMuteSelf},
		{"owner", wire.TGroupMember, `"group":"pub","user":"member","role":"Owner"`, im.CodeInvalidRole},
		{"owner", wire.TGroupMember, `"group":"pub","user":"member","role":"Admin","muteTime":-5`, im.CodeInvalidGroupParameter},
		{"owner", wire.TGroupMember, `"group":"pub","user":"member","nameCard":"y","memberCustomField":{"a":"b"}`, member},
		{"owner", wire.TGroupMember, `"group":"pub","user":"stranger","muteTime":5`, im.CodeMemberNotInGroup},
		{"owner", wire.TGroupSet, `"group":"pub","set":{"ownerID":"member"}`, im.CodeInvalidGroupParameter},
		{"owner", wire.TGroupSet, `"group":"pub","set":{"joinOption":"Knock"}`, im.CodeInvalidGroupParameter},
		{"owner", wire.TGroupAnswer, `"group":"pub","user":"stranger","handleAction":"Agree","messageKey":"q","authentication":"a"`, im.CodeRequestHandled},
		{"stranger", wire.TGroupAnswer, `"group":"pub","user":"stranger","handleAction":"Agree","messageKey":"q","authentication":"a"`, im.CodeRequestHandled},
		{"owner", wire.TGroupAnswer, `"group":"pub","user":"stranger","handleAction":"Perhaps"`, im.CodeInvalidGroupParameter},
		{"owner", wire.TGroupCreate, `"group":{"groupID":"pub","name":"x","type":"Public"}`, im.CodeGroupIDOwned},
		{"stranger", wire.TGroupCreate, `"group":{"groupID":"pub","name":"x","type":"Public"}`, im.CodeGroupIDTaken},
		{"owner", wire.TGroupCreate, `"group":{"name":"x","type":"AVChatRoom"},"members":["member"]`, im.CodeGroupNoInvite},
		{"owner", wire.TGroupCreate, `"group":{"name":"x","type":"Club"}`, im.CodeInvalidGroupType},
		{"owner", wire.TBlock, `"users":["owner"]`, im.CodeBlacklistSelf},
		// Ids of another kind.
		{"owner", wire.TGroupKick, `"group":"pub","users":["@TGS#1"]`, im.CodeInvalidUserID},
		{"owner", wire.TGroupInvite, `"group":"pub","users":["GROUP.x"]`, im.CodeInvalidUserID},
		{"owner", wire.TGroupTransfer, `"group":"pub","user":"@TIM#SYSTEM"`, im.CodeInvalidUserID},
		{"owner", wire.TGroupMember, `"group":"pub","user":"a b","muteTime":5`, im.CodeInvalidUserID},
		{"owner", wire.TGroupAnswer, `"group":"pub","user":"","handleAction":"Agree"`, im.CodeInvalidUserID},
		{"owner", wire.TBlock, `"users":["GROUP/x"]`, im.CodeInvalidUserID},
		{"owner", wire.TSend, text("owner", "@TIM#SYSTEM", "psst"), im.CodeInvalidConversationType},
		{"owner", wire.TRevoke, `"conv":"@TIM#SYSTEM","n":1`, im.CodeRevokeUnsupported},
		{"owner", wire.TConvSet, `"conv":"@TGS#1"`, im.CodeInvalidConversationID},
		// One byte, one user, one field over each limit.
		{"owner", wire.TGroupSet, `"group":"pub","set":{"name":"` + long(im.MaxGroupNameBytes+1) + `"}`, im.CodeInvalidGroupName},
		{"owner", wire.TGroupSet, `"group":"pub","set":{"introduction":"` + long(im.MaxGroupIntroductionBytes+1) + `"}`, im.CodeInvalidGroupIntroduction},
		{"owner", wire.TGroupSet, `"group":"pub","set":{"notification":"` + long(im.MaxGroupNotificationBytes+1) + `"}`, im.CodeInvalidGroupNotification},
		{"owner", wire.TGroupSet, `"group":"pub","set":{"avatar":"` + long(im.MaxGroupAvatarBytes+1) + `"}`, im.CodeInvalidGroupAvatar},
		{"owner", wire.TGroupSet, `"group":"pub","set":{"groupCustomField":{"` + long(im.MaxFieldKeyBytes+1) + `":"v"}}`, im.CodeInvalidGroupParameter},
		{"owner", wire.TGroupSet, `"group":"pub","set":{"groupCustomField":{"k":"` + long(im.MaxGroupFieldBytes+1) + `"}}`, im.CodeInvalidGroupParameter},
		{"owner", wire.TGroupSet, `"group":"pub","set":{"groupCustomField":` + fields(im.MaxGroupFields+1) + `}`, im.CodeInvalidGroupParameter},
		{"member", wire.TGroupMember, `"group":"pub","user":"member","nameCard":"` + long(im.MaxNameCardBytes+1) + `"`, im.CodeInvalidNameCard},
		{"member", wire.TGroupMember, `"group":"pub","user":"member","memberCustomField":` + fields(im.MaxMemberFields+1), im.CodeInvalidGroupParameter},
		{"member", wire.TGroupMember, `"group":"pub","user":"member","memberCustomField":{"k":"` + long(im.MaxMemberFieldBytes+1) + `"}`, im.CodeInvalidGroupParameter},
		{"stranger", wire.TGroupJoin, `"group":"pub","handleMessage":"` + long(im.MaxHandleMessageBytes+1) + `"`, im.CodeInvalidGroupParameter},
		{"owner", wire.TGroupAnswer, `"group":"pub","user":"stranger","handleAction":"Agree","handleMessage":"` + long(im.MaxHandleMessageBytes+1) + `"`, im.CodeInvalidGroupParameter},
		{"owner", wire.TGroupKick, `"group":"pub","users":["member"],"reason":"` + long(im.MaxHandleMessageBytes+1) + `"`, im.CodeInvalidGroupParameter},
		{"owner", wire.TGroupKick, `"group":"pub","users":` + many(im.MaxKickMembers+1), im.CodeTooManyAccounts},
		{"owner", wire.TGroupInvite, `"group":"pub","users":` + many(im.MaxInviteMembers+1), im.CodeTooManyAccounts},
		{"owner", wire.TGroupCreate, `"group":{"name":"x","type":"Public"},"members":` + many(im.MaxCreateGroupMembers+1), im.CodeTooManyAccounts},
		{"owner", wire.TBlock, `"users":` + many(blockUsers+1), im.CodeInvalidParameter},
		{"member", wire.TSend, text("member", "GROUPpub", long(im.MaxMessageBytes+1)), im.CodeMessageTooLong},
		{"member", wire.TSend, strings.Replace(text("member", "GROUPpub", "psst"), `"type"`, `"atUserList":`+many(im.MaxAtUsers+1)+`,"type"`, 1), im.CodeTooManyMentions},
	} {
		add(r.who, r.kind, r.fields, r.code)
	}
	// Of many thousand comparisons one at the end of each kind would say less: a
	// change is blamed on who made it.
	before := world(t, people, "pub", "meet", "work", "live")
	for _, r := range table {
		what := fmt.Sprintf("%s: %s {%.90s}", r.who, r.kind, r.fields)
		if got := people[r.who].request(r.kind, r.fields); got != r.code {
			t.Errorf("%s: code %d, want %d", what, got, r.code)
		}
		if after := world(t, people, "pub", "meet", "work", "live"); after != before {
			t.Fatalf("%s changed something\nbefore %s\nafter %s", what, before, after)
		}
	}
	if _, err := owner.info("gone"); im.CodeOf(err) != notFound {
		t.Errorf("the dismissed group: %v", err)
	}
	t.Logf("%d refusals", len(table))
}

// fields is a JSON object of n custom fields, many a list of n user ids.
func fields(n int) string {
	m := map[string]string{}
	for i := range n {
		m[fmt.Sprint("k", i)] = "v"
	}
	b, _ := json.Marshal(m)
	return string(b)
}

func many(n int) string {
	users := make([]string, n)
	for i := range users {
		users[i] = fmt.Sprint("u", i)
	}
	b, _ := json.Marshal(users)
	return string(b)
}

// The same from two devices at once is done once: the second hears the published
// code or that it is so already, and there is one tip.
func TestTwiceAtOnce(t *testing.T) {
	s := open(t, nil)
	laptop, phone := connect(t, s, "owner", "l"), connect(t, s, "owner", "p")
	dave, daves := connect(t, s, "dave", "l"), connect(t, s, "dave", "p")
	accountFor(t, s, "carol", "erin")
	both := func(a, b *client, do func(*client) error) []im.Code {
		var codes [2]im.Code
		var wg sync.WaitGroup
		for i, c := range []*client{a, b} {
			wg.Go(func() {
				err := do(c)
				if codes[i] = im.CodeOf(err); err != nil && codes[i] == 0 {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		slices.Sort(codes[:])
		return codes[:]
	}
	const g, conv = im.GroupID("g"), im.ConversationID("GROUPg")
	tips := 0
	for _, c := range []struct {
		name   string
		a, b   *client
		second im.Code
		tip    int
		do     func(c *client) error
	}{
		{"create", laptop, phone, im.CodeGroupIDOwned, 1, func(c *client) error {
			_, err := c.createGroup(im.Group{GroupID: g, Name: "x", Type: im.GroupPublic, JoinOption: im.JoinFree}, "erin")
			return err
		}},
		{"join", dave, daves, 0, 1, func(c *client) error { _, err := c.join(g, ""); return err }},
		{"invite", laptop, phone, 0, 1, func(c *client) error { _, err := c.invite(g, "carol"); return err }},
		{"set", laptop, phone, 0, 1, func(c *client) error {
			_, err := c.setGroup(g, im.GroupChange{Name: ptr("y"), MuteAllMembers: ptr(true)})
			return err
		}},
		{"role", laptop, phone, 0, 1, func(c *client) error { return c.role(g, "carol", im.RoleAdmin) }},
		{"mute", laptop, phone, 0, 1, func(c *client) error { return c.mute(g, "dave", 600) }},
		{"unmute", laptop, phone, 0, 1, func(c *client) error { return c.mute(g, "dave", 0) }},
		{"name card", dave, daves, 0, 0, func(c *client) error {
			return c.setMember(wire.GroupMember{Group: g, User: "dave", NameCard: ptr("D")})
		}},
		{"kick", laptop, phone, im.CodeMemberNotInGroup, 1, func(c *client) error { return c.kickMembers(g, "", "erin") }},
		{"block", laptop, phone, 0, 0, func(c *client) error { return c.block(false, "erin") }},
		{"transfer", laptop, phone, im.CodeGroupPermission, 1, func(c *client) error { return c.transfer(g, "dave") }},
		{"quit", laptop, phone, im.CodeGroupPermission, 1, func(c *client) error { return c.quit(g) }},
		{"dismiss", dave, daves, im.CodeGroupNotFound, 0, func(c *client) error { return c.dismiss(g) }},
	} {
		if codes := both(c.a, c.b, c.do); codes[0] != 0 || codes[1] != c.second {
			t.Errorf("%s: codes %v, want 0 and %d", c.name, codes, c.second)
		}
		if c.name == "dismiss" {
			continue
		}
		tips += c.tip
		if st, err := s.groups.get(t.Context(), g); err != nil {
			t.Fatal(err)
		} else if last, err := s.log.head(t.Context(), groupKey(g)); err != nil || last == nil || last.n != uint64(tips) {
			t.Fatalf("after %s: the conversation ends at %+v, want %d tips (%v, %d members)", c.name, last, tips, err, len(st.members))
		}
	}
	if n := len(dave.notices()); n != 1 { // of the dismissal
		t.Errorf("dave has %d notices", n)
	}
	_, err := dave.pull(wire.Pull{Conversation: conv})
	wantCode(t, err, im.CodeGroupNotFound, "the dismissed group")
}
