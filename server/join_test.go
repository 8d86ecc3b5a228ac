package server

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"magpie/im"
	"magpie/im/wire"
)

// joinBy says hello with an invitation.
func (c *client) joinBy(user im.UserID, password, nick, secret string) (wire.Welcome, error) {
	f := wire.Hello{Head: c.head(wire.THello), V: 1, User: user, Password: password, Device: "d", Invite: secret, Nick: nick}
	return ask[wire.Welcome](c, f.I, f)
}

// inviteTo makes an invitation of alice, who has an account.
func inviteTo(t testing.TB, s *Server, terms InvitationTerms) string {
	t.Helper()
	accountFor(t, s, "alice")
	terms.By = "alice"
	n, err := s.Invite(t.Context(), terms)
	if err != nil {
		t.Fatal(err)
	}
	if n.Invitation == nil || len(n.Invitation.Secret) < 26 || n.Invitation.By != "alice" {
		t.Fatalf("invitation %+v", n.Invitation)
	}
	return n.Invitation.Secret
}

// Somebody on the network joins by one hello, and writes to who invited.
func TestJoin(t *testing.T) {
	s := open(t, nil)
	n, at := openedTo(t, s)
	secret := inviteTo(t, s, InvitationTerms{})
	alice := connect(t, s, "alice", "a")

	bob := dialNetwork(t, n, at)
	bob.user, bob.device = "bob", "d"
	w, err := bob.joinBy("bob", "秘密", "Bob 鲍勃", secret)
	if err != nil || w.Inviter != "alice" || w.Token == "" {
		t.Fatalf("%+v, %v", w, err)
	}
	bob.say(im.C2C(w.Inviter), "hello from the network")
	if m := alice.message("hello from the network"); m.Message.Nick != "Bob 鲍勃" {
		t.Errorf("from %q", m.Message.Nick)
	}
	now, err := s.Network(t.Context())
	if err != nil || len(now.Joined) != 1 || now.Joined[0].User != "bob" || now.Joined[0].Nick != "Bob 鲍勃" || now.Invitation.Used != 1 {
		t.Fatalf("%+v, %v", now, err)
	}
	// The answer was lost on the way: the same hello again is no second one.
	again := dialNetwork(t, n, at)
	if w, err := again.joinBy("bob", "秘密", "Bob 鲍勃", secret); err != nil || w.Inviter != "alice" {
		t.Errorf("again: %+v, %v", w, err)
	}
	if now, _ := s.Network(t.Context()); len(now.Joined) != 1 || now.Invitation.Used != 1 {
		t.Errorf("after it %+v", now)
	}
	// Later the password alone is enough, and the token for files too.
	later := dialNetwork(t, n, at)
	later.hello(wire.Hello{V: 1, User: "bob", Password: "秘密", Device: "d2"})
	if later.welcome.Inviter != "" {
		t.Error("who invited is told without an invitation")
	}
}

