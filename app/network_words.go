package app

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"os"

	"magpie/app/core"
	"magpie/app/i18n"
	"magpie/app/proxy"
	"magpie/im"
)

// networkTrouble are reasons for which a server is not reached, and the end of the
// names of their words; the first that fits counts.
var networkTrouble = []struct {
	is   func(error) bool
	name string
}{
	{wraps(proxy.ErrCredentials), "credentials"},
	{wraps(proxy.ErrRefused), "refused"},
	{wraps(proxy.ErrUnreachable), "proxyUnreachable"},
	{of[*tls.CertificateVerificationError], "certificate"},
	{of[*net.DNSError], "noName"},
	{wraps(context.DeadlineExceeded), "timeout"},
	{wraps(os.ErrDeadlineExceeded), "timeout"},
	{coded(im.CodeNetworkTimeout), "timeout"},
	{coded(im.CodeServerUnreachable), "noServer"}, // of [core.Client.Probe]
}

func wraps(target error) func(error) bool {
	return func(err error) bool { return errors.Is(err, target) }
}

func of[E error](err error) bool {
	var e E
	return errors.As(err, &e)
}

func coded(c im.Code) func(error) bool {
	return func(err error) bool { return im.CodeOf(err) == c }
}

// probeWords say what a try to reach the server showed.
func probeWords(tr *i18n.Translator, p core.Probed, err error) string {
	if err == nil {
		return tr.F("network.reached", i18n.Args{
			"Connected": max(p.Connected.Milliseconds(), 1), "RoundTrip": max(p.RoundTrip.Milliseconds(), 1),
		})
	}
	for _, t := range networkTrouble {
		if t.is(err) {
			return tr.T("network.why." + t.name)
		}
	}
	return tr.T("network.why.unreachable")
}
