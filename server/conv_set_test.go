package server

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"magpie/im"
	"magpie/im/wire"
)

func (c *client) trySet(f wire.ConvSet) error {
	f.Head = c.head(wire.TConvSet)
	_, err := ask[wire.OK](c, f.I, f)
	return err
}

func (c *client) set(f wire.ConvSet) {
	c.t.Helper()
	if err := c.trySet(f); err != nil {
		c.t.Fatalf("%s sets %s: %v", c.user, f.Conversation, err)
	}
}

func (c *client) deleteConv(conv im.ConversationID) {
	c.t.Helper()
	f := wire.DeleteConversation{Head: c.head(wire.TDeleteConv), Conversation: conv}
	if _, err := ask[wire.OK](c, f.I, f); err != nil {
		c.t.Fatalf("delete %s: %v", conv, err)
	}
}

func ptr[V any](v V) *V { return &v }

// What a user wants of a conversation is in its row, on all its devices, after a
// restart as well; nobody else sees it.
func TestConvSet(t *testing.T) {
	dir := t.TempDir()
	s := reopen(t, dir, nil)
	alice, phone, bob := connect(t, s, "alice", "a1"), connect(t, s, "alice", "a2"), connect(t, s, "bob", "b1")
	bob.say("C2Calice", "hi")
	alice.set(wire.ConvSet{Conversation: "C2Cbob", IsPinned: ptr(true), MessageRemindType: im.RemindQuiet, MarkedUnread: ptr(true), Remark: ptr("Bobby")})
	if e := phone.event(wire.EvConvChanged); e.Conversation != "C2Cbob" {
		t.Errorf("the phone is told of %q", e.Conversation)
	}
	alice.nothing(s, func(line []byte) bool { return strings.Contains(string(line), wire.EvConvChanged) })
	check := func(c *client, what string, pinned, unread bool, remind im.RemindType, remark string) {
		t.Helper()
		for i, row := range []wire.ConversationRow{c.conv("C2Cbob"), c.convs().List[0]} {
			if row.IsPinned != pinned || row.MarkedUnread != unread || row.MessageRemindType != remind || row.Remark != remark {
				t.Errorf("%s, row %d: %+v", what, i, row.Conversation)
			}
		}
	}
	check(phone, "all of it", true, true, im.RemindQuiet, "Bobby")
	if l := phone.convs(); l.TotalUnread != 0 || l.List[0].UnreadCount != 1 {
		t.Errorf("muted: %d unread of %d in all", l.List[0].UnreadCount, l.TotalUnread)
	}
	if row := bob.conv("C2Calice"); row.IsPinned || row.MarkedUnread || row.Remark != "" || row.MessageRemindType != im.RemindNotify {
		t.Errorf("the other side sees %+v", row.Conversation)
	}
	alice.set(wire.ConvSet{Conversation: "C2Cbob", MessageRemindType: im.RemindNotify})
	check(alice, "one of it", true, true, im.RemindNotify, "Bobby")
	shut(t, s)
	s = reopen(t, dir, nil)
	alice, phone = connect(t, s, "alice", "a1"), connect(t, s, "alice", "a2")
	check(alice, "after a restart", true, true, im.RemindNotify, "Bobby")
	// Reading takes the mark away, also where nothing is unread.
	alice.read("C2Cbob", 1)
	check(alice, "read", true, false, im.RemindNotify, "Bobby")
	alice.set(wire.ConvSet{Conversation: "C2Cbob", MarkedUnread: ptr(true)})
	phone.event(wire.EvConvChanged)
	alice.read("C2Cbob", 1)
	check(alice, "read again", true, false, im.RemindNotify, "Bobby")
	phone.event(wire.EvConvChanged)
	// What changes nothing is told to nobody.
	alice.set(wire.ConvSet{Conversation: "C2Cbob", IsPinned: ptr(true), MarkedUnread: ptr(false), Remark: ptr("Bobby")})
	phone.nothing(s, func(line []byte) bool { return strings.Contains(string(line), wire.EvConvChanged) })
	alice.set(wire.ConvSet{Conversation: "C2Cbob", MarkedUnread: ptr(true)})
	alice.deleteConv("C2Cbob")
	check(alice, "deleted", false, false, im.RemindNotify, "Bobby")
}

