package core

import (
	"context"
	"errors"
	"net"
	"net/url"
	"time"

	"github.com/gorilla/websocket"

	"magpie/im"
)

// Address is the URL at which the server was looked for last: of the scheme wss, or ws
// where nothing is encrypted on the way.
func (c *Client) Address() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.url
}

// Probed is what a try to reach the server showed.
type Probed struct {
	// Connected is how long it took until the server answered, with everything on
	// the way: names, a proxy, TLS. RoundTrip is a question and its answer on the
	// connection that stands.
	Connected, RoundTrip time.Duration
}

// Probe tries to reach the server along dial, as [Options].Dial, nil for the way in
// use, and leaves the connection in use alone. The error is whatever stood in the way,
// wrapped, or *[im.Error]: code 130108 if what answers is no server of this protocol or
// the way is not known, 9508 if it does not answer on a connection that stands.
func (c *Client) Probe(ctx context.Context, dial func(context.Context, *url.URL) (net.Conn, error)) (p Probed, err error) {
	ctx, cancel := context.WithTimeout(ctx, c.o.DialTimeout)
	defer cancel()
	o := c.o
	if dial != nil {
		o.Dial = dial
	}
	begun := time.Now()
	ws, err := open(ctx, c.Address(), o.Header, &o)
	var other *errAnswered
	switch {
	case errors.As(err, &other):
		return p, im.Errorf(im.CodeServerUnreachable, "%v", err)
	case err != nil:
		return p, err
	}
	defer ws.Close()
	p.Connected = time.Since(begun)
	p.RoundTrip, err = roundTrip(ctx, ws)
	return p, err
}

// roundTrip asks for a sign of life and measures how long it takes.
func roundTrip(ctx context.Context, ws *websocket.Conn) (time.Duration, error) {
	defer context.AfterFunc(ctx, func() { _ = ws.Close() })() // ends the read below
	var took time.Duration
	asked := time.Now()
	ws.SetPongHandler(func(string) error {
		took = time.Since(asked)
		return errPong
	})
	err := ws.WriteControl(websocket.PingMessage, nil, asked.Add(probeTimeout))
	for err == nil {
		_, _, err = ws.NextReader()
	}
	if errors.Is(err, errPong) {
		return took, nil
	}
	return 0, netError(err)
}

// errPong ends the read that waited for it.
var errPong = errors.New("pong")

// Reconnect gives up the connection, if there is one, and makes another at once: for
// one that is to take another way. It does nothing after a kick or a refused sign-in.
func (c *Client) Reconnect() {
	c.mu.Lock()
	l := c.link
	parked := c.state == Kicked || c.signInErr != nil
	c.mu.Unlock()
	if parked {
		return
	}
	if l != nil {
		l.fail(im.Errorf(im.CodeNetworkDown, "another way is taken"))
	}
	poke(c.wake)
}
