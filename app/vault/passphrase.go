package vault

import (
	"crypto/rand"
	"fmt"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"magpie/im"
	"magpie/internal/seal"
)

// Bounds of a passphrase. Below the lower one whoever has the disk tries them all.
const (
	MinPassphrase      = 8    // characters
	MaxPassphraseBytes = 1024 // longer ones are files chosen by mistake
)

// argon says how a key is derived from a passphrase with argon2id (RFC 9106).
type argon struct {
	MemoryKiB uint32 `json:"memoryKiB"`
	Passes    uint32 `json:"passes"`
	Lanes     uint8  `json:"lanes"`
	Salt      []byte `json:"salt"`
}

// newArgon is the second choice that RFC 9106, section 4, recommends: 64 MiB, three
// passes, four lanes; about a tenth of a second.
func newArgon() *argon {
	a := &argon{MemoryKiB: 64 << 10, Passes: 3, Lanes: 4, Salt: make([]byte, 16)}
	_, _ = rand.Read(a.Salt) // never fails: the program ends instead
	return a
}

// check bounds what a file may ask for: a gigabyte, and about ten seconds.
func (a *argon) check() error {
	switch {
	case a.MemoryKiB < 8<<10 || a.MemoryKiB > 1<<20:
		return fmt.Errorf("argon2id with %d KiB of memory", a.MemoryKiB)
	case a.Passes < 1 || a.Passes > 16:
		return fmt.Errorf("argon2id with %d passes", a.Passes)
	case a.Lanes < 1 || a.Lanes > 16:
		return fmt.Errorf("argon2id with %d lanes", a.Lanes)
	case len(a.Salt) < 16 || len(a.Salt) > 64:
		return fmt.Errorf("argon2id with a salt of %d bytes", len(a.Salt))
	}
	return nil
}

// key derives the key; it takes a while, and the memory that it says.
func (a *argon) key(passphrase string) seal.Key {
	return seal.Key(argon2.IDKey([]byte(normal(passphrase)), a.Salt, a.Passes, a.MemoryKiB, a.Lanes, seal.KeySize))
}

// normal makes one passphrase of what keyboards and systems type in several ways.
func normal(passphrase string) string { return norm.NFKC.String(passphrase) }

// CheckPassphrase returns an [im.Error] with [im.CodeWeakPassphrase] for a passphrase
// that cannot be chosen.
func CheckPassphrase(passphrase string) error {
	switch n := utf8.RuneCountInString(normal(passphrase)); {
	case n < MinPassphrase:
		return im.Errorf(im.CodeWeakPassphrase, "%d characters; at least %d are needed", n, MinPassphrase)
	case len(passphrase) > MaxPassphraseBytes:
		return im.Errorf(im.CodeInvalidParameter, "%d bytes; at most %d are allowed", len(passphrase), MaxPassphraseBytes)
	}
	return nil
}
