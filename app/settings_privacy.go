package app

import (
	"context"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"magpie/app/i18n"
	"magpie/app/profile"
	"magpie/app/vault"
	"magpie/widgets"
)

// privacy is how the key of the history is kept, and when the window locks.
func (p *settingsPage) privacy() fyne.CanvasObject {
	a, tr := p.m.app, p.m.tr
	v := a.vault
	if v.Kind() == vault.Open {
		on := widgets.NewSmallButton(widgets.Primary, tr.T("privacy.turnOn"), p.turnOn)
		return widgets.NewStack(widgets.Item{Object: widgets.NewSettingRow(tr.T("privacy.notEncrypted"), tr.T("privacy.plain"), on)})
	}
	row := func(title, note string, control fyne.CanvasObject) widgets.Item {
		return widgets.Item{Object: widgets.NewSettingRow(title, note, control)}
	}
	button := func(label string, do func()) *widgets.Button {
		return widgets.NewSmallButton(widgets.Secondary, label, do)
	}

	byStore := widgets.NewSwitch(v.Kind() == vault.Keyring)
	byStore.OnChanged = p.useKeyStore
	passphrase, passphraseNote := fyne.CanvasObject(button(tr.T("privacy.set"), p.setPassphrase)), tr.T("privacy.passphraseNone")
	if v.HasPassphrase() {
		passphrase, passphraseNote = button(tr.T("privacy.change"), p.setPassphrase), tr.T("privacy.passphraseThere")
		if v.Kind() == vault.Keyring {
			passphrase = container.NewHBox(button(tr.T("privacy.remove"), p.removePassphrase), passphrase)
		}
	}
	code, codeNote := button(tr.T("privacy.codeMake"), p.makeCode), tr.T("privacy.codeNone")
	if v.HasRecovery() {
		code, codeNote = button(tr.T("privacy.codeReplace"), p.replaceCode), tr.T("privacy.codeThere")
	}
	lock := button(tr.T("menu.lock"), a.lockNow)
	after := widgets.NewSelect(strconv.Itoa(int(a.settings.LockAfter)), p.lockOptions()...)
	after.OnChanged = func(value string) {
		minutes, err := strconv.Atoi(value)
		if err != nil {
			return // there is no such option
		}
		a.change(func(s *profile.Settings) { s.LockAfter = float64(minutes) })
		a.watchIdle()
		p.refresh()
	}
	afterNote := tr.T("privacy.lockAfterNote")
	if !v.HasPassphrase() {
		lock.Disable()
		after.Disable()
		afterNote = tr.T("privacy.needsPassphrase")
	}
	return widgets.NewStack(
		widgets.Item{Object: widgets.NewSettingRow(tr.T("privacy.encrypted"), howKept(tr, v), button(tr.T("privacy.turnOff"), p.turnOff))},
		row(tr.T("privacy.store"), tr.T("privacy.storeNote"), byStore),
		row(tr.T("privacy.passphrase"), passphraseNote, passphrase),
		row(tr.T("privacy.code"), codeNote, code),
		row(tr.T("privacy.lockNow"), tr.F("privacy.lockNowNote", i18n.Args{"Keys": keysOf("shortcut.lock")}), lock),
		row(tr.T("privacy.lockAfter"), afterNote, after),
	)
}

func (p *settingsPage) lockOptions() (all []widgets.Option) {
	tr := p.m.tr
	for _, minutes := range lockChoices {
		label := tr.T("privacy.lockNever")
		if minutes > 0 {
			label = tr.N("privacy.lockMinutes", minutes, nil)
		}
		all = append(all, widgets.Option{Value: strconv.Itoa(minutes), Label: label})
	}
	return all
}

// changeVault does something to the vault beside the user interface and then shows
// the section anew, or what went wrong.
func (p *settingsPage) changeVault(do func(context.Context) error, done func()) {
	beside(p.m.ctx, func(ctx context.Context) (struct{}, error) {
		ctx, cancel := context.WithTimeout(ctx, storePatience)
		defer cancel()
		return struct{}{}, do(ctx)
	}, func(_ struct{}, err error) {
		if err != nil {
			p.view.Say(p.m.tr.Error(err), "", nil)
		} else if done != nil {
			done()
		}
		p.refresh()
	})
}

// refresh shows the section anew if it is still there.
func (p *settingsPage) refresh() {
	if p.m.settings == p && p.section() == "settings.privacy" {
		p.rebuild()
	}
}

// useKeyStore has the key store open the history at a start, or a person.
func (p *settingsPage) useKeyStore(yes bool) {
	v := p.m.app.vault
	switch {
	case yes:
		p.changeVault(v.UseKeyring, nil)
	case v.HasPassphrase():
		p.changeVault(v.RemoveKeyring, nil)
	default:
		p.refresh() // until there is a passphrase
		p.newPassphrase(v.UsePassphrase, nil)
	}
}

func (p *settingsPage) removePassphrase() {
	a, tr := p.m.app, p.m.tr
	a.ask(question{
		title: tr.T("privacy.removeTitle"), text: tr.T("privacy.removeText"),
		yes: tr.T("privacy.remove"), no: tr.T("action.cancel"), danger: true,
		onYes: func() {
			p.changeVault(func(context.Context) error { return a.vault.RemovePassphrase() }, a.watchIdle)
		},
	})
}

// turnOn encrypts everything, with the key store if there is one.
func (p *settingsPage) turnOn() {
	a := p.m.app
	v := a.vault
	beside(p.m.ctx, func(ctx context.Context) (struct{}, error) {
		ctx, cancel := context.WithTimeout(ctx, storePatience)
		defer cancel()
		return struct{}{}, v.UseKeyring(ctx)
	}, func(_ struct{}, err error) {
		if err != nil {
			a.log("%v", err)
			p.newPassphrase(v.UsePassphrase, a.reopen)
			return
		}
		a.reopen()
	})
}

// turnOff writes everything anew without encryption, once a person has said so.
func (p *settingsPage) turnOff() {
	a, tr := p.m.app, p.m.tr
	v := a.vault
	if !v.HasPassphrase() {
		a.ask(question{
			title: tr.T("privacy.turnOffTitle"), text: tr.T("privacy.turnOffText"),
			yes: tr.T("privacy.turnOff"), no: tr.T("action.cancel"), danger: true,
			onYes: func() { p.changeVault(v.UseNone, a.reopen) },
		})
		return
	}
	current := widgets.NewPasswordField(tr.T("privacy.current"), "", tr.T("vault.reveal"))
	f := &form{
		app: a, title: tr.T("privacy.turnOffTitle"), text: tr.T("privacy.turnOffText"),
		content: current, first: current, yes: tr.T("privacy.turnOff"), danger: true, words: p.wordsFor,
		done: a.reopen,
	}
	f.submit = func() (func(context.Context) error, error) {
		secret := current.Text()
		return func(ctx context.Context) error {
			if err := v.Unlock(ctx, secret); err != nil {
				return err
			}
			return v.UseNone(ctx)
		}, nil
	}
	f.open()
}

// reopen opens the account anew with the keys that the vault has by now; what is on
// the disk is rewritten by that.
func (a *application) reopen() {
	keys, err := a.vault.Keys()
	if err != nil {
		a.cannotLoadVault(err)
		return
	}
	a.keys = keys
	a.findWay()
	for _, s := range a.parked {
		a.drop(s)
	}
	a.parked = nil
	a.repair()
}
