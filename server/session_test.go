package server

import (
	"testing"
	"time"

	"magpie/im"
	"magpie/im/wire"
)

func (c *client) block(off bool, users ...im.UserID) error {
	f := wire.Block{Head: c.head(wire.TBlock), Users: users, Off: off}
	_, err := ask[wire.OK](c, f.I, f)
	return err
}

func (c *client) blocked() []im.UserID {
	c.t.Helper()
	f := wire.Blocked{Head: c.head(wire.TBlocked)}
	r, err := ask[wire.Blocked](c, f.I, f)
	if err != nil {
		c.t.Fatal(err)
	}
	return r.Users
}

// Whom a user blocks cannot write to it, in no way, and is told so; all else is
// as before, and the list is the same on all devices and after a restart.
func TestBlock(t *testing.T) {
	dir := t.TempDir()
	s := reopen(t, dir, nil)
	alice, mallory := connect(t, s, "alice", "a"), connect(t, s, "mallory", "m")
	phone := connect(t, s, "alice", "p")
	mallory.say("C2Calice", "before")
	if err := alice.block(false, "mallory", "eve"); err != nil {
		t.Fatal(err)
	}
	phone.event(wire.EvBlocked)
	if got := phone.blocked(); len(got) != 2 || got[0] != "eve" || got[1] != "mallory" {
		t.Errorf("blocked %v", got)
	}
	for _, o := range []im.SendOptions{{}, {OnlineUserOnly: true}} {
		_, err := mallory.trySend(mallory.text("C2Calice", "forged"), 0, o)
		wantCode(t, err, im.CodeBlocked, "who is blocked writes")
	}
	if n := len(alice.history("C2Cmallory")); n != 1 {
		t.Errorf("%d messages, want 1", n)
	}
	alice.say("C2Cmallory", "I may still")
	mallory.message("I may still")
	f := wire.Users{Head: mallory.head(wire.TPresence), Users: []im.UserID{"alice"}}
	if p, err := ask[wire.PresenceList](mallory, f.I, f); err != nil || p.Users[0].StatusType != im.StatusOnline {
		t.Errorf("presence %+v, %v", p, err)
	}
	wantCode(t, alice.block(false, "alice"), im.CodeBlacklistSelf, "blocking oneself")
	wantCode(t, alice.block(false, "no/one"), im.CodeInvalidUserID, "a malformed id")
	if err := alice.block(false, "mallory"); err != nil { // again: nothing to tell
		t.Fatal(err)
	}
	phone.nothing(s, func(line []byte) bool { return string(line) == `{"t":"ev","k":"blocked"}` })
	shut(t, s)
	s = reopen(t, dir, nil)
	alice, mallory = connect(t, s, "alice", "a"), connect(t, s, "mallory", "m2")
	_, err := mallory.trySend(mallory.text("C2Calice", "forged"), 0, im.SendOptions{})
	wantCode(t, err, im.CodeBlocked, "after a restart")
	if err := alice.block(true, "mallory", "stranger"); err != nil {
		t.Fatal(err)
	}
	mallory.say("C2Calice", "after")
	alice.message("after")
}

// The list has an end.
func TestBlockLimit(t *testing.T) {
	s := open(t, nil)
	alice := connect(t, s, "alice", "a")
	var users []im.UserID
	for i := range im.MaxBlacklist + 1 {
		users = append(users, im.UserID("u"+time.Unix(int64(i), 0).UTC().Format("150405")))
	}
	for i := 0; i < im.MaxBlacklist; i += 100 {
		if err := alice.block(false, users[i:i+100]...); err != nil {
			t.Fatal(err)
		}
	}
	wantCode(t, alice.block(false, users[im.MaxBlacklist]), im.CodeInvalidGroupParameter, "one more")
	wantCode(t, alice.block(true, users[:101]...), im.CodeInvalidParameter, "101 in a request")
	if n := len(alice.blocked()); n != im.MaxBlacklist {
		t.Errorf("%d blocked, want %d", n, im.MaxBlacklist)
	}
}

// on signs in on a platform.
func on(t *testing.T, s *Server, user im.UserID, device, platform string) *client {
	t.Helper()
	accountFor(t, s, user)
	token, err := s.Token(t.Context(), user, device)
	if err != nil {
		t.Fatal(err)
	}
	c := dial(t, s.URL())
	h := helloOf(user, device, token)
	h.Platform = platform
	c.hello(h)
	return c
}

