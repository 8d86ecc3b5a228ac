package auth

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"

	"magpie/im"
)

// params are the costs of one argon2id hash.
type params struct {
	memory  uint32 // KiB
	passes  uint32
	threads uint8
}

// Costs of new hashes: the configuration for sign-in that OWASP's password
// storage sheet names first for argon2id. It takes 19 MiB while it runs, so a
// server bounds how many run at a time.
func currentParams() params { return params{memory: 19 << 10, passes: 2, threads: 1} }

// Bounds of the costs a stored hash may ask for, so that a damaged one cannot
// take the machine's memory.
const (
	maxMemory  = 256 << 10 // KiB
	maxPasses  = 16
	maxThreads = 8
	saltBytes  = 16
	hashBytes  = 32
	maxPHC     = 256
)

// HashPassword returns the argon2id hash of pw with a fresh salt, as a PHC
// string. A password of 0 or more than im.MaxPasswordBytes bytes is an
// *im.Error with code 6017.
func HashPassword(pw string) (string, error) {
	if len(pw) == 0 || len(pw) > im.MaxPasswordBytes {
		return "", im.Errorf(im.CodeInvalidParameter, "password of %d bytes, 1 to %d are allowed", len(pw), im.MaxPasswordBytes)
	}
	salt := make([]byte, saltBytes)
	if _, err := rand.Read(salt); err != nil {
		return "", fmt.Errorf("auth: salt: %w", err)
	}
	p := currentParams()
	sum := argon2.IDKey([]byte(pw), salt, p.passes, p.memory, p.threads, hashBytes)
	enc := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s",
		argon2.Version, p.memory, p.passes, p.threads, enc(salt), enc(sum)), nil
}

// CheckPassword returns nil if pw is the password behind hash, and an *im.Error
// with code 130100 if it is not. With an empty hash it does the same work and
// refuses, so that who has no account cannot be told by the time it takes. Any
// other error means that hash itself is damaged.
func CheckPassword(hash, pw string) error {
	wrong := im.Errorf(im.CodeWrongPassword, "the password does not fit")
	// No stored hash is of such a password; hashing it would be work for nothing.
	if len(pw) == 0 || len(pw) > im.MaxPasswordBytes {
		return wrong
	}
	if hash == "" {
		p := currentParams()
		argon2.IDKey([]byte(pw), make([]byte, saltBytes), p.passes, p.memory, p.threads, hashBytes)
		return wrong
	}
	p, salt, want, err := parsePHC(hash)
	if err != nil {
		return err
	}
	got := argon2.IDKey([]byte(pw), salt, p.passes, p.memory, p.threads, uint32(len(want)))
	if subtle.ConstantTimeCompare(got, want) != 1 {
		return wrong
	}
	return nil
}

// parsePHC reads $argon2id$v=19$m=…,t=…,p=…$salt$hash.
func parsePHC(s string) (p params, salt, sum []byte, err error) {
	fail := func(why string) (params, []byte, []byte, error) {
		return params{}, nil, nil, errors.New("auth: stored password hash " + why)
	}
	parts := strings.Split(s, "$")
	if len(s) > maxPHC || len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" {
		return fail("is not an argon2id hash")
	}
	if parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return fail("is of another version of argon2")
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.memory, &p.passes, &p.threads); err != nil ||
		parts[3] != fmt.Sprintf("m=%d,t=%d,p=%d", p.memory, p.passes, p.threads) {
		return fail("has no costs that can be read")
	}
	if p.memory < 8*uint32(p.threads) || p.memory > maxMemory || p.passes < 1 || p.passes > maxPasses ||
		p.threads < 1 || p.threads > maxThreads {
		return fail("has costs out of bounds")
	}
	dec := base64.RawStdEncoding.Strict()
	if salt, err = dec.DecodeString(parts[4]); err != nil || len(salt) < 8 || len(salt) > 64 {
		return fail("has a malformed salt")
	}
	if sum, err = dec.DecodeString(parts[5]); err != nil || len(sum) < 16 || len(sum) > 64 {
		return fail("has a malformed sum")
	}
	return p, salt, sum, nil
}
