package core

import (
	"net"
	"net/netip"
	"net/url"
	"strings"

	"magpie/im"
	"magpie/im/wire"
)

// address turns what a person may type into the URL to dial. The forms are
// those of [Options].Server; the error has code 6017.
func address(s string) (string, error) {
	s = strings.TrimSpace(s)
	bad := func(why string) (string, error) {
		return "", im.Errorf(im.CodeInvalidParameter, "server address %.100q: %s", s, why)
	}
	full := s
	if !strings.Contains(s, "://") {
		full = "wss://" + s
	}
	u, err := url.Parse(full)
	if err != nil {
		return bad("not an address")
	}
	if u.Hostname() == "" || strings.ContainsAny(u.Host, " \x00") {
		return bad("no host")
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return bad("more than a host, a port and a path")
	}
	switch {
	case full != s:
		if loopback(u.Hostname()) {
			u.Scheme = "ws"
		}
	case u.Scheme == "ws" || u.Scheme == "wss":
	case u.Scheme == "http":
		u.Scheme = "ws"
	case u.Scheme == "https":
		u.Scheme = "wss"
	default:
		return bad("not one of ws, wss, http, https")
	}
	if p := u.Port(); p != "" {
		if _, err := net.LookupPort("tcp", p); err != nil || strings.Trim(p, "0123456789") != "" {
			return bad("no such port")
		}
	}
	if u.Path == "" || u.Path == "/" {
		u.Path = wire.Path
	}
	return u.String(), nil
}

func loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}
