package core

import (
	"context"
	"errors"
	"time"

	"magpie/im"
	"magpie/im/wire"
)

// kicked is why a connection ended when the server sent kick.
type kicked struct{ reason im.KickReason }

func (k *kicked) Error() string { return "core: kicked out: " + string(k.reason) }

var errClosing = errors.New("core: the client closes")

// run makes one connection after another until the client closes.
func (c *Client) run() {
	defer func() {
		c.setState(Offline, time.Time{}, nil)
	}()
	attempt := 0
	for c.ctx.Err() == nil {
		c.setState(Connecting, time.Time{}, nil)
		wasReady, err := c.session()
		if wasReady {
			attempt = 0
		}
		if c.ctx.Err() != nil {
			return
		}
		var k *kicked
		switch {
		case errors.As(err, &k):
			c.kickedOut(k.reason)
			attempt = 0
			if !c.waitForSignIn() {
				return
			}
		case im.CodeOf(err) == im.CodeUserSigExpired && c.wasSignedIn():
			c.kickedOut(im.KickUserSigExpired)
			attempt = 0
			if !c.waitForSignIn() {
				return
			}
		case final(err):
			c.refusedSignIn(coded(err, im.CodeServerInternal))
			attempt = 0
			if !c.waitForSignIn() {
				return
			}
		default:
			if !c.waitForRetry(attempt, coded(err, im.CodeServerUnreachable)) {
				return
			}
			attempt++
		}
	}
}

// session is one connection from dialling to its end.
func (c *Client) session() (wasReady bool, err error) {
	l, w, err := c.connect()
	if err != nil {
		return false, err
	}
	defer l.close(errClosing)
	stop := context.AfterFunc(c.ctx, func() { l.fail(errClosing) })
	defer stop()
	if err := c.signedIn(l, w); err != nil {
		return false, err
	}
	defer c.disconnected(l)
	for attempt := 0; ; attempt++ {
		err := c.sync(l, w)
		if err == nil {
			break
		}
		select {
		case <-l.done:
			return false, l.reason()
		default:
		}
		c.report(err)
		if !c.pause(c.backOff(attempt, c.o.RetryMin, c.o.RetryMax), l) {
			return false, l.reason()
		}
	}
	if !c.setReady(l) {
		return false, l.reason()
	}
	c.afterReady(l)
	for {
		select {
		case <-l.done:
			return true, l.reason()
		case <-c.resync:
			if err := c.sync(l, w); err != nil {
				select {
				case <-l.done:
					return true, l.reason()
				default:
				}
				// Nothing is lost by beginning again from hello.
				c.report(err)
				l.fail(netError(err))
				return true, l.reason()
			}
		}
	}
}

// connect dials and signs in with the keys there are, one after the other.
func (c *Client) connect() (*link, wire.Welcome, error) {
	if err := c.locate(); err != nil {
		return nil, wire.Welcome{}, err
	}
	for {
		h := wire.Hello{V: wire.Version, User: c.o.User, Device: c.device, Platform: c.o.Platform}
		c.mu.Lock()
		any := c.keys.hello(&h)
		if c.invite != "" && h.Password != "" {
			h.Invite, h.Nick = c.invite, c.o.Nick
		}
		c.mu.Unlock()
		if !any {
			return nil, wire.Welcome{}, im.Errorf(im.CodeUserSigEmpty, "no password, signature or token to sign in with")
		}
		l, w, err := c.hello(h)
		if err == nil || !final(err) {
			return l, w, err
		}
		if im.CodeOf(err) == im.CodeCertificate {
			return nil, w, err // nothing was shown to it, and no other key is
		}
		c.mu.Lock()
		more := c.keys.refused(&h)
		stored := c.keys.stored
		c.mu.Unlock()
		if stored == "" {
			if serr := c.db.SetMeta(c.ctx, metaToken, ""); serr != nil {
				c.report(serr)
			}
		}
		if !more {
			return nil, w, err
		}
	}
}

func (c *Client) hello(h wire.Hello) (*link, wire.Welcome, error) {
	ctx, cancel := context.WithTimeout(c.ctx, c.o.DialTimeout)
	defer cancel()
	var l *link
	ready := make(chan struct{}) // pushes wait in the reader until l is known
	l, err := dial(ctx, c.url, c.o.Header, &c.o, func(h wire.Head, line []byte) {
		<-ready
		c.push(l, h, line)
	})
	if err != nil {
		close(ready)
		return nil, wire.Welcome{}, err
	}
	close(ready)
	h.Head = l.head(wire.THello)
	asked := c.o.Now()
	w, err := ask[wire.Welcome](ctx, l, h.Head, h)
	if err == nil && w.User != c.o.User {
		err = im.Errorf(im.CodeUserSigWrongUser, "signed in as %.40q", w.User)
	}
	if err != nil {
		if r := l.reason(); r != nil {
			var k *kicked
			if errors.As(r, &k) || im.CodeOf(err) == im.CodeNetworkDown {
				err = r
			}
		}
		if ctx.Err() != nil && c.ctx.Err() == nil {
			err = im.Errorf(im.CodeNetworkTimeout, "no answer to hello within %v", c.o.DialTimeout)
		}
		l.close(err)
		return nil, w, err
	}
	c.mu.Lock()
	c.setClockLocked(w, asked, c.o.Now())
	c.mu.Unlock()
	if s := w.Limits.PingInterval; s > 0 {
		l.allowSilence(2 * time.Duration(min(s, 3600)) * time.Second)
	} else {
		l.allowSilence(time.Minute)
	}
	return l, w, nil
}

