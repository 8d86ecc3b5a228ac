package server

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"magpie/im"
	"magpie/im/wire"
)

// Notices are a conversation: numbered, counted, read on one device for all,
// deleted and back with the next. What only tells the user what it did itself
// counts for nothing.
func TestSystemConversation(t *testing.T) {
	s := open(t, nil)
	owner, dave := connect(t, s, "owner", "o"), connect(t, s, "dave", "d")
	phone := connect(t, s, "dave", "p")
	owner.mustCreate(im.Group{GroupID: "g1", Name: "x", Type: im.GroupPublic}, "dave")
	owner.mustCreate(im.Group{GroupID: "g2", Name: "y", Type: im.GroupPublic}, "dave")
	_, m := dave.notice(im.NoticeInvited)
	if m.Message.Sequence != 1 || m.Unread != 1 || m.Message.To != "dave" || m.Message.Flow != im.FlowIn || m.Message.ConversationType != im.ConvSystem {
		t.Errorf("first notice %+v, unread %d", m.Message, m.Unread)
	}
	if _, m = dave.notice(im.NoticeInvited); m.Message.Sequence != 2 || m.Unread != 2 {
		t.Errorf("second notice %d, unread %d", m.Message.Sequence, m.Unread)
	}
	system := func() wire.ConversationRow {
		t.Helper()
		for _, row := range dave.convs().List {
			if row.ConversationID == im.SystemConversation {
				return row
			}
		}
		t.Fatal("the list has no notices")
		return wire.ConversationRow{}
	}
	if row := system(); row.UnreadCount != 2 || row.Type != im.ConvSystem || row.Last != 2 || row.LastMessage == nil {
		t.Errorf("row %+v", row)
	}
	dave.read(im.SystemConversation, 2)
	if e := phone.event(wire.EvRead); e.Conversation != im.SystemConversation || e.Sequence != 2 {
		t.Errorf("the other device hears %+v", e)
	}
	if row := owner.conv(im.SystemConversation); row.UnreadCount != 0 || row.Last != 2 {
		t.Errorf("the owner's own doings count: %+v", row)
	}
	f := wire.DeleteConversation{Head: dave.head(wire.TDeleteConv), Conversation: im.SystemConversation}
	if _, err := ask[wire.OK](dave, f.I, f); err != nil {
		t.Fatal(err)
	}
	if row := system(); !row.Deleted {
		t.Errorf("deleted: %+v", row)
	}
	if err := owner.dismiss("g1"); err != nil {
		t.Fatal(err)
	}
	dave.notice(im.NoticeDismissed)
	if row := system(); row.Deleted || row.UnreadCount != 1 {
		t.Errorf("the next one brings back %+v", row)
	}
	// Nobody reads another's: the name is everybody's own.
	want := []im.GroupNoticeOperation{im.NoticeInvited, im.NoticeInvited, im.NoticeDismissed}
	if got := dave.notices(); !slices.Equal(got, want) {
		t.Errorf("dave's notices %v, want %v", got, want)
	}
	if n := len(connect(t, s, "eve", "e").history(im.SystemConversation)); n != 0 {
		t.Errorf("eve reads %d notices", n)
	}
}

// Only the last hundred notices of a week are served; what falls out is not
// unread.
func TestOldNotices(t *testing.T) {
	clock := newClock()
	s := open(t, func(o *Options) { o.Now = clock.now })
	dave := connect(t, s, "dave", "d")
	tell := func(n int) {
		t.Helper()
		for i := range n {
			id := im.MessageID(fmt.Sprintf("@TIM#SYSTEM-test-%d-%d", clock.now().UnixMilli(), i))
			if err := s.notify(t.Context(), "dave", id, im.GroupNoticePayload{OperationType: im.NoticeCustom, UserDefinedField: "x"}); err != nil {
				t.Fatal(err)
			}
		}
	}
	tell(60)
	clock.add(24 * time.Hour)
	tell(60)
	row := dave.conv(im.SystemConversation)
	if row.First != 21 || row.Last != 120 || row.UnreadCount != 100 {
		t.Errorf("of 120: from %d to %d, %d unread", row.First, row.Last, row.UnreadCount)
	}
	if all := dave.history(im.SystemConversation); len(all) != 100 || all[0].Sequence != 21 {
		t.Errorf("%d notices from %d", len(all), all[0].Sequence)
	}
	clock.add(im.SystemNoticeLifetime - time.Hour)
	if l := dave.convs(); len(l.List) != 1 || l.List[0].First != 61 || l.TotalUnread != 60 {
		t.Errorf("a week after the first: %+v", l)
	}
	clock.add(24 * time.Hour)
	if l := dave.convs(); len(l.List) != 0 || l.TotalUnread != 0 {
		t.Errorf("a week after the last: %+v", l)
	}
	tell(1)
	if row := dave.conv(im.SystemConversation); row.First != 121 || row.Last != 121 || row.UnreadCount != 1 {
		t.Errorf("a new one: %+v", row)
	}
}

