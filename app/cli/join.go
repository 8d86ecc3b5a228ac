package cli

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"magpie/app/core"
	"magpie/app/profile"
	"magpie/app/proxy"
	"magpie/app/scan"
	"magpie/im"
	"magpie/media/isolated"
	"magpie/media/probe"
	"magpie/media/sandbox"
	"magpie/server/invite"
)

// joinedLine is the line that join prints.
type joinedLine struct {
	User    im.UserID `json:"user"`
	Server  string    `json:"server"`
	Pin     string    `json:"fingerprint"`
	Inviter im.UserID `json:"inviter,omitempty"`
}

// join makes an account by the link of an invitation and signs in to it.
func join(ctx context.Context, e *Env, args []string) (err error) {
	f := e.flags("join")
	var a account
	a.register(f)
	f.StringVar(&a.nick, "nick", "", "the `name` to show")
	picture := f.String("picture", "", "a picture `file` with the QR code of the invitation, instead of its link")
	rest, err := parse(f, args)
	if err != nil {
		return err
	}
	switch {
	case len(rest) > 1 || (len(rest) == 1) == (*picture != ""):
		return usageError("say one link, or --picture")
	case a.server != "":
		return usageError("the link says the server")
	case a.user == "" || a.passwordFile == "":
		return usageError("say --user and --password-file: the account is made with them")
	}
	link, err := linkOf(ctx, rest, *picture)
	if err != nil {
		return err
	}
	user := im.UserID(a.user)
	if err := user.Validate(); err != nil {
		return err
	}
	reached, err := a.reach(ctx, e, link)
	if err != nil {
		return err
	}
	a.joining = &profile.Account{User: user, Server: "wss://" + reached, Pin: link.Fingerprint.String()}
	a.invite = link.Secret
	s, err := a.open(ctx, e, connected)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	if err := s.ready(ctx, a.timeout); err != nil {
		return err
	}
	inviter := s.client.Inviter()
	if inviter != "" {
		if _, err := s.client.AddConversation(ctx, im.C2C(inviter)); err != nil {
			return err
		}
	}
	return json.NewEncoder(e.Stdout).Encode(joinedLine{user, a.joining.Server, a.joining.Pin, inviter})
}

// linkOf is the invitation that was given as a link, or as a picture of its code.
func linkOf(ctx context.Context, links []string, path string) (link invite.Invitation, err error) {
	if path == "" {
		return invite.Parse(links[0])
	}
	f, err := probe.Open(path)
	if err != nil {
		return link, err
	}
	box := sandbox.New(sandbox.Options{CacheDir: profile.SandboxCache()})
	texts, err := scan.Picture(ctx, f, isolated.New(box))
	if err = errors.Join(err, box.Close(), f.Close()); err != nil {
		return link, err
	}
	return invite.Scanned(texts)
}

// reach finds out at which of its addresses the server of a link answers.
func (a *account) reach(ctx context.Context, e *Env, link invite.Invitation) (string, error) {
	p, err := profile.Open(a.data, a.profile)
	if err != nil {
		return "", err
	}
	settings, _, err := p.Load(time.Now())
	if err != nil {
		return "", err
	}
	keys, err := e.keys(ctx, p)
	if err != nil {
		return "", err
	}
	route, err := settings.Proxy.Route(keys)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, a.timeout)
	defer cancel()
	reached, err := core.Reach(ctx, proxy.NewWay(route).Dial, link.Fingerprint[:], link.Addresses())
	if err != nil && ctx.Err() != nil {
		return "", im.Errorf(im.CodeServerUnreachable, "%s: no answer within %s", link.Addresses()[0], a.timeout)
	}
	return reached, err
}
