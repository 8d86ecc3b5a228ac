package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"magpie/app/host"
	"magpie/app/profile"
	"magpie/im"
	"magpie/server"
)

// hosting is what the sub-commands of host print with --json.
type hosting struct {
	Open        bool            `json:"open"`
	Trouble     *im.Error       `json:"trouble,omitempty"`
	Hosts       []string        `json:"hosts"`
	Port        int             `json:"port"`
	Fingerprint string          `json:"fingerprint"`
	Link        string          `json:"link,omitempty"`
	Expires     string          `json:"expires,omitempty"` // RFC 3339, UTC
	Uses        int             `json:"uses,omitempty"`
	Used        int             `json:"used,omitempty"`
	Joined      []server.Joined `json:"joined"`
}

// hostCommand opens the server of a data folder to the network, closes it, and invites
// to it.
func hostCommand(ctx context.Context, e *Env, args []string) (err error) {
	f := e.flags("host")
	data := f.String("data", "", "data `folder` (default: the system's place for application data)")
	profileName := f.String("profile", "", "profile `name` within the data folder")
	by := f.String("user", "", "`id` of who invites (default: the first account of the profile that is on this computer)")
	listen := f.String("listen", "", "`address` for others, host:port, each of which may be left out (default: all interfaces, the port used before or 7443)")
	hours := f.Float64("hours", server.DefaultInvitationTime.Hours(), "how many hours the invitation is valid")
	uses := f.Int("uses", 0, "how many may join by it, 0 for any number")
	asJSON := f.Bool("json", false, "print one line of JSON")
	rest, err := parse(f, args)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return usageError("say one of status, open, close, invite")
	}
	p, err := profile.Open(*data, *profileName)
	if err != nil {
		return err
	}
	h, err := e.host(ctx, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close(context.WithoutCancel(ctx))) }()
	var n server.Network
	switch rest[0] {
	case "status":
		n, err = h.Network(ctx)
	case "open":
		n, err = h.OpenNetwork(ctx, *listen)
	case "close":
		n, err = h.CloseNetwork(ctx)
	case "invite":
		terms := server.InvitationTerms{By: im.UserID(*by), For: time.Duration(*hours * float64(time.Hour)), Uses: *uses}
		if terms.By == "" {
			if terms.By, err = localAccount(p); err != nil {
				return err
			}
		}
		n, err = openAndInvite(ctx, h, *listen, terms)
	default:
		return usageError("%q is none of status, open, close, invite", rest[0])
	}
	if err != nil {
		return err
	}
	if h.Mine() && n.Open {
		fmt.Fprintln(e.Stderr, "magpie: nobody serves this data folder now; others find it once the window is open, or `magpie serve` runs")
	}
	return e.printHosting(n, *asJSON)
}

// openAndInvite makes an invitation that can be used: a link to a server that is closed
// would be none. What would make no link changes nothing.
func openAndInvite(ctx context.Context, h *host.Host, listen string, terms server.InvitationTerms) (server.Network, error) {
	n, err := h.Network(ctx)
	if err != nil {
		return n, err
	}
	if len(n.Hosts) == 0 {
		return n, im.Errorf(im.CodeNoNetwork, "this computer has no address on a network")
	}
	if !n.Open || listen != "" {
		if n, err = h.OpenNetwork(ctx, listen); err != nil {
			return n, err
		}
	}
	return h.Invite(ctx, terms)
}

// localAccount is the first account of a profile that is on the server inside.
func localAccount(p profile.Profile) (im.UserID, error) {
	settings, _, err := p.Load(time.Now())
	if err != nil {
		return "", err
	}
	for _, a := range settings.Accounts {
		if a.Local {
			return a.User, nil
		}
	}
	return "", usageError("no account of this profile is on this computer; say --user")
}

func (e *Env) printHosting(n server.Network, asJSON bool) error {
	out := hosting{Open: n.Open, Trouble: n.Trouble, Hosts: n.Hosts, Port: n.Port, Fingerprint: n.Fingerprint, Joined: n.Joined}
	if out.Joined == nil {
		out.Joined = []server.Joined{}
	}
	if i := n.Invitation; i != nil {
		out.Expires, out.Uses, out.Used = time.UnixMilli(i.Expires).UTC().Format(time.RFC3339), i.Uses, i.Used
	}
	if link, err := host.Link(n); err == nil {
		out.Link = link.String()
	}
	if asJSON {
		return json.NewEncoder(e.Stdout).Encode(out)
	}
	var b strings.Builder
	switch {
	case n.Open:
		fmt.Fprintf(&b, "open to the network, encrypted, at port %d of %s\n", n.Port, strings.Join(n.Hosts, ", "))
	case n.Trouble != nil:
		fmt.Fprintf(&b, "closed: %s\n", n.Trouble.Message(e.Language))
	default:
		b.WriteString("closed to the network\n")
	}
	fmt.Fprintf(&b, "fingerprint %s\n", n.Fingerprint)
	if n.Invitation != nil {
		fmt.Fprintf(&b, "whoever has the link can make an account until %s\n", out.Expires)
	}
	if out.Link != "" {
		b.WriteString(out.Link + "\n")
	}
	for _, j := range n.Joined {
		fmt.Fprintf(&b, "joined: %s %s\n", j.User, j.Nick)
	}
	_, err := e.Stdout.Write([]byte(b.String()))
	return err
}

// host finds or starts the server of a profile's data folder, with its key.
func (e *Env) host(ctx context.Context, p profile.Profile) (*host.Host, error) {
	keys, err := e.keys(ctx, p)
	if err != nil {
		return nil, err
	}
	return host.Open(ctx, p.ServerDir(), host.Options{Key: keys.Server(), Unseal: keys.Unseal()})
}
