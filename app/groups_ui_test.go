package app

import (
	"fmt"
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"magpie/im"
)

// makeGroup makes a group by hand and returns its id.
func (u *person) makeGroup(name, kind string) im.GroupID {
	u.t.Helper()
	u.do(u.a.main.newGroup)
	u.sees("Name of the group")
	u.types(name)
	u.tap(kind)
	u.tap("Create")
	u.sees("Message " + name)
	var g im.GroupID
	u.do(func() { g = u.a.main.chat.conv.Group() })
	return g
}

// A public group from beginning to end: who applies is let in from the notice,
// becomes an admin, is muted, gets a name card and is removed; the group is
// renamed and closed. All of it by what the window shows.
func TestPublicGroupByHand(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.front(true)
	g := u.makeGroup("Trail runners", "Public group")
	ada := u.guest("ada", "Ada")
	status, _, err := ada.JoinGroup(t.Context(), g, "I run at dawn")
	u.ok(err)
	if status != im.JoinWaitApproval {
		t.Fatalf("joining says %s", status)
	}

	u.sees("System notices")
	u.tap("System notices")
	u.sees(" asks to join ")
	u.sees("“I run at dawn”")
	u.sees("1 waits for your answer")
	u.misses("Message System notices") // nothing can be written there
	u.tap("Accept")
	u.sees("Accepted")
	u.sees("nothing waits for your answer")

	u.tap("Trail runners")
	u.do(func() { u.a.main.showInfo() })
	u.sees("2 members")
	u.menu("Ada")
	u.tap("Make admin")
	u.sees("Admin")
	u.sees("is now an admin") // the tip
	u.menu("Ada")
	u.tap("Name in this group…")
	u.sees("What Ada is called here")
	u.types("Dawn")
	u.tap("Save")
	u.sees("Dawn")

	u.tap("Edit the group")
	u.sees("Name of the group")
	u.do(func() { u.a.window.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutSelectAll{}) })
	u.types("Night runners")
	u.tap("Save")
	u.sees(`renamed the group to "Night runners"`)

	u.menu("Dawn")
	u.tap("Remove from the group…")
	u.sees("Remove from the group?")
	u.types("it is night")
	u.tap("Remove")
	u.sees("1 member")
	u.until("ada is told why", func() bool {
		l, err := ada.GetConversationList(t.Context())
		u.ok(err)
		for _, c := range l {
			if c.LastMessage == nil {
				continue
			}
			if n, is := c.LastMessage.Payload.(im.GroupNoticePayload); is && n.OperationType == im.NoticeKickedOut {
				return n.HandleMessage == "it is night"
			}
		}
		return false
	})

	u.tap("Close the group")
	u.sees("Close the group for everyone?")
	u.key(fyne.KeyReturn) // Enter does nothing that cannot be taken back
	u.misses("Close the group for everyone?")
	u.sees("Message Night runners")
	u.tap("Close the group")
	u.sees("Close the group for everyone?")
	u.tap("Close the group")
	u.sees("Its history stays here.")
	u.misses("Message Night runners")
	u.sees("renamed the group") // the history does
	u.end()
}

