package cli_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"magpie/app/cli"
	"magpie/app/core"
	"magpie/im"
	"magpie/store"
)

// What was exported by one command comes back in by another, into an account that
// has lost everything.
func TestExportImport(t *testing.T) {
	address, _ := serve(t, "ann", "bob")
	s := newShell(t)
	login := []string{"--user", "ann", "--server", address, "--password-file", s.pw}
	s.ok("", append([]string{"send", "--to", "bob", "hello, 你好"}, login...)...)
	note := filepath.Join(t.TempDir(), "note.txt")
	if err := os.WriteFile(note, []byte("a note of ours"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.ok("", "send", "--to", "bob", "--file", note)
	out := filepath.Join(t.TempDir(), "export")
	if said := s.ok("", "export", out); !strings.Contains(said, "1 conversations, 2 messages and 1 files") {
		t.Errorf("%s", said)
	}
	page, err := os.ReadFile(filepath.Join(out, "chats", "0001-1.html"))
	if err != nil || !strings.Contains(string(page), "hello, 你好") || !strings.Contains(string(page), "note.txt") {
		t.Errorf("%s, %v", page, err)
	}
	if o := s.run("", "export", out); o.code != cli.ExitFailed || !strings.Contains(o.err, "another folder") {
		t.Errorf("over it: exit %d, %s", o.code, o.err)
	}

	fresh := newShell(t)
	if said := fresh.ok("", "import", out, "--user", "ann", "--server", address); !strings.Contains(said, "2 messages and 1 files") {
		t.Errorf("%s", said)
	}
	if said := fresh.ok("", "import", out, "--user", "ann", "--server", address); !strings.Contains(said, "0 messages and 0 files") {
		t.Errorf("again: %s", said)
	}
	if said := fresh.ok("", "history", "C2Cbob", "--offline", "--user", "ann", "--server", address); !strings.Contains(said, "hello, 你好") {
		t.Errorf("%s", said)
	}
	if o := fresh.run("", "storage", "forget", "--all", "--dry-run", "--user", "ann", "--server", address); o.code != cli.ExitOK || !strings.Contains(o.err, "2 of the messages may exist nowhere else") {
		t.Errorf("forgetting all of it: exit %d, %s%s", o.code, o.out, o.err)
	}
	if o := fresh.run("", "import", out, "--user", "bob", "--server", address); o.code != cli.ExitFailed || !strings.Contains(o.err, "another account") {
		t.Errorf("into another account: exit %d, %s", o.code, o.err)
	}
	for _, args := range [][]string{{"export"}, {"export", out, "nobody"}, {"export", out, "--since", "yesterday"}, {"import"}, {"export", ""},
		{"export", out + "2", "--since", "2026-02-02", "--until", "2026-02-01"}, {"export", out + "2", "C2Cnobody"}} {
		if o := s.run("", args...); o.code == cli.ExitOK {
			t.Errorf("%v was accepted", args)
		}
	}
	today := time.Now().Format(time.DateOnly) // the day of --until is wanted whole, as in a search
	if said := s.ok("", "export", out+"2", "C2Cbob", "C2Cbob", "--since", today+"T00:00:00", "--until", today); !strings.Contains(said, "1 conversations, 2 messages") {
		t.Errorf("%s", said)
	}
	only := filepath.Join(t.TempDir(), "later")
	if said := s.ok("", "export", only, "C2Cbob", "--since", "2100-01-01", "--offline"); !strings.Contains(said, "0 messages") {
		t.Errorf("%s", said)
	}
}

// An export has what is on the server too, and says what it lacks without it.
func TestExportFetches(t *testing.T) {
	address, stop := serve(t, "ann", "bob")
	st, _, err := store.Open(filepath.Join(t.TempDir(), "history.db"), store.Options{Account: "ann"})
	if err != nil {
		t.Fatal(err)
	}
	c, err := core.New(core.Options{Store: st, Server: address, User: "ann", Password: password, Platform: "bot"})
	if err != nil {
		t.Fatal(err)
	}
	c.Start(t.Context())
	var last im.Message
	for range 150 {
		if last, err = c.SendMessage(t.Context(), c.CreateTextMessage(im.ConvC2C, "bob", "one of many"), im.SendOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.WaitSent(t.Context(), last.ID); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(c.Close(), st.Close()); err != nil {
		t.Fatal(err)
	}
	s, off := newShell(t), newShell(t) // other devices, which have the newest of it
	for _, s := range []*shell{s, off} {
		s.ok("", "conversations", "--user", "ann", "--server", address, "--password-file", s.pw)
		s.ok("", "history", "C2Cbob")
	}
	dir := t.TempDir()
	o := s.run("", "export", filepath.Join(dir, "one"))
	if o.code != cli.ExitOK || !strings.Contains(o.out, " 150 messages") || o.err != "" {
		t.Errorf("exit %d, %s%s", o.code, o.out, o.err)
	}
	stop()
	o = off.run("", "export", filepath.Join(dir, "two"), "--offline")
	if o.code != cli.ExitOK || strings.Contains(o.out, " 150 messages") || !strings.Contains(o.err, "only on the server") {
		t.Errorf("offline: exit %d, %s%s", o.code, o.out, o.err)
	}
}
