package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"magpie/app/cli"
	"magpie/app/instance"
	"magpie/app/profile"
	"magpie/app/vault/vaulttest"
	"magpie/im"
	"magpie/store"
)

// listening lets other processes ask the window for commands, as Run does.
func (u *person) listening() {
	u.t.Helper()
	u.t.Setenv("XDG_RUNTIME_DIR", u.t.TempDir())
	c := newCommands()
	l, first, err := instance.Claim(u.a.profile.Dir(), instance.Handler{Run: c.run})
	if err != nil || !first {
		u.t.Fatal(first, err)
	}
	u.a.files.wait() // the account is in the settings, where commands look for it
	u.do(func() { c.begin(u.a) })
	u.guests = append(u.guests, func() {
		if err := l.Close(); err != nil {
			u.t.Error(err)
		}
	})
}

type outcome struct {
	code     int
	out, err string
}

// magpie runs a command as another process of the window's profile does.
func (u *person) magpie(stdin string, args ...string) outcome {
	u.t.Helper()
	ctx, cancel := context.WithTimeout(u.t.Context(), time.Minute)
	defer cancel()
	return u.magpieIn(ctx, stdin, args...)
}

func (u *person) magpieIn(ctx context.Context, stdin string, args ...string) outcome {
	var out bytes.Buffer
	o := u.magpieTo(ctx, &out, stdin, args...)
	o.out = out.String()
	return o
}

func (u *person) magpieTo(ctx context.Context, out io.Writer, stdin string, args ...string) outcome {
	var errs bytes.Buffer
	p := u.a.profile
	code := cli.Main(ctx, &cli.Env{
		Args: append(args, "--data", p.Root, "--profile", p.Name), Stdin: strings.NewReader(stdin),
		Stdout: out, Stderr: &errs, Version: "test", Language: im.English, KeyStore: computer, Patience: u.patience,
	})
	return outcome{code: code, err: errs.String()}
}

func (u *person) magpieOK(stdin string, args ...string) string {
	u.t.Helper()
	o := u.magpie(stdin, args...)
	if o.code != cli.ExitOK {
		u.t.Fatalf("magpie %s: exit %d\n%s%s", strings.Join(args, " "), o.code, o.out, o.err)
	}
	return o.out
}

// Everything the command line does with an account works while the window has it
// open, and the window sees what it does.
func TestCommandsBesideTheWindow(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.listening()

	var sent im.Message
	if err := json.Unmarshal([]byte(u.magpieOK("", "send", "--to", "echo", "from the shell 你好")), &sent); err != nil {
		t.Fatal(err)
	}
	if sent.Sequence == 0 || sent.Status != im.StatusSuccess {
		t.Errorf("sent as %d, %s", sent.Sequence, sent.Status)
	}
	u.magpieOK("from a pipe\n", "send", "--to", "echo", "-")
	u.do(func() { u.a.main.openChat("C2Cecho") })
	u.sees("from the shell 你好")
	u.sees("from a pipe")

	var made im.Group
	line, _, _ := strings.Cut(u.magpieOK("", "group", "create", "Design", "echo"), "\n")
	if err := json.Unmarshal([]byte(line), &made); err != nil {
		t.Fatal(err)
	}
	group := string(made.GroupID)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"history", "echo"}, "wren: from the shell 你好"},
		{[]string{"history", "echo", "--all", "--offline"}, "wren: from a pipe"},
		{[]string{"search", "shell"}, "C2Cecho"},
		{[]string{"search", "你"}, "from the shell"},
		{[]string{"conversations", "--json"}, `"C2Cecho"`},
		{[]string{"doctor"}, "nothing is damaged"},
		{[]string{"doctor", "--repair"}, "nothing is damaged"},
		{[]string{"block"}, ""},
		{[]string{"read", "echo"}, ""},
		{[]string{"profile", "echo"}, `"userID":"echo"`},
		{[]string{"profile", "--offline"}, `"userID":"wren"`},
		{[]string{"conversations"}, "C2Cecho\t0\t"},
		{[]string{"members", group}, `"userID":"wren"`},
		{[]string{"members", group, "--offline"}, `"userID":"echo"`},
	} {
		if out := u.magpieOK("", c.args...); !strings.Contains(out, c.want) {
			t.Errorf("magpie %v: %q", c.args, out)
		}
	}
	// What a usage error says does not need the window, and its exit code comes back
	// from there too.
	if o := u.magpie("", "search"); o.code != cli.ExitUsage {
		t.Errorf("%+v", o)
	}
	if o := u.magpie("", "send", "--group", "@TGS#nobody", "x"); o.code != cli.ExitRefused || o.err == "" {
		t.Errorf("%+v", o)
	}
	u.end()
	// The window is gone: the same command opens the history itself.
	if out := u.magpieOK("", "history", "echo", "--offline"); !strings.Contains(out, "from the shell") {
		t.Errorf("after the window: %q", out)
	}
}

