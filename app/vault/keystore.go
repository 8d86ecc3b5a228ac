package vault

import (
	"context"
	"errors"
)

// KeyStore is where the system keeps secrets of its user, each under a name.
type KeyStore interface {
	// Get returns a secret, or an error that wraps [ErrNoSecret] if there is none.
	Get(ctx context.Context, name string) (string, error)
	Set(ctx context.Context, name, secret string) error
	Delete(ctx context.Context, name string) error
}

// ErrNoSecret is returned by a key store that has no secret of a name.
var ErrNoSecret = errors.New("the key store has no such secret")
