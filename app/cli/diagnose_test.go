package cli_test

import (
	"strings"
	"testing"
)

// Without a window the report is of what is on the disk, and has nothing of the person
// either.
func TestDiagnose(t *testing.T) {
	s := newShell(t)
	s.ok("", "send", "--to", "echo", "the analytical engine", "--user", "alice", "--server", "local")
	out := s.ok("", "diagnose")
	for _, line := range []string{"Magpie diagnostic report: ", "accounts: 1\n", "server: inside the program\n", "proxy: of the system\n", "conversations, "} {
		if !strings.Contains(out, line) {
			t.Errorf("it lacks %q:\n%s", line, out)
		}
	}
	for _, secret := range []string{"alice", "echo", "analytical", "C2C", "127.0.0.1", "/"} {
		// The system is the only thing with a stroke: linux/amd64.
		if n := strings.Count(out, secret); n > 0 && (secret != "/" || n > 1) {
			t.Errorf("it has %q:\n%s", secret, out)
		}
	}
	if o := s.run("", "diagnose", "everything"); o.code == 0 {
		t.Error("arguments are passed over")
	}
}
