// Package seal protects what lies on a person's own disk: small values one by one
// and whole files. Everything is authenticated; what was changed, cut or moved to
// another place does not open.
package seal

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
)

// KeySize is the size of a [Key] in bytes.
const KeySize = 32

// Key is a secret from which those for single purposes are derived.
type Key [KeySize]byte

// NewKey returns a random key.
func NewKey() Key {
	var k Key
	_, _ = rand.Read(k[:]) // never fails: the program ends instead
	return k
}

// Derive returns the key for one purpose (HKDF-SHA256, RFC 5869): nobody who has it
// learns k or the key of another purpose.
func (k Key) Derive(purpose string) Key {
	out, err := hkdf.Key(sha256.New, k[:], nil, "magpie/"+purpose, KeySize)
	if err != nil {
		panic(fmt.Sprintf("seal: %v", err)) // only for lengths that no hash gives
	}
	return Key(out)
}

// String keeps keys out of logs.
func (Key) String() string { return "key" }

// GoString keeps keys out of logs.
func (Key) GoString() string { return "seal.Key" }
