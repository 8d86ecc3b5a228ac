// Package instance keeps one window to a profile: the first process locks it and
// listens, a second one asks it to come to the front and ends. The lock decides;
// it goes with the process, however that ends.
package instance

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"magpie/im"
	"magpie/server/datalock"
)

// The whole conversation between two processes: one line, and one back.
const (
	raise  = "raise"
	raised = "raised"
	// patience bounds every step of it; a local socket answers in microseconds.
	patience = 2 * time.Second
	// endPatience is how long Claim waits for a process that is starting or
	// ending: it has the profile and raises no window.
	endPatience = 10 * time.Second
	pause       = 50 * time.Millisecond
)

// Listener answers other processes of the same profile.
type Listener struct {
	l    net.Listener
	lock *datalock.Lock
	done sync.WaitGroup
}

// Claim makes this process the one for the profile folder dir. If another one
// has it, that one is asked to raise its window and Claim returns first=false.
// onRaise is called, on a goroutine of its own, whenever a later process asks;
// false says that this one is ending, and the later one then waits for it.
func Claim(dir string, onRaise func() bool) (l *Listener, first bool, err error) {
	path, err := socketPath(dir)
	if err != nil {
		return nil, false, err
	}
	for deadline := time.Now().Add(endPatience); ; time.Sleep(pause) {
		lock, err := datalock.Acquire(dir)
		if err == nil {
			l, err := listen(lock, path, onRaise)
			return l, err == nil, err
		}
		if errors.Is(err, syscall.EROFS) || errors.Is(err, fs.ErrPermission) {
			// Nobody writes there, so nothing has to be kept from two of them.
			l, err := listen(nil, path, onRaise)
			return l, err == nil, err
		}
		if im.CodeOf(err) != im.CodeDataFolderInUse {
			return nil, false, fmt.Errorf("instance: %w", err)
		}
		if ask(path) {
			return nil, false, nil
		}
		if time.Now().After(deadline) {
			return nil, false, fmt.Errorf("instance: the window of this profile does not answer: %w", err)
		}
	}
}

// listen takes over the socket of a process that was killed, if there is one.
func listen(lock *datalock.Lock, path string, onRaise func() bool) (*Listener, error) {
	err := os.Remove(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, errors.Join(fmt.Errorf("instance: %w", err), release(lock))
	}
	ln, err := net.Listen("unix", path)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("instance: %w", err), release(lock))
	}
	l := &Listener{l: ln, lock: lock}
	l.done.Go(func() { l.serve(onRaise) })
	return l, nil
}

// Close stops answering and gives the profile free.
func (l *Listener) Close() error {
	err := l.l.Close()
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

func (l *Listener) serve(onRaise func() bool) {
	for {
		c, err := l.l.Accept()
		if err != nil {
			return
		}
		l.done.Go(func() { answer(c, onRaise) })
	}
}

func answer(c net.Conn, onRaise func() bool) {
	defer c.Close()
	if c.SetDeadline(time.Now().Add(patience)) != nil {
		return
	}
	line, err := bufio.NewReader(io.LimitReader(c, 64)).ReadString('\n')
	if err != nil || strings.TrimSpace(line) != raise {
		return
	}
	if onRaise() {
		_, _ = io.WriteString(c, raised+"\n") // who does not hear it asks again
	}
}

func ask(path string) bool {
	c, err := net.DialTimeout("unix", path, patience)
	if err != nil {
		return false
	}
	defer c.Close()
	if c.SetDeadline(time.Now().Add(patience)) != nil {
		return false
	}
	if _, err := io.WriteString(c, raise+"\n"); err != nil {
		return false
	}
	line, err := bufio.NewReader(io.LimitReader(c, 64)).ReadString('\n')
	return err == nil && strings.TrimSpace(line) == raised
}

// maxSocketPath is what every system allows for the path of a socket.
const maxSocketPath = 100

// socketPath is short, and in a folder that only this user can write to: that
// of the session, the profile's own, or one made for it.
func socketPath(dir string) (string, error) {
	if real, err := filepath.EvalSymlinks(dir); err == nil { // one profile, one socket
		dir = real
	}
	base := os.Getenv("XDG_RUNTIME_DIR")
	if own := filepath.Join(dir, "window.sock"); base == "" && len(own) <= maxSocketPath {
		return own, nil
	}
	if base == "" {
		base = filepath.Join(os.TempDir(), fmt.Sprintf("magpie-%d", os.Getuid()))
		if err := os.MkdirAll(base, 0o700); err != nil {
			return "", fmt.Errorf("instance: %w", err)
		}
		if err := private(base); err != nil {
			return "", err
		}
	}
	sum := sha256.Sum256([]byte(dir))
	return filepath.Join(base, "magpie-"+hex.EncodeToString(sum[:8])+".sock"), nil
}