func TestConvSetRefused(t *testing.T) {
	s := open(t, nil)
	alice, bob := connect(t, s, "alice", "a"), connect(t, s, "bob", "b")
	alice.say("C2Cbob", "hi")
	g, err := bob.createGroup(im.Group{Name: "Birds", Type: im.GroupPublic})
	if err != nil {
		t.Fatal(err)
	}
	group := im.GroupConversation(g.Group.GroupID)
	for _, c := range []struct {
		what string
		f    wire.ConvSet
		code im.Code
	}{
		{"an unknown remind type", wire.ConvSet{Conversation: "C2Cbob", MessageRemindType: "Loud"}, im.CodeInvalidParameter},
		{"a remark too long", wire.ConvSet{Conversation: "C2Cbob", Remark: ptr(strings.Repeat("x", im.MaxRemarkBytes+1))}, im.CodeInvalidParameter},
		{"a remark of two lines", wire.ConvSet{Conversation: "C2Cbob", Remark: ptr("a\nb")}, im.CodeInvalidParameter},
		{"a remark that turns", wire.ConvSet{Conversation: "C2Cbob", Remark: ptr("a\u202eb")}, im.CodeInvalidParameter},
		{"a remark for a group", wire.ConvSet{Conversation: group, Remark: ptr("a")}, im.CodeInvalidParameter},
		{"a good and a bad value", wire.ConvSet{Conversation: "C2Cbob", IsPinned: ptr(true), MessageRemindType: "Loud"}, im.CodeInvalidParameter},
		{"a group of others", wire.ConvSet{Conversation: group, IsPinned: ptr(true)}, im.CodeGroupPermission},
		{"nobody", wire.ConvSet{Conversation: "C2Cnobody", IsPinned: ptr(true)}, im.CodeC2CUserNotFound},
	} {
		wantCode(t, alice.trySet(c.f), c.code, c.what)
	}
	if row := alice.conv("C2Cbob"); row.IsPinned || row.Remark != "" || row.MessageRemindType != im.RemindNotify {
		t.Errorf("something was changed: %+v", row.Conversation)
	}
	alice.set(wire.ConvSet{Conversation: "C2Cbob", Remark: ptr(strings.Repeat("x", im.MaxRemarkBytes))})
}

// Nothing of a conversation that is discarded is pushed or counted; one's own
// devices still hear of what one said, and all of it can be pulled.
func TestDiscard(t *testing.T) {
	s := open(t, nil)
	alice, phone, bob := connect(t, s, "alice", "a1"), connect(t, s, "alice", "a2"), connect(t, s, "bob", "b1")
	bob.say("C2Calice", "before")
	alice.message("before")
	alice.set(wire.ConvSet{Conversation: "C2Cbob", MessageRemindType: im.RemindDiscard})
	phone.event(wire.EvConvChanged)
	bob.say("C2Calice", "after")
	alice.nothing(s, func(line []byte) bool { return strings.Contains(string(line), `"m"`) })
	alice.say("C2Cbob", "my own")
	phone.message("my own")
	if l := alice.convs(); l.TotalUnread != 0 || l.List[0].UnreadCount != 0 || l.List[0].Last != 3 {
		t.Errorf("the list says %+v", l)
	}
	if n := len(alice.history("C2Cbob")); n != 3 {
		t.Errorf("%d messages can be pulled, want 3", n)
	}
	alice.set(wire.ConvSet{Conversation: "C2Cbob", MessageRemindType: im.RemindNotify})
	bob.say("C2Calice", "again")
	if m := alice.message("again"); m.Unread != 3 {
		t.Errorf("%d unread, want the three of bob", m.Unread)
	}
}

