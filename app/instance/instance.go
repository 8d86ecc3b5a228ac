// Package instance keeps one window to a profile: the first process listens,
// a second one asks it to come to the front and ends.
package instance

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// The whole conversation between two processes: one line, and one back.
const (
	raise  = "raise"
	raised = "raised"
	// patience bounds every step of it; a local socket answers in microseconds.
	patience = 2 * time.Second
)

// Listener answers other processes of the same profile.
type Listener struct {
	l    net.Listener
	done sync.WaitGroup
}

// Claim makes this process the one for the profile folder dir. If another one
// has it, that one is asked to raise its window and Claim returns first=false.
// onRaise is called, on a goroutine of its own, whenever a later process asks.
func Claim(dir string, onRaise func()) (l *Listener, first bool, err error) {
	path := socketPath(dir)
	for range 2 {
		ln, err := net.Listen("unix", path)
		if err == nil {
			li := &Listener{l: ln}
			li.done.Go(func() { li.serve(onRaise) })
			return li, true, nil
		}
		if asked := ask(path); asked {
			return nil, false, nil
		}
		// Nobody answers: the socket is that of a process that was killed.
		if rerr := os.Remove(path); rerr != nil && !errors.Is(rerr, os.ErrNotExist) {
			return nil, false, fmt.Errorf("instance: %w", err)
		}
	}
	return nil, false, errors.New("instance: the socket cannot be taken over: " + path)
}

// Close stops answering and gives the profile free.
func (l *Listener) Close() error {
	err := l.l.Close()
	l.done.Wait()
	return err
}

func (l *Listener) serve(onRaise func()) {
	for {
		c, err := l.l.Accept()
		if err != nil {
			return
		}
		l.done.Go(func() { answer(c, onRaise) })
	}
}

func answer(c net.Conn, onRaise func()) {
	defer c.Close()
	if c.SetDeadline(time.Now().Add(patience)) != nil {
		return
	}
	line, err := bufio.NewReader(io.LimitReader(c, 64)).ReadString('\n')
	if err != nil || strings.TrimSpace(line) != raise {
		return
	}
	if _, err := io.WriteString(c, raised+"\n"); err == nil {
		onRaise()
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

// socketPath is short, because systems allow about 100 bytes, and in a folder
// that only this user can write to.
func socketPath(dir string) string {
	sum := sha256.Sum256([]byte(dir))
	base := os.Getenv("XDG_RUNTIME_DIR")
	if base == "" {
		base = filepath.Join(os.TempDir(), fmt.Sprintf("magpie-%d", os.Getuid()))
		if err := os.MkdirAll(base, 0o700); err != nil {
			base = os.TempDir()
		}
	}
	return filepath.Join(base, "magpie-"+hex.EncodeToString(sum[:8])+".sock")
}
