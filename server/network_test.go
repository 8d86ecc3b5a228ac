package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"magpie/im"
	"magpie/im/wire"
	"magpie/internal/seal"
)

// pinned is what a client on the network trusts: one certificate, whatever it says.
func pinned(fingerprint string) *tls.Config {
	return &tls.Config{InsecureSkipVerify: true, VerifyConnection: func(s tls.ConnectionState) error {
		if sum := sha256.Sum256(s.PeerCertificates[0].Raw); hex.EncodeToString(sum[:]) != fingerprint {
			return errors.New("another certificate")
		}
		return nil
	}}
}

// away is an address of this computer that is not loopback's, so that what comes
// there comes over a network; loopback's where it has none.
func away(t testing.TB) string {
	t.Helper()
	hosts, err := hostsFor("")
	if err != nil {
		t.Fatal(err)
	}
	if len(hosts) == 0 {
		t.Log("this computer has no network: loopback stands for it")
		return "127.0.0.1"
	}
	return hosts[0]
}

// openedTo opens s to the network on a free port.
func openedTo(t testing.TB, s *Server) (n Network, at string) {
	t.Helper()
	n, err := s.OpenNetwork(t.Context(), ":0")
	if err != nil {
		t.Fatal(err)
	}
	if !n.Open || !n.Wanted || n.Trouble != nil || n.Port == 0 {
		t.Fatalf("opened as %+v", n)
	}
	return n, net.JoinHostPort(away(t), strconv.Itoa(n.Port))
}

func dialNetwork(t testing.TB, n Network, at string) *client {
	t.Helper()
	return dialWith(t, &websocket.Dialer{TLSClientConfig: pinned(n.Fingerprint)}, "wss://"+at+wire.Path)
}

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
		switch err := <-results; im.CodeOf(err) {
		case 0:
			in++
		case im.CodeInvitationUsed:
		default:
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

func TestAddressOf(t *testing.T) {
	for remote, want := range map[string]string{
		"192.0.2.7:1": "192.0.2.7", "[::ffff:192.0.2.7]:1": "192.0.2.7", "127.0.0.1:1": "127.0.0.1", "[::1]:9": "::1",
		"[2001:db8:1:2:3:4:5:6]:1": "2001:db8:1:2::/64", "[2001:db8:1:2::9]:7": "2001:db8:1:2::/64", "[fe80::1%eth0]:1": "fe80::/64", "pipe": "pipe",
	} {
		if got := addressOf(remote); got != want {
			t.Errorf("%s counts as %s, want %s", remote, got, want)
		}
	}
}

// What a link should lead to: never an address that another computer cannot use.
func TestRankHosts(t *testing.T) {
	var all []netip.Addr
	for _, a := range []string{"127.0.0.1", "::1", "172.17.0.1", "fe80::1", "2001:db8::1", "203.0.113.9", "192.168.1.20", "169.254.1.1", "192.168.1.20"} {
		all = append(all, netip.MustParseAddr(a))
	}
	got := rankHosts(all, netip.MustParseAddr("192.168.1.20"))
	want := []string{"192.168.1.20", "172.17.0.1", "203.0.113.9", "2001:db8::1"}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := rankHosts(all[:2], netip.Addr{}); got == nil || len(got) != 0 {
		t.Errorf("without a network: %v", got)
	}
}

// The network is never spoken to in the clear, and what is no TLS at all harms nobody.
func TestNetworkIsTLSOnly(t *testing.T) {
	s := open(t, nil)
	n, at := openedTo(t, s)
	if resp, err := http.Get("http://" + at + "/healthz"); err == nil {
		resp.Body.Close()
		if resp.StatusCode == http.StatusOK {
			t.Error("it answers without TLS")
		}
	}
	for _, garbage := range [][]byte{{}, {0}, []byte("GET / HTTP/1.1\r\n\r\n"), bytes.Repeat([]byte{0x16, 3, 1, 0xff}, 5000)} {
		c, err := net.Dial("tcp", at)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = c.Write(garbage) // the server may have ended it by then
		c.Close()
	}
	old := pinned(n.Fingerprint)
	old.MaxVersion = tls.VersionTLS12
	if c, err := tls.Dial("tcp", at, old); err == nil {
		c.Close()
		t.Error("TLS 1.2 is spoken")
	}
	dialNetwork(t, n, at)
	// Loopback is as it was.
	resp, err := http.Get("http://" + s.Address() + "/healthz")
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("loopback: %v", err)
	}
	resp.Body.Close()
	http.DefaultClient.CloseIdleConnections()
}

