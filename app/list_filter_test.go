package app

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"magpie/im"
)

// inList are the conversations that the list shows, from the top.
func (u *person) inList() (all []im.ConversationID) {
	m := u.a.main
	for _, at := range m.shown.rows {
		all = append(all, m.rows[at].ConversationID)
	}
	return all
}

// lists waits until the list shows just these, in whatever order.
func (u *person) lists(want ...im.ConversationID) {
	u.t.Helper()
	var got []im.ConversationID
	u.untilOr(fmt.Sprint("the list shows ", want), func() bool {
		got = u.inList()
		for _, conv := range want {
			if u.a.main.shown.Index(conv) < 0 {
				return false
			}
		}
		return len(got) == len(want)
	}, func() string { return fmt.Sprint("but ", got) })
}

// The list shows what is unread, groups or people, also after the next start; what is
// read among the unread stays until another is opened.
func TestFilterOfTheList(t *testing.T) {
	noLeaks(t)
	data := t.TempDir()
	u := begin(t, data)
	u.start()
	u.front(true)
	ada, bo := u.guest("ada", "Ada"), u.guest("bo", "Bo")
	u.says(ada, "C2Cwren", "first")
	u.says(bo, "C2Cwren", "second")
	u.tap("Unread")
	u.lists("C2Cada", "C2Cbo")
	u.sees("2")
	u.tap("Ada")
	u.until("it is read", func() bool { row, _ := u.listed("C2Cada"); return row.Unread == 0 })
	u.lists("C2Cada", "C2Cbo")
	u.says(ada, "C2Cwren", "third") // it moves
	u.until("that is read", func() bool { row, _ := u.listed("C2Cada"); return row.Preview == "third" && row.Unread == 0 })
	u.lists("C2Cada", "C2Cbo")
	u.tap("Bo")
	u.lists("C2Cbo")
	u.until("that is read, too", func() bool { row, _ := u.listed("C2Cbo"); return row.Unread == 0 })
	u.tap("Groups")
	u.lists()
	u.sees("No groups yet.")
	u.tap("Unread") // what is open was not opened from here this time
	u.lists()
	u.sees("Nothing is unread.")
	u.ok(u.a.session.client.MarkConversationUnread(t.Context(), "C2Cada", true))
	u.lists("C2Cada")
	u.end()

	u = begin(t, data)
	u.until("the main screen", func() bool { return u.a.main != nil && u.a.main.connected() })
	u.lists("C2Cada")
	u.tap("People")
	u.until("everybody", func() bool { return len(u.inList()) >= 4 })
	u.do(func() {
		if u.a.main.shown.Index(im.SystemConversation) >= 0 {
			t.Error("the system is no person")
		}
	})
	u.end()
}

// Everything in the list is done with the keys: looking through it opens nothing,
// Enter does; letters search; a row is opened by its number.
func TestListByKeyboard(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	ada, bo := u.guest("ada", "Ada"), u.guest("bo", "Bo")
	u.says(ada, "C2Cwren", "first")
	u.says(bo, "C2Cwren", "second") // Bo is above Ada
	u.until("both are in their order", func() bool {
		all := u.inList()
		return len(all) > 3 && all[0] == "C2Cbo" && all[1] == "C2Cada"
	})
	u.do(func() { u.a.window.Canvas().Focus(u.a.main.filter) })
	u.press(fyne.KeyRight, fyne.KeyRight, fyne.KeyRight)
	u.until("people are chosen", func() bool { return u.a.main.filter.Value() == filterPeople })
	u.press(fyne.KeyDown, fyne.KeyDown) // to the list, and in it
	u.do(func() {
		if u.a.main.chat != nil {
			t.Errorf("%s is open without Enter", u.a.main.conversation())
		}
	})
	u.press(fyne.KeyReturn)
	u.until("ada is open", func() bool { return u.a.main.conversation() == "C2Cada" })
	u.do(func() { u.a.main.openNth(1) })
	u.until("bo is open", func() bool { return u.a.main.conversation() == "C2Cbo" })
	u.do(func() {
		u.a.main.openNth(0)
		u.a.main.openNth(9) // there are not so many
		if conv := u.a.main.conversation(); conv != "C2Cbo" {
			t.Errorf("%s is open", conv)
		}
		u.a.main.list.Focus()
	})
	u.press(fyne.KeyHome, fyne.KeyUp)
	u.do(func() {
		if u.a.window.Canvas().Focused() != fyne.Focusable(u.a.main.filter) {
			t.Error("Up does not leave the list at its top")
		}
		u.a.main.list.Focus()
	})
	u.types("a") // goes to the field that opens
	u.until("the search is open", func() bool { return u.a.main.finding != nil })
	u.types("d")
	u.until("it is searched for", func() bool { f := u.a.main.finding; return f != nil && f.sheet.Text() == "ad" })
	u.press(fyne.KeyEscape)
	u.end()
}

// Tab goes through everything that is there, once around.
func TestTabGoesAround(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.open("C2Cecho")
	u.do(func() {
		m, c := u.a.main, u.a.window.Canvas()
		u.a.main.composer.Focus()
		var way []fyne.Focusable
		for first := c.Focused(); len(way) == 0 || c.Focused() != first && len(way) < 40; c.FocusNext() {
			way = append(way, c.Focused())
		}
		at := func(f fyne.Focusable) int {
			for i, o := range way {
				if o == f {
					return i
				}
			}
			t.Errorf("Tab never comes to %T", f)
			return -1
		}
		if messages, filter, list := at(m.canvas), at(m.filter), at(m.list); messages < list+4 || filter != list-1 { // the header is between
			t.Errorf("the messages are %d, the filter is %d, the list %d on the way", messages, filter, list)
		}
	})
	u.end()
}

// An icon says what it does, and by which key, to a pointer that rests on it.
func TestTipInTheWindow(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.open("C2Cecho")
	u.do(func() { u.a.main.emoji.button.MouseIn(&desktop.MouseEvent{}) })
	u.sees("Emoji and stickers")
	u.sees(tipKeys("shortcut.emoji", false))
	u.do(func() { u.a.main.emoji.button.MouseOut() })
	u.misses("Emoji and stickers")
	u.end()
}
