package app

import (
	"context"
	"errors"

	"magpie/app/core"
	"magpie/app/host"
	"magpie/app/profile"
	"magpie/store"
)

// session is one signed-in account: its history on disk, its client core and,
// for a local account, the server inside.
type session struct {
	account profile.Account
	store   *store.Store
	client  *core.Client
	// report is what opening the history had to do.
	report store.Report
	host   *host.Keeper // nil for an account on a server elsewhere
	drafts *drafts
	trays  *trays
	heard  heard

	ctx    context.Context
	cancel context.CancelFunc
}

// credentials are what a person typed; both empty for a session that goes on
// with the token of an earlier one.
type credentials struct {
	password, userSig string
}

// openSession opens the history of an account. It makes no connection yet:
// reading works at once, [session.start] connects. It blocks on the disk.
func openSession(p profile.Profile, a profile.Account, c credentials) (_ *session, err error) {
	path, err := p.HistoryPath(a)
	if err != nil {
		return nil, err
	}
	s := &session{account: a, drafts: newDrafts(), trays: newTrays()}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	if s.store, s.report, err = store.Open(path, store.Options{Account: a.User}); err != nil {
		return nil, err
	}
	o := core.Options{
		Store:    s.store,
		Server:   a.Server,
		User:     a.User,
		Password: c.password,
		UserSig:  c.userSig,
		Platform: "desktop",
	}
	if a.Local {
		s.host = host.NewKeeper(p.ServerDir(), a.User)
		o.Endpoint = s.host.Endpoint
	}
	if s.client, err = core.New(o); err != nil {
		return nil, err
	}
	if s.heard.unread, err = s.client.TotalUnread(); err != nil {
		return nil, err
	}
	go s.heard.follow(s.client.Subscribe()) // ends with the client
	return s, nil
}

// start connects, and goes on connecting, until the session is closed.
func (s *session) start() { s.client.Start(s.ctx) }

// close ends the connection, then the store, then the server inside.
func (s *session) close() error {
	s.cancel()
	s.trays.busy.Wait()
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
	return errors.Join(errs...)
}
