package app

import (
	"context"

	"fyne.io/fyne/v2"

	"magpie/app/vault"
	"magpie/im"
	"magpie/widgets"
	"magpie/widgets/theme"
)

// firstKeyScreen is what a first start shows on a computer without a key store: a
// passphrase is chosen, or that there is to be no encryption.
type firstKeyScreen struct {
	app                *application
	passphrase, repeat *widgets.TextField
	encrypt            *widgets.Button
	without, again     *widgets.Button
}

// showFirstKey shows it; why is what came of the key store or of a passphrase that
// was handed in.
func (a *application) showFirstKey(why error) {
	tr := a.tr
	a.log("%v", why)
	f := &firstKeyScreen{app: a}
	f.passphrase = widgets.NewPasswordField(tr.T("vault.passphrase"), tr.T("vault.passphraseHint"), tr.T("vault.reveal"))
	f.repeat = widgets.NewPasswordField(tr.T("vault.repeat"), "", tr.T("vault.reveal"))
	f.passphrase.OnSubmitted = f.repeat.Focus
	f.repeat.OnSubmitted = f.try
	f.encrypt = widgets.NewPrimaryButton(tr.T("vault.encrypt"), f.try)
	f.again = widgets.NewSecondaryButton(tr.T("vault.askAgain"), f.askStore)
	f.without = widgets.NewSecondaryButton(tr.T("vault.goOn"), f.askWithout)
	if im.CodeOf(why) == im.CodeWeakPassphrase {
		f.passphrase.SetError(tr.Error(why))
	}
	a.first = f
	a.setContent(widgets.NewCard(
		widgets.Item{Object: logo(), Centre: true},
		widgets.Item{Above: 10, Object: widgets.NewHeading(tr.T("vault.firstTitle"), theme.HeadingSize, fyne.TextAlignCenter)},
		widgets.Item{Above: 6, Object: widgets.NewParagraph(tr.T("vault.firstText"), theme.Ink2, theme.TextSize, fyne.TextAlignLeading)},
		widgets.Item{Above: 18, Object: f.passphrase},
		widgets.Item{Above: 12, Object: f.repeat},
		widgets.Item{Above: 18, Object: f.encrypt},
		widgets.Item{Above: 8, Object: f.again},
		widgets.Item{Above: 8, Object: f.without},
	))
	f.passphrase.Focus()
}

// try encrypts with the passphrase.
func (f *firstKeyScreen) try() {
	f.passphrase.SetError("")
	f.repeat.SetError("")
	passphrase := f.passphrase.Text()
	if err := vault.CheckPassphrase(passphrase); err != nil {
		wrong(f.passphrase, f.app.tr.Error(err))
		return
	}
	if f.repeat.Text() != passphrase {
		wrong(f.repeat, f.app.tr.T("vault.differ"))
		return
	}
	f.run(func(ctx context.Context, v *vault.Vault) error { return v.UsePassphrase(ctx, passphrase) })
}

// askStore tries the key store again, which may show a dialog of its own.
func (f *firstKeyScreen) askStore() {
	f.again.SetText(f.app.tr.T("vault.asking"))
	f.run(func(ctx context.Context, v *vault.Vault) error {
		ctx, cancel := context.WithTimeout(ctx, storePatience)
		defer cancel()
		return v.UseKeyring(ctx)
	})
}

func (f *firstKeyScreen) askWithout() {
	tr := f.app.tr
	f.app.ask(question{
		title: tr.T("vault.withoutTitle"),
		text:  tr.T("vault.withoutText"),
		yes:   tr.T("vault.goOn"),
		no:    tr.T("action.cancel"),
		onYes: func() {
			f.run(func(ctx context.Context, v *vault.Vault) error { return v.UseNone(ctx) })
		},
		danger: true,
	})
}

// run makes the vault beside the user interface.
func (f *firstKeyScreen) run(make func(context.Context, *vault.Vault) error) {
	f.setBusy(true)
	v := f.app.vault
	beside(f.app.sessions.ctx, func(ctx context.Context) (struct{}, error) { return struct{}{}, make(ctx, v) }, func(_ struct{}, err error) {
		f.setBusy(false)
		f.again.SetText(f.app.tr.T("vault.askAgain"))
		if err != nil {
			f.app.tell(f.app.tr.T("vault.cannot"), f.app.tr.Error(err))
			return
		}
		f.app.useVault()
	})
}

func (f *firstKeyScreen) setBusy(busy bool) {
	for _, o := range []fyne.Disableable{f.passphrase, f.repeat, f.encrypt, f.again, f.without} {
		if busy {
			o.Disable()
		} else {
			o.Enable()
		}
	}
}
