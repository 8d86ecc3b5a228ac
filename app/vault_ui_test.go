package app

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"magpie/app/profile"
	"magpie/app/vault"
	"magpie/app/vault/vaulttest"
	"magpie/store"
)

const secretWords = "a heron stands still"

// beginAt starts the program on a computer with that key store.
func beginAt(t *testing.T, data string, k vault.KeyStore) *person {
	t.Helper()
	return beginWith(t, data, func(o *Options) { o.KeyStore = k })
}

// mainScreen waits for it.
func (u *person) mainScreen() {
	u.t.Helper()
	u.until("the main screen", func() bool { return u.a.main != nil && !u.a.locked() && u.a.main.connected() })
}

// sealed reports whether the history of the local account is encrypted.
func (u *person) sealed() bool {
	u.t.Helper()
	path, err := u.a.profile.HistoryPath(profile.Account{User: "wren", Local: true})
	u.ok(err)
	sealed, err := store.IsSealed(path)
	u.ok(err)
	return sealed
}

// typesBelow types into the field whose label says s.
func (u *person) typesBelow(label, s string) {
	u.t.Helper()
	u.tapBelow(label)
	u.types(s)
}

// replaces types into the field whose label says s, in place of what is there.
func (u *person) replaces(label, s string) {
	u.t.Helper()
	u.tapBelow(label)
	u.do(func() {
		f := u.a.window.Canvas().Focused()
		f.(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutSelectAll{})
		test.Type(f, s)
	})
}

// A first start with a key store asks nothing and encrypts.
func TestFirstStartEncrypts(t *testing.T) {
	noLeaks(t)
	data, k := t.TempDir(), &vaulttest.KeyStore{}
	u := beginAt(t, data, k)
	u.start()
	u.end()
	if !u.sealed() || len(k.Names()) != 1 {
		t.Errorf("sealed %v, in the key store: %v", u.sealed(), k.Names())
	}
	u = beginAt(t, data, k)
	u.mainScreen()
	u.end()
}

// A first start without a key store has a passphrase chosen, and every other start
// asks for it.
func TestPassphraseAtEveryStart(t *testing.T) {
	noLeaks(t)
	data := t.TempDir()
	u := beginAt(t, data, vaulttest.None())
	u.sees("Protect your history")
	u.types("short")
	u.tap("Encrypt")
	u.sees("at least 8 characters")
	u.replaces("Passphrase", secretWords)
	u.typesBelow("Repeat the passphrase", "something else")
	u.tap("Encrypt")
	u.sees("The two passphrases are not the same")
	u.replaces("Repeat the passphrase", secretWords)
	u.tap("Encrypt")
	u.start()
	u.end()
	if !u.sealed() {
		t.Error("it is not encrypted")
	}

	u = beginAt(t, data, vaulttest.None())
	u.sees("Magpie is locked")
	if u.do(u.a.lockNow); u.a.session != nil {
		t.Error("an account was opened")
	}
	u.types("A HERON STANDS STILL")
	u.sees("Is Caps Lock on?")
	u.tap("Unlock")
	u.sees("That is not it")
	u.replaces("Passphrase", secretWords)
	u.misses("Is Caps Lock on?")
	u.tap("Unlock")
	u.mainScreen()
	u.end()
}

// A person may go on without encryption, is told what that means, and may change
// their mind.
func TestGoOnWithoutEncryption(t *testing.T) {
	noLeaks(t)
	data, k := t.TempDir(), vaulttest.None()
	u := beginAt(t, data, k)
	u.tap("Go on without encryption")
	u.sees("your messages, pictures and files")
	u.tap("Go on without encryption")
	u.start()
	u.end()
	if u.sealed() {
		t.Error("it is encrypted")
	}

	u = beginAt(t, data, k)
	u.mainScreen()
	u.settings()
	u.tap("Privacy & lock")
	u.sees("History is not encrypted")
	u.tap("Turn on") // there is no key store
	u.typesBelow("New passphrase", secretWords)
	u.typesBelow("Repeat the passphrase", secretWords)
	u.tap("Save")
	u.until("the account is opened anew", func() bool { return u.a.main != nil && u.a.main.settings == nil && u.a.main.connected() })
	u.end()
	if !u.sealed() {
		t.Error("it is not encrypted")
	}
}

// Turning it off asks for the passphrase, and writes the history anew.
func TestTurnEncryptionOff(t *testing.T) {
	noLeaks(t)
	u := beginWith(t, t.TempDir(), func(o *Options) { o.KeyStore, o.Passphrase = vaulttest.None(), secretWords })
	u.start()
	u.settings()
	u.tap("Privacy & lock")
	u.tap("Turn off…")
	u.typesBelow("Current passphrase", "something else")
	u.tap("Turn off…")
	u.sees("That is not your passphrase")
	u.replaces("Current passphrase", secretWords)
	u.tap("Turn off…")
	u.until("the account is opened anew", func() bool { return u.a.main != nil && u.a.main.settings == nil && u.a.main.connected() })
	u.end()
	if u.sealed() {
		t.Error("it is encrypted")
	}
	u = beginAt(t, u.a.profile.Root, vaulttest.None())
	u.mainScreen()
	u.end()
}

