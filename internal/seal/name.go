package seal

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"hash"
	"sync"
)

// NameSize is the size of a [Names.Hash], and of the steps in which sealed names
// grow.
const NameSize = aes.BlockSize

// Names seals what has to be found again by equality, such as ids in the keys of a
// database: the same name is sealed to the same bytes. Whoever has no key sees
// that two are equal, and how long they are in steps of [NameSize] bytes, and
// nothing else.
//
// A sealed name is the synthetic initialization vector of the name, and the name
// encrypted with that (the SIV mode of Rogaway and Shrimpton, 2006; RFC 5297 is its
// form with CMAC): here the vector is HMAC-SHA-256 cut to 16 bytes, and the
// encryption is AES-256-CTR, both of the standard library, which has no CMAC.
//
// All methods can be called from any goroutine.
type Names struct {
	macs  sync.Pool // of hash.Hash: making one hashes the key twice
	block cipher.Block
}

// NewNames returns what seals names with a key that nothing else uses.
func NewNames(k Key) *Names {
	mac, enc := k.Derive("name/mac"), k.Derive("name/enc")
	block, err := aes.NewCipher(enc[:])
	if err != nil {
		panic(fmt.Sprintf("seal: %v", err)) // only for keys of a size that this type does not have
	}
	return &Names{block: block, macs: sync.Pool{New: func() any { return hmac.New(sha256.New, mac[:]) }}}
}

// What a MAC is of. Nothing that is hashed is taken for a name that is sealed.
var (
	sealedName = []byte{1}
	hashedName = []byte{2}
)

func (n *Names) mac(what, b []byte) (out [NameSize]byte) {
	m := n.macs.Get().(hash.Hash)
	defer n.macs.Put(m)
	m.Reset()
	_, _ = m.Write(what) // never fails, says hash.Hash
	_, _ = m.Write(b)
	var sum [sha256.Size]byte
	copy(out[:], m.Sum(sum[:0]))
	return out
}

// Hash appends a number of [NameSize] bytes that stands for a name and does not
// lead back to it.
func (n *Names) Hash(into []byte, name []byte) []byte {
	sum := n.mac(hashedName, name)
	return append(into, sum[:]...)
}

// Seal appends a sealed name.
func (n *Names) Seal(into []byte, name string) []byte {
	// Padded as ISO 7816-4 says: a byte and zeros.
	size := (len(name)/NameSize + 1) * NameSize
	start := len(into)
	into = append(into, make([]byte, NameSize+size)...)
	vector, body := into[start:start+NameSize], into[start+NameSize:]
	body[copy(body, name)] = 0x80
	sum := n.mac(sealedName, body)
	copy(vector, sum[:])
	cipher.NewCTR(n.block, vector).XORKeyStream(body, body)
	return into
}

// Open returns the name that was sealed, or [ErrValue].
func (n *Names) Open(sealed []byte) (string, error) {
	if len(sealed) < 2*NameSize || len(sealed)%NameSize != 0 {
		return "", ErrValue
	}
	body := make([]byte, len(sealed)-NameSize)
	cipher.NewCTR(n.block, sealed[:NameSize]).XORKeyStream(body, sealed[NameSize:])
	sum := n.mac(sealedName, body)
	if subtle.ConstantTimeCompare(sum[:], sealed[:NameSize]) != 1 {
		return "", ErrValue
	}
	// What is authentic was padded.
	return string(body[:bytes.LastIndexByte(body, 0x80)]), nil
}
