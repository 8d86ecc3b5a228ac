package invite

import (
	"encoding/hex"
	"strings"

	"magpie/im"
)

// Fingerprint is the SHA-256 of a server's certificate as it is sent (DER).
type Fingerprint [32]byte

// String is the fingerprint as 64 digits in lower case.
func (f Fingerprint) String() string { return hex.EncodeToString(f[:]) }

// ForPeople is the fingerprint for comparing by eye: upper case, in groups of four,
// eight of them a line.
func (f Fingerprint) ForPeople() string {
	const group, line = 4, 8
	digits := strings.ToUpper(f.String())
	var b strings.Builder
	for i := 0; i < len(digits); i += group {
		switch n := i / group; {
		case n == 0:
		case n%line == 0:
			b.WriteByte('\n')
		default:
			b.WriteByte(' ')
		}
		b.WriteString(digits[i : i+group])
	}
	return b.String()
}

// ParseFingerprint reads 64 hexadecimal digits of either case, which may be parted
// by colons two by two. The error has code 130133 (CodeInvitationMalformed).
func ParseFingerprint(s string) (Fingerprint, error) {
	var f Fingerprint
	digits := s
	if pairs := strings.Split(s, ":"); len(pairs) == len(f) {
		digits = strings.Join(pairs, "")
	}
	if len(digits) != hex.EncodedLen(len(f)) {
		return f, malformed("the fingerprint is not one of 64 digits")
	}
	if _, err := hex.Decode(f[:], []byte(digits)); err != nil {
		return f, malformed("the fingerprint is not hexadecimal")
	}
	return f, nil
}

func malformed(format string, args ...any) error {
	return im.Errorf(im.CodeInvitationMalformed, format, args...)
}