// signedIn keeps the token and makes the connection the client's.
func (c *Client) signedIn(l *link, w wire.Welcome) error {
	if w.Token != "" {
		// Without the token the next start needs the password; that is no reason
		// to refuse this connection.
		if err := c.db.SetMeta(c.ctx, metaToken, w.Token); err != nil {
			c.report(err)
		}
	}
	c.mu.Lock()
	if w.Token != "" {
		c.keys.stored, c.keys.token = w.Token, ""
	}
	c.keys.typed = false
	if c.invite != "" {
		c.invite, c.inviter = "", w.Inviter
	}
	c.welcome = w
	c.link = l
	c.listed = false
	c.setStateLocked(Syncing, time.Time{}, nil)
	c.mu.Unlock()
	c.out.wakeAll(c)
	return nil
}

// disconnected takes the connection away from the client; what waits for
// pushes of it begins anew with the next one.
func (c *Client) disconnected(l *link) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.link == l {
		c.link = nil
		c.listed = false
		for _, f := range c.feeds {
			f.dropPushes()
		}
	}
}

// setReady makes the client Ready if l still stands.
func (c *Client) setReady(l *link) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	select {
	case <-l.done:
		return false
	default:
	}
	c.setStateLocked(Ready, time.Time{}, nil)
	return true
}

func (c *Client) setState(s State, retryAt time.Time, err *im.Error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.setStateLocked(s, retryAt, err)
}

// setStateLocked changes the state and raises the events that tell of it, once
// each: the lock keeps them in order.
func (c *Client) setStateLocked(s State, retryAt time.Time, err *im.Error) {
	was := c.state
	c.retryAt = retryAt
	if s == was && retryAt.IsZero() {
		return
	}
	c.state = s
	e := StateChanged{State: s, Error: err}
	if !retryAt.IsZero() {
		e.RetryAt = retryAt.UnixMilli()
	}
	c.hub.emit(e)
	if was == Ready && s != Ready {
		c.hub.emit(SDKNotReady{})
	}
	if n := netState(s); n != netState(was) {
		c.hub.emit(NetStateChange{State: n})
	}
	if s == Ready && was != Ready {
		c.hub.emit(SDKReady{})
	}
	c.announceLocked()
}

func netState(s State) im.NetState {
	switch s {
	case Connecting:
		return im.NetConnecting
	case Syncing, Ready:
		return im.NetConnected
	}
	return im.NetDisconnected
}

// wasSignedIn reports whether this client had a session before: an expired
// signature then ends it, as the interface has it, and is no failed sign-in.
func (c *Client) wasSignedIn() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.welcome.Session != ""
}

func (c *Client) kickedOut(why im.KickReason) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.setStateLocked(Kicked, time.Time{}, im.Errorf(im.CodeLoggedOut, "kicked out: %s", why))
	c.hub.emit(KickedOut{Type: why})
}

func (c *Client) refusedSignIn(err *im.Error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.signInErr = err
	c.setStateLocked(Offline, time.Time{}, err)
	c.hub.emit(ErrorEvent{Error: err, SignIn: true})
	c.announceLocked()
}

// waitForSignIn waits until a person asks for another attempt; false when the
// client closes.
func (c *Client) waitForSignIn() bool {
	for {
		c.mu.Lock()
		parked := c.state == Kicked || c.signInErr != nil
		changed := c.changed
		c.mu.Unlock()
		if !parked {
			return true
		}
		select {
		case <-changed:
		case <-c.ctx.Done():
			return false
		}
	}
}

// waitForRetry waits the pause before the next attempt, or until RetryNow;
// false when the client closes.
func (c *Client) waitForRetry(attempt int, err *im.Error) bool {
	d := c.backOff(attempt, c.o.RetryMin, c.o.RetryMax)
	select {
	case <-c.wake: // asked for while the attempt was going on
	default:
	}
	c.setState(Offline, c.o.Now().Add(d), err)
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-c.wake:
	case <-c.ctx.Done():
		return false
	}
	return true
}
