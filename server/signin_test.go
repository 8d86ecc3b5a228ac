package server

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"magpie/im"
	"magpie/im/wire"
	"magpie/server/auth"
)

// Who signs in how, and how not.
func TestSignIn(t *testing.T) {
	clock := time.Now()
	s := open(t, func(o *Options) {
		o.Now = func() time.Time { return clock }
		o.Echo = true
		o.MaxSignInFailures = 1000
	})
	if err := s.CreateUser(t.Context(), "alice", "秘密", "Alice"); err != nil {
		t.Fatal(err)
	}
	account, err := s.Token(t.Context(), "alice", "a1")
	if err != nil {
		t.Fatal(err)
	}
	accountFor(t, s, "bob")
	sign := func(app int, key string, u im.UserID, d time.Duration, at time.Time) string {
		sig, err := auth.Sign(app, key, u, d, at)
		if err != nil {
			t.Fatal(err)
		}
		return sig
	}
	k := s.keys
	good := sign(k.SDKAppID, k.Secret, "new-one", time.Hour, clock)
	hello := func(u im.UserID, more string) string {
		return fmt.Sprintf(`{"t":"hello","i":1,"v":1,"user":%q,"device":"a1"%s}`, u, more)
	}
	for name, c := range map[string]struct {
		frame string
		code  im.Code
	}{
		"password":             {hello("alice", `,"password":"秘密"`), 0},
		"token":                {hello("alice", `,"token":"`+account+`"`), 0},
		"usersig":              {hello("new-one", `,"usersig":"`+good+`"`), 0},
		"wrong password":       {hello("alice", `,"password":"geheim"`), im.CodeWrongPassword},
		"unknown user":         {hello("nobody", `,"password":"秘密"`), im.CodeWrongPassword},
		"user without one":     {hello("bob", `,"password":"x"`), im.CodeWrongPassword},
		"long password":        {hello("alice", `,"password":"`+strings.Repeat("x", 257)+`"`), im.CodeWrongPassword},
		"nothing":              {hello("alice", ""), im.CodeUserSigEmpty},
		"two at once":          {hello("alice", `,"password":"秘密","token":"x"`), im.CodeInvalidParameter},
		"token of another":     {hello("bob", `,"token":"`+account+`"`), im.CodeUserSigWrongUser},
		"token of a device":    {`{"t":"hello","i":1,"v":1,"user":"alice","device":"a2","token":"` + account + `"}`, im.CodeUserSigWrongUser},
		"token cut":            {hello("alice", `,"token":"`+account[:len(account)-2]+`"`), im.CodeUserSigInvalid},
		"usersig of another":   {hello("alice", `,"usersig":"`+good+`"`), im.CodeUserSigWrongUser},
		"usersig expired":      {hello("alice", `,"usersig":"`+sign(k.SDKAppID, k.Secret, "alice", time.Second, clock.Add(-time.Hour))+`"`), im.CodeUserSigExpired},
		"usersig of other app": {hello("alice", `,"usersig":"`+sign(k.SDKAppID+1, k.Secret, "alice", time.Hour, clock)+`"`), im.CodeUserSigWrongApp},
		"usersig of other key": {hello("alice", `,"usersig":"`+sign(k.SDKAppID, "other", "alice", time.Hour, clock)+`"`), im.CodeUserSigMismatch},
		"usersig garbage":      {hello("alice", `,"usersig":"garbage"`), im.CodeUserSigInvalid},
		"echo":                 {hello("echo", `,"usersig":"`+sign(k.SDKAppID, k.Secret, "echo", time.Hour, clock)+`"`), im.CodeWrongPassword},
		"user with slash":      {hello("a/b", `,"password":"x"`), im.CodeInvalidUserID},
		"no device":            {`{"t":"hello","i":1,"v":1,"user":"alice","password":"x"}`, im.CodeInvalidParameter},
		"device with dot":      {`{"t":"hello","i":1,"v":1,"user":"alice","device":"a.b","password":"x"}`, im.CodeInvalidParameter},
		"version 0":            {`{"t":"hello","i":1,"user":"alice","device":"a","password":"x"}`, im.CodeVersion},
		"before hello":         {`{"t":"convs","i":1}`, im.CodeNotReady},
	} {
		t.Run(name, func(t *testing.T) {
			conn := dial(t, s.URL())
			answer := make(chan []byte, 1)
			conn.calls[1] = answer
			if err := conn.write([]byte(c.frame)); err != nil {
				t.Fatal(err)
			}
			line, err := conn.await(answer)
			if err != nil {
				t.Fatal(err)
			}
			w, err := decodeAnswer[wire.Welcome](line)
			wantCode(t, err, c.code, name)
			if c.code != 0 {
				<-conn.gone
				return
			}
			if w.Token == "" || w.Epoch != s.epoch.value() || w.Session == "" || w.Limits.FrameBytes != wire.MaxRequestBytes || w.Limits.PingInterval != 25 || w.V != wire.Version {
				t.Errorf("welcome %+v", w)
			}
			conn.close()
		})
	}
	// A week later the token is no good any more.
	clock = clock.Add(tokenLifetime + time.Second)
	c := dial(t, s.URL())
	f := helloOf("alice", "a1", account)
	f.Head = c.head(wire.THello)
	_, err = ask[wire.Welcome](c, f.I, f)
	wantCode(t, err, im.CodeUserSigExpired, "an expired token")
}

// Guessing passwords is stopped, for the guesser's address only.
func TestSignInAttempts(t *testing.T) {
	clock := time.Now()
	s := open(t, func(o *Options) { o.MaxSignInFailures = 3; o.Now = func() time.Time { return clock } })
	if err := s.CreateUser(t.Context(), "alice", "right", ""); err != nil {
		t.Fatal(err)
	}
	try := func(password string) error {
		c := dial(t, s.URL())
		f := wire.Hello{Head: c.head(wire.THello), V: 1, User: "alice", Device: "d", Password: password}
		_, err := ask[wire.Welcome](c, f.I, f)
		c.close()
		return err
	}
	for range 3 {
		wantCode(t, try("wrong"), im.CodeWrongPassword, "a wrong password")
	}
	wantCode(t, try("right"), im.CodeTooManyAttempts, "the right one after too many wrong ones")
	if err := s.limits.signIn("alice", "192.0.2.1"); err != nil {
		t.Errorf("another address is refused: %v", err)
	}
	clock = clock.Add(failureWindow + time.Second)
	if err := try("right"); err != nil {
		t.Errorf("later: %v", err)
	}
}

// Browsers come only from allowed origins; programs send none.
func TestOrigin(t *testing.T) {
	s := open(t, func(o *Options) { o.Origins = []string{"https://chat.example"} })
	for origin, allowed := range map[string]bool{"": true, "https://chat.example": true, "https://evil.example": false, "null": false} {
		h := http.Header{}
		if origin != "" {
			h.Set("Origin", origin)
		}
		ws, resp, err := websocket.DefaultDialer.DialContext(t.Context(), s.URL(), h)
		if (err == nil) != allowed {
			t.Errorf("origin %q: %v", origin, err)
		}
		if err == nil {
			ws.Close()
		}
		resp.Body.Close()
	}
	resp, err := http.Get("http://" + s.Address() + "/healthz")
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("healthz: %v", err)
	}
	resp.Body.Close()
	http.DefaultClient.CloseIdleConnections()
}
