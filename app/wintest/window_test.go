//go:build wintest

package wintest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode"

	"magpie/app/uitest"
)

// patience is how long anything on the screen may take; the machine that runs
// the tests may be busy.
const patience = time.Minute

// window is a running program with its window on the screen.
type window struct {
	t      testing.TB
	cmd    *exec.Cmd
	exited chan error
	log    *bytes.Buffer
	socket string
	// runtime is the folder in which the window meets other processes.
	runtime string
	id      string // of the X window
	shots   string
}

// open starts the program with args and waits until its window is there.
func open(t testing.TB, args ...string) *window {
	t.Helper()
	return openIn(t, t.TempDir(), args...)
}

// openIn is open with a folder in which the window meets other processes.
func openIn(t testing.TB, runtime string, args ...string) *window {
	t.Helper()
	binary := os.Getenv("MAGPIE_BINARY")
	if binary == "" {
		t.Fatal("MAGPIE_BINARY does not name the program; run this through make test")
	}
	w := &window{
		t:       t,
		log:     &bytes.Buffer{},
		exited:  make(chan error, 1),
		runtime: runtime,
		socket:  filepath.Join(t.TempDir(), "ui"),
		shots:   os.Getenv("MAGPIE_SHOTS"),
	}
	checkHistories(t, args)
	w.cmd = exec.Command(binary, args...)
	w.cmd.Env = append(os.Environ(), "MAGPIE_UITEST="+w.socket, "LANG=en_US.UTF-8", "LC_ALL=C.UTF-8", "LANGUAGE=en", "FYNE_SCALE=1", "XDG_RUNTIME_DIR="+runtime)
	w.cmd.Stdout, w.cmd.Stderr = w.log, w.log
	if err := w.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { w.exited <- w.cmd.Wait() }()
	t.Cleanup(func() {
		w.kill()
		if t.Failed() {
			t.Logf("output of %s:\n%s", strings.Join(args, " "), w.log)
		}
	})
	w.eventually("a window of the program is on the screen", func() bool {
		out, err := exec.Command("xdotool", "search", "--onlyvisible", "--pid", strconv.Itoa(w.cmd.Process.Pid)).Output()
		if fields := strings.Fields(string(out)); err == nil && len(fields) > 0 {
			w.id = fields[len(fields)-1]
		}
		_, err = os.Stat(w.socket)
		return w.id != "" && err == nil
	})
	return w
}

// kill ends the program as a crash would.
func (w *window) kill() {
	if w.cmd.ProcessState == nil {
		_ = w.cmd.Process.Kill() // it may have ended by itself
		<-w.exited
		w.exited <- nil
	}
}

// quit ends the program as the system does when a person logs out.
func (w *window) quit() {
	w.t.Helper()
	if err := w.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		w.t.Fatal(err)
	}
	select {
	case err := <-w.exited:
		w.exited <- err
		if err != nil {
			w.t.Fatalf("the program did not end well: %v\n%s", err, w.log)
		}
	case <-time.After(patience):
		w.t.Fatal("the program does not end")
	}
}

