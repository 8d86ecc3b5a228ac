package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"magpie/app/profile"
	"magpie/app/vault"
	"magpie/im"
	"magpie/store"
)

// keys unlocks the vault of a data folder. One that is not there yet is made: with
// the passphrase that was given, else with the key store.
func (e *Env) keys(ctx context.Context, p profile.Profile) (vault.Keys, error) {
	if e.Keys != nil {
		return *e.Keys, nil
	}
	v, err := vault.Load(p.Root, e.KeyStore)
	if err != nil {
		return vault.Keys{}, err
	}
	if err := e.unlock(ctx, v); err != nil {
		return vault.Keys{}, err
	}
	return v.Keys()
}

// keysIfAny is keys for a command that makes nothing: without a vault there are none.
func (e *Env) keysIfAny(ctx context.Context, p profile.Profile) (vault.Keys, error) {
	if _, err := os.Lstat(filepath.Join(p.Root, vault.FileName)); e.Keys == nil && errors.Is(err, os.ErrNotExist) {
		_, err := vault.Load(p.Root, nil) // it looks whether there should be one
		return vault.Keys{}, err
	}
	return e.keys(ctx, p)
}

func (e *Env) unlock(ctx context.Context, v *vault.Vault) error {
	passphrase, err := e.passphrase()
	if err != nil {
		return err
	}
	switch {
	case v.Kind() == vault.New && passphrase != "":
		return v.UsePassphrase(ctx, passphrase)
	case v.Kind() == vault.New:
		ctx, cancel := context.WithTimeout(ctx, vault.Patience)
		defer cancel()
		if err := v.UseKeyring(ctx); err != nil {
			return &advised{err, "set MAGPIE_PASSPHRASE_FILE to encrypt the data folder with a passphrase, " +
				"or say `magpie vault none` to go on without encryption"}
		}
		return nil
	case !v.Locked():
		return nil
	case passphrase != "":
		return v.Unlock(ctx, passphrase)
	case v.Trouble() != nil:
		return &advised{v.Trouble(), "a passphrase or recovery code in MAGPIE_PASSPHRASE or MAGPIE_PASSPHRASE_FILE unlocks it too"}
	}
	return im.Errorf(im.CodeSealed, "set MAGPIE_PASSPHRASE or MAGPIE_PASSPHRASE_FILE")
}

// passphrase is the one that was given, "" for none.
func (e *Env) passphrase() (string, error) {
	if e.Passphrase != "" || e.PassphraseFile == "" {
		return e.Passphrase, nil
	}
	s, err := ReadPassphrase(e.PassphraseFile)
	if err != nil {
		return "", fmt.Errorf("read the passphrase: %w", err)
	}
	return s, nil
}

// ReadPassphrase reads a passphrase from a file. One line break at the end does not
// belong to it.
func ReadPassphrase(path string) (string, error) {
	return readLine(path, nil, vault.MaxPassphraseBytes)
}

// options open the history of an account; what that does to it is told.
func (e *Env) options(a profile.Account, keys vault.Keys) store.Options {
	last := int64(-1)
	return store.Options{Account: a.User, Key: keys.Account(a.Folder()), Unseal: keys.Unseal(), Progress: func(done, total int64) {
		if tenth := done * 10 / max(total, 1); tenth != last {
			last = tenth
			fmt.Fprintf(e.Stderr, "magpie: %s %d%%\n", map[bool]string{false: "encrypting the history:", true: "decrypting the history:"}[keys.Unseal()], 10*tenth)
		}
	}}
}
