package server

import (
	"cmp"
	"fmt"
	"net"
	"net/netip"
	"slices"
)

// hostsFor lists the addresses at which others find a server that listens on host, all
// interfaces if it is empty.
func hostsFor(host string) ([]string, error) {
	if host != "" && !unspecified(host) {
		return []string{host}, nil
	}
	all, err := net.InterfaceAddrs()
	if err != nil {
		return nil, fmt.Errorf("server: addresses of this computer: %w", err)
	}
	var found []netip.Addr
	for _, a := range all {
		if n, ok := a.(*net.IPNet); ok {
			if a, ok := netip.AddrFromSlice(n.IP); ok {
				found = append(found, a.Unmap())
			}
		}
	}
	return rankHosts(found, outwards()), nil
}

// rankHosts leaves out what means something else on another computer and puts first the
// address that this one uses towards other networks: beside it there may be those of
// virtual machines and containers, which nobody reaches.
func rankHosts(all []netip.Addr, outwards netip.Addr) []string {
	rank := func(a netip.Addr) int {
		switch {
		case a == outwards:
			return 0
		case a.Is4() && a.IsPrivate():
			return 1
		case a.Is4():
			return 2
		}
		return 3
	}
	var fit []netip.Addr
	for _, a := range all {
		if !a.IsLoopback() && !a.IsLinkLocalUnicast() && !a.IsMulticast() && !a.IsUnspecified() {
			fit = append(fit, a)
		}
	}
	slices.SortStableFunc(fit, func(a, b netip.Addr) int { return cmp.Compare(rank(a), rank(b)) })
	hosts := []string{}
	for _, a := range slices.Compact(fit) {
		hosts = append(hosts, a.String())
	}
	return hosts
}

// outwards is the address that this computer would use to reach another network, the
// zero one without such a network. Nothing is sent for it.
func outwards() netip.Addr {
	c, err := net.Dial("udp4", "203.0.113.1:9") // an address of documentation (RFC 5737)
	if err != nil {
		return netip.Addr{}
	}
	defer c.Close()
	if a, ok := c.LocalAddr().(*net.UDPAddr); ok {
		return a.AddrPort().Addr().Unmap()
	}
	return netip.Addr{}
}
