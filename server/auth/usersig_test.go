package auth_test

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/tencentyun/tls-sig-api-v2-golang/tencentyun"

	"magpie/im"
	"magpie/server/auth"
)

const (
	appid = 1400000001
	key   = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e"
)

func now() time.Time { return time.Unix(1_800_000_000, 0) }

// pack wraps a document as UserSigs are wrapped.
func pack(tb testing.TB, doc []byte) string {
	tb.Helper()
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	if _, err := w.Write(doc); err != nil {
		tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return strings.NewReplacer("+", "*", "/", "-", "=", "_").Replace(base64.StdEncoding.EncodeToString(b.Bytes()))
}

// unpack is the other way, for a signature known to be good.
func unpack(tb testing.TB, sig string) map[string]any {
	tb.Helper()
	b, err := base64.StdEncoding.DecodeString(strings.NewReplacer("*", "+", "-", "/", "_", "=").Replace(sig))
	if err != nil {
		tb.Fatal(err)
	}
	r, err := zlib.NewReader(bytes.NewReader(b))
	if err != nil {
		tb.Fatal(err)
	}
	var doc map[string]any
	if err := json.NewDecoder(r).Decode(&doc); err != nil {
		tb.Fatal(err)
	}
	return doc
}

func TestPublishedPackageAcceptsOurs(t *testing.T) {
	for _, user := range []im.UserID{"a", "alice", "User_9-x", im.UserID(strings.Repeat("z", 32))} {
		sig, err := auth.Sign(appid, key, user, time.Hour, now())
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range []struct {
			when time.Duration
			want error
		}{{0, nil}, {time.Hour, nil}, {time.Hour + time.Second, tencentyun.ErrExpired}} {
			if err := tencentyun.VerifyUserSig(appid, key, string(user), sig, now().Add(at.when)); !errors.Is(err, at.want) {
				t.Errorf("%s after %v: the published package says %v, want %v", user, at.when, err, at.want)
			}
		}
		if err := tencentyun.VerifyUserSig(appid, key+"x", string(user), sig, now()); !errors.Is(err, tencentyun.ErrSigNotMatch) {
			t.Errorf("%s with another key: the published package says %v", user, err)
		}
	}
}

func TestWeAcceptThoseOfThePublishedPackage(t *testing.T) {
	for _, user := range []im.UserID{"a", "bob", "User_9-x", im.UserID(strings.Repeat("z", 32))} {
		sig, err := tencentyun.GenUserSig(appid, key, string(user), 86400)
		if err != nil {
			t.Fatal(err)
		}
		if err := auth.Verify(appid, key, user, sig, time.Now()); err != nil {
			t.Errorf("%s: %v", user, err)
		}
		if err := auth.Verify(appid, key, user, sig, time.Now().Add(25*time.Hour)); im.CodeOf(err) != im.CodeUserSigExpired {
			t.Errorf("%s a day later: %v", user, err)
		}
	}
	withBuf, err := tencentyun.GenUserSigWithBuf(appid, key, "bob", 86400, []byte("rights"))
	if err != nil {
		t.Fatal(err)
	}
	if err := auth.Verify(appid, key, "bob", withBuf, time.Now()); im.CodeOf(err) != im.CodeUserSigInvalid {
		t.Errorf("with a buffer of rights: %v", err)
	}
}

// The signature here was computed with openssl dgst -sha256 -hmac.
func TestVector(t *testing.T) {
	sig, err := auth.Sign(appid, key, "alice", time.Hour, now())
	if err != nil {
		t.Fatal(err)
	}
	doc := unpack(t, sig)
	want := map[string]any{
		"TLS.ver": "2.0", "TLS.identifier": "alice", "TLS.sdkappid": float64(appid),
		"TLS.time": float64(1_800_000_000), "TLS.expire": float64(3600),
		"TLS.sig": "gBcK9a3VlloMYwz/g4KPz9PxkcYFf5Wn3paFhpImeOY=",
	}
	for k, v := range want {
		if doc[k] != v {
			t.Errorf("%s = %v, want %v", k, doc[k], v)
		}
	}
	if len(doc) != len(want) {
		t.Errorf("document has the fields %v", doc)
	}
}

func TestVerifyCodes(t *testing.T) {
	good, err := auth.Sign(appid, key, "alice", time.Hour, now())
	if err != nil {
		t.Fatal(err)
	}
	doc := unpack(t, good)
	with := func(field string, v any) string {
		d := map[string]any{}
		for k, v := range doc {
			d[k] = v
		}
		d[field] = v
		b, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		return pack(t, b)
	}
	for name, c := range map[string]struct {
		appid int
		key   string
		user  im.UserID
		sig   string
		after time.Duration
		want  im.Code
	}{
		"good":                      {appid, key, "alice", good, 0, 0},
		"last second":               {appid, key, "alice", good, time.Hour, 0},
		"made by a clock ahead":     {appid, key, "alice", good, -time.Minute, 0},
		"expired":                   {appid, key, "alice", good, time.Hour + time.Second, im.CodeUserSigExpired},
		"empty":                     {appid, key, "alice", "", 0, im.CodeUserSigEmpty},
		"text":                      {appid, key, "alice", "no signature", 0, im.CodeUserSigInvalid},
		"base64url instead":         {appid, key, "alice", "abc=", 0, im.CodeUserSigInvalid},
		"not compressed":            {appid, key, "alice", base64.StdEncoding.EncodeToString([]byte("{}")), 0, im.CodeUserSigInvalid},
		"cut off":                   {appid, key, "alice", good[:len(good)/2], 0, im.CodeUserSigInvalid},
		"too long":                  {appid, key, "alice", strings.Repeat("A", 5000), 0, im.CodeUserSigInvalid},
		"not a document":            {appid, key, "alice", pack(t, []byte("[1,2]")), 0, im.CodeUserSigInvalid},
		"empty document":            {appid, key, "alice", pack(t, []byte("{}")), 0, im.CodeUserSigInvalid},
		"version 1":                 {appid, key, "alice", with("TLS.ver", "1.0"), 0, im.CodeUserSigInvalid},
		"id as text":                {appid, key, "alice", with("TLS.sdkappid", "1"), 0, im.CodeUserSigInvalid},
		"huge id":                   {appid, key, "alice", with("TLS.sdkappid", 1e300), 0, im.CodeUserSigInvalid},
		"signature not base64":      {appid, key, "alice", with("TLS.sig", "§"), 0, im.CodeUserSigInvalid},
		"no signature":              {appid, key, "alice", with("TLS.sig", ""), 0, im.CodeUserSigMismatch},
		"lifetime made longer":      {appid, key, "alice", with("TLS.expire", 7200), 0, im.CodeUserSigMismatch},
		"lifetime past all numbers": {appid, key, "alice", with("TLS.expire", int64(math.MaxInt64)), 0, im.CodeUserSigMismatch},
		"before all times":          {appid, key, "alice", with("TLS.time", int64(math.MinInt64)), 0, im.CodeUserSigExpired},
		"no lifetime":               {appid, key, "alice", with("TLS.expire", 0), 0, im.CodeUserSigExpired},
		"name changed inside":       {appid, key, "bob", with("TLS.identifier", "bob"), 0, im.CodeUserSigMismatch},
		"line feed in the name":     {appid, key, "alice", with("TLS.identifier", "alice\nTLS.sdkappid:1"), 0, im.CodeUserSigWrongUser},
		"another key":               {appid, key + "0", "alice", good, 0, im.CodeUserSigMismatch},
		"no key":                    {appid, "", "alice", good, 0, im.CodeUserSigMismatch},
		"another user":              {appid, key, "bob", good, 0, im.CodeUserSigWrongUser},
		"another application":       {appid + 1, key, "alice", good, 0, im.CodeUserSigWrongApp},
		"no user id":                {appid, key, "a/b", good, 0, im.CodeInvalidUserID},
		"another order of checks":   {appid + 1, key + "0", "bob", good, 2 * time.Hour, im.CodeUserSigWrongApp},
	} {
		t.Run(name, func(t *testing.T) {
			err := auth.Verify(c.appid, c.key, c.user, c.sig, now().Add(c.after))
			if im.CodeOf(err) != c.want || (err == nil) != (c.want == 0) {
				t.Errorf("got %v, want code %d", err, c.want)
			}
		})
	}
}

// A signature with an empty key must not open a server whose key is missing.
func TestNoKeyOpensNothing(t *testing.T) {
	sig, err := tencentyun.GenUserSig(appid, "", "alice", 3600)
	if err != nil {
		t.Fatal(err)
	}
	if err := auth.Verify(appid, "", "alice", sig, time.Now()); im.CodeOf(err) != im.CodeUserSigMismatch {
		t.Errorf("got %v", err)
	}
}

func TestSignRefuses(t *testing.T) {
	for name, f := range map[string]func() (string, error){
		"no key":       func() (string, error) { return auth.Sign(appid, "", "alice", time.Hour, now()) },
		"no app":       func() (string, error) { return auth.Sign(0, key, "alice", time.Hour, now()) },
		"no lifetime":  func() (string, error) { return auth.Sign(appid, key, "alice", 0, now()) },
		"half second":  func() (string, error) { return auth.Sign(appid, key, "alice", time.Second/2, now()) },
		"before 1970":  func() (string, error) { return auth.Sign(appid, key, "alice", time.Hour, time.Unix(-1, 0)) },
		"no user":      func() (string, error) { return auth.Sign(appid, key, "", time.Hour, now()) },
		"line feed":    func() (string, error) { return auth.Sign(appid, key, "a\nb", time.Hour, now()) },
		"not an ASCII": func() (string, error) { return auth.Sign(appid, key, "喜鹊", time.Hour, now()) },
	} {
		if sig, err := f(); err == nil {
			t.Errorf("%s: signed %q", name, sig)
		}
	}
}

// A kilobyte that inflates to a gigabyte costs what its first 4 KB cost.
func TestZipBomb(t *testing.T) {
	bomb := pack(t, bytes.Repeat([]byte{' '}, 2<<20)) // 2 MB in about 2 KB
	if len(bomb) > 4<<10 {
		t.Fatalf("the bomb has %d bytes and would be refused for its length", len(bomb))
	}
	verify := func() {
		if err := auth.Verify(appid, key, "alice", bomb, now()); im.CodeOf(err) != im.CodeUserSigInvalid {
			t.Fatalf("got %v", err)
		}
	}
	r := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			verify()
		}
	})
	if got := r.AllocedBytesPerOp(); got > 256<<10 {
		t.Errorf("a bomb of 2 MB takes %d bytes of memory", got)
	}
}

