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
	// A port that another program has closes nothing.
	at := now.Port
	_, err = s.OpenNetwork(t.Context(), ":"+strconv.Itoa(n.Port))
	wantCode(t, err, im.CodePortInUse, "a port that another has")
	if now, err = s.Network(t.Context()); err != nil || !now.Open || now.Port != at || now.Trouble != nil {
		t.Errorf("afterwards %+v, %v", now, err)
	}
	// All interfaces are no address to find it at.
	if now, err = s.OpenNetwork(t.Context(), "0.0.0.0:0"); err != nil || slices.Contains(now.Hosts, "0.0.0.0") {
		t.Errorf("all interfaces: %+v, %v", now, err)
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

// Whoever closes and is gone at once has closed: the link is not valid when it is opened
// again.
func TestCloseNetworkAndGo(t *testing.T) {
	s := open(t, nil)
	openedTo(t, s)
	secret := inviteTo(t, s, InvitationTerms{})
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	_, _ = s.CloseNetwork(gone) // nobody waits for the answer
	n, at := openedTo(t, s)
	if n.Invitation != nil {
		t.Errorf("there is an invitation still: %+v", n.Invitation)
	}
	c := dialNetwork(t, n, at)
	_, err := c.joinBy("mallory", "pw", "", secret)
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
