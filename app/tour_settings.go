package app

import (
	"context"
	"sync"

	"fyne.io/fyne/v2"

	"magpie/app/host"
	"magpie/app/vault"
)

// settings looks at what takes room, in both languages and in a narrow window.
func (t *tourist) settings(ctx context.Context, _ *host.Host) error {
	shown := func() bool { return t.a.main.settings != nil && t.a.session.usage != nil }
	t.do(func() { t.a.main.openSettings("settings.storage") })
	if err := t.until(ctx, "the room is counted", shown); err != nil {
		return err
	}
	if err := t.picture("40-settings-storage"); err != nil {
		return err
	}
	usage := t.a.session.usage.Conversations
	if len(usage) > 0 {
		s := &storageSection{p: t.a.main.settings}
		t.do(func() { s.freeUp(usage[0].ConversationID) })
		if err := t.until(ctx, "what would go is counted", func() bool { return s.free != nil && s.free.counted }); err != nil {
			return err
		}
		if err := t.picture("41-free-up"); err != nil {
			return err
		}
		t.do(func() { s.free.sheet.Close() })
	}
	t.do(func() { t.a.setLanguage("zh-Hans") })
	if err := t.until(ctx, "the room is counted again", shown); err != nil {
		return err
	}
	if err := t.picture("42-settings-chinese"); err != nil {
		return err
	}
	t.do(func() {
		t.a.setLanguage("en")
		t.a.window.Resize(fyne.NewSize(400, 700))
	})
	if err := t.until(ctx, "the window is narrow", func() bool { return t.a.main.content.narrow && shown() }); err != nil {
		return err
	}
	if err := t.picture("43-settings-narrow"); err != nil {
		return err
	}
	t.do(func() {
		t.a.main.closeSettings()
		t.a.window.Resize(fyne.NewSize(firstWidth, firstHeight))
	})
	return t.until(ctx, "the window is wide again", func() bool { return !t.a.main.content.narrow })
}

// tourKeys is the key store of a tour, in the memory, so that the key of what it plays
// does not stay behind in the one of whoever takes it.
type tourKeys struct{ secrets sync.Map }

// Get implements vault.KeyStore.
func (k *tourKeys) Get(_ context.Context, name string) (string, error) {
	secret, ok := k.secrets.Load(name)
	if !ok {
		return "", vault.ErrNoSecret
	}
	return secret.(string), nil
}

// Set implements vault.KeyStore.
func (k *tourKeys) Set(_ context.Context, name, secret string) error {
	k.secrets.Store(name, secret)
	return nil
}

// Delete implements vault.KeyStore.
func (k *tourKeys) Delete(_ context.Context, name string) error {
	k.secrets.Delete(name)
	return nil
}
