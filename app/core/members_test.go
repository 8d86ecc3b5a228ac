package core

import (
	"slices"
	"strings"
	"testing"
	"time"

	"magpie/im"
)

// noticed waits for a notice of the system conversation.
func (d *device) noticed(op im.GroupNoticeOperation) im.Message {
	d.t.Helper()
	var got im.Message
	d.until("a notice", func(e Event) bool {
		n, is := e.(GroupNoticeReceived)
		if is {
			got = n.Message
		}
		return is && n.Message.Payload.(im.GroupNoticePayload).OperationType == op
	})
	return got
}

func (d *device) member(g im.GroupID, u im.UserID) im.GroupMember {
	d.t.Helper()
	list, err := d.GroupMembers(d.t.Context(), g)
	ok(d.t, err)
	for _, m := range list {
		if m.UserID == u {
			return m
		}
	}
	return im.GroupMember{}
}

// untilOut waits until the device was told that it is in a group no more, which
// its notice may come before or after.
func (d *device) untilOut(g im.GroupID) {
	d.t.Helper()
	left := func(e Event) bool { u, is := e.(GroupListUpdated); return is && u.Left && u.Group.GroupID == g }
	if !slices.ContainsFunc(d.seen, left) {
		d.until("leaving", left)
	}
}

func TestNewMemberAsksAndIsLetIn(t *testing.T) {
	s := newMagpied(t, "ann", "bob", "carl")
	ann, bob, carl := s.device(t, "ann").ready(), s.device(t, "bob").ready(), s.device(t, "carl").ready()
	g, _, err := ann.CreateGroup(t.Context(), im.Group{Name: "Birds", Type: im.GroupPublic, GroupID: "birds", JoinOption: im.JoinNeedPermission}, []im.UserID{"carl"})
	ok(t, err)
	ok(t, ann.SetGroupMemberRole(t.Context(), g.GroupID, "carl", im.RoleAdmin))
	status, info, err := bob.JoinGroup(t.Context(), "birds", "I am Bob")
	ok(t, err)
	equal(t, "status", status, im.JoinWaitApproval)
	equal(t, "name", info.Name, "Birds")
	if list, err := bob.GetGroupList(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("in groups %v, %v", list, err)
	}
	asked := ann.noticed(im.NoticeJoinRequest)
	p := asked.Payload.(im.GroupNoticePayload)
	equal(t, "who asks", p.OperatorID, im.UserID("bob"))
	equal(t, "words", p.HandleMessage, "I am Bob")
	equal(t, "conversation", asked.ConversationID, im.SystemConversation)
	equal(t, "system message", asked.IsSystemMessage, true)
	// The notice comes before the message that has it.
	for i, e := range ann.seen {
		if r, is := e.(MessageReceived); is && r.Messages[0].ID == asked.ID {
			t.Errorf("received at %d before its notice", i)
		}
	}
	carlAsked := carl.noticed(im.NoticeJoinRequest)
	ok(t, ann.HandleGroupApplication(t.Context(), asked.ID, im.HandleAgree, "welcome"))
	equal(t, "handled", ann.at(im.SystemConversation, asked.Sequence).Payload.(im.GroupNoticePayload).Handled, im.HandleAgree)
	accepted := bob.noticed(im.NoticeJoinAccepted)
	equal(t, "answer", accepted.Payload.(im.GroupNoticePayload).HandleMessage, "welcome")
	eventually(t, "bob is in", func() bool {
		list, err := bob.GetGroupList(t.Context())
		ok(t, err)
		return len(list) == 1 && list[0].SelfInfo.Role == im.RoleMember
	})
	equal(t, "the second answer", im.CodeOf(carl.HandleGroupApplication(t.Context(), carlAsked.ID, im.HandleReject, "")), im.CodeRequestHandled)
	equal(t, "marked all the same", carl.at(im.SystemConversation, carlAsked.Sequence).Payload.(im.GroupNoticePayload).Handled, HandledElsewhere)
	equal(t, "asks nothing", im.CodeOf(bob.HandleGroupApplication(t.Context(), accepted.ID, im.HandleAgree, "")), im.CodeInvalidMessage)
	equal(t, "no action", im.CodeOf(ann.HandleGroupApplication(t.Context(), asked.ID, "Maybe", "")), im.CodeInvalidGroupParameter)
	status, _, err = bob.JoinGroup(t.Context(), "birds", "")
	ok(t, err)
	equal(t, "again", status, im.JoinAlreadyInGroup)
	_, _, err = bob.JoinGroup(t.Context(), "birds", strings.Repeat("x", im.MaxHandleMessageBytes+1))
	equal(t, "too many words", im.CodeOf(err), im.CodeInvalidGroupParameter)
	_, _, err = bob.JoinGroup(t.Context(), "none", "")
	equal(t, "no such group", im.CodeOf(err), im.CodeGroupNotFound)
	eventually(t, "what is unread", func() bool { return ann.row(im.SystemConversation).UnreadCount > 0 })
	ok(t, ann.SetMessageRead(t.Context(), im.SystemConversation))
	eventually(t, "read", func() bool { return ann.row(im.SystemConversation).UnreadCount == 0 })
	profile, err := ann.GetConversationProfile(t.Context(), im.SystemConversation)
	ok(t, err)
	equal(t, "type", profile.Type, im.ConvSystem)
	if profile.LastMessage == nil || profile.LastMessage.Type != im.MsgGroupNotice {
		t.Errorf("the last notice is %+v", profile.LastMessage)
	}
	p2, err := ann.GetMessageList(t.Context(), im.SystemConversation, "", 15)
	ok(t, err)
	if len(p2.Messages) == 0 {
		t.Error("no notices in the history")
	}
	ok(t, ann.DeleteConversation(t.Context(), im.SystemConversation))
	if _, _, in := ann.listed(im.SystemConversation); in {
		t.Error("deleted and still in the list")
	}
}

