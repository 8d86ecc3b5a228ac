package app

import (
	"fmt"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"magpie/app/i18n"
	"magpie/app/profile"
	"magpie/app/quiet"
	"magpie/widgets"
)

// notifications is what the desktop shows of new messages, when it does not, and what
// is in the tray.
func (p *settingsPage) notifications() fyne.CanvasObject {
	a, tr := p.m.app, p.m.tr
	toggle := func(on bool, set func(s *profile.Settings, on bool)) *widgets.Switch {
		w := widgets.NewSwitch(on)
		w.OnChanged = func(on bool) {
			a.change(func(s *profile.Settings) { set(s, on) })
			a.unnotifyAll()
			a.showTray()
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
	rows := []widgets.Item{
		{Object: widgets.NewSettingRow(tr.T("notify.show"), note, all)},
		{Object: widgets.NewSettingRow(tr.T("notify.text"), tr.T("notify.textNote"), text)},
		{Object: widgets.NewSettingRow(tr.T("notify.sound"), "", sound)},
	}
	return widgets.NewStack(append(append(rows, p.quietRows()...), widgets.Item{Object: p.trayRow()})...)
}

// quietRows are those of do not disturb.
func (p *settingsPage) quietRows() []widgets.Item {
	a, tr := p.m.app, p.m.tr
	r := a.settings.Quiet
	pause := container.NewHBox(
		widgets.NewSmallButton(widgets.Secondary, tr.T("quiet.hour"), a.quietFor),
		widgets.NewSmallButton(widgets.Secondary, tr.T("quiet.tomorrow"), a.quietUntilMorning),
	)
	title, note := tr.T("quiet.title"), tr.T("quiet.note")
	if a.inhibited() {
		note = tr.T("quiet.bySystem")
	}
	if _, yes := a.quietNow(); yes {
		title = a.quietWords()
		pause = container.NewHBox(widgets.NewSmallButton(widgets.Secondary, tr.T("quiet.off"), a.disturb))
	}
	daily := widgets.NewSwitch(r.Daily)
	daily.OnChanged = func(on bool) {
		a.setQuiet(func(r quiet.Rules) quiet.Rules {
			r.Daily, r.Awake = on, 0
			if on && r.From == r.To { // never chosen
				r.From, r.To = quiet.UsualFrom, quiet.UsualTo
			}
			return r
		})
	}
	rows := []widgets.Item{
		{Object: widgets.NewSettingRow(title, note, pause)},
		{Object: widgets.NewSettingRow(tr.T("quiet.daily"), tr.T("quiet.dailyNote"), daily)},
	}
	if r.Daily {
		rows = append(rows,
			widgets.Item{Object: widgets.NewSettingRow(tr.T("quiet.from"), "", hourSelect(r.From, func(minute int) {
				a.setQuiet(func(r quiet.Rules) quiet.Rules { r.From, r.Awake = minute, 0; return r })
			}))},
			widgets.Item{Object: widgets.NewSettingRow(tr.T("quiet.to"), "", hourSelect(r.To, func(minute int) {
				a.setQuiet(func(r quiet.Rules) quiet.Rules { r.To, r.Awake = minute, 0; return r })
			}))})
	}
	through := widgets.NewSwitch(r.Mentions)
	through.OnChanged = func(on bool) {
		a.setQuiet(func(r quiet.Rules) quiet.Rules { r.Mentions = on; return r })
	}
	return append(rows, widgets.Item{Object: widgets.NewSettingRow(tr.T("quiet.mentions"), tr.T("quiet.mentionsNote"), through)})
}

// hourSelect chooses an hour of the day, in minutes after midnight.
func hourSelect(minute int, chosen func(minute int)) *widgets.Select {
	options := make([]widgets.Option, 0, 25)
	if minute%60 != 0 { // from a file that somebody wrote
		options = append(options, widgets.Option{Value: strconv.Itoa(minute), Label: fmt.Sprintf("%02d:%02d", minute/60, minute%60)})
	}
	for hour := range 24 {
		options = append(options, widgets.Option{Value: strconv.Itoa(hour * 60), Label: fmt.Sprintf("%02d:00", hour)})
	}
	s := widgets.NewSelect(strconv.Itoa(minute), options...)
	s.OnChanged = func(value string) {
		if m, err := strconv.Atoi(value); err == nil { // it is one of the above
			chosen(m)
		}
	}
	return s
}

// trayRow is whether a closed window stays in the tray. Where nobody shows one that is
// not offered: it would be gone.
func (p *settingsPage) trayRow() *widgets.SettingRow {
	a, tr := p.m.app, p.m.tr
	stays := widgets.NewSwitch(a.settings.CloseToTray && a.tray.hosted)
	stays.OnChanged = func(on bool) { a.change(func(s *profile.Settings) { s.CloseToTray = on }) }
	note := tr.F("trayIcon.closeNote", i18n.Args{"Keys": keysOf("shortcut.quit")})
	if !a.tray.hosted {
		stays.Disable()
		note = tr.T("trayIcon.none")
	}
	return widgets.NewSettingRow(tr.T("trayIcon.close"), note, stays)
}