// What a member may not do is not offered, and a muted member reads until when.
func TestMemberOfAGroup(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.front(true)
	ada := u.guest("ada", "Ada")
	group, _, err := ada.CreateGroup(t.Context(), im.Group{Name: "Birds", Type: im.GroupPublic, JoinOption: im.JoinFree}, nil)
	u.ok(err)

	u.do(u.a.main.joinGroup)
	u.sees("Group ID")
	u.types(string(group.GroupID))
	u.tap("Join")
	u.sees("You joined Birds.")
	u.do(u.a.main.joinGroup)
	u.sees("Group ID")
	u.types(string(group.GroupID))
	u.tap("Join")
	u.sees("You are already in Birds.")
	u.do(func() { u.a.main.showInfo() })
	u.sees("2 members")
	u.sees("Leave group")
	for _, s := range []string{"Invite", "Edit the group", "Mute everyone", "Close the group", "Requests to join"} {
		u.do(func() {
			if _, there := u.find(s); there {
				t.Errorf("%q is offered", s)
			}
		})
	}
	u.menu("Ada")
	u.sees("Message")
	for _, s := range []string{"Make admin", "Mute for", "Remove from the group…", "Make owner…"} {
		u.do(func() {
			if _, there := u.find(s); there {
				t.Errorf("%q is offered", s)
			}
		})
	}
	u.do(func() {
		u.a.window.Canvas().Overlays().Top().Hide()
		u.a.window.Canvas().Overlays().Remove(u.a.window.Canvas().Overlays().Top())
	})

	u.ok(ada.SetGroupMemberMuteTime(t.Context(), group.GroupID, "wren", muteFor[0].d))
	u.sees("You are muted until")
	u.misses("Message Birds")
	u.ok(ada.SetGroupMemberMuteTime(t.Context(), group.GroupID, "wren", 0))
	u.sees("Message Birds")
	on := true
	_, err = ada.UpdateGroupProfile(t.Context(), group.GroupID, im.GroupChange{MuteAllMembers: &on})
	u.ok(err)
	u.sees("Everyone but the owner and the admins is muted.")

	u.tap("Leave group")
	u.sees("Leave the group?")
	u.tap("Leave group")
	u.sees("Its history stays here.")
	u.do(func() { u.a.main.openChat("C2Cecho") })
	u.sees("Message Echo")
	// It is not in the list any more; what was said can still be read.
	u.do(func() { u.a.main.openChat(im.GroupConversation(group.GroupID)) })
	u.sees("Birds")
	u.sees("Its history stays here.")
	u.end()
}

// All of many members are in the list, and each is found by its name.
func TestManyMembers(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.front(true)
	u.makeGroup("Choir", "Work group")
	u.do(func() { u.a.main.showInfo() })
	u.sees("1 member")
	u.until("the members are known", func() bool { return len(u.a.main.panel.members) == 1 })
	u.do(func() { // all at once: the server will soon say who is really there
		p := u.a.main.panel
		many := slices.Clone(p.members)
		for i := range 5000 {
			many = append(many, im.GroupMember{UserID: im.UserID(fmt.Sprintf("voice%d", i)), Nick: fmt.Sprintf("Voice %d", i), Role: im.RoleMember})
		}
		p.setMembers(p.conv, many)
		if p.list.Len() != 5001 {
			t.Errorf("%d are listed", p.list.Len())
		}
		for _, s := range []string{"5001 members", "Find a member"} {
			if _, there := u.find(s); !there {
				t.Errorf("%q is not shown", s)
			}
		}
		for part, want := range map[string]int{"VOICE 4999": 1, "voice499": 11, "nobody": 0, "": 5001} {
			p.find.SetText(part)
			if n := p.list.Len(); n != want {
				t.Errorf("%q finds %d, want %d", part, n, want)
			}
		}
	})
	u.end()
}

// Who wants to be asked first is asked: the group is not theirs until they say
// so from the notice, and the one who invited is told.
func TestInvitationByHand(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.front(true)
	ada := u.guest("ada", "Ada")
	ask := im.Profile{AllowType: im.AllowNeedConfirm}
	u.ok(u.a.session.client.UpdateMyProfile(t.Context(), ask))
	group, results, err := ada.CreateGroup(t.Context(), im.Group{Name: "Birds", Type: im.GroupWork}, []im.UserID{"wren"})
	u.ok(err)
	if len(results) != 1 || results[0].Result != invitedNotAnswered {
		t.Fatalf("%+v", results)
	}
	u.tap("System notices")
	u.sees(" invites you to join ")
	u.sees("1 waits for your answer")
	u.tap("Accept")
	u.sees("Accepted")
	u.tap("Open")
	u.sees("Message Birds")
	u.until("the group is in the list", func() bool { _, at := u.listed(im.GroupConversation(group.GroupID)); return at >= 0 })

	// The other way round: what came of inviting is said.
	u.ok(ada.UpdateMyProfile(t.Context(), ask))
	u.makeGroup("Owls", "Work group")
	u.do(func() { u.a.main.showInfo() })
	u.tap("Invite")
	u.sees("Invite people")
	u.types("ada, nobody")
	u.tap("Invite")
	u.sees("Not everyone could join")
	u.sees("ada was asked and has not answered yet.")
	u.end()
}
