package app

import (
	"testing"
	"time"

	"magpie/app/core"
	"magpie/im"
	"magpie/widgets"
)

// listed is the row of the list for a conversation.
func (u *person) listed(conv im.ConversationID) (row widgets.Conversation, at int) {
	at = u.a.main.index(conv)
	if at < 0 {
		return row, at
	}
	return u.a.main.present(&u.a.main.rows[at]), at
}

// A conversation is pinned, muted, marked, named and taken from the list by its
// menu.
func TestMenuOfAConversation(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.front(true)
	ada, bo := u.guest("ada", "Ada"), u.guest("bo", "Bo")
	u.say(ada, im.ConvC2C, "wren", "first")
	u.say(bo, im.ConvC2C, "wren", "second")
	u.sees("Bo")
	u.menu("Ada")
	u.tap("Pin to top")
	u.until("ada is pinned and first", func() bool { row, at := u.listed("C2Cada"); return at == 0 && row.Pinned })
	u.menu("Ada")
	u.sees("Unpin")
	u.tap("Notifications")
	u.tap("Receive quietly")
	u.until("ada is muted", func() bool { row, _ := u.listed("C2Cada"); return row.Muted })
	u.menu("Ada")
	u.tap("Mark as read")
	u.until("ada is read", func() bool { row, _ := u.listed("C2Cada"); return row.Unread == 0 })
	u.menu("Ada")
	u.tap("Name for them…")
	u.sees("Only you see it.")
	u.types("Cousin")
	u.tap("Save")
	u.sees("Cousin")
	u.menu("Cousin")
	u.tap("Mark as unread")
	u.until("ada is marked", func() bool { row, _ := u.listed("C2Cada"); return row.MarkedUnread })

	// Opened by somebody who looks, the mark goes.
	u.tap("Cousin")
	u.until("the mark is gone", func() bool { row, _ := u.listed("C2Cada"); return !row.MarkedUnread })
	u.menu("Cousin")
	u.tap("Remove from the list")
	u.until("ada is gone", func() bool { _, at := u.listed("C2Cada"); return at < 0 })
	u.end()
}

// Nothing is read by a window that nobody looks at, whichever way it came to be
// open; what is read in one is read in the other.
func TestReadInTwoWindows(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.front(false)
	ada := u.guest("ada", "Ada")
	other := u.device("wren")
	u.say(ada, im.ConvC2C, "wren", "one")
	u.sees("Ada")
	u.do(func() { u.a.main.openChat("C2Cada") })
	u.sees("Message Ada")
	u.say(ada, im.ConvC2C, "wren", "two")
	unread := func(c *core.Client) uint64 {
		n, err := c.TotalUnread()
		u.ok(err)
		return n
	}
	u.until("the other device has both", func() bool { return unread(other) == 2 })
	u.until("both are shown", func() bool { row, _ := u.listed("C2Cada"); return row.Unread == 2 })
	u.ok(other.MarkConversationUnread(t.Context(), "C2Cada", true))
	u.until("it is marked", func() bool { row, _ := u.listed("C2Cada"); return row.MarkedUnread })
	if n := unread(other); n != 2 {
		t.Errorf("%d are unread although nobody looked", n)
	}
	u.front(true)
	u.until("the other device hears that they are read", func() bool { return unread(other) == 0 })
	u.until("and that the mark is gone", func() bool {
		list, err := other.GetConversationList(t.Context())
		u.ok(err)
		for _, c := range list {
			if c.ConversationID == "C2Cada" {
				return !c.MarkedUnread && c.UnreadCount == 0
			}
		}
		return false
	})
	// The other way round.
	u.front(false)
	u.say(ada, im.ConvC2C, "wren", "three")
	u.until("it is unread", func() bool { row, _ := u.listed("C2Cada"); return row.Unread == 1 })
	u.until("the other device has it", func() bool { return unread(other) == 1 })
	u.ok(other.SetMessageRead(t.Context(), "C2Cada"))
	u.until("it is read here too", func() bool { row, _ := u.listed("C2Cada"); return row.Unread == 0 })
	u.end()
}

