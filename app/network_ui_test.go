package app

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"magpie/app/core"
	"magpie/app/host"
	"magpie/app/i18n"
	"magpie/app/profile"
	"magpie/app/proxy"
	"magpie/app/proxy/proxytest"
	"magpie/app/vault"
	"magpie/assets"
	"magpie/im"
)

// behindProxy is a server to which only a proxy leads, under the name
// chat.example.invalid.
func behindProxy(t *testing.T, p *proxytest.Server, users ...im.UserID) {
	t.Helper()
	h, err := host.Open(t.Context(), t.TempDir(), host.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	for _, u := range users {
		if err := h.CreateUser(t.Context(), u, "a password of the tests", ""); err != nil {
			t.Fatal(err)
		}
	}
	u, err := url.Parse(h.URL())
	if err != nil {
		t.Fatal(err)
	}
	p.Lead = func(address string) string {
		if address == "chat.example.invalid:80" {
			return u.Host
		}
		return ""
	}
	p.Start(t, nil)
}

// The way to a server is chosen in the settings: what is typed can be tried before it
// is used, is in use at once, is there after a restart, and its password lies sealed.
func TestProxyInTheSettings(t *testing.T) {
	noLeaks(t)
	p := &proxytest.Server{User: "wren", Password: "open sesame"}
	behindProxy(t, p, "wren")
	data := t.TempDir()
	prof, err := profile.Open(data, "wren")
	if err != nil {
		t.Fatal(err)
	}
	route := proxy.Route{Kind: proxy.SOCKS5, Address: p.Address(), User: "wren", Password: "open sesame"}
	if err := prof.Save(profile.Settings{Proxy: profile.KeepProxy(route, vault.Keys{})}); err != nil {
		t.Fatal(err)
	}
	u := begin(t, data)
	u.sees("Password")
	u.typesBelow("Server", "ws://chat.example.invalid")
	u.typesBelow("User ID", "wren")
	u.typesBelow("Password", "a password of the tests")
	u.tap("Sign in")
	u.mainScreen()

	u.settings()
	u.tap("Network")
	u.sees("Connected")
	u.sees("chat.example.invalid · not encrypted on the way")
	u.tap("Test connection")
	u.sees("The server answers.")
	u.replaces("Password", "open barley")
	u.tap("Test connection")
	u.sees("The proxy wants another user or password.")
	u.sees("Connected")
	u.replaces("Address", "no address at all")
	u.tap("Use this proxy")
	u.sees("That is not the address of a proxy")

	u.tap("SOCKS 5 proxy")
	u.tap("Not used")
	u.sees("Not connected.")
	u.misses("Use this proxy")
	u.tap("Test connection")
	u.sees("The name of the server was not found.")
	u.tap("Not used")
	u.tap("HTTP proxy")
	u.sees("Use this proxy")
	u.replaces("Address", p.Address())
	u.replaces("User, if it asks for one", "wren")
	u.replaces("Password", "open sesame")
	u.tap("Use this proxy")
	u.sees("Connected")
	u.end()

	file, err := os.ReadFile(filepath.Join(prof.Dir(), "settings.json"))
	if err != nil || bytes.Contains(file, []byte("sesame")) || !bytes.Contains(file, []byte(`"sealed"`)) {
		t.Errorf("the password lies open: %s, %v", file, err)
	}
	u = begin(t, data)
	u.mainScreen()
	u.do(func() {
		if r := u.a.way.Route(); r.Kind != proxy.HTTP || r.Password != "open sesame" {
			t.Errorf("after a restart: %s", r.Kind)
		}
	})
	u.end()
}

// Behind a proxy the very first sign-in needs it, before there is an account with
// settings: it is set on the screens where an account begins, leads there at once, and is
// there after a restart.
func TestProxyAtTheFirstSignIn(t *testing.T) {
	for _, c := range []struct {
		kind  proxy.Kind
		label string
	}{{proxy.SOCKS5, "SOCKS 5 proxy"}, {proxy.HTTP, "HTTP proxy"}} {
		t.Run(string(c.kind), func(t *testing.T) {
			noLeaks(t)
			p := &proxytest.Server{User: "wren", Password: "open sesame"}
			behindProxy(t, p, "wren")
			data := t.TempDir()
			u := begin(t, data)
			u.sees("Password")
			u.typesBelow("Server", "ws://chat.example.invalid")
			u.typesBelow("User ID", "wren")
			u.typesBelow("Password", "a password of the tests")
			u.tap("Sign in")
			u.sees("The server does not answer")
			if asked := p.Asked(); len(asked) != 0 {
				t.Fatalf("the proxy was asked for %q before it was set", asked)
			}
			u.tap("Network…")
			u.sees("through a proxy only")
			u.misses("Address")
			u.tap("Like the system")
			u.tap(c.label)
			u.typesBelow("Address", "no address at all")
			u.tap("Use")
			u.sees("That is not the address of a proxy")
			u.replaces("Address", p.Address())
			u.typesBelow("User, if it asks for one", "wren")
			u.do(func() { u.a.window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}) })
			u.types("open sesame")
			u.tap("Use")
			u.misses("through a proxy only")
			u.tap("Sign in")
			u.mainScreen()
			if asked := p.Asked(); len(asked) == 0 {
				t.Error("the server was reached without the proxy")
			}
			u.end()

			u = begin(t, data)
			u.mainScreen()
			u.until("connected", func() bool { return u.a.main.connected() })
			u.do(func() {
				if r := u.a.way.Route(); r.Kind != c.kind || r.Address != p.Address() || r.Password != "open sesame" {
					t.Errorf("after a restart: %s at %q", r.Kind, r.Address)
				}
			})
			u.end()
		})
	}
}

