package vault

import (
	"crypto/rand"
	"strings"

	"magpie/internal/seal"
)

// A recovery code is 25 characters of five bits, so nothing needs to slow down who
// tries them all. The alphabet has nothing that is read as something else.
const (
	recoveryAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	recoveryLength   = 25
	recoveryGroup    = 5
)

// newRecovery returns a code as it is shown: XXXXX-XXXXX-XXXXX-XXXXX-XXXXX.
func newRecovery() string {
	random := make([]byte, recoveryLength)
	_, _ = rand.Read(random) // never fails: the program ends instead
	var b strings.Builder
	for i, r := range random {
		if i > 0 && i%recoveryGroup == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(recoveryAlphabet[int(r)%len(recoveryAlphabet)])
	}
	return b.String()
}

// readRecovery reads a code as a person types it; false for what is none.
func readRecovery(typed string) (string, bool) {
	clean := strings.Map(func(r rune) rune {
		switch r {
		case ' ', '-', '\n', '\r', '\t':
			return -1
		case 'O':
			return '0'
		case 'I', 'L':
			return '1'
		}
		return r
	}, strings.ToUpper(normal(typed)))
	return clean, len(clean) == recoveryLength && strings.Trim(clean, recoveryAlphabet) == ""
}

// recoveryKey is the key of a code that readRecovery read.
func recoveryKey(code string, id []byte) seal.Key {
	var k seal.Key
	copy(k[:], code)
	return k.Derive("vault/recovery/" + string(id))
}
