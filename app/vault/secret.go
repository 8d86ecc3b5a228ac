package vault

import (
	"fmt"

	"magpie/internal/seal"
)

// Secret is something that a person entered, as it lies in a file: sealed, or plain in
// a data folder where nothing is encrypted. The zero value is no secret.
type Secret struct {
	Sealed []byte `json:"sealed,omitempty"`
	Plain  string `json:"plain,omitempty"`
}

// Keep makes what is written of a secret. Name says what it is for; it opens only under
// the same one.
func (k Keys) Keep(name, secret string) Secret {
	key := k.derive("secret/" + name)
	if secret == "" || key == nil || k.unseal {
		return Secret{Plain: secret}
	}
	return Secret{Sealed: seal.NewValues(*key).Seal([]byte(secret), 0, []byte(name))}
}

// Reveal gives a secret back. The error says that it was sealed with another key or
// for another name, or is damaged.
func (k Keys) Reveal(name string, s Secret) (string, error) {
	if len(s.Sealed) == 0 {
		return s.Plain, nil
	}
	key := k.derive("secret/" + name)
	if key == nil {
		return "", fmt.Errorf("vault: the secret %q: %w", name, seal.ErrValue)
	}
	b, err := seal.NewValues(*key).Open(nil, s.Sealed, []byte(name))
	if err != nil {
		return "", fmt.Errorf("vault: the secret %q: %w", name, err)
	}
	return string(b), nil
}

// Fits reports whether a secret lies as these keys would keep it now: sealed where the
// rest is.
func (k Keys) Fits(s Secret) bool {
	sealed := k.root != nil && !k.unseal
	return sealed && s.Plain == "" || !sealed && len(s.Sealed) == 0
}