// Pinned conversations come first, and pages follow that order without a
// conversation left out or twice.
func TestPinnedOrder(t *testing.T) {
	clock := newClock()
	s := open(t, func(o *Options) { o.Now = clock.now })
	alice := connect(t, s, "alice", "a")
	const n = 23
	pinned := map[int]bool{2: true, 7: true, 20: true}
	for i := range n {
		u := im.UserID(fmt.Sprint("u", i))
		accountFor(t, s, u)
		alice.say(im.C2C(u), "x")
		if pinned[i] {
			alice.set(wire.ConvSet{Conversation: im.C2C(u), IsPinned: ptr(true)})
		}
		clock.add(time.Second)
	}
	var want []string
	for _, first := range []bool{true, false} {
		for i := n - 1; i >= 0; i-- {
			if pinned[i] == first {
				want = append(want, fmt.Sprint("C2Cu", i))
			}
		}
	}
	for _, limit := range []int{1, 2, 5, 100} {
		var got []string
		cursor := ""
		for {
			f := wire.Conversations{Head: alice.head(wire.TConversations), Cursor: cursor, Limit: limit}
			l, err := ask[wire.ConversationList](alice, f.I, f)
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range l.List {
				got = append(got, string(row.ConversationID))
			}
			if cursor = l.Cursor; l.IsCompleted {
				break
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("pages of %d: %v, want %v", limit, got, want)
		}
	}
}

// Groups that disturb nobody unless asked to.
func TestDefaultRemind(t *testing.T) {
	s := open(t, nil)
	alice := connect(t, s, "alice", "a")
	for _, c := range []struct {
		kind im.GroupType
		want im.RemindType
	}{{im.GroupWork, im.RemindNotify}, {im.GroupPublic, im.RemindNotify}, {im.GroupMeeting, im.RemindQuiet}} {
		g, err := alice.createGroup(im.Group{Name: "x", Type: c.kind})
		if err != nil {
			t.Fatal(err)
		}
		row := alice.conv(im.GroupConversation(g.Group.GroupID))
		if row.MessageRemindType != c.want || row.GroupProfile.SelfInfo.MessageRemindType != c.want {
			t.Errorf("%s: %s and %s, want %s", c.kind, row.MessageRemindType, row.GroupProfile.SelfInfo.MessageRemindType, c.want)
		}
	}
}

// Who is mentioned sees it in the list until it has read it or it is recalled.
func TestMentions(t *testing.T) {
	s := open(t, nil)
	alice, bob, carol := connect(t, s, "alice", "a"), connect(t, s, "bob", "b"), connect(t, s, "carol", "c")
	g, err := alice.createGroup(im.Group{Name: "Birds", Type: im.GroupPublic}, "bob", "carol")
	if err != nil {
		t.Fatal(err)
	}
	conv := im.GroupConversation(g.Group.GroupID)
	mention := func(users ...im.UserID) uint64 {
		t.Helper()
		m := alice.text(conv, "look")
		m.AtUserList = users
		sent, err := alice.trySend(m, 0, im.SendOptions{})
		if err != nil {
			t.Fatal(err)
		}
		return sent.Sequence
	}
	check := func(c *client, what string, want ...im.AtInfo) {
		t.Helper()
		got := c.conv(conv).GroupAtInfoList
		a, _ := json.Marshal(got)
		b, _ := json.Marshal(want)
		if string(a) != string(b) && len(got)+len(want) > 0 {
			t.Errorf("%s: %s, want %s", what, a, b)
		}
	}
	info := func(n uint64, kind im.AtType) im.AtInfo {
		return im.AtInfo{From: "alice", GroupID: g.Group.GroupID, MessageSequence: n, AtTypeArray: []im.AtType{kind}}
	}
	me, all, both := mention("bob", "dave"), mention(im.AtAllUsers), mention("bob", im.AtAllUsers, "bob")
	if m := push(bob, wire.TMessage, func(m wire.Message) bool { return m.Message.Sequence == me }); fmt.Sprint(m.Message.AtUserList) != "[bob dave]" {
		t.Errorf("pushed with %v", m.Message.AtUserList)
	}
	check(bob, "all three", info(me, im.AtMe), info(all, im.AtAll), info(both, im.AtAllAtMe))
	check(carol, "carol", info(all, im.AtAll), info(both, im.AtAll))
	check(alice, "who wrote it")
	bob.read(conv, me)
	check(bob, "one read", info(all, im.AtAll), info(both, im.AtAllAtMe))
	alice.mustRevoke(conv, all)
	check(bob, "one recalled", info(both, im.AtAllAtMe))
	bob.read(conv, both)
	check(bob, "all read")
	for range atInfoMax + 5 {
		mention("bob")
	}
	if n := len(bob.conv(conv).GroupAtInfoList); n != atInfoMax {
		t.Errorf("%d mentions, want %d", n, atInfoMax)
	}
	if list := bob.convs().List[0].GroupAtInfoList; list[len(list)-1].MessageSequence != bob.conv(conv).Last {
		t.Error("the latest mention is not among them")
	}
	// Whoever comes later was not meant.
	accountFor(t, s, "erin")
	if _, err := alice.invite(g.Group.GroupID, "erin"); err != nil {
		t.Fatal(err)
	}
	check(connect(t, s, "erin", "e"), "who joined later")
}

// What was listened to adds up over all devices; what is no set is refused.
func TestConvSetHeard(t *testing.T) {
	dir := t.TempDir()
	s := reopen(t, dir, nil)
	alice, phone, bob := connect(t, s, "alice", "a1"), connect(t, s, "alice", "a2"), connect(t, s, "bob", "b1")
	bob.say("C2Calice", "hi")
	alice.set(wire.ConvSet{Conversation: "C2Cbob", Heard: "1,3-4"})
	if e := phone.event(wire.EvConvChanged); e.Conversation != "C2Cbob" {
		t.Errorf("told of %q", e.Conversation)
	}
	phone.set(wire.ConvSet{Conversation: "C2Cbob", Heard: "2"})
	alice.set(wire.ConvSet{Conversation: "C2Cbob", IsPinned: ptr(true)})
	for _, bad := range []im.SequenceSet{"x", "0", "2,1", "1,1", im.SequenceSet(strings.Repeat("1,", 5000))} {
		if err := alice.trySet(wire.ConvSet{Conversation: "C2Cbob", Heard: bad}); im.CodeOf(err) != im.CodeInvalidParameter {
			t.Errorf("%.20q: %v", bad, err)
		}
	}
	shut(t, s)
	s = reopen(t, dir, nil)
	alice, bob = connect(t, s, "alice", "a1"), connect(t, s, "bob", "b1")
	if row := alice.conv("C2Cbob"); row.Heard != "1-4" || !row.IsPinned {
		t.Errorf("heard %q, pinned %v", row.Heard, row.IsPinned)
	}
	if row := bob.conv("C2Calice"); row.Heard != "" {
		t.Errorf("the other side sees what was heard: %q", row.Heard)
	}
}
