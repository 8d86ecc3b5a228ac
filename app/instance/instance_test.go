package instance_test

import (
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"magpie/app/instance"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestSecondProcessRaisesTheFirst(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	asked := make(chan struct{}, 8)
	first, ok, err := instance.Claim("/a/profile", func() { asked <- struct{}{} })
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	if _, ok, err := instance.Claim("/a/profile", nil); err != nil || ok {
		t.Fatal("two processes have one profile", err)
	}
	select {
	case <-asked:
	case <-time.After(5 * time.Second):
		t.Fatal("the first window was not asked to come to the front")
	}
	other, ok, err := instance.Claim("/another/profile", nil)
	if err != nil || !ok {
		t.Fatal("another profile is not free", err)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	again, ok, err := instance.Claim("/a/profile", nil)
	if err != nil || !ok {
		t.Fatal("a closed profile is not free", err)
	}
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
}

// A killed process leaves its socket behind; the next one must start all the same.
func TestSocketOfAKilledProcessIsTakenOver(t *testing.T) {
	run := t.TempDir()
	t.Setenv("XDG_RUNTIME_DIR", run)
	l, ok, err := instance.Claim("/a/profile", nil)
	if err != nil || !ok {
		t.Fatal(err)
	}
	socks, err := filepath.Glob(filepath.Join(run, "*.sock"))
	if err != nil || len(socks) != 1 {
		t.Fatal(socks, err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	dead, err := net.ListenUnix("unix", &net.UnixAddr{Name: socks[0]})
	if err != nil {
		t.Fatal(err)
	}
	dead.SetUnlinkOnClose(false)
	if err := dead.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(socks[0]); err != nil {
		t.Fatal("the test did not leave a dead socket", err)
	}
	l, ok, err = instance.Claim("/a/profile", nil)
	if err != nil || !ok {
		t.Fatal("a dead socket keeps the profile", err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}
