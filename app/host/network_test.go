package host_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"magpie/app/core"
	"magpie/app/host"
	"magpie/im"
	"magpie/internal/seal"
	"magpie/server"
	"magpie/server/invite"
	"magpie/server/inviting"
	"magpie/store"
)

const patience = 20 * time.Second

// inviting opens the network of a server with an account alice, who invites.
func invitedBy(t *testing.T, h *host.Host) invite.Invitation {
	t.Helper()
	if err := h.CreateUser(t.Context(), "alice", password, "Alice"); err != nil && im.CodeOf(err) != im.CodeUserExists {
		t.Fatal(err)
	}
	if _, err := h.OpenNetwork(t.Context(), ":0"); err != nil {
		t.Fatal(err)
	}
	n, err := h.Invite(t.Context(), server.InvitationTerms{By: "alice"})
	if err != nil {
		t.Fatal(err)
	}
	if len(n.Hosts) == 0 {
		n.Hosts = []string{"127.0.0.1"} // a computer without a network
	}
	link, err := inviting.Link(n)
	if err != nil {
		t.Fatal(err)
	}
	return link
}

// guest is a client of another data folder.
type guest struct {
	*core.Client
	events *core.Subscription
}

// away makes a client that joins by a link as user, or goes on, with its history at
// path and the server found at an address.
func away(t *testing.T, path string, user im.UserID, link invite.Invitation, address string) *guest {
	t.Helper()
	key := &seal.Key{'g'}
	st, _, err := store.Open(path, store.Options{Account: user, Key: key})
	if err != nil {
		t.Fatal(err)
	}
	c, err := core.New(core.Options{
		Store: st, Key: key, Server: "wss://" + address, User: user, Password: password, Pin: link.Fingerprint[:], Invite: link.Secret, Nick: "Guest",
		RetryMin: 10 * time.Millisecond, RetryMax: 100 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	g := &guest{c, c.Subscribe()}
	t.Cleanup(func() {
		g.events.Close()
		if err := errors.Join(c.Close(), st.Close()); err != nil {
			t.Error(err)
		}
	})
	c.Start(t.Context())
	return g
}

func (g *guest) ready(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := g.WaitReady(ctx); err != nil {
		t.Fatal(err)
	}
}

// event waits for one that fits.
func (g *guest) event(t *testing.T, fits func(core.Event) bool) {
	t.Helper()
	limit := time.After(patience)
	for {
		select {
		case e := <-g.events.Events():
			if fits(e) {
				return
			}
		case <-limit:
			t.Fatal("the event did not come")
		}
	}
}

func state(s core.State) func(core.Event) bool {
	return func(e core.Event) bool {
		c, ok := e.(core.StateChanged)
		return ok && c.State == s
	}
}

// local signs the inviter in on its own computer.
func local(t *testing.T, h *host.Host) *core.Client {
	t.Helper()
	st, _, err := store.Open(filepath.Join(t.TempDir(), "history.db"), store.Options{Account: "alice"})
	if err != nil {
		t.Fatal(err)
	}
	c, err := core.New(core.Options{Store: st, Server: h.URL(), User: "alice", Password: password})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(c.Close(), st.Close()); err != nil {
			t.Error(err)
		}
	})
	c.Start(t.Context())
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := c.WaitReady(ctx); err != nil {
		t.Fatal(err)
	}
	return c
}

// sendFile sends a file and waits until the server has the message.
func sendFile(t *testing.T, c *core.Client, to string, b []byte) (address string) {
	t.Helper()
	f, err := c.AddFile(t.Context(), bytes.NewReader(b), 0)
	if err != nil {
		t.Fatal(err)
	}
	m, err := c.SendMessage(t.Context(), c.CreateFileMessage(im.ConvC2C, to, im.FilePayload{FileName: "file", FileSize: f.Size, FileURL: f.Address}), im.SendOptions{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if _, err := c.WaitSent(ctx, m.ID); err != nil {
		t.Fatal(err)
	}
	return f.Address
}

// fetch downloads a file and compares it.
func fetch(t *testing.T, c *core.Client, address string, want []byte) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := c.Download(ctx, address, nil); err != nil {
		t.Fatal(err)
	}
	f, err := c.OpenFile(address)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got, err := io.ReadAll(f); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%d bytes came, %v; %d were sent", len(got), err, len(want))
	}
}

// bytesOf are n bytes that nothing makes shorter.
func bytesOf(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}

// Two data folders: one hosts, the other joins by the link. Texts and files go over TLS
// in both directions; after a restart the host is found at the same port with the same
// certificate.
func TestJoinAndStay(t *testing.T) {
	dir := t.TempDir()
	h := open(t, dir, host.Options{Key: &seal.Key{'h'}})
	link, err := invite.Parse(invitedBy(t, h).String())
	if err != nil {
		t.Fatal(err)
	}
	address, err := core.Reach(t.Context(), nil, link.Fingerprint[:], append(link.Addresses(), "127.0.0.1:1"))
	if err != nil {
		t.Fatal(err)
	}
	bob := away(t, filepath.Join(t.TempDir(), "history.db"), "bob", link, address)
	bob.ready(t)
	if bob.Inviter() != "alice" {
		t.Errorf("invited by %q", bob.Inviter())
	}
	alice := local(t, h)
	there, back := bytesOf(500_000), bytesOf(700_000)
	fetch(t, alice, sendFile(t, bob.Client, "alice", there), there)
	fetch(t, bob.Client, sendFile(t, alice, "bob", back), back)

	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := h.Close(ctx); err != nil {
		t.Fatal(err)
	}
	bob.event(t, state(core.Offline))
	h = open(t, dir, host.Options{Key: &seal.Key{'h'}})
	n, err := h.Network(t.Context())
	if err != nil || !n.Open || n.Port != int(link.Port) || n.Fingerprint != link.Fingerprint.String() {
		t.Fatalf("after the restart %+v, %v", n, err)
	}
	bob.event(t, state(core.Ready))
}