// kicked waits for the kick, which is the last thing a session hears.
func kicked(t *testing.T, c *client, reason im.KickReason) {
	t.Helper()
	if k := push[wire.Kick](c, wire.TKick, nil); k.Reason != reason {
		t.Errorf("kicked for %s, want %s", k.Reason, reason)
	}
	<-c.gone
}

// Where one device of a kind is allowed the newer session ends the older, of
// other kinds none; elsewhere as many as one likes.
func TestSingleDevice(t *testing.T) {
	s := open(t, func(o *Options) { o.SingleDevice = []string{"desktop"} })
	old, phone := on(t, s, "alice", "d1", "desktop"), on(t, s, "alice", "p1", "mobile")
	other := on(t, s, "bob", "d1", "desktop")
	second := on(t, s, "alice", "d2", "desktop")
	kicked(t, old, im.KickMultipleDevice)
	copied := on(t, s, "alice", "d2", "desktop") // a copy of the same installation
	kicked(t, second, im.KickMultipleAccount)
	back := on(t, s, "alice", "d1", "desktop") // a person signs in again
	kicked(t, copied, im.KickMultipleDevice)
	on(t, s, "alice", "p2", "mobile")
	for _, c := range []*client{phone, other, back} {
		c.convs()
	}
}

// A session lasts as long as what it signed in with.
func TestExpiredSession(t *testing.T) {
	s := open(t, nil)
	accountFor(t, s, "alice")
	sig, err := s.UserSig("alice", time.Second)
	if err != nil {
		t.Fatal(err)
	}
	long, err := s.UserSig("alice", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	stays := dial(t, s.URL())
	stays.hello(wire.Hello{V: wire.Version, User: "alice", Device: "b", UserSig: long})
	c := dial(t, s.URL())
	c.hello(wire.Hello{V: wire.Version, User: "alice", Device: "a", UserSig: sig})
	if left := time.Until(time.UnixMilli(c.welcome.TokenExpires)); left > 2*time.Second {
		t.Errorf("the token of a UserSig of a second lasts %v", left)
	}
	// The token does not outlive the UserSig, nor does a session opened with it.
	again := dial(t, s.URL())
	again.hello(helloOf("alice", "a", c.welcome.Token))
	kicked(t, c, im.KickUserSigExpired)
	kicked(t, again, im.KickUserSigExpired)
	stays.convs()
	code, ended := dial(t, s.URL()).rawHello(helloOf("alice", "a", again.welcome.Token))
	if code != im.CodeUserSigExpired || !ended {
		t.Errorf("the expired token: code %d, ended %v", code, ended)
	}
}

// rawHello signs in where that is refused.
func (c *client) rawHello(h wire.Hello) (im.Code, bool) {
	c.t.Helper()
	h.Head = c.head(wire.THello)
	_, err := ask[wire.Welcome](c, h.I, h)
	if err == nil {
		return 0, false
	}
	<-c.gone
	return im.CodeOf(err), true
}

// The operator's kick ends all sessions and makes what was issued worthless; the
// password and what is issued later sign in.
func TestOperatorKick(t *testing.T) {
	clock := newClock()
	dir := t.TempDir()
	s := reopen(t, dir, func(o *Options) { o.Now = clock.now })
	if err := s.CreateUser(t.Context(), "alice", "password", ""); err != nil {
		t.Fatal(err)
	}
	a, b, bob := connect(t, s, "alice", "a"), connect(t, s, "alice", "b"), connect(t, s, "bob", "b")
	sig, err := s.UserSig("alice", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	clock.add(time.Second)
	if err := KickUser(t.Context(), Folder{dir, testKey}, "alice"); err != nil {
		t.Fatal(err)
	}
	kicked(t, a, im.KickREST)
	kicked(t, b, im.KickREST)
	bob.convs()
	for name, h := range map[string]wire.Hello{
		"token": helloOf("alice", "a", a.welcome.Token), "UserSig": {V: wire.Version, User: "alice", Device: "a", UserSig: sig},
	} {
		if code, _ := dial(t, s.URL()).rawHello(h); code != im.CodeUserSigRevoked {
			t.Errorf("the old %s: code %d", name, code)
		}
	}
	fresh, err := s.UserSig("alice", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	dial(t, s.URL()).hello(wire.Hello{V: wire.Version, User: "alice", Device: "a", UserSig: fresh})
	c := dial(t, s.URL())
	c.hello(wire.Hello{V: wire.Version, User: "alice", Device: "a", Password: "password"})
	dial(t, s.URL()).hello(helloOf("alice", "a", c.welcome.Token))
	wantCode(t, KickUser(t.Context(), Folder{dir, testKey}, "nobody"), im.CodeUserNotFound, "nobody")
}
