package server

import (
	"fmt"
	"testing"

	"magpie/im"
	"magpie/im/wire"
)

// Two people talk: both see every message once, in one order, with counts.
func TestTwoPeopleTalk(t *testing.T) {
	s := open(t, nil)
	alice, bob := connect(t, s, "alice", "a1"), connect(t, s, "bob", "b1")
	alice2 := connect(t, s, "alice", "a2")

	for i := range 40 {
		if i%4 == 3 {
			bob.say("C2Calice", fmt.Sprint("answer ", i))
		} else {
			alice.say("C2Cbob", fmt.Sprint("hello ", i))
		}
	}
	var unread uint64
	for i := range 40 {
		if i%4 == 3 {
			m := alice.message(fmt.Sprint("answer ", i))
			if m.Message.Flow != im.FlowIn || m.Message.ConversationID != "C2Cbob" || m.Message.From != "bob" || m.Message.To != "alice" {
				t.Errorf("alice sees %+v", m.Message)
			}
			continue
		}
		unread++
		m := bob.message(fmt.Sprint("hello ", i))
		if m.Message.ConversationID != "C2Calice" || m.Message.Sequence != uint64(i+1) || m.Unread != unread {
			t.Errorf("bob sees conversation %s number %d unread %d, want C2Calice %d %d", m.Message.ConversationID, m.Message.Sequence, m.Unread, i+1, unread)
		}
		own := alice2.message(fmt.Sprint("hello ", i))
		if own.Message.Flow != im.FlowOut || own.Message.ConversationID != "C2Cbob" {
			t.Errorf("alice's other device sees %+v", own.Message)
		}
	}
	alice.nothing(s, func(line []byte) bool {
		m, err := wire.Decode[wire.Message](line)
		return err == nil && m.T == wire.TMessage && m.Message.From == "alice"
	})
	for _, c := range []*client{alice, bob} {
		peer := im.C2C("bob")
		if c == bob {
			peer = "C2Calice"
		}
		all := c.history(peer)
		if len(all) != 40 {
			t.Fatalf("%s has %d messages, want 40", c.user, len(all))
		}
		for i, m := range all {
			if m.Sequence != uint64(i+1) || m.ConversationID != peer || (m.Flow == im.FlowOut) != (m.From == c.user) {
				t.Fatalf("%s: message %d is %+v", c.user, i, m)
			}
		}
	}
	l := bob.convs()
	if len(l.List) != 1 || !l.IsCompleted || l.TotalUnread != 30 {
		t.Fatalf("bob's list: %+v", l)
	}
	row := l.List[0]
	if row.ConversationID != "C2Calice" || row.UnreadCount != 30 || row.First != 1 || row.Last != 40 || row.UserProfile == nil ||
		row.LastMessage == nil || row.LastMessage.LastSequence != 40 {
		t.Errorf("bob's row: %+v", row)
	}
}

// Reading on one device is seen by the other and by the peer, and never goes back.
func TestReadIsShared(t *testing.T) {
	s := open(t, nil)
	alice := connect(t, s, "alice", "a1")
	bob, bob2 := connect(t, s, "bob", "b1"), connect(t, s, "bob", "b2")
	for i := range 10 {
		alice.say("C2Cbob", fmt.Sprint(i))
		if i%3 == 2 {
			bob.say("C2Calice", fmt.Sprint("bob ", i))
		}
	}
	// 13 messages: bob's own are 4, 8 and 12.
	if got := bob.conv("C2Calice").UnreadCount; got != 10 {
		t.Fatalf("unread %d, want 10: own messages do not count", got)
	}
	for _, step := range []struct{ read, mark, unread uint64 }{
		{5, 5, 6},   // 6, 7, 9, 10, 11, 13
		{3, 5, 6},   // never back
		{8, 8, 4},   // own message at the mark
		{99, 13, 0}, // clamped to the end
	} {
		bob.read("C2Calice", step.read)
		row := bob2.conv("C2Calice")
		if row.Read != step.mark || row.UnreadCount != step.unread {
			t.Errorf("read %d: mark %d unread %d, want %d %d", step.read, row.Read, row.UnreadCount, step.mark, step.unread)
		}
	}
	for _, want := range []struct{ n, unread uint64 }{{5, 6}, {8, 4}, {13, 0}} {
		e := bob2.event(wire.EvRead)
		if e.Conversation != "C2Calice" || e.Sequence != want.n || e.Unread != want.unread {
			t.Errorf("bob's other device hears %+v, want %+v", e, want)
		}
		p := alice.event(wire.EvPeerRead)
		if p.Conversation != "C2Cbob" || p.Sequence != want.n {
			t.Errorf("alice hears %+v, want %d", p, want.n)
		}
	}
	if row := alice.conv("C2Cbob"); row.PeerRead != 13 {
		t.Errorf("alice sees peer read %d, want 13", row.PeerRead)
	}
	alice.say("C2Cbob", "after")
	if m := bob2.message("after"); m.Unread != 1 {
		t.Errorf("unread after the next message: %d, want 1", m.Unread)
	}
	bob.nothing(s, func(line []byte) bool {
		e, err := wire.Decode[wire.Event](line)
		return err == nil && e.K == wire.EvRead
	})
}