// On another computer, or after its key store lost the key, a recovery code opens the
// history, and the key store there has the key from then on.
func TestRecoveryCode(t *testing.T) {
	noLeaks(t)
	data, k := t.TempDir(), &vaulttest.KeyStore{}
	u := beginAt(t, data, k)
	u.start()
	u.settings()
	u.tap("Privacy & lock")
	u.tap("Make…")
	u.sees("Your recovery code")
	code := ""
	u.do(func() {
		for _, t := range u.screen() {
			if len(t.text) == 29 && strings.Count(t.text, "-") == 4 {
				code = t.text
			}
		}
	})
	u.tap("Done")
	u.sees("Replace…")
	u.end()

	k.Clear()
	u = beginAt(t, data, k)
	u.sees("has no key for this")
	u.types(strings.ToLower(code))
	u.tap("Unlock")
	u.mainScreen()
	u.until("the key store has the key", func() bool { return len(k.Names()) == 1 })
	u.end()
	u = beginAt(t, data, k)
	u.mainScreen()
	u.end()
}

// A key store that does not answer holds the window up for seconds, and says so; when
// it answers the window goes on.
func TestKeyStoreDoesNotAnswer(t *testing.T) {
	noLeaks(t)
	data, k := t.TempDir(), &vaulttest.KeyStore{}
	u := beginAt(t, data, k)
	u.start()
	u.end()
	k.Hang(true)
	began := time.Now()
	u = beginAt(t, data, k)
	u.sees("does not answer")
	if took := time.Since(began); took > vault.Patience+2*time.Second {
		t.Errorf("%v", took)
	}
	u.misses("Passphrase") // nothing else would open it
	k.Hang(false)
	u.tap("Ask the key store again")
	u.mainScreen()
	u.end()
}

// A start that is given up while the key store is asked ends.
func TestEndWhileTheKeyStoreIsAsked(t *testing.T) {
	noLeaks(t)
	k := &vaulttest.KeyStore{}
	k.Hang(true)
	u := beginAt(t, t.TempDir(), k)
	u.until("it is asked", func() bool { return k.Calls() > 0 })
	u.end()
}

// A vault that cannot be read is said, and nothing is made in its place.
func TestDamagedVault(t *testing.T) {
	noLeaks(t)
	data, k := t.TempDir(), &vaulttest.KeyStore{}
	u := beginAt(t, data, k)
	u.start()
	u.end()
	path := filepath.Join(data, vault.FileName)
	whole, err := os.ReadFile(path)
	u.ok(err)
	half := whole[:len(whole)/2]
	u.ok(os.WriteFile(path, half, 0o600))
	u = beginAt(t, data, k)
	u.sees("Your history cannot be opened")
	u.ok(os.Remove(path))
	u.tap("Try again")
	u.sees("Your history cannot be opened") // it is encrypted, and what with is missing
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a key was made: %v", err)
	}
	u.ok(os.WriteFile(path, whole, 0o600))
	u.tap("Try again")
	u.mainScreen()
	u.end()
	if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, whole) {
		t.Errorf("the vault was changed, %v", err)
	}
}

// The first encryption of a long history says how far it is.
func TestSealingIsShown(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.until("the welcome screen", func() bool { return u.a.welcome != nil })
	var progress func(done, total int64)
	u.do(func() { u.a.welcome = nil; progress = u.a.sealing() })
	progress(25<<20, 100<<20)
	u.sees("Encrypting your history…")
	u.sees("25")
	progress(100<<20, 100<<20)
	u.sees("stay where they are")
	u.end()
}

// An old history, not encrypted, is encrypted by a start, and all of it is there.
func TestOldHistoryIsEncrypted(t *testing.T) {
	noLeaks(t)
	data := t.TempDir()
	u := beginAt(t, data, vaulttest.None())
	u.tap("Go on without encryption")
	u.tap("Go on without encryption")
	u.start()
	u.open("C2Cwren")
	u.types("note to self")
	u.key(fyne.KeyReturn)
	u.until("it was sent", func() bool { return u.a.main.waiting == 0 && u.a.main.composer.Text() == "" })
	u.end()
	u.ok(os.Remove(filepath.Join(data, vault.FileName))) // as an older program left it
	u = begin(t, data)
	u.mainScreen()
	if texts := u.texts("C2Cwren"); len(texts) != 1 || texts[0] != "note to self" {
		t.Errorf("%q", texts)
	}
	u.end()
	if !u.sealed() {
		t.Error("it is not encrypted")
	}
}
