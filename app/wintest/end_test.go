//go:build wintest

package wintest

import (
	"bufio"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"magpie/app/uitest"
)

// endsWithin waits for the program to end well by itself.
func (w *window) endsWithin(d time.Duration) {
	w.t.Helper()
	select {
	case err := <-w.exited:
		w.exited <- err
		if err != nil {
			w.t.Fatalf("the program did not end well: %v\n%s", err, w.log)
		}
	case <-time.After(d):
		w.t.Fatalf("the program still runs after %s", d)
	}
}

// However a window is closed, the process ends soon and well, and what was typed
// is there at the next start. The system's signal also reaches Fyne, which then
// ends its loop by itself; that happens at another moment every time.
func TestEveryWayToCloseEndsWell(t *testing.T) {
	server := startServer(t, "ann", "ben")
	args := []string{"--data", t.TempDir()}
	w := open(t, args...)
	w.signIn(server.addr, "ann")
	w.newChat("ben")
	typed := ""
	for i, end := range []func(){
		func() { w.key("ctrl+q") },
		func() { w.key("alt+F4") },
		func() { w.signal(syscall.SIGTERM) },
		func() { w.signal(syscall.SIGINT) },
		func() { w.signal(syscall.SIGTERM) },
		func() { w.signal(syscall.SIGTERM) },
	} {
		typed += strconv.Itoa(i)
		w.types(strconv.Itoa(i))
		w.seesInMessages(typed)
		end()
		w.endsWithin(10 * time.Second)
		if out := w.log.String(); strings.Contains(out, "panic") || strings.Contains(out, "magpie:") {
			t.Fatalf("end %d left this behind:\n%s", i, out)
		}
		w = open(t, args...)
		w.seesInMessages(typed)
	}
}

func (w *window) signal(s syscall.Signal) {
	w.t.Helper()
	if err := w.cmd.Process.Signal(s); err != nil {
		w.t.Fatal(err)
	}
}

// A display that does not answer any more must not hold the process: it is
// stopped here while the window is open, and the program is told to end.
func TestAHangingDisplayIsCutOff(t *testing.T) {
	display := startDisplay(t)
	t.Setenv("DISPLAY", display.name)
	w := open(t, "--data", t.TempDir())
	w.sees("Sign in")
	if err := display.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	w.signal(syscall.SIGTERM)
	w.endsWithin(15 * time.Second)
}

// Without any screen the program says so instead of dying in a panic.
func TestWithoutAScreen(t *testing.T) {
	cmd := exec.Command(os.Getenv("MAGPIE_BINARY"), "--data", t.TempDir())
	cmd.Env = append(os.Environ(), "DISPLAY=", "WAYLAND_DISPLAY=")
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "there is no screen") || strings.Contains(string(out), "goroutine ") {
		t.Errorf("%v\n%s", err, out)
	}
}

// display is a screen of one test.
type display struct {
	name string
	cmd  *exec.Cmd
}

func startDisplay(t *testing.T) *display {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	d := &display{cmd: exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1280x800x24", "+extension", "GLX", "-nolisten", "tcp", "-noreset")}
	d.cmd.ExtraFiles = []*os.File{write}
	err = d.cmd.Start()
	write.Close()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = d.cmd.Process.Kill() // also when it is stopped
		_ = d.cmd.Wait()         // "killed" is what it says
	})
	number, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	d.name = ":" + strings.TrimSpace(number)
	return d
}

// The program ends well also while messages come: what is heard after the window has
// gone is on disk, and is not shown on a window that is no more.
func TestEndsWhileMessagesCome(t *testing.T) {
	t.Setenv(uitest.PauseEnv, "1s") // in which the answers come
	data := t.TempDir()
	w := local(t, data)
	w.click("Echo")
	w.sees("Message Echo")
	for range 5 {
		w.types("still talking")
		w.key("Return")
	}
	w.quit() // the answers are on their way
	w = open(t, "--data", data)
	w.seesInMessages("still talking")
}
