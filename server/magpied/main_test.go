package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// build makes the program once for all tests, without cgo.
func build(t testing.TB) string {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "magpied")
	if runtime.GOOS == "windows" {
		bin += ".exe"
	}
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", bin, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return bin
}

// start runs the program on a folder and waits for its line.
func start(t testing.TB, bin string, args ...string) (*exec.Cmd, ready, *bytes.Buffer) {
	t.Helper()
	cmd := exec.Command(bin, args...)
	var log bytes.Buffer
	cmd.Stderr = &log
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("no line: %v\n%s", err, log.String())
	}
	var r ready
	if err := json.Unmarshal([]byte(line), &r); err != nil {
		t.Fatalf("line %q: %v", line, err)
	}
	return cmd, r, &log
}

// command runs the program to its end and returns exit code, stdout, stderr.
func command(t testing.TB, bin, in string, args ...string) (int, string, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, bin, args...)
	cmd.Stdin = strings.NewReader(in)
	var out, log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &log
	err := cmd.Run()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), log.String()
}

func TestCommandLine(t *testing.T) {
	bin, data := build(t), filepath.Join(t.TempDir(), "data")
	// An account before the server ever ran.
	if code, _, log := command(t, bin, "秘密\n", "user", "add", "alice", "--nick", "Alice", "--data", data); code != 0 {
		t.Fatalf("user add: %d %s", code, log)
	}
	cmd, r, _ := start(t, bin, "--data", data, "--listen", "127.0.0.1:0", "--single-device", "desktop, mobile")
	if !strings.HasPrefix(r.URL, "ws://127.0.0.1:") || !strings.HasSuffix(r.URL, "/v1/chat") || r.PID != cmd.Process.Pid || r.Version == "" {
		t.Errorf("the line says %+v", r)
	}
	resp, err := http.Get("http://" + r.Address + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK || strings.TrimSpace(string(body)) != "ok" {
		t.Errorf("healthz: %s %q", resp.Status, body)
	}
	for _, c := range []struct {
		what, in string
		args     []string
		code     int
		log      string
	}{
		{"add while it runs", "pw\n", []string{"user", "add", "--data", data, "bob"}, 0, "user bob added"},
		{"add again", "pw\n", []string{"user", "add", "bob", "--data", data}, 1, "bob"},
		{"add a bad name", "pw\n", []string{"user", "add", "a/b", "--data", data}, 1, "user id"},
		{"add without password", "", []string{"user", "add", "carol", "--data", data}, 1, "password"},
		{"kick while it runs", "", []string{"user", "kick", "bob", "--data", data}, 0, "user bob kicked"},
		{"kick nobody", "", []string{"user", "kick", "nobody", "--data", data}, 1, "nobody"},
		{"kick whom", "", []string{"user", "kick", "--data", data}, 2, "usage"},
		{"notice to no group", "hi\n", []string{"notice", "birds", "bob", "--data", data}, 1, "birds"},
		{"notice without words", "\n", []string{"notice", "birds", "--data", data}, 1, "notice"},
		{"notice to whom", "hi\n", []string{"notice", "--data", data}, 2, "usage"},
		{"empty platform", "", []string{"--data", data, "--single-device", "desktop,"}, 2, "platform"},
		{"second server", "", []string{"--data", data, "--listen", "127.0.0.1:0"}, 1, "in use"},
		{"no folder", "", nil, 2, "--data"},
		{"unknown flag", "", []string{"--data", data, "--colour"}, 2, "colour"},
		{"two names", "", []string{"usersig", "a", "b", "--data", data}, 2, "usage"},
		{"bad time", "", []string{"usersig", "alice", "--expire", "soon", "--data", data}, 2, "soon"},
		{"usersig of a folder that is none", "", []string{"usersig", "alice", "--data", t.TempDir()}, 1, "keys"},
	} {
		code, out, log := command(t, bin, c.in, c.args...)
		if code != c.code || !strings.Contains(log, c.log) || out != "" {
			t.Errorf("%s: exit code %d, want %d; out %q, log %q", c.what, code, c.code, out, log)
		}
		if c.code == 1 && strings.Count(strings.TrimSpace(log), "\n") != 0 {
			t.Errorf("%s: more than one line: %q", c.what, log)
		}
	}
	code, out, log := command(t, bin, "", "usersig", "alice", "--expire", "1d", "--data", data)
	if code != 0 || len(strings.TrimSpace(out)) < 40 {
		t.Errorf("usersig: %d %q %q", code, out, log)
	}
	if runtime.GOOS != "windows" {
		info, err := os.Stat(filepath.Join(data, "keys.json"))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("keys.json: %v, %v", info.Mode(), err)
		}
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("stopped: %v", err)
	}
	if _, err := os.Stat(filepath.Join(data, "server.json")); err == nil {
		t.Error("server.json is still there")
	}
}

// With a key file nothing opens without it, and every command works with it.
func TestKeyFile(t *testing.T) {
	bin, data := build(t), filepath.Join(t.TempDir(), "data")
	write := func(name, text string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	key, other := write("key", strings.Repeat("0f", 32)+"\n"), write("other", strings.Repeat("A0", 32))
	// A folder from before there was a key.
	if code, _, log := command(t, bin, "pw\n", "user", "add", "alice", "--data", data); code != 0 {
		t.Fatal(log)
	}
	cmd, _, _ := start(t, bin, "--data", data, "--listen", "127.0.0.1:0", "--key-file", key)
	check := func(when string) {
		t.Helper()
		for _, c := range []struct {
			what string
			args []string
			code int
			log  string
		}{
			{"kick", []string{"user", "kick", "alice", "--key-file", key}, 0, "alice kicked"},
			{"usersig", []string{"usersig", "alice", "--key-file", key}, 0, ""},
			{"without a key", []string{"user", "kick", "alice"}, 1, "encrypted"},
			{"usersig without a key", []string{"usersig", "alice"}, 1, "encrypted"},
			{"with another key", []string{"usersig", "alice", "--key-file", other}, 1, "another key"},
			{"with no key in the file", []string{"usersig", "alice", "--key-file", write("short", "0f0f")}, 1, "64 hexadecimal digits"},
			{"with something else in it", []string{"usersig", "alice", "--key-file", write("words", strings.Repeat("xy", 32))}, 1, "64 hexadecimal digits"},
			{"without the file", []string{"usersig", "alice", "--key-file", data + "/none"}, 1, "read key"},
		} {
			code, out, log := command(t, bin, "", append(c.args, "--data", data)...)
			if code != c.code || !strings.Contains(log, c.log) || c.what == "usersig" && len(out) < 50 {
				t.Errorf("%s, %s: %d, %q %q", when, c.what, code, out, log)
			}
		}
	}
	check("while it runs")
	_ = cmd.Process.Kill()
	_ = cmd.Wait() // reports the kill
	check("after a kill")
	for _, args := range [][]string{{}, {"--key-file", other}} {
		if code, out, log := command(t, bin, "", append(args, "--data", data, "--listen", "127.0.0.1:0")...); code != 1 || out != "" || !strings.Contains(log, "encrypted") {
			t.Errorf("served with %v: %d, %q %q", args, code, out, log)
		}
	}
}
