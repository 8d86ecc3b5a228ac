// Package host finds or starts the server of a data folder: the first process
// that needs it runs it inside itself, the others use it over loopback like any
// other client. When the process that ran it ends, the next one that asks runs
// it on the same port.
package host

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"magpie/im"
	"magpie/internal/seal"
	"magpie/server"
)

// Options say how a server is started if it has to be.
type Options struct {
	// Listen is the address, host:port; empty for 127.0.0.1 and the port that
	// was used before, or a free one.
	Listen string
	// Alone makes it an error (im.CodeDataFolderInUse) if another process
	// already serves the folder.
	Alone bool
	// Key encrypts what the server keeps, nil for a folder that is not encrypted;
	// with Unseal it is not any more from then on. See server.Options.
	Key    *seal.Key
	Unseal bool
	Logf   func(format string, args ...any)
}

// sigLifetime is how long the UserSig of a local account lasts. One is made for
// every connection.
const sigLifetime = 24 * time.Hour

// Host is the server of a data folder, here or in another process.
type Host struct {
	dir string
	key *seal.Key
	srv *server.Server // nil if another process runs it
	url string
}

// joinPatience bounds how long Open waits for a process that has the folder and
// is still starting, or is just ending.
const joinPatience = 5 * time.Second

// Open returns the server of folder dir, started if nobody serves it yet.
// Started so, it has the echo account.
func Open(ctx context.Context, dir string, o Options) (*Host, error) {
	h := &Host{dir: dir, key: o.Key}
	deadline := time.Now().Add(joinPatience)
	for {
		err := h.start(ctx, o)
		if err == nil {
			return h, nil
		}
		if o.Alone || im.CodeOf(err) != im.CodeDataFolderInUse {
			return nil, err
		}
		// Whoever has it may end before it can be joined: then it is our turn.
		if err = h.join(ctx); err == nil {
			return h, nil
		}
		if time.Now().After(deadline) {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// start runs the server here.
func (h *Host) start(ctx context.Context, o Options) error {
	listens := []string{o.Listen}
	if o.Listen == "" {
		listens = []string{h.lastAddress(), anyPort}
	}
	var errs []error
	for _, listen := range listens {
		srv, err := server.Open(ctx, server.Options{Data: h.dir, Key: o.Key, Unseal: o.Unseal, Listen: listen, Echo: true, Logf: o.Logf})
		if err == nil {
			h.srv, h.url = srv, srv.URL()
			if err := h.remember(srv.Address()); err != nil && o.Logf != nil {
				o.Logf("the port could not be noted for next time: %v", err)
			}
			return nil
		}
		errs = append(errs, err)
		if !isAddressError(err) {
			break
		}
	}
	return errors.Join(errs...)
}

// join uses the server that another process runs.
func (h *Host) join(ctx context.Context) error {
	running, err := server.ReadRunning(h.dir)
	if err != nil {
		return im.Errorf(im.CodeServerUnreachable, "the folder %s is in use, but not served yet: %v", h.dir, err)
	}
	h.url = running.URL
	if !h.Alive(ctx) {
		return im.Errorf(im.CodeServerUnreachable, "the server of %s does not answer at %s", h.dir, running.URL)
	}
	return nil
}

// URL is where clients connect.
func (h *Host) URL() string { return h.url }

// Mine reports whether this process runs the server.
func (h *Host) Mine() bool { return h.srv != nil }

// Alive reports whether the server takes connections.
func (h *Host) Alive(ctx context.Context) bool {
	if h.srv != nil {
		return true
	}
	// Another program may have the port by now: the folder says who serves it.
	running, err := server.ReadRunning(h.dir)
	if err != nil || running.URL != h.url {
		return false
	}
	u, err := url.Parse(h.url)
	if err != nil {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	c, err := new(net.Dialer).DialContext(ctx, "tcp", u.Host)
	if err != nil {
		return false
	}
	return c.Close() == nil
}

// UserSig signs a local account in without a password: whoever may read the
// data folder's keys is its owner.
func (h *Host) UserSig(user im.UserID) (string, error) {
	if h.srv != nil {
		return h.srv.UserSig(user, sigLifetime)
	}
	keys, err := server.ReadKeys(server.Folder{Data: h.dir, Key: h.key})
	if err != nil {
		return "", err
	}
	return keys.UserSig(user, sigLifetime, time.Now())
}

// CreateUser makes an account; see server.CreateUser for its errors.
func (h *Host) CreateUser(ctx context.Context, user im.UserID, password, nick string) error {
	if h.srv != nil {
		return h.srv.CreateUser(ctx, user, password, nick)
	}
	return server.AddUser(ctx, server.Folder{Data: h.dir, Key: h.key}, user, password, nick)
}

// Close ends the server if this process runs it.
func (h *Host) Close(ctx context.Context) error {
	if h.srv == nil {
		return nil
	}
	return h.srv.Close(ctx)
}

// noted is the file that keeps the address, so that links and other windows
// find the server again where it was.
type noted struct {
	Listen string `json:"listen"`
}

func (h *Host) notePath() string { return filepath.Join(h.dir, "listen.json") }

// anyPort is an address on which only this machine is served.
const anyPort = "127.0.0.1:0"

// lastAddress is where this machine found the server last. A server that was
// once told to serve the network too does so only when it is told again.
func (h *Host) lastAddress() string {
	b, err := os.ReadFile(h.notePath())
	if err != nil {
		return anyPort
	}
	var n noted
	if json.Unmarshal(b, &n) != nil {
		return anyPort
	}
	host, port, err := net.SplitHostPort(n.Listen)
	if err != nil {
		return anyPort
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

func (h *Host) remember(address string) error {
	if address == h.lastAddress() {
		return nil
	}
	b, err := json.Marshal(noted{Listen: address})
	if err != nil {
		return err
	}
	tmp := h.notePath() + ".new"
	if err := os.WriteFile(tmp, b, 0o600); err != nil {
		return fmt.Errorf("host: %w", err)
	}
	return os.Rename(tmp, h.notePath())
}

// isAddressError tells a port that is taken from everything else.
func isAddressError(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "listen"
}
