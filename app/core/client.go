package core

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"strings"
	"sync"
	"time"

	"magpie/im"
	"magpie/im/wire"
	"magpie/store"
)

// State is where a client stands between the disk and the server.
type State int

// States. See the package comment for how they follow each other.
const (
	// Offline: no connection; the next attempt starts at [Client.RetryAt].
	Offline State = iota
	// Connecting: the connection is being made and signed in.
	Connecting
	// Syncing: signed in, catching up with what was missed. Messages are sent.
	Syncing
	// Ready: what the server has and what is on disk agree, pushes come in.
	Ready
	// Kicked: the server ended the session for good ([KickedOut] says why).
	Kicked
)

// String is the state in one lower-case word.
func (s State) String() string {
	switch s {
	case Connecting:
		return "connecting"
	case Syncing:
		return "syncing"
	case Ready:
		return "ready"
	case Kicked:
		return "kicked"
	}
	return "offline"
}

// MarshalText writes the word of String.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Client is one account on one device. Make it with [New].
type Client struct {
	o      Options
	db     storage
	url    string
	device string
	hub    hub
	ctx    context.Context // ends with the client
	cancel context.CancelFunc
	wg     sync.WaitGroup

	mu        sync.Mutex // guards what follows; never held over disk or network
	state     State
	started   bool
	closed    bool
	stopStart func() bool   // undoes the watch over Start's context
	changed   chan struct{} // closed and replaced when state, signInErr or closed change
	wake      chan struct{} // capacity 1: try to connect at once
	retryAt   time.Time
	signInErr *im.Error
	keys      keys
	invite    string    // see Options, "" once it was of use
	inviter   im.UserID // who invited
	link      *link     // signed in, nil without
	listed    bool      // the list of this connection is applied: feeds may run
	welcome   wire.Welcome
	ahead     time.Duration // of the server's clock before this one
	told      time.Time     // the server's clock as the last hello told it
	toldAt    time.Time     // when, by a clock that nobody can put
	feeds     map[im.ConversationID]*feed
	watched   map[im.UserID]struct{} // users of Presence

	members sync.Mutex // held while the cached members of a group are changed

	floors floors
	// forgotten is, for conversations whose history was deleted here, up to where.
	forgotten floors
	// imported is how many messages of a conversation came from exports: the server may
	// have them no more.
	imported floors
	out      outbox
	list     list
	reads    reads
	names    names
	pulls    chan struct{} // one token for each pull of history that may run
	backfill chan struct{} // capacity 1: there may be older history to fetch
	resync   chan struct{} // capacity 1: pushes may have been lost
	events   eventQueue

	files      fileCache
	fileServer *fileServer
	transfers  transfers
	downloads  downloads
	answers    fileAnswers
	tidy       tidy
	rules      downloadRules

	filling   filling
	revoked   revoked
	unwanted  unwanted
	live      live
	typing    typing
	blacklist blacklist
}

// pullsAtOnce bounds the pulls of history of one client. A server on the same
// machine is kept busy by few; a far one answers several in a round trip.
const pullsAtOnce = 6

// New checks the options and reads what the store knows of this device. It
// makes no connection; without [Client.Start] the client works from the disk
// alone. Call [Client.Close] in either case.
func New(o Options) (*Client, error) {
	if err := o.fill(); err != nil {
		return nil, err
	}
	return newClient(o, o.Store)
}

