package app

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"magpie/app/core"
	"magpie/assets"
	"magpie/im"
)

// group makes a group of the window's account, ada and bo, and opens it.
func (u *person) group() (conv im.ConversationID, ada, bo *core.Client) {
	u.t.Helper()
	ada, bo = u.guest("ada", "Ada Okafor"), u.guest("bo", "周雨")
	var me im.UserID
	u.do(func() { me = u.a.me() })
	g, _, err := bo.CreateGroup(u.t.Context(), im.Group{Name: "Design", Type: im.GroupWork}, []im.UserID{me, "ada"})
	if err != nil {
		u.t.Fatal(err)
	}
	conv = im.GroupConversation(g.GroupID)
	u.says(bo, conv, "welcome")
	u.open(conv)
	u.until("the members are known", func() bool { return len(u.a.main.chat.people) == 3 })
	return conv, ada, bo
}

// offered are the names in the list of people, nil while there is none.
func (u *person) offered() (names []string) {
	u.do(func() {
		if !u.a.main.content.people.Visible() {
			return
		}
		for _, c := range u.a.main.chat.found {
			names = append(names, c.name)
		}
	})
	return names
}

func (u *person) typed() (text string) {
	u.do(func() { text = u.a.main.composer.Text() })
	return text
}

// Whoever types '@' is offered the members; those whose name is still there when
// the text goes out are mentioned.
func TestMentioningMembers(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	conv, _, _ := u.group()

	u.types("look @")
	if names := u.offered(); len(names) != 3 || names[0] != "Everyone" || !slices.Contains(names, "周雨") {
		t.Errorf("offered %q", names)
	}
	u.types("ad")
	if names := u.offered(); !reflect.DeepEqual(names, []string{"Ada Okafor"}) {
		t.Errorf("offered %q", names)
	}
	u.press(fyne.KeyReturn)
	if text := u.typed(); text != "look @Ada Okafor " {
		t.Fatalf("typed %q", text)
	}
	if names := u.offered(); names != nil {
		t.Errorf("still offered %q", names)
	}
	u.types("and @")
	u.press(fyne.KeyDown, fyne.KeyDown, fyne.KeyUp, fyne.KeyUp, fyne.KeyUp, fyne.KeyTab) // round to the last
	if text := u.typed(); !strings.HasPrefix(text, "look @Ada Okafor and @") || strings.HasSuffix(text, "@") {
		t.Fatalf("typed %q", text)
	}
	// Whoever is taken out of the text is not mentioned.
	for range len([]rune(u.typed())) - len("look @Ada Okafor ") {
		u.press(fyne.KeyBackspace)
	}
	u.types("please @nobody")
	if names := u.offered(); names != nil {
		t.Errorf("offered %q for nobody", names)
	}
	u.press(fyne.KeyReturn)
	m := u.sent(conv, "the mention", func(m *im.Message) bool { return m.Type == im.MsgText })
	if !reflect.DeepEqual(m.AtUserList, []im.UserID{"ada"}) || m.Payload.(im.TextPayload).Text != "look @Ada Okafor please @nobody" {
		t.Errorf("%q mentions %q", m.Payload, m.AtUserList)
	}
	u.do(func() {
		if left := u.a.main.chat.mentioned(); left != nil {
			t.Errorf("%v is remembered for the next text", left)
		}
	})
	u.end()
}

// Esc closes the list and leaves the text; the next '@' opens it again.
func TestEscClosesTheListOfMembers(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.group()
	u.types("@")
	u.press(fyne.KeyEscape)
	u.types("a")
	if names := u.offered(); names != nil {
		t.Errorf("offered %q after Esc", names)
	}
	u.types(" me @")
	if names := u.offered(); len(names) != 3 {
		t.Errorf("offered %q", names)
	}
	// In a conversation of two there is nobody to be mentioned.
	u.open("C2Cecho")
	u.types("@")
	if names := u.offered(); names != nil {
		t.Errorf("offered %q by echo", names)
	}
	u.end()
}

