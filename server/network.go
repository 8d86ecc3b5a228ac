package server

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/gorilla/websocket"

	"magpie/im"
)

// DefaultNetworkPort is where others on the network find a server, unless another
// program has that port when it is opened first.
const DefaultNetworkPort = 7443

// Network is how a server stands to the network: its second listener, which speaks TLS
// only, and the invitation to it.
type Network struct {
	// Open says that it listens. Wanted without Open, it should and cannot: Trouble says
	// why, with code 130135 (CodePortInUse) for a port that another program has.
	Open    bool      `json:"open"`
	Wanted  bool      `json:"wanted"`
	Trouble *im.Error `json:"trouble,omitempty"`
	// Damaged: what was decided the last time (network.json) cannot be read. The server
	// is closed, and the file stays as it is until somebody decides anew.
	Damaged bool `json:"damaged,omitempty"`
	// Hosts are the addresses at which others find this computer, the likeliest first;
	// only the one it listens on if it was opened for one. None without a network.
	Hosts []string `json:"hosts"`
	// Port is the one in use, or that of the next time; 0 before the first.
	Port int `json:"port"`
	// Fingerprint is the SHA-256 of the certificate, in hexadecimal; empty until it was
	// open once.
	Fingerprint string `json:"fingerprint"`
	// Invitation is nil if nobody can join at the moment.
	Invitation *Invitation `json:"invitation,omitempty"`
	Joined     []Joined    `json:"joined"`
}

// network opens and closes the second listener.
type network struct {
	server      *Server
	certificate tls.Certificate // made when it is opened first
	path        string

	mu       sync.Mutex // held while it is opened or closed
	saved    savedNetwork
	listener *netListener // nil while it is closed
	trouble  *im.Error
	damaged  bool // saved is not what path has, which cannot be read
}

// savedNetwork is network.json: what a person decided, for the next start.
type savedNetwork struct {
	Open bool `json:"open"`
	// Host is the address to listen on, empty for all.
	Host string `json:"host,omitempty"`
	Port int    `json:"port"`
}

func openNetwork(s *Server) (n *network, err error) {
	n = &network{server: s, path: filepath.Join(s.opt.Data, "network.json")}
	// One that is there follows the encryption of the folder. A damaged one is an error
	// when somebody wants to open the network.
	if _, err := os.Stat(filepath.Join(s.opt.Data, certificateFile)); err == nil {
		if n.certificate, err = loadCertificate(s.opt.Data, s.key, s.opt.Now()); err != nil {
			n.certificate = tls.Certificate{}
			s.opt.Logf("the server stays closed to the network: %v", err)
		}
	}
	b, err := readFile(n.path, s.key)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return n, nil
	case im.CodeOf(err) == im.CodeSealed: // there is no key for anything here
		return nil, err
	case err == nil && json.Unmarshal(b, &n.saved) == nil && n.saved.Port >= 0 && n.saved.Port <= 65535:
		return n, resealFile(n.path, n.saved, s.key)
	}
	// What cannot be read counts as closed.
	n.saved, n.damaged = savedNetwork{}, true
	s.opt.Logf("network.json is damaged: the server stays closed to the network")
	return n, nil //nolint:nilerr // it is told when somebody wants to open the network
}

// resume opens the listener again if it was open when the server ended. That it cannot
// be keeps nobody on this computer from its messages.
func (n *network) resume() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.saved.Open {
		return
	}
	if err := n.listen(n.saved.Host, n.saved.Port); err != nil {
		n.trouble = troubleOf(err)
		n.server.opt.Logf("the server could not be opened to the network again: %v", err)
	}
}

func troubleOf(err error) *im.Error {
	var e *im.Error
	if errors.As(err, &e) {
		return e
	}
	return im.Errorf(im.CodeServerInternal, "%v", err)
}

// open lets others on the network connect: at the address listen (host:port, each may
// be empty, a host for that address only), from now on and after the next start.
func (n *network) open(listen string) error {
	host, port, err := splitListen(listen)
	if err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	was := 0
	if n.listener != nil {
		if (host == n.saved.Host || listen == "") && (port == samePort || port == n.listener.port()) {
			return nil
		}
		was = n.listener.port()
		n.shut()
	}
	if listen == "" {
		host = n.saved.Host
	}
	first := port == samePort && n.saved.Port == 0
	switch {
	case first:
		port = DefaultNetworkPort
	case port == samePort:
		port = n.saved.Port
	}
	err = n.listen(host, port)
	if first && im.CodeOf(err) == im.CodePortInUse {
		err = n.listen(host, 0) // nobody knows a port yet: any will do
	}
	if err != nil {
		// Where it was it can be again: those who have joined have that address.
		if was == 0 || n.listen(n.saved.Host, was) != nil {
			n.trouble = troubleOf(err)
		}
		return err
	}
	return n.save(savedNetwork{Open: true, Host: host, Port: n.listener.port()})
}

// samePort stands for the port of the last time.
const samePort = -1

// splitListen reads host:port, each of which may be empty.
func splitListen(s string) (host string, port int, err error) {
	port = samePort
	if s == "" {
		return "", port, nil
	}
	host, digits, err := net.SplitHostPort(s)
	if err == nil && digits != "" {
		var n uint64
		n, err = strconv.ParseUint(digits, 10, 16)
		port = int(n)
	}
	if err != nil || host != "" && net.ParseIP(host) == nil {
		return "", 0, im.Errorf(im.CodeInvalidParameter, "%.100q is not an address of this computer and a port", s)
	}
	if unspecified(host) {
		host = ""
	}
	return host, port, nil
}

