package app

import (
	"fyne.io/fyne/v2"

	"magpie/app/i18n"
	"magpie/app/profile"
	"magpie/widgets"
	"magpie/widgets/theme"
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
	still := widgets.NewSwitch(a.settings.ReducedMotion)
	still.OnChanged = a.setReducedMotion
	return widgets.NewStack(
		widgets.Item{Object: widgets.NewSettingRow(tr.T("settings.look"), "", look)},
		widgets.Item{Object: widgets.NewSettingRow(tr.T("menu.language"), "", language)},
		widgets.Item{Object: widgets.NewSettingRow(tr.T("settings.text"), tr.F("settings.textNote", i18n.Args{
			"Larger": keysOf("shortcut.larger"), "Smaller": keysOf("shortcut.smaller"), "Usual": keysOf("shortcut.usual"),
		}), p.textStepper())},
		widgets.Item{Above: 12, Object: widgets.NewSample(tr.T("settings.sampleIn"), tr.T("settings.sampleOut"))},
		widgets.Item{Above: 4, Object: widgets.NewSettingRow(tr.T("settings.still"), tr.T("settings.stillNote"), still)},
	)
}

// textStepper chooses the size of the text.
func (p *settingsPage) textStepper() fyne.CanvasObject {
	a, tr := p.m.app, p.m.tr
	words := func(percent int) string { return tr.F("settings.percent", i18n.Args{"Percent": percent}) }
	all := theme.TextPercents
	s := widgets.NewStepper("", words(all[len(all)-1]), tr.T("shortcut.smaller"), tr.T("shortcut.larger"), a.stepText)
	p.onText = func() {
		at := a.fyne.percent()
		s.Set(words(at), at == all[0], at == all[len(all)-1])
	}
	p.onText()
	return s
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
