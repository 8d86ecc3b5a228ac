package core

import (
	"context"
	"time"

	"magpie/im"
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
type Client struct{ hub hub }

// New checks the options and reads what the store knows of this device. It
// makes no connection; without [Client.Start] the client works from the disk alone.
func New(o Options) (*Client, error) { return nil, o.fill() }

// DeviceID returns the id of this installation of the account, made at random
// and kept in the store the first time. A token made for a local client
// (server.Token) needs it before the client exists.
func DeviceID(ctx context.Context, st *store.Store) (string, error) { return "", nil }

// Start begins to connect, and goes on by itself until ctx ends or Close. A
// second call does nothing.
func (c *Client) Start(ctx context.Context) {}

// Close ends the connection and everything that runs, reports read marks that
// were still waiting if that is possible within half a second, and closes all
// subscriptions. The store stays open.
func (c *Client) Close() error { return nil }

// User is the account.
func (c *Client) User() im.UserID { return "" }

// Device is the id of this installation of the account.
func (c *Client) Device() string { return "" }

// State tells where the client stands.
func (c *Client) State() State { return Offline }

// RetryAt is when the next attempt to connect starts; zero if none is planned
// (connected, kicked, refused, or being made right now).
func (c *Client) RetryAt() time.Time { return time.Time{} }

// RetryNow tries to connect at once instead of at RetryAt; call it when the
// network came back or the window came to the front. On a connection that
// stands it asks the server for a sign of life and reconnects if none comes
// within 5 s. It does nothing after a kick or a refused sign-in.
func (c *Client) RetryNow() {}

// SignInError is why the server refused to sign in, nil if it did not. The
// client then makes no further attempt until [Client.SignIn].
func (c *Client) SignInError() *im.Error { return nil }

// SignIn is a person's wish to sign in again, after a refused sign-in or a
// kick. A password or signature that is not empty replaces the earlier one and
// is used before any token.
func (c *Client) SignIn(password, userSig string) {}

// WaitReady waits until the client is Ready. It returns the *im.Error of a
// refused sign-in, code 3005 after a kick or Close, or ctx's error.
func (c *Client) WaitReady(ctx context.Context) error { return nil }

// Subscribe returns a queue of everything that happens from now on. It works
// before Start. Close it, or take from it until it ends after [Client.Close].
func (c *Client) Subscribe() *Subscription { return c.hub.subscribe() }
