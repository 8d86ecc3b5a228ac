package cli_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"magpie/app/cli"
	"magpie/app/host"
	"magpie/app/profile"
	"magpie/app/vault"
	"magpie/app/vault/vaulttest"
	"magpie/im"
	"magpie/store"
	"magpie/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const password = "correct horse"

// shell runs commands against one data folder.
type shell struct {
	t    *testing.T
	data string
	pw   string // file
	// keys is the computer's key store.
	keys       *vaulttest.KeyStore
	passphrase string
	// patience of the commands, [cli.Env.Patience].
	patience time.Duration
}

func newShell(t *testing.T) *shell {
	t.Helper()
	s := &shell{t: t, data: t.TempDir(), keys: &vaulttest.KeyStore{}}
	s.pw = filepath.Join(s.data, "pw")
	if err := os.WriteFile(s.pw, []byte(password+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return s
}

// vault unlocks that of the data folder as a command does.
func (s *shell) vault() vault.Keys {
	s.t.Helper()
	v, err := vault.Load(s.data, s.keys)
	if err == nil && v.Kind() == vault.New {
		err = v.UseKeyring(s.t.Context())
	}
	if err != nil {
		s.t.Fatal(err)
	}
	keys, err := v.Keys()
	if err != nil {
		s.t.Fatal(err)
	}
	return keys
}

type outcome struct {
	code     int
	out, err string
}

func (s *shell) run(stdin string, args ...string) outcome {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	return s.runIn(ctx, stdin, args...)
}

func (s *shell) runIn(ctx context.Context, stdin string, args ...string) outcome {
	var out, err bytes.Buffer
	code := cli.Main(ctx, &cli.Env{
		Args: append(args, "--data", s.data), Stdin: strings.NewReader(stdin), Stdout: &out, Stderr: &err, Version: "test",
		KeyStore: s.keys, Passphrase: s.passphrase, Patience: s.patience,
	})
	return outcome{code, out.String(), err.String()}
}

func (s *shell) ok(stdin string, args ...string) string {
	s.t.Helper()
	o := s.run(stdin, args...)
	if o.code != cli.ExitOK {
		s.t.Fatalf("magpie %s: exit %d\n%s%s", strings.Join(args, " "), o.code, o.out, o.err)
	}
	return o.out
}

// serve runs a server on a folder of its own until the test ends, and returns
// its address and a function that ends it earlier.
func serve(t *testing.T, users ...string) (address string, stop func()) {
	t.Helper()
	h, err := host.Open(t.Context(), t.TempDir(), host.Options{})
	if err != nil {
		t.Fatal(err)
	}
	closed := false
	stop = func() {
		if closed {
			return
		}
		closed = true
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := h.Close(ctx); err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(stop)
	for _, u := range users {
		if err := h.CreateUser(t.Context(), im.UserID(u), password, ""); err != nil {
			t.Fatal(err)
		}
	}
	return h.URL(), stop
}

func TestConversationFromTheShell(t *testing.T) {
	url, stop := serve(t, "ann", "ben")
	s := newShell(t)
	ann := []string{"--profile", "ann", "--server", url, "--user", "ann", "--password-file", s.pw}
	ben := []string{"--profile", "ben", "--server", url, "--user", "ben", "--password-file", s.pw}

	var sent im.Message
	if err := json.Unmarshal([]byte(s.ok("", append([]string{"send", "--to", "ben", "hello 你好"}, ann...)...)), &sent); err != nil {
		t.Fatal(err)
	}
	if sent.Sequence != 1 || sent.Status != im.StatusSuccess {
		t.Errorf("sent as %d, %s", sent.Sequence, sent.Status)
	}
	// The second time the account is known, and the text comes from a pipe.
	s.ok("from a pipe\nwith two lines\n", "send", "--profile", "ann", "--to", "ben", "-")

	list := s.ok("", append([]string{"conversations"}, ben...)...)
	if !strings.HasPrefix(list, "C2Cann\t2\t") {
		t.Errorf("conversations: %q", list)
	}
	got := s.ok("", "history", "ann", "--profile", "ben", "--json")
	var texts []string
	for line := range strings.Lines(got) {
		var m im.Message
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, m.Payload.(im.TextPayload).Text)
	}
	if want := []string{"hello 你好", "from a pipe\nwith two lines"}; !slices.Equal(texts, want) {
		t.Errorf("history: %q, want %q", texts, want)
	}

	var g im.Group
	if err := json.Unmarshal([]byte(s.ok("", "group", "create", "设计 Design", "ben", "--profile", "ann")), &g); err != nil {
		t.Fatal(err)
	}
	s.ok("", "send", "--profile", "ann", "--group", string(g.GroupID), "welcome")
	if got := s.ok("", "history", "--profile", "ben", string(im.GroupConversation(g.GroupID))); !strings.Contains(got, "ann: welcome") {
		t.Errorf("group history: %q", got)
	}

	// Without the server: history is there, and what is sent is kept.
	stop()
	if got := s.ok("", "history", "--offline", "--profile", "ben", "ann"); !strings.Contains(got, "hello 你好") {
		t.Errorf("offline history: %q", got)
	}
	o := s.run("", "send", "--profile", "ann", "--to", "ben", "--timeout", "1s", "later")
	if o.code != cli.ExitQueued || !strings.Contains(o.err, "kept") {
		t.Errorf("send without a server: exit %d, %q", o.code, o.err)
	}
	if o := s.run("", "history", "ann", "--profile", "ben", "--timeout", "1s"); o.code != cli.ExitFailed || o.err == "" {
		t.Errorf("history without a server: exit %d, %q", o.code, o.err)
	}
}

func TestWholeHistory(t *testing.T) {
	url, _ := serve(t, "ann", "ben")
	s := newShell(t)
	ann := []string{"--profile", "ann", "--server", url, "--user", "ann", "--password-file", s.pw}
	const count = 40 // more than two pages
	for i := range count {
		s.ok("", append([]string{"send", "--to", "ben", "message " + strings.Repeat("i", i+1)}, ann...)...)
	}
	got := s.ok("", "history", "ann", "--all", "--profile", "ben", "--server", url, "--user", "ben", "--password-file", s.pw)
	lines := strings.Split(strings.TrimSpace(got), "\n")
	if len(lines) != count {
		t.Fatalf("%d lines, want %d", len(lines), count)
	}
	for i, line := range lines {
		if !strings.HasSuffix(line, " "+strings.Repeat("i", i+1)) {
			t.Fatalf("line %d is %q", i, line)
		}
	}
	if got := s.ok("", "history", "ann", "--profile", "ben"); strings.Count(got, "\n") != im.PageSize {
		t.Errorf("without --all: %d lines", strings.Count(got, "\n"))
	}
}

func TestTailPrintsEventsAsJSON(t *testing.T) {
	url, _ := serve(t, "ann", "ben")
	s := newShell(t)
	ben := []string{"--profile", "ben", "--server", url, "--user", "ben", "--password-file", s.pw}
	s.ok("", append([]string{"conversations"}, ben...)...) // signs in once
	done := make(chan outcome, 1)
	go func() { done <- s.run("", "tail", "--profile", "ben", "--count", "1") }()
	s.ok("", "send", "--profile", "ann", "--server", url, "--user", "ann", "--password-file", s.pw, "--to", "ben", "are you there?")
	o := <-done
	if o.code != cli.ExitOK {
		t.Fatalf("exit %d: %s", o.code, o.err)
	}
	var names []string
	for line := range strings.Lines(o.out) {
		var e struct {
			Name im.EventName
			Data json.RawMessage
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		names = append(names, string(e.Name))
		if e.Name == im.EventMessageReceived && !bytes.Contains(e.Data, []byte("are you there?")) {
			t.Errorf("received: %s", e.Data)
		}
	}
	for _, want := range []im.EventName{im.EventSDKReady, im.EventMessageReceived} {
		if !slices.Contains(names, string(want)) {
			t.Errorf("no %s among %v", want, names)
		}
	}
}

func TestServeAndUserAdd(t *testing.T) {
	s := newShell(t)
	s.ok(password+"\n", "user", "add", "ann", "--nick", "Ann")
	s.ok(password+"\n", "user", "add", "ben")
	if o := s.run(password+"\n", "user", "add", "ann"); o.code != cli.ExitRefused {
		t.Errorf("the same name again: exit %d, %q", o.code, o.err)
	}
	// An account of this data folder needs no password: the keys are here.
	s.ok("", "send", "--user", "ann", "--server", "local", "--to", "ben", "hi")
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan outcome, 1)
	go func() { served <- s.runIn(ctx, "", "serve") }()
	eventually(t, "the server runs", func() bool {
		_, err := os.Stat(filepath.Join(s.data, "server", "server.json"))
		return err == nil
	})
	if o := s.run("", "serve"); o.code == cli.ExitOK || !strings.Contains(o.err, "data folder") {
		t.Errorf("a second server on the folder: exit %d, %q", o.code, o.err)
	}
	if got := s.ok("", "history", "--profile", "ben", "--user", "ben", "--server", "local", "ann"); !strings.Contains(got, "hi") {
		t.Errorf("history: %q", got)
	}
	cancel()
	if o := <-served; o.code != cli.ExitOK || !strings.Contains(o.out, `"url":"ws://127.0.0.1:`) {
		t.Errorf("serve: exit %d, %q %q", o.code, o.out, o.err)
	}
}

func TestMistakesHaveCodes(t *testing.T) {
	url, _ := serve(t, "ann")
	s := newShell(t)
	wrong := filepath.Join(s.data, "wrong")
	if err := os.WriteFile(wrong, []byte("not it"), 0o600); err != nil {
		t.Fatal(err)
	}
	as := func(args ...string) []string {
		return append(args, "--server", url, "--user", "ann", "--password-file", s.pw)
	}
	for _, c := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"no command", nil, cli.ExitUsage, "commands"},
		{"no account", []string{"conversations"}, cli.ExitUsage, "--user"},
		{"unknown flag", []string{"conversations", "--colour"}, cli.ExitUsage, "colour"},
		{"nobody to send to", []string{"send", "hello"}, cli.ExitUsage, "--to"},
		{"both", []string{"send", "--to", "a", "--group", "b", "hello"}, cli.ExitUsage, "--to"},
		{"no text", as("send", "--to", "ben"), cli.ExitUsage, "text"},
		{"wrong password", []string{"conversations", "--server", url, "--user", "ann", "--password-file", wrong}, cli.ExitRefused, "130100"},
		{"password file missing", []string{"conversations", "--server", url, "--user", "ann", "--password-file", wrong + "x"}, cli.ExitFailed, "no such file"},
		{"unknown receiver", as("send", "--to", "nobody", "hello"), cli.ExitRefused, "20003"},
		{"a path for a name", as("send", "--to", "../../etc", "hello"), cli.ExitRefused, "7003"},
		{"too long", as("send", "--to", "ann", strings.Repeat("x", im.MaxMessageBytes+1)), cli.ExitRefused, "8001"},
		{"conversation of no kind", as("history", "GROUP"), cli.ExitRefused, "8501"},
		{"history of a group that is not there", as("history", "GROUPnone"), cli.ExitRefused, "10010"},
		{"history of a user that is not there", as("history", "nobody"), cli.ExitRefused, "20003"},
		{"group that is not there", as("send", "--group", "none", "hello"), cli.ExitRefused, "100"},
		{"no server there", []string{"conversations", "--server", "127.0.0.1:1", "--user", "ann", "--password-file", s.pw, "--timeout", "2s"}, cli.ExitFailed, "130108"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := s.run("", c.args...)
			if o.code != c.code || !strings.Contains(o.err, c.says) {
				t.Errorf("exit %d, want %d; %q must say %q", o.code, c.code, o.err, c.says)
			}
			if o.out != "" {
				t.Errorf("standard output has %q", o.out)
			}
		})
	}
}

