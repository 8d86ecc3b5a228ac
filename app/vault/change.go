package vault

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"

	"magpie/im"
	"magpie/internal/seal"
)

// UseKeyring puts a secret for the vault into the system's key store; a passphrase
// and a recovery code stay. The error is [im.CodeKeyStore] if the key store does not
// take it, and give it back, before ctx ends.
func (v *Vault) UseKeyring(ctx context.Context) error {
	if v.store == nil {
		return im.Errorf(im.CodeKeyStore, "there is no key store")
	}
	// Under a new name: until the file says so, the old secret is what opens it.
	secret, name := seal.NewKey(), make([]byte, 8)
	_, _ = rand.Read(name) // never fails: the program ends instead
	w := wrap{Kind: kindKeyring}
	old, err := v.change(func(f *file, root seal.Key) (*file, error) {
		w.Entry = hex.EncodeToString(f.ID) + "/" + hex.EncodeToString(name)
		text := base64.StdEncoding.EncodeToString(secret[:])
		if err := v.store.Set(ctx, w.Entry, text); err != nil {
			return nil, im.Errorf(im.CodeKeyStore, "%v", err)
		}
		if got, err := v.store.Get(ctx, w.Entry); err != nil || got != text {
			return nil, im.Errorf(im.CodeKeyStore, "what was put into the key store is not there: %v", err)
		}
		return f.with(w, secret, root)
	})
	if err != nil {
		if w.Entry != "" {
			_ = v.store.Delete(ctx, w.Entry) // what stays opens nothing
		}
		return err
	}
	v.forget(ctx, old)
	return nil
}

// UsePassphrase makes a passphrase what unlocks the vault at every start, beside a
// recovery code: the key store is not asked any more. The error is
// [im.CodeWeakPassphrase] for one that is too short.
func (v *Vault) UsePassphrase(ctx context.Context, passphrase string) error {
	old, err := v.setPassphrase(passphrase, func(f *file) *file { return f.without(kindKeyring) })
	if err == nil {
		v.forget(ctx, old)
	}
	return err
}

// SetPassphrase makes or changes the passphrase and leaves the other ways alone.
func (v *Vault) SetPassphrase(_ context.Context, passphrase string) error {
	_, err := v.setPassphrase(passphrase, func(f *file) *file { return f })
	return err
}

func (v *Vault) setPassphrase(passphrase string, rest func(*file) *file) (old *file, err error) {
	if err := CheckPassphrase(passphrase); err != nil {
		return nil, err
	}
	w := wrap{Kind: kindPassphrase, Argon2id: newArgon()}
	under := w.Argon2id.key(passphrase)
	return v.change(func(f *file, root seal.Key) (*file, error) {
		return rest(f).with(w, under, root)
	})
}

// RemovePassphrase leaves the key store, and a recovery code, as the way to the key.
// The error is [im.CodeInvalidParameter] if there would be none.
func (v *Vault) RemovePassphrase() error {
	_, err := v.remove(kindPassphrase)
	return err
}

// RemoveKeyring leaves the passphrase, and a recovery code, as the way to the key.
// The error is [im.CodeInvalidParameter] if there would be none.
func (v *Vault) RemoveKeyring(ctx context.Context) error {
	old, err := v.remove(kindKeyring)
	if err == nil {
		v.forget(ctx, old)
	}
	return err
}

// RemoveRecovery makes the recovery code worthless.
func (v *Vault) RemoveRecovery() error {
	_, err := v.remove(kindRecovery)
	return err
}

func (v *Vault) remove(kind string) (old *file, err error) {
	return v.change(func(f *file, _ seal.Key) (*file, error) {
		g := f.without(kind)
		if err := g.check(); err != nil {
			return nil, im.Errorf(im.CodeInvalidParameter, "%v", err)
		}
		return g, nil
	})
}

// NewRecovery makes a recovery code in place of an earlier one and returns it; it is
// kept nowhere.
func (v *Vault) NewRecovery() (string, error) {
	code := newRecovery()
	clean, _ := readRecovery(code)
	w := wrap{Kind: kindRecovery}
	_, err := v.change(func(f *file, root seal.Key) (*file, error) {
		if f.wrap(kindKeyring) == nil && f.wrap(kindPassphrase) == nil {
			return nil, im.Errorf(im.CodeInvalidParameter, "nothing is encrypted")
		}
		return f.with(w, recoveryKey(clean, f.ID), root)
	})
	if err != nil {
		return "", err
	}
	return code, nil
}

// UseNone turns encryption off. The key of what is sealed already is kept, in the
// clear, so that it stays readable.
func (v *Vault) UseNone(ctx context.Context) error {
	kind := v.Kind()
	if kind == Open {
		return nil
	}
	old, err := v.change(func(f *file, root seal.Key) (*file, error) {
		g := &file{Version: version, ID: f.ID, Kind: kindNone}
		if kind != New {
			g.PlainKey = root[:]
		}
		return g, nil
	})
	if err == nil {
		v.forget(ctx, old)
	}
	return err
}

// change rewrites the file as f says, which gets what the file is now and the root
// key, changes neither and may take its time. It returns what the file was, nil for
// none.
func (v *Vault) change(f func(*file, seal.Key) (*file, error)) (old *file, err error) {
	v.changing.Lock()
	defer v.changing.Unlock()
	l, err := lock(v.root)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, l.Release()) }()
	if old, err = read(v.root); err != nil {
		return nil, err
	}
	now, key, err := v.basis(old)
	if err != nil {
		return nil, err
	}
	next, err := f(now, key)
	if err != nil {
		return nil, err
	}
	if err := next.write(v.root); err != nil {
		return nil, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.file, v.key, v.trouble = next, &key, nil
	if next.Kind == kindNone && len(next.PlainKey) == 0 {
		v.key = nil
	}
	return old, nil
}

// basis is what a change begins with: the file that is on the disk, or the beginning
// of one, and the root key.
func (v *Vault) basis(onDisk *file) (*file, seal.Key, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch {
	case v.locked():
		return nil, seal.Key{}, im.Errorf(im.CodeSealed, "the vault of %s is locked", v.root)
	case (onDisk == nil) != (v.file == nil), onDisk != nil && !bytes.Equal(onDisk.ID, v.file.ID):
		return nil, seal.Key{}, im.Errorf(im.CodeDataFolderInUse, "%s was made, or replaced, by another process", FileName)
	}
	f := &file{Version: version, ID: make([]byte, idSize)}
	if onDisk == nil {
		_, _ = rand.Read(f.ID) // never fails: the program ends instead
	} else {
		f.ID, f.Wraps = onDisk.ID, onDisk.Wraps
	}
	if v.key != nil {
		return f, *v.key, nil
	}
	// Nothing was ever encrypted, or it would be known with what.
	return f, seal.NewKey(), nothingSealed(v.root)
}

// forget removes the secret of an earlier file from the key store. One that stays
// opens nothing.
func (v *Vault) forget(ctx context.Context, old *file) {
	if old == nil || v.store == nil {
		return
	}
	if w := old.wrap(kindKeyring); w != nil {
		_ = v.store.Delete(ctx, w.Entry)
	}
}
