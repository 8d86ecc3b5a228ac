package app

import (
	"context"

	"fyne.io/fyne/v2"

	"magpie/app/vault"
	"magpie/im"
	"magpie/widgets"
	"magpie/widgets/theme"
)

// begin shows the first screen: whatever the key needs, then the account in use, or
// the welcome.
func (a *application) begin() {
	root, store := a.profile.Root, a.options.KeyStore
	beside(a.sessions.ctx, func(context.Context) (*vault.Vault, error) { return vault.Load(root, store) }, func(v *vault.Vault, err error) {
		if err != nil {
			a.cannotLoadVault(err)
			return
		}
		a.vault = v
		a.openVault()
	})
}

// cannotLoadVault says what is wrong with the file of the vault. Nothing is opened,
// and nothing made, without it.
func (a *application) cannotLoadVault(err error) {
	a.sessions.setDoor(doorLocked)
	a.log("%v", err)
	a.setContent(widgets.NewCard(
		widgets.Item{Object: logo(), Centre: true},
		widgets.Item{Above: 10, Object: widgets.NewHeading(a.tr.T("vault.cannot"), theme.HeadingSize, fyne.TextAlignCenter)},
		widgets.Item{Above: 4, Object: widgets.NewParagraph(a.tr.Error(err), theme.Ink2, theme.TextSize, fyne.TextAlignCenter)},
		widgets.Item{Above: 20, Object: widgets.NewPrimaryButton(a.tr.T("action.tryAgain"), func() {
			a.setContent(a.blank())
			a.begin()
		})},
		widgets.Item{Above: 10, Object: widgets.NewSecondaryButton(a.tr.T("anew.forgot"), a.askAnew)},
		widgets.Item{Above: 10, Object: widgets.NewSecondaryButton(a.tr.T("vault.quit"), a.quit)},
	))
}

// openVault makes the vault, unlocks it, or has a person do so.
func (a *application) openVault() {
	v, given := a.vault, a.options.Passphrase
	then := func(screen func(error)) func(struct{}, error) {
		return func(_ struct{}, err error) {
			switch {
			case im.CodeOf(err) == im.CodeDataFolderInUse: // another window or command made it meanwhile
				a.begin()
			case err != nil:
				screen(err)
			default:
				a.useVault()
			}
		}
	}
	switch {
	case v.Kind() == vault.New && given != "":
		beside(a.sessions.ctx, func(ctx context.Context) (struct{}, error) { return struct{}{}, v.UsePassphrase(ctx, given) }, then(a.showFirstKey))
	case v.Kind() == vault.New:
		beside(a.sessions.ctx, func(ctx context.Context) (struct{}, error) {
			ctx, cancel := context.WithTimeout(ctx, vault.Patience)
			defer cancel()
			return struct{}{}, v.UseKeyring(ctx)
		}, then(a.showFirstKey))
	case v.Locked() && given != "":
		beside(a.sessions.ctx, func(ctx context.Context) (struct{}, error) { return struct{}{}, v.Unlock(ctx, given) }, then(func(error) { a.showUnlock() }))
	case v.Locked():
		a.showUnlock()
	default:
		a.useVault()
	}
}

// showUnlock asks for what opens the vault.
func (a *application) showUnlock() {
	a.sessions.setDoor(doorLocked)
	gone := im.CodeOf(a.vault.Trouble()) == im.CodeKeyGone
	a.unlocking = newUnlockScreen(a, func() {
		if gone {
			a.keepKeyHere()
		}
		a.useVault()
	})
	a.setContent(a.unlocking.view)
	a.unlocking.field.Focus()
}

// keepKeyHere puts the key into the key store of this computer, which had none: so
// the person need not be asked again. If it takes none they are.
func (a *application) keepKeyHere() {
	v := a.vault
	go func() {
		ctx, cancel := context.WithTimeout(a.sessions.ctx, storePatience)
		defer cancel()
		if err := v.UseKeyring(ctx); err != nil {
			a.log("the key store did not take the key: %v", err)
		}
	}()
}

// useVault goes on with the keys of the vault, which is unlocked.
func (a *application) useVault() {
	keys, err := a.vault.Keys()
	if err != nil {
		a.cannotLoadVault(err)
		return
	}
	a.keys, a.unlocking, a.first = keys, nil, nil
	a.findWay()
	a.watchIdle()
	defer a.sessions.setDoor(doorOpen)
	if len(a.settings.Accounts) == 0 {
		a.showWelcome()
		return
	}
	a.setContent(a.blank())
	a.enter(a.settings.Accounts[0])
}

// sealing returns what is told, from any goroutine, of how far a history that is
// opened is on its way to being encrypted, or plain: a card shows that.
func (a *application) sealing() func(done, total int64) {
	title := a.tr.T("vault.sealing")
	if a.keys.Unseal() {
		title = a.tr.T("vault.unsealing")
	}
	type part struct{ done, total int64 }
	turn := a.turn + 1 // that of the session
	bar := widgets.NewProgressBar()
	var card *widgets.NoteCard
	told := &latest[part]{show: func(p part) {
		if a.main != nil || a.welcome != nil || a.joining != nil || a.closing || a.turn > turn { // opened for another screen
			return
		}
		if card == nil {
			card = widgets.NewNoteCard(title, "", bar)
			a.setContent(card)
		}
		bar.SetPart(float64(p.done) / float64(max(p.total, 1)))
		card.SetWords(mediaWords{a.tr}.progress(p.done, p.total) + "\n" + a.tr.T("vault.sealingText"))
	}}
	return func(done, total int64) { told.set(part{done, total}) }
}