// Who is no member reads nothing, and hears why.
func TestHistoryOfAGroupOfOthers(t *testing.T) {
	url, _ := serve(t, "ann", "ben")
	s := newShell(t)
	as := func(user string, args ...string) []string {
		return append(args, "--profile", user, "--server", url, "--user", user, "--password-file", s.pw)
	}
	var g im.Group
	if err := json.Unmarshal([]byte(s.ok("", as("ann", "group", "create", "birds")...)), &g); err != nil {
		t.Fatal(err)
	}
	s.ok("", as("ann", "send", "--group", string(g.GroupID), "among us")...)
	o := s.run("", as("ben", "history", "GROUP"+string(g.GroupID))...)
	if o.code != cli.ExitRefused || o.out != "" || !strings.Contains(o.err, "(10") {
		t.Errorf("exit %d: %q %q", o.code, o.out, o.err)
	}
}

// An interrupted command says that the message is kept, and it is.
func TestInterruptedSendIsKept(t *testing.T) {
	url, stop := serve(t, "ann")
	s := newShell(t)
	as := []string{"--server", url, "--user", "ann", "--password-file", s.pw}
	s.ok("", append([]string{"conversations"}, as...)...)
	stop()
	ctx, interrupt := context.WithCancel(t.Context())
	time.AfterFunc(time.Second, interrupt)
	o := s.runIn(ctx, "", append([]string{"send", "--to", "ann", "note to self"}, as...)...)
	if o.code != cli.ExitQueued || !strings.Contains(o.err, "kept") || o.out != "" {
		t.Errorf("exit %d: %q %q", o.code, o.out, o.err)
	}
	if got := s.ok("", append([]string{"conversations", "--offline"}, as...)...); !strings.Contains(got, "note to self") {
		t.Errorf("the list: %q", got)
	}
}