// Who is mentioned sees that in the list.
func TestMentionsInTheList(t *testing.T) {
	m := &mainScreen{tr: english(t)}
	at := func(types ...im.AtType) *im.Conversation {
		return &im.Conversation{GroupAtInfoList: []im.AtInfo{{AtTypeArray: types}}}
	}
	for want, c := range map[string]*im.Conversation{
		"":       {},
		"[@me]":  at(im.AtMe),
		"[@all]": at(im.AtAll),
	} {
		if got := m.mention(c); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	both := at(im.AtAll)
	both.GroupAtInfoList = append(both.GroupAtInfoList, im.AtInfo{AtTypeArray: []im.AtType{im.AtAllAtMe}})
	if got := m.mention(both); got != "[@me]" {
		t.Errorf("%q", got)
	}
}

// Whoever is called by nothing that can be seen is called by their id.
func TestNamesThatShowNothing(t *testing.T) {
	for nick, want := range map[string]string{"": "ada", "\u200b \u3164": "ada", "\u202e": "ada", "Ada": "Ada", "عدا": "عدا", "周雨": "周雨"} {
		c := &im.Conversation{ConversationID: "C2Cada", Type: im.ConvC2C, UserProfile: &im.Profile{UserID: "ada", Nick: nick}}
		if got := conversationName(english(t), "wren", c); got != want {
			t.Errorf("%q is called %q, want %q", nick, got, want)
		}
	}
}

// What happened in a group is nobody's words; a face is seen, not its code.
func TestPreviewsInTheList(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.do(func() {
		row := im.Conversation{ConversationID: "GROUPbirds", Type: im.ConvGroup}
		for _, c := range []struct {
			payload im.Payload
			from    im.UserID
			want    string
		}{
			{im.CustomPayload{Data: "group_create", Description: "x"}, "wren", "The group was created"},
			{im.TextPayload{Text: "hi[呲牙]"}, "wren", "You: hi😁"},
			{im.TextPayload{Text: "[no face]"}, "ada", "ada: [no face]"},
			{im.CustomPayload{Description: "a poll"}, "ada", "ada: a poll"},
		} {
			l := im.LastMessage{FromAccount: c.from, Type: c.payload.Type(), Payload: c.payload}
			if got := u.a.main.preview(&row, &l); got != c.want {
				t.Errorf("%+v: %q, want %q", c.payload, got, c.want)
			}
		}
		p := &presenter{tr: u.a.tr, me: u.a.main.me}
		if _, words := p.quoted(im.Reply{Sender: "Ada", Abstract: "fine [呲牙]"}); words != "fine 😁" {
			t.Errorf("quoted as %q", words)
		}
	})
	u.end()
}

// What an event says of a conversation may be older than what was learnt by asking: it does
// not make unread again what was read, but what is said since counts.
func TestEventsMayBeLate(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	row := func(read, unread, last uint64) im.Conversation {
		return im.Conversation{ConversationID: "C2Cada", Type: im.ConvC2C, Read: read, UnreadCount: unread, LastMessage: &im.LastMessage{LastSequence: last}}
	}
	u.do(func() {
		m := u.a.main
		shows := func(what string, read, unread uint64) {
			t.Helper()
			if got, _ := m.row("C2Cada"); got.Read != read || got.UnreadCount != unread {
				t.Errorf("%s: read %d, %d unread; want %d, %d", what, got.Read, got.UnreadCount, read, unread)
			}
		}
		m.setRows([]im.Conversation{row(0, 90, 90)})
		shows("an event", 0, 90)
		m.putRow(row(90, 0, 90))
		shows("an answer", 90, 0)
		for range 2 {
			m.setRows([]im.Conversation{row(0, 90, 90)})
			shows("an event that was on its way", 90, 0)
		}
		m.setRows([]im.Conversation{row(90, 1, 91)})
		shows("something new", 90, 1)
		m.putRow(row(91, 0, 91))
		m.setRows([]im.Conversation{row(90, 2, 92)})
		shows("something new that another device has not read", 90, 2)
		m.putRow(row(92, 0, 92))
		m.answers["C2Cada"] = answer{row(92, 0, 92), time.Now().Add(-answerFor)}
		m.setRows([]im.Conversation{row(91, 1, 92)})
		shows("long after", 91, 1)
	})
	u.end()
}
