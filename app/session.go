package app

import (
	"context"
	"errors"
	"sync"
	"time"

	"magpie/app/core"
	"magpie/app/host"
	"magpie/app/profile"
	"magpie/im"
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
	host   *hosting // nil for an account on a server elsewhere
	drafts *drafts

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
	s := &session{account: a, drafts: newDrafts()}
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
		s.host = &hosting{dir: p.ServerDir(), user: a.User}
		o.Endpoint = s.host.endpoint
	}
	if s.client, err = core.New(o); err != nil {
		return nil, err
	}
	return s, nil
}

// start connects, and goes on connecting, until the session is closed.
func (s *session) start() { s.client.Start(s.ctx) }

// close ends the connection, then the store, then the server inside.
func (s *session) close() error {
	s.cancel()
	var errs []error
	if s.client != nil {
		errs = append(errs, s.client.Close())
	}
	if s.store != nil {
		errs = append(errs, s.store.Close())
	}
	if s.host != nil {
		errs = append(errs, s.host.close())
	}
	return errors.Join(errs...)
}

// hosting keeps the server of the data folder running as long as a session
// needs it: this process runs it unless another one does, and takes over when
// that one ends.
type hosting struct {
	dir  string
	user im.UserID
	mu   sync.Mutex // held while the server is looked at, started or ended
	host *host.Host
	// away makes the server unreachable, for the pictures of the tour.
	away bool
}

// endpoint is asked before every attempt to connect.
func (h *hosting) endpoint(ctx context.Context) (core.Endpoint, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.renew(ctx); err != nil {
		return core.Endpoint{}, err
	}
	sig, err := h.host.UserSig(h.user)
	if err != nil {
		return core.Endpoint{}, err
	}
	return core.Endpoint{Server: h.host.URL(), UserSig: sig}, nil
}

// renew makes sure that h.host is a server that runs.
func (h *hosting) renew(ctx context.Context) error {
	if h.away {
		return im.Errorf(im.CodeServerUnreachable, "the server is away")
	}
	if h.host != nil && h.host.Alive(ctx) {
		return nil
	}
	if err := h.end(); err != nil {
		return err
	}
	opened, err := host.Open(ctx, h.dir, host.Options{})
	if err != nil {
		return err
	}
	h.host = opened
	return nil
}

func (h *hosting) close() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.end()
}

func (h *hosting) end() error {
	if h.host == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := h.host.Close(ctx)
	h.host = nil
	return err
}
