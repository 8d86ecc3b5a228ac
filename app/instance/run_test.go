package instance_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"magpie/app/instance"
	"magpie/app/profile"
	"magpie/im"
)

// soon is far longer than anything here takes.
const soon = 20 * time.Second

type runFunc = func(context.Context, instance.Request, instance.Streams) (int, error)

// window claims a fresh profile with a process that runs commands.
func window(t *testing.T, run runFunc) (dir string, l *instance.Listener) {
	t.Helper()
	return windowWith(t, run, 16, 5*time.Second, soon)
}

func windowWith(t *testing.T, run runFunc, commands int, slot, stall time.Duration) (dir string, l *instance.Listener) {
	t.Helper()
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	dir = t.TempDir()
	l, first, err := instance.ClaimWith(dir, instance.Handler{Run: run}, commands, slot, stall)
	if err != nil || !first {
		t.Fatal(first, err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	})
	return dir, l
}

// do runs a command and returns what it wrote.
func do(ctx context.Context, dir, stdin string, args ...string) (code int, out, errs string, err error) {
	var o, e bytes.Buffer
	code, err = instance.Do(ctx, dir, instance.Request{Args: args}, instance.Streams{In: strings.NewReader(stdin), Out: &o, Err: &e})
	return code, o.String(), e.String(), err
}

func TestCommandRunsInTheWindow(t *testing.T) {
	want := instance.Request{
		Args: []string{"send", "--to", "ben", "你好\n"}, Account: profile.Account{User: "ann", Server: "chat.example"},
		Dir: "/home/ann", Language: im.Chinese, Zone: "Asia/Shanghai", Offset: 28800,
	}
	long := strings.Repeat("0123456789", 50_000) // several frames
	got := make(chan instance.Request, 1)
	dir, _ := window(t, func(_ context.Context, r instance.Request, s instance.Streams) (int, error) {
		got <- r
		in, err := io.ReadAll(s.In)
		if err != nil {
			return 1, err
		}
		fmt.Fprintf(s.Out, "%s", in)
		fmt.Fprintf(s.Err, "%d bytes", len(in))
		return 7, nil
	})
	var out, errs bytes.Buffer
	code, err := instance.Do(t.Context(), dir, want, instance.Streams{In: strings.NewReader(long), Out: &out, Err: &errs})
	if err != nil || code != 7 {
		t.Fatal(code, err)
	}
	if out.String() != long || errs.String() != "500000 bytes" {
		t.Errorf("%d bytes of output, %q", out.Len(), errs.String())
	}
	if r := <-got; !reflect.DeepEqual(r, want) {
		t.Errorf("the window got %+v", r)
	}
}

// Nothing of standard input is taken that the command does not ask for: it may be
// the terminal, or the next command's.
func TestInputIsTakenWhenAskedFor(t *testing.T) {
	dir, _ := window(t, func(context.Context, instance.Request, instance.Streams) (int, error) { return 0, nil })
	in := strings.NewReader("for somebody else")
	if _, err := instance.Do(t.Context(), dir, instance.Request{}, instance.Streams{In: in, Out: io.Discard, Err: io.Discard}); err != nil {
		t.Fatal(err)
	}
	if in.Len() != len("for somebody else") {
		t.Errorf("%d bytes are left", in.Len())
	}
}

// waits runs until its context ends, and then says why.
func waits(began chan<- struct{}, ended chan<- error) runFunc {
	return func(ctx context.Context, _ instance.Request, s instance.Streams) (int, error) {
		began <- struct{}{}
		<-ctx.Done()
		_, err := fmt.Fprint(s.Err, "last words")
		ended <- err
		return 3, nil
	}
}

func receive[T any](t *testing.T, c <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(soon):
		t.Fatal("waited for " + what)
		panic("not reached")
	}
}

func TestInterruptedCommandSaysItsLastWords(t *testing.T) {
	began, ended := make(chan struct{}, 1), make(chan error, 1)
	dir, _ := window(t, waits(began, ended))
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-began; cancel() }()
	code, _, errs, err := do(ctx, dir, "")
	if code != 3 || errs != "last words" || err != nil {
		t.Errorf("%d, %q, %v", code, errs, err)
	}
}

func TestKilledAskerCancels(t *testing.T) {
	began, ended := make(chan struct{}, 1), make(chan error, 1)
	dir, _ := window(t, waits(began, ended))
	c := dialRaw(t, dir)
	begin(t, c, `{"args":["x"]}`)
	receive(t, began, "the command")
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	receive(t, ended, "the end of a command whose process is gone")
}

