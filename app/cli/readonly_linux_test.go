package cli_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"magpie/app/cli"
)

// A data folder that may not be written, as one on a disc or of a backup, is read by
// the commands that only read; the others say why they cannot.
func TestReadOnlyDataFolder(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can make a folder of its own one that it may not write")
	}
	s := newShell(t)
	s.ok("", "send", "--to", "echo", "kept for reading", "--user", "alice", "--server", "local")
	if err := syscall.Mount(s.data, s.data, "", syscall.MS_BIND, ""); err != nil {
		if errors.Is(err, syscall.EPERM) {
			t.Skipf("mounting is not permitted here: %v", err)
		}
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(s.data, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	out := filepath.Join(t.TempDir(), "export")
	s.ok("", "send", "--to", "alice", "--file", s.pw)
	s.ok("", "export", out)
	s.ok("", "storage", "forget", "C2Calice")
	locks, err := filepath.Glob(filepath.Join(s.data, "profiles", "*", "accounts", "*", "lock")) // a copy has none
	for _, lock := range locks {
		err = errors.Join(err, os.Remove(lock))
	}
	if err != nil || len(locks) == 0 {
		t.Fatal(locks, err)
	}
	if err := syscall.Mount("", s.data, "", syscall.MS_REMOUNT|syscall.MS_BIND|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ args, want string }{
		{"search reading", "kept for reading"},
		{"history C2Cecho --offline", "kept for reading"},
		{"conversations --offline", "echo"},
		{"doctor", "nothing is damaged"},
		{"storage", "messages"},
	} {
		if out := s.ok("", strings.Fields(c.args)...); !strings.Contains(out, c.want) {
			t.Errorf("magpie %s: %s", c.args, out)
		}
	}
	if o := s.run("", "import", out); o.code == cli.ExitOK || !strings.Contains(o.err, "can only be read") {
		t.Errorf("import: exit %d, %s", o.code, o.err)
	}
	o := s.run("", "send", "--to", "echo", "more")
	if o.code == cli.ExitOK || strings.Contains(o.err, "datalock") || !strings.Contains(o.err, "may not be written") {
		t.Errorf("send: exit %d, %s", o.code, o.err)
	}
}
