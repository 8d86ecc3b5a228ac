package server

import (
	"context"
	"slices"
	"testing"

	"magpie/im"
	"magpie/im/wire"
)

// recorder is a notifier that keeps what it is told.
type recorder chan Notification

func (r recorder) Notify(ctx context.Context, n Notification) {
	slices.Sort(n.Users)
	select {
	case r <- n:
	case <-ctx.Done():
	}
}

// Only who is absent and wants it is told of a message, in the words its sender
// chose.
func TestNotifier(t *testing.T) {
	told := make(recorder, 100)
	s := open(t, func(o *Options) { o.Notifier = told; o.Echo = true })
	alice := connect(t, s, "alice", "a")
	bob := connect(t, s, "bob", "b")
	accountFor(t, s, "carol", "dave", "erin")
	g, err := alice.createGroup(im.Group{Name: "Birds", Type: im.GroupPublic}, "bob", "carol", "dave", "erin")
	if err != nil {
		t.Fatal(err)
	}
	group := im.GroupConversation(g.Group.GroupID)
	quiet := connect(t, s, "dave", "d")
	quiet.set(wire.ConvSet{Conversation: group, MessageRemindType: im.RemindQuiet})
	quiet.close()
	waitFor(t, "dave to be gone", func() bool { return len(s.hub.absent([]im.UserID{"dave"}, "")) == 1 })
	send := func(to im.ConversationID, o im.SendOptions) im.MessageID {
		t.Helper()
		m := alice.text(to, "the words")
		if _, err := alice.trySend(m, 0, o); err != nil {
			t.Fatal(err)
		}
		return m.ID
	}
	expect := func(what string, want Notification, users ...im.UserID) {
		t.Helper()
		got := <-told
		if !slices.Equal(got.Users, users) || got.Conversation != want.Conversation || got.MessageID != want.MessageID ||
			got.From != "alice" || got.Title != want.Title || got.Description != want.Description || got.Options != want.Options {
			t.Errorf("%s: told %+v, want %+v for %v", what, got, want, users)
		}
	}
	// Who is here, who blocks reminders, what is not kept or not to be told of.
	send("C2Cbob", im.SendOptions{})
	send(im.C2C(echoUser), im.SendOptions{})
	send("C2Ccarol", im.SendOptions{OfflinePushInfo: &im.OfflinePushInfo{DisablePush: true}})
	send("C2Ccarol", im.SendOptions{OnlineUserOnly: true})
	id := send(group, im.SendOptions{})
	expect("the group", Notification{Conversation: group, MessageID: id, Title: "Birds", Description: "the words"}, "carol", "erin")
	alice.mustRevoke(group, alice.conv(group).Last)
	id = send("C2Ccarol", im.SendOptions{})
	expect("without words", Notification{Conversation: "C2Calice", MessageID: id, Title: "alice", Description: "the words"}, "carol")
	push := im.OfflinePushInfo{Title: "A title", Description: "A description", Extension: "x"}
	id = send("C2Ccarol", im.SendOptions{OfflinePushInfo: &push})
	expect("with words", Notification{Conversation: "C2Calice", MessageID: id, Title: "A title", Description: "A description", Options: push}, "carol")
	// Sent again, it is not told again.
	m := alice.text("C2Ccarol", "once")
	for range 2 {
		if _, err := alice.trySend(m, 0, im.SendOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	expect("once", Notification{Conversation: "C2Calice", MessageID: m.ID, Title: "alice", Description: "once"}, "carol")
	id = send("C2Cerin", im.SendOptions{})
	expect("after it", Notification{Conversation: "C2Calice", MessageID: id, Title: "alice", Description: "the words"}, "erin")
	bob.close()
	waitFor(t, "bob to be gone", func() bool { return len(s.hub.absent([]im.UserID{"bob"}, "")) == 1 })
	id = send("C2Cbob", im.SendOptions{})
	expect("gone", Notification{Conversation: "C2Calice", MessageID: id, Title: "alice", Description: "the words"}, "bob")
}

// A notifier that never returns holds up nobody, nor the end of the server.
func TestNotifierThatHangs(t *testing.T) {
	s := open(t, func(o *Options) { o.Notifier = make(recorder) })
	alice := connect(t, s, "alice", "a")
	accountFor(t, s, "bob")
	for range 20 {
		alice.say("C2Cbob", "x")
	}
	shut(t, s)
}