// The history is that of a window, say, which has it open.
func TestHistoryInUse(t *testing.T) {
	s := newShell(t)
	p, err := profile.Open(s.data, "")
	if err != nil {
		t.Fatal(err)
	}
	path, err := p.HistoryPath(profile.Account{User: "ann", Local: true})
	if err != nil {
		t.Fatal(err)
	}
	options := store.Options{Account: "ann"}
	storetest.Sound(t, path, options)
	st, _, err := store.Open(path, options)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	s.patience = 200 * time.Millisecond
	for _, args := range [][]string{{"conversations"}, {"send", "--to", "echo", "hi"}, {"history", "echo", "--offline"}, {"search", "hi"}, {"tail"}} {
		o := s.run("", append(args, "--server", "local", "--user", "ann")...)
		if o.code != cli.ExitInUse || o.out != "" || !strings.Contains(o.err, "another process") {
			t.Errorf("%s: exit %d: %q %q", args[0], o.code, o.out, o.err)
		}
	}
}

// A command signs in as somebody else; the window still opens with its account.
func TestCommandsDoNotChangeTheWindowsAccount(t *testing.T) {
	url, _ := serve(t, "ann", "ben")
	s := newShell(t)
	s.ok("", "conversations", "--server", url, "--user", "ann", "--password-file", s.pw)
	s.ok("", "conversations", "--server", url, "--user", "ben", "--password-file", s.pw)
	s.ok("", "conversations", "--user", "ben") // is known now
	p, err := profile.Open(s.data, "")
	if err != nil {
		t.Fatal(err)
	}
	settings, _, err := p.Load(time.Now())
	if err != nil || len(settings.Accounts) != 2 || settings.Accounts[0].User != "ann" {
		t.Errorf("%+v, %v", settings.Accounts, err)
	}
}