// Names of files, times and languages are those of the process that asks.
func TestCommandsAreOfWhoAsks(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.listening()
	u.magpieOK("", "send", "--to", "echo", "one")
	dir := t.TempDir()
	ask := func(language im.Language, zone string, args ...string) (int, string) {
		var out, errs bytes.Buffer
		code, err := instance.Do(t.Context(), u.a.profile.Dir(), instance.Request{
			Args: args, Account: profile.Account{User: "wren", Local: true}, Dir: dir, Language: language, Zone: zone, Offset: 3600,
		}, instance.Streams{In: strings.NewReader(""), Out: &out, Err: &errs})
		if err != nil {
			t.Fatal(err)
		}
		return code, out.String() + errs.String()
	}
	if code, said := ask(im.English, "", "export", "mine", "--offline"); code != cli.ExitOK || !strings.Contains(said, "are in mine") {
		t.Fatal(code, said)
	}
	if _, err := os.Stat(filepath.Join(dir, "mine", "messages.jsonl")); err != nil {
		t.Error(err)
	}
	at := func(m *im.Message, zone *time.Location) string {
		return time.UnixMilli(m.Time).In(zone).Format(time.DateTime)
	}
	var m im.Message
	_, line := ask(im.English, "", "history", "echo", "--json")
	first, _, _ := strings.Cut(line, "\n")
	if err := json.Unmarshal([]byte(first), &m); err != nil {
		t.Fatal(err, line)
	}
	for name, zone := range map[string]*time.Location{
		"Pacific/Kiritimati": time.FixedZone("", 14*3600), "no/such zone": time.FixedZone("", 3600), "": time.Local,
	} {
		if _, said := ask(im.English, name, "history", "echo"); !strings.Contains(said, at(&m, zone)) {
			t.Errorf("in %q: %s", name, said)
		}
	}
	if _, said := ask(im.Chinese, "", "history", "not/a/conversation"); !strings.Contains(said, "用户") {
		t.Errorf("in Chinese: %q", said)
	}
	// A window runs no servers for others.
	if code, _ := ask(im.English, "", "serve"); code != cli.ExitUsage {
		t.Errorf("serve: exit %d", code)
	}
	u.end()
}

// A window that closes ends what runs in it; who asked hears of it.
func TestClosingWindowEndsCommands(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.listening()
	tail := make(chan outcome, 1)
	out, wrote := io.Pipe()
	go func() { tail <- u.magpieTo(t.Context(), wrote, "", "tail") }()
	said := make(chan error, 1)
	go func() {
		_, err := out.Read(make([]byte, 1))
		said <- err
		_, _ = io.Copy(io.Discard, out)
	}()
	for running := false; !running; { // it tells of what is sent once it has begun
		u.magpieOK("", "send", "--to", "echo", "hello")
		select {
		case err := <-said:
			running = err == nil
		case <-time.After(10 * time.Millisecond):
		}
	}
	u.do(u.a.signOut)
	select {
	case o := <-tail:
		if o.code != cli.ExitOK {
			t.Errorf("%+v", o)
		}
	case <-time.After(patience):
		t.Fatal("the command goes on in an account that is signed out")
	}
	u.ok(wrote.Close())
	u.end()
}

