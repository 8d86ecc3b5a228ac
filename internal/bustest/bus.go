// Package bustest gives tests a session bus of their own (D-Bus).
package bustest

import (
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// Start runs a bus for the time of the test and makes it the one that programs of
// this process find. Without the daemon, which `make test` installs, the test fails.
func Start(t testing.TB) (address string) {
	t.Helper()
	address = "unix:path=" + filepath.Join(t.TempDir(), "bus")
	daemon := exec.Command("dbus-daemon", "--session", "--nofork", "--nopidfile", "--nosyslog", "--address="+address)
	if err := daemon.Start(); err != nil {
		t.Fatalf("no bus for the test: %v", err)
	}
	t.Cleanup(func() {
		_ = daemon.Process.Kill()
		_ = daemon.Wait()
	})
	if setter, ok := t.(interface{ Setenv(key, value string) }); ok {
		setter.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
	}
	for deadline := time.Now().Add(10 * time.Second); ; {
		c, err := dbus.Connect(address)
		if err == nil {
			_ = c.Close()
			return address
		}
		if time.Now().After(deadline) {
			t.Fatalf("the bus does not answer: %v", err)
		}
	}
}

// Connect is a connection of the test's own, closed at its end.
func Connect(t testing.TB, address string) *dbus.Conn {
	t.Helper()
	c, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}