func TestNewOwnerAndItsMembers(t *testing.T) {
	s := newMagpied(t, "ann", "bob", "carl")
	ann, bob, carl := s.device(t, "ann").ready(), s.device(t, "bob").ready(), s.device(t, "carl").ready()
	g, _, err := ann.CreateGroup(t.Context(), im.Group{Name: "g", Type: im.GroupPublic}, []im.UserID{"bob", "carl"})
	ok(t, err)
	id, conv := g.GroupID, im.GroupConversation(g.GroupID)
	ann.member(id, "bob") // fills the cache
	name, mute := "Rare birds", true
	info, err := ann.UpdateGroupProfile(t.Context(), id, im.GroupChange{Name: &name})
	ok(t, err)
	equal(t, "name", info.Name, name)
	bob.until("the name", func(e Event) bool { u, is := e.(GroupListUpdated); return is && u.Group.Name == name })
	_, err = bob.UpdateGroupProfile(t.Context(), id, im.GroupChange{MuteAllMembers: &mute})
	equal(t, "a member changes it", im.CodeOf(err), im.CodeGroupPermission)

	ok(t, ann.SetGroupMemberRole(t.Context(), id, "bob", im.RoleAdmin))
	cached, err := ann.st.Members(id)
	ok(t, err)
	for _, m := range cached {
		if m.UserID == "bob" && m.Role != im.RoleAdmin {
			t.Error("the cache has the old role")
		}
	}
	eventually(t, "bob knows", func() bool {
		i, found, err := bob.st.Group(id)
		ok(t, err)
		return found && i.SelfInfo != nil && i.SelfInfo.Role == im.RoleAdmin
	})
	ok(t, bob.SetGroupMemberMuteTime(t.Context(), id, "carl", 90*time.Second))
	if until := ann.member(id, "carl").MuteUntil; until <= ann.ServerNow().UnixMilli() {
		t.Errorf("muted until %d", until)
	}
	m, err := carl.SendMessage(t.Context(), carl.CreateTextMessage(im.ConvGroup, string(id), "hm"), im.SendOptions{})
	ok(t, err)
	_, err = carl.waitSent(m.ID)
	equal(t, "muted", im.CodeOf(err), im.CodeMuted)
	ok(t, bob.SetGroupMemberMuteTime(t.Context(), id, "carl", 0))
	_, err = carl.ResendMessage(t.Context(), m.ID)
	ok(t, err)
	_, err = carl.waitSent(m.ID)
	ok(t, err)
	ok(t, carl.SetGroupMemberNameCard(t.Context(), id, "carl", "Charles"))
	equal(t, "card", ann.member(id, "carl").NameCard, "Charles")

	for _, c := range []struct {
		name string
		err  error
		code im.Code
	}{
		{"own role", ann.SetGroupMemberRole(t.Context(), id, "ann", im.RoleAdmin), im.CodeOwnRole},
		{"no role", ann.SetGroupMemberRole(t.Context(), id, "bob", "King"), im.CodeInvalidRole},
		{"mute oneself", ann.SetGroupMemberMuteTime(t.Context(), id, "ann", time.Minute), im.CodeMuteSelf},
		{"mute backwards", ann.SetGroupMemberMuteTime(t.Context(), id, "bob", -time.Minute), im.CodeInvalidGroupParameter},
		{"card", ann.SetGroupMemberNameCard(t.Context(), id, "bob", strings.Repeat("x", im.MaxNameCardBytes+1)), im.CodeInvalidNameCard},
		{"kick oneself", ann.KickGroupMembers(t.Context(), id, []im.UserID{"ann"}, ""), im.CodeInvalidGroupParameter},
		{"kick nobody", ann.KickGroupMembers(t.Context(), id, nil, ""), im.CodeTooManyAccounts},
		{"transfer to oneself", ann.ChangeGroupOwner(t.Context(), id, "ann"), im.CodeTransferToSelf},
		{"transfer to a stranger", ann.ChangeGroupOwner(t.Context(), id, "dave"), im.CodeMemberNotInGroup},
		{"kick by a member", carl.KickGroupMembers(t.Context(), id, []im.UserID{"bob"}, ""), im.CodeGroupPermission},
		{"dismiss by a member", carl.DismissGroup(t.Context(), id), im.CodeGroupPermission},
	} {
		equal(t, c.name, im.CodeOf(c.err), c.code)
	}

	ok(t, ann.ChangeGroupOwner(t.Context(), id, "bob"))
	equal(t, "owner", ann.member(id, "bob").Role, im.RoleOwner)
	ok(t, bob.KickGroupMembers(t.Context(), id, []im.UserID{"carl"}, "too loud"))
	kicked := carl.noticed(im.NoticeKickedOut)
	equal(t, "reason", kicked.Payload.(im.GroupNoticePayload).HandleMessage, "too loud")
	carl.untilOut(id)
	if _, _, in := carl.listed(conv); in {
		t.Error("the group is in the list of who was removed")
	}
	ok(t, bob.DismissGroup(t.Context(), id))
	ann.noticed(im.NoticeDismissed)
	ann.untilOut(id)
	for _, d := range []*device{ann, bob, carl} {
		if list, err := d.GetGroupList(t.Context()); err != nil || len(list) != 0 {
			t.Errorf("%s is in %v, %v", d.User(), list, err)
		}
	}
	left := 0
	for _, e := range carl.seen {
		if u, is := e.(GroupListUpdated); is && u.Left {
			left++
		}
	}
	equal(t, "told that it left", left, 1)
	// What was said stays to be read.
	if p, err := carl.History(t.Context(), conv, HistoryQuery{}); err != nil || len(p.Messages) == 0 {
		t.Errorf("%d messages, %v", len(p.Messages), err)
	}
}

