package vault_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"magpie/app/vault"
	"magpie/app/vault/vaulttest"
	"magpie/internal/crash"
)

const otherPassphrase = "a rook walks sideways"

// changes are what is done to a vault, and what it is after each.
var changes = []struct {
	is string // what describe says afterwards
	do func(ctx context.Context, v *vault.Vault) error
}{
	{is: "new"},
	{"key store", func(ctx context.Context, v *vault.Vault) error { return v.UseKeyring(ctx) }},
	{"key store, first", func(ctx context.Context, v *vault.Vault) error { return v.SetPassphrase(ctx, passphrase) }},
	{"key store, first, code", func(_ context.Context, v *vault.Vault) error {
		code, err := v.NewRecovery()
		fmt.Println("code", code)
		return err
	}},
	{"key store, second, code", func(ctx context.Context, v *vault.Vault) error { return v.SetPassphrase(ctx, otherPassphrase) }},
	{"open", func(ctx context.Context, v *vault.Vault) error { return v.UseNone(ctx) }},
	{"second", func(ctx context.Context, v *vault.Vault) error { return v.UsePassphrase(ctx, otherPassphrase) }},
	{"key store, second", func(ctx context.Context, v *vault.Vault) error { return v.UseKeyring(ctx) }},
	{"key store", func(_ context.Context, v *vault.Vault) error { return v.RemovePassphrase() }},
}

// tellingStore is a key store outside of the folder: what happens to it is what the
// process says.
type tellingStore struct{ vaulttest.KeyStore }

func (k *tellingStore) Set(ctx context.Context, name, secret string) error {
	fmt.Println("set", name, secret)
	return k.KeyStore.Set(ctx, name, secret)
}

func (k *tellingStore) Delete(ctx context.Context, name string) error {
	fmt.Println("delete", name)
	return k.KeyStore.Delete(ctx, name)
}

// crashChild makes the changes and says after each that it is durable.
func crashChild(root string) error {
	v, err := vault.Load(root, &tellingStore{})
	if err != nil {
		return err
	}
	for i, c := range changes[1:] {
		if err := c.do(context.Background(), v); err != nil {
			return fmt.Errorf("%s: %w", c.is, err)
		}
		fmt.Println("durable", i+1)
	}
	return nil
}

// A process that is killed at any moment of a change, and a machine that loses power
// there, leaves a vault that opens in every way of before the change, or in every way
// of after it, to the same key; and never the key in the clear where it is said to be
// encrypted.
func TestChangeSurvives(t *testing.T) {
	root := t.TempDir()
	log, err := crash.Record(t.Context(), crash.Command{
		Args: os.Args[:1], Env: []string{childVar + "=crash", childVar + "_ROOT=" + root},
	}, root)
	if errors.Is(err, crash.ErrNoTrace) {
		t.Skip(err)
	}
	ok(t, err)
	if log.Exit != 0 {
		t.Fatalf("the child ended with %d: %s", log.Exit, log.Said(len(log.Ops)))
	}
	c := crashed{log: log, known: map[string]string{}}
	moments := log.Moments()
	t.Logf("%d operations, %d moments", len(log.Ops), len(moments))
	// What the key is looked for with is what the file says when it lies open.
	log.KilledEach(moments, func(_ int, f *crash.Folder) {
		var open struct{ PlainKey []byte }
		if json.Unmarshal(f.File(vault.FileName), &open) == nil && len(open.PlainKey) > 0 {
			c.key = open.PlainKey
		}
	})
	if c.key == nil {
		t.Fatal("the key never lay open")
	}
	log.KilledEach(moments, func(n int, f *crash.Folder) { c.look(t, "killed", n, f) })
	random, rounds := rand.New(rand.NewPCG(11, 5)), 1
	if os.Getenv("MAGPIE_SOAK") != "" {
		rounds = 50
	}
	for _, n := range moments {
		for range rounds {
			c.look(t, "power cut", n, log.PowerCut(n, random))
		}
	}
}

