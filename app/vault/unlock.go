package vault

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"magpie/im"
	"magpie/internal/seal"
)

// Patience is how long a start waits for the system's key store. One that asks the
// person to unlock it answers later: see [Vault.Retry].
const Patience = 3 * time.Second

// Unlock opens the vault with a passphrase or a recovery code. If it is open already
// that only tells whether the secret fits. The error is [im.CodeWrongKey] for one that
// does not.
func (v *Vault) Unlock(ctx context.Context, secret string) error {
	v.mu.Lock()
	f := v.file
	v.mu.Unlock()
	if f == nil || f.Kind == kindNone {
		return nil
	}
	root, err := f.unlock(secret)
	if err = errors.Join(err, ctx.Err()); err != nil {
		return err
	}
	return v.unlocked(f, root)
}

// unlock tries the secret on every wrap that it may be for.
func (f *file) unlock(secret string) (seal.Key, error) {
	if code, is := readRecovery(secret); is {
		if w := f.wrap(kindRecovery); w != nil {
			if root, err := w.open(f.ID, recoveryKey(code, f.ID)); err == nil {
				return root, nil
			}
		}
	}
	w := f.wrap(kindPassphrase)
	if w == nil || len(secret) > MaxPassphraseBytes {
		return seal.Key{}, im.Errorf(im.CodeWrongKey, "it does not fit the vault")
	}
	return w.open(f.ID, w.Argon2id.key(secret))
}

// Retry asks the key store once more, until ctx ends: it may be waiting for the
// person to unlock it.
func (v *Vault) Retry(ctx context.Context) error {
	v.mu.Lock()
	f := v.file
	v.mu.Unlock()
	if f == nil || f.wrap(kindKeyring) == nil {
		return nil
	}
	root, err := v.fromKeyStore(ctx, f)
	if err != nil {
		v.mu.Lock()
		v.trouble = err
		v.mu.Unlock()
		return err
	}
	return v.unlocked(f, root)
}

func (v *Vault) fromKeyStore(ctx context.Context, f *file) (seal.Key, error) {
	if v.store == nil {
		return seal.Key{}, im.Errorf(im.CodeKeyStore, "there is no key store")
	}
	w := f.wrap(kindKeyring)
	text, err := v.store.Get(ctx, w.Entry)
	if errors.Is(err, ErrNoSecret) {
		return seal.Key{}, im.Errorf(im.CodeKeyGone, "%v: %s", err, w.Entry)
	}
	if err != nil {
		return seal.Key{}, im.Errorf(im.CodeKeyStore, "%v", err)
	}
	secret, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(secret) != seal.KeySize {
		return seal.Key{}, im.Errorf(im.CodeKeyGone, "the key store has something else under %s", w.Entry)
	}
	return w.open(f.ID, seal.Key(secret))
}

// unlocked notes the root key of the file f. Another process may have changed the
// wraps since; the key below them stays the same.
func (v *Vault) unlocked(f *file, root seal.Key) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.key != nil && *v.key != root {
		return fmt.Errorf("vault: %w", im.Errorf(im.CodeVaultDamaged, "%s holds another key than a moment ago", FileName))
	}
	v.key, v.trouble = &root, nil
	return nil
}
