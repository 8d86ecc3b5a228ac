package vault_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"magpie/app/vault"
	"magpie/app/vault/vaulttest"
	"magpie/im"
	"magpie/store"
)

// whole is a vault with every way to the key, as JSON.
func whole(t testing.TB) (root string, k *vaulttest.KeyStore, data []byte) {
	root, k = t.TempDir(), &vaulttest.KeyStore{}
	v, err := vault.Load(root, k)
	for _, step := range []func() error{
		func() error { return err },
		func() error { return v.UseKeyring(t.Context()) },
		func() error { return v.SetPassphrase(t.Context(), passphrase) },
		func() error { _, err := v.NewRecovery(); return err },
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	if data, err = os.ReadFile(filepath.Join(root, vault.FileName)); err != nil {
		t.Fatal(err)
	}
	return root, k, data
}

// edit changes one field of vault.json.
func edit(t *testing.T, data []byte, change func(file map[string]any, wraps []any)) []byte {
	t.Helper()
	var m map[string]any
	ok(t, json.Unmarshal(data, &m))
	change(m, m["wraps"].([]any))
	out, err := json.Marshal(m)
	ok(t, err)
	return out
}

func argon(wraps []any) map[string]any {
	return wraps[1].(map[string]any)["argon2id"].(map[string]any)
}

// What no program of ours wrote is said, and stays as it is.
func TestDamagedFile(t *testing.T) {
	root, k, data := whole(t)
	path := filepath.Join(root, vault.FileName)
	for name, bad := range map[string][]byte{
		"empty":       {},
		"zeros":       make([]byte, len(data)),
		"half":        data[:len(data)/2],
		"no object":   []byte("[1, 2]"),
		"huge":        append(bytes.Repeat([]byte(" "), 1<<20), data...),
		"no version":  edit(t, data, func(f map[string]any, _ []any) { delete(f, "version") }),
		"no id":       edit(t, data, func(f map[string]any, _ []any) { delete(f, "id") }),
		"no wraps":    edit(t, data, func(f map[string]any, _ []any) { delete(f, "wraps") }),
		"two of one":  edit(t, data, func(f map[string]any, w []any) { f["wraps"] = append(w, w[0]) }),
		"other kind":  edit(t, data, func(_ map[string]any, w []any) { w[0].(map[string]any)["kind"] = "tpm" }),
		"called none": edit(t, data, func(f map[string]any, _ []any) { f["kind"] = "none" }),
		"short nonce": edit(t, data, func(_ map[string]any, w []any) { w[0].(map[string]any)["nonce"] = "AAAA" }),
		"short key":   edit(t, data, func(_ map[string]any, w []any) { w[0].(map[string]any)["key"] = "AAAA" }),
		"plain key":   edit(t, data, func(f map[string]any, _ []any) { f["plainKey"] = "AAAA" }),
		"100 GB":      edit(t, data, func(_ map[string]any, w []any) { argon(w)["memoryKiB"] = 100 << 20 }),
		"weak":        edit(t, data, func(_ map[string]any, w []any) { argon(w)["memoryKiB"] = 8 }),
		"for ever":    edit(t, data, func(_ map[string]any, w []any) { argon(w)["passes"] = 1 << 30 }),
		"no passes":   edit(t, data, func(_ map[string]any, w []any) { argon(w)["passes"] = 0 }),
		"no lanes":    edit(t, data, func(_ map[string]any, w []any) { argon(w)["lanes"] = 0 }),
		"no salt":     edit(t, data, func(_ map[string]any, w []any) { argon(w)["salt"] = "" }),
	} {
		t.Run(name, func(t *testing.T) {
			ok(t, os.WriteFile(path, bad, 0o600))
			_, err := vault.Load(root, k)
			wants(t, err, im.CodeVaultDamaged)
			if !bytes.Equal(content(t, root), bad) {
				t.Error("the file was changed")
			}
		})
	}
	ok(t, os.WriteFile(path, edit(t, data, func(f map[string]any, _ []any) { f["version"] = 2 }), 0o600))
	_, err := vault.Load(root, k)
	wants(t, err, im.CodeVersion)
}

// What was changed so that it could be right does not open, and is not mended.
func TestForgedFile(t *testing.T) {
	root, k, data := whole(t)
	other, _, _ := whole(t)
	stranger := content(t, other)
	path := filepath.Join(root, vault.FileName)
	for name, bad := range map[string][]byte{
		"other id":     edit(t, data, func(f map[string]any, _ []any) { f["id"] = "AAAAAAAAAAAAAAAAAAAAAA==" }),
		"fewer passes": edit(t, data, func(_ map[string]any, w []any) { argon(w)["passes"] = 1 }),
		"other salt":   edit(t, data, func(_ map[string]any, w []any) { argon(w)["salt"] = "AAAAAAAAAAAAAAAAAAAAAA==" }),
		"flipped": edit(t, data, func(_ map[string]any, w []any) {
			w[1].(map[string]any)["key"] = strings.Repeat("A", 64)
		}),
		"of another vault": edit(t, data, func(_ map[string]any, w []any) {
			var s map[string]any
			ok(t, json.Unmarshal(stranger, &s))
			w[1] = s["wraps"].([]any)[1]
		}),
	} {
		t.Run(name, func(t *testing.T) {
			ok(t, os.WriteFile(path, bad, 0o600))
			v := load(t, root, k)
			wants(t, v.Unlock(t.Context(), passphrase), im.CodeWrongKey)
			if !bytes.Equal(content(t, root), bad) {
				t.Error("the file was changed")
			}
		})
	}
}

// A change that cannot be written changes nothing.
func TestFolderCannotBeWritten(t *testing.T) {
	root, k, data := whole(t)
	v := load(t, root, k)
	// Also for who may write everywhere: the lock is no folder.
	ok(t, os.RemoveAll(filepath.Join(root, "vault.lock")))
	ok(t, os.WriteFile(filepath.Join(root, "vault.lock"), nil, 0o600))
	if err := v.UseNone(t.Context()); err == nil {
		t.Error("it could be locked")
	}
	if v.Kind() != vault.Keyring || !bytes.Equal(content(t, root), data) {
		t.Error("something changed")
	}
}

// A key is not made anew where something is sealed: the old one may come back.
func TestMissingFile(t *testing.T) {
	root, k, data := whole(t)
	dir := filepath.Join(root, "profiles", "default", "accounts", "local_wren")
	ok(t, os.MkdirAll(dir, 0o700))
	v := load(t, root, k)
	keys, err := v.Keys()
	ok(t, err)
	st, _, err := store.Open(filepath.Join(dir, "history.db"), store.Options{Account: "wren", Key: keys.Account("local_wren")})
	ok(t, err)
	ok(t, st.Close())
	ok(t, os.Remove(filepath.Join(root, vault.FileName)))
	_, err = vault.Load(root, k)
	wants(t, err, im.CodeVaultDamaged)

	ok(t, os.WriteFile(filepath.Join(root, vault.FileName), data, 0o600))
	same(t, v, load(t, root, k))
}

// FuzzFile: no file makes the program end, ask for much memory or take long.
func FuzzFile(f *testing.F) {
	_, _, data := whole(f)
	f.Add(data)
	f.Add([]byte(`{"version":1,"id":"AAAAAAAAAAAAAAAAAAAAAA==","kind":"none"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		root := t.TempDir()
		ok(t, os.WriteFile(filepath.Join(root, vault.FileName), data, 0o600))
		v, err := vault.Load(root, nil)
		if err != nil {
			if im.CodeOf(err) == 0 {
				t.Errorf("no words for %v", err)
			}
			return
		}
		_, _ = v.Keys()
	})
}
