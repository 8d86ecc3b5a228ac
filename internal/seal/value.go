package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"fmt"
)

// ErrValue says that a value or a name was not sealed with this key, or not as it is
// now, or not for this place.
var ErrValue = errors.New("seal: not authentic")

// ValueOverhead is how many bytes a sealed value is longer than what is in it.
const ValueOverhead = 12 + 16

// Values seals values one by one: AES-256-GCM with a random nonce of 96 bits before
// each. A value opens only together with what it was sealed with beside it, which
// says what it is and where it belongs.
//
// One key may seal 2^32 values; then the odds that a nonce came twice are one in
// 2^32 (NIST SP 800-38D, 8.3). Derive one for each file and each kind of value.
//
// All methods can be called from any goroutine.
type Values struct{ aead cipher.AEAD }

// NewValues returns what seals values with a key that nothing else uses.
func NewValues(k Key) *Values {
	block, err := aes.NewCipher(k[:])
	if err == nil {
		var aead cipher.AEAD
		if aead, err = cipher.NewGCMWithRandomNonce(block); err == nil {
			return &Values{aead}
		}
	}
	panic(fmt.Sprintf("seal: %v", err)) // only for keys of a size that this type does not have
}

// Seal seals what is in b from start on, in place if b has room for
// [ValueOverhead] bytes more. What is before start stays as it is.
func (v *Values) Seal(b []byte, start int, beside []byte) []byte {
	return v.aead.Seal(b[:start], nil, b[start:], beside)
}

// Open appends what is in a sealed value to into; an error says that it is not a
// value that was sealed with this key and with the same beside it.
func (v *Values) Open(into, sealed, beside []byte) ([]byte, error) {
	out, err := v.aead.Open(into, nil, sealed, beside)
	if err != nil {
		return nil, ErrValue
	}
	return out, nil
}
