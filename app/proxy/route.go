package proxy

import (
	"net"
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/net/http/httpproxy"

	"magpie/im"
)

// Kind is how a server is reached.
type Kind string

// The kinds. System is the zero value: what the environment says in HTTPS_PROXY,
// HTTP_PROXY, ALL_PROXY and NO_PROXY, or their lower-case forms.
const (
	System Kind = ""
	None   Kind = "none"
	HTTP   Kind = "http"   // CONNECT over TCP
	HTTPS  Kind = "https"  // CONNECT over TLS
	SOCKS5 Kind = "socks5" // RFC 1928, with the user and password of RFC 1929
)

// defaultPorts are those of an address without one.
var defaultPorts = map[Kind]string{HTTP: "8080", HTTPS: "443", SOCKS5: "1080"}

// Route is a person's choice. Address, User and Password belong to the kinds that name
// a proxy; the address is a host with or without a port.
type Route struct {
	Kind           Kind
	Address        string
	User, Password string
}

// Validate reports what cannot be a route, with code [im.CodeInvalidParameter].
func (r Route) Validate() error {
	_, err := r.proxy()
	return err
}

// proxy is the proxy's URL, nil for the kinds that name none.
func (r Route) proxy() (*url.URL, error) {
	port, named := defaultPorts[r.Kind]
	switch {
	case r.Kind == System || r.Kind == None:
		return nil, nil
	case !named:
		return nil, im.Errorf(im.CodeInvalidParameter, "proxy of kind %.20q", string(r.Kind))
	}
	bad := func() (*url.URL, error) {
		return nil, im.Errorf(im.CodeInvalidParameter, "address of a proxy: %.100q", r.Address)
	}
	host := strings.TrimSpace(r.Address)
	if a, err := netip.ParseAddr(host); err == nil && a.Is6() {
		host = "[" + host + "]"
	}
	u, err := url.Parse(string(r.Kind) + "://" + host)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || strings.ContainsAny(host, " \t\r\n\x00") {
		return bad()
	}
	if u.Port() == "" {
		u.Host = net.JoinHostPort(u.Hostname(), port)
	} else if _, err := net.LookupPort("tcp", u.Port()); err != nil {
		return bad()
	}
	// RFC 1929 counts both in one byte.
	if r.Kind == SOCKS5 && (len(r.User) > 255 || len(r.Password) > 255) {
		return nil, im.Errorf(im.CodeInvalidParameter, "user or password of a proxy with more than 255 bytes")
	}
	if r.User != "" {
		u.User = url.UserPassword(r.User, r.Password)
	}
	return u, nil
}

// environment finds the proxy for a server in what getenv says. ALL_PROXY counts where
// the variable of the scheme is not set.
func environment(getenv func(string) string, server *url.URL) (*url.URL, error) {
	get := func(name string) string {
		if v := getenv(name); v != "" {
			return v
		}
		return getenv(strings.ToLower(name))
	}
	all := get("ALL_PROXY")
	c := httpproxy.Config{HTTPProxy: get("HTTP_PROXY"), HTTPSProxy: get("HTTPS_PROXY"), NoProxy: get("NO_PROXY")}
	if c.HTTPProxy == "" {
		c.HTTPProxy = all
	}
	if c.HTTPSProxy == "" {
		c.HTTPSProxy = all
	}
	for _, v := range []string{c.HTTPProxy, c.HTTPSProxy} {
		// What the package below passes over would be no proxy at all.
		if _, err := url.Parse("http://" + v); err != nil {
			return nil, im.Errorf(im.CodeInvalidParameter, "the proxy in the environment: %v", err)
		}
	}
	u := *server
	u.Scheme = "http"
	if server.Scheme == "wss" || server.Scheme == "https" {
		u.Scheme = "https"
	}
	p, err := c.ProxyFunc()(&u)
	if err != nil {
		return nil, im.Errorf(im.CodeInvalidParameter, "the proxy in the environment: %v", err)
	}
	return p, nil
}

// loopback reports whether a host is this computer.
func loopback(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.Unmap().IsLoopback()
}

// port is that of a server, with the usual one of its scheme.
func port(server *url.URL) string {
	switch p := server.Port(); {
	case p != "":
		return p
	case server.Scheme == "wss" || server.Scheme == "https":
		return "443"
	}
	return "80"
}
