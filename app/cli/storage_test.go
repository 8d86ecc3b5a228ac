package cli_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"magpie/app/cli"
	"magpie/app/core"
	"magpie/app/profile"
)

// What a command says of the disk is what is there, what it frees comes back, and what
// it forgets is gone here alone.
func TestStorageFromTheShell(t *testing.T) {
	url, stop := serve(t, "ann", "ben")
	s := newShell(t)
	ann := []string{"--profile", "ann", "--server", url, "--user", "ann", "--password-file", s.pw}
	as := func(args ...string) []string { return append(args, ann...) }
	path := filepath.Join(t.TempDir(), "plan.bin")
	if err := os.WriteFile(path, bytes.Repeat([]byte("plain "), 100_000), 0o600); err != nil {
		t.Fatal(err)
	}
	s.ok("", as("send", "--to", "ben", "--file", path)...)
	s.ok("", as("send", "--to", "ben", "and words")...)

	type usage struct {
		Kinds         []core.KindUsage         `json:"kinds"`
		History       int64                    `json:"history"`
		Total         int64                    `json:"total"`
		Conversations []core.ConversationUsage `json:"conversations"`
	}
	counted := func() (u usage) {
		t.Helper()
		if err := json.Unmarshal([]byte(s.ok("", as("storage", "--by-chat", "--json")...)), &u); err != nil {
			t.Fatal(err)
		}
		return u
	}
	u := counted()
	if u.Kinds[2].Kind != core.FileOther || u.Kinds[2].Files != 1 || u.Kinds[2].Bytes < 600_000 || u.Total < u.History+u.Kinds[2].Bytes {
		t.Errorf("usage %+v", u)
	}
	if len(u.Conversations) != 1 || u.Conversations[0].ConversationID != "C2Cben" || u.Conversations[0].Messages != 2 || u.Conversations[0].Documents != 1 {
		t.Errorf("by chat %+v", u.Conversations)
	}
	if out := s.ok("", as("storage", "--by-chat")...); !strings.Contains(out, "C2Cben, 2 messages") || !strings.Contains(out, "messages and search") {
		t.Errorf("in words %q", out)
	}

	freed := func(args ...string) (f core.Freed) {
		t.Helper()
		if err := json.Unmarshal([]byte(s.ok("", as(append([]string{"storage", "free", "--json"}, args...)...)...)), &f); err != nil {
			t.Fatal(err)
		}
		return f
	}
	for _, c := range []struct {
		args  []string
		files int
	}{
		{[]string{"--dry-run"}, 1},
		{[]string{"--dry-run", "--larger-than", "0.5MB", "--kind", "file,video", "--in", "ben"}, 1},
		{[]string{"--dry-run", "--larger-than", "1MB"}, 0},
		{[]string{"--dry-run", "--older-than", "1d"}, 0},
		{[]string{"--dry-run", "--kind", "voice"}, 0},
		{[]string{"--offline"}, 0}, // the server was not asked
		{[]string{"--in", "C2Cben"}, 1},
		{[]string{}, 0},
	} {
		if f := freed(c.args...); f.Files != c.files || (f.Bytes > 0) != (c.files > 0) {
			t.Errorf("free %v: %+v", c.args, f)
		}
	}
	if u := counted(); u.Kinds[2].Files != 0 || u.Conversations[0].Messages != 2 {
		t.Errorf("after freeing %+v", u)
	}

	if out := s.ok("", as("storage", "forget", "ben", "--dry-run")...); !strings.HasPrefix(out, "2 messages and 0 files") {
		t.Errorf("forget would %q", out)
	}
	s.ok("", as("storage", "forget", "ben")...)
	if got := s.ok("", as("history", "ben", "--offline")...); got != "" {
		t.Errorf("after forgetting %q", got)
	}
	if got := s.ok("", as("history", "ben")...); !strings.Contains(got, "and words") {
		t.Errorf("from the server %q", got)
	}

	stop()
	if o := s.run("", as("send", "--to", "ben", "--timeout", "1s", "later")...); o.code != cli.ExitQueued {
		t.Fatalf("send: exit %d", o.code)
	}
	if o := s.run("", as("storage", "forget", "--all")...); o.code != cli.ExitFailed || !strings.Contains(o.err, "--unsent") {
		t.Errorf("with something unsent: exit %d, %q", o.code, o.err)
	}
	if out := s.ok("", as("storage", "forget", "--all", "--dry-run")...); !strings.Contains(out, "1 messages not sent yet) would be deleted") {
		t.Errorf("all would %q", out)
	}
	s.ok("", as("storage", "forget", "--all", "--unsent")...)
	p, err := profile.Open(s.data, "ann")
	if err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(filepath.Join(p.Dir(), "accounts"))
	if err != nil || len(left) != 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

func TestStorageRefusesNonsense(t *testing.T) {
	s := newShell(t)
	for _, args := range [][]string{
		{"storage", "fill"},
		{"storage", "free", "--older-than", "0d"},
		{"storage", "free", "--older-than", "soon"},
		{"storage", "free", "--larger-than", "10 elephants"},
		{"storage", "free", "--larger-than", "-1"},
		{"storage", "free", "--kind", "song"},
		{"storage", "free", "everything"},
		{"storage", "forget"},
		{"storage", "forget", "ben", "--all"},
	} {
		if o := s.run("", append(args, "--server", "local", "--user", "ann")...); o.code != cli.ExitUsage || o.err == "" {
			t.Errorf("%v: exit %d, %q", args, o.code, o.err)
		}
	}
}