// Switched off in the middle of a file: the guest is cut at once and goes on with the
// file where it was once it is on again, by the account alone.
func TestClosedInTheMiddleOfAFile(t *testing.T) {
	h := open(t, t.TempDir(), host.Options{})
	link := invitedBy(t, h)
	bob := away(t, filepath.Join(t.TempDir(), "history.db"), "bob", link, link.Addresses()[0])
	bob.ready(t)
	alice := local(t, h)
	content := bytesOf(40 << 20)
	address := sendFile(t, alice, "bob", content)
	begun, once := make(chan struct{}), sync.Once{}
	ended := make(chan error, 1)
	go func() {
		ended <- bob.Download(t.Context(), address, func(received, _ int64) {
			if received < int64(len(content)) {
				once.Do(func() { close(begun) })
			}
		})
	}()
	<-begun
	if n, err := h.CloseNetwork(t.Context()); err != nil || n.Open {
		t.Fatalf("%+v, %v", n, err)
	}
	bob.event(t, state(core.Offline))
	if _, err := core.Reach(t.Context(), nil, link.Fingerprint[:], link.Addresses()); im.CodeOf(err) != im.CodeServerUnreachable {
		t.Errorf("it is still there: %v", err)
	}
	if bob.HasFile(address) {
		t.Skip("the file was here before the network was closed")
	}
	if n, err := h.OpenNetwork(t.Context(), ""); err != nil || n.Port != int(link.Port) {
		t.Fatalf("%+v, %v", n, err)
	}
	bob.event(t, state(core.Ready))
	if err := <-ended; err != nil && im.CodeOf(err) != im.CodeNetworkDown {
		t.Errorf("the download ended with %v", err)
	}
	fetch(t, bob.Client, address, content)
}

// middle is somebody between a client and a server who has a certificate of their own.
type middle struct {
	listener net.Listener
	heard    chan []byte // what a client said to it after the handshake
	wg       sync.WaitGroup
}

func newMiddle(t *testing.T, at string) *middle {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"localhost"}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	l, err := tls.Listen("tcp", at, &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: private}}})
	if err != nil {
		t.Fatal(err)
	}
	m := &middle{listener: l, heard: make(chan []byte, 100)}
	m.wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			b := make([]byte, 4096)
			n, _ := c.Read(b) // the handshake, and what comes after it
			m.heard <- b[:n]
			c.Close()
		}
	})
	return m
}

func (m *middle) close(t *testing.T) {
	t.Helper()
	if err := m.listener.Close(); err != nil {
		t.Error(err)
	}
	m.wg.Wait()
}

// Another certificate at the address ends the attempts with words, and nothing is said
// to it: neither when joining nor later, and no password either. What was there is
// there again once a person asks for it.
func TestManInTheMiddle(t *testing.T) {
	h := open(t, t.TempDir(), host.Options{})
	link := invitedBy(t, h)
	path := filepath.Join(t.TempDir(), "history.db")
	bob := away(t, path, "bob", link, link.Addresses()[0])
	bob.ready(t)
	if _, err := h.CloseNetwork(t.Context()); err != nil {
		t.Fatal(err)
	}
	bob.event(t, state(core.Offline))
	m := newMiddle(t, net.JoinHostPort("", strconv.Itoa(int(link.Port))))
	bob.event(t, func(e core.Event) bool {
		failed, ok := e.(core.ErrorEvent)
		return ok && failed.SignIn && failed.Error.Code == im.CodeCertificate
	})
	if err := bob.SignInError(); im.CodeOf(err) != im.CodeCertificate {
		t.Errorf("the sign-in is refused with %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	bob.SignIn(password, "") // a person tries again
	if err := bob.WaitReady(ctx); im.CodeOf(err) != im.CodeCertificate {
		t.Errorf("tried again: %v", err)
	}
	carol := away(t, filepath.Join(t.TempDir(), "history.db"), "carol", link, link.Addresses()[0])
	if err := carol.WaitReady(ctx); im.CodeOf(err) != im.CodeCertificate {
		t.Errorf("joining: %v", err)
	}
	if _, err := core.Reach(ctx, nil, link.Fingerprint[:], append(link.Addresses(), "127.0.0.1:1")); im.CodeOf(err) != im.CodeCertificate {
		t.Errorf("looking for it: %v", err)
	}
	for range 4 {
		if said := <-m.heard; len(said) > 0 {
			t.Errorf("the other one was told %q", said)
		}
	}
	m.close(t)
	if _, err := h.OpenNetwork(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	bob.SignIn("", "")
	bob.ready(t)
}

// With a fingerprint nothing goes out in the clear.
func TestPinNeedsTLS(t *testing.T) {
	st, _, err := store.Open(filepath.Join(t.TempDir(), "history.db"), store.Options{Account: "bob"})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	print := make([]byte, 32)
	for name, o := range map[string]core.Options{
		"ws":    {Server: "ws://192.0.2.1:1", Pin: print},
		"http":  {Server: "http://192.0.2.1:1", Pin: print},
		"bare":  {Server: "127.0.0.1:1", Pin: print},
		"short": {Server: "wss://192.0.2.1:1", Pin: print[:31]},
		"long":  {Server: "wss://192.0.2.1:1", Pin: append(print, 0)},
	} {
		o.Store, o.User, o.Password = st, "bob", "x"
		c, err := core.New(o)
		if im.CodeOf(err) != im.CodeInvalidParameter {
			t.Errorf("%s: %v", name, err)
		}
		if c != nil {
			c.Close()
		}
	}
}
