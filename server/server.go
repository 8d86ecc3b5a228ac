package server

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"magpie/im"
	"magpie/im/wire"
	"magpie/internal/seal"
	"magpie/server/datalock"
)

// Server is a running server. Its methods may be called from any goroutine.
type Server struct {
	opt  Options
	keys Keys
	key  *seal.Key // of what lies on the disk, nil if that lies open
	lock *datalock.Lock
	bus  *bus

	epoch    *epoch
	log      *messageLog
	heads    *heads
	inboxes  *inboxes
	accounts *accounts
	invites  *invites
	groups   *groups
	actors   *actors
	lists    *lists
	hub      *hub
	limits   *limits
	turns    *turns
	blocks   *blocks
	echo     *echo
	notes    *notifications
	blobs    *blobs
	uploads  *uploads
	gateway  *gateway
	network  *network // nil for a Quiet server
	admin    *admin

	// stop ends what runs inside; work counts it.
	ctx  context.Context
	stop context.CancelFunc
	work sync.WaitGroup

	closing sync.Once
	closed  error
}

// Open starts a server on the folder o.Data and returns once it accepts
// connections. It fails with im.CodeDataFolderInUse if another process serves
// the folder. ctx bounds the start only.
func Open(ctx context.Context, o Options) (_ *Server, err error) {
	o = o.withDefaults()
	if o.Data == "" {
		return nil, errors.New("server: no data folder given")
	}
	if err := os.MkdirAll(o.Data, 0o700); err != nil {
		return nil, fmt.Errorf("server: make data folder: %w", err)
	}
	s := &Server{opt: o}
	s.ctx, s.stop = context.WithCancel(context.Background())
	// What was opened is closed again, in reverse, if a later step fails.
	defer func() {
		if err != nil {
			_ = s.Close(context.WithoutCancel(ctx))
		}
	}()
	if s.lock, err = datalock.Acquire(o.Data); err != nil {
		return nil, err
	}
	if err = forgetRunning(o.Data); err != nil {
		return nil, err
	}
	if s.key, err = (Folder{o.Data, o.Key}).openDataKey(o.Unseal); err != nil {
		return nil, err
	}
	if s.keys, err = loadKeys(o.Data, s.key, o.SDKAppID); err != nil {
		return nil, err
	}
	folder, err := logFolder(ctx, o.Data, s.key, &s.opt)
	if err != nil {
		return nil, err
	}
	if s.bus, err = openBus(ctx, folder, s.key, &s.opt); err != nil {
		return nil, err
	}
	s.log = newLog(s.bus, &s.opt)
	s.heads = newHeads(s.bus, s.log)
	s.inboxes = newInboxes(s.bus)
	s.accounts = newAccounts(s.bus, &s.opt)
	s.invites = newInvites(s.bus, s.accounts, &s.opt)
	s.limits = newLimits(&s.opt)
	s.turns = newTurns(s.opt.GroupMessagesPerSecond)
	s.blocks = newBlocks(s.bus)
	if s.blobs, err = openBlobs(s); err != nil {
		return nil, err
	}
	if s.uploads, err = openUploads(s); err != nil {
		return nil, err
	}
	if s.epoch, err = openEpoch(ctx, filepath.Join(o.Data, "epoch.json"), s.log, s.heads); err != nil {
		return nil, err
	}
	if err = s.heads.sealedAll(ctx); err != nil {
		return nil, err
	}
	repaired, err := s.repairHeads(ctx)
	if err != nil {
		return nil, err
	}
	s.lists = newLists(s)
	if s.hub, err = newHub(s); err != nil {
		return nil, err
	}
	s.actors = newActors(s)
	if repaired > 0 { // the next start need not read them again
		if err := s.checkpoint(ctx); err != nil {
			s.opt.Logf("%v", err)
		}
	}
	s.groups = newGroups(s)
	if err = s.groups.finishIntents(ctx); err != nil {
		return nil, err
	}
	if o.Notifier != nil {
		s.notes = startNotifications(s)
	}
	if o.Echo {
		if s.echo, err = startEcho(ctx, s); err != nil {
			return nil, err
		}
	}
	if !o.Quiet {
		s.work.Go(s.blobs.run)
		s.work.Go(s.blobs.seal)
		if s.gateway, err = startGateway(s); err != nil {
			return nil, err
		}
		if s.network, err = openNetwork(s); err != nil {
			return nil, err
		}
		s.network.resume()
		if s.admin, err = startAdmin(s); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// URL is where clients connect: ws://host:port/v1/chat. It is empty for a
// Quiet server.
func (s *Server) URL() string {
	if s.gateway == nil {
		return ""
	}
	return "ws://" + s.gateway.address() + wire.Path
}

// Address is the host:port of the gateway, empty for a Quiet server.
func (s *Server) Address() string {
	if s.gateway == nil {
		return ""
	}
	return s.gateway.address()
}

// Close stops accepting, tells every client, lets what is under way end and
// shuts the log down. ctx bounds the wait; after it connections are cut.
// Further calls return the first one's result.
func (s *Server) Close(ctx context.Context) error {
	s.closing.Do(func() { s.closed = s.shutdown(ctx) })
	return s.closed
}

func (s *Server) shutdown(ctx context.Context) error {
	var errs []error
	keep := func(err error) {
		if err != nil {
			errs = append(errs, err)
		}
	}
	if s.admin != nil {
		keep(s.admin.close(ctx))
	}
	if s.network != nil {
		s.network.end()
	}
	if s.gateway != nil {
		keep(s.gateway.close(ctx))
	}
	s.stop()
	if s.actors != nil {
		s.actors.close()
	}
	s.work.Wait()
	if s.hub != nil {
		s.hub.close()
	}
	if s.lists != nil {
		s.lists.close()
	}
	if s.bus != nil {
		if s.actors != nil {
			if err := s.checkpoint(ctx); err != nil { // the next start reads more, that is all
				s.opt.Logf("%v", err)
			}
		}
		s.bus.close()
	}
	if s.lock != nil {
		keep(s.lock.Release())
	}
	return errors.Join(errs...)
}

// now is the server's clock in milliseconds since 1970.
func (s *Server) now() int64 { return s.opt.Now().UnixMilli() }

// tokenLifetime is how long a device signs in again without a password.
const tokenLifetime = 7 * 24 * time.Hour

// CreateUser makes an account. It fails with im.CodeInvalidUserID for a
// malformed name, im.CodeUserExists for one that is taken, and
// im.CodeInvalidParameter for a password that is empty or longer than
// im.MaxPasswordBytes.
func (s *Server) CreateUser(ctx context.Context, user im.UserID, password, nick string) error {
	return s.createUser(ctx, user, password, nick)
}

// Token signs user in on a device without a password, for clients in the same
// process. An account that does not exist fails with im.CodeUserNotFound.
func (s *Server) Token(ctx context.Context, user im.UserID, device string) (string, error) {
	if _, err := s.accounts.get(ctx, user); err != nil {
		return "", err
	}
	token, _ := s.newToken(user, device, time.Time{})
	return token, nil
}

// UserSig signs a UserSig for user with the server's key.
func (s *Server) UserSig(user im.UserID, expire time.Duration) (string, error) {
	return s.keys.UserSig(user, expire, s.opt.Now())
}
