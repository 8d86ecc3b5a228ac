package core

import (
	"fmt"
	"testing"

	"magpie/im"
)

func TestTwoPeopleTalk(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	ann, bob := s.device(t, "ann").ready(), s.device(t, "bob").ready()
	ann.say(im.ConvC2C, "bob", "hello 你好")
	m := bob.hear("hello 你好")
	equal(t, "from", m.From, im.UserID("ann"))
	equal(t, "conversation", m.ConversationID, im.ConversationID("C2Cann"))
	equal(t, "flow", m.Flow, im.FlowIn)
	equal(t, "to", m.To, "bob")
	bob.say(im.ConvC2C, "ann", "hi")
	equal(t, "sequence", ann.hear("hi").Sequence, uint64(2))
	list, err := bob.GetConversationList(t.Context())
	ok(t, err)
	equal(t, "list", list[0].ConversationID, im.ConversationID("C2Cann"))
	eventually(t, "the name", func() bool {
		list, err := bob.GetConversationList(t.Context())
		ok(t, err)
		return list[0].UserProfile != nil && list[0].UserProfile.Nick == "ANN"
	})
	_, err = ann.SendMessage(t.Context(), ann.CreateTextMessage(im.ConvC2C, "nobody", "x"), im.SendOptions{})
	ok(t, err)
	ann.until("refusal", func(e Event) bool {
		u, is := e.(MessageUpdated)
		return is && u.Message.Status == im.StatusFail && u.Message.Error.Code == im.CodeC2CUserNotFound
	})
}

func TestGroupTalk(t *testing.T) {
	s := newMagpied(t, "ann", "bob", "carl")
	ann, bob, carl := s.device(t, "ann").ready(), s.device(t, "bob").ready(), s.device(t, "carl").ready()
	g, results, err := ann.CreateGroup(t.Context(), im.Group{Name: "three", Type: im.GroupWork}, []im.UserID{"bob", "carl"})
	ok(t, err)
	for _, r := range results {
		equal(t, "joined "+string(r.UserID), r.Result, 1)
	}
	conv := im.GroupConversation(g.GroupID)
	for i := range 5 {
		for _, d := range []*device{ann, bob, carl} {
			d.say(im.ConvGroup, string(g.GroupID), fmt.Sprint(d.User(), i))
		}
	}
	ann.hear("carl4")
	bob.hear("carl4")
	var want string
	for _, d := range []*device{ann, bob, carl} {
		all, _ := d.pages(conv, 15)
		var texts string
		p, err := d.History(t.Context(), conv, HistoryQuery{Limit: 100})
		ok(t, err)
		equal(t, "pages", all, sequences(p.Messages))
		for _, m := range p.Messages {
			texts += fmt.Sprint(m.Sequence, m.Payload)
		}
		if want == "" {
			want = texts
		}
		equal(t, "the same for "+string(d.User()), texts, want)
	}
	members, err := bob.GroupMembers(t.Context(), g.GroupID)
	ok(t, err)
	equal(t, "members", len(members), 3)
	equal(t, "owner first", members[0].UserID, im.UserID("ann"))
	ok(t, carl.QuitGroup(t.Context(), g.GroupID))
	list, err := carl.GetConversationList(t.Context())
	ok(t, err)
	for _, c := range list {
		if c.ConversationID == conv {
			t.Error("the group is in the list of who left it")
		}
	}
	_, err = carl.SendMessage(t.Context(), carl.CreateTextMessage(im.ConvGroup, string(g.GroupID), "still here?"), im.SendOptions{})
	ok(t, err)
	carl.until("refusal", func(e Event) bool {
		u, is := e.(MessageUpdated)
		return is && u.Message.Status == im.StatusFail && u.Message.Error.Code == im.CodeGroupPermission
	})
	info, err := ann.GroupInfo(t.Context(), g.GroupID)
	ok(t, err)
	equal(t, "name", info.Name, "three")
}

