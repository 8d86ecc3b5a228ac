package proxy

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"magpie/app/proxy/proxytest"
	"magpie/im"
)

// speaker is a server that says hello to everybody.
func speaker(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			io.WriteString(c, "hello")
			c.Close()
		}
	}()
	return l.Addr().String()
}

func parse(t *testing.T, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// certificate is one for this computer, and who vouches for it.
func certificate(t *testing.T) (*httptest.Server, *x509.CertPool) {
	t.Helper()
	s := httptest.NewTLSServer(nil)
	t.Cleanup(s.Close)
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	return s, pool
}

// What is said through each kind of proxy comes from the server that the proxy alone
// knows, under the name that was asked for.
func TestThroughProxies(t *testing.T) {
	server := speaker(t)
	certified, pool := certificate(t)
	for _, kind := range []Kind{HTTP, HTTPS, SOCKS5} {
		for name, c := range map[string]struct {
			user, password string // of the proxy
			as, with       string // of the person
			lead           string
			want           error
		}{
			"open":             {lead: server},
			"password":         {user: "ada", password: "pw: ü", as: "ada", with: "pw: ü", lead: server},
			"wrong password":   {user: "ada", password: "pw", as: "ada", with: "other", lead: server, want: ErrCredentials},
			"without password": {user: "ada", password: "pw", lead: server, want: ErrCredentials},
			"refused":          {want: ErrRefused},
		} {
			t.Run(string(kind)+"/"+name, func(t *testing.T) {
				p := &proxytest.Server{User: c.user, Password: c.password, Lead: func(string) string { return c.lead }}
				if kind == HTTPS {
					p.Start(t, certified.TLS.Clone())
				} else {
					p.Start(t, nil)
				}
				w := NewWay(Route{Kind: kind, Address: p.Address(), User: c.as, Password: c.with})
				w.roots = pool
				conn, err := w.Dial(t.Context(), parse(t, "wss://chat.example.org/v1/chat"))
				if !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
					t.Fatalf("%v, want %v", err, c.want)
				}
				if err != nil {
					return
				}
				defer conn.Close()
				if said, err := io.ReadAll(conn); string(said) != "hello" || err != nil {
					t.Errorf("it says %q, %v", said, err)
				}
				if asked := p.Asked(); len(asked) != 1 || asked[0] != "chat.example.org:443" {
					t.Errorf("asked for %q", asked)
				}
			})
		}
	}
}

// A proxy that is not there, that is none, and one that says nothing.
func TestProxiesThatFail(t *testing.T) {
	server := parse(t, "ws://chat.example.org:8443")
	gone := &proxytest.Server{}
	gone.Start(t, nil)
	gone.Stop()
	none := speaker(t)
	silent := &proxytest.Server{Silent: true}
	silent.Start(t, nil)
	for _, kind := range []Kind{HTTP, HTTPS, SOCKS5} {
		for name, address := range map[string]string{"gone": gone.Address(), "none": none, "silent": silent.Address()} {
			t.Run(string(kind)+"/"+name, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
				defer cancel()
				conn, err := NewWay(Route{Kind: kind, Address: address}).Dial(ctx, server)
				if !errors.Is(err, ErrUnreachable) {
					t.Errorf("%v, %v", conn, err)
				}
			})
		}
	}
	t.Run("given up", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(20*time.Millisecond, cancel)
		if _, err := NewWay(Route{Kind: SOCKS5, Address: silent.Address()}).Dial(ctx, server); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}

// A server on this computer is reached straight, whatever proxy there is.
func TestThisComputerNeedsNoProxy(t *testing.T) {
	_, port, _ := net.SplitHostPort(speaker(t))
	p := &proxytest.Server{Lead: func(string) string { return "" }}
	p.Start(t, nil)
	w := NewWay(Route{Kind: HTTP, Address: p.Address()})
	for _, host := range []string{"127.0.0.1", "localhost"} {
		conn, err := w.Dial(t.Context(), parse(t, "ws://"+host+":"+port))
		if err != nil {
			t.Errorf("%s: %v", host, err)
			continue
		}
		conn.Close()
	}
	for _, host := range []string{"[::1]", "LOCALHOST.", "[::ffff:127.0.0.1]", "127.9.9.9", "a.localhost"} {
		if u, err := w.For(parse(t, "ws://"+host)); u != nil || err != nil {
			t.Errorf("%s leads through %v, %v", host, u, err)
		}
	}
	if asked := p.Asked(); len(asked) != 0 {
		t.Errorf("the proxy was asked for %q", asked)
	}
}

