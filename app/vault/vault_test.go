package vault_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"magpie/app/vault"
	"magpie/app/vault/vaulttest"
	"magpie/im"
)

const passphrase = "a heron stands still"

func load(t *testing.T, root string, k vault.KeyStore) *vault.Vault {
	t.Helper()
	v, err := vault.Load(root, k)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wants(t *testing.T, err error, code im.Code) {
	t.Helper()
	if im.CodeOf(err) != code {
		t.Fatalf("%v, not the error %d", err, code)
	}
}

// same checks that the vault is unlocked, with the same keys as another.
func same(t *testing.T, v, w *vault.Vault) {
	t.Helper()
	a, err := v.Keys()
	ok(t, err)
	b, err := w.Keys()
	ok(t, err)
	if *a.Account("x") != *b.Account("x") || *a.Server() != *b.Server() {
		t.Error("the key is another")
	}
}

// content is what the file holds.
func content(t *testing.T, root string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, vault.FileName))
	ok(t, err)
	return data
}

func TestNew(t *testing.T) {
	root := t.TempDir()
	v := load(t, root, &vaulttest.KeyStore{})
	if v.Kind() != vault.New || v.Locked() || v.HasPassphrase() || v.HasRecovery() {
		t.Errorf("%v", v.Kind())
	}
	_, err := v.Keys()
	wants(t, err, im.CodeSealed) // nobody may take it for one without encryption
	if files, err := os.ReadDir(root); err != nil || len(files) > 0 {
		t.Errorf("looking made %v, %v", files, err)
	}
}

