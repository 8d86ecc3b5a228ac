package vault

import (
	"context"
	"errors"
	"fmt"

	"github.com/zalando/go-keyring"
)

// service names the program in the system's key store.
const service = "org.magpie.chat"

// System is the key store of the system: Secret Service, Keychain or Credential
// Manager. It may wait for the person to unlock it, or never answer: a call ends with
// its context, and what it began goes on by itself.
type System struct{}

var _ KeyStore = System{}

// Get implements KeyStore.
func (System) Get(ctx context.Context, name string) (string, error) {
	return call(ctx, func() (string, error) { return keyring.Get(service, name) })
}

// Set implements KeyStore.
func (System) Set(ctx context.Context, name, secret string) error {
	_, err := call(ctx, func() (string, error) { return "", keyring.Set(service, name, secret) })
	return err
}

// Delete implements KeyStore.
func (System) Delete(ctx context.Context, name string) error {
	_, err := call(ctx, func() (string, error) { return "", keyring.Delete(service, name) })
	return err
}

// call runs f until ctx ends.
func call(ctx context.Context, f func() (string, error)) (string, error) {
	type answer struct {
		secret string
		err    error
	}
	done := make(chan answer, 1)
	go func() {
		var a answer
		defer func() {
			if r := recover(); r != nil { // the library trusts what a key store sends
				a = answer{err: fmt.Errorf("the key store answers strangely: %v", r)}
			}
			done <- a
		}()
		a.secret, a.err = f()
	}()
	select {
	case a := <-done:
		if errors.Is(a.err, keyring.ErrNotFound) {
			a.err = fmt.Errorf("%w: %w", ErrNoSecret, a.err)
		}
		return a.secret, a.err
	case <-ctx.Done():
		return "", fmt.Errorf("the key store does not answer: %w", ctx.Err())
	}
}
