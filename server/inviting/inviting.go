package inviting

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"time"

	"magpie/im"
	"magpie/server"
	"magpie/server/invite"
)

// Host is the server of a data folder. All methods return how it stands afterwards.
type Host interface {
	Network(ctx context.Context) (server.Network, error)
	OpenNetwork(ctx context.Context, listen string) (server.Network, error)
	CloseNetwork(ctx context.Context) (server.Network, error)
	Invite(ctx context.Context, terms server.InvitationTerms) (server.Network, error)
	WithdrawInvitation(ctx context.Context) (server.Network, error)
}

// Verbs are what [Options.Do] does, for those who say how it is used.
const Verbs = "status, open, close, invite, revoke"

// Invites is the one of [Verbs] that needs [Options.By].
const Invites = "invite"

// ErrUsage is a wrong command line.
var ErrUsage = errors.New("wrong usage")

// Options are what a command line says beside the verb.
type Options struct {
	// By is who invites.
	By string
	// Listen is where others connect, host:port, each of which may be empty.
	Listen string
	// Hours is how long an invitation is valid, Uses how many may join by it, 0 for any
	// number.
	Hours float64
	Uses  int
	// JSON is one line of it instead of words, QR the code with the words also where no
	// terminal is.
	JSON, QR bool
}

// Register adds the options to those of a command line. by says who invites if nobody
// is named.
func (o *Options) Register(f *flag.FlagSet, by string) {
	f.StringVar(&o.By, "user", "", "invite: `id` of who invites ("+by+")")
	f.StringVar(&o.Listen, "listen", "", "`address` for others, host:port, each of which may be left out (default: all interfaces, the port used before or 7443)")
	f.Float64Var(&o.Hours, "hours", server.DefaultInvitationTime.Hours(), "invite: how many hours the invitation is valid")
	f.IntVar(&o.Uses, "uses", 0, "invite: how many may join by it, 0 for any number")
	f.BoolVar(&o.JSON, "json", false, "print one line of JSON")
	f.BoolVar(&o.QR, "qr", false, "print the QR code of the link also where no terminal shows it")
}

// Do does one of [Verbs]. The error wraps ErrUsage for anything else.
func (o Options) Do(ctx context.Context, h Host, verb string) (server.Network, error) {
	switch verb {
	case "status":
		return h.Network(ctx)
	case "open":
		return h.OpenNetwork(ctx, o.Listen)
	case "close":
		return h.CloseNetwork(ctx)
	case "revoke":
		return h.WithdrawInvitation(ctx)
	case Invites:
		return o.invite(ctx, h)
	}
	return server.Network{}, fmt.Errorf("%w: %q is none of %s", ErrUsage, verb, Verbs)
}

// invite makes an invitation that can be used: a link to a server that is closed would be
// none. What would make no link changes nothing.
func (o Options) invite(ctx context.Context, h Host) (server.Network, error) {
	if o.By == "" {
		return server.Network{}, fmt.Errorf("%w: nobody is named who invites", ErrUsage)
	}
	n, err := h.Network(ctx)
	if err != nil {
		return n, err
	}
	if len(n.Hosts) == 0 {
		return n, im.Errorf(im.CodeNoNetwork, "this computer has no address on a network")
	}
	closed := !n.Open && !n.Wanted
	if !n.Open || o.Listen != "" {
		if n, err = h.OpenNetwork(ctx, o.Listen); err != nil {
			return n, err
		}
	}
	n, err = h.Invite(ctx, server.InvitationTerms{By: im.UserID(o.By), For: time.Duration(o.Hours * float64(time.Hour)), Uses: o.Uses})
	if err != nil && closed {
		_, again := h.CloseNetwork(context.WithoutCancel(ctx))
		err = errors.Join(err, again)
	}
	return n, err
}

// linkHosts is how many addresses of this computer a link has: with each of them the QR
// code has more and smaller modules.
const linkHosts = 3

// Link is the invitation to a server that is open to the network. Codes: 130130
// (CodeInvitationUnknown) if there is none, or its secret is not known any more; 2805
// (CodeNoNetwork) if this computer has no network.
func Link(n server.Network) (invite.Invitation, error) {
	if n.Invitation == nil || n.Invitation.Secret == "" {
		return invite.Invitation{}, im.Errorf(im.CodeInvitationUnknown, "there is no invitation whose secret is known")
	}
	return invite.New(n.Hosts[:min(len(n.Hosts), linkHosts)], uint16(n.Port), n.Invitation.Secret, n.Fingerprint)
}