func (w *window) eventually(what string, ok func() bool) {
	w.t.Helper()
	deadline := time.Now().Add(patience)
	for !ok() {
		select {
		case err := <-w.exited:
			w.exited <- err
			w.t.Fatalf("the program ended while waiting until %s: %v\n%s", what, err, w.log)
		case <-time.After(50 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			w.shoot("timeout")
			w.t.Fatalf("waited %s until %s; on the screen:\n%s", patience, what, w.screen())
		}
	}
}

// texts are all texts that the window shows now.
func (w *window) texts() []uitest.Text {
	w.t.Helper()
	var texts []uitest.Text
	ask(w.t, w.socket, "texts", &texts)
	return texts
}

// ask sends the program a request of package uitest and decodes its answer.
func ask(t testing.TB, socket, request string, answer any) {
	t.Helper()
	c, err := net.DialTimeout("unix", socket, patience)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fprintln(c, request); err != nil {
		t.Fatal(err)
	}
	if err := json.NewDecoder(bufio.NewReader(c)).Decode(answer); err != nil {
		t.Fatal(err)
	}
}

func (w *window) screen() string {
	var b strings.Builder
	for _, t := range w.texts() {
		fmt.Fprintf(&b, "  %4.0f %4.0f  %s\n", t.X, t.Y, t.Text)
	}
	return b.String()
}

// find returns the first text that contains s: among the messages, or what lies over
// them, before the list, which shows the last message too.
func (w *window) find(s string) (found uitest.Text, ok bool) {
	for _, t := range w.texts() {
		if !strings.Contains(t.Text, s) {
			continue
		}
		if t.X > listWidth && t.Y > headerHeight {
			return t, true
		}
		if !ok {
			found, ok = t, true
		}
	}
	return found, ok
}

// sees waits until the window shows a text that contains s.
func (w *window) sees(s string) uitest.Text {
	w.t.Helper()
	var found uitest.Text
	w.eventually(fmt.Sprintf("%q is shown", s), func() bool {
		t, ok := w.find(s)
		found = t
		return ok
	})
	return found
}

// seesInMessages waits until a text that contains s is shown right of the
// conversation list.
func (w *window) seesInMessages(s string) uitest.Text {
	w.t.Helper()
	var found uitest.Text
	w.eventually(fmt.Sprintf("%q is among the messages", s), func() bool {
		for _, t := range w.texts() {
			if t.X > listWidth && strings.Contains(t.Text, s) {
				found = t
				return true
			}
		}
		return false
	})
	return found
}

// misses waits until nothing in the window contains s.
func (w *window) misses(s string) {
	w.t.Helper()
	w.eventually(fmt.Sprintf("%q is gone", s), func() bool { _, ok := w.find(s); return !ok })
}

// Where the messages begin, in pixels.
const (
	listWidth    = 304
	headerHeight = 58
)

// settled waits until a text is shown and stays where it is: a window that is
// just coming up is laid out more than once.
func (w *window) settled(s string) uitest.Text {
	w.t.Helper()
	var last uitest.Text
	w.eventually(fmt.Sprintf("%q is shown and stands still", s), func() bool {
		t, ok := w.find(s)
		same := ok && t == last
		last = t
		return same
	})
	return last
}

// click waits for a text and clicks into its middle.
func (w *window) click(s string) {
	w.t.Helper()
	t := w.settled(s)
	w.clickAt(t.X+t.W/2, t.Y+t.H/2)
}

func (w *window) clickAt(x, y float32) {
	w.t.Helper()
	w.activate()
	// The pause is a person's: the window takes movements in once a frame.
	w.xdotool("mousemove", "--window", w.id, "--sync", fmt.Sprint(int(x)), fmt.Sprint(int(y)), "sleep", "0.2", "click", "1")
}

// activate brings the window to the front and gives it the keyboard.
func (w *window) activate() {
	w.t.Helper()
	w.xdotool("windowactivate", "--sync", w.id)
}

// types types s with the keyboard. A sign that is on no key is put on one for a
// moment; the window must have taken it in before the next one comes there.
func (w *window) types(s string) {
	w.t.Helper()
	w.activate()
	line := ""
	for _, r := range s {
		line += string(r)
		delay := "40" // milliseconds
		if r > unicode.MaxASCII {
			delay = "600" // the sign stays on its key that long
		}
		w.xdotool("type", "--delay", delay, string(r))
		if r > unicode.MaxASCII {
			w.eventually(fmt.Sprintf("%q is in the field", line), func() bool {
				_, ok := w.find(line)
				return ok
			})
		}
	}
}

func (w *window) key(names ...string) {
	w.t.Helper()
	w.activate()
	w.xdotool(append([]string{"key"}, names...)...)
}

func (w *window) xdotool(args ...string) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	if out, err := exec.CommandContext(ctx, "xdotool", args...).CombinedOutput(); err != nil {
		w.t.Fatalf("xdotool %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// shoot leaves a picture of the window in the folder that MAGPIE_SHOTS names.
func (w *window) shoot(name string) {
	if w.shots == "" || w.id == "" {
		return
	}
	if err := os.MkdirAll(w.shots, 0o755); err != nil {
		w.t.Error(err)
		return
	}
	path := filepath.Join(w.shots, strings.ReplaceAll(w.t.Name(), "/", "-")+"-"+name+".png")
	if out, err := exec.Command("import", "-window", w.id, path).CombinedOutput(); err != nil {
		w.t.Logf("no picture: %v\n%s", err, out)
	}
}