func TestKeyring(t *testing.T) {
	root, k := t.TempDir(), &vaulttest.KeyStore{}
	v := load(t, root, k)
	ok(t, v.UseKeyring(t.Context()))
	again := load(t, root, k)
	if again.Kind() != vault.Keyring || again.Locked() || again.Trouble() != nil {
		t.Errorf("%v, %v", again.Kind(), again.Trouble())
	}
	same(t, v, again)
	if info, err := os.Stat(filepath.Join(root, vault.FileName)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	keys, err := v.Keys()
	ok(t, err)
	if *keys.Account("x") == *keys.Account("y") || *keys.Account("x") == *keys.Server() || keys.Unseal() {
		t.Error("one key for two purposes")
	}
}

// Two data folders, or the same one made twice, share no key and no secret.
func TestFoldersShareNothing(t *testing.T) {
	k := &vaulttest.KeyStore{}
	a, b := load(t, t.TempDir(), k), load(t, t.TempDir(), k)
	ok(t, a.UseKeyring(t.Context()))
	ok(t, b.UseKeyring(t.Context()))
	ka, _ := a.Keys()
	kb, _ := b.Keys()
	if *ka.Server() == *kb.Server() || len(k.Names()) != 2 {
		t.Errorf("%v", k.Names())
	}
}

func TestPassphrase(t *testing.T) {
	root := t.TempDir()
	v := load(t, root, nil)
	ok(t, v.UsePassphrase(t.Context(), passphrase))
	again := load(t, root, nil)
	if again.Kind() != vault.Passphrase || !again.Locked() || !again.HasPassphrase() {
		t.Fatalf("%v", again.Kind())
	}
	_, err := again.Keys()
	wants(t, err, im.CodeSealed)
	before := content(t, root)
	for _, wrong := range []string{"", "A heron stands still", passphrase + " ", strings.Repeat("x", 1<<20)} {
		wants(t, again.Unlock(t.Context(), wrong), im.CodeWrongKey)
	}
	if !again.Locked() || !bytes.Equal(content(t, root), before) {
		t.Error("a wrong passphrase changed something")
	}
	ok(t, again.Unlock(t.Context(), passphrase))
	same(t, v, again)
	wants(t, again.Unlock(t.Context(), "something else"), im.CodeWrongKey)
	if again.Locked() {
		t.Error("a wrong passphrase locked it")
	}
	if bytes.Contains(before, []byte(passphrase)) {
		t.Error("the passphrase is in the file")
	}
}

// One and the same passphrase is typed in several ways.
func TestPassphraseIsNormalised(t *testing.T) {
	root := t.TempDir()
	ok(t, load(t, root, nil).UsePassphrase(t.Context(), "Ålesund 喜鹊 １２３"))
	ok(t, load(t, root, nil).Unlock(t.Context(), "A\u030alesund 喜鹊 123"))
}

func TestWeakPassphrase(t *testing.T) {
	root := t.TempDir()
	v := load(t, root, nil)
	wants(t, v.UsePassphrase(t.Context(), "7 chars"), im.CodeWeakPassphrase)
	wants(t, v.UsePassphrase(t.Context(), "七个汉字的口令"), im.CodeWeakPassphrase)
	wants(t, v.UsePassphrase(t.Context(), strings.Repeat("x", 1025)), im.CodeInvalidParameter)
	if v.Kind() != vault.New {
		t.Error("it was taken")
	}
}

// Changing how the key is kept changes that alone.
func TestChanges(t *testing.T) {
	root, k := t.TempDir(), &vaulttest.KeyStore{}
	first := load(t, root, k)
	ok(t, first.UsePassphrase(t.Context(), passphrase))

	v := load(t, root, k)
	wants(t, v.UseKeyring(t.Context()), im.CodeSealed)
	wants(t, v.UseNone(t.Context()), im.CodeSealed)
	ok(t, v.Unlock(t.Context(), passphrase))
	ok(t, v.UsePassphrase(t.Context(), "another heron flies"))
	wants(t, load(t, root, k).Unlock(t.Context(), passphrase), im.CodeWrongKey)

	ok(t, v.UseKeyring(t.Context())) // and the passphrase stays
	second := load(t, root, k)
	same(t, first, second)
	if second.Kind() != vault.Keyring || !second.HasPassphrase() {
		t.Errorf("%v", second.Kind())
	}
	ok(t, second.RemovePassphrase())
	wants(t, second.Unlock(t.Context(), "another heron flies"), im.CodeWrongKey)
	ok(t, second.SetPassphrase(t.Context(), passphrase))
	ok(t, second.Unlock(t.Context(), passphrase))
	if second.Kind() != vault.Keyring {
		t.Errorf("%v", second.Kind())
	}
	ok(t, second.UseKeyring(t.Context()))
	if len(k.Names()) != 1 {
		t.Errorf("the key store has %v", k.Names())
	}

	ok(t, second.UsePassphrase(t.Context(), passphrase))
	if len(k.Names()) != 0 || second.Kind() != vault.Passphrase {
		t.Errorf("the key store has %v", k.Names())
	}
	wants(t, second.RemovePassphrase(), im.CodeInvalidParameter) // it is the only way
	last := load(t, root, k)
	ok(t, last.Unlock(t.Context(), passphrase))
	same(t, first, last)
}

// What one process changed another sees when it changes something itself.
func TestTwoProcesses(t *testing.T) {
	root, k := t.TempDir(), &vaulttest.KeyStore{}
	a := load(t, root, k)
	other := load(t, root, k)
	ok(t, a.UseKeyring(t.Context()))
	wants(t, other.UseKeyring(t.Context()), im.CodeDataFolderInUse) // it would be a second key
	b := load(t, root, k)
	ok(t, a.SetPassphrase(t.Context(), passphrase))
	_, err := b.NewRecovery()
	ok(t, err)
	c := load(t, root, k)
	if !c.HasPassphrase() || !c.HasRecovery() {
		t.Error("one change undid another")
	}
}

func TestRecovery(t *testing.T) {
	root, k := t.TempDir(), &vaulttest.KeyStore{}
	v := load(t, root, k)
	_, err := v.NewRecovery()
	wants(t, err, im.CodeInvalidParameter)
	ok(t, v.UseKeyring(t.Context()))
	old, err := v.NewRecovery()
	ok(t, err)
	code, err := v.NewRecovery()
	ok(t, err)
	k.Clear() // another computer

	there := load(t, root, k)
	if !there.Locked() || there.Kind() != vault.Keyring || im.CodeOf(there.Trouble()) != im.CodeKeyGone {
		t.Fatalf("%v, %v", there.Kind(), there.Trouble())
	}
	wants(t, there.Unlock(t.Context(), old), im.CodeWrongKey)
	wants(t, there.Unlock(t.Context(), passphrase), im.CodeWrongKey)
	ok(t, there.Unlock(t.Context(), " "+strings.ToLower(strings.ReplaceAll(code, "-", " "))+"\n"))
	same(t, v, there)
	ok(t, there.UseKeyring(t.Context())) // now this one has it too
	same(t, v, load(t, root, k))
	ok(t, there.RemoveRecovery())
	wants(t, there.Unlock(t.Context(), code), im.CodeWrongKey)
}

// Encryption that is turned off leaves what it sealed readable, and one that is
// turned on again opens it.
func TestNone(t *testing.T) {
	root, k := t.TempDir(), &vaulttest.KeyStore{}
	v := load(t, root, k)
	ok(t, v.UseNone(t.Context()))
	v = load(t, root, k)
	keys, err := v.Keys()
	ok(t, err)
	if v.Kind() != vault.Open || keys.Account("x") != nil || keys.Server() != nil || !keys.Unseal() {
		t.Error("it is encrypted")
	}
	ok(t, v.UseKeyring(t.Context()))
	on, err := v.Keys()
	ok(t, err)
	ok(t, v.UseNone(t.Context()))
	ok(t, v.UseNone(t.Context()))
	v = load(t, root, nil)
	off, err := v.Keys()
	ok(t, err)
	if v.Kind() != vault.Open || !off.Unseal() || *off.Account("x") != *on.Account("x") || len(k.Names()) != 0 {
		t.Errorf("%v, %v", v.Kind(), k.Names())
	}
	ok(t, v.UsePassphrase(t.Context(), passphrase))
	again, err := v.Keys()
	ok(t, err)
	if again.Unseal() || *again.Account("x") != *on.Account("x") {
		t.Error("the key is another")
	}
	if bytes.Contains(content(t, root), []byte("plainKey")) {
		t.Error("the key is still in the clear")
	}
}

// A key store that fails, hangs or forgets does not become the only way to the key.
func TestKeyStoreTrouble(t *testing.T) {
	for name, k := range map[string]*vaulttest.KeyStore{"none": vaulttest.None(), "forgetful": vaulttest.Forgetful()} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			v := load(t, root, k)
			wants(t, v.UseKeyring(t.Context()), im.CodeKeyStore)
			if _, err := os.Stat(filepath.Join(root, vault.FileName)); v.Kind() != vault.New || !errors.Is(err, os.ErrNotExist) {
				t.Errorf("%v, %v", v.Kind(), err)
			}
		})
	}
	root, k := t.TempDir(), &vaulttest.KeyStore{}
	first := load(t, root, k)
	ok(t, first.UseKeyring(t.Context()))
	k.Hang(true)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	wants(t, first.Retry(ctx), im.CodeKeyStore)
	if first.Locked() {
		t.Error("it was open")
	}
	before := content(t, root)
	wants(t, first.UseKeyring(ctx), im.CodeKeyStore)
	if !bytes.Equal(content(t, root), before) {
		t.Error("the file was changed")
	}
	k.Hang(false)
	k.Break(errors.New("locked"))
	v := load(t, root, k)
	wants(t, v.Trouble(), im.CodeKeyStore)
	k.Break(nil)
	ok(t, v.Retry(t.Context()))
	same(t, first, v)
}

// A key store that never answers holds a start up for seconds, not for ever.
func TestLoadDoesNotHang(t *testing.T) {
	t.Parallel() // all it does is wait
	root, k := t.TempDir(), &vaulttest.KeyStore{}
	ok(t, load(t, root, k).UseKeyring(t.Context()))
	k.Hang(true)
	wants(t, load(t, root, k).Trouble(), im.CodeKeyStore) // the test's own limit tells
}