// A folder keeps port, certificate and the decision over restarts; what lies on the
// disk says neither the key nor the secret.
func TestNetworkIsKept(t *testing.T) {
	dir := t.TempDir()
	s := reopen(t, dir, nil)
	n, at := openedTo(t, s)
	secret := inviteTo(t, s, InvitationTerms{})
	shut(t, s)
	if found := readable(t, dir, secret, "PRIVATE", "certificate\""); len(found) > 0 {
		t.Errorf("on the disk: %v", found)
	}
	s = reopen(t, dir, nil)
	again, err := s.Network(t.Context())
	if err != nil || !again.Open || again.Port != n.Port || again.Fingerprint != n.Fingerprint {
		t.Fatalf("after a restart %+v, %v; before %+v", again, err, n)
	}
	if again.Invitation == nil || again.Invitation.Secret != "" {
		t.Errorf("after a restart the invitation is %+v", again.Invitation)
	}
	c := dialNetwork(t, n, at)
	if _, err := c.joinBy("bob", "pw", "", secret); err != nil {
		t.Errorf("joining by a link of before the restart: %v", err)
	}
	if _, err := s.CloseNetwork(t.Context()); err != nil {
		t.Fatal(err)
	}
	shut(t, s)
	s = reopen(t, dir, nil)
	if closed, err := s.Network(t.Context()); err != nil || closed.Open || closed.Wanted || closed.Port != n.Port {
		t.Errorf("closed and restarted: %+v, %v", closed, err)
	}
	shut(t, s)
	// The folder is opened without a key from now on: the certificate stays the same.
	s = reopen(t, dir, func(o *Options) { o.Unseal = true })
	if plain, err := s.Network(t.Context()); err != nil || plain.Fingerprint != n.Fingerprint {
		t.Errorf("unsealed: %+v, %v", plain, err)
	}
}

// Another certificate is never made for a folder that has one, and a damaged one keeps
// nobody on this computer from the server.
func TestDamagedCertificate(t *testing.T) {
	dir := t.TempDir()
	s := reopen(t, dir, nil)
	if _, err := s.OpenNetwork(t.Context(), "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.CloseNetwork(t.Context()); err != nil {
		t.Fatal(err)
	}
	shut(t, s)
	path := filepath.Join(dir, certificateFile)
	good, err := os.ReadFile(path)
	if err != nil || !seal.Is(good) {
		t.Fatalf("the certificate is not sealed: %v", err)
	}
	for name, b := range map[string][]byte{"cut": good[:len(good)-1], "empty": {}, "no JSON": []byte("x"), "no certificate": []byte("{}")} {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(t.Context(), Options{Data: dir, Key: testKey})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if _, err := s.OpenNetwork(t.Context(), "127.0.0.1:0"); err == nil {
			t.Errorf("%s: it opens", name)
		}
		shut(t, s)
		if left, _ := os.ReadFile(path); !bytes.Equal(left, b) {
			t.Errorf("%s: it was replaced", name)
		}
	}
	if err := os.WriteFile(path, good, 0o600); err != nil {
		t.Fatal(err)
	}
	reopen(t, dir, nil)
}

// A port that another program has is an error with words; the first time, when nobody
// knows the port yet, another one will do. This computer is served either way.
func TestPortInUse(t *testing.T) {
	dir := t.TempDir()
	s := reopen(t, dir, nil)
	n, _ := openedTo(t, s)
	shut(t, s)
	other, err := net.Listen("tcp", net.JoinHostPort("", strconv.Itoa(n.Port)))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	s = reopen(t, dir, nil)
	now, err := s.Network(t.Context())
	if err != nil || now.Open || !now.Wanted || im.CodeOf(now.Trouble) != im.CodePortInUse {
		t.Fatalf("%+v, %v", now, err)
	}
	connect(t, s, "alice", "a")
	_, err = s.OpenNetwork(t.Context(), "")
	wantCode(t, err, im.CodePortInUse, "opening it again")
	now, err = s.OpenNetwork(t.Context(), ":0")
	if err != nil || !now.Open || now.Port == n.Port || now.Trouble != nil {
		t.Errorf("another port: %+v, %v", now, err)
	}
	for listen, code := range map[string]im.Code{"x": im.CodeInvalidParameter, ":70000": im.CodeInvalidParameter, "name:1": im.CodeInvalidParameter, "203.0.113.77:0": im.CodeNoNetwork} {
		_, err := s.OpenNetwork(t.Context(), listen)
		wantCode(t, err, code, listen)
	}
}

