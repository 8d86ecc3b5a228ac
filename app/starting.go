package app

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"magpie/app/i18n"
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
	a.log("%v", err)
	a.setContent(widgets.NewCard(
		widgets.Item{Object: logo(), Centre: true},
		widgets.Item{Above: 10, Object: widgets.NewHeading(a.tr.T("vault.cannot"), theme.HeadingSize, fyne.TextAlignCenter)},
		widgets.Item{Above: 4, Object: widgets.NewParagraph(a.tr.Error(err), theme.Ink2, theme.TextSize, fyne.TextAlignCenter)},
		widgets.Item{Above: 20, Object: widgets.NewPrimaryButton(a.tr.T("action.tryAgain"), func() {
			a.setContent(blank())
			a.begin()
		})},
		widgets.Item{Above: 10, Object: widgets.NewSecondaryButton(a.tr.T("vault.quit"), a.quit)},
	))
}

// openVault makes the vault, unlocks it, or has a person do so.
func (a *application) openVault() {
	v, given := a.vault, a.options.Passphrase
	then := func(screen func(error)) func(struct{}, error) {
		return func(_ struct{}, err error) {
			if err != nil {
				screen(err)
				return
			}
			a.useVault()
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
	a.watchIdle()
	if len(a.settings.Accounts) == 0 {
		a.showWelcome()
		return
	}
	a.setContent(blank())
	a.enter(a.settings.Accounts[0])
}

// sealing shows how far the history is on its way to being encrypted, or plain, while
// it is opened. It returns what is told of that, from any goroutine.
func (a *application) sealing() func(done, total int64) {
	words := a.tr.T("vault.sealing")
	if a.keys.Unseal() {
		words = a.tr.T("vault.unsealing")
	}
	var heading, text *widgets.Paragraph
	var last time.Time
	turn := a.turn
	return func(done, total int64) {
		now := time.Now()
		if done < total && now.Sub(last) < 100*time.Millisecond {
			return
		}
		last = now
		fyne.Do(func() {
			if a.main != nil || a.welcome != nil || a.closing || turn+1 < a.turn { // it is opened for another screen
				return
			}
			progress := a.tr.F("vault.progress", i18n.Args{"Percent": done * 100 / max(total, 1), "Size": mediaWords{a.tr}.bytes(total)})
			if heading == nil {
				heading = widgets.NewHeading(words, theme.HeadingSize, fyne.TextAlignCenter)
				text = widgets.NewParagraph(progress, theme.Ink2, theme.TextSize, fyne.TextAlignCenter)
				a.setContent(widgets.NewCard(
					widgets.Item{Object: logo(), Centre: true},
					widgets.Item{Above: 10, Object: heading},
					widgets.Item{Above: 8, Object: text},
					widgets.Item{Above: 8, Object: widgets.NewParagraph(a.tr.T("vault.sealingText"), theme.Ink3, theme.MetaSize, fyne.TextAlignCenter)},
				))
				return
			}
			text.SetText(progress)
		})
	}
}
