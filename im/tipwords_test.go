package im_test

import (
	"slices"
	"strings"
	"testing"

	"magpie/im"
)

func ptr[T any](v T) *T { return &v }

func TestGroupTips(t *testing.T) {
	names := map[im.UserID]string{"a": "Ann", "b": "Bob", "c": "程\n序"}
	group := im.GroupRef{GroupID: "g", Name: "Birds"}
	for _, c := range []struct {
		p      im.GroupTipPayload
		en, zh string
	}{
		{im.GroupTipPayload{OperationType: 1, OperatorID: "a", UserIDList: []im.UserID{"b"}, GroupJoinType: im.JoinedByInvite}, "Ann brought Bob into the group", "Ann邀请Bob加入了群聊"},
		{im.GroupTipPayload{OperationType: 1, OperatorID: "a", UserIDList: []im.UserID{"b", "c"}}, "Ann brought Bob and 程 序 into the group", "Ann邀请Bob、程 序加入了群聊"},
		{im.GroupTipPayload{OperationType: 1, OperatorID: "a", UserIDList: []im.UserID{"b"}, GroupJoinType: im.JoinedByApplying}, "Bob joined the group", "Bob加入了群聊"},
		{im.GroupTipPayload{OperationType: 1, OperatorID: "b"}, "Bob joined the group", "Bob加入了群聊"},
		{im.GroupTipPayload{OperationType: 2, OperatorID: "b", UserIDList: []im.UserID{"b"}}, "Bob left the group", "Bob退出了群聊"},
		{im.GroupTipPayload{OperationType: 3, OperatorID: "a", UserIDList: []im.UserID{"b"}}, "Ann removed Bob from the group", "Ann将Bob移出了群聊"},
		{im.GroupTipPayload{OperationType: 3, OperatorID: im.SystemUser, UserIDList: []im.UserID{"b"}}, "Bob was removed from the group", "Bob被移出了群聊"},
		{im.GroupTipPayload{OperationType: 3, UserIDList: []im.UserID{"a", "b"}}, "Ann and Bob were removed from the group", "Ann、Bob被移出了群聊"},
		{im.GroupTipPayload{OperationType: 4, OperatorID: "a", UserIDList: []im.UserID{"b"}}, "Bob is now an admin", "Bob成为了管理员"},
		{im.GroupTipPayload{OperationType: 4, OperatorID: "a", UserIDList: []im.UserID{"b", "x"}}, "Bob and x are now admins", "Bob、x成为了管理员"},
		{im.GroupTipPayload{OperationType: 5, OperatorID: "a", UserIDList: []im.UserID{"b"}}, "Bob is no longer an admin", "Bob不再是管理员"},
		{im.GroupTipPayload{OperationType: 5, OperatorID: "a", UserIDList: []im.UserID{"b", "x"}}, "Bob and x are no longer admins", "Bob、x不再是管理员"},
		{im.GroupTipPayload{OperationType: 6, OperatorID: "a"}, "Ann changed the group's profile", "Ann修改了群资料"},
		{im.GroupTipPayload{OperationType: 6, NewGroupProfile: &im.GroupChange{}}, "Somebody changed the group's profile", "有人修改了群资料"},
		{im.GroupTipPayload{OperationType: 6, OperatorID: "a", NewGroupProfile: &im.GroupChange{Name: ptr("New"), Avatar: ptr("x")}},
			"Ann renamed the group to \"New\", changed the group's picture", "Ann将群名修改为“New”，更换了群头像"},
		{im.GroupTipPayload{OperationType: 6, OperatorID: "a", NewGroupProfile: &im.GroupChange{Notification: ptr("a\nb"), Introduction: ptr("")}},
			"Ann took away the description, put up the notice \"a b\"", "Ann清除了群简介，发布了群公告“a b”"},
		{im.GroupTipPayload{OperationType: 6, OperatorID: "a", NewGroupProfile: &im.GroupChange{OwnerID: ptr(im.UserID("b"))}}, "Ann made Bob the owner", "Ann将群主转让给Bob"},
		{im.GroupTipPayload{OperationType: 6, OperatorID: "a", NewGroupProfile: &im.GroupChange{MuteAllMembers: ptr(true)}}, "Ann muted everybody but the admins", "Ann开启了全员禁言"},
		{im.GroupTipPayload{OperationType: 6, OperatorID: "a", NewGroupProfile: &im.GroupChange{MuteAllMembers: ptr(false)}}, "Ann let everybody speak again", "Ann解除了全员禁言"},
		{im.GroupTipPayload{OperationType: 6, OperatorID: "a", NewGroupProfile: &im.GroupChange{JoinOption: ptr(im.JoinFree)}}, "Ann let everybody join", "Ann允许任何人加群"},
		{im.GroupTipPayload{OperationType: 6, OperatorID: "a", NewGroupProfile: &im.GroupChange{JoinOption: ptr(im.JoinNeedPermission)}}, "Ann let people join when an admin agrees", "Ann设置加群需要管理员同意"},
		{im.GroupTipPayload{OperationType: 6, OperatorID: "a", NewGroupProfile: &im.GroupChange{JoinOption: ptr(im.JoinDisabled)}}, "Ann stopped people from joining by themselves", "Ann禁止申请加群"},
		{im.GroupTipPayload{OperationType: 6, OperatorID: "a", NewGroupProfile: &im.GroupChange{JoinOption: ptr(im.JoinOption("?"))}}, "Ann changed who may join", "Ann修改了加群方式"},
		{im.GroupTipPayload{OperationType: 7, OperatorID: "a", MemberList: []im.MemberChange{{UserID: "b", MuteTime: 600}, {UserID: "x"}}}, "Bob was muted for 10 minutes, x may speak again", "Bob被禁言 10 分钟，x被解除禁言"},
		{im.GroupTipPayload{OperationType: 7, OperatorID: "a", MemberList: []im.MemberChange{{UserID: "b", MuteTime: 1}}}, "Bob was muted for 1 second", "Bob被禁言 1 秒"},
		{im.GroupTipPayload{OperationType: 7, OperatorID: "a", MemberList: []im.MemberChange{{UserID: "b", MuteTime: 3600}}}, "Bob was muted for 1 hour", "Bob被禁言 1 小时"},
		{im.GroupTipPayload{OperationType: 7, OperatorID: "a", MemberList: []im.MemberChange{{UserID: "b", MuteTime: 1<<63 - 1}}}, "Bob was muted for 106751991167301 days", "Bob被禁言 106751991167301 天"},
		{im.GroupTipPayload{OperationType: 7, OperatorID: "a"}, "The profile of a member changed", "群成员资料有更新"},
		{im.GroupTipPayload{OperationType: 99, OperatorID: "a"}, "Something changed in the group", "群聊有新的变动"},
		{im.GroupTipPayload{}, "Something changed in the group", "群聊有新的变动"},
	} {
		c.p.Names, c.p.GroupProfile = names, group
		if got := c.p.Words(im.English); got != c.en {
			t.Errorf("got %q, want %q", got, c.en)
		}
		if got := c.p.Words(im.Chinese); got != c.zh {
			t.Errorf("got %q, want %q", got, c.zh)
		}
	}
}

