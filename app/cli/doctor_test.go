package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"magpie/app/cli"
	"magpie/store"
)

// A person whose history is damaged is told so, and keeps what can be read.
func TestDoctor(t *testing.T) {
	s := newShell(t)
	if o := s.run("", "doctor", "--user", "alice", "--server", "local"); o.code != cli.ExitFailed || !strings.Contains(o.err, "no history") {
		t.Errorf("before the first sign-in: exit %d, %s", o.code, o.err)
	}
	s.ok("", "send", "--to", "echo", "hello", "--user", "alice", "--server", "local")
	s.ok("", "send", "--to", "echo", "a second one")
	if out := s.ok("", "doctor"); !strings.Contains(out, "nothing is damaged") {
		t.Errorf("a sound one: %s", out)
	}
	var h struct {
		Path string
		store.Health
		SetAside string
		Saved    int
	}
	if err := json.Unmarshal([]byte(s.ok("", "doctor", "--json")), &h); err != nil || h.Messages < 2 || h.Damage != 0 {
		t.Fatalf("%+v, %v", h, err)
	}
	data, err := os.ReadFile(h.Path)
	if err != nil {
		t.Fatal(err)
	}
	clear(data[4096 : 4096+200]) // one of the two beginnings
	if err := os.WriteFile(h.Path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	o := s.run("", "doctor")
	if o.code != cli.ExitFailed || !strings.Contains(o.out, "damaged:") || !strings.Contains(o.err, "--repair") {
		t.Errorf("a damaged one: exit %d, %s%s", o.code, o.out, o.err)
	}
	if now, err := os.ReadFile(h.Path); err != nil || string(now) != string(data) {
		t.Errorf("looking changed the file, %v", err)
	}
	h.Damage = 0
	if o := s.run("", "doctor", "--json"); o.code != cli.ExitFailed || json.Unmarshal([]byte(o.out), &h) != nil || h.Damage == 0 {
		t.Errorf("a damaged one as JSON: exit %d, %+v", o.code, h)
	}
	if out := s.ok("", "doctor", "--repair"); !strings.Contains(out, "entries were saved") || !strings.Contains(out, ".damaged-") {
		t.Errorf("repaired: %s", out)
	}
	aside, err := filepath.Glob(h.Path + ".damaged-*")
	if err != nil || len(aside) != 1 {
		t.Errorf("set aside: %v, %v", aside, err)
	}
	if out := s.ok("", "doctor"); !strings.Contains(out, "nothing is damaged") {
		t.Errorf("afterwards: %s", out)
	}
	if out := s.ok("", "history", "C2Cecho"); !strings.Contains(out, "hello") || !strings.Contains(out, "a second one") {
		t.Errorf("the history afterwards: %s", out)
	}
	// Each reason for which it stays closed has its words, and nothing is changed.
	whole, err := os.ReadFile(h.Path)
	if err != nil {
		t.Fatal(err)
	}
	foreign := []byte(strings.Repeat("SQLite format 3\x00", 500))
	if err := os.WriteFile(h.Path, foreign, 0o600); err != nil {
		t.Fatal(err)
	}
	if o := s.run("", "doctor"); o.code == 0 || !strings.Contains(o.err, "a file of another program") || !strings.Contains(o.err, "left as it is") {
		t.Errorf("a file of another program: exit %d, %s", o.code, o.err)
	}
	if o := s.run("", "history", "C2Cecho"); o.code == 0 || !strings.Contains(o.err, "a file of another program") {
		t.Errorf("a command on it: exit %d, %s", o.code, o.err)
	}
	if now, err := os.ReadFile(h.Path); err != nil || string(now) != string(foreign) {
		t.Errorf("it was changed, %v", err)
	}
	if o := s.run("", "doctor", "--repair"); o.code != 0 || !strings.Contains(o.err, ".other-") {
		t.Errorf("moved aside: exit %d, %s", o.code, o.err)
	}
	if err := os.WriteFile(h.Path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if o := s.run("", "doctor", "what"); o.code != cli.ExitUsage {
		t.Errorf("with an argument: exit %d", o.code)
	}
}
