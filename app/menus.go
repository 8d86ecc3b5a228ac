package app

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"magpie/app/i18n"
	"magpie/im"
	"magpie/widgets/canvas"
	"magpie/widgets/textlayout"
)

// popUp shows a menu at a place of the window.
func (a *application) popUp(at fyne.Position, items ...*fyne.MenuItem) {
	widget.ShowPopUpMenuAtPosition(menuOf(items), a.canvas, at)
}

// menuOf is a menu whose words, names of people and devices among them, can be shown.
func menuOf(items []*fyne.MenuItem) *fyne.Menu {
	for _, i := range items {
		i.Label = textlayout.Clean(i.Label)
		if i.ChildMenu != nil {
			menuOf(i.ChildMenu.Items)
		}
	}
	return fyne.NewMenu("", items...)
}

// popUpAbove shows a menu whose lower edge is at a place of the window.
func (a *application) popUpAbove(at fyne.Position, items ...*fyne.MenuItem) {
	menu := widget.NewPopUpMenu(menuOf(items), a.canvas)
	menu.ShowAtPosition(at.SubtractXY(0, menu.MinSize().Height))
}

// newMenu is what the plus offers.
func (m *mainScreen) newMenu() {
	plus := m.side.NewButton()
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(plus)
	items := []*fyne.MenuItem{
		fyne.NewMenuItem(m.tr.T("menu.newChat"), m.newChat),
		fyne.NewMenuItem(m.tr.T("menu.newGroup"), m.newGroup),
		fyne.NewMenuItem(m.tr.T("menu.joinGroup"), m.joinGroup),
	}
	if m.mayHost() {
		items = append(items, fyne.NewMenuItem(m.tr.T("menu.letOthersJoin"), m.letOthersJoin))
	}
	m.app.popUp(at.AddXY(0, plus.Size().Height), items...)
}

// profileMenu is what the own avatar offers.
func (m *mainScreen) profileMenu() {
	a, tr := m.app, m.tr
	who := fyne.NewMenuItem(tr.F("menu.signedInAs", i18n.Args{"User": string(m.me)}), nil)
	who.Disabled = true
	accounts := fyne.NewMenuItem(tr.T("menu.accounts"), nil)
	accounts.ChildMenu = fyne.NewMenu("", a.accountItems()...)
	quiet := fyne.NewMenuItem(a.quietWords(), nil)
	quiet.ChildMenu = fyne.NewMenu("", a.quietItems()...)
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(m.side)
	lock := fyne.NewMenuItem(tr.T("menu.lock"), a.lockNow)
	lock.Disabled = !a.canLock()
	join := fyne.NewMenuItem(tr.T("menu.letOthersJoin"), m.letOthersJoin)
	join.Disabled = !m.mayHost() // the server is somebody else's
	a.popUp(at.AddXY(12, 50),
		who,
		fyne.NewMenuItem(tr.T("menu.profile"), m.editProfile),
		accounts,
		quiet,
		fyne.NewMenuItem(tr.T("menu.blocked"), m.blockedPeople),
		join,
		fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem(tr.T("menu.settings"), func() { m.openSettings("") }),
		fyne.NewMenuItemSeparator(),
		lock,
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
		o, isMedia := mediaOf(msg)
		if text == "" && !isMedia {
			text = wordsOf(msg.Payload, m.tr.Language())
		}
		var items []*fyne.MenuItem
		sent := msg.Sequence > 0 && !msg.IsRevoked && !msg.IsPlaceMessage && text+string(o.msg.ID) != ""
		if _, err := im.NewReply(msg, "", m.tr.Language()); sent && err == nil {
			if m.closedWords == "" {
				items = append(items, c.answerItem(msg))
			}
			items = append(items, c.forwardItem(msg), c.chooseItem(key), fyne.NewMenuItemSeparator())
		}
		if isMedia {
			items = append(items, m.mediaItems(o)...)
		}
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
		if msg.Sequence > 0 && !msg.IsPlaceMessage {
			if len(items) > 0 {
				items = append(items, fyne.NewMenuItemSeparator())
			}
			items = append(items, c.deleteItem(key))
		}
		if len(items) > 0 {
			m.app.popUp(at, items...)
		}
	})
}
