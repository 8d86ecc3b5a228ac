package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"magpie/app/vault"
	"magpie/app/vault/vaulttest"
	"magpie/im"
)

// Who has forgotten the passphrase is told what beginning anew means, may think better
// of it, and then begins with an empty Magpie, while all that could not be opened is
// kept: with the passphrase, once it is found, it is there again.
func TestBeginAnew(t *testing.T) {
	noLeaks(t)
	data := t.TempDir()
	u := beginAt(t, data, vaulttest.None())
	u.sees("Protect your history")
	u.replaces("Passphrase", secretWords)
	u.typesBelow("Repeat the passphrase", secretWords)
	u.tap("Encrypt")
	u.start()
	ada := u.guest("ada", "Ada")
	u.say(ada, im.ConvC2C, "wren", "remember the magnolia")
	u.sees("remember the magnolia")
	u.do(func() { u.a.settings.EnterBreaksLine = true })
	// Behind the lock of a window that runs it says what to do first.
	u.do(u.a.lockNow)
	u.tap("I cannot unlock it")
	u.sees("Magpie is running behind this lock")
	u.end()

	u = beginAt(t, data, vaulttest.None())
	u.sees("Magpie is locked")
	u.tap("I cannot unlock it")
	u.sees("Nothing is deleted")
	u.tap("Cancel")
	u.misses("Begin anew?")
	if folders, _ := filepath.Glob(filepath.Join(data, "set-aside-*")); len(folders) > 0 {
		t.Fatalf("there are %v", folders)
	}
	u.tap("I cannot unlock it")
	u.tap("Set aside and begin anew")
	u.sees("What could not be opened is kept")
	folders, err := filepath.Glob(filepath.Join(data, "set-aside-*"))
	if err != nil || len(folders) != 1 {
		t.Fatalf("there are %v, %v", folders, err)
	}
	u.sees(strings.TrimPrefix(filepath.Base(folders[0]), "set-")) // it may be broken there
	u.tap("Continue")
	u.sees("Protect your history")
	u.replaces("Passphrase", "a crow hops")
	u.typesBelow("Repeat the passphrase", "a crow hops")
	u.tap("Encrypt")
	u.start()
	u.misses("remember the magnolia")
	u.end()

	u = beginAt(t, folders[0], vaulttest.None())
	u.sees("Magpie is locked")
	u.replaces("Passphrase", secretWords)
	u.tap("Unlock")
	u.mainScreen()
	u.sees("remember the magnolia")
	u.end()
}

// A vault that cannot be read leads on in the same way, and the file is kept.
func TestBeginAnewWithoutVault(t *testing.T) {
	noLeaks(t)
	data := t.TempDir()
	u := begin(t, data)
	u.start()
	u.end()
	path := filepath.Join(data, vault.FileName)
	u.ok(os.WriteFile(path, []byte("{"), 0o600))
	u = begin(t, data)
	u.sees("Your history cannot be opened")
	u.tap("I cannot unlock it")
	u.tap("Set aside and begin anew")
	u.sees("What could not be opened is kept")
	folders, err := filepath.Glob(filepath.Join(data, "set-aside-*"))
	if err != nil || len(folders) != 1 {
		t.Fatalf("there are %v, %v", folders, err)
	}
	if b, err := os.ReadFile(filepath.Join(folders[0], vault.FileName)); err != nil || string(b) != "{" {
		t.Errorf("the file is %q, %v", b, err)
	}
	u.tap("Continue")
	u.start()
	u.end()
}
