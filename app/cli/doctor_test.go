package cli_test

import (
	"encoding/binary"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"magpie/app/cli"
	"magpie/im"
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

// Of a history to which nothing leads any more it is said how many messages were found all
// the same, before a repair and after it.
func TestDoctorFindsOutsideTheTree(t *testing.T) {
	s := newShell(t)
	list := make([]im.Message, 0, 200)
	for n := range 200 {
		list = append(list, heard("ben", uint64(n+1), time.Unix(1_700_000_000+int64(n), 0), im.TextPayload{Text: strings.Repeat("some words ", 20)}))
	}
	historyOf(t, s, list...)
	as := func(args ...string) []string { return append(args, "--server", "local", "--user", "ann") }
	var h struct {
		Path string
		store.Health
		SetAside string
	}
	if err := json.Unmarshal([]byte(s.ok("", as("doctor", "--json")...)), &h); err != nil || h.Outside != 0 {
		t.Fatalf("%+v, %v", h, err)
	}
	data, err := os.ReadFile(h.Path)
	if err != nil {
		t.Fatal(err)
	}
	const page = 4096
	for _, meta := range [][]byte{data, data[page:]} { // the roots of the last two states and their lists of free pages
		for _, at := range []int{16 + 16, 16 + 32} {
			id := binary.NativeEndian.Uint64(meta[at:])
			clear(data[id*page : (id+1)*page])
		}
	}
	if err := os.WriteFile(h.Path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if o := s.run("", as("doctor")...); o.code != cli.ExitFailed || !strings.Contains(o.out, "200 more messages are outside the tree") {
		t.Errorf("exit %d, %s%s", o.code, o.out, o.err)
	}
	if o := s.run("", as("doctor", "--json")...); o.code != cli.ExitFailed || json.Unmarshal([]byte(o.out), &h) != nil || h.Outside != 200 || h.Messages != 0 {
		t.Errorf("exit %d, %+v", o.code, h)
	}
	if out := s.ok("", as("doctor", "--repair", "--json")...); json.Unmarshal([]byte(out), &h) != nil || h.Outside != 200 || h.Messages != 200 || h.SetAside == "" {
		t.Errorf("%s", out)
	}
	if err := os.Rename(h.SetAside, h.Path); err != nil {
		t.Fatal(err)
	}
	if out := s.ok("", as("doctor", "--repair")...); !strings.Contains(out, "200 of the messages were found outside the tree") {
		t.Errorf("repaired: %s", out)
	}
	if out := s.ok("", as("doctor")...); !strings.Contains(out, "200 messages") || !strings.Contains(out, "nothing is damaged") {
		t.Errorf("afterwards: %s", out)
	}
}
