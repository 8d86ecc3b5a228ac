package vault

import (
	"crypto/rand"
	"encoding/json"
	"fmt"

	"golang.org/x/crypto/chacha20poly1305"

	"magpie/im"
	"magpie/internal/seal"
)

// wrap is the root key, sealed under another key: XChaCha20-Poly1305, whose nonce is
// long enough to be random.
type wrap struct {
	Kind string `json:"kind"`
	// Entry names the secret in the key store.
	Entry string `json:"entry,omitempty"`
	// Argon2id says how the key comes of a passphrase.
	Argon2id *argon `json:"argon2id,omitempty"`
	Nonce    []byte `json:"nonce"`
	Key      []byte `json:"key"`
}

// seal returns the wrap with the root key of the vault id in it.
func (w wrap) seal(id []byte, under, root seal.Key) (wrap, error) {
	aead, err := chacha20poly1305.NewX(under[:])
	if err != nil {
		return wrap{}, fmt.Errorf("vault: %w", err)
	}
	w.Nonce = make([]byte, aead.NonceSize())
	_, _ = rand.Read(w.Nonce) // never fails: the program ends instead
	w.Key = aead.Seal(nil, w.Nonce, root[:], w.bound(id))
	return w, nil
}

// open returns the root key. The error is [im.CodeWrongKey] if under is not what it
// was sealed with; a changed wrap looks the same.
func (w *wrap) open(id []byte, under seal.Key) (seal.Key, error) {
	aead, err := chacha20poly1305.NewX(under[:])
	if err != nil {
		return seal.Key{}, fmt.Errorf("vault: %w", err)
	}
	root, err := aead.Open(nil, w.Nonce, w.Key, w.bound(id))
	if err != nil {
		return seal.Key{}, im.Errorf(im.CodeWrongKey, "the %s does not fit the vault", w.Kind)
	}
	return seal.Key(root), nil
}

// bound is everything else that the wrap says, and whose it is: changed, it does not
// open.
func (w *wrap) bound(id []byte) []byte {
	data, err := json.Marshal(struct {
		Version  int
		ID       []byte
		Kind     string
		Entry    string
		Argon2id *argon
	}{version, id, w.Kind, w.Entry, w.Argon2id})
	if err != nil {
		panic(fmt.Sprintf("vault: %v", err)) // nothing in it can fail
	}
	return data
}

// check reports what seal would not have made, before any of it is used.
func (w *wrap) check() error {
	switch w.Kind {
	case kindKeyring:
		if w.Entry == "" {
			return fmt.Errorf("a key store's wrap without the name of the secret")
		}
	case kindPassphrase:
		if w.Argon2id == nil {
			return fmt.Errorf("a passphrase's wrap without parameters")
		}
		if err := w.Argon2id.check(); err != nil {
			return err
		}
	case kindRecovery:
	default:
		return fmt.Errorf("a wrap of kind %.40q", w.Kind)
	}
	if len(w.Nonce) != chacha20poly1305.NonceSizeX || len(w.Key) != seal.KeySize+chacha20poly1305.Overhead {
		return fmt.Errorf("a wrap with a nonce of %d and a key of %d bytes", len(w.Nonce), len(w.Key))
	}
	return nil
}
