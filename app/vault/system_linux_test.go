package vault_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"magpie/app/vault"
	"magpie/im"
)

// The library keeps one connection to the session bus of its process. So what uses
// another bus is another process: this program again, told by the environment what to
// do.
const childVar = "MAGPIE_VAULT_TEST"

func TestMain(m *testing.M) {
	do, ok := children[os.Getenv(childVar)]
	if !ok {
		os.Exit(m.Run())
	}
	if err := do(os.Getenv(childVar + "_ROOT")); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

var children = map[string]func(root string) error{
	"use":    useSystem,
	"silent": silentSystem,
	"crash":  crashChild,
}

// onBus runs a child on a session bus.
func onBus(t *testing.T, bus, child, root string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "DBUS_SESSION_BUS_ADDRESS="+bus, "XDG_RUNTIME_DIR="+t.TempDir(), childVar+"="+child, childVar+"_ROOT="+root)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// useSystem does with the system's key store all that a vault does.
func useSystem(root string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	k := vault.System{}
	if _, err := k.Get(ctx, "nothing"); !errors.Is(err, vault.ErrNoSecret) {
		return errors.Join(err, errors.New("that is what it says of what is not there"))
	}
	v, err := vault.Load(root, k)
	if err != nil {
		return err
	}
	if v.Kind() == vault.New {
		if err := v.UseKeyring(ctx); err != nil {
			return err
		}
		return v.UseKeyring(ctx) // another secret, in place of the first
	}
	if v.Locked() || v.Kind() != vault.Keyring {
		return fmt.Errorf("kind %d, %w", v.Kind(), v.Trouble())
	}
	if err := v.UsePassphrase(ctx, passphrase); err != nil {
		return err
	}
	return v.UseKeyring(ctx)
}

// silentSystem starts where the key store answers nothing.
func silentSystem(root string) error {
	began := time.Now()
	v, err := vault.Load(root, vault.System{})
	if err != nil {
		return err
	}
	err = v.Trouble()
	if v.Kind() == vault.New {
		ctx, cancel := context.WithTimeout(context.Background(), vault.Patience)
		defer cancel()
		err = v.UseKeyring(ctx)
	}
	if took := time.Since(began); im.CodeOf(err) != im.CodeKeyStore || took > vault.Patience+time.Second {
		return errors.Join(err, fmt.Errorf("after %v", took))
	}
	return nil
}

// start starts a program of the system until the test ends.
func start(t *testing.T, stdin string, env []string, name string, args ...string) io.Reader {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("%s is not installed; scripts/deps test does that", name)
	}
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdin = strings.NewReader(stdin)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended by itself
		_ = cmd.Wait()
	})
	return out
}

// A real Secret Service, on a bus of its own, keeps the secret from one process to
// the next.
func TestSecretService(t *testing.T) {
	home := t.TempDir()
	bus := "unix:path=" + filepath.Join(home, "bus")
	// The system's configuration would have the bus start a service of its own, which
	// nobody unlocks, as soon as somebody asks.
	config := filepath.Join(home, "bus.conf")
	ok(t, os.WriteFile(config, []byte(`<busconfig><type>session</type><listen>`+bus+`</listen><auth>EXTERNAL</auth>`+
		`<policy context="default"><allow send_destination="*"/><allow eavesdrop="false"/><allow own="*"/></policy></busconfig>`), 0o600))
	address := make([]byte, len(bus))
	if _, err := io.ReadFull(start(t, "", nil, "dbus-daemon", "--config-file="+config, "--nofork", "--nopidfile", "--nosyslog", "--print-address"), address); err != nil {
		t.Fatal(err)
	}
	env := []string{"DBUS_SESSION_BUS_ADDRESS=" + bus, "HOME=" + home, "XDG_DATA_HOME=" + home, "XDG_RUNTIME_DIR=" + home, "XDG_CONFIG_HOME=" + home}
	start(t, "a password of the tests", env, "gnome-keyring-daemon", "--foreground", "--components=secrets", "--unlock")
	for deadline := time.Now().Add(20 * time.Second); ; <-time.After(50 * time.Millisecond) {
		ask := exec.Command("dbus-send", "--bus="+bus, "--print-reply", "--dest=org.freedesktop.secrets", "/org/freedesktop/secrets",
			"org.freedesktop.DBus.Properties.Get", "string:org.freedesktop.Secret.Service", "string:Collections")
		out, err := ask.CombinedOutput()
		if strings.Contains(string(out), "collection/login") {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the service does not come up: %v\n%s", err, out)
		}
	}
	root := t.TempDir()
	before := []byte(nil)
	for range 3 {
		onBus(t, bus, "use", root)
		now := content(t, root)
		if bytes.Equal(now, before) {
			t.Error("it was not changed")
		}
		before = now
	}
}

// A session bus that takes a connection and never answers, as one does that hangs,
// and none at all: a start goes on within seconds, and says why it has no key.
func TestSilentBus(t *testing.T) {
	t.Parallel() // all it does is wait
	path := filepath.Join(t.TempDir(), "bus")
	socket, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	ok(t, err)
	t.Cleanup(func() { _ = syscall.Close(socket) }) // only listened to
	ok(t, syscall.Bind(socket, &syscall.SockaddrUnix{Name: path}))
	ok(t, syscall.Listen(socket, 8))
	sealed, _, _ := whole(t)
	for name, bus := range map[string]string{"hangs": "unix:path=" + path, "none": "unix:path=" + path + "-none"} {
		for kind, root := range map[string]string{"new": t.TempDir(), "sealed": sealed} {
			t.Run(name+", "+kind, func(t *testing.T) {
				t.Parallel()
				onBus(t, bus, "silent", root)
			})
		}
	}
}
