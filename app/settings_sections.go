package app

import (
	"fyne.io/fyne/v2"

	"magpie/app/profile"
	"magpie/widgets"
)

// appearance are the looks and the language of the window.
func (p *settingsPage) appearance() fyne.CanvasObject {
	m := p.m
	a, tr := m.app, m.tr
	look := widgets.NewSelect(a.settings.Theme,
		widgets.Option{Value: "", Label: tr.T("menu.likeSystem")},
		widgets.Option{Value: "light", Label: tr.T("menu.light")},
		widgets.Option{Value: "dark", Label: tr.T("menu.dark")},
	)
	look.OnChanged = a.setMode
	language := widgets.NewSelect(a.settings.Language,
		widgets.Option{Value: "", Label: tr.T("menu.likeSystem")},
		widgets.Option{Value: "en", Label: "English"},
		widgets.Option{Value: "zh-Hans", Label: "简体中文"},
	)
	language.OnChanged = a.setLanguage
	return widgets.NewStack(
		widgets.Item{Object: widgets.NewSettingRow(tr.T("settings.look"), "", look)},
		widgets.Item{Object: widgets.NewSettingRow(tr.T("menu.language"), "", language)},
	)
}

// chats is how writing works.
func (p *settingsPage) chats() fyne.CanvasObject {
	m := p.m
	a, tr := m.app, m.tr
	enter := widgets.NewSwitch(!a.settings.EnterBreaksLine)
	enter.OnChanged = func(on bool) {
		a.change(func(s *profile.Settings) { s.EnterBreaksLine = !on })
		m.composer.SetEnterSends(on)
		m.showSendKeys()
	}
	typing := widgets.NewSwitch(!a.settings.QuietTyping)
	typing.OnChanged = func(bool) { m.changeTyping() }
	return widgets.NewStack(
		widgets.Item{Object: widgets.NewSettingRow(tr.T("menu.enterSends"), tr.T("settings.enterNote"), enter)},
		widgets.Item{Object: widgets.NewSettingRow(tr.T("menu.tellTyping"), tr.T("settings.typingNote"), typing)},
	)
}

// notifications is what the desktop shows of new messages.
func (p *settingsPage) notifications() fyne.CanvasObject {
	a, tr := p.m.app, p.m.tr
	toggle := func(on bool, set func(s *profile.Settings, on bool)) *widgets.Switch {
		w := widgets.NewSwitch(on)
		w.OnChanged = func(on bool) {
			a.change(func(s *profile.Settings) { set(s, on) })
			a.unnotifyAll()
			p.rebuild()
		}
		if a.settings.NoNotifications {
			w.Disable()
		}
		return w
	}
	all := toggle(!a.settings.NoNotifications, func(s *profile.Settings, on bool) { s.NoNotifications = !on })
	all.Enable()
	note := tr.T("notify.note")
	if a.notes.why != nil {
		note = tr.T("notify.none")
	}
	text := toggle(!a.settings.NotificationsHide, func(s *profile.Settings, on bool) { s.NotificationsHide = !on })
	sound := toggle(!a.settings.NotificationsSilent, func(s *profile.Settings, on bool) { s.NotificationsSilent = !on })
	return widgets.NewStack(
		widgets.Item{Object: widgets.NewSettingRow(tr.T("notify.show"), note, all)},
		widgets.Item{Object: widgets.NewSettingRow(tr.T("notify.text"), tr.T("notify.textNote"), text)},
		widgets.Item{Object: widgets.NewSettingRow(tr.T("notify.sound"), "", sound)},
	)
}
