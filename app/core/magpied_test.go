package core

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"magpie/im"
	"magpie/internal/seal"
	"magpie/store"
	"magpie/store/storetest"
)

// builtMagpied is the real server, built once for all tests that use it.
var builtMagpied = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "magpied")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "magpied")
	build := exec.Command("go", "build", "-o", path, "magpie/server/magpied")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return path, fmt.Errorf("building magpied: %w\n%s", err, out)
	}
	return path, nil
})

// builtIt says that there is something to remove.
var builtIt bool

func removeMagpied() {
	if builtIt {
		path, _ := builtMagpied()
		_ = os.RemoveAll(filepath.Dir(path)) // a leftover in the temporary folder
	}
}

// magpied is a real server process.
type magpied struct {
	t      testing.TB
	path   string
	data   string
	listen string
	flags  []string
	key    []string // the flag for the key of its folder
	url    string
	cmd    *exec.Cmd
	log    bytes.Buffer
}

// newMagpied starts a server with the given users; their password is their name twice.
func newMagpied(t testing.TB, users ...string) *magpied {
	t.Helper()
	return newMagpiedWith(t, nil, users...)
}

// newMagpiedWith is newMagpied with flags of the server.
func newMagpiedWith(t testing.TB, flags []string, users ...string) *magpied {
	t.Helper()
	if testing.Short() {
		t.Skip("starts a real server")
	}
	builtIt = true
	path, err := builtMagpied()
	ok(t, err)
	s := &magpied{t: t, path: path, data: t.TempDir(), listen: "127.0.0.1:0", flags: flags}
	if at := slices.Index(flags, "--key-file"); at >= 0 {
		s.key = flags[at : at+2]
	}
	t.Cleanup(func() {
		s.kill()
		if t.Failed() {
			t.Logf("magpied said:\n%s", s.log.String())
		}
	})
	s.start()
	for _, u := range users {
		add := exec.Command(path, append([]string{"user", "add", u, "--nick", strings.ToUpper(u), "--data", s.data}, s.key...)...)
		add.Stdin = strings.NewReader(u + u)
		out, err := add.CombinedOutput()
		if err != nil {
			t.Fatalf("user add: %v: %s", err, out)
		}
	}
	return s
}

// start starts the process, the second time on the same port.
func (s *magpied) start() {
	s.t.Helper()
	s.cmd = exec.Command(s.path, append([]string{"--data", s.data, "--listen", s.listen}, s.flags...)...)
	s.cmd.Stderr = &s.log
	out, err := s.cmd.StdoutPipe()
	ok(s.t, err)
	ok(s.t, s.cmd.Start())
	var ready struct{ URL, Address string }
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		s.kill()
		s.t.Fatalf("magpied did not get ready: %v\n%s", err, s.log.String())
	}
	ok(s.t, json.Unmarshal(line, &ready))
	s.url, s.listen = ready.URL, ready.Address
}

// kill is kill -9.
func (s *magpied) kill() {
	if s.cmd.Process != nil {
		_ = s.cmd.Process.Kill() // it may be dead already
		_ = s.cmd.Wait()         // reports the kill
	}
}

// device signs a user in on a store of its own.
func (s *magpied) device(t testing.TB, user string) *device {
	t.Helper()
	return s.deviceAt(t, user, filepath.Join(t.TempDir(), user+".db"))
}

func (s *magpied) deviceAt(t testing.TB, user, path string) *device {
	t.Helper()
	options := store.Options{Account: im.UserID(user)}
	storetest.Sound(t, path, options)
	st, _, err := store.Open(path, options)
	ok(t, err)
	c, err := New(realOptions(st, s.url, user))
	ok(t, err)
	return startDevice(t, c, st, path)
}

func realOptions(st *store.Store, url, user string) Options {
	return Options{
		Store: st, Server: url, User: im.UserID(user), Password: user + user, Platform: "bot",
		RetryMin: 10 * time.Millisecond, RetryMax: 500 * time.Millisecond, RequestTimeout: 5 * time.Second,
		Key: &seal.Key{'k', 'e', 'y'},
	}
}

// say sends a text and waits until the server has it.
func (d *device) say(t im.ConversationType, to, text string) im.Message {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), 30*time.Second)
	defer cancel()
	m, err := d.SendMessage(ctx, d.CreateTextMessage(t, to, text), im.SendOptions{})
	ok(d.t, err)
	m, err = d.WaitSent(ctx, m.ID)
	ok(d.t, err)
	return m
}

// hear waits for a message with the given text.
func (d *device) hear(text string) im.Message {
	d.t.Helper()
	var got im.Message
	d.until("hearing "+text, func(e Event) bool {
		r, is := e.(MessageReceived)
		if is {
			for _, m := range r.Messages {
				if p, is := m.Payload.(im.TextPayload); is && p.Text == text {
					got = m
					return true
				}
			}
		}
		return false
	})
	return got
}
