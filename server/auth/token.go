package auth

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"magpie/im"
)

// Claims are what a token says: this device of this user may sign in from
// Issued until Expires. Times have a resolution of a millisecond.
type Claims struct {
	User    im.UserID
	Device  string
	Issued  time.Time
	Expires time.Time
	// Until is when the session ends that the device opens with it, as the UserSig
	// does that the first token was given for; zero is never.
	Until time.Time
}

const (
	// minKeyBytes is the shortest key that signs tokens.
	minKeyBytes = 16
	// maxTokenBytes is the longest token that is looked at.
	maxTokenBytes = 1 << 10
	// tokenContext begins what is signed, so that no signature made for another
	// purpose with the same key is ever a token.
	tokenContext = "magpie token 1\n"
)

// tokenBody is the signed part of a token.
type tokenBody struct {
	User    im.UserID `json:"user"`
	Device  string    `json:"device"`
	Issued  int64     `json:"iat"` // ms since 1970
	Expires int64     `json:"exp"` // ms since 1970
	Until   int64     `json:"until,omitempty"`
}

// NewToken makes the token that states c: base64url of JSON, a dot, base64url
// of its HMAC-SHA256 under key. The token can be read by whoever has it; it
// holds no secret but itself. The error is an *im.Error for an invalid user or
// device, and a plain one for a key of less than 16 bytes or a token that would
// expire before it is issued.
func NewToken(key []byte, c Claims) (string, error) {
	if len(key) < minKeyBytes {
		return "", fmt.Errorf("auth: token key of %d bytes; %d are the least", len(key), minKeyBytes)
	}
	if err := checkClaims(c); err != nil {
		return "", err
	}
	if !c.Expires.After(c.Issued) {
		return "", fmt.Errorf("auth: a token issued %v would expire %v", c.Issued, c.Expires)
	}
	until := int64(0)
	if !c.Until.IsZero() {
		until = c.Until.UnixMilli()
	}
	plain, err := json.Marshal(tokenBody{c.User, c.Device, c.Issued.UnixMilli(), c.Expires.UnixMilli(), until})
	if err != nil {
		return "", fmt.Errorf("auth: encode token: %w", err)
	}
	body := base64.RawURLEncoding.EncodeToString(plain)
	return body + "." + base64.RawURLEncoding.EncodeToString(tokenMAC(key, body)), nil
}

// ParseToken returns what token says if key made it and it is valid at now. The
// error is an *im.Error: 70002 for an empty token, 70003 for one that cannot be
// read, 70009 for one of another key, 70001 for an expired one; the client then
// asks for the password or a UserSig again. A key of less than 16 bytes is a
// plain error.
func ParseToken(key []byte, token string, now time.Time) (Claims, error) {
	if len(key) < minKeyBytes {
		return Claims{}, fmt.Errorf("auth: token key of %d bytes; %d are the least", len(key), minKeyBytes)
	}
	if token == "" {
		return Claims{}, im.Errorf(im.CodeUserSigEmpty, "the token is empty")
	}
	body, mac64, ok := strings.Cut(token, ".")
	mac, err := base64.RawURLEncoding.Strict().DecodeString(mac64)
	if !ok || err != nil || len(token) > maxTokenBytes {
		return Claims{}, im.Errorf(im.CodeUserSigInvalid, "the token has not the form of one")
	}
	// Nothing of the body is decoded before it is known to be ours.
	if !hmac.Equal(mac, tokenMAC(key, body)) {
		return Claims{}, im.Errorf(im.CodeUserSigMismatch, "the token was not made by this server")
	}
	var b tokenBody
	plain, err := base64.RawURLEncoding.DecodeString(body)
	if err == nil {
		err = json.Unmarshal(plain, &b)
	}
	if err != nil {
		return Claims{}, im.Errorf(im.CodeUserSigInvalid, "the token cannot be read")
	}
	c := Claims{User: b.User, Device: b.Device, Issued: time.UnixMilli(b.Issued), Expires: time.UnixMilli(b.Expires)}
	if b.Until != 0 {
		c.Until = time.UnixMilli(b.Until)
	}
	if err := checkClaims(c); err != nil {
		return Claims{}, im.Errorf(im.CodeUserSigInvalid, "the token names no user or device")
	}
	if !now.Before(c.Expires) {
		return Claims{}, im.Errorf(im.CodeUserSigExpired, "the token has expired")
	}
	return c, nil
}

func checkClaims(c Claims) error {
	if err := c.User.Validate(); err != nil {
		return err
	}
	return im.ValidateDevice(c.Device)
}

func tokenMAC(key []byte, body string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(tokenContext))
	h.Write([]byte(body))
	return h.Sum(nil)
}
