package auth_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"magpie/im"
	"magpie/server/auth"
)

func tokenKey() []byte { return []byte("0123456789abcdef0123456789abcdef") }

func claims() auth.Claims {
	return auth.Claims{User: "alice", Device: "dev_1", Issued: now(), Expires: now().Add(time.Hour)}
}

func TestTokenRoundTrip(t *testing.T) {
	token, err := auth.NewToken(tokenKey(), claims())
	if err != nil {
		t.Fatal(err)
	}
	got, err := auth.ParseToken(tokenKey(), token, now())
	if err != nil {
		t.Fatal(err)
	}
	want := claims()
	if !got.Until.IsZero() {
		t.Errorf("a session without end ends %v", got.Until)
	}
	want.Until = now().Add(2 * time.Hour)
	if token, err = auth.NewToken(tokenKey(), want); err != nil {
		t.Fatal(err)
	}
	if got, err = auth.ParseToken(tokenKey(), token, now()); err != nil || !got.Until.Equal(want.Until) {
		t.Errorf("the session ends %v, want %v; %v", got.Until, want.Until, err)
	}
	if got.User != want.User || got.Device != want.Device || !got.Issued.Equal(want.Issued) || !got.Expires.Equal(want.Expires) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestTokenCodes(t *testing.T) {
	good, err := auth.NewToken(tokenKey(), claims())
	if err != nil {
		t.Fatal(err)
	}
	body, mac, _ := strings.Cut(good, ".")
	forged := base64.RawURLEncoding.EncodeToString([]byte(`{"user":"root","device":"d","iat":1,"exp":99999999999999}`))
	for name, c := range map[string]struct {
		key   string
		token string
		after time.Duration
		want  im.Code
	}{
		"good":             {string(tokenKey()), good, 0, 0},
		"last millisecond": {string(tokenKey()), good, time.Hour - time.Millisecond, 0},
		"expired":          {string(tokenKey()), good, time.Hour, im.CodeUserSigExpired},
		"empty":            {string(tokenKey()), "", 0, im.CodeUserSigEmpty},
		"no dot":           {string(tokenKey()), body + mac, 0, im.CodeUserSigInvalid},
		"too long":         {string(tokenKey()), strings.Repeat("A", 2000) + "." + mac, 0, im.CodeUserSigInvalid},
		"another key":      {"another key of thirty-two bytes!", good, 0, im.CodeUserSigMismatch},
		"forged body":      {string(tokenKey()), forged + "." + mac, 0, im.CodeUserSigMismatch},
		"no signature":     {string(tokenKey()), body + ".", 0, im.CodeUserSigMismatch},
		"short signature":  {string(tokenKey()), body + "." + mac[:8], 0, im.CodeUserSigMismatch},
		"two dots":         {string(tokenKey()), good + ".", 0, im.CodeUserSigInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := auth.ParseToken([]byte(c.key), c.token, now().Add(c.after))
			if im.CodeOf(err) != c.want || (err == nil) != (c.want == 0) {
				t.Errorf("got %v, want code %d", err, c.want)
			}
		})
	}
}

// Every single changed byte of a token makes it worthless.
func TestTokenBytesChanged(t *testing.T) {
	good, err := auth.NewToken(tokenKey(), claims())
	if err != nil {
		t.Fatal(err)
	}
	for i := range len(good) {
		b := []byte(good)
		b[i] ^= 1
		if _, err := auth.ParseToken(tokenKey(), string(b), now()); err == nil {
			t.Errorf("accepted with byte %d changed", i)
		}
	}
}

// What another part of the program signs with the same key is no token.
func TestTokenNeedsItsContext(t *testing.T) {
	body := base64.RawURLEncoding.EncodeToString([]byte(`{"user":"root","device":"d","iat":1,"exp":99999999999999}`))
	h := hmac.New(sha256.New, tokenKey())
	h.Write([]byte(body))
	token := body + "." + base64.RawURLEncoding.EncodeToString(h.Sum(nil))
	if c, err := auth.ParseToken(tokenKey(), token, now()); im.CodeOf(err) != im.CodeUserSigMismatch {
		t.Errorf("got %+v, %v", c, err)
	}
}

func TestNewTokenRefuses(t *testing.T) {
	for name, change := range map[string]func(*auth.Claims){
		"user":     func(c *auth.Claims) { c.User = "a/b" },
		"device":   func(c *auth.Claims) { c.Device = "" },
		"lifetime": func(c *auth.Claims) { c.Expires = c.Issued },
	} {
		c := claims()
		change(&c)
		if token, err := auth.NewToken(tokenKey(), c); err == nil {
			t.Errorf("%s: made %q", name, token)
		}
	}
	if _, err := auth.NewToken([]byte("short"), claims()); err == nil || im.CodeOf(err) != 0 {
		t.Errorf("short key: %v", err)
	}
	if _, err := auth.ParseToken(nil, "a.b", now()); err == nil || im.CodeOf(err) != 0 {
		t.Errorf("no key: %v", err)
	}
}

func FuzzParseToken(f *testing.F) {
	good, err := auth.NewToken(tokenKey(), claims())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add("")
	f.Add(".")
	f.Add("e30.AAAA")
	f.Fuzz(func(t *testing.T, token string) {
		got, err := auth.ParseToken(tokenKey(), token, now())
		if err != nil {
			if im.CodeOf(err) == 0 {
				t.Fatalf("error without a code: %v", err)
			}
			return
		}
		again, err := auth.NewToken(tokenKey(), got)
		if err != nil || again != token {
			t.Fatalf("accepted %q, which is not what it says: %+v (%v)", token, got, err)
		}
	})
}
