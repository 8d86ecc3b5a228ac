package app

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"magpie/app/i18n"
	"magpie/app/profile"
	"magpie/im"
	"magpie/widgets"
	"magpie/widgets/canvas"
)

// popUp shows a menu at a place of the window.
func (a *application) popUp(at fyne.Position, items ...*fyne.MenuItem) {
	widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", items...), a.window.Canvas(), at)
}

// newMenu is what the plus offers.
func (m *mainScreen) newMenu() {
	plus := m.side.NewButton()
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(plus)
	m.app.popUp(at.AddXY(0, plus.Size().Height),
		fyne.NewMenuItem(m.tr.T("menu.newChat"), m.newChat),
		fyne.NewMenuItem(m.tr.T("menu.newGroup"), m.newGroup),
	)
}

// profileMenu is what the own avatar offers.
func (m *mainScreen) profileMenu() {
	a, tr := m.app, m.tr
	choice := func(label, value, current string, set func(string)) *fyne.MenuItem {
		item := fyne.NewMenuItem(label, func() { set(value) })
		item.Checked = value == current
		return item
	}
	look := fyne.NewMenuItem(tr.T("menu.appearance"), nil)
	look.ChildMenu = fyne.NewMenu("",
		choice(tr.T("menu.likeSystem"), "", a.settings.Theme, a.setMode),
		choice(tr.T("menu.light"), "light", a.settings.Theme, a.setMode),
		choice(tr.T("menu.dark"), "dark", a.settings.Theme, a.setMode),
	)
	language := fyne.NewMenuItem(tr.T("menu.language"), nil)
	language.ChildMenu = fyne.NewMenu("",
		choice(tr.T("menu.likeSystem"), "", a.settings.Language, a.setLanguage),
		choice("English", "en", a.settings.Language, a.setLanguage),
		choice("简体中文", "zh-Hans", a.settings.Language, a.setLanguage),
	)
	enter := fyne.NewMenuItem(tr.T("menu.enterSends"), func() {
		breaks := !a.settings.EnterBreaksLine
		a.change(func(s *profile.Settings) { s.EnterBreaksLine = breaks })
		m.composer.SetEnterSends(!breaks)
	})
	enter.Checked = !a.settings.EnterBreaksLine
	typing := fyne.NewMenuItem(tr.T("menu.tellTyping"), m.changeTyping)
	typing.Checked = !a.settings.QuietTyping
	who := fyne.NewMenuItem(tr.F("menu.signedInAs", i18n.Args{"User": string(m.me)}), nil)
	who.Disabled = true
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(m.side)
	a.popUp(at.AddXY(12, 50),
		who,
		fyne.NewMenuItem(tr.T("menu.profile"), m.editProfile),
		fyne.NewMenuItemSeparator(),
		look, language, enter, typing,
		fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem(tr.T("menu.signOut"), m.askSignOut),
		fyne.NewMenuItem(tr.T("menu.quit"), a.quit),
	)
}

func (m *mainScreen) askSignOut() {
	m.app.ask(question{
		title: m.tr.T("signOut.title"),
		text:  m.tr.T("signOut.text"),
		yes:   m.tr.T("menu.signOut"),
		no:    m.tr.T("action.cancel"),
		onYes: m.app.signOut,
	})
}

// editProfile changes the name that others see.
func (m *mainScreen) editProfile() {
	client := m.s.client
	beside(m.ctx, func(context.Context) (im.Profile, error) { return client.MyProfile() }, func(p im.Profile, err error) {
		if err != nil {
			m.report(err)
			return
		}
		nick := widgets.NewTextField(m.tr.T("profile.nick"), string(m.me))
		nick.SetText(p.Nick)
		f := &form{app: m.app, title: m.tr.T("menu.profile"), content: nick, first: nick, yes: m.tr.T("action.save")}
		f.submit = func() (func(context.Context) error, error) {
			p.Nick = strings.TrimSpace(nick.Text())
			return func(ctx context.Context) error { return client.UpdateMyProfile(ctx, p) }, nil
		}
		f.done = m.showMe
		f.open()
	})
}

// conversationMenu is what a row of the list offers.
func (m *mainScreen) conversationMenu(conv im.ConversationID, at fyne.Position) {
	m.app.popUp(at,
		fyne.NewMenuItem(m.tr.T("menu.open"), func() { m.openChat(conv) }),
		fyne.NewMenuItem(m.tr.T("menu.markRead"), func() { m.markRead(conv) }),
		fyne.NewMenuItem(m.tr.T("menu.deleteConversation"), func() { m.deleteConversation(conv) }),
	)
}

func (m *mainScreen) markRead(conv im.ConversationID) {
	client := m.s.client
	beside(m.ctx, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, client.SetMessageRead(ctx, conv)
	}, func(_ struct{}, err error) { m.report(err) })
}

// deleteConversation takes a row from the list; nothing is lost by it, so it
// does not ask.
func (m *mainScreen) deleteConversation(conv im.ConversationID) {
	client := m.s.client
	beside(m.ctx, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, client.DeleteConversation(ctx, conv)
	}, func(_ struct{}, err error) {
		if err != nil {
			m.report(err)
			return
		}
		if m.chat != nil && m.chat.conv == conv {
			m.closeChat()
			m.showNoChat()
		}
		m.app.say(m.tr.T("list.deleted"))
	})
}

// menu is what a message offers.
func (c *chat) menu(key canvas.Key, at fyne.Position, selected string) {
	m := c.m
	client := m.s.client
	recall := false
	beside(c.ctx, func(context.Context) (*im.Message, error) {
		msg, ok, err := client.Message(im.MessageID(key))
		if !ok {
			return nil, err
		}
		recall = client.MayRevoke(&msg)
		return &msg, err
	}, func(msg *im.Message, err error) {
		if err != nil || msg == nil {
			m.report(err)
			return
		}
		text := selected
		if text == "" {
			text = im.MessageForShow(msg.Payload, m.tr.Language())
		}
		var items []*fyne.MenuItem
		if text != "" { // nothing is left of what was recalled
			items = append(items, fyne.NewMenuItem(m.tr.T("menu.copy"), func() { fyne.CurrentApp().Clipboard().SetContent(text) }))
		}
		if msg.Status == im.StatusFail {
			items = append(items, fyne.NewMenuItem(m.tr.T("message.resend"), func() { c.resend(key) }))
		}
		if recall {
			items = append(items, c.recallItem(key))
		}
		if msg.Sequence == 0 {
			items = append(items, fyne.NewMenuItem(m.tr.T("menu.cancelMessage"), func() { c.cancelMessage(key) }))
		}
		if len(items) > 0 {
			m.app.popUp(at, items...)
		}
	})
}
