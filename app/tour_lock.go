package app

import (
	"context"
	"fmt"

	"fyne.io/fyne/v2"

	"magpie/app/host"
)

// tourPassphrase is what the tour's history is encrypted with.
const tourPassphrase = "three herons by the river"

// firstStart chooses a passphrase on the tour's computer, which has no key store.
func (t *tourist) firstStart(ctx context.Context) error {
	if err := t.until(ctx, "a passphrase is asked for", func() bool { return t.a.first != nil }); err != nil {
		return err
	}
	if err := t.picture("0-first-start"); err != nil {
		return err
	}
	t.do(func() {
		t.a.first.passphrase.SetText(tourPassphrase)
		t.a.first.repeat.SetText(tourPassphrase)
		t.a.first.try()
	})
	return t.until(ctx, "the welcome is shown", func() bool { return t.a.welcome != nil })
}

// lock goes to the settings of privacy and locks the window, also narrow and in
// Chinese.
func (t *tourist) lock(ctx context.Context, _ *host.Host) error {
	conv := t.conversation()
	privacy := func() { t.a.main.openSettings("settings.privacy") }
	t.do(privacy)
	if err := t.picture("40-privacy"); err != nil {
		return err
	}
	t.do(t.a.lockNow)
	if err := t.picture("41-locked"); err != nil {
		return err
	}
	t.do(func() { t.a.unlocking.field.SetText("THREE HERONS"); t.a.unlocking.try() })
	if err := t.until(ctx, "it does not fit", func() bool { return !t.a.unlocking.busy }); err != nil {
		return err
	}
	if err := t.picture("42-locked-wrong"); err != nil {
		return err
	}
	if err := t.unlock(ctx); err != nil {
		return err
	}

	t.do(func() {
		t.a.setLanguage("zh-Hans")
		t.a.window.Resize(fyne.NewSize(400, 700))
	})
	if err := t.until(ctx, "the window is narrow", func() bool { return t.a.main.content.narrow && t.a.main.settings != nil }); err != nil {
		return err
	}
	if err := t.picture("43-privacy-narrow"); err != nil {
		return err
	}
	t.do(t.a.lockNow)
	if err := t.picture("44-locked-narrow"); err != nil {
		return err
	}
	if err := t.unlock(ctx); err != nil {
		return err
	}
	t.do(func() {
		t.a.main.closeSettings()
		t.a.window.Resize(fyne.NewSize(firstWidth, firstHeight))
		t.a.setLanguage("en")
	})
	if err := t.until(ctx, "the list is back", func() bool { return !t.a.main.content.narrow && t.a.main.index(conv) >= 0 }); err != nil {
		return err
	}
	t.open(conv)
	return nil
}

func (t *tourist) unlock(ctx context.Context) error {
	t.do(func() { t.a.unlocking.field.SetText(tourPassphrase); t.a.unlocking.try() })
	if err := t.until(ctx, "it is unlocked", func() bool { return !t.a.locked() }); err != nil {
		return fmt.Errorf("tour: %w", err)
	}
	return nil
}
