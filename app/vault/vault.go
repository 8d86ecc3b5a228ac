package vault

import (
	"context"
	"sync"

	"magpie/im"
	"magpie/internal/seal"
)

// Kind says how the key of a data folder is kept.
type Kind int

const (
	// New says that there is no vault yet. What comes first is [Vault.UseKeyring],
	// [Vault.UsePassphrase] or [Vault.UseNone].
	New Kind = iota
	// Open says that a person chose not to encrypt.
	Open
	// Keyring says that the system's key store has the secret; nobody is asked.
	Keyring
	// Passphrase says that a person is asked at every start.
	Passphrase
)

// Vault is the key of one data folder. Its methods may be called from any goroutine;
// those with a context may take seconds.
type Vault struct {
	root  string
	store KeyStore // nil for none

	changing sync.Mutex // held through a change, which may take seconds

	mu      sync.Mutex // held for moments
	file    *file      // nil for Kind New
	key     *seal.Key  // nil while locked, and where there is none
	trouble error      // why the key store did not unlock it
}

// Load reads the vault of the data folder root. One that the key store k (nil: none)
// has the secret of is unlocked; if that fails [Vault.Trouble] says why, and a
// passphrase or recovery code may still do. An error is of the file, which stays as
// it is: [im.CodeVaultDamaged], or [im.CodeVersion] for that of a newer program.
func Load(root string, k KeyStore) (*Vault, error) {
	v := &Vault{root: root, store: k}
	sweep(root)
	f, err := read(root)
	if err != nil {
		return nil, err
	}
	v.file = f
	if f == nil {
		return v, nothingSealed(root)
	}
	if f.Kind == kindNone {
		if len(f.PlainKey) > 0 {
			k := seal.Key(f.PlainKey)
			v.key = &k
		}
		return v, nil
	}
	if f.wrap(kindKeyring) != nil {
		ctx, cancel := context.WithTimeout(context.Background(), Patience)
		defer cancel()
		_ = v.Retry(ctx) // Trouble tells
	}
	return v, nil
}

// Kind says how the key is kept.
func (v *Vault) Kind() Kind {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch {
	case v.file == nil:
		return New
	case v.file.Kind == kindNone:
		return Open
	case v.file.wrap(kindKeyring) != nil:
		return Keyring
	}
	return Passphrase
}

// HasPassphrase reports whether a passphrase unlocks the vault, alone or beside the
// key store.
func (v *Vault) HasPassphrase() bool { return v.has(kindPassphrase) }

// HasRecovery reports whether a recovery code unlocks the vault.
func (v *Vault) HasRecovery() bool { return v.has(kindRecovery) }

func (v *Vault) has(kind string) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.file != nil && v.file.wrap(kind) != nil
}

// Locked reports whether the key is yet to be unlocked.
func (v *Vault) Locked() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.locked()
}

func (v *Vault) locked() bool { return v.file != nil && v.file.Kind != kindNone && v.key == nil }

// Trouble is why the key store did not unlock the vault, nil if it did or was not
// asked: [im.CodeKeyStore], or [im.CodeKeyGone] if it answers and has no such secret.
func (v *Vault) Trouble() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.trouble
}

// Keys returns what opens the data folder. The error is [im.CodeSealed] while the
// vault is locked, or not there yet.
func (v *Vault) Keys() (Keys, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.file == nil || v.locked() {
		return Keys{}, im.Errorf(im.CodeSealed, "the vault of %s is locked", v.root)
	}
	return Keys{root: v.key, unseal: v.file.Kind == kindNone}, nil
}
