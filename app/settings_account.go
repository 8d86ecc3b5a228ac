package app

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"magpie/app/i18n"
	"magpie/app/profile"
	"magpie/im"
	"magpie/widgets"
)

// accountSection is who is signed in here, and the other accounts of this computer.
type accountSection struct {
	p  *settingsPage
	me im.Profile // of the account that is shown, as far as it was read
}

// account shows the section.
func (p *settingsPage) account() fyne.CanvasObject {
	s := &accountSection{p: p}
	s.me.UserID = p.m.me
	p.onMe = s.load
	s.load()
	return s.content()
}

// load reads the own profile and shows it.
func (s *accountSection) load() {
	client := s.p.m.s.client
	beside(s.p.ctx, func(context.Context) (im.Profile, error) { return client.MyProfile() }, func(me im.Profile, err error) {
		if err != nil {
			s.p.m.report(err)
			return
		}
		s.me = me
		s.p.view.SetContent(s.content())
	})
}

func (s *accountSection) content() fyne.CanvasObject {
	m := s.p.m
	tr := m.tr
	button := func(kind widgets.Kind, key string, do func()) *widgets.Button {
		return widgets.NewSmallButton(kind, tr.T(key), do)
	}
	items := []widgets.Item{
		{Object: widgets.NewAccountRow(widgets.Account{
			ID: string(m.me), Name: s.me.Name(), Note: first(s.me.SelfSignature, tr.T("account.noSignature")),
			Picture: m.pictures.avatar(s.me.Avatar), Online: m.connected(),
		}, button(widgets.Secondary, "account.edit", m.editProfile))},
		{Object: widgets.NewSettingRow(tr.T("account.id"), string(m.me), button(widgets.Secondary, "menu.copy", s.copyID))},
		{Object: widgets.NewSettingRow(tr.T("network.server"), (&networkSection{p: s.p}).serverWords(), nil)},
		{Object: widgets.NewSettingRow(tr.T("menu.signOut"), tr.T("signOut.text"), button(widgets.Secondary, "account.signOut", m.askSignOut))},
		{Object: widgets.NewSettingRow(tr.T("account.erase"), tr.T("account.eraseNote"), button(widgets.Danger, "account.remove", m.askErase))},
		{Above: 18, Object: widgets.NewPanelSection(tr.T("account.others"), "", nil)},
	}
	for _, other := range m.app.settings.Accounts {
		if other != m.s.account {
			items = append(items, widgets.Item{Object: s.other(other)})
		}
	}
	return widgets.NewStack(append(items, widgets.Item{Above: 14, Object: widgets.NewFlow(button(widgets.Secondary, "account.add", m.app.addAccount))})...)
}

// other is the row of an account that is not shown.
func (s *accountSection) other(account profile.Account) fyne.CanvasObject {
	m := s.p.m
	tr := m.tr
	note := account.Server
	if account.Local {
		note = tr.T("network.local")
	}
	online := false
	for _, parked := range m.app.parked {
		if parked.account == account {
			online = true
			if n := parked.heard.unreadCount(); n > 0 {
				note = tr.N("account.unreadNote", int(n), i18n.Args{"Where": note})
			}
		}
	}
	return widgets.NewAccountRow(widgets.Account{ID: string(account.User), Name: string(account.User), Note: note, Online: online}, container.NewHBox(
		widgets.NewSmallButton(widgets.Secondary, tr.T("account.remove"), func() { s.askRemove(account) }),
		widgets.NewSmallButton(widgets.Secondary, tr.T("account.switch"), func() { m.app.switchTo(account) }),
	))
}

func (s *accountSection) copyID() {
	m := s.p.m
	m.app.fyne.Clipboard().SetContent(string(m.me))
	s.p.view.Say(m.tr.F("info.copied", i18n.Args{"ID": string(m.me)}), "", nil)
}

// askRemove asks whether another account is to go from this computer.
func (s *accountSection) askRemove(account profile.Account) {
	m := s.p.m
	text := m.tr.T("storage.eraseText")
	if account.Local {
		text = m.tr.T("storage.eraseTextLocal")
	}
	m.app.ask(question{
		title: m.tr.F("storage.eraseTitle", i18n.Args{"User": string(account.User)}),
		text:  text,
		yes:   m.tr.T("storage.eraseYes"), no: m.tr.T("action.cancel"), danger: true,
		onYes: func() {
			m.app.removeAccount(account)
			if m.settings == s.p {
				s.p.rebuild()
			}
		},
	})
}

// removeAccount signs an account that is not shown out and removes everything of it from
// the disk.
func (a *application) removeAccount(account profile.Account) {
	a.drop(a.unpark(account))
	a.change(func(s *profile.Settings) { s.Forget(account) })
	a.eraseFiles(account)
}
