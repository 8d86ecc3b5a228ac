package app

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"magpie/app/i18n"
	"magpie/app/profile"
	"magpie/app/quiet"
	"magpie/im"
)

// quietNow reports whether the person wants not to be disturbed, and until when.
func (a *application) quietNow() (until time.Time, yes bool) {
	return a.settings.Quiet.At(a.wall())
}

// inhibited reports whether the desktop itself shows no notifications now.
func (a *application) inhibited() bool { return a.notes.service != nil && a.notes.service.Inhibited() }

// setQuiet changes the rules by what f makes of them.
func (a *application) setQuiet(f func(quiet.Rules) quiet.Rules) {
	a.change(func(s *profile.Settings) { s.Quiet = f(s.Quiet) })
	a.showQuiet()
	a.showTray()
	if a.main != nil && a.main.settings != nil {
		a.main.settings.rebuild()
	}
}

// quietFor begins an hour of quiet.
func (a *application) quietFor() {
	now := a.wall()
	a.setQuiet(func(r quiet.Rules) quiet.Rules { return r.For(now, time.Hour) })
}

// quietUntilMorning begins quiet that ends the next morning.
func (a *application) quietUntilMorning() {
	now := a.wall()
	a.setQuiet(func(r quiet.Rules) quiet.Rules { return r.UntilMorning(now) })
}

// disturb ends the quiet there is.
func (a *application) disturb() {
	now := a.wall()
	a.setQuiet(func(r quiet.Rules) quiet.Rules { return r.Ended(now) })
}

// showQuiet shows the sign on the own avatar while it is quiet, and in the tray. It is
// asked every second: being quiet ends by itself.
func (a *application) showQuiet() {
	_, yes := a.quietNow()
	yes = yes || a.inhibited()
	if a.quiet == yes {
		return
	}
	a.quiet = yes
	if a.main != nil {
		a.main.side.SetQuiet(yes)
	}
	a.showTray()
}

// quietWords are the words for do not disturb, with its end if it is on.
func (a *application) quietWords() string {
	until, yes := a.quietNow()
	switch {
	case yes:
		return a.tr.F("quiet.until", i18n.Args{"Time": timeWords{a.tr, a.now}.until(until)})
	case a.inhibited():
		return a.tr.T("quiet.bySystem")
	}
	return a.tr.T("quiet.title")
}

// quietItems are the choices of do not disturb, for a menu.
func (a *application) quietItems() []*fyne.MenuItem {
	items := []*fyne.MenuItem{
		fyne.NewMenuItem(a.tr.T("quiet.hour"), a.quietFor),
		fyne.NewMenuItem(a.tr.T("quiet.tomorrow"), a.quietUntilMorning),
		fyne.NewMenuItem(a.tr.T("quiet.hours"), func() {
			if a.main != nil {
				a.main.openSettings("settings.notifications")
			}
		}),
	}
	if _, yes := a.quietNow(); yes {
		items = append([]*fyne.MenuItem{fyne.NewMenuItem(a.tr.T("quiet.off"), a.disturb)}, items...)
	}
	return items
}

// mentionsUser reports whether a message mentions somebody, or everybody.
func mentionsUser(m *im.Message, user im.UserID) bool {
	return slices.Contains(m.AtUserList, user) || slices.Contains(m.AtUserList, im.AtAllUsers)
}
