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
	}
	typing := widgets.NewSwitch(!a.settings.QuietTyping)
	typing.OnChanged = func(bool) { m.changeTyping() }
	return widgets.NewStack(
		widgets.Item{Object: widgets.NewSettingRow(tr.T("menu.enterSends"), tr.T("settings.enterNote"), enter)},
		widgets.Item{Object: widgets.NewSettingRow(tr.T("menu.tellTyping"), tr.T("settings.typingNote"), typing)},
	)
}