// Nobody sees a work group before its owner spoke, which CreateGroup does.
func TestNewGroupSaysSo(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	ann, bob := s.device(t, "ann").ready(), s.device(t, "bob").ready()
	g, _, err := ann.CreateGroup(t.Context(), im.Group{Name: "g", Type: im.GroupWork}, []im.UserID{"bob"})
	ok(t, err)
	conv := im.GroupConversation(g.GroupID)
	bob.until("that it was made", func(e Event) bool {
		r, is := e.(MessageReceived)
		if !is {
			return false
		}
		for _, m := range r.Messages {
			if p, is := m.Payload.(im.CustomPayload); is && p.GroupCreated() && m.ConversationID == conv && m.From == "ann" {
				return true
			}
		}
		return false
	})
}

// Removed while away, from a group whose conversation was deleted: no row tells.
func TestNewMembershipAfterAbsence(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	ann, bob := s.device(t, "ann").ready(), s.device(t, "bob").ready()
	g, _, err := ann.CreateGroup(t.Context(), im.Group{Name: "g", Type: im.GroupPublic}, []im.UserID{"bob"})
	ok(t, err)
	conv := im.GroupConversation(g.GroupID)
	ann.say(im.ConvGroup, string(g.GroupID), "hi")
	bob.hear("hi")
	ok(t, bob.DeleteConversation(t.Context(), conv))
	list, err := bob.GetGroupList(t.Context())
	ok(t, err)
	equal(t, "a member without a row", len(list), 1)
	bob.stop()
	ok(t, ann.KickGroupMembers(t.Context(), g.GroupID, []im.UserID{"bob"}, ""))
	bob = s.deviceAt(t, "bob", bob.path).ready()
	list, err = bob.GetGroupList(t.Context())
	ok(t, err)
	equal(t, "no member any more", len(list), 0)
}
