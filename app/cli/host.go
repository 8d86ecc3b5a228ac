package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"magpie/app/host"
	"magpie/app/profile"
	"magpie/server/inviting"
)

// hostCommand opens the server of a data folder to the network, closes it, and invites
// to it.
func hostCommand(ctx context.Context, e *Env, args []string) (err error) {
	f := e.flags("host")
	data := f.String("data", "", "data `folder` (default: the system's place for application data)")
	profileName := f.String("profile", "", "profile `name` within the data folder")
	var o inviting.Options
	o.Register(f, "default: the first account of the profile that is on this computer")
	rest, err := parse(f, args)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return usageError("say one of %s", inviting.Verbs)
	}
	p, err := profile.Open(*data, *profileName)
	if err != nil {
		return err
	}
	if rest[0] == inviting.Invites && o.By == "" {
		if o.By, err = localAccount(p); err != nil {
			return err
		}
	}
	h, err := e.host(ctx, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close(context.WithoutCancel(ctx))) }()
	n, err := o.Do(ctx, h, rest[0])
	if errors.Is(err, inviting.ErrUsage) {
		return usageError("%v", err)
	}
	if err != nil {
		return err
	}
	if h.Mine() && n.Open {
		fmt.Fprintln(e.Stderr, "magpie: nobody serves this data folder now; others find it once the window is open, or `magpie serve` runs")
	}
	return o.Print(e.Stdout, n, e.Language)
}

// localAccount is the first account of a profile that is on the server inside.
func localAccount(p profile.Profile) (string, error) {
	settings, _, err := p.Load(time.Now())
	if err != nil {
		return "", err
	}
	for _, a := range settings.Accounts {
		if a.Local {
			return string(a.User), nil
		}
	}
	return "", usageError("no account of this profile is on this computer; say --user")
}

// host finds or starts the server of a profile's data folder, with its key.
func (e *Env) host(ctx context.Context, p profile.Profile) (*host.Host, error) {
	keys, err := e.keys(ctx, p)
	if err != nil {
		return nil, err
	}
	return host.Open(ctx, p.ServerDir(), host.Options{Key: keys.Server(), Unseal: keys.Unseal()})
}
