package app

import (
	"testing"

	"magpie/im"
)

// gone waits until the list does not show a conversation.
func (u *person) gone(conv im.ConversationID) {
	u.t.Helper()
	u.until("the list is without "+string(conv), func() bool { return u.a.main.shown.Index(conv) < 0 })
}

// A chat that was taken from the list is put back as it was: pinned, unread, and open if it
// was. What is said meanwhile brings it back, and who ends the program meanwhile finds it
// removed, with its messages kept.
func TestRemovedChatIsPutBack(t *testing.T) {
	noLeaks(t)
	data := t.TempDir()
	u := begin(t, data)
	u.start()
	u.front(true)
	ada, bo := u.guest("ada", "Ada"), u.guest("bo", "Bo")
	u.says(ada, "C2Cwren", "first")
	u.says(ada, "C2Cwren", "second")
	u.says(bo, "C2Cwren", "hello")
	u.menu("Ada")
	u.tap("Pin to top")
	u.until("ada is pinned", func() bool { row, _ := u.listed("C2Cada"); return row.Pinned && row.Preview == "second" })

	u.menu("Ada")
	u.tap("Remove from the list")
	u.gone("C2Cada")
	u.sees("Chat removed. Its messages are kept.")
	u.tap("Undo")
	u.until("it is back as it was", func() bool {
		row, at := u.listed("C2Cada")
		return u.a.main.shown.Index("C2Cada") == 0 && at == 0 && row.Pinned && row.Unread == 2
	})
	if row, err := u.a.session.client.StoredConversation("C2Cada"); err != nil || row.UnreadCount != 2 || !row.IsPinned {
		t.Errorf("on the disk: %d unread, pinned %v, %v", row.UnreadCount, row.IsPinned, err)
	}

	u.open("C2Cada")
	u.sees("second")
	u.menu("Ada")
	u.tap("Remove from the list")
	u.gone("C2Cada")
	u.until("it is closed", func() bool { return u.a.main.chat == nil })
	u.tap("Undo")
	u.until("it is open again", func() bool { return u.a.main.conversation() == "C2Cada" && u.a.main.shown.Index("C2Cada") == 0 })

	u.open("C2Cbo")
	u.menu("Ada")
	u.tap("Remove from the list")
	u.gone("C2Cada")
	u.says(ada, "C2Cwren", "third")
	u.until("what is said brings it back", func() bool {
		row, _ := u.listed("C2Cada")
		return u.a.main.shown.Index("C2Cada") == 0 && row.Preview == "third" && row.Unread == 1
	})

	u.menu("Ada")
	u.tap("Remove from the list")
	u.gone("C2Cada")
	u.end()

	u = begin(t, data)
	u.until("the list", func() bool { return u.a.main != nil && u.a.main.connected() && u.a.main.shown.Index("C2Cbo") >= 0 })
	u.gone("C2Cada")
	if row, err := u.a.session.client.StoredConversation("C2Cada"); err != nil || row.LastMessage == nil || row.UnreadCount != 0 {
		t.Errorf("on the disk: %+v, %v", row, err)
	}
	u.says(u.device("ada"), "C2Cwren", "fourth")
	u.until("the next message brings it back", func() bool { return u.a.main.shown.Index("C2Cada") >= 0 })
	u.open("C2Cada")
	u.sees("third")
	u.end()
}

// Two chats that are removed one after the other are both removed, in time.
func TestRemovedChatsGoInTime(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.front(true)
	for _, name := range []string{"ada", "bo"} {
		u.says(u.guest(im.UserID(name), name), "C2Cwren", "hello")
		u.until("it is in the list", func() bool {
			row, _ := u.listed(im.C2C(im.UserID(name)))
			return row.Preview == "hello"
		})
	}
	u.do(func() {
		u.a.main.deleteConversation("C2Cada")
		u.a.main.deleteConversation("C2Cbo")
		u.a.main.deleteConversation("C2Cbo")   // twice is once
		u.a.main.deleteConversation("C2Cnone") // and what is not there is not
	})
	u.gone("C2Cada")
	u.gone("C2Cbo")
	listed := func() (n int) {
		list, err := u.a.session.client.Conversations(t.Context(), 0, 100)
		if err != nil {
			t.Error(err)
		}
		for i := range list {
			if id := list[i].ConversationID; id == "C2Cada" || id == "C2Cbo" {
				n++
			}
		}
		return n
	}
	if n := listed(); n != 2 {
		t.Fatalf("%d of them are in the list before it is too late to put them back", n)
	}
	u.do(func() {
		for _, r := range u.a.main.removing { // as when the time has passed
			u.a.main.remove(r)
		}
	})
	u.until("both are removed", func() bool { return listed() == 0 && len(u.a.main.removing) == 0 })
	u.do(func() {
		if u.a.main.putBack("C2Cada") {
			t.Error("it can still be put back")
		}
	})
	u.gone("C2Cada")
	u.end()
}