// An account that the window does not have open is opened by the command, and
// the window is told who has it if it wants it too.
func TestCommandOfAnotherAccount(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.listening()
	if out := u.magpieOK("", "send", "--user", "robin", "--server", "local", "--to", "wren", "hello from robin"); out == "" {
		t.Error("nothing was said")
	}
	u.until("it is in the window", func() bool { return u.a.main.index("C2Crobin") >= 0 })
	if n := len(u.a.sessions.open); n != 1 {
		t.Errorf("the window has %d accounts open", n)
	}
	u.end()
}

// The history of an account is opened once; the second command says who has it.
func TestTwoCommandsAtOnce(t *testing.T) {
	noLeaks(t)
	data := t.TempDir()
	u := begin(t, data)
	u.start()
	u.end()
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	tail := make(chan outcome, 1)
	go func() { tail <- u.magpieIn(ctx, "", "tail") }()
	p := u.a.profile
	path, err := p.HistoryPath(profile.Account{User: "wren", Local: true})
	if err != nil {
		t.Fatal(err)
	}
	held := func() bool {
		st, _, err := store.Open(path, store.Options{OpenTimeout: time.Millisecond})
		if err == nil {
			err = st.Close()
		}
		return errors.Is(err, store.ErrInUse)
	}
	for deadline := time.Now().Add(patience); !held(); {
		if time.Now().After(deadline) {
			t.Fatal("the first command never opened the history")
		}
	}
	u.patience = 200 * time.Millisecond
	if o := u.magpie("", "history", "echo", "--offline"); o.code != cli.ExitInUse || !strings.Contains(o.err, "process") {
		t.Errorf("%+v", o)
	}
	cancel()
	<-tail
	u.patience = 0
	if o := u.magpie("", "history", "echo", "--offline"); o.code != cli.ExitOK {
		t.Errorf("after the first ended: %+v", o)
	}
}

// A locked window runs nothing, also for an account that is open behind the veil;
// unlocked it does again.
func TestLockedWindowRefusesCommands(t *testing.T) {
	u, _ := withPassphrase(t)
	u.listening()
	u.magpieOK("", "conversations")
	u.locks()
	for _, args := range [][]string{{"conversations"}, {"search", "x"}, {"send", "--to", "echo", "hello"}, {"doctor"}} {
		o := u.magpie("", args...)
		if o.code != cli.ExitFailed || !strings.Contains(o.err, "unlock it first") || o.out != "" {
			t.Errorf("%s: %+v", args[0], o)
		}
	}
	u.unlocks()
	u.magpieOK("", "conversations")
	u.end()
}

// A window that waits for the passphrase at its start says so, instead of letting
// the command open what the window is about to.
func TestWindowThatIsNotUnlockedYet(t *testing.T) {
	u, _ := withPassphrase(t)
	data := u.a.profile.Root
	u.end()
	u = beginWith(t, data, func(o *Options) { o.KeyStore = vaulttest.None() })
	u.sees("Magpie is locked")
	u.listening()
	if o := u.magpie("", "conversations"); o.code != cli.ExitFailed || !strings.Contains(o.err, "unlock it first") {
		t.Errorf("%+v", o)
	}
	asked := make(chan outcome, 1)
	u.unlocks()
	u.until("the key is there", func() bool { return u.a.unlocking == nil })
	go func() { asked <- u.magpie("", "history", "echo", "--offline") }() // while the account is being opened
	if o := <-asked; o.code != cli.ExitOK {
		t.Errorf("%+v", o)
	}
	u.until("the account", func() bool { return u.a.main != nil })
	u.end()
}
