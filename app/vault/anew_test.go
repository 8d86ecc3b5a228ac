package vault_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"magpie/app/vault"
	"magpie/app/vault/vaulttest"
	"magpie/im"
	"magpie/server/datalock"
	"magpie/store"
)

// sealedFolder is a data folder with a passphrase, a history in each of two profiles,
// and a server.
func sealedFolder(t *testing.T) (root string, v *vault.Vault) {
	t.Helper()
	root = t.TempDir()
	v = load(t, root, nil)
	ok(t, v.UsePassphrase(t.Context(), passphrase))
	keys, err := v.Keys()
	ok(t, err)
	for _, profile := range []string{"default", "office"} {
		dir := filepath.Join(root, "profiles", profile)
		ok(t, os.MkdirAll(filepath.Join(dir, "accounts", "local_wren"), 0o700))
		ok(t, os.WriteFile(filepath.Join(dir, "settings.json"), []byte(`{"theme":"dark"}`), 0o600))
		st, _, err := store.Open(historyIn(root, profile), store.Options{Account: "wren", Key: keys.Account("local_wren")})
		ok(t, err)
		ok(t, st.SetDraft(t.Context(), "C2Cbob", "half a sentence of "+profile))
		ok(t, st.Close())
	}
	ok(t, os.Mkdir(filepath.Join(root, "server"), 0o700))
	ok(t, os.WriteFile(filepath.Join(root, "server", "log"), []byte("log"), 0o600))
	return root, v
}

func historyIn(root, profile string) string {
	return filepath.Join(root, "profiles", profile, "accounts", "local_wren", "history.db")
}

// Everything that nobody can open is kept in a folder, which opens once the passphrase
// is found, and what begins anew has none of it.
func TestSetAside(t *testing.T) {
	root, _ := sealedFolder(t)
	now := time.Date(2026, 11, 26, 16, 15, 0, 0, time.UTC)
	folder, err := vault.SetAside(root, "", now)
	ok(t, err)
	if want := filepath.Join(root, "set-aside-20261126T161500Z"); folder != want {
		t.Errorf("it is %s", folder)
	}
	for _, name := range []string{vault.FileName, "server", "profiles/default/accounts", "profiles/office/settings.json"} {
		if _, err := os.Stat(filepath.Join(root, name)); !os.IsNotExist(err) {
			t.Errorf("%s is still there: %v", name, err)
		}
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			t.Error(err)
		}
	}
	fresh := load(t, root, nil)
	if fresh.Kind() != vault.New {
		t.Errorf("it begins as %v", fresh.Kind())
	}
	ok(t, fresh.UsePassphrase(t.Context(), "another one, which is known"))

	found := load(t, folder, nil)
	ok(t, found.Unlock(t.Context(), passphrase))
	keys, err := found.Keys()
	ok(t, err)
	for _, profile := range []string{"default", "office"} {
		st, _, err := store.Open(historyIn(folder, profile), store.Options{Account: "wren", Key: keys.Account("local_wren")})
		ok(t, err)
		if draft, err := st.Draft("C2Cbob"); err != nil || draft != "half a sentence of "+profile {
			t.Errorf("draft %q, %v", draft, err)
		}
		ok(t, st.Close())
	}
	// Twice in a second, and with nothing there.
	if again, err := vault.SetAside(root, "", now); err != nil || !strings.HasSuffix(again, "Z-2") {
		t.Errorf("%s, %v", again, err)
	}
}

// What another process uses stays where it is, and so does everything else.
func TestSetAsideWhileInUse(t *testing.T) {
	for _, in := range []string{"profiles/office", "server"} {
		t.Run(in, func(t *testing.T) {
			root, _ := sealedFolder(t)
			before := content(t, root)
			l, err := datalock.Acquire(filepath.Join(root, in))
			ok(t, err)
			_, err = vault.SetAside(root, "default", time.Now())
			wants(t, err, im.CodeDataFolderInUse)
			ok(t, l.Release())
			aside, err := filepath.Glob(filepath.Join(root, "set-aside-*"))
			if err != nil || len(aside) > 0 || !bytes.Equal(content(t, root), before) {
				t.Errorf("%v, %v", aside, err)
			}
			for _, profile := range []string{"default", "office"} {
				if _, err := os.Stat(historyIn(root, profile)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	// The caller's own profile is no obstacle.
	root, _ := sealedFolder(t)
	l, err := datalock.Acquire(filepath.Join(root, "profiles", "office"))
	ok(t, err)
	defer l.Release()
	_, err = vault.SetAside(root, "office", time.Now())
	ok(t, err)
}

// Killed in the middle it leaves everything readable for who has the passphrase, and
// called again it ends.
func TestSetAsideGoesOn(t *testing.T) {
	root, _ := sealedFolder(t)
	// As a kill after the first of two moves leaves it.
	half := filepath.Join(root, "set-aside-20261126T161500Z")
	ok(t, os.MkdirAll(filepath.Join(half, "profiles", "default"), 0o700))
	ok(t, os.WriteFile(filepath.Join(half, vault.FileName), content(t, root), 0o600))
	ok(t, os.Rename(filepath.Join(root, "profiles", "default", "accounts"), filepath.Join(half, "profiles", "default", "accounts")))
	folder, err := vault.SetAside(root, "", time.Now())
	ok(t, err)
	for dir, profile := range map[string]string{half: "default", folder: "office"} {
		v := load(t, dir, &vaulttest.KeyStore{})
		ok(t, v.Unlock(t.Context(), passphrase))
		if _, err := os.Stat(historyIn(dir, profile)); err != nil {
			t.Error(err)
		}
	}
}
