package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"magpie/app/cli"
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
	if o := fresh.run("", "import", out, "--user", "bob", "--server", address); o.code != cli.ExitFailed || !strings.Contains(o.err, "another account") {
		t.Errorf("into another account: exit %d, %s", o.code, o.err)
	}
	for _, args := range [][]string{{"export"}, {"export", out, "nobody"}, {"export", out, "--since", "yesterday"}, {"import"}} {
		if o := s.run("", args...); o.code == cli.ExitOK {
			t.Errorf("%v was accepted", args)
		}
	}
	only := filepath.Join(t.TempDir(), "later")
	if said := s.ok("", "export", only, "C2Cbob", "--since", "2100-01-01", "--offline"); !strings.Contains(said, "0 messages") {
		t.Errorf("%s", said)
	}
}