func FuzzVerify(f *testing.F) {
	good, err := auth.Sign(appid, key, "alice", time.Hour, now())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add("")
	f.Add(good[:40])
	f.Add(pack(f, bytes.Repeat([]byte{'{'}, 100_000)))
	f.Add(pack(f, []byte(`{"TLS.ver":"2.0","TLS.identifier":"alice","TLS.sdkappid":1400000001,"TLS.expire":9223372036854775807,"TLS.time":-9223372036854775808,"TLS.sig":"AAAA"}`)))
	f.Fuzz(func(t *testing.T, sig string) {
		err := auth.Verify(appid, key, "alice", sig, now())
		if err == nil {
			if err := tencentyun.VerifyUserSig(appid, key, "alice", sig, now()); err != nil {
				t.Fatalf("accepted what the published package refuses: %v", err)
			}
			return
		}
		switch im.CodeOf(err) {
		case im.CodeUserSigEmpty, im.CodeUserSigInvalid, im.CodeUserSigExpired,
			im.CodeUserSigMismatch, im.CodeUserSigWrongApp, im.CodeUserSigWrongUser:
		default:
			t.Fatalf("unexpected error %v", err)
		}
	})
}

// FuzzVerifyDocument mutates what is inside, past the compression.
func FuzzVerifyDocument(f *testing.F) {
	good, err := auth.Sign(appid, key, "alice", time.Hour, now())
	if err != nil {
		f.Fatal(err)
	}
	doc, err := json.Marshal(unpack(f, good))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(doc)
	f.Add([]byte(`{"TLS.ver":"2.0","TLS.sdkappid":1400000001,"TLS.identifier":"alice","TLS.time":1,"TLS.expire":1}`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		sig := pack(t, doc)
		if err := auth.Verify(appid, key, "alice", sig, now()); err == nil {
			if err := tencentyun.VerifyUserSig(appid, key, "alice", sig, now()); err != nil {
				t.Fatalf("accepted what the published package refuses: %v", err)
			}
		}
	})
}

// A UserSig is accepted before the end that Validity tells, and not from it on.
func TestValidity(t *testing.T) {
	made := time.Unix(1785312000, 0)
	for _, expire := range []time.Duration{time.Second, 180 * 24 * time.Hour, 100 * 365 * 24 * time.Hour} {
		sig, err := auth.Sign(1400000001, "key", "alice", expire, made)
		if err != nil {
			t.Fatal(err)
		}
		issued, until, err := auth.Validity(sig)
		if err != nil || !issued.Equal(made) {
			t.Fatalf("issued %v, want %v; %v", issued, made, err)
		}
		for at, want := range map[time.Time]im.Code{until.Add(-time.Millisecond): 0, until: im.CodeUserSigExpired} {
			if err := auth.Verify(1400000001, "key", "alice", sig, at); im.CodeOf(err) != want {
				t.Errorf("valid for %v, at %v: %v, want code %d", expire, at, err, want)
			}
		}
	}
	if _, _, err := auth.Validity("nonsense"); im.CodeOf(err) != im.CodeUserSigInvalid {
		t.Errorf("nonsense: %v", err)
	}
}