// Closing cuts who is connected, in the middle of a file too, and nobody gets in any
// more; loopback goes on.
func TestCloseNetwork(t *testing.T) {
	s := open(t, nil)
	n, at := openedTo(t, s)
	secret := inviteTo(t, s, InvitationTerms{})
	bob := dialNetwork(t, n, at)
	w, err := bob.joinBy("bob", "pw", "", secret)
	if err != nil {
		t.Fatal(err)
	}
	alice := connect(t, s, "alice", "a")

	// A file on its way, whose second half never comes.
	upload, err := tls.Dial("tcp", at, pinned(n.Fingerprint))
	if err != nil {
		t.Fatal(err)
	}
	defer upload.Close()
	fmt.Fprintf(upload, "POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nTus-Resumable: 1.0.0\r\nUpload-Length: 200000\r\n"+
		"Content-Type: application/offset+octet-stream\r\nContent-Length: 200000\r\n\r\n", wire.FilesPath, w.Token)
	if _, err := upload.Write(make([]byte, 100000)); err != nil {
		t.Fatal(err)
	}

	closed, err := s.CloseNetwork(t.Context())
	if err != nil || closed.Open || closed.Wanted || closed.Invitation != nil {
		t.Fatalf("%+v, %v", closed, err)
	}
	<-bob.gone
	if !websocket.IsCloseError(bob.end, websocket.CloseGoingAway) {
		t.Errorf("the connection ended with %v", bob.end)
	}
	if err := upload.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if answer, err := io.ReadAll(upload); errors.Is(err, os.ErrDeadlineExceeded) || len(answer) > 0 {
		t.Errorf("the upload got %q, %v", answer, err)
	}
	if c, err := net.Dial("tcp", at); err == nil {
		c.Close()
		t.Error("it still listens")
	}
	alice.say(im.C2C("bob"), "loopback goes on")
	// Opened again the old link stays invalid.
	n, at = openedTo(t, s)
	c := dialNetwork(t, n, at)
	_, err = c.joinBy("carol", "pw", "", secret)
	wantCode(t, err, im.CodeInvitationUnknown, "a link of before")
}

// A window asks the server of another process for all of it.
func TestAskNetwork(t *testing.T) {
	s := open(t, nil)
	accountFor(t, s, "alice")
	f := Folder{Data: s.opt.Data, Key: testKey}
	n, err := AskNetwork(t.Context(), f)
	if err != nil || n.Open || n.Port != 0 || n.Fingerprint != "" {
		t.Fatalf("%+v, %v", n, err)
	}
	if n, err = AskOpenNetwork(t.Context(), f, ":0"); err != nil || !n.Open || len(n.Fingerprint) != 64 {
		t.Fatalf("%+v, %v", n, err)
	}
	if n, err = AskInvite(t.Context(), f, InvitationTerms{By: "alice", Uses: 2}); err != nil || n.Invitation.Secret == "" {
		t.Fatalf("%+v, %v", n, err)
	}
	_, err = AskInvite(t.Context(), f, InvitationTerms{By: "nobody"})
	wantCode(t, err, im.CodeUserNotFound, "an invitation of nobody")
	for _, terms := range []InvitationTerms{{By: "alice", For: MaxInvitationTime + 1}, {By: "alice", For: -1}, {By: "alice", Uses: -1}} {
		_, err = AskInvite(t.Context(), f, terms)
		wantCode(t, err, im.CodeInvalidParameter, fmt.Sprintf("%+v", terms))
	}
	if n, err = AskCloseNetwork(t.Context(), f); err != nil || n.Open {
		t.Fatalf("%+v, %v", n, err)
	}
	_, err = AskNetwork(t.Context(), Folder{Data: t.TempDir()})
	wantCode(t, err, im.CodeServerUnreachable, "a folder that nobody serves")
}

// Somebody with many connections does not keep others out.
func TestConnectionsPerAddress(t *testing.T) {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := newNetListener(inner)
	defer l.cut()
	defer inner.Close()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	dialer := new(net.Dialer)
	var mine []net.Conn
	for range netConnsPerAddress {
		c, err := dialer.DialContext(ctx, "tcp", inner.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		mine = append(mine, c)
		if _, err := l.Accept(); err != nil {
			t.Fatal(err)
		}
	}
	accepted := make(chan net.Conn)
	go func() {
		c, _ := l.Accept()
		accepted <- c
	}()
	one, err := dialer.DialContext(ctx, "tcp", inner.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := one.Read(make([]byte, 1)); err == nil {
		t.Error("one too many was let in")
	}
	one.Close()
	l.cut()
	for _, c := range mine {
		c.Close()
	}
	last, err := dialer.DialContext(ctx, "tcp", inner.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer last.Close()
	if c := <-accepted; c == nil {
		t.Error("nobody is let in any more")
	} else {
		c.Close()
	}
}