func newClient(o Options, db storage) (*Client, error) {
	var url string
	var err error
	if o.Endpoint == nil {
		if url, err = address(o.Server); err != nil {
			return nil, err
		}
		if err := checkPin(o.Pin, url); err != nil {
			return nil, err
		}
	}
	c := &Client{
		o: o, db: db, url: url,
		invite:  o.Invite,
		changed: make(chan struct{}), wake: make(chan struct{}, 1),
		feeds: make(map[im.ConversationID]*feed), watched: make(map[im.UserID]struct{}),
		pulls: make(chan struct{}, pullsAtOnce), backfill: make(chan struct{}, 1), resync: make(chan struct{}, 1),
	}
	c.filling.bound, c.filling.now.State = o.Backfill, FillOffline
	c.hub.subs = make(map[*Subscription]struct{})
	c.ctx, c.cancel = context.WithCancel(context.Background())
	if c.device, err = deviceID(c.ctx, db); err != nil {
		return nil, err
	}
	if c.keys, err = c.readKeys(); err != nil {
		return nil, err
	}
	if err := c.floors.load(db, metaFloors); err != nil {
		return nil, err
	}
	if err := errors.Join(c.forgotten.load(db, metaForgotten), c.imported.load(db, metaImported)); err != nil {
		return nil, err
	}
	if err := c.unwanted.load(db); err != nil {
		return nil, err
	}
	if !c.ReadOnly() {
		if err := c.rescue(c.ctx); err != nil {
			return nil, err
		}
		if err := c.finishForgetting(c.ctx); err != nil {
			return nil, err
		}
	}
	c.setUpFiles()
	if err := c.transfers.load(); err != nil {
		return nil, err
	}
	if err := c.out.load(c); err != nil {
		return nil, err
	}
	return c, nil
}

// DeviceID returns the id of this installation of the account, made at random
// and kept in the store the first time. A token made for a local client
// (server.Token) needs it before the client exists.
func DeviceID(ctx context.Context, st *store.Store) (string, error) { return deviceID(ctx, st) }

func deviceID(ctx context.Context, db storage) (string, error) {
	id, err := db.Meta(metaDevice)
	if err != nil || id != "" {
		return id, err
	}
	var random [10]byte
	_, _ = rand.Read(random[:]) // never fails: it ends the program instead
	id = strings.ToLower(base32.StdEncoding.EncodeToString(random[:]))
	return id, db.SetMeta(ctx, metaDevice, id)
}

// ReadOnly reports whether the history may be read and not written. Such a client
// stays offline, because what it would receive could not be kept.
func (c *Client) ReadOnly() bool { return c.o.Store != nil && c.o.Store.ReadOnly() }

// Start begins to connect, and goes on by itself until ctx ends or Close. A
// second call does nothing, nor does any of a client that is [Client.ReadOnly].
func (c *Client) Start(ctx context.Context) {
	if c.ReadOnly() {
		return
	}
	c.mu.Lock()
	if c.started || c.closed {
		c.mu.Unlock()
		return
	}
	c.started = true
	c.stopStart = context.AfterFunc(ctx, c.cancel)
	c.mu.Unlock()
	c.spawn(c.run)
	c.spawn(c.tidyUp)
	c.spawn(func() {
		c.report(c.files.rewrite(c.ctx, func(d time.Duration) bool { return c.pause(d, nil) }))
	})
	c.autoDownload()
}

// spawn runs f in a goroutine that Close waits for; false after Close.
func (c *Client) spawn(f func()) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return false
	}
	c.wg.Go(f)
	return true
}

// Close ends the connection and everything that runs, reports read marks that
// were still waiting if that is possible within half a second, and closes all
// subscriptions. The store stays open. It may be called more than once.
func (c *Client) Close() error {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return nil
	}
	l := c.link
	c.mu.Unlock()
	if l != nil {
		ctx, cancel := context.WithTimeout(c.ctx, 500*time.Millisecond)
		c.flushReads(ctx, l)
		cancel()
	}
	c.mu.Lock()
	c.closed = true
	if c.stopStart != nil {
		c.stopStart()
	}
	c.announceLocked()
	c.mu.Unlock()
	c.cancel()
	c.wg.Wait()
	c.fileServer.http.CloseIdleConnections()
	c.hub.close()
	return nil
}

// Inviter is who made the invitation that this client signed in with, "" without one.
func (c *Client) Inviter() im.UserID {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.inviter
}

