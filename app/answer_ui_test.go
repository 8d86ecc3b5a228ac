package app

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"magpie/app/core"
	"magpie/im"
	"magpie/widgets"
	"magpie/widgets/canvas"
)

// received waits until a guest has n messages of others in a conversation.
func (u *person) received(g *core.Client, conv im.ConversationID, n int) (list []im.Message) {
	u.t.Helper()
	u.until("messages have come", func() bool {
		p, err := g.GetMessageList(u.t.Context(), conv, "", 0)
		u.ok(err)
		list = list[:0]
		for i := range p.Messages {
			if p.Messages[i].Flow == im.FlowIn {
				list = append(list, p.Messages[i])
			}
		}
		return len(list) >= n
	})
	return list
}

// A reply quotes what it answers, outlives leaving the conversation, goes out once,
// and forgets the words of what is recalled.
func TestReply(t *testing.T) {
	noLeaks(t)
	dir := t.TempDir()
	u := begin(t, dir)
	u.start()
	ada, bo := u.guest("ada", "Ada Okafor"), u.guest("bo", "Bo")
	u.says(bo, "C2Cwren", "hi")
	of := u.says(ada, "C2Cwren", "shall we meet\nat three?")
	u.open("C2Cada")
	u.choose(of.ID, "Reply")
	u.sees("shall we meet at three?")
	u.open("C2Cbo")
	u.do(func() {
		if u.a.main.composer.Quote() != "" {
			t.Error("the quote is in another conversation")
		}
	})
	u.open("C2Cada")
	u.until("the quote is back", func() bool { return u.a.main.composer.Quote() == "shall we meet at three?" })
	u.end()

	// It outlives the program as well.
	u = begin(t, dir)
	u.until("it is there again", func() bool { return u.a.main != nil && u.a.main.index("C2Cada") >= 0 })
	u.open("C2Cada")
	u.until("the quote is back", func() bool { return u.a.main.composer.Quote() == "shall we meet at three?" })
	ada = u.device("ada")
	u.types("yes")
	u.press(fyne.KeyReturn)
	yes := u.sent("C2Cada", "the reply", func(m *im.Message) bool { return m.Type == im.MsgText })
	u.types("next")
	u.press(fyne.KeyReturn)
	next := u.sent("C2Cada", "the next text", func(m *im.Message) bool { return m.ID != yes.ID })
	if r, ok := yes.Reply(); !ok || r.MessageID != of.ID || r.Sequence != of.Sequence || r.From != "ada" || r.Sender != "Ada Okafor" {
		t.Errorf("it answers %+v, %v", r, ok)
	}
	if _, ok := next.Reply(); ok {
		t.Error("the next one answers too")
	}
	if q := u.shown("C2Cada", yes.ID).Quote; q == nil || q.Name != "Ada Okafor" || q.Text != "shall we meet\nat three?" || q.Sequence != of.Sequence {
		t.Errorf("quoted as %+v", q)
	}
	got := u.received(ada, "C2Cwren", 2)
	if _, ok := got[len(got)-2].Reply(); !ok {
		t.Error("the other side sees no reply")
	}
	u.ok(ada.RevokeMessage(t.Context(), of.ID))
	u.until("it is recalled", func() bool {
		m, _, err := u.a.session.client.Message(of.ID)
		return err == nil && m.IsRevoked
	})
	u.until("it is quoted as recalled", func() bool {
		m, _, err := u.a.session.client.Message(yes.ID)
		u.ok(err)
		q := u.a.main.chat.present.item(&m).Quote
		return q != nil && !strings.Contains(q.Text, "three") && strings.Contains(q.Text, "recalled")
	})
	u.misses("shall we meet")
	u.end()
}

