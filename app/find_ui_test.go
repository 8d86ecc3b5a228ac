package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"magpie/app/core"
	"magpie/im"
	"magpie/store"
	"magpie/widgets"
)

// sendsFile sends a file of a guest.
func (u *person) sendsFile(c *core.Client, t im.ConversationType, to, name string) {
	u.t.Helper()
	path := filepath.Join(u.t.TempDir(), name)
	u.ok(os.WriteFile(path, []byte(name), 0o600))
	f, err := c.AddFileAt(u.t.Context(), path)
	u.ok(err)
	m, err := c.SendMessage(u.t.Context(), c.CreateFileMessage(t, to, im.FilePayload{FileName: name, FileSize: f.Size, FileURL: f.Address}), im.SendOptions{})
	u.ok(err)
	_, err = c.WaitSent(u.t.Context(), m.ID)
	u.ok(err)
}

// focusChip gives the keyboard to the chip that says just this, as Tab does.
func (u *person) focusChip(s string) {
	u.t.Helper()
	u.sees(s)
	u.do(func() {
		t, _ := u.find(s)
		c := u.a.window.Canvas()
		if o := topmost[fyne.Focusable](c.Overlays().Top(), t.at); o != nil {
			c.Focus(*o)
			return
		}
		u.t.Errorf("%q takes no keys", s)
	})
}

// found is a person with messages of two people in three conversations.
func found(t *testing.T) (u *person, ada, bo *core.Client, group im.GroupID) {
	u = begin(t, t.TempDir())
	u.start()
	u.front(true)
	ada, bo = u.guest("ada", "Ada Okafor"), u.guest("bo", "Bo Li")
	u.say(ada, im.ConvC2C, "wren", "the teal icon; see https://example.org/icons")
	u.say(bo, im.ConvC2C, "wren", "another icon")
	g, invited, err := bo.CreateGroup(t.Context(), im.Group{Name: "Design", Type: im.GroupWork}, []im.UserID{"wren", "ada"})
	u.ok(err)
	for _, r := range invited {
		if r.Error != nil {
			t.Fatalf("%s is not brought in: %v", r.UserID, r.Error)
		}
	}
	// The others see such a group when its owner has spoken.
	u.sendsFile(bo, im.ConvGroup, string(g.GroupID), "icon-final.fig")
	u.say(ada, im.ConvGroup, string(g.GroupID), "icon in the group")
	u.until("all of it came", func() bool { n, err := u.a.session.client.TotalUnread(); return err == nil && n >= 4 })
	u.until("the names are known", func() bool {
		one, _ := u.a.main.row("C2Cada")
		two, _ := u.a.main.row("C2Cbo")
		three, _ := u.a.main.row(im.GroupConversation(g.GroupID))
		return u.a.main.name(&one) == "Ada Okafor" && u.a.main.name(&two) == "Bo Li" && u.a.main.name(&three) == "Design"
	})
	return u, ada, bo, g.GroupID
}

// Tabs count what fits; filters narrow it, chosen and taken away by keys alone.
func TestSearchByKeyboard(t *testing.T) {
	noLeaks(t)
	u, _, _, group := found(t)
	u.do(u.a.main.find)
	u.types("icon")
	u.sees("Messages 4")
	u.sees("Files 1")
	u.sees("People 0")
	u.focusChip("From anyone")
	u.key(fyne.KeyReturn)
	u.types("bo")
	u.sees("Bo Li")
	u.misses("Ada Okafor")
	u.key(fyne.KeyReturn)
	u.sees("From Bo Li")
	u.sees("Messages 2")
	u.focusChip("In any chat")
	u.key(fyne.KeyReturn)
	u.types("des")
	u.key(fyne.KeyReturn)
	u.sees("In Design")
	u.sees("Messages 1")
	u.sees("icon-final.fig")
	// What was typed is there again, and Backspace in an empty field takes away what
	// was set last.
	u.do(func() { u.a.main.finding.sheet.SetText("") })
	u.key(fyne.KeyBackspace)
	u.misses("In Design")
	u.sees("From Bo Li")
	u.focusChip("From Bo Li")
	u.key(fyne.KeyDelete)
	u.sees("From anyone")
	u.types("icon")
	u.sees("Messages 4")
	// The arrows go from tab to tab.
	u.focusChip("Messages 4")
	for range 3 {
		u.key(fyne.KeyRight)
	}
	u.sees("1 file ")
	u.sees("FIG")
	u.do(func() { u.a.main.finding.sheet.FocusField() })
	u.key(fyne.KeyReturn)
	u.until("the file is in the conversation that is open", func() bool {
		return u.a.main.conversation() == im.GroupConversation(group) && u.a.canvas.Overlays().Top() == nil && u.onScreen("icon-final.fig")
	})
	u.end()
}

// The same by the pointer: the list of choices, the cross of a chip, a hit.
func TestSearchByPointer(t *testing.T) {
	noLeaks(t)
	u, _, _, _ := found(t)
	u.do(u.a.main.find)
	u.types("icon")
	u.sees("Messages 4")
	u.tap("Anything")
	u.tap("Links")
	u.sees("Messages 1")
	u.sees("the teal")
	u.tap("Any time")
	u.types("2001")
	u.tap("Until 31 Dec 2001")
	u.sees("Nothing was found")
	u.tap("Search without filters")
	u.sees("Messages 4")
	u.tap("Any time")
	u.tap("Last 7 days")
	u.sees("Messages 4")
	// A tap on the cross takes a filter away, one on the words opens it again.
	u.do(func() {
		chip := u.a.main.finding.chips.when
		chip.Tapped(&fyne.PointEvent{Position: fyne.NewPos(chip.Size().Width-12, 10)})
	})
	u.sees("Any time")
	u.tap("People 0")
	u.sees("Nobody on this computer")
	u.typesOver("ada")
	u.sees("People 1")
	u.tap("Ada Okafor")
	u.until("her chat is open", func() bool { return u.a.main.conversation() == "C2Cada" })
	u.end()
}

