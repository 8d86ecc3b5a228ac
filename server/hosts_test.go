package server

import (
	"net/netip"
	"slices"
	"testing"
)

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