// Esc, and the cross, make it an ordinary message again; what is answered with a
// picture alone is answered by that.
func TestReplyTakenBack(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	ada := u.guest("ada", "Ada Okafor")
	of := u.says(ada, "C2Cwren", "hello")
	u.open("C2Cada")
	u.choose(of.ID, "Reply")
	u.until("it is quoted", func() bool { return u.a.main.composer.Quote() == "hello" })
	u.press(fyne.KeyEscape)
	u.until("it is not quoted", func() bool { return u.a.main.composer.Quote() == "" })
	u.types("plain")
	u.press(fyne.KeyReturn)
	plain := u.sent("C2Cada", "the text", func(m *im.Message) bool { return m.Type == im.MsgText })
	if _, ok := plain.Reply(); ok {
		t.Error("it is still a reply")
	}
	u.choose(of.ID, "Reply")
	u.do(func() { u.a.main.chat.sendDie() })
	die := u.sent("C2Cada", "the die", func(m *im.Message) bool { return m.Type == im.MsgCustom })
	if r, ok := die.Reply(); !ok || r.MessageID != of.ID {
		t.Errorf("the die answers %+v", r)
	}
	u.until("the quote is gone", func() bool { return u.a.main.composer.Quote() == "" })
	u.end()
}

// Messages are sent on to several chats, one by one and as one, and those can be
// read.
func TestForward(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	ada, bo, cy := u.guest("ada", "Ada Okafor"), u.guest("bo", "Bo Lind"), u.guest("cy", "Cy")
	u.says(bo, "C2Cwren", "hi")
	u.says(cy, "C2Cwren", "hi")
	one := u.says(ada, "C2Cwren", "the first")
	two := u.says(ada, "C2Cwren", "第二条")
	u.open("C2Cada")
	u.sees("Bo Lind")
	u.sees("Cy")
	u.choose(one.ID, "Forward…")
	u.sees("1 message ·")
	u.types("lind")
	u.press(fyne.KeyReturn)
	u.press(fyne.KeyBackspace, fyne.KeyBackspace, fyne.KeyBackspace, fyne.KeyBackspace)
	u.tap("Cy")
	u.tap("Send to 2 chats")
	for _, g := range []*core.Client{bo, cy} {
		if got := u.received(g, "C2Cwren", 1); got[0].Payload != (im.TextPayload{Text: "the first"}) {
			t.Errorf("forwarded %+v", got[0])
		}
	}

	u.choose(one.ID, "Select")
	u.sees("1 selected")
	u.tapMessage("第二条")
	u.sees("2 selected")
	u.tap("Forward as one…")
	u.sees("2 messages · Enter selects a chat, " + keyWords(ctrl(fyne.KeyReturn)) + " sends")
	u.types("cy")
	u.press(fyne.KeyReturn)
	u.sees("Send to 1 chat")
	u.do(func() {
		send := &desktop.CustomShortcut{KeyName: fyne.KeyReturn, Modifier: fyne.KeyModifierShortcutDefault}
		u.a.window.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(send)
	})
	got := u.received(cy, "C2Cwren", 2)
	p, ok := got[1].Payload.(im.MergerPayload)
	if !ok || len(p.MessageList) != 2 || !strings.Contains(p.Title, "Ada Okafor") || len(p.AbstractList) != 2 {
		t.Fatalf("merged %+v", got[1].Payload)
	}
	u.until("choosing has ended", func() bool { return !u.a.main.canvas.Choosing() })

	// Who writes for the first time meanwhile can be chosen.
	u.choose(one.ID, "Forward…")
	u.sees("1 message ·")
	late := u.guest("u-77", "Dee Late")
	u.says(late, "C2Cwren", "hi")
	u.until("the one who came late is offered", func() bool {
		f := u.a.main.forwarding
		return f != nil && slices.ContainsFunc(f.rows, func(r widgets.Conversation) bool { return r.Name == "Dee Late" })
	})
	u.types("-77")
	u.until("her id finds her", func() bool {
		rows := u.a.main.forwarding.rows
		return len(rows) == 1 && rows[0].Name == "Dee Late"
	})
	u.press(fyne.KeyEscape)
	u.until("nothing is sent on", func() bool { return u.a.main.forwarding == nil })

	u.open("C2Ccy")
	own := u.sent("C2Ccy", "the merged one", func(m *im.Message) bool { return m.Type == im.MsgMerger })
	if it := u.shown("C2Ccy", own.ID); it.Kind != canvas.KindMerged || it.Lines[1] != "Ada Okafor: "+two.Payload.(im.TextPayload).Text {
		t.Errorf("shown as %+v", it)
	}
	u.do(func() { u.a.main.chat.openMedia(canvas.Key(own.ID)) })
	u.sees("the first")
	u.sees("第二条")
	u.tap("Close")
	u.end()
}