// A tail of a local account goes on when the process that ran the server ends.
func TestTailOutlivesTheServerOfAnother(t *testing.T) {
	s := newShell(t)
	p, err := profile.Open(s.data, "")
	if err != nil {
		t.Fatal(err)
	}
	h, err := host.Open(t.Context(), p.ServerDir(), host.Options{Key: s.vault().Server()})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.CreateUser(t.Context(), "ann", password, ""); err != nil {
		t.Fatal(err)
	}
	ctx, interrupt := context.WithTimeout(t.Context(), time.Minute)
	defer interrupt()
	read, write := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- cli.Main(ctx, &cli.Env{
			Args:   []string{"tail", "--server", "local", "--user", "ann", "--data", s.data},
			Stdout: write, Stderr: io.Discard, KeyStore: s.keys,
		})
		write.Close()
	}()
	lines := bufio.NewScanner(read)
	lines.Buffer(nil, 1<<20)
	ready := 0
	for ready < 2 && lines.Scan() {
		if !strings.Contains(lines.Text(), `"`+string(im.EventSDKReady)+`"`) {
			continue
		}
		if ready++; ready == 1 {
			if err := h.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	interrupt()
	for lines.Scan() {
	}
	if code := <-ended; ready != 2 || code != cli.ExitOK {
		t.Errorf("ready %d times, exit %d", ready, code)
	}
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatal("waited too long until", what)
		}
		<-time.After(10 * time.Millisecond)
	}
}