// A hundred members who came at once do not make a sentence of a hundred names.
func TestTipsNameAFew(t *testing.T) {
	p := im.GroupTipPayload{OperationType: im.TipMemberJoin, OperatorID: "owner"}
	for i := range 100 {
		p.UserIDList = append(p.UserIDList, im.UserID(strings.Repeat("u", 1+i%30)))
		p.MemberList = append(p.MemberList, im.MemberChange{UserID: "x"})
	}
	if got, want := p.Words(im.English), "owner brought u, uu, uuu, uuuu, uuuuu and 95 more into the group"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := p.Words(im.Chinese), "owner邀请u、uu、uuu、uuuu、uuuuu等 100 人加入了群聊"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	p.OperationType = im.TipMemberProfileUpdated
	if got := p.Words(im.English); !strings.HasSuffix(got, ", and 95 more") {
		t.Errorf("got %q", got)
	}
}

func TestGroupNotices(t *testing.T) {
	for _, c := range []struct {
		op     im.GroupNoticeOperation
		en, zh string
	}{
		{1, "Ann asks to join \"Birds\": please", "Ann申请加入群聊“Birds”：please"},
		{2, "You are now a member of \"Birds\": please", "你已加入群聊“Birds”：please"},
		{3, "Your request to join \"Birds\" was declined: please", "你加入群聊“Birds”的申请被拒绝：please"},
		{4, "Ann removed you from \"Birds\": please", "Ann将你移出了群聊“Birds”：please"},
		{5, "Ann closed the group \"Birds\"", "Ann解散了群聊“Birds”"},
		{6, "Ann created the group \"Birds\"", "Ann创建了群聊“Birds”"},
		{7, "Ann brought you into \"Birds\"", "Ann邀请你加入了群聊“Birds”"},
		{8, "You left \"Birds\"", "你已退出群聊“Birds”"},
		{9, "Ann made you an admin of \"Birds\"", "Ann将你设为群聊“Birds”的管理员"},
		{10, "Ann took back your admin rights in \"Birds\"", "Ann取消了你在群聊“Birds”的管理员身份"},
		{11, "The group \"Birds\" no longer exists", "群聊“Birds”已被系统回收"},
		{12, "Ann invites you to join \"Birds\": please", "Ann邀请你加入群聊“Birds”，等待你同意：please"},
		{13, "Ann accepted your invitation to \"Birds\"", "Ann接受了你加入群聊“Birds”的邀请"},
		{14, "Ann declined your invitation to \"Birds\": please", "Ann拒绝了你加入群聊“Birds”的邀请：please"},
		{15, "You read \"Birds\" on another device", "你在其他设备上阅读了群聊“Birds”"},
		{20, "You changed the notifications of \"Birds\" on another device", "你在其他设备上修改了群聊“Birds”的消息提醒"},
		{255, "hello world", "hello world"},
		{17, "Something changed in \"Birds\"", "群聊“Birds”有新的变动"},
		{-1, "Something changed in \"Birds\"", "群聊“Birds”有新的变动"},
	} {
		p := im.GroupNoticePayload{OperationType: c.op, OperatorID: "a", GroupProfile: im.GroupRef{GroupID: "g", Name: "Birds"},
			HandleMessage: "please", UserDefinedField: "hello\nworld", Names: map[im.UserID]string{"a": "Ann"}}
		if got := p.Words(im.English); got != c.en {
			t.Errorf("%d: %q, want %q", c.op, got, c.en)
		}
		if got := p.Words(im.Chinese); got != c.zh {
			t.Errorf("%d: %q, want %q", c.op, got, c.zh)
		}
	}
	bare := im.GroupNoticePayload{OperationType: im.NoticeKickedOut, OperatorID: im.SystemUser, GroupProfile: im.GroupRef{GroupID: "g"}}
	if got := bare.Words(im.English); got != "An admin removed you from \"g\"" {
		t.Errorf("got %q", got)
	}
	bare.OperationType = im.NoticeCustom
	if got := bare.Words(im.English); got != "A notice from \"g\"" {
		t.Errorf("got %q", got)
	}
}

