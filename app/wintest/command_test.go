//go:build wintest

package wintest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// shell runs the command line of the same program beside a window.
type shell struct {
	t       testing.TB
	data    string
	runtime string // where the window's socket is
}

func (w *window) shell(data string) *shell { return &shell{w.t, data, w.runtime} }

func (s *shell) command(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(s.t.Context(), os.Getenv("MAGPIE_BINARY"), append(args, "--data", s.data)...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "LANG=en_US.UTF-8", "XDG_RUNTIME_DIR="+s.runtime)
	cmd.Dir = s.t.TempDir()
	return cmd
}

// exits runs a command and returns its exit code and everything that it says.
func (s *shell) exits(args ...string) (code int, said string) {
	s.t.Helper()
	out, err := s.command(args...).CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		s.t.Fatal(err)
	}
	if exit != nil {
		code = exit.ExitCode()
	}
	return code, string(out)
}

func (s *shell) ok(args ...string) string {
	s.t.Helper()
	code, said := s.exits(args...)
	if code != 0 {
		s.t.Fatalf("magpie %s: exit %d\n%s", strings.Join(args, " "), code, said)
	}
	return said
}

// tail begins to print events and returns once it does.
func (s *shell) tail() (cmd *exec.Cmd, said *bytes.Buffer) {
	s.t.Helper()
	cmd = s.command("tail")
	said = &bytes.Buffer{}
	cmd.Stderr = said
	out, err := cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = cmd.Process.Kill() }) // it may be gone
	first := make(chan error, 1)
	go func() {
		r := bufio.NewReader(out)
		_, err := r.ReadString('\n')
		first <- err
		_, _ = io.Copy(io.Discard, r)
	}()
	for deadline := time.Now().Add(patience); ; {
		s.ok("send", "--to", "ben", "knock")
		select {
		case err := <-first:
			if err != nil {
				s.t.Fatal(err)
			}
			return cmd, said
		case <-time.After(50 * time.Millisecond):
			if time.Now().After(deadline) {
				s.t.Fatal("tail prints nothing of what is sent")
			}
		}
	}
}

// The command line works on the account that a window has open, through it; kill
// -9 of either leaves the other one whole.
func TestCommandLineBesideTheWindow(t *testing.T) {
	server := startServer(t, "ann", "ben")
	data := t.TempDir()
	w := open(t, "--data", data)
	w.signIn(server.addr, "ann")
	sh := w.shell(data)

	sh.ok("send", "--to", "ben", "from the shell 你好")
	w.click("from the shell")
	w.seesInMessages("from the shell 你好")
	w.click("Message ben")
	w.types("from the window")
	w.key("Return")
	w.seesInMessages("from the window")
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"history", "ben"}, "ann: from the window"},
		{[]string{"search", "你"}, "from the shell"},
		{[]string{"conversations"}, "C2Cben"},
		{[]string{"doctor"}, "nothing is damaged"},
	} {
		begun := time.Now()
		if said := sh.ok(c.args...); !strings.Contains(said, c.want) {
			t.Errorf("magpie %v says %q", c.args, said)
		}
		t.Logf("magpie %s: %d ms", c.args[0], time.Since(begun).Milliseconds())
	}
	exported := filepath.Join(t.TempDir(), "export")
	sh.ok("export", exported)
	if lines, err := os.ReadFile(filepath.Join(exported, "messages.jsonl")); err != nil || !bytes.Contains(lines, []byte("from the window")) {
		t.Errorf("%d bytes, %v", len(lines), err)
	}

	// A command that is killed leaves the window as it was, also in the middle of
	// an export, of which nothing stays.
	killed, _ := sh.tail()
	if err := killed.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = killed.Wait() // "killed" is what it says
	folder := t.TempDir()
	export := sh.command("export", filepath.Join(folder, "half"))
	if err := export.Start(); err != nil {
		t.Fatal(err)
	}
	_ = export.Process.Kill() // it may be over
	_ = export.Wait()
	w.types("still here")
	w.key("Return")
	w.seesInMessages("still here")
	w.eventually("nothing is left of the export", func() bool {
		left, err := os.ReadDir(folder)
		return err == nil && (len(left) == 0 || left[0].Name() == "half")
	})

	// A window that is killed: who waits for it hears of that, and the next command
	// does it alone.
	running, said := sh.tail()
	w.kill()
	err := running.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 || !strings.Contains(said.String(), "the window ended") {
		t.Errorf("%v: %s", err, said)
	}
	if said := sh.ok("history", "ben", "--offline"); !strings.Contains(said, "still here") {
		t.Errorf("after the window: %q", said)
	}
	if said := sh.ok("doctor"); !strings.Contains(said, "nothing is damaged") {
		t.Errorf("after the window: %q", said)
	}
}

// Commands that come while a window starts or ends find it, or the history, but
// never lose what they are told to do.
func TestCommandsWhileTheWindowComesAndGoes(t *testing.T) {
	server := startServer(t, "ann", "ben")
	data := t.TempDir()
	w := open(t, "--data", data)
	w.signIn(server.addr, "ann")
	runtime := w.runtime
	done := make(chan error, 1)
	stop := make(chan struct{})
	go func() {
		sh := &shell{t, data, runtime}
		var err error
		for i := 0; ; i++ {
			select {
			case <-stop:
				done <- err
				return
			default:
			}
			// 3: kept, and sent by the next one.
			out, failed := sh.command("send", "--to", "ben", fmt.Sprintf("number %d.", i)).CombinedOutput()
			var exit *exec.ExitError
			if failed != nil && !(errors.As(failed, &exit) && exit.ExitCode() == 3) {
				err = errors.Join(err, fmt.Errorf("%d: %w: %s", i, failed, out))
			}
		}
	}()
	for range 3 {
		w.sees("number")
		w.quit()
		w = openIn(t, runtime, "--data", data)
		w.sees("Search")
	}
	close(stop)
	if err := <-done; err != nil {
		t.Error(err)
	}
	w.misses("cannot be opened")
	if said := w.shell(data).ok("doctor"); !strings.Contains(said, "nothing is damaged") {
		t.Error(said)
	}
}
