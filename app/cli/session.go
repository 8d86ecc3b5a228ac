package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"time"

	"magpie/app/core"
	"magpie/app/host"
	"magpie/app/profile"
	"magpie/app/proxy"
	"magpie/app/vault"
	"magpie/im"
	"magpie/server/datalock"
	"magpie/store"
)

// account are the flags that choose whose messages, and where.
type account struct {
	data, profile, server, user string
	passwordFile, userSigFile   string
	timeout                     time.Duration

	// joining is the account that an invitation leads to, nil for a known one or one of
	// the flags; it is made by the secret invite with the name nick to show.
	joining      *profile.Account
	invite, nick string
}

// accountFlags are what a command on an account begins with: its own flags are still to
// be added.
func (e *Env) accountFlags(command string) (*flag.FlagSet, *account) {
	f, a := e.flags(command), &account{}
	a.register(f)
	return f, a
}

// offlineFlag is that of commands which can do with what is here.
func offlineFlag(f *flag.FlagSet) *bool {
	return f.Bool("offline", false, "only what is on this disk; no connection is made")
}

func (a *account) register(f *flag.FlagSet) {
	f.StringVar(&a.data, "data", "", "data `folder` (default: the system's place for application data)")
	f.StringVar(&a.profile, "profile", "", "profile `name` within the data folder")
	f.StringVar(&a.server, "server", "", "`address` of the server (default: that of the account in use)")
	f.StringVar(&a.user, "user", "", "user `id` (default: that of the account in use)")
	f.StringVar(&a.passwordFile, "password-file", "", "`file` with the password, - for standard input")
	f.StringVar(&a.userSigFile, "usersig-file", "", "`file` with a UserSig, - for standard input")
	f.DurationVar(&a.timeout, "timeout", 15*time.Second, "how long to wait for the server")
}

// session is an open account: its history, its core, and the server of the
// data folder if the account lives there.
type session struct {
	client *core.Client
	store  *store.Store
	host   *host.Keeper
	prof   profile.Profile
	acct   profile.Account
	turn   *datalock.Lock
	// window is where the store and the client belong to, nil if they are the
	// command's own.
	window *Window
}

// mode is how far a command goes beyond the disk.
type mode int

const (
	onDisk    mode = iota // no connection is made
	prepared              // everything is there to connect; the command calls Start
	connected             // connects at once and goes on by itself
)

// open opens the account's history and, as far as the mode says, its connection.
func (a *account) open(ctx context.Context, e *Env, mode mode) (_ *session, err error) {
	if e.Window != nil {
		return a.inWindow(e), nil
	}
	s := &session{}
	if s.prof, err = profile.Open(a.data, a.profile); err != nil {
		return nil, err
	}
	settings, aside, err := s.prof.Load(time.Now())
	if err != nil {
		return nil, err
	}
	if aside != "" {
		fmt.Fprintln(e.Stderr, "magpie: the settings could not be read and were set aside as", aside)
	}
	if s.acct, err = a.choose(settings); err != nil {
		return nil, err
	}
	path, err := s.prof.HistoryPath(s.acct)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	report, keys, err := s.openStore(ctx, e, path)
	if err != nil {
		return nil, err
	}
	if report.SetAside != "" {
		fmt.Fprintf(e.Stderr, "magpie: the history was damaged and set aside as %s; %d entries were saved; of the rest, what the server has comes back from it\n",
			report.SetAside, report.Salvaged)
	}
	route, err := settings.Proxy.Route(keys)
	if err != nil {
		fmt.Fprintln(e.Stderr, "magpie: the password of the proxy cannot be opened; enter it again in the settings of the window")
	}
	o := core.Options{Dial: proxy.NewWay(route).Dial, Store: s.store, Key: keys.Account(s.acct.Folder()), Unseal: keys.Unseal(), Server: s.acct.Server, User: s.acct.User, Pin: s.acct.Fingerprint(), Invite: a.invite, Nick: a.nick, Platform: "cli",
		FilesBytes: settings.FilesBytes, FilesFor: settings.KeepMedia()}
	if err := a.credentials(e, &o); err != nil {
		return nil, err
	}
	switch {
	case mode == onDisk && s.acct.Local:
		o.Server = "127.0.0.1" // never dialled: the client is not started
	case s.acct.Local:
		// Asked before every attempt to connect: whoever runs the server now may
		// end before this command does.
		s.host = host.NewKeeper(s.prof.ServerDir(), s.acct.User, host.Options{Key: keys.Server(), Unseal: keys.Unseal()})
		context.AfterFunc(ctx, s.host.Stop)
		own := o.Password == "" && o.UserSig == ""
		o.Endpoint = func(ctx context.Context) (core.Endpoint, error) {
			at, err := s.host.Endpoint(ctx)
			if !own {
				at.UserSig = "" // the one that was given is to be judged
			}
			return at, err
		}
		if _, err = s.host.Endpoint(ctx); err != nil { // what cannot work is said at once
			return nil, err
		}
	}
	if s.client, err = core.New(o); err != nil {
		return nil, err
	}
	if mode == connected {
		s.start(ctx)
	}
	return s, nil
}

