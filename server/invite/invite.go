package invite

import (
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"magpie/im"
)

// Scheme is that of all links of the program.
const Scheme = "magpie"

const (
	// MaxBytes bounds a link.
	MaxBytes = 1024
	// MaxHosts is how many hosts a link has at most.
	MaxHosts = 5
	// The secret of an invitation is text of at least 128 bits: 22 characters of 64,
	// or 26 of 32.
	minSecret, maxSecret = 22, 128
)

// Invitation is what a link says.
type Invitation struct {
	// Hosts are where the server may be found, the likeliest first: addresses and
	// names, 1 to MaxHosts, those of version 6 without brackets.
	Hosts []string
	Port  uint16
	// Secret lets somebody make an account, once or for as long as it is valid.
	Secret string
	// Fingerprint is that of the only certificate to be trusted.
	Fingerprint Fingerprint
}

// Addresses are the hosts with the port, as host:port.
func (i Invitation) Addresses() []string {
	all := make([]string, len(i.Hosts))
	for n, host := range i.Hosts {
		all[n] = net.JoinHostPort(host, strconv.Itoa(int(i.Port)))
	}
	return all
}

// String is the link. That of an invitation of [Parse] is read as the same again.
func (i Invitation) String() string {
	if len(i.Hosts) == 0 {
		return ""
	}
	s := Scheme + "://" + i.Addresses()[0] + "/join#k=" + i.Secret + "&fp=" + i.Fingerprint.String()
	if len(i.Hosts) > 1 {
		s += "&or=" + strings.Join(i.Hosts[1:], ",")
	}
	return s
}

// Is reports whether a link is meant to be an invitation, well-formed or not.
func Is(s string) bool {
	rest, ok := cutScheme(strings.TrimSpace(s))
	if !ok {
		return false
	}
	before, _, _ := strings.Cut(rest, "#")
	_, path, ok := strings.Cut(before, "/")
	return ok && strings.TrimSuffix(path, "/") == "join"
}

// Parse reads a link. White space around it is passed over, and so are parts behind
// the # that it does not know. Everything else that is not as the package comment has
// it is refused with code 130133 (CodeInvitationMalformed).
func Parse(s string) (Invitation, error) {
	var i Invitation
	s = strings.TrimSpace(s)
	if len(s) > MaxBytes {
		return i, malformed("it has %d bytes, %d are allowed", len(s), MaxBytes)
	}
	rest, ok := cutScheme(s)
	if !ok {
		return i, malformed("it does not begin with %s://", Scheme)
	}
	if !Is(s) {
		return i, malformed("it is a link to something else")
	}
	before, fragment, _ := strings.Cut(rest, "#")
	host, _, _ := strings.Cut(before, "/")
	if err := i.readHost(host); err != nil {
		return Invitation{}, err
	}
	if err := i.readFragment(fragment); err != nil {
		return Invitation{}, err
	}
	return i, nil
}

func cutScheme(s string) (string, bool) {
	const prefix = Scheme + "://"
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return "", false
	}
	return s[len(prefix):], true
}

// readHost reads HOST:PORT.
func (i *Invitation) readHost(s string) error {
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		return malformed("%.100q is no host with a port", s)
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 || strings.Trim(port, "0123456789") != "" {
		return malformed("%.20q is no port", port)
	}
	i.Port = uint16(n)
	return i.addHost(host)
}

func (i *Invitation) readFragment(s string) error {
	seen := map[string]bool{}
	for part := range strings.SplitSeq(s, "&") {
		key, value, _ := strings.Cut(part, "=")
		if seen[key] {
			return malformed("%.20q is there twice", key)
		}
		seen[key] = true
		var err error
		switch key {
		case "k":
			i.Secret, err = value, checkSecret(value)
		case "fp":
			// Some programs write a colon as %3A.
			if value, err = url.PathUnescape(value); err != nil {
				return malformed("the fingerprint cannot be read")
			}
			i.Fingerprint, err = ParseFingerprint(value)
		case "or":
			for host := range strings.SplitSeq(value, ",") {
				if err = i.addHost(host); err != nil {
					return err
				}
			}
		}
		if err != nil {
			return err
		}
	}
	if !seen["k"] || !seen["fp"] {
		return malformed("the secret or the fingerprint is missing: the link was cut short")
	}
	return nil
}

func checkSecret(s string) error {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	if len(s) < minSecret || len(s) > maxSecret || strings.Trim(s, alphabet) != "" {
		return malformed("the secret is not one of an invitation")
	}
	return nil
}

// addHost takes a host that may stand in a link.
func (i *Invitation) addHost(s string) error {
	host, err := checkHost(s)
	if err != nil {
		return err
	}
	if slices.Contains(i.Hosts, host) {
		return nil
	}
	if len(i.Hosts) == MaxHosts {
		return malformed("it has more than %d hosts", MaxHosts)
	}
	i.Hosts = append(i.Hosts, host)
	return nil
}

// checkHost returns an address or a name in its usual form. An address that means
// something else on each computer is refused: that of all interfaces, of a group, or
// one that says an interface.
func checkHost(s string) (string, error) {
	if a, err := netip.ParseAddr(s); err == nil {
		a = a.Unmap()
		if a.IsUnspecified() || a.IsMulticast() || a.Zone() != "" || a == netip.AddrFrom4([4]byte{255, 255, 255, 255}) {
			return "", malformed("%.100q is not the address of a computer", s)
		}
		return a.String(), nil
	}
	const longest, label = 253, 63
	s = strings.ToLower(s)
	if s == "" || len(s) > longest {
		return "", malformed("there is no host")
	}
	for part := range strings.SplitSeq(s, ".") {
		if part == "" || len(part) > label || strings.Trim(part, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" ||
			part[0] == '-' || part[len(part)-1] == '-' {
			return "", malformed("%.100q is no host name", s)
		}
	}
	// What looks like an address and is none is no name either.
	if last := s[strings.LastIndexByte(s, '.')+1:]; strings.Trim(last, "0123456789") == "" {
		return "", malformed("%.100q is no address", s)
	}
	return s, nil
}

// New returns the invitation of parts that come from a server, checked as those of
// a link are; hosts beyond the most that a link may have are left out. Code 2805
// (CodeNoNetwork) if there is no host.
func New(hosts []string, port uint16, secret, fingerprint string) (Invitation, error) {
	i := Invitation{Port: port, Secret: secret}
	if len(hosts) == 0 {
		return i, im.Errorf(im.CodeNoNetwork, "this computer has no address on a network")
	}
	for _, host := range hosts[:min(len(hosts), MaxHosts)] {
		if err := i.addHost(host); err != nil {
			return i, err
		}
	}
	if port == 0 {
		return i, malformed("there is no port")
	}
	if err := checkSecret(secret); err != nil {
		return i, err
	}
	var err error
	i.Fingerprint, err = ParseFingerprint(fingerprint)
	return i, err
}
