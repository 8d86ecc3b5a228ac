package app

import (
	"slices"

	"fyne.io/fyne/v2"

	"magpie/app/i18n"
	"magpie/app/profile"
)

// An application may be signed in to several accounts. One is shown; those that
// were shown before stay connected, parked, each with a session and a store of
// its own, so that going back to one takes no time and nothing is missed.

// park takes the session from the window and keeps it.
func (a *application) park() {
	s := a.session
	if s == nil {
		return
	}
	a.main.end()
	a.session, a.main = nil, nil
	a.parked = append(a.parked, s)
}

// unpark returns the parked session of an account, which is the caller's from
// then on, or nil.
func (a *application) unpark(account profile.Account) *session {
	i := slices.IndexFunc(a.parked, func(s *session) bool { return s.account == account })
	if i < 0 {
		return nil
	}
	s := a.parked[i]
	a.parked = slices.Delete(a.parked, i, i+1)
	return s
}

// isOpen reports whether an account is shown or parked.
func (a *application) isOpen(account profile.Account) bool {
	if a.session != nil && a.session.account == account {
		return true
	}
	return slices.ContainsFunc(a.parked, func(s *session) bool { return s.account == account })
}

// switchTo shows another account.
func (a *application) switchTo(account profile.Account) {
	if a.session != nil && a.session.account == account {
		return
	}
	a.park()
	a.turn++ // what is being opened for another choice is dropped
	a.change(func(s *profile.Settings) { s.Use(account) })
	if s := a.unpark(account); s != nil {
		a.show(s)
		return
	}
	a.setContent(a.blank())
	a.enter(account)
}

// addAccount leads to the welcome screen, which leads back.
func (a *application) addAccount() {
	a.park()
	a.showWelcome()
}

// back leaves the welcome screen for the account that was shown last.
func (a *application) back() {
	if n := len(a.parked); n > 0 {
		a.switchTo(a.parked[n-1].account)
	}
}

// accountItems are the accounts for a menu, the one shown checked, with what is
// unread in the others.
func (a *application) accountItems() []*fyne.MenuItem {
	var items []*fyne.MenuItem
	for _, account := range a.settings.Accounts {
		item := fyne.NewMenuItem(a.accountLabel(account), func() { a.switchTo(account) })
		item.Checked = a.session != nil && a.session.account == account
		items = append(items, item)
	}
	return append(items, fyne.NewMenuItemSeparator(), fyne.NewMenuItem(a.tr.T("account.add"), a.addAccount))
}

func (a *application) accountLabel(account profile.Account) string {
	where := account.Server
	if account.Local {
		where = a.tr.T("account.local")
	}
	label := a.tr.F("account.label", i18n.Args{"User": string(account.User), "Where": where})
	for _, s := range a.parked {
		if s.account != account {
			continue
		}
		if n := s.heard.unreadCount(); n > 0 {
			label = a.tr.F("account.unread", i18n.Args{"Account": label, "Unread": n})
		}
	}
	return label
}
