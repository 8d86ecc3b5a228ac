//go:build wintest

package wintest

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// magpied is a server in a process of its own.
type magpied struct {
	t    testing.TB
	dir  string
	cmd  *exec.Cmd
	addr string // host:port
	args []string
}

const password = "correct horse"

// startServer starts one with the given users, all with the same password.
func startServer(t testing.TB, users ...string) *magpied {
	t.Helper()
	return startServerWith(t, nil, users...)
}

// startServerWith is startServer with further arguments.
func startServerWith(t testing.TB, args []string, users ...string) *magpied {
	t.Helper()
	s := &magpied{t: t, dir: t.TempDir(), args: args}
	for _, u := range users {
		add := exec.Command(s.binary(), "user", "add", u, "--data", s.dir)
		add.Stdin = strings.NewReader(password + "\n")
		if out, err := add.CombinedOutput(); err != nil {
			t.Fatalf("user add %s: %v\n%s", u, err, out)
		}
	}
	s.start("127.0.0.1:0")
	return s
}

func (s *magpied) binary() string {
	b := os.Getenv("MAGPIED_BINARY")
	if b == "" {
		s.t.Fatal("MAGPIED_BINARY does not name the server; run this through make test")
	}
	return b
}

func (s *magpied) start(listen string) {
	s.t.Helper()
	s.cmd = exec.Command(s.binary(), append([]string{"--data", s.dir, "--listen", listen}, s.args...)...)
	s.cmd.Stderr = os.Stderr
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(s.kill)
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		s.t.Fatalf("the server did not become ready: %v", err)
	}
	var ready struct{ Address string }
	if err := json.Unmarshal(line, &ready); err != nil || ready.Address == "" {
		s.t.Fatalf("%q: %v", line, err)
	}
	s.addr = ready.Address
}

func (s *magpied) kill() {
	if s.cmd.ProcessState == nil {
		_ = s.cmd.Process.Kill() // it may be gone already
		_ = s.cmd.Wait()         // "killed" is what it says
	}
}