// start connects, unless that is the window's business.
func (s *session) start(ctx context.Context) {
	if s.window == nil {
		s.client.Start(ctx)
	}
}

// openStore has the window run the command, which is then over, or waits its turn
// and opens the history here.
func (s *session) openStore(ctx context.Context, e *Env, path string) (report store.Report, keys vault.Keys, err error) {
	if _, err := e.throughWindow(ctx, s.prof, s.acct); err != nil {
		return report, keys, err
	}
	if keys, err = e.keys(ctx, s.prof); err != nil {
		return report, keys, err
	}
	if s.turn, err = e.takeTurn(ctx, path); err != nil {
		return report, keys, err
	}
	o := e.options(s.acct, keys)
	o.OpenTimeout = turnPause
	s.store, err = retry(ctx, e.Patience, func() (*store.Store, error) {
		older, err := e.throughWindow(ctx, s.prof, s.acct) // one may have come up
		if err != nil {
			return nil, err
		}
		st, r, err := store.Open(path, o)
		report = r
		return st, whyClosed(inUse(err, func() string { return windowOf(s.prof, older) }), path, s.acct)
	})
	return report, keys, err
}

// choose finds the account from the flags, completed from the settings.
func (a *account) choose(settings profile.Settings) (profile.Account, error) {
	if a.joining != nil {
		return *a.joining, nil
	}
	if a.server == "" {
		for _, known := range settings.Accounts {
			if a.user == "" || im.UserID(a.user) == known.User {
				return known, nil
			}
		}
	}
	switch {
	case a.user == "":
		return profile.Account{}, usageError("no account is known here; say --user and --server")
	case im.UserID(a.user).Validate() != nil:
		return profile.Account{}, im.UserID(a.user).Validate()
	case a.server == "":
		return profile.Account{}, usageError("user %s is not known here; say --server", a.user)
	case a.server == "local":
		return profile.Account{User: im.UserID(a.user), Local: true}, nil
	}
	return profile.Account{User: im.UserID(a.user), Server: a.server}, nil
}

func (a *account) credentials(e *Env, o *core.Options) (err error) {
	if a.passwordFile != "" {
		if o.Password, err = readPassword(e.path(a.passwordFile), e.Stdin); err != nil {
			return fmt.Errorf("read the password: %w", err)
		}
	}
	if a.userSigFile != "" {
		if o.UserSig, err = readSecret(e.path(a.userSigFile), e.Stdin); err != nil {
			return fmt.Errorf("read the UserSig: %w", err)
		}
	}
	return nil
}

// remember makes the account known, so that the next command needs fewer flags:
// none if it is the profile's first, else --user. It is called once the server
// has let it in, and never changes which account the window opens with.
func (s *session) remember() error {
	settings, _, err := s.prof.Load(time.Now())
	if err != nil || slices.Contains(settings.Accounts, s.acct) {
		return err
	}
	_, err = s.prof.Update(time.Now(), func(settings *profile.Settings) { settings.Know(s.acct) })
	return err
}

// ready waits until the core has caught up with the server.
func (s *session) ready(ctx context.Context, timeout time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if err := s.client.WaitReady(ctx); err != nil {
		if errors.Is(err, context.DeadlineExceeded) {
			return im.Errorf(im.CodeServerUnreachable, "%s did not answer within %s", s.where(), timeout)
		}
		return err
	}
	return s.remember()
}

// forgetAccount removes everything of the account from the profile; the session is
// closed.
func (s *session) forgetAccount() error {
	if err := s.prof.EraseAccount(s.acct); err != nil {
		return err
	}
	_, err := s.prof.Update(time.Now(), func(settings *profile.Settings) { settings.Forget(s.acct) })
	return err
}

func (s *session) where() string {
	if s.acct.Local {
		return "the server of this data folder"
	}
	return s.acct.Server
}

func (s *session) close() error {
	if s.window != nil {
		return nil // it goes on
	}
	var errs []error
	if s.host != nil {
		s.host.Stop() // one that is being started must not hold the client up
	}
	if s.client != nil {
		errs = append(errs, s.client.Close())
	}
	if s.store != nil {
		errs = append(errs, s.store.Close())
	}
	if s.host != nil {
		errs = append(errs, s.host.Close())
	}
	errs = append(errs, s.turn.Release())
	return errors.Join(errs...)
}