// Without the invitation nobody gets an account, nor learns who has one.
func TestJoinRefused(t *testing.T) {
	clock := time.Now()
	s := open(t, func(o *Options) {
		o.Now = func() time.Time { return clock }
		o.MaxSignInFailures = 1000
		o.Echo = true
	})
	n, at := openedTo(t, s)
	if err := s.CreateUser(t.Context(), "taken", "its own", ""); err != nil {
		t.Fatal(err)
	}
	old := inviteTo(t, s, InvitationTerms{})
	secret := inviteTo(t, s, InvitationTerms{For: time.Hour})
	long := string(bytes.Repeat([]byte("x"), im.MaxPasswordBytes+1))
	for name, c := range map[string]struct {
		user                   im.UserID
		password, nick, secret string
		code                   im.Code
	}{
		"no such secret":       {"new", "pw", "", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", im.CodeInvitationUnknown},
		"garbage":              {"new", "pw", "", "\x00\u202e'; --", im.CodeInvitationUnknown},
		"the hash":             {"new", "pw", "", hashSecret(secret), im.CodeInvitationUnknown},
		"the replaced one":     {"new", "pw", "", old, im.CodeInvitationUnknown},
		"a taken name without": {"taken", "pw", "", old, im.CodeInvitationUnknown},
		"a taken name":         {"taken", "pw", "", secret, im.CodeUserExists},
		"the server's name":    {"echo", "pw", "", secret, im.CodeUserExists},
		"the server's without": {"echo", "pw", "", old, im.CodeInvitationUnknown},
		"no password":          {"new", "", "", secret, im.CodeUserSigEmpty},
		"a long password":      {"new", long, "", secret, im.CodeInvalidParameter},
		"a hostile nick":       {"new", "pw", "a\u202eb", secret, im.CodeProfileValueInvalid},
		"a hostile name":       {"../new", "pw", "", secret, im.CodeInvalidUserID},
	} {
		conn := dialNetwork(t, n, at)
		_, err := conn.joinBy(c.user, c.password, c.nick, c.secret)
		wantCode(t, err, c.code, name)
		conn.close()
	}
	now, err := s.Network(t.Context())
	if err != nil || len(now.Joined) != 0 || now.Invitation.Used != 0 {
		t.Fatalf("of all these %+v joined, %v", now, err)
	}
	clock = clock.Add(time.Hour)
	late := dialNetwork(t, n, at)
	_, err = late.joinBy("new", "pw", "", secret)
	wantCode(t, err, im.CodeInvitationExpired, "an hour later")
	if now, _ := s.Network(t.Context()); now.Invitation != nil {
		t.Errorf("the expired invitation is shown: %+v", now.Invitation)
	}
	// Who has an account gets in with its password, whatever the link is worth.
	known := dialNetwork(t, n, at)
	if w, err := known.joinBy("taken", "its own", "", secret); err != nil || w.Inviter != "" {
		t.Errorf("a known account: %+v, %v", w, err)
	}
	plain := dialNetwork(t, n, at)
	f := wire.Hello{Head: plain.head(wire.THello), V: 1, User: "new", Password: "pw", Device: "d"}
	_, err = ask[wire.Welcome](plain, f.I, f)
	wantCode(t, err, im.CodeWrongPassword, "without any invitation")
}

// As many join as were invited, also when they come at the same time.
func TestJoinUses(t *testing.T) {
	s := open(t, func(o *Options) { o.MaxSignInFailures = 1000 })
	n, at := openedTo(t, s)
	secret := inviteTo(t, s, InvitationTerms{Uses: 3})
	const all = 8
	results := make(chan error, all)
	for i := range all {
		c := dialNetwork(t, n, at)
		go func() {
			_, err := c.joinBy(im.UserID(fmt.Sprintf("guest-%d", i)), "pw", "", secret)
			results <- err
		}()
	}
	in := 0
	for range all {
		switch err := <-results; {
		case err == nil:
			in++
		case im.CodeOf(err) != im.CodeInvitationUsed:
			t.Error(err)
		}
	}
	if in != 3 {
		t.Errorf("%d joined by an invitation for 3", in)
	}
	// One name at the same time: one gets it, and one use is taken.
	secret = inviteTo(t, s, InvitationTerms{Uses: 2})
	for range 2 {
		c := dialNetwork(t, n, at)
		go func() {
			_, err := c.joinBy("twin", fmt.Sprintf("%p", c), "", secret)
			results <- err
		}()
	}
	a, b := im.CodeOf(<-results), im.CodeOf(<-results)
	if min(a, b) != 0 || max(a, b) != im.CodeUserExists {
		t.Errorf("two of one name: %d and %d", a, b)
	}
	now, err := s.Network(t.Context())
	if err != nil || now.Invitation == nil || now.Invitation.Used != 1 || len(now.Joined) != 4 {
		t.Errorf("%+v, %v", now, err)
	}
}

// Guessing is stopped by address: nothing more is looked at, the right secret included.
func TestJoinAttempts(t *testing.T) {
	s := open(t, func(o *Options) { o.MaxSignInFailures = 2 })
	n, at := openedTo(t, s)
	secret := inviteTo(t, s, InvitationTerms{})
	for i := range addressFactor * 2 {
		c := dialNetwork(t, n, at)
		_, err := c.joinBy(im.UserID(fmt.Sprintf("guess-%d", i)), "pw", "", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
		wantCode(t, err, im.CodeInvitationUnknown, "a guess")
		c.close()
	}
	c := dialNetwork(t, n, at)
	_, err := c.joinBy("honest", "pw", "", secret)
	wantCode(t, err, im.CodeTooManyAttempts, "after the guesses")
}