func TestClosingWindowEndsCommands(t *testing.T) {
	began, ended := make(chan struct{}, 1), make(chan error, 1)
	dir, l := window(t, waits(began, ended))
	closed := make(chan error, 1)
	go func() { <-began; closed <- l.Close() }()
	code, _, errs, err := do(t.Context(), dir, "")
	if code != 3 || errs != "last words" || err != nil {
		t.Errorf("%d, %q, %v", code, errs, err)
	}
	if err := receive(t, closed, "Close"); err != nil {
		t.Error(err)
	}
	if _, _, _, err := do(t.Context(), dir, ""); !errors.Is(err, instance.ErrNoWindow) {
		t.Errorf("after Close: %v", err)
	}
}

func TestRefusals(t *testing.T) {
	dir, _ := window(t, func(context.Context, instance.Request, instance.Streams) (int, error) {
		return 0, &instance.RefusedError{Why: instance.RefusedLocked}
	})
	_, _, _, err := do(t.Context(), dir, "")
	var refused *instance.RefusedError
	if !errors.As(err, &refused) || refused.Why != instance.RefusedLocked {
		t.Error(err)
	}
}

// A program of before there were commands hears one line and says nothing.
func TestOlderWindow(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	dir := t.TempDir()
	l, _, err := instance.Claim(dir, instance.Handler{Raise: func() bool { return true }})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if _, _, _, err := do(t.Context(), dir, ""); !errors.Is(err, instance.ErrOlder) {
		t.Error(err)
	}
}

// fake is a window that does what it likes.
func fake(t *testing.T, serve func(net.Conn)) (dir string) {
	t.Helper()
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	dir = t.TempDir()
	path, err := instance.SocketPath(dir)
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		c, err := ln.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		b := make([]byte, len("run 1\n"))
		if _, err := io.ReadFull(c, b); err == nil {
			serve(c)
		}
	})
	t.Cleanup(func() { ln.Close(); wg.Wait() })
	return dir
}

// What a killed or broken window leaves is told apart from a command that ran.
func TestBrokenWindows(t *testing.T) {
	for name, c := range map[string]struct {
		says string
		want error
	}{
		"another greeting":    {"running 9\n", instance.ErrOlder},
		"endless greeting":    {strings.Repeat("r", 1000), instance.ErrOlder},
		"killed":              {"running 1\n", instance.ErrGone},
		"killed in a frame":   {"running 1\no\x00\x00\x00\x09half", instance.ErrGone},
		"huge frame":          {"running 1\no\xff\xff\xff\xff", nil},
		"unknown frame":       {"running 1\n?\x00\x00\x00\x00", nil},
		"exit without code":   {"running 1\nx\x00\x00\x00\x00", nil},
		"exit with two":       {"running 1\nx\x00\x00\x00\x02\x00\x00", nil},
		"refused, unheard of": {"running 1\nr\x00\x00\x00\x01?", nil},
	} {
		t.Run(name, func(t *testing.T) {
			dir := fake(t, func(conn net.Conn) { _, _ = io.WriteString(conn, c.says) })
			_, _, _, err := do(t.Context(), dir, "")
			if err == nil || c.want != nil && !errors.Is(err, c.want) {
				t.Errorf("%v", err)
			}
		})
	}
}

func dialRaw(t *testing.T, dir string) net.Conn {
	t.Helper()
	path, err := instance.SocketPath(dir)
	if err != nil {
		t.Fatal(err)
	}
	c, err := net.Dial("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(soon)); err != nil {
		t.Fatal(err)
	}
	return c
}

func frame(kind byte, payload string) string {
	n := len(payload)
	return string([]byte{kind, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}) + payload
}

// begin greets the window and asks for a command.
func begin(t *testing.T, c net.Conn, request string) {
	t.Helper()
	if _, err := io.WriteString(c, "run 1\n"+frame('q', request)); err != nil {
		t.Fatal(err)
	}
	greeting := make([]byte, len("running 1\n"))
	if _, err := io.ReadFull(c, greeting); err != nil || string(greeting) != "running 1\n" {
		t.Fatalf("%q, %v", greeting, err)
	}
}