func TestReadStateOfTwoDevices(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	one, two, bob := s.device(t, "ann").ready(), s.device(t, "ann").ready(), s.device(t, "bob").ready()
	for i := range 3 {
		bob.say(im.ConvC2C, "ann", fmt.Sprint("m", i))
	}
	one.hear("m2")
	two.hear("m2")
	eventually(t, "three unread", func() bool {
		return one.row("C2Cbob").UnreadCount == 3 && two.row("C2Cbob").UnreadCount == 3
	})
	ok(t, one.SetMessageRead(t.Context(), "C2Cbob"))
	two.until("nothing unread", func(e Event) bool { u, is := e.(TotalUnreadUpdated); return is && u.Unread == 0 })
	bob.until("read by ann", func(e Event) bool { r, is := e.(MessageReadByPeer); return is && r.Sequence == 3 })
	// What one device sends, the other receives, and the one does not.
	one.say(im.ConvC2C, "bob", "from one")
	m := two.hear("from one")
	equal(t, "flow", m.Flow, im.FlowOut)
	bob.say(im.ConvC2C, "ann", "last")
	one.hear("last")
	for _, e := range one.seen {
		if r, is := e.(MessageReceived); is {
			equal(t, "received by its sender", r.Messages[0].From, im.UserID("bob"))
		}
	}
	eventually(t, "the same count", func() bool {
		return one.row("C2Cbob").UnreadCount == 1 && two.row("C2Cbob").UnreadCount == 1
	})
	ok(t, two.DeleteConversation(t.Context(), "C2Cbob"))
	eventually(t, "gone from the other list", func() bool {
		list, err := one.GetConversationList(t.Context())
		ok(t, err)
		return len(list) == 0
	})
}

func TestServerGone(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	ann, bob := s.device(t, "ann").ready(), s.device(t, "bob").ready()
	for i := range 20 {
		ann.say(im.ConvC2C, "bob", fmt.Sprint("before ", i))
	}
	bob.hear("before 19")
	s.kill()
	ann.until("not ready", func(e Event) bool { _, is := e.(SDKNotReady); return is })
	m, err := ann.SendMessage(t.Context(), ann.CreateTextMessage(im.ConvC2C, "bob", "while it was gone"), im.SendOptions{})
	ok(t, err)
	_, err = ann.SendMessage(t.Context(), ann.CreateTextMessage(im.ConvC2C, "bob", "now"), im.SendOptions{OnlineUserOnly: true})
	equal(t, "online only", im.CodeOf(err), im.CodeNotReady)
	ann.stop()
	bob.stop()
	ann, bob = s.deviceAt(t, "ann", ann.path), s.deviceAt(t, "bob", bob.path)
	all, l := bob.pages("C2Cann", 15)
	equal(t, "history", all, upTo(1, 20))
	equal(t, "completed", l.IsCompleted, true)
	s.start()
	sent, err := ann.waitSent(m.ID)
	ok(t, err)
	equal(t, "sequence", sent.Sequence, uint64(21))
	bob.hear("while it was gone")
	bob.ready()
	m = ann.ready().CreateTextMessage(im.ConvC2C, "bob", "now")
	_, err = ann.SendMessage(t.Context(), m, im.SendOptions{OnlineUserOnly: true})
	ok(t, err)
	equal(t, "not stored", bob.hear("now").Sequence, uint64(0))
}

func TestForeignConversation(t *testing.T) {
	s := newMagpied(t, "ann", "bob", "eve")
	ann, eve := s.device(t, "ann").ready(), s.device(t, "eve").ready()
	g, _, err := ann.CreateGroup(t.Context(), im.Group{Name: "closed", Type: im.GroupWork}, []im.UserID{"bob"})
	ok(t, err)
	ann.say(im.ConvGroup, string(g.GroupID), "secret")
	conv := im.GroupConversation(g.GroupID)
	l, err := eve.GetMessageList(t.Context(), conv, "", 15)
	if len(l.Messages) != 0 || l.IsCompleted || im.CodeOf(err) == 0 {
		t.Fatalf("eve sees %v, %v", l, err)
	}
	if _, err = eve.GetConversationProfile(t.Context(), conv); im.CodeOf(err) == 0 {
		t.Fatalf("eve gets the profile: %v", err)
	}
	if _, err = eve.InviteToGroup(t.Context(), g.GroupID, []im.UserID{"eve"}); im.CodeOf(err) == 0 {
		t.Fatalf("eve lets herself in: %v", err)
	}
	equal(t, "eve's list", len(func() []im.Conversation { l, err := eve.GetConversationList(t.Context()); ok(t, err); return l }()), 0)
}