// User is the account.
func (c *Client) User() im.UserID { return c.o.User }

// Device is the id of this installation of the account.
func (c *Client) Device() string { return c.device }

// State tells where the client stands.
func (c *Client) State() State {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state
}

// RetryAt is when the next attempt to connect starts; zero if none is planned
// (connected, kicked, refused, or being made right now).
func (c *Client) RetryAt() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.retryAt
}

// RetryNow tries to connect at once instead of at RetryAt; call it when the
// network came back or the window came to the front. On a connection that
// stands it asks the server for a sign of life and reconnects if none comes
// within 5 s. It does nothing after a kick or a refused sign-in.
func (c *Client) RetryNow() {
	c.mu.Lock()
	l := c.link
	parked := c.state == Kicked || c.signInErr != nil
	c.mu.Unlock()
	switch {
	case parked:
	case l != nil:
		l.probe()
	default:
		poke(c.wake)
	}
}

// poke puts a token into a channel of capacity 1 that has none.
func poke(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}

// SignInError is why the server refused to sign in, nil if it did not. The
// client then makes no further attempt until [Client.SignIn].
func (c *Client) SignInError() *im.Error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.signInErr
}

// SignIn is a person's wish to sign in again, after a refused sign-in or a
// kick. A password or signature that is not empty replaces the earlier one and
// is used before any token.
func (c *Client) SignIn(password, userSig string) {
	c.mu.Lock()
	c.keys.replace(password, userSig)
	c.signInErr = nil
	if c.state == Kicked {
		c.state = Offline
		c.hub.emit(StateChanged{State: Offline})
	}
	c.announceLocked()
	c.mu.Unlock()
	poke(c.wake)
}

// WaitReady waits until the client is Ready. It returns the *im.Error of a
// refused sign-in, code 3005 after a kick or Close, or ctx's error.
func (c *Client) WaitReady(ctx context.Context) error {
	for {
		c.mu.Lock()
		state, refused, closed, changed := c.state, c.signInErr, c.closed || c.ctx.Err() != nil, c.changed
		c.mu.Unlock()
		switch {
		case closed || state == Kicked:
			return im.Errorf(im.CodeLoggedOut, "the session has ended")
		case refused != nil:
			return refused
		case state == Ready:
			return nil
		}
		select {
		case <-changed:
		case <-c.ctx.Done():
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// announceLocked wakes everybody who waits for a change of state.
func (c *Client) announceLocked() {
	close(c.changed)
	c.changed = make(chan struct{})
}

// online returns the connection, or an error of code 9508.
func (c *Client) online() (*link, error) {
	if l := c.current(); l != nil {
		return l, nil
	}
	return nil, im.Errorf(im.CodeNetworkDown, "not connected")
}

// current returns the connection that is signed in, nil without one.
func (c *Client) current() *link {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.link
}

// Subscribe returns a queue of everything that happens from now on. It works
// before Start. Close it, or take from it until it ends after [Client.Close].
func (c *Client) Subscribe() *Subscription { return c.hub.subscribe() }

// report raises an ErrorEvent, unless err only says that the client is closing.
func (c *Client) report(err error) {
	if err == nil || c.ctx.Err() != nil {
		return
	}
	c.hub.emit(ErrorEvent{Error: coded(err, im.CodeStoreDamaged)})
}

// pause waits for d; false if the client or the connection ended before.
func (c *Client) pause(d time.Duration, l *link) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	var done <-chan struct{}
	if l != nil {
		done = l.done
	}
	select {
	case <-t.C:
		return true
	case <-done:
	case <-c.ctx.Done():
	}
	return false
}

// backOff is a random part of a ceiling that doubles with every attempt.
func (c *Client) backOff(attempt int, low, high time.Duration) time.Duration {
	ceiling := high
	if attempt < 30 && low<<attempt < high {
		ceiling = low << attempt
	}
	return time.Duration(c.o.Rand() * float64(ceiling))
}
