package app

import (
	"fyne.io/fyne/v2"

	"magpie/app/core"
	"magpie/im"
)

// says lets a guest write a text and returns the message as it was stored.
func (u *person) says(g *core.Client, conv im.ConversationID, text string) im.Message {
	u.t.Helper()
	m, err := g.SendMessage(u.t.Context(), g.CreateTextMessage(conv.Type(), conv.To(), text), im.SendOptions{})
	u.ok(err)
	m, err = g.WaitSent(u.t.Context(), m.ID)
	u.ok(err)
	return m
}

// press presses keys where the keyboard is.
func (u *person) press(keys ...fyne.KeyName) {
	for _, k := range keys {
		u.key(k)
	}
}

// open opens a conversation that is in the list.
func (u *person) open(conv im.ConversationID) {
	u.t.Helper()
	u.until(string(conv)+" is in the list", func() bool { return u.a.main.index(conv) >= 0 })
	u.do(func() { u.a.main.openChat(conv) })
}

// sent waits until the window's account has sent a message that ok knows, and
// returns the newest of them as it was stored.
func (u *person) sent(conv im.ConversationID, what string, ok func(*im.Message) bool) (m im.Message) {
	u.t.Helper()
	var s *session
	u.do(func() { s = u.a.session })
	u.until(what, func() bool {
		p, err := s.client.History(u.t.Context(), conv, core.HistoryQuery{})
		if err != nil {
			u.t.Fatal(err)
		}
		for i := range p.Messages {
			if p.Messages[i].From == s.account.User && ok(&p.Messages[i]) {
				m = p.Messages[i]
			}
		}
		return m.Sequence > 0
	})
	return m
}