func TestDeletedConversationComesBack(t *testing.T) {
	s := open(t, nil)
	alice, bob := connect(t, s, "alice", "a1"), connect(t, s, "bob", "b1")
	alice.say("C2Cbob", "one")
	f := wire.DeleteConversation{Head: bob.head(wire.TDeleteConv), Conversation: "C2Calice"}
	if _, err := ask[wire.OK](bob, f.I, f); err != nil {
		t.Fatal(err)
	}
	if row := bob.convs().List[0]; !row.Deleted || row.UnreadCount != 0 {
		t.Errorf("after deleting: %+v", row)
	}
	if row := alice.convs().List[0]; row.Deleted {
		t.Error("alice's list lost what bob deleted")
	}
	alice.say("C2Cbob", "two")
	if row := bob.convs().List[0]; row.Deleted || row.UnreadCount != 1 {
		t.Errorf("after the next message: %+v", row)
	}
	if n := len(bob.history("C2Calice")); n != 2 {
		t.Errorf("history has %d messages, want 2", n)
	}
}

func TestConversationWithOneself(t *testing.T) {
	s := open(t, nil)
	a1, a2 := connect(t, s, "alice", "a1"), connect(t, s, "alice", "a2")
	a1.say("C2Calice", "note")
	m := a2.message("note")
	if m.Message.ConversationID != "C2Calice" || m.Message.Flow != im.FlowOut || m.Unread != 0 {
		t.Errorf("other device sees %+v, unread %d", m.Message, m.Unread)
	}
	if l := a1.convs(); len(l.List) != 1 || l.TotalUnread != 0 {
		t.Errorf("list %+v", l)
	}
}

// A message for online users reaches whoever is connected and leaves no trace.
func TestOnlineUserOnly(t *testing.T) {
	s := open(t, nil)
	alice, bob := connect(t, s, "alice", "a1"), connect(t, s, "bob", "b1")
	alice.say("C2Cbob", "stored")
	sent, err := alice.trySend(alice.text("C2Cbob", "typing"), 0, im.SendOptions{OnlineUserOnly: true})
	if err != nil || sent.Sequence != 0 {
		t.Fatalf("sent %+v, %v", sent, err)
	}
	m := bob.message("typing")
	if m.Message.Sequence != 0 || !m.Message.OnlineUserOnly || m.Unread != 1 {
		t.Errorf("bob sees %+v, unread %d", m.Message, m.Unread)
	}
	if n := len(bob.history("C2Calice")); n != 1 {
		t.Errorf("%d messages are stored, want 1", n)
	}
	if row := bob.conv("C2Calice"); row.LastMessage.Payload.(im.TextPayload).Text != "stored" {
		t.Errorf("last message is %+v", row.LastMessage)
	}
}