// Nothing of this runs a command, and the window answers the next one.
func TestGarbageRunsNothing(t *testing.T) {
	var ran sync.Map
	dir, _ := window(t, func(_ context.Context, r instance.Request, _ instance.Streams) (int, error) {
		ran.Store(strings.Join(r.Args, " "), true)
		return 0, nil
	})
	for name, says := range map[string]string{
		"nothing":           "",
		"no line":           strings.Repeat("x", 10_000),
		"another verb":      "walk 1\n",
		"a later protocol":  "run 2\n" + frame('q', `{"args":["bad"]}`),
		"zeros":             "run 1\n" + strings.Repeat("\x00", 100),
		"half a request":    "run 1\n" + frame('q', `{"args":["bad"]}`)[:12],
		"no request":        "run 1\n" + frame('i', `{"args":["bad"]}`),
		"not JSON":          "run 1\n" + frame('q', `{"args":["bad"`),
		"wrong types":       "run 1\n" + frame('q', `{"args":"bad"}`),
		"a huge request":    "run 1\n" + "q\xff\xff\xff\xff" + strings.Repeat("x", 1<<20),
		"one byte too many": "run 1\n" + frame('q', strings.Repeat(" ", 1<<20+1)),
	} {
		t.Run(name, func(t *testing.T) {
			c := dialRaw(t, dir)
			_, _ = io.WriteString(c, says) // may be cut off
			if err := c.(*net.UnixConn).CloseWrite(); err != nil && !errors.Is(err, net.ErrClosed) {
				t.Log(err) // cut off already
			}
			answer, _ := io.ReadAll(c)
			if strings.Contains(string(answer), frame('x', "\x00")) {
				t.Errorf("answered %q", answer)
			}
			if code, _, _, err := do(t.Context(), dir, "", "good"); code != 0 || err != nil {
				t.Fatal("the window does not answer any more", code, err)
			}
		})
	}
	ran.Range(func(k, _ any) bool {
		if k != "good" {
			t.Errorf("%q was run", k)
		}
		return true
	})
}

// Input that nobody asked for is no part of the protocol.
func TestUnaskedInputEndsTheCommand(t *testing.T) {
	began, ended := make(chan struct{}, 1), make(chan error, 1)
	dir, _ := window(t, waits(began, ended))
	c := dialRaw(t, dir)
	begin(t, c, `{}`)
	receive(t, began, "the command")
	if _, err := io.WriteString(c, frame('i', "x")); err != nil {
		t.Fatal(err)
	}
	receive(t, ended, "the end of a command that is sent garbage")
}

// A process that takes nothing of what it asked for does not keep the command.
func TestStalledAskerIsGivenUp(t *testing.T) {
	ended := make(chan error, 1)
	dir, _ := windowWith(t, func(_ context.Context, _ instance.Request, s instance.Streams) (int, error) {
		var err error
		for line := strings.Repeat("x", 32<<10); err == nil; {
			_, err = io.WriteString(s.Out, line)
		}
		ended <- err
		return 0, nil
	}, 16, time.Second, 50*time.Millisecond)
	c := dialRaw(t, dir)
	begin(t, c, `{}`)
	if err := receive(t, ended, "the end of a command that nobody listens to"); err == nil {
		t.Error("endless output was taken")
	}
}

// A stalled one does not hold up the end of the window either.
func TestStalledAskerDoesNotHoldTheEnd(t *testing.T) {
	writing := make(chan struct{}, 1)
	dir, l := window(t, func(_ context.Context, _ instance.Request, s instance.Streams) (int, error) {
		writing <- struct{}{}
		for line := strings.Repeat("x", 32<<10); ; {
			if _, err := io.WriteString(s.Out, line); err != nil {
				return 0, nil //nolint:nilerr // who asked is gone, and hears nothing of it
			}
		}
	})
	begin(t, dialRaw(t, dir), `{}`)
	receive(t, writing, "the command")
	closed := make(chan error, 1)
	go func() { closed <- l.Close() }()
	if err := receive(t, closed, "Close"); err != nil {
		t.Error(err)
	}
}

func TestTooManyCommandsAreRefused(t *testing.T) {
	began, ended := make(chan struct{}, 1), make(chan error, 1)
	dir, _ := windowWith(t, waits(began, ended), 1, 20*time.Millisecond, soon)
	begin(t, dialRaw(t, dir), `{}`)
	receive(t, began, "the first command")
	_, _, _, err := do(t.Context(), dir, "")
	var refused *instance.RefusedError
	if !errors.As(err, &refused) || refused.Why != instance.RefusedBusy {
		t.Error(err)
	}
}

func TestManyCommandsAtOnce(t *testing.T) {
	dir, _ := window(t, func(_ context.Context, r instance.Request, s instance.Streams) (int, error) {
		fmt.Fprint(s.Out, r.Args[0])
		return 0, nil
	})
	var wg sync.WaitGroup
	for i := range 40 { // more than run at once
		wg.Go(func() {
			want := fmt.Sprint("command ", i)
			if _, out, _, err := do(t.Context(), dir, "", want); err != nil || out != want {
				t.Errorf("%d: %q, %v", i, out, err)
			}
		})
	}
	wg.Wait()
}
