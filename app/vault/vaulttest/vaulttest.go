// Package vaulttest has a key store for tests: that of a computer without one, of
// another computer, or one that never answers.
package vaulttest

import (
	"context"
	"errors"
	"maps"
	"sync"

	"magpie/app/vault"
)

// KeyStore is a key store in the memory. Its zero value is empty and works.
type KeyStore struct {
	mu      sync.Mutex
	secrets map[string]string
	broken  error
	hangs   bool
	forgets bool
	calls   int
}

var _ vault.KeyStore = (*KeyStore)(nil)

// errNone is what a computer without a key store says.
var errNone = errors.New("no key store here")

// None returns a key store that takes nothing.
func None() *KeyStore { return &KeyStore{broken: errNone} }

// Forgetful returns a key store that takes everything and has nothing.
func Forgetful() *KeyStore { return &KeyStore{forgets: true} }

// Break makes every call fail from now on; nil mends that.
func (k *KeyStore) Break(err error) { k.set(func() { k.broken = err }) }

// Hang makes every call wait for the end of its context from now on, or not any more.
func (k *KeyStore) Hang(yes bool) { k.set(func() { k.hangs = yes }) }

// Clear forgets everything: another computer.
func (k *KeyStore) Clear() { k.set(func() { k.secrets = nil }) }

// Names are the names of what is kept.
func (k *KeyStore) Names() (names []string) {
	k.set(func() {
		for name := range maps.Keys(k.secrets) {
			names = append(names, name)
		}
	})
	return names
}

// Calls counts the calls.
func (k *KeyStore) Calls() (n int) {
	k.set(func() { n = k.calls })
	return n
}

func (k *KeyStore) set(do func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	do()
}

func (k *KeyStore) call(ctx context.Context, do func() error) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.calls++
	if k.hangs {
		k.mu.Unlock()
		<-ctx.Done()
		k.mu.Lock()
		return ctx.Err()
	}
	if k.broken != nil {
		return k.broken
	}
	return do()
}

// Get implements vault.KeyStore.
func (k *KeyStore) Get(ctx context.Context, name string) (secret string, err error) {
	err = k.call(ctx, func() error {
		s, ok := k.secrets[name]
		if !ok {
			return vault.ErrNoSecret
		}
		secret = s
		return nil
	})
	return secret, err
}

// Set implements vault.KeyStore.
func (k *KeyStore) Set(ctx context.Context, name, secret string) error {
	return k.call(ctx, func() error {
		if k.forgets {
			return nil
		}
		if k.secrets == nil {
			k.secrets = map[string]string{}
		}
		k.secrets[name] = secret
		return nil
	})
}

// Delete implements vault.KeyStore.
func (k *KeyStore) Delete(ctx context.Context, name string) error {
	return k.call(ctx, func() error {
		if _, ok := k.secrets[name]; !ok {
			return vault.ErrNoSecret
		}
		delete(k.secrets, name)
		return nil
	})
}