// crashed is the record of a child.
type crashed struct {
	log *crash.Log
	key []byte
	// known is what describe said of a file and a key store: passphrases take long.
	known map[string]string
}

func (c *crashed) look(t *testing.T, what string, n int, f *crash.Folder) {
	t.Helper()
	failed := func(err error) {
		t.Errorf("%s after operation %d (%v): %v", what, n, c.log.Ops[max(n-1, 0)], err)
	}
	durable, code, k, secrets := c.said(t, n)
	root, err := os.MkdirTemp(t.TempDir(), "")
	ok(t, err)
	defer os.RemoveAll(root)
	ok(t, f.Write(root))
	seen := strings.Join(append(k.Names(), code, string(f.File(vault.FileName))), "\n")
	is, known := c.known[seen]
	if !known {
		if is, err = c.describe(t.Context(), root, k, code); err != nil {
			failed(err)
			return
		}
		c.known[seen] = is
	} else if _, err := vault.Load(root, k); err != nil {
		failed(err)
		return
	}
	if is != changes[durable].is && is != changes[min(durable+1, len(changes)-1)].is {
		failed(fmt.Errorf("after change %d it is %q", durable, is))
	}
	left, err := crash.ReadFolder(root)
	ok(t, err)
	readable := append(secrets, passphrase, otherPassphrase)
	if is != "open" {
		readable = append(readable, string(c.key), base64.StdEncoding.EncodeToString(c.key))
	}
	for _, name := range left.Names() {
		for _, secret := range readable {
			if bytes.Contains(left.File(name), []byte(secret)) {
				failed(fmt.Errorf("a secret is in %s", name))
			}
		}
	}
}

// said is what the process had said after n operations: the last change that is
// durable, the recovery code, what the key store has, and everything that was secret.
func (c *crashed) said(t *testing.T, n int) (durable int, code string, k *vaulttest.KeyStore, secrets []string) {
	t.Helper()
	k = &vaulttest.KeyStore{}
	lines := bufio.NewScanner(strings.NewReader(c.log.Said(n)))
	for lines.Scan() {
		switch words := strings.Fields(lines.Text()); words[0] {
		case "durable":
			_, err := fmt.Sscan(words[1], &durable)
			ok(t, err)
		case "code":
			code = words[1]
			secrets = append(secrets, code)
		case "set":
			ok(t, k.Set(t.Context(), words[1], words[2]))
			secrets = append(secrets, words[2])
		case "delete":
			ok(t, k.Delete(t.Context(), words[1]))
		}
	}
	return durable, code, k, secrets
}

// describe says in which ways the vault opens. Each must lead to the key.
func (c *crashed) describe(ctx context.Context, root string, k vault.KeyStore, code string) (string, error) {
	v, err := vault.Load(root, k)
	if err != nil {
		return "", err
	}
	var ways []string
	switch v.Kind() {
	case vault.New:
		return "new", nil
	case vault.Open:
		ways = append(ways, "open")
	case vault.Keyring:
		if v.Locked() {
			return "", v.Trouble()
		}
		ways = append(ways, "key store")
	}
	all := []*vault.Vault{v}
	passphrases := 0
	for _, way := range []struct{ name, secret string }{{"second", otherPassphrase}, {"first", passphrase}, {"code", code}} {
		switch {
		case way.name == "code" && !v.HasRecovery(), way.name != "code" && (!v.HasPassphrase() || passphrases > 0):
			continue // a file holds one at most
		}
		w, err := vault.Load(root, nil)
		if err != nil {
			return "", err
		}
		if w.Unlock(ctx, way.secret) == nil {
			ways, all = append(ways, way.name), append(all, w)
			passphrases++
		}
	}
	for _, v := range slices.DeleteFunc(all, (*vault.Vault).Locked) {
		keys, err := v.Keys()
		if err != nil {
			return "", err
		}
		if got := keys.Server(); *got != *vault.Of([32]byte(c.key)).Server() {
			return "", errors.New("it is another key")
		}
	}
	return strings.Join(ways, ", "), nil
}
