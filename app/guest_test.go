package app

import (
	"context"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"

	"magpie/app/core"
	"magpie/app/host"
	"magpie/im"
	"magpie/store"
)

// invite brings another person onto the server inside the window's process.
func (u *person) invite(user im.UserID, nick string) *guest {
	u.t.Helper()
	ctx := context.Background() // outlives the test's, for the cleanup
	var dir string
	u.do(func() { dir = u.a.profile.ServerDir() })
	h, err := host.Open(ctx, dir, host.Options{})
	if err != nil {
		u.t.Fatal(err)
	}
	u.t.Cleanup(func() {
		if err := h.Close(ctx); err != nil {
			u.t.Error(err)
		}
	})
	const password = "a guest's password"
	if err := h.CreateUser(ctx, user, password, nick); err != nil {
		u.t.Fatal(err)
	}
	st, _, err := store.Open(filepath.Join(u.t.TempDir(), "history.db"), store.Options{Account: user})
	if err != nil {
		u.t.Fatal(err)
	}
	c, err := core.New(core.Options{Store: st, Server: h.URL(), User: user, Password: password, Platform: "bot"})
	if err != nil {
		u.t.Fatal(err)
	}
	g := &guest{c, st}
	u.t.Cleanup(func() {
		if err := g.close(); err != nil {
			u.t.Error(err)
		}
	})
	c.Start(ctx)
	if err := c.WaitReady(u.t.Context()); err != nil {
		u.t.Fatal(err)
	}
	return g
}

// says lets a guest write a text and returns the message as it was stored.
func (g *guest) says(t *testing.T, conv im.ConversationID, text string) im.Message {
	t.Helper()
	m, err := g.client.SendMessage(t.Context(), g.client.CreateTextMessage(conv.Type(), conv.To(), text), im.SendOptions{})
	if err == nil {
		m, err = g.client.WaitSent(t.Context(), m.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// types types into whatever has the keyboard, press presses a key there.
func (u *person) types(text string) {
	u.do(func() {
		for _, r := range text {
			u.a.window.Canvas().Focused().TypedRune(r)
		}
	})
}

func (u *person) press(keys ...fyne.KeyName) {
	u.do(func() {
		for _, k := range keys {
			u.a.window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: k})
		}
	})
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
