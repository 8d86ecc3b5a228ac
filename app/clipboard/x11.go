//go:build linux || freebsd || openbsd || netbsd

package clipboard

import (
	"context"
	"fmt"
	"io"
	"sync"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// Clipboard is the selection CLIPBOARD of the X display (ICCCM 2). Its methods may
// be called by several goroutines.
type Clipboard struct {
	display string // "" for the one of the environment

	mu   sync.Mutex
	held *owner // what we put there last
}

// New finds the display when it is first used.
func New() *Clipboard { return &Clipboard{} }

// Close takes back what was put into the clipboard and waits for nobody.
func (c *Clipboard) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held != nil {
		c.held.conn.Close()
		c.held = nil
	}
}

// client is a connection with a window that nobody sees, through which
// selections are passed.
type client struct {
	conn   *xgb.Conn
	window xproto.Window
	atoms  map[string]xproto.Atom
}

// Atoms by their names.
const (
	atomClipboard = "CLIPBOARD"
	atomTargets   = "TARGETS"
	atomIncr      = "INCR"
	atomURIs      = "text/uri-list"
	atomPNG       = "image/png"
	// atomTransfer is the property of our window that others write to.
	atomTransfer = "MAGPIE_TRANSFER"
)

// chunk is how much of a property goes over the connection at once, in bytes. The
// least that every server takes in one request is 256 KiB.
const chunk = 128 << 10

// connect opens a connection, which ends with ctx.
func (c *Clipboard) connect(ctx context.Context) (_ *client, err error) {
	// The library's remarks about how it signs in to the display help nobody.
	xgb.Logger.SetOutput(io.Discard)
	conn, err := xgb.NewConnDisplay(c.display)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	defer func() {
		if err != nil {
			conn.Close()
		}
	}()
	x := &client{conn: conn, atoms: map[string]xproto.Atom{}}
	stop := context.AfterFunc(ctx, conn.Close)
	defer stop()
	for _, name := range append([]string{atomClipboard, atomTargets, atomIncr, atomURIs, atomTransfer}, pictureTypes...) {
		atom, err := xproto.InternAtom(conn, false, uint16(len(name)), name).Reply()
		if err != nil {
			return nil, x.failed(ctx, err)
		}
		x.atoms[name] = atom.Atom
	}
	if x.window, err = xproto.NewWindowId(conn); err != nil {
		return nil, x.failed(ctx, err)
	}
	root := xproto.Setup(conn).DefaultScreen(conn).Root
	err = xproto.CreateWindowChecked(conn, 0, x.window, root, 0, 0, 1, 1, 0, xproto.WindowClassInputOnly, 0,
		xproto.CwEventMask, []uint32{xproto.EventMaskPropertyChange}).Check()
	if err != nil {
		return nil, x.failed(ctx, err)
	}
	return x, nil
}

// failed is the error of a request; one that failed because ctx ended is ctx's.
func (x *client) failed(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return fmt.Errorf("clipboard: %w", err)
}
