package app

import (
	"context"
	"path/filepath"

	"magpie/app/i18n"
	"magpie/app/profile"
	"magpie/app/vault"
	"magpie/im"
	"magpie/widgets"
)

// askAnew offers a way on to who has lost the passphrase, the recovery code and the key
// of the key store: everything that nobody can open is kept in a folder of its own, and
// Magpie begins empty.
func (a *application) askAnew() {
	tr := a.tr
	a.ask(question{
		title: tr.T("anew.title"), text: tr.F("anew.text", i18n.Args{"Folder": a.profile.Root}),
		yes: tr.T("anew.yes"), no: tr.T("action.cancel"), danger: true,
		onYes: a.beginAnew,
	})
}

// beginAnew does it, beside the user interface.
func (a *application) beginAnew() {
	p, now := a.profile, a.now()
	a.setContent(a.blank())
	beside(a.sessions.ctx, func(context.Context) (string, error) { return vault.SetAside(p.Root, p.Name, now) }, func(folder string, err error) {
		tr := a.tr
		if err != nil {
			a.log("setting aside what cannot be opened: %v", err)
			words := tr.Error(err)
			if im.CodeOf(err) == im.CodeDataFolderInUse {
				words = tr.T("anew.inUse")
			}
			a.note(tr.T("anew.cannot"), words, widgets.NewPrimaryButton(tr.T("doctor.continue"), a.begin))
			return
		}
		a.log("what could not be opened is kept in %s", folder)
		// What a person likes stays; whose accounts these were went along.
		keep := a.settings
		keep.Accounts, keep.Conversation = nil, ""
		a.change(func(s *profile.Settings) { *s = keep })
		a.note(tr.T("anew.done"), tr.F("anew.doneText", i18n.Args{"Folder": folder}),
			widgets.NewPrimaryButton(tr.T("doctor.continue"), func() {
				a.setContent(a.blank())
				a.begin()
			}),
			widgets.NewSecondaryButton(tr.T("archive.showFolder"), func() { a.showFolder(filepath.Join(folder, vault.FileName)) }))
	})
}