// A draft keeps its mentions when another conversation was looked at meanwhile,
// and when the program was started anew.
func TestDraftKeepsItsMentions(t *testing.T) {
	noLeaks(t)
	data := t.TempDir()
	u := begin(t, data)
	u.start()
	conv, _, _ := u.group()
	u.types("@bo")
	u.press(fyne.KeyReturn)
	u.open("C2Cecho")
	u.open(conv)
	u.do(func() {
		if who := u.a.main.chat.mentioned().users(u.a.main.composer.Text()); !reflect.DeepEqual(who, []im.UserID{"bo"}) {
			t.Errorf("mentions %q", who)
		}
	})
	u.end()
	u = begin(t, data)
	u.until("the draft mentions bo", func() bool {
		m := u.a.main
		return m != nil && m.chat != nil && len(m.chat.people) > 0 && len(m.chat.mentioned().users(m.composer.Text())) == 1
	})
	u.end()
}

// More than 30 mentions are refused with the words for it, and the text stays.
func TestTooManyMentions(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	conv, _, _ := u.group()
	u.do(func() {
		var text string
		var all mentions
		for i := range im.MaxAtUsers + 1 {
			name := "user" + itoa(uint64(i))
			all = append(all, mention{name, im.UserID(name)})
			text += "@" + name + " "
		}
		u.a.session.drafts.mentioned[conv] = all
		u.a.main.composer.SetText(text)
		if words := u.a.main.chat.refuseText(text); !strings.Contains(words, "30") {
			t.Errorf("says %q", words)
		}
	})
	u.press(fyne.KeyReturn)
	if text := u.typed(); !strings.Contains(text, "@user30") {
		t.Errorf("typed is %q", text)
	}
	u.end()
}

// A sticker and a die go out at once; what is being written stays.
func TestStickersAndDice(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.open("C2Cecho")
	u.types("half a tho")
	set := assets.StickerSets()[0]
	face := im.FacePayload{Index: set.Index, Data: set.Stickers[0].Data}
	u.do(func() { u.a.main.chat.sendFace(face); u.a.main.chat.sendDie() })
	u.sent("C2Cecho", "the sticker", func(m *im.Message) bool { return m.Payload == im.Payload(face) })
	u.sent("C2Cecho", "the die", func(m *im.Message) bool {
		p, ok := m.Payload.(im.CustomPayload)
		n, die := p.Dice()
		return ok && die && 1 <= n && n <= 6
	})
	if text := u.typed(); text != "half a tho" {
		t.Errorf("typed is %q", text)
	}
	u.end()
}

// The choice for the next message holds for one message, and is said.
func TestSendChoice(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	conv, _, _ := u.group()
	u.do(func() {
		c := u.a.main.chat
		c.choose(sendChoice{quiet: true, priority: im.PriorityHigh})
		if words := c.choiceWords(); !strings.Contains(words, "notifies nobody") || !strings.Contains(words, "high") {
			t.Errorf("says %q", words)
		}
	})
	u.types("one")
	u.press(fyne.KeyReturn)
	u.types("two")
	u.press(fyne.KeyReturn)
	for text, want := range map[string]im.Priority{"one": im.PriorityHigh, "two": im.PriorityNormal} {
		m := u.sent(conv, text, func(m *im.Message) bool { return m.Payload == im.Payload(im.TextPayload{Text: text}) })
		if m.Priority != want && (want != im.PriorityNormal || m.Priority != "") {
			t.Errorf("%q has the priority %q", text, m.Priority)
		}
	}
	u.end()
	if o := (sendChoice{quiet: true}).options(); o.OfflinePushInfo == nil || !o.OfflinePushInfo.DisablePush {
		t.Errorf("%+v", o)
	}
	if o := (sendChoice{}).options(); o.OfflinePushInfo != nil {
		t.Errorf("%+v", o)
	}
}
