package instance_test

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"magpie/app/instance"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestSecondProcessRaisesTheFirst(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	asked := make(chan struct{}, 8)
	profile, another := t.TempDir(), t.TempDir()
	first, ok, err := instance.Claim(profile, instance.Handler{Raise: func() bool { asked <- struct{}{}; return true }})
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	if _, ok, err := instance.Claim(profile, instance.Handler{}); err != nil || ok {
		t.Fatal("two processes have one profile", err)
	}
	select {
	case <-asked:
	case <-time.After(5 * time.Second):
		t.Fatal("the first window was not asked to come to the front")
	}
	other, ok, err := instance.Claim(another, instance.Handler{})
	if err != nil || !ok {
		t.Fatal("another profile is not free", err)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	again, ok, err := instance.Claim(profile, instance.Handler{})
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
	profile := t.TempDir()
	l, ok, err := instance.Claim(profile, instance.Handler{})
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
	l, ok, err = instance.Claim(profile, instance.Handler{})
	if err != nil || !ok {
		t.Fatal("a dead socket keeps the profile", err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

// Many that start at once after a crash: one window, and the others raise it.
func TestOneOfManyIsFirst(t *testing.T) {
	run, profile := t.TempDir(), t.TempDir()
	t.Setenv("XDG_RUNTIME_DIR", "")
	t.Setenv("TMPDIR", run)
	dead, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(profile, "window.sock")})
	if err != nil {
		t.Fatal(err)
	}
	dead.SetUnlinkOnClose(false)
	if err := dead.Close(); err != nil {
		t.Fatal(err)
	}
	var asked atomic.Int32
	var firsts [16]*instance.Listener
	var wg sync.WaitGroup
	for i := range firsts {
		wg.Go(func() {
			l, _, err := instance.Claim(profile, instance.Handler{Raise: func() bool { asked.Add(1); return true }})
			if err != nil {
				t.Error(err)
			}
			firsts[i] = l
		})
	}
	wg.Wait()
	n := 0
	for _, l := range firsts {
		if l != nil {
			n++
			if err := l.Close(); err != nil {
				t.Error(err)
			}
		}
	}
	if n != 1 || int(asked.Load()) != len(firsts)-1 {
		t.Errorf("%d are first, %d were asked", n, asked.Load())
	}
}

// Started again while the window before is still writing: it waits for its turn
// instead of raising a window that goes away.
func TestClaimWaitsForOneThatEnds(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	profile := t.TempDir()
	asked := make(chan struct{}, 64)
	ending, ok, err := instance.Claim(profile, instance.Handler{Raise: func() bool { asked <- struct{}{}; return false }})
	if err != nil || !ok {
		t.Fatal(err)
	}
	closed := make(chan error, 1)
	go func() {
		<-asked
		closed <- ending.Close()
	}()
	next, ok, err := instance.Claim(profile, instance.Handler{})
	if err != nil || !ok {
		t.Fatal("the profile was not free in the end", err)
	}
	if err := errors.Join(<-closed, next.Close()); err != nil {
		t.Error(err)
	}
}

// A folder that somebody else prepared in a place for everybody is not used.
func TestSocketOnlyInAFolderOfOurs(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("every user has a temporary folder there")
	}
	tmp := t.TempDir()
	t.Setenv("XDG_RUNTIME_DIR", "")
	t.Setenv("TMPDIR", tmp)
	profile := filepath.Join(t.TempDir(), strings.Repeat("long", 30))
	open := filepath.Join(tmp, fmt.Sprintf("magpie-%d", os.Getuid()))
	if err := os.Mkdir(open, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(open, 0o777); err != nil {
		t.Fatal(err)
	}
	if _, _, err := instance.Claim(profile, instance.Handler{}); err == nil {
		t.Fatal("a folder that others can write to was used")
	}
	if err := os.Chmod(open, 0o700); err != nil {
		t.Fatal(err)
	}
	l, ok, err := instance.Claim(profile, instance.Handler{})
	if err != nil || !ok {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
}

// A link reaches the window that is open, whole; one that opens none, of an older
// version, comes to the front all the same.
func TestLinkReachesTheWindow(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	links, raised := make(chan string, 8), make(chan struct{}, 8)
	long := "magpie://chat/" + strings.Repeat("喜", 1000)
	for name, h := range map[string]instance.Handler{
		"new": {
			Open:  func(link string) bool { links <- link; return true },
			Raise: func() bool { raised <- struct{}{}; return true },
		},
		"old": {Raise: func() bool { raised <- struct{}{}; return true }},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			first, ok, err := instance.ClaimOpening(dir, "magpie://chat/C2Cown", h)
			if err != nil || !ok {
				t.Fatal(ok, err)
			}
			defer first.Close()
			for _, link := range []string{"magpie://chat/C2Cann", "raise", long} {
				if _, ok, err := instance.ClaimOpening(dir, link, instance.Handler{}); ok || err != nil {
					t.Fatal(ok, err)
				}
				if h.Open == nil {
					receive(t, raised, "the old window to be raised")
				} else if got := receive(t, links, "the link"); got != link {
					t.Errorf("opened %q", got)
				}
			}
			if len(raised)+len(links) > 0 {
				t.Error("something was asked for twice, or the own link")
			}
			for _, link := range []string{"a\nraise", strings.Repeat("x", 5000)} {
				if _, _, err := instance.ClaimOpening(dir, link, instance.Handler{}); err == nil {
					t.Errorf("%.10q is sent", link)
				}
			}
		})
	}
}
