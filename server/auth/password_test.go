package auth_test

import (
	"strings"
	"testing"

	"magpie/im"
	"magpie/server/auth"
)

func TestPasswords(t *testing.T) {
	for _, pw := range []string{"a", "correct horse battery staple", "喜鹊", "nul\x00inside", strings.Repeat("p", im.MaxPasswordBytes)} {
		hash, err := auth.HashPassword(pw)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
			t.Errorf("hash is %q", hash)
		}
		if err := auth.CheckPassword(hash, pw); err != nil {
			t.Errorf("%.20q does not fit its own hash: %v", pw, err)
		}
		for _, other := range []string{pw + "x", pw[:len(pw)-1], ""} {
			if err := auth.CheckPassword(hash, other); im.CodeOf(err) != im.CodeWrongPassword {
				t.Errorf("%.20q for %.20q: %v", other, pw, err)
			}
		}
	}
}

func TestSaltIsFresh(t *testing.T) {
	a, err := auth.HashPassword("same")
	if err != nil {
		t.Fatal(err)
	}
	b, err := auth.HashPassword("same")
	if err != nil {
		t.Fatal(err)
	}
	if a == b {
		t.Error("the same password has the same hash twice")
	}
}

func TestPasswordLength(t *testing.T) {
	long := strings.Repeat("p", im.MaxPasswordBytes+1)
	for _, pw := range []string{"", long} {
		if _, err := auth.HashPassword(pw); im.CodeOf(err) != im.CodeInvalidParameter {
			t.Errorf("hash of %d bytes: %v", len(pw), err)
		}
	}
	if err := auth.CheckPassword("", long); im.CodeOf(err) != im.CodeWrongPassword {
		t.Errorf("check of %d bytes: %v", len(long), err)
	}
}

func TestNoAccountIsAWrongPassword(t *testing.T) {
	if err := auth.CheckPassword("", "anything"); im.CodeOf(err) != im.CodeWrongPassword {
		t.Errorf("got %v", err)
	}
}

// A hash of other, allowed costs goes on working after the defaults change.
// This one is of the password "password", made with the reference program's
// parameters m=65536, t=2, p=1 and salt "somesalt"; it is in the tests of the
// published reference implementation of argon2.
func TestReferenceVector(t *testing.T) {
	const hash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	if err := auth.CheckPassword(hash, "password"); err != nil {
		t.Error(err)
	}
	if err := auth.CheckPassword(hash, "Password"); im.CodeOf(err) != im.CodeWrongPassword {
		t.Errorf("got %v", err)
	}
}

// What is damaged on the server's disk is not the person's wrong password.
func TestDamagedHash(t *testing.T) {
	const tail = "$c29tZXNhbHRzb21lc2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	for _, hash := range []string{
		"x", "$", "$$$$$", "password", "$2a$10$abcdefghijklmnopqrstuv",
		"$argon2i$v=19$m=19456,t=2,p=1" + tail,
		"$argon2id$v=16$m=19456,t=2,p=1" + tail,
		"$argon2id$v=19$m=99999999,t=2,p=1" + tail, // would take 95 GiB
		"$argon2id$v=19$m=19456,t=4000000000,p=1" + tail,
		"$argon2id$v=19$m=19456,t=2,p=0" + tail,
		"$argon2id$v=19$m=19456,t=2,p=300" + tail,
		"$argon2id$v=19$m=19456,t=0,p=1" + tail,
		"$argon2id$v=19$m=-1,t=2,p=1" + tail,
		"$argon2id$v=19$m=19456,t=2,p=1,x=1" + tail,
		"$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$",
		"$argon2id$v=19$m=19456,t=2,p=1$!!!!!!!!!!!!$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
		"$argon2id$v=19$m=19456,t=2,p=1$" + strings.Repeat("A", 300),
	} {
		err := auth.CheckPassword(hash, "password")
		if err == nil || im.CodeOf(err) != 0 {
			t.Errorf("%.60q: got %v, want an error without a code", hash, err)
		}
	}
}

func FuzzCheckPasswordHash(f *testing.F) {
	f.Add("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")
	f.Add("$argon2id$v=19$m=x,t=,p=$$")
	f.Fuzz(func(t *testing.T, hash string) {
		if err := auth.CheckPassword(hash, "a password nobody has"); err == nil {
			t.Fatalf("%q accepts it", hash)
		}
	})
}
