package auth

import (
	"bytes"
	"compress/zlib"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"magpie/im"
)

// Largest UserSig that is looked at, as it comes and inflated, in bytes. Real
// ones are about 200 and 250; a document that inflates past the cap is refused
// without being read further.
const (
	maxUserSigBytes         = 4 << 10
	maxUserSigDocumentBytes = 4 << 10
)

// userSigVersion is the version of UserSig that this package speaks.
const userSigVersion = "2.0"

// userSig is the document inside a UserSig.
type userSig struct {
	Version    string `json:"TLS.ver"`
	Identifier string `json:"TLS.identifier"`
	SDKAppID   int64  `json:"TLS.sdkappid"`
	Expire     int64  `json:"TLS.expire"` // seconds after Time
	Time       int64  `json:"TLS.time"`   // seconds since 1970
	UserBuf    []byte `json:"TLS.userbuf,omitempty"`
	Sig        string `json:"TLS.sig"`
}

// Sign makes the UserSig with which user signs in to application appid, valid
// for expire (whole seconds, at least one) after now. key is the application's
// secret. An invalid user is an *im.Error with code 7003; every other error is
// the caller's mistake.
func Sign(appid int, key string, user im.UserID, expire time.Duration, now time.Time) (string, error) {
	if err := user.Validate(); err != nil {
		return "", err
	}
	switch {
	case key == "":
		return "", errors.New("auth: the secret key is empty")
	case appid <= 0:
		return "", fmt.Errorf("auth: application id %d is not positive", appid)
	case expire < time.Second:
		return "", fmt.Errorf("auth: a UserSig valid for %v; one second is the least", expire)
	case now.Unix() < 0:
		return "", fmt.Errorf("auth: the clock stands before 1970: %v", now)
	}
	doc := userSig{
		Version:    userSigVersion,
		Identifier: string(user),
		SDKAppID:   int64(appid),
		Expire:     int64(expire / time.Second),
		Time:       now.Unix(),
	}
	doc.Sig = base64.StdEncoding.EncodeToString(doc.mac(key))
	plain, err := json.Marshal(doc)
	if err != nil {
		return "", fmt.Errorf("auth: encode UserSig: %w", err)
	}
	var packed bytes.Buffer
	w := zlib.NewWriter(&packed)
	if _, err := w.Write(plain); err != nil {
		return "", fmt.Errorf("auth: deflate UserSig: %w", err)
	}
	if err := w.Close(); err != nil {
		return "", fmt.Errorf("auth: deflate UserSig: %w", err)
	}
	return toURL.Replace(base64.StdEncoding.EncodeToString(packed.Bytes())), nil
}

// Verify reports whether sig lets user into application appid at time now. It
// looks in the order of the published implementation: application, user,
// expiry, signature. The error is an *im.Error:
//
//	70002 sig is empty          70014 made for another application
//	70003 sig cannot be read    70013 made for another user
//	70001 sig has expired       70009 the signature does not fit the key
//
// or 7003 if user is no user id. A UserSig made in the future is accepted, as
// the clock of its maker may be ahead. An empty key verifies nothing (70009).
func Verify(appid int, key string, user im.UserID, sig string, now time.Time) error {
	if err := user.Validate(); err != nil {
		return err
	}
	doc, err := readUserSig(sig)
	if err != nil {
		return err
	}
	switch {
	case doc.SDKAppID != int64(appid):
		return im.Errorf(im.CodeUserSigWrongApp, "the UserSig is for application %d", doc.SDKAppID)
	case doc.Identifier != string(user):
		return im.Errorf(im.CodeUserSigWrongUser, "the UserSig is for another user than %s", user)
	// Both bounds keep the subtraction within an int64.
	case doc.Time < 0 || doc.Expire <= 0 || now.Unix()-doc.Time > doc.Expire:
		return im.Errorf(im.CodeUserSigExpired, "the UserSig has expired")
	}
	got, err := base64.StdEncoding.DecodeString(doc.Sig)
	if err != nil {
		return im.Errorf(im.CodeUserSigInvalid, "the signature in the UserSig is not base64")
	}
	if key == "" || !hmac.Equal(got, doc.mac(key)) {
		return im.Errorf(im.CodeUserSigMismatch, "the signature in the UserSig does not fit")
	}
	return nil
}

// maxValidity is the longest that a UserSig is taken to be valid for; a longer
// one has no end that a timer could wait for.
const maxValidity = 100 * 365 * 24 * time.Hour

// Validity returns when sig, which [Verify] has accepted, was made and from when
// on it is not accepted any more. The error is that of [Verify] for one that
// cannot be read.
func Validity(sig string) (issued, until time.Time, err error) {
	doc, err := readUserSig(sig)
	if err != nil {
		return time.Time{}, time.Time{}, err
	}
	seconds := min(doc.Expire, int64(maxValidity/time.Second))
	// Verify counts the last second as valid to its end.
	return time.Unix(doc.Time, 0), time.Unix(doc.Time+seconds+1, 0), nil
}

// readUserSig decodes sig without believing any of it.
func readUserSig(sig string) (userSig, error) {
	if sig == "" {
		return userSig{}, im.Errorf(im.CodeUserSigEmpty, "the UserSig is empty")
	}
	invalid := func(why string) (userSig, error) {
		return userSig{}, im.Errorf(im.CodeUserSigInvalid, "the UserSig %s", why)
	}
	if len(sig) > maxUserSigBytes {
		return invalid(fmt.Sprintf("has %d bytes, %d are read", len(sig), maxUserSigBytes))
	}
	packed, err := base64.StdEncoding.DecodeString(fromURL.Replace(sig))
	if err != nil {
		return invalid("is not base64 in its own alphabet")
	}
	r, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return invalid("is not compressed as it should be")
	}
	plain, err := io.ReadAll(io.LimitReader(r, maxUserSigDocumentBytes+1))
	if err != nil {
		return invalid("is damaged")
	}
	if len(plain) > maxUserSigDocumentBytes {
		return invalid(fmt.Sprintf("inflates to more than %d bytes", maxUserSigDocumentBytes))
	}
	var doc userSig
	if err := json.Unmarshal(plain, &doc); err != nil {
		return invalid("does not hold a document")
	}
	if doc.Version != userSigVersion {
		return invalid("is not of version " + userSigVersion)
	}
	// A buffer belongs to rights in rooms of calls, which this server has not;
	// letting it pass would grant less than its maker meant.
	if doc.UserBuf != nil {
		return invalid("carries a buffer of rights, which is not supported")
	}
	return doc, nil
}

// mac is the HMAC-SHA256 of the signed fields, in the order and form of the
// published second version.
func (d *userSig) mac(key string) []byte {
	h := hmac.New(sha256.New, []byte(key))
	for _, line := range [][2]string{
		{"identifier", d.Identifier},
		{"sdkappid", strconv.FormatInt(d.SDKAppID, 10)},
		{"time", strconv.FormatInt(d.Time, 10)},
		{"expire", strconv.FormatInt(d.Expire, 10)},
	} {
		h.Write([]byte("TLS." + line[0] + ":" + line[1] + "\n"))
	}
	return h.Sum(nil)
}

// UserSigs use an alphabet of their own, which is not that of base64url.
var (
	toURL   = strings.NewReplacer("+", "*", "/", "-", "=", "_")
	fromURL = strings.NewReplacer("*", "+", "-", "/", "_", "=")
)