// unspecified: 0.0.0.0 and :: are all interfaces to listen on, and no address to find a
// computer at.
func unspecified(host string) bool {
	ip := net.ParseIP(host)
	return ip != nil && ip.IsUnspecified()
}

// listen opens the listener; n.mu is held.
func (n *network) listen(host string, port int) (err error) {
	// Not made before: most servers are never opened.
	if n.certificate.Certificate == nil {
		if n.certificate, err = loadCertificate(n.server.opt.Data, n.server.key, n.server.opt.Now()); err != nil {
			return err
		}
	}
	l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	switch {
	case err == nil:
	case errors.Is(err, syscall.EADDRINUSE), errors.Is(err, windowsAddressInUse):
		return im.Errorf(im.CodePortInUse, "port %d: %v", port, err)
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return im.Errorf(im.CodeNoNetwork, "this computer does not have the address %s: %v", host, err)
	default:
		return im.Errorf(im.CodeInvalidParameter, "listen for the network: %v", err)
	}
	n.listener, n.trouble = newNetListener(l), nil
	n.server.gateway.serveNetwork(n.listener, tlsConfig(n.certificate))
	return nil
}

// windowsAddressInUse is WSAEADDRINUSE, which Go's EADDRINUSE is not; other systems
// have no error of that number.
const windowsAddressInUse = syscall.Errno(10048)

func (n *network) save(s savedNetwork) error {
	if s == n.saved {
		return nil
	}
	if err := writeJSON(n.path, s, n.server.key); err != nil {
		return err
	}
	n.saved, n.damaged = s, false
	return nil
}

// close ends the listener and cuts everybody who came through it. It stays closed
// after the next start.
func (n *network) close() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.trouble = nil
	n.shut()
	s := n.saved
	s.Open = false
	return n.save(s)
}

// end is close for a server that ends: what a person decided stays.
func (n *network) end() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.shut()
}

// goodbyeTime is how long clients on the network get to read that they are cut.
const goodbyeTime = time.Second

// shut ends the listener if there is one; n.mu is held.
func (n *network) shut() {
	l := n.listener
	if l == nil {
		return
	}
	n.listener = nil
	l.shut()
	told := n.server.gateway.remote()
	for _, c := range told {
		c.close(websocket.CloseGoingAway, "the server is closed to the network")
	}
	patience := time.NewTimer(goodbyeTime)
	defer patience.Stop()
	for _, c := range told {
		select {
		case <-c.written:
			continue
		case <-patience.C:
		}
		break
	}
	l.cut()
}

// state tells how things stand.
func (n *network) state(ctx context.Context) (Network, error) {
	n.mu.Lock()
	now := Network{
		Open: n.listener != nil, Wanted: n.saved.Open, Trouble: n.trouble, Damaged: n.damaged, Port: n.saved.Port, Fingerprint: fingerprintOf(n.certificate),
	}
	if n.trouble != nil {
		now.Wanted = true
	}
	host := n.saved.Host
	if n.listener != nil {
		now.Port = n.listener.port()
	}
	n.mu.Unlock()
	var err error
	if now.Hosts, err = hostsFor(host); err != nil {
		return now, err
	}
	if now.Invitation, err = n.server.invites.current(ctx); err != nil {
		return now, err
	}
	now.Joined, err = n.server.invites.joined(ctx)
	return now, err
}

// OpenNetwork lets others on the network connect, now and after each start until
// [Server.CloseNetwork]: those with an account, and those with an invitation. listen is
// host:port, each of which may be empty: without a host it listens on all interfaces,
// without a port on the last one, the first time on DefaultNetworkPort or a free one;
// port 0 is any free one.
// Codes: 130135 (CodePortInUse), 2805 (CodeNoNetwork) for an address that this computer
// does not have.
func (s *Server) OpenNetwork(ctx context.Context, listen string) (Network, error) {
	if s.network == nil {
		return Network{}, errQuiet()
	}
	if err := s.network.open(listen); err != nil {
		return Network{}, err
	}
	return s.network.state(ctx)
}

// CloseNetwork ends that, withdraws the invitation, and cuts those who are connected. All
// of it happens also if ctx ends: half of it would leave a link that works when the server
// is opened again.
func (s *Server) CloseNetwork(ctx context.Context) (Network, error) {
	if s.network == nil {
		return Network{}, errQuiet()
	}
	if err := errors.Join(s.invites.withdraw(context.WithoutCancel(ctx)), s.network.close()); err != nil {
		return Network{}, err
	}
	return s.network.state(ctx)
}

// Network tells how the server stands to the network.
func (s *Server) Network(ctx context.Context) (Network, error) {
	if s.network == nil {
		return Network{}, errQuiet()
	}
	return s.network.state(ctx)
}

// Invite makes an invitation; the one before is not valid any more. Codes: 6017
// (CodeInvalidParameter), 70107 (CodeUserNotFound) if nobody has the name of who invites.
func (s *Server) Invite(ctx context.Context, terms InvitationTerms) (Network, error) {
	if s.network == nil {
		return Network{}, errQuiet()
	}
	if err := s.invites.make(ctx, terms); err != nil {
		return Network{}, err
	}
	return s.network.state(ctx)
}

// WithdrawInvitation makes the invitation invalid, if there is one. The server stays open
// to those who have joined. It happens also if ctx ends.
func (s *Server) WithdrawInvitation(ctx context.Context) (Network, error) {
	if s.network == nil {
		return Network{}, errQuiet()
	}
	if err := s.invites.withdraw(context.WithoutCancel(ctx)); err != nil {
		return Network{}, err
	}
	return s.network.state(ctx)
}

// errQuiet is what a server without a gateway says.
func errQuiet() error {
	return im.Errorf(im.CodeServerUnreachable, "the data folder is not being served")
}