func TestEnvironment(t *testing.T) {
	const secure, plain = "wss://chat.example.org/v1/chat", "ws://chat.example.org/v1/chat"
	for name, c := range map[string]struct {
		env    map[string]string
		server string
		want   string // "" for straight, "-" for an error
	}{
		"nothing":     {nil, secure, ""},
		"https":       {map[string]string{"HTTPS_PROXY": "http://p:1"}, secure, "http://p:1"},
		"lower case":  {map[string]string{"https_proxy": "p:1"}, secure, "http://p:1"},
		"http":        {map[string]string{"HTTP_PROXY": "http://p:1"}, plain, "http://p:1"},
		"other":       {map[string]string{"HTTP_PROXY": "http://p:1"}, secure, ""},
		"all":         {map[string]string{"ALL_PROXY": "socks5://p:1"}, secure, "socks5://p:1"},
		"all, plain":  {map[string]string{"all_proxy": "socks5://p:1"}, plain, "socks5://p:1"},
		"nearer":      {map[string]string{"ALL_PROXY": "socks5://p:1", "HTTPS_PROXY": "http://q:2"}, secure, "http://q:2"},
		"excepted":    {map[string]string{"ALL_PROXY": "socks5://p:1", "NO_PROXY": ".example.org"}, secure, ""},
		"damaged":     {map[string]string{"HTTPS_PROXY": "%zz"}, secure, "-"},
		"credentials": {map[string]string{"HTTPS_PROXY": "http://u:w@p:1"}, secure, "http://u:w@p:1"},
	} {
		t.Run(name, func(t *testing.T) {
			w := NewWay(Route{})
			w.getenv = func(name string) string { return c.env[name] }
			u, err := w.For(parse(t, c.server))
			got := ""
			if u != nil {
				got = u.String()
			}
			if err != nil {
				got = "-"
			}
			if got != c.want {
				t.Errorf("%q, %v; want %q", got, err, c.want)
			}
		})
	}
}

func TestRoutes(t *testing.T) {
	for _, c := range []struct {
		r    Route
		want string // "-" for refused
	}{
		{Route{Kind: None, Address: "::::"}, ""},
		{Route{}, ""},
		{Route{Kind: HTTP, Address: "proxy"}, "http://proxy:8080"},
		{Route{Kind: HTTP, Address: " proxy:3128 "}, "http://proxy:3128"},
		{Route{Kind: HTTPS, Address: "10.0.0.1"}, "https://10.0.0.1:443"},
		{Route{Kind: SOCKS5, Address: "::1"}, "socks5://[::1]:1080"},
		{Route{Kind: SOCKS5, Address: "[::1]:9050"}, "socks5://[::1]:9050"},
		{Route{Kind: HTTP, Address: "proxy", User: "a:b@c", Password: "p/?"}, "http://a%3Ab%40c:p%2F%3F@proxy:8080"},
		{Route{Kind: HTTP}, "-"},
		{Route{Kind: HTTP, Address: "http://proxy"}, "-"},
		{Route{Kind: HTTP, Address: "u:p@proxy:1"}, "-"},
		{Route{Kind: HTTP, Address: "proxy/path"}, "-"},
		{Route{Kind: HTTP, Address: "pro xy"}, "-"},
		{Route{Kind: HTTP, Address: "proxy:99999"}, "-"},
		{Route{Kind: "ftp", Address: "proxy"}, "-"},
		{Route{Kind: SOCKS5, Address: "proxy", User: string(make([]byte, 256))}, "-"},
	} {
		err := c.r.Validate()
		got := "-"
		if err == nil {
			got = ""
			if u, _ := c.r.proxy(); u != nil {
				got = u.String()
			}
		} else if im.CodeOf(err) != im.CodeInvalidParameter {
			t.Errorf("%+v: %v", c.r, err)
		}
		if got != c.want {
			t.Errorf("%+v: %q (%v), want %q", c.r, got, err, c.want)
		}
	}
}
