package app

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"

	"magpie/app/core"
	"magpie/app/i18n"
	"magpie/app/profile"
	"magpie/im"
	"magpie/widgets"
	"magpie/widgets/loop"
	"magpie/widgets/theme"
)

// askForget asks whether the history of a chat is to be deleted here, after counting
// what that is.
func (s *storageSection) askForget(conv im.ConversationID) {
	m := s.p.m
	client := m.s.client
	beside(s.p.ctx, func(ctx context.Context) (core.Forgotten, error) {
		return client.ForgetHistory(ctx, conv, true)
	}, func(what core.Forgotten, err error) {
		if err != nil {
			m.report(err)
			return
		}
		s.forgetForm(conv, what)
	})
}

func (s *storageSection) forgetForm(conv im.ConversationID, what core.Forgotten) {
	m := s.p.m
	tr := m.tr
	row := s.row(conv)
	var items []widgets.Item
	add := func(above float32, words string, colour fyne.ThemeColorName) {
		items = append(items, widgets.Item{Above: above, Object: widgets.NewParagraph(words, colour, theme.SecondarySize, fyne.TextAlignLeading)})
	}
	add(0, tr.N("storage.forgets", int(what.Messages), i18n.Args{
		"Number": grouped(int(what.Messages)), "Size": mediaWords{tr}.bytes(what.Bytes),
	}), theme.Ink)
	if what.OnlyHere > 0 {
		add(8, tr.N("storage.forgetsForGood", int(what.OnlyHere), i18n.Args{"Number": grouped(int(what.OnlyHere))}), theme.Danger)
	}
	if what.NotSent > 0 {
		add(8, tr.N("storage.forgetKeeps", what.NotSent, nil), theme.Ink2)
	}
	listed := m.index(conv) >= 0
	remove := widgets.NewCheck(tr.T("storage.removeToo"), tr.T("storage.removeTooNote"), false)
	if listed {
		items = append(items, widgets.Item{Above: 10, Object: remove})
	}
	f := &form{
		app:     m.app,
		title:   tr.F("storage.forgetTitle", i18n.Args{"Name": m.name(&row)}),
		text:    tr.T("storage.forgetText"),
		content: widgets.NewStack(items...),
		yes:     tr.T("storage.forgetYes"),
		danger:  true,
	}
	client := m.s.client
	f.submit = func() (func(context.Context) error, error) {
		also := listed && remove.On()
		return func(ctx context.Context) error {
			if _, err := client.ForgetHistory(ctx, conv, false); err != nil || !also {
				return err
			}
			return client.DeleteConversation(ctx, conv)
		}, nil
	}
	f.done = func() {
		m.app.say(tr.T("storage.forgotten"))
		s.count()
	}
	f.open()
}

// askErase asks whether everything of the account is to go from this computer.
func (m *mainScreen) askErase() {
	text := m.tr.T("storage.eraseText")
	if m.s.account.Local {
		text = m.tr.T("storage.eraseTextLocal")
	}
	if m.waiting > 0 {
		text += "\n" + m.tr.N("storage.eraseUnsent", m.waiting, nil)
	}
	if n := int(m.s.client.Imported()); n > 0 {
		text += "\n" + m.tr.N("storage.eraseImported", n, i18n.Args{"Number": grouped(n)})
	}
	m.app.ask(question{
		title:  m.tr.F("storage.eraseTitle", i18n.Args{"User": string(m.me)}),
		text:   text,
		yes:    m.tr.T("storage.eraseYes"),
		no:     m.tr.T("action.cancel"),
		danger: true,
		onYes:  m.app.eraseAccount,
	})
}

// eraseAccount signs out and removes everything of the account from the disk.
func (a *application) eraseAccount() {
	s := a.session
	if s == nil {
		return
	}
	a.signOut()
	a.eraseFiles(s.account)
}

// eraseFiles removes the files of an account whose session was dropped.
func (a *application) eraseFiles(account profile.Account) {
	a.files.add(func() { // after the session was closed
		if err := a.profile.EraseAccount(account); err != nil {
			a.log("%v", err)
			loop.Do(func() { a.tell(a.tr.T("storage.eraseFailed"), a.tr.Error(errors.Unwrap(err))) })
			return
		}
		loop.Do(func() { a.say(a.tr.T("storage.erased")) })
	})
}