// An operator's words reach those they are for.
func TestOperatorNotice(t *testing.T) {
	dir := t.TempDir()
	s := reopen(t, dir, nil)
	owner, dave := connect(t, s, "owner", "o"), connect(t, s, "dave", "d")
	owner.mustCreate(im.Group{GroupID: "g", Name: "G", Type: im.GroupPublic}, "dave")
	if err := SendGroupNotice(t.Context(), Folder{dir, testKey}, "g", []im.UserID{"dave"}, "maintenance at eight"); err != nil {
		t.Fatal(err)
	}
	n, m := dave.notice(im.NoticeCustom)
	if n.UserDefinedField != "maintenance at eight" || n.GroupProfile.Name != "G" || m.Unread != 2 {
		t.Errorf("notice %+v, unread %d", n, m.Unread)
	}
	wantCode(t, SendGroupNotice(t.Context(), Folder{dir, testKey}, "none", nil, "x"), im.CodeGroupNotFound, "no such group")
	wantCode(t, SendGroupNotice(t.Context(), Folder{dir, testKey}, "g", []im.UserID{"eve"}, "x"), im.CodeMemberNotInGroup, "not a member")
	wantCode(t, SendGroupNotice(t.Context(), Folder{dir, testKey}, "g", nil, " "), im.CodeInvalidGroupParameter, "no words")
	if got := owner.notices(); slices.Contains(got, im.NoticeCustom) {
		t.Errorf("the owner was told: %v", got)
	}
	// Without a server that runs the folder is opened for the moment.
	shut(t, s)
	if err := SendGroupNotice(t.Context(), Folder{dir, testKey}, "g", nil, "all of you"); err != nil {
		t.Fatal(err)
	}
	s = reopen(t, dir, nil)
	for _, u := range []im.UserID{"owner", "dave"} {
		if got := connect(t, s, u, "x").notices(); got[len(got)-1] != im.NoticeCustom {
			t.Errorf("%s has %v", u, got)
		}
	}
}

// What is said in a live room reaches who is there, and is kept nowhere.
func TestLiveRoom(t *testing.T) {
	s := open(t, nil)
	host, fan := connect(t, s, "host", "h"), connect(t, s, "fan", "f")
	tablet, stranger := connect(t, s, "host", "t"), connect(t, s, "stranger", "s")
	host.mustCreate(im.Group{GroupID: "live", Name: "Live", Type: im.GroupAVChatRoom})
	conv := im.GroupConversation("live")
	if _, err := fan.join("live", ""); err != nil {
		t.Fatal(err)
	}
	if p := host.tip(im.TipMemberJoin); p.OperatorID != "host" {
		t.Errorf("tip of the creation %+v", p)
	}
	if p := host.tip(im.TipMemberJoin); p.OperatorID != "fan" || p.MemberCount != 2 {
		t.Errorf("tip of joining %+v", p)
	}
	sent, err := host.trySend(host.text(conv, "welcome"), 0, im.SendOptions{})
	if err != nil || sent.Sequence != 0 || sent.Time == 0 {
		t.Fatalf("sent %+v, %v", sent, err)
	}
	for _, c := range []*client{fan, tablet} {
		if m := c.message("welcome"); m.Message.Sequence != 0 || m.Unread != 0 || m.Message.ConversationID != conv {
			t.Errorf("%s sees %+v, unread %d", c.user, m.Message, m.Unread)
		}
	}
	host.nothing(s, func(line []byte) bool { return strings.Contains(string(line), "welcome") })
	for _, f := range []wire.Pull{{Conversation: conv}, {Conversation: conv, Forward: true}} {
		if p, err := fan.pull(f); err != nil || len(p.Messages) != 0 || !p.IsCompleted || p.Last != 0 {
			t.Errorf("history %+v, %v", p, err)
		}
	}
	if row := fan.conv(conv); row.UnreadCount != 0 || row.Last != 0 || row.SubType != im.GroupAVChatRoom {
		t.Errorf("row %+v", row)
	}
	_, err = stranger.trySend(stranger.text(conv, "psst"), 0, im.SendOptions{})
	wantCode(t, err, im.CodeGroupPermission, "a stranger speaks")
	wantCode(t, host.kickMembers("live", "", "fan"), im.CodeNoKickInLive, "removing")
	wantCode(t, host.transfer("live", "fan"), im.CodeNoTransferInLive, "passing on")
	wantCode(t, host.role("live", "fan", im.RoleAdmin), im.CodeNoRolesInType, "an admin")
	_, err = host.setGroup("live", im.GroupChange{Name: ptr("Mine")})
	wantCode(t, err, im.CodeGroupPermission, "renaming")
	if err := host.mute("live", "fan", 60); err != nil {
		t.Fatal(err)
	}
	fan.tip(im.TipMemberProfileUpdated)
	_, err = fan.trySend(fan.text(conv, "hm"), 0, im.SendOptions{})
	wantCode(t, err, im.CodeMuted, "a muted fan")
	if err := fan.quit("live"); err != nil {
		t.Fatal(err)
	}
	host.tip(im.TipMemberQuit)
	host.say(conv, "bye")
	fan.nothing(s, func(line []byte) bool { return strings.Contains(string(line), "bye") })
	if err := host.dismiss("live"); err != nil {
		t.Fatal(err)
	}
	host.event(wire.EvConvGone)
}