// Ctrl-F is the same within the chat that is open, and Esc goes back step by step.
func TestSearchHere(t *testing.T) {
	noLeaks(t)
	u, _, _, _ := found(t)
	u.do(func() { u.a.main.openChat("C2Cada") })
	u.do(u.a.main.findHere)
	u.sees("In Ada Okafor")
	u.types("icon")
	u.sees("Messages 1")
	u.tap("From anyone")
	u.sees("Me")
	u.do(func() {
		for i := range u.a.main.finding.Len() {
			if row := u.a.main.finding.At(i); row.Avatar == "wren" && row.Initial != "wren" {
				t.Errorf("one's own avatar is that of %q", row.Initial)
			}
		}
	})
	u.key(fyne.KeyEscape)
	u.sees("Messages 1")
	u.until("what was typed is there again", func() bool { return u.a.main.finding.sheet.Text() == "icon" })
	u.key(fyne.KeyEscape)
	u.until("it is closed", func() bool { return u.a.main.finding == nil })
	u.end()
}

// What nothing can be found by is said to be so, and Enter before the answer opens
// what the answer is.
func TestSearchInWords(t *testing.T) {
	noLeaks(t)
	u, _, _, _ := found(t)
	u.do(u.a.main.find)
	u.sees("Recent chats")
	u.do(func() { u.a.main.finding.sheet.SetText("    ") })
	u.sees("Only spaces")
	u.do(func() { u.a.main.finding.sheet.SetText(strings.Repeat("long ", 2000)) })
	u.sees("That is too long to search for")
	u.do(func() { u.a.main.finding.sheet.SetText(strings.Repeat("长", 10_000)) })
	u.sees("That is too long to search for")
	u.do(func() { u.a.main.finding.sheet.SetText("!") })
	u.sees("Nothing was found")
	u.do(func() {
		f := u.a.main.finding
		f.sheet.SetText("another icon")
		f.enter() // nothing is known of it yet
	})
	u.until("the only one that fits is open", func() bool { return u.a.main.conversation() == "C2Cbo" && u.onScreen("another icon") })
	u.end()
}

// While the index is made it is said how far that is.
func TestSearchWhileIndexing(t *testing.T) {
	noLeaks(t)
	u, _, _, _ := found(t)
	u.do(u.a.main.find)
	u.types("nowhere")
	u.sees("Messages 0")
	u.do(func() {
		f := u.a.main.finding
		f.found.indexing, f.found.indexed = true, 0.437
		f.arrange()
	})
	u.sees("43% are in it")
	u.sees("43%")
	u.key(fyne.KeyEscape)
	u.end()
}

// What the server alone has of a chat cannot be found, which is said as long as it is so and
// where that chat is looked through.
func TestSearchWhileHistoryIsMissing(t *testing.T) {
	noLeaks(t)
	u, _, _, _ := found(t)
	lone := im.Message{ID: "zed-pc-1", ConversationID: "C2Czed", ConversationType: im.ConvC2C, Type: im.MsgText, Payload: im.TextPayload{Text: "the last icon"},
		From: "zed", To: "wren", Flow: im.FlowIn, Status: im.StatusSuccess, Sequence: 400, Time: 1_700_000_000_000}
	u.ok(u.a.session.store.Ingest(t.Context(), store.Batch{Conversation: "C2Czed", Messages: []im.Message{lone}, Row: func(c *store.Conversation) { c.First = 1 }}))
	u.do(u.a.main.find)
	u.types("icon")
	u.sees("Messages 5")
	u.sees("earlier messages of 1 chat are not on this computer yet")
	u.types("nowhere")
	u.sees("Messages 0")
	u.sees("Earlier messages of 1 chat")
	u.focusChip("In any chat")
	u.key(fyne.KeyReturn)
	u.types("des")
	u.key(fyne.KeyReturn)
	u.sees("In Design")
	u.misses("earlier messages of 1 chat")
	u.misses("Earlier messages of 1 chat")
	u.key(fyne.KeyEscape)
	u.end()
}

func TestFitting(t *testing.T) {
	names := func(s *string) (string, string) { return *s, "id-" + *s }
	list := []string{"Grandma Ada", "Canada", "Ada", "Bo", "Zoë ADA"}
	var got []string
	for _, f := range fitting("ada", list, names) {
		got = append(got, f.of)
		if f.of == "Grandma Ada" && f.at != (widgets.Span{From: 8, To: 11}) {
			t.Errorf("marked %v", f.at)
		}
	}
	if s := strings.Join(got, "|"); s != "Ada|Grandma Ada|Zoë ADA|Canada" {
		t.Errorf("%s", s)
	}
	if all := fitting("", list, names); len(all) != len(list) || all[0].of != list[0] {
		t.Errorf("nothing typed gives %v", all)
	}
	if byID := fitting("id-bo", []string{"bo"}, names); len(byID) != 1 || byID[0].at != (widgets.Span{}) {
		t.Errorf("by id: %v", byID)
	}
}

func TestFileSign(t *testing.T) {
	for name, want := range map[string]string{"a.pdf": "PDF", "a.tar.gz": "GZ", "none": "·", "x.excessive": "·", ".hidden": "·", "x.\u202e": "·", "a.mp4": "MP4", "b.中文": "·"} {
		if got := fileSign(name); got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}
