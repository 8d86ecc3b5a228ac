package core

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"net"
	"net/url"

	"magpie/im"
)

// pinBytes is the length of [Options].Pin.
const pinBytes = sha256.Size

// pin is the fingerprint of the only certificate that a client takes; none for a server
// that proves its name to the system as others do.
type pin []byte

// tlsConfig is for connections to the server: with a pin it is TLS 1.3 at least, and
// names, dates and authorities count for nothing. It is checked on resumption too.
func (p pin) tlsConfig() *tls.Config {
	if len(p) == 0 {
		return nil
	}
	return &tls.Config{
		MinVersion:         tls.VersionTLS13,
		NextProtos:         []string{"http/1.1"},
		InsecureSkipVerify: true, //nolint:gosec // VerifyConnection is stricter
		VerifyConnection:   func(s tls.ConnectionState) error { return p.check(s) },
	}
}

func (p pin) check(s tls.ConnectionState) error {
	if len(s.PeerCertificates) == 0 {
		return im.Errorf(im.CodeCertificate, "the server has no certificate")
	}
	if sum := sha256.Sum256(s.PeerCertificates[0].Raw); !bytes.Equal(sum[:], p) {
		return im.Errorf(im.CodeCertificate, "the server's certificate has the fingerprint %x, not the one that the account was made with", sum)
	}
	return nil
}

// netCode is c for a failure on the way to the server, and 130134 (CodeCertificate) if
// it is that another server answered.
func netCode(err error, c im.Code) im.Code {
	if im.CodeOf(err) == im.CodeCertificate {
		return im.CodeCertificate
	}
	return c
}

// checkPin returns an error unless p is empty or may be used for the server at u:
// with a pin nothing goes out in the clear.
func checkPin(p []byte, at string) error {
	if len(p) == 0 {
		return nil
	}
	u, err := url.Parse(at)
	if err != nil || len(p) != pinBytes || u.Scheme != "wss" {
		return im.Errorf(im.CodeInvalidParameter, "a fingerprint of %d bytes for %.100q: it has %d and the address is wss://", len(p), at, pinBytes)
	}
	return nil
}

// handshake finds out whether the server with a certificate answers at an address.
func handshake(ctx context.Context, dial func(context.Context, *url.URL) (net.Conn, error), p pin, address string) (err error) {
	var c net.Conn
	if dial == nil {
		c, err = new(net.Dialer).DialContext(ctx, "tcp", address)
	} else {
		c, err = dial(ctx, &url.URL{Scheme: "wss", Host: address})
	}
	if err != nil {
		return err
	}
	defer c.Close()
	return tls.Client(c, p.tlsConfig()).HandshakeContext(ctx)
}

// Reach finds out at which of some addresses (host:port) the server with a certificate
// answers, all at the same time; the first one counts. dial is as [Options].Dial. If none does: code 130134
// (CodeCertificate) if another server answered somewhere, else 130108
// (CodeServerUnreachable), or ctx's error.
func Reach(ctx context.Context, dial func(context.Context, *url.URL) (net.Conn, error), fingerprint []byte, addresses []string) (string, error) {
	if len(fingerprint) != pinBytes || len(addresses) == 0 {
		return "", im.Errorf(im.CodeInvalidParameter, "a fingerprint of %d bytes, %d addresses", len(fingerprint), len(addresses))
	}
	type answer struct {
		address string
		err     error
	}
	dialing, stop := context.WithCancel(ctx)
	defer stop()
	answers := make(chan answer, len(addresses))
	for _, address := range addresses {
		go func() {
			answers <- answer{address, handshake(dialing, dial, fingerprint, address)}
		}()
	}
	found, worst := "", error(nil)
	for range addresses { // all of them: none is left behind
		a := <-answers
		switch code := netCode(a.err, im.CodeServerUnreachable); {
		case found != "":
		case a.err == nil:
			found = a.address
			stop()
		case worst == nil || code == im.CodeCertificate:
			worst = im.Errorf(code, "%s: %v", a.address, a.err)
		}
	}
	switch {
	case found != "":
		return found, nil
	case ctx.Err() != nil && im.CodeOf(worst) != im.CodeCertificate:
		return "", ctx.Err()
	}
	return "", worst
}
