package app

import (
	"context"
	"time"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"magpie/app/vault"
	"magpie/assets"
	"magpie/im"
	"magpie/widgets"
	"magpie/widgets/theme"
)

// storePatience is how long a key store may be asked beside the window: it may be
// showing a dialog of its own.
const storePatience = 2 * time.Minute

// unlockScreen asks for the passphrase: at the start, and while the window is locked.
type unlockScreen struct {
	app *application
	// opened is called once the vault is unlocked.
	opened func()
	field  *widgets.TextField
	unlock *widgets.Button
	again  *widgets.Button // asks the key store; nil where it has nothing to say
	forgot *widgets.Button // leads on when nothing opens it
	hint   *widgets.Paragraph
	view   fyne.CanvasObject
	busy   bool
}

func newUnlockScreen(a *application, opened func()) *unlockScreen {
	tr, v := a.tr, a.vault
	u := &unlockScreen{app: a, opened: opened}
	label := tr.T("vault.passphrase")
	switch {
	case v.HasRecovery() && v.HasPassphrase():
		label = tr.T("vault.passphraseOrCode")
	case v.HasRecovery():
		label = tr.T("vault.recoveryCode")
	}
	u.field = widgets.NewPasswordField(label, "", tr.T("vault.reveal"))
	u.field.OnSubmitted = u.try
	u.field.OnChanged = func(string) { u.showHint() }
	u.hint = widgets.NewParagraph("", theme.Ink2, theme.MetaSize, fyne.TextAlignLeading)
	u.hint.Hide()
	u.unlock = widgets.NewPrimaryButton(tr.T("vault.unlock"), u.try)

	words := tr.T("vault.lockedText")
	trouble := v.Trouble()
	if trouble != nil {
		words = tr.Error(trouble)
	}
	items := []widgets.Item{
		{Object: logo(), Centre: true},
		{Above: 10, Object: widgets.NewHeading(tr.T("vault.locked"), theme.HeadingSize, fyne.TextAlignCenter)},
		{Above: 4, Object: widgets.NewParagraph(words, theme.Ink2, theme.TextSize, fyne.TextAlignCenter)},
	}
	if v.HasPassphrase() || v.HasRecovery() {
		items = append(items,
			widgets.Item{Above: 20, Object: u.field},
			widgets.Item{Above: 4, Object: u.hint},
			widgets.Item{Above: 16, Object: u.unlock},
		)
	}
	if trouble != nil {
		u.again = widgets.NewSecondaryButton(tr.T("vault.askAgain"), u.askStore)
		items = append(items, widgets.Item{Above: 10, Object: u.again})
	}
	u.forgot = widgets.NewSecondaryButton(tr.T("anew.forgot"), u.leadOn)
	items = append(items, widgets.Item{Above: 10, Object: u.forgot})
	u.view = widgets.NewCard(items...)
	return u
}

// leadOn is for who cannot unlock it. While the program runs behind the lock it has the
// key: what is under way is ended by a person first.
func (u *unlockScreen) leadOn() {
	if u.app.locked() { // here, as a dialog would be behind the veil
		u.hintAt(u.app.tr.T("anew.lockedText"))
		return
	}
	u.app.askAnew()
}

// logo is the program's, at the head of a card.
func logo() fyne.CanvasObject {
	svg, _ := assets.AppIcon()
	image := canvas.NewImageFromResource(fyne.NewStaticResource("magpie.svg", svg))
	image.SetMinSize(fyne.NewSquareSize(72))
	return image
}

// showHint says what may be the matter before anybody has to find out.
func (u *unlockScreen) showHint() {
	words := ""
	if shouted(u.field.Text()) {
		words = u.app.tr.T("vault.capsLock")
	}
	u.hintAt(words)
}

// hintAt shows a few words below the field, "" for none.
func (u *unlockScreen) hintAt(words string) {
	u.hint.SetText(words)
	u.hint.Hidden = words == ""
	u.view.Refresh()
}

// shouted reports whether a text is what the caps lock makes of one. A recovery code
// has figures, and looks like that when it is right.
func shouted(s string) bool {
	letters := 0
	for _, r := range s {
		if unicode.IsLower(r) || unicode.IsDigit(r) {
			return false
		}
		if unicode.IsUpper(r) {
			letters++
		}
	}
	return letters >= 3
}

func (u *unlockScreen) setBusy(busy bool) {
	u.busy = busy
	objects := []fyne.Disableable{u.field, u.unlock, u.forgot}
	if u.again != nil {
		objects = append(objects, u.again)
	}
	for _, o := range objects {
		if busy {
			o.Disable()
		} else {
			o.Enable()
		}
	}
	label := u.app.tr.T("vault.unlock")
	if busy {
		label = u.app.tr.T("vault.unlocking")
	}
	u.unlock.SetText(label)
}

// try tries what was typed.
func (u *unlockScreen) try() {
	secret := u.field.Text()
	if secret == "" {
		wrong(u.field, u.app.tr.T("vault.needPassphrase"))
		return
	}
	u.run(0, func(ctx context.Context, v *vault.Vault) error { return v.Unlock(ctx, secret) }, func(err error) {
		words := u.app.tr.Error(err)
		if im.CodeOf(err) == im.CodeWrongKey {
			words = u.app.tr.T("vault.wrong")
		}
		wrong(u.field, words)
	})
}

// askStore asks the key store again, which may show a dialog of its own.
func (u *unlockScreen) askStore() {
	u.again.SetText(u.app.tr.T("vault.asking"))
	u.run(storePatience, func(ctx context.Context, v *vault.Vault) error { return v.Retry(ctx) }, func(err error) {
		u.again.SetText(u.app.tr.T("vault.askAgain"))
		u.app.tell(u.app.tr.T("vault.cannot"), u.app.tr.Error(err))
	})
}

// run opens the vault beside the user interface.
func (u *unlockScreen) run(patience time.Duration, open func(context.Context, *vault.Vault) error, failed func(error)) {
	if u.busy {
		return
	}
	u.setBusy(true)
	v := u.app.vault
	beside(u.app.sessions.ctx, func(ctx context.Context) (struct{}, error) {
		if patience > 0 {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, patience)
			defer cancel()
		}
		return struct{}{}, open(ctx, v)
	}, func(_ struct{}, err error) {
		u.setBusy(false)
		if err != nil {
			failed(err)
			return
		}
		u.field.SetText("")
		u.opened()
	})
}
