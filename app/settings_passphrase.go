package app

import (
	"context"

	"fyne.io/fyne/v2"

	"magpie/app/vault"
	"magpie/im"
	"magpie/widgets"
	"magpie/widgets/theme"
)

// setPassphrase makes or changes the passphrase and leaves the key store alone.
func (p *settingsPage) setPassphrase() {
	p.newPassphrase(p.m.app.vault.SetPassphrase, p.m.app.watchIdle)
}

// newPassphrase asks for a new passphrase twice, and for the one in use if there is
// one, and gives it to use.
func (p *settingsPage) newPassphrase(use func(context.Context, string) error, done func()) {
	a, tr := p.m.app, p.m.tr
	v := a.vault
	current := widgets.NewPasswordField(tr.T("privacy.current"), "", tr.T("vault.reveal"))
	passphrase := widgets.NewPasswordField(tr.T("privacy.new"), tr.T("vault.passphraseHint"), tr.T("vault.reveal"))
	repeat := widgets.NewPasswordField(tr.T("vault.repeat"), "", tr.T("vault.reveal"))
	first, asks := passphrase, v.HasPassphrase()
	items := []widgets.Item{{Object: passphrase}, {Above: 12, Object: repeat}}
	if asks {
		first = current
		items = append([]widgets.Item{{Object: current}, {Above: 12, Object: passphrase}}, items[1:]...)
	}
	f := &form{
		app: a, title: tr.T("privacy.passphrase"), text: tr.T("privacy.passphraseText"),
		content: widgets.NewStack(items...), first: first, yes: tr.T("action.save"), words: p.wordsFor,
	}
	f.submit = func() (func(context.Context) error, error) {
		now, next := current.Text(), passphrase.Text()
		if repeat.Text() != next {
			repeat.SetError(tr.T("vault.differ"))
			return nil, errNotYet
		}
		return func(ctx context.Context) error {
			if asks {
				if err := v.Unlock(ctx, now); err != nil {
					return err
				}
			}
			return use(ctx, next)
		}, vault.CheckPassphrase(next)
	}
	f.done = func() {
		if done != nil {
			done()
		}
		p.refresh()
	}
	f.open()
	if asks {
		current.OnSubmitted = passphrase.Focus
	}
	passphrase.OnSubmitted = repeat.Focus
	repeat.OnSubmitted = f.trySend
}

// wordsFor says what is wrong with a passphrase in the settings.
func (p *settingsPage) wordsFor(err error) string {
	if im.CodeOf(err) == im.CodeWrongKey {
		return p.m.tr.T("privacy.wrongPassphrase")
	}
	return p.m.tr.Error(err)
}

func (p *settingsPage) replaceCode() {
	a, tr := p.m.app, p.m.tr
	a.ask(question{
		title: tr.T("privacy.codeReplaceTitle"), text: tr.T("privacy.codeReplaceText"),
		yes: tr.T("privacy.codeReplace"), no: tr.T("action.cancel"), onYes: p.makeCode,
	})
}

// makeCode makes a recovery code and shows it, once.
func (p *settingsPage) makeCode() {
	v := p.m.app.vault
	code := ""
	p.changeVault(func(context.Context) (err error) {
		code, err = v.NewRecovery()
		return err
	}, func() { p.showCode(code) })
}

func (p *settingsPage) showCode(code string) {
	a, tr := p.m.app, p.m.tr
	var sheet *widgets.Sheet
	sheet = widgets.NewSheet(tr.T("privacy.codeTitle"), tr.T("privacy.codeText"),
		widgets.NewHeading(code, theme.HeadingSize, fyne.TextAlignCenter),
		widgets.NewSecondaryButton(tr.T("privacy.codeCopy"), func() {
			a.fyne.Clipboard().SetContent(code)
			p.view.Say(tr.T("privacy.codeDone"), "", nil)
		}),
		widgets.NewPrimaryButton(tr.T("action.done"), func() { sheet.Close() }),
	)
	sheet.Sticky = true // it is shown only once: no click beside it takes it away
	sheet.Open(a.canvas, nil)
}