// What is bold in a notice is the group and who waits for an answer, and nothing that
// a hostile name pretends to be.
func TestStretchesOfNotices(t *testing.T) {
	type cut = []im.Stretch
	for _, c := range []struct {
		op            im.GroupNoticeOperation
		person, group string
		said          string
		en, zh        cut
	}{
		{1, "Ann", "Birds", "", cut{{"Ann", true}, {" asks to join ", false}, {"Birds", true}}, cut{{"Ann", true}, {"申请加入群聊", false}, {"Birds", true}}},
		{9, "Ann", "Birds", "", cut{{"Ann made you an admin of ", false}, {"Birds", true}}, cut{{"Ann将你设为群聊", false}, {"Birds", true}, {"的管理员", false}}},
		{1, "a\x03b\x02", "\x02\x02c", "\x02d\x03", cut{{"a b", true}, {" asks to join ", false}, {"c", true}, {": d", false}}, cut{{"a b", true}, {"申请加入群聊", false}, {"c", true}, {"：d", false}}},
		{5, "\x02Ann\x03", "Birds", "", cut{{"Ann closed the group ", false}, {"Birds", true}}, cut{{"Ann解散了群聊", false}, {"Birds", true}}},
		{255, "Ann", "Birds", "", cut{{"hi", false}}, cut{{"hi", false}}},
	} {
		p := im.GroupNoticePayload{OperationType: c.op, OperatorID: "a", GroupProfile: im.GroupRef{GroupID: "g", Name: c.group},
			HandleMessage: c.said, UserDefinedField: "\x02hi\x03", Names: map[im.UserID]string{"a": c.person}}
		if got := p.Stretches(im.English); !slices.Equal(got, c.en) {
			t.Errorf("%d: %+v, want %+v", c.op, got, c.en)
		}
		if got := p.Stretches(im.Chinese); !slices.Equal(got, c.zh) {
			t.Errorf("%d: %+v, want %+v", c.op, got, c.zh)
		}
	}
}

// Senders name a group in three ways; the best there is is shown.
func TestGroupNames(t *testing.T) {
	for _, c := range []struct{ json, want string }{
		{`{"groupID":"g","name":"N","groupName":"O"}`, "N"},
		{`{"groupID":"g","groupName":"O"}`, "O"},
		{`{"groupID":"g"}`, "g"},
	} {
		p, err := im.DecodePayload(im.MsgGroupNotice, []byte(`{"operationType":8,"groupProfile":`+c.json+`}`))
		if err != nil {
			t.Fatal(err)
		}
		if got := im.MessageForShow(p, im.English); got != "You left \""+c.want+"\"" {
			t.Errorf("%s: %q", c.json, got)
		}
	}
}
