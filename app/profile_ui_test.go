package app

import (
	"testing"

	"fyne.io/fyne/v2"

	"magpie/assets"
	"magpie/im"
)

// What a person says of themselves is saved as a whole and shown by others.
func TestProfileByHand(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.front(true)
	ada := u.guest("ada", "Ada")
	u.profileMenu()
	u.tap("My profile")
	u.sees("Name that others see")
	u.do(func() { u.a.window.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutSelectAll{}) })
	u.types("Wren Okafor")
	u.tapBelow("About me")
	u.types("counting birds")
	u.tap("People ask me first")
	u.tap("Save")
	u.misses("Name that others see")
	see := func() im.Profile {
		list, err := ada.GetProfiles(t.Context(), "wren")
		u.ok(err)
		if len(list) == 0 {
			return im.Profile{}
		}
		return list[0]
	}
	if p := see(); p.Nick != "Wren Okafor" || p.SelfSignature != "counting birds" || p.AllowType != im.AllowNeedConfirm {
		t.Errorf("%+v", p)
	}

	// Another person's picture, signature and name are shown wherever they are.
	picture := assets.Avatars()[0]
	u.ok(ada.UpdateMyProfile(t.Context(), im.Profile{Nick: "Ada Lovelace", SelfSignature: "notes on engines", Avatar: picture}))
	u.say(ada, im.ConvC2C, "wren", "hello")
	u.sees("Ada Lovelace")
	u.until("the list shows the picture", func() bool {
		row, at := u.listed("C2Cada")
		return at >= 0 && row.Picture != nil && row.Picture.Name() == picture+".svg"
	})
	u.do(func() { u.a.main.openChat("C2Cada"); u.a.main.showInfo() })
	u.sees("notes on engines")
	u.until("her messages have it too", func() bool {
		first, _, ok := u.a.main.canvas.OnScreen()
		return ok && first.Sender.Picture != nil && first.Sender.Picture.Name() == picture+".svg"
	})
	u.ok(ada.UpdateMyProfile(t.Context(), im.Profile{Nick: "Ada Lovelace"}))
	u.until("and lose it again", func() bool {
		first, _, ok := u.a.main.canvas.OnScreen()
		return ok && first.Sender.Picture == nil
	})
	u.end()
}

// What is not changed stays, whatever is on this disk.
func TestProfileKeepsWhatIsNotChanged(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.front(true)
	other := u.device("wren")
	u.ok(other.UpdateMyProfile(t.Context(), im.Profile{Nick: "Wren Okafor", SelfSignature: "birds"}))
	u.until("the name is here", func() bool { return u.a.main.myName == "Wren Okafor" })
	u.ok(u.a.session.store.PutProfiles(t.Context(), []im.Profile{{UserID: "wren"}})) // as after a loss
	u.profileMenu()
	u.tap("My profile")
	u.sees("Name that others see")
	u.tapBelow("About me")
	u.do(func() { u.a.window.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutSelectAll{}) })
	u.types("counting")
	u.tap("Save")
	u.misses("Name that others see")
	p, err := other.FetchMyProfile(t.Context())
	u.ok(err)
	if p.Nick != "Wren Okafor" || p.SelfSignature != "counting" {
		t.Errorf("%+v", p)
	}
	u.end()
}

// Who is blocked cannot write, is on the page, and can be let back.
func TestBlockByHand(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.front(true)
	ada := u.guest("ada", "Ada")
	u.say(ada, im.ConvC2C, "wren", "hello")
	u.sees("Ada")
	u.do(func() { u.a.main.openChat("C2Cada"); u.a.main.showInfo() })
	u.tap("Block")
	u.sees("Block this person?")
	u.tap("Block")
	u.sees("Blocked")
	m, err := ada.SendMessage(t.Context(), ada.CreateTextMessage(im.ConvC2C, "wren", "still there?"), im.SendOptions{})
	u.ok(err)
	if _, err := ada.WaitSent(t.Context(), m.ID); im.CodeOf(err) != im.CodeBlocked {
		t.Errorf("what a blocked person sends: %v", err)
	}
	u.profileMenu()
	u.tap("Blocked people")
	u.sees("You get no messages from these people.")
	u.tap("Unblock")
	u.misses("Unblock")
	u.tap("Done")
	u.say(ada, im.ConvC2C, "wren", "and now?")
	u.sees("and now?")
	u.end()
}

// A live room keeps nothing, which it says.
func TestLiveRoomByHand(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.front(true)
	u.do(u.a.main.newGroup)
	u.sees("Name of the group")
	u.types("Stage")
	u.sees("Names or user IDs, divided by commas")
	u.tap("Live room")
	u.misses("Names or user IDs, divided by commas") // nobody is brought into one
	u.tap("Create")
	u.sees("Message Stage")
	u.until("the newest", func() bool { return u.a.main.canvas.AtNewest() })
	u.do(func() {
		words := u.a.main.canvasWords()
		if want := u.a.tr.T("chat.emptyRoom"); words.Empty != want {
			t.Errorf("an empty room says %q", words.Empty)
		}
		u.a.main.showInfo()
	})
	u.sees("Close the group")
	u.do(func() {
		if _, there := u.find("Invite"); there {
			t.Error("people can be invited into a live room")
		}
	})
	u.end()
}

// In a window without room beside the conversation the panel lies over it, and
// nothing counts as seen behind it.
func TestPanelInANarrowWindow(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.front(true)
	u.do(func() {
		u.a.window.Resize(fyne.NewSize(400, 700))
		u.a.main.openChat("C2Cecho")
		u.a.main.showInfo()
	})
	u.sees("Pin to top")
	u.misses("Message Echo")
	u.do(func() {
		if u.a.main.looking() {
			t.Error("what is behind the panel counts as seen")
		}
	})
	u.key(fyne.KeyEscape)
	u.sees("Message Echo")
	u.do(func() { u.a.window.Resize(fyne.NewSize(1120, 740)); u.a.main.showInfo() })
	u.sees("Pin to top")
	u.sees("Message Echo")
	u.end()
}