func TestPresence(t *testing.T) {
	s := open(t, func(o *Options) { o.Echo = true })
	alice := connect(t, s, "alice", "a1")
	accountFor(t, s, "bob")
	f := wire.Users{Head: alice.head(wire.TPresence), Users: []im.UserID{"bob", "alice", "echo", "nobody"}}
	l, err := ask[wire.PresenceList](alice, f.I, f)
	if err != nil {
		t.Fatal(err)
	}
	want := []im.UserPresence{{UserID: "bob", StatusType: im.StatusOffline}, {UserID: "alice", StatusType: im.StatusOnline}, {UserID: "echo", StatusType: im.StatusOnline}, {UserID: "nobody", StatusType: im.StatusOffline}}
	for i := range want {
		if l.Users[i] != want[i] {
			t.Errorf("presence %+v, want %+v", l.Users[i], want[i])
		}
	}
	bob := connect(t, s, "bob", "b1")
	bob2 := connect(t, s, "bob", "b2")
	if e := alice.event(wire.EvPresence); e.User != "bob" || e.Status != im.StatusOnline {
		t.Errorf("alice hears %+v", e)
	}
	bob.close()
	bob2.close()
	if e := alice.event(wire.EvPresence); e.User != "bob" || e.Status != im.StatusOffline {
		t.Errorf("alice hears %+v", e)
	}
	alice.close()
	waitFor(t, "watchers to be forgotten", func() bool {
		s.hub.mu.Lock()
		defer s.hub.mu.Unlock()
		return len(s.hub.watchers) == 0 && len(s.hub.users) == 0
	})
}

func TestProfileIsShared(t *testing.T) {
	s := open(t, nil)
	alice, alice2, bob := connect(t, s, "alice", "a1"), connect(t, s, "alice", "a2"), connect(t, s, "bob", "b1")
	watch := wire.Users{Head: bob.head(wire.TPresence), Users: []im.UserID{"alice"}}
	if _, err := ask[wire.PresenceList](bob, watch.I, watch); err != nil {
		t.Fatal(err)
	}
	set := wire.ProfileSet{Head: alice.head(wire.TProfileSet), Profile: im.Profile{UserID: "bob", Nick: "爱丽丝"}}
	if _, err := ask[wire.OK](alice, set.I, set); err != nil {
		t.Fatal(err)
	}
	for _, c := range []*client{alice2, bob} {
		if e := c.event(wire.EvProfile); e.User != "alice" || e.Profile.Nick != "爱丽丝" {
			t.Errorf("%s hears %+v", c.user, e)
		}
	}
	get := wire.Users{Head: bob.head(wire.TProfileGet), Users: []im.UserID{"alice", "bob", "nobody", "alice"}}
	p, err := ask[wire.Profiles](bob, get.I, get)
	if err != nil || len(p.Profiles) != 2 || p.Profiles[0].Nick != "爱丽丝" || p.Profiles[1].Nick != "" {
		t.Errorf("profiles %+v, %v: alice could only change its own", p.Profiles, err)
	}
	alice.say("C2Cbob", "hi")
	if m := bob.message("hi"); m.Message.Nick != "爱丽丝" {
		t.Errorf("the message carries nick %q", m.Message.Nick)
	}
}

func TestEchoAnswersOnce(t *testing.T) {
	dir := t.TempDir()
	with := func(o *Options) { o.Echo = true }
	s := reopen(t, dir, with)
	alice := connect(t, s, "alice", "a1")
	for i := range 20 {
		alice.say("C2Cecho", fmt.Sprint("parrot ", i))
	}
	for i := range 20 {
		alice.message(fmt.Sprint("parrot ", i))
	}
	if row := alice.conv("C2Cecho"); row.UserProfile.Nick != "Echo" {
		t.Errorf("profile %+v", row.UserProfile)
	}
	shut(t, s)
	// As if killed after answering, before noting that it was answered.
	s = reopen(t, dir, func(o *Options) { o.DedupeWindow = 100e6 })
	if _, _, err := s.inboxes.change(t.Context(), echoUser, c2cKey("alice", echoUser), func(e *inboxEntry) bool { e.Read = 3; return true }); err != nil {
		t.Fatal(err)
	}
	shut(t, s)
	s = reopen(t, dir, with)
	alice = connect(t, s, "alice", "a1")
	alice.made = 100
	alice.say("C2Cecho", "last")
	alice.message("last")
	answers := map[string]int{}
	for _, m := range alice.history("C2Cecho") {
		if m.From == echoUser {
			answers[m.Payload.(im.TextPayload).Text]++
		}
	}
	if len(answers) != 21 {
		t.Errorf("%d different answers, want 21", len(answers))
	}
	for text, n := range answers {
		if n != 1 {
			t.Errorf("%q was answered %d times", text, n)
		}
	}
}