// The screen for an invitation has the same, and so has that of another account.
func TestProxyBesideAnInvitation(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.joins()
	u.tap("Network…")
	u.sees("through a proxy only")
	u.tap("Like the system")
	u.tap("Not used")
	u.tap("Use")
	u.misses("through a proxy only")
	u.do(func() {
		if r := u.a.way.Route(); r.Kind != proxy.None {
			t.Errorf("the way is %q", r.Kind)
		}
	})
	u.end()
}

// Each reason has words of its own that say what to do.
func TestReasonsOfTheNetwork(t *testing.T) {
	tr, err := i18n.New(assets.Translations(), ".")
	if err != nil {
		t.Fatal(err)
	}
	for want, err := range map[string]error{
		"credentials":      fmt.Errorf("dial: %w", proxy.ErrCredentials),
		"refused":          fmt.Errorf("dial: %w", proxy.ErrRefused),
		"proxyUnreachable": fmt.Errorf("%w: %w", proxy.ErrUnreachable, context.DeadlineExceeded),
		"certificate":      fmt.Errorf("dial: %w", &tls.CertificateVerificationError{Err: errors.New("expired")}),
		"noName":           &net.OpError{Op: "dial", Err: &net.DNSError{Name: "x", IsNotFound: true}},
		"timeout":          context.DeadlineExceeded,
		"noServer":         im.Errorf(im.CodeServerUnreachable, "it answered 404"),
		"unreachable":      errors.New("connection refused"),
	} {
		for _, language := range []string{"en", "zh-Hans"} {
			tr.Use(language)
			if got := probeWords(tr, core.Probed{}, err); got != tr.T("network.why."+want) || got == "network.why."+want {
				t.Errorf("%s: %v is told as %q", language, err, got)
			}
		}
	}
	tr.Use("en")
	want := "The server answers. Connecting took 41 ms, a question and its answer 1 ms."
	if got := probeWords(tr, core.Probed{Connected: 41 * time.Millisecond, RoundTrip: 300 * time.Microsecond}, nil); got != want {
		t.Errorf("%q", got)
	}
}
