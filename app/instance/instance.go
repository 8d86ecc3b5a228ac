package instance

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"

	"magpie/im"
	"magpie/server/datalock"
)

const (
	// patience bounds every step that a process takes by itself; a local socket
	// answers in microseconds.
	patience = 2 * time.Second
	// endPatience is how long Claim waits for a process that is starting or
	// ending: it has the profile and raises no window.
	endPatience = 10 * time.Second
	pause       = 50 * time.Millisecond
	// maxPeers bounds the connections; who comes when there are so many is cut off.
	maxPeers = 64
)

// Handler is what other processes of a profile may ask for.
type Handler struct {
	// Raise brings the window to the front. It is called on a goroutine of its own;
	// false says that this process is ending, and who asked then waits for it.
	Raise func() bool
	// Open is Raise with a link that a person followed, as it came. Nil for a process
	// that opens none.
	Open func(link string) bool
	// Run runs a command and returns its exit code, or a *RefusedError. It is called
	// on a goroutine of its own, many at once; ctx ends when the asking process goes
	// away or the listener closes. Nil for a process that runs none.
	Run func(ctx context.Context, r Request, s Streams) (code int, err error)
}

// Listener answers other processes of the same profile.
type Listener struct {
	l       net.Listener
	lock    *datalock.Lock
	handler Handler
	ctx     context.Context // of the commands
	stop    context.CancelCauseFunc
	peers   chan struct{}
	slots   chan struct{} // taken by commands
	done    sync.WaitGroup
	limits  limits
}

// Claim makes this process the one for the profile folder dir. If another one
// has it, that one is asked to raise its window and Claim returns first=false.
func Claim(dir string, h Handler) (l *Listener, first bool, err error) {
	return claim(dir, "", h, usualLimits())
}

// ClaimOpening is [Claim] of a process that was started with a link. Another one that
// has the profile is asked to open it; a window of an older version only comes to
// the front. If this process is the first, the link is the caller's to open.
func ClaimOpening(dir, link string, h Handler) (l *Listener, first bool, err error) {
	if len(link) > maxLink || strings.Contains(link, "\n") {
		return nil, false, fmt.Errorf("instance: not a link: %d bytes, or several lines", len(link))
	}
	return claim(dir, link, h, usualLimits())
}

func claim(dir, link string, h Handler, m limits) (l *Listener, first bool, err error) {
	path, err := socketPath(dir)
	if err != nil {
		return nil, false, err
	}
	for deadline := time.Now().Add(endPatience); ; time.Sleep(pause) {
		lock, err := datalock.Acquire(dir)
		if err == nil {
			l, err := listen(lock, path, h, m)
			return l, err == nil, err
		}
		if errors.Is(err, syscall.EROFS) || errors.Is(err, fs.ErrPermission) {
			// Nobody writes there, so nothing has to be kept from two of them.
			l, err := listen(nil, path, h, m)
			return l, err == nil, err
		}
		if im.CodeOf(err) != im.CodeDataFolderInUse {
			return nil, false, fmt.Errorf("instance: %w", err)
		}
		if link != "" && ask(path, open+link) || ask(path, raise) {
			return nil, false, nil
		}
		if time.Now().After(deadline) {
			return nil, false, fmt.Errorf("instance: the window of this profile does not answer: %w", err)
		}
	}
}

// listen takes over the socket of a process that was killed, if there is one.
func listen(lock *datalock.Lock, path string, h Handler, m limits) (*Listener, error) {
	err := os.Remove(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, errors.Join(fmt.Errorf("instance: %w", err), release(lock))
	}
	ln, err := net.Listen("unix", path)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("instance: %w", err), release(lock))
	}
	l := &Listener{
		l: ln, lock: lock, handler: h,
		peers: make(chan struct{}, maxPeers), slots: make(chan struct{}, m.commands), limits: m,
	}
	l.ctx, l.stop = context.WithCancelCause(context.Background())
	l.done.Go(l.serve)
	return l, nil
}

// Close ends the commands that run, stops answering and gives the profile free.
func (l *Listener) Close() error {
	err := l.l.Close()
	l.stop(errClosing)
	l.done.Wait()
	return errors.Join(err, release(l.lock))
}

// release gives up a lock; a folder that may only be read has none.
func release(lock *datalock.Lock) error {
	if lock == nil {
		return nil
	}
	return lock.Release()
}

func (l *Listener) serve() {
	for {
		c, err := l.l.Accept()
		if err != nil {
			return
		}
		conn, isUnix := c.(*net.UnixConn)
		select {
		case l.peers <- struct{}{}:
		default:
			isUnix = false
		}
		if !isUnix {
			_ = c.Close() // nothing was said on it
			continue
		}
		l.done.Go(func() {
			defer func() { <-l.peers }()
			defer conn.Close()
			l.answer(conn)
		})
	}
}

// answer hears one peer.
func (l *Listener) answer(c *net.UnixConn) {
	if sameUser(c) != nil || c.SetDeadline(time.Now().Add(patience)) != nil {
		return
	}
	line, err := readLine(c, len(open)+maxLink+1)
	if err != nil {
		return
	}
	link, opening := strings.CutPrefix(line, open)
	switch {
	case line == raise && l.handler.Raise != nil && l.handler.Raise(),
		opening && l.handler.Open != nil && l.handler.Open(link):
		_, _ = c.Write([]byte(raised + "\n")) // who does not hear it asks again
	case line == run && l.handler.Run != nil:
		if _, err := c.Write([]byte(running + "\n")); err == nil {
			l.command(c)
		}
	}
}

// ask asks for the window to be raised, by a line that says so.
func ask(path, line string) bool {
	c, err := dial(path)
	if err != nil {
		return false
	}
	defer c.Close()
	answer, err := greet(c, line)
	return err == nil && answer == raised
}

// dial connects to the process that listens at path, if it is of this user.
func dial(path string) (*net.UnixConn, error) {
	c, err := net.DialTimeout("unix", path, patience)
	if err != nil {
		return nil, err
	}
	conn, isUnix := c.(*net.UnixConn)
	if !isUnix {
		return nil, errors.Join(errFrame, c.Close())
	}
	if err := sameUser(conn); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// greet says one line and hears one.
func greet(c *net.UnixConn, line string) (string, error) {
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		return "", err
	}
	if _, err := c.Write([]byte(line + "\n")); err != nil {
		return "", err
	}
	return readLine(c, maxLine)
}
