package cli_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"magpie/app/cli"
	"magpie/app/profile"
	"magpie/app/vault"
	"magpie/app/vault/vaulttest"
	"magpie/store"
)

const secretWords = "a heron stands still"

// local are the flags of a local account.
var local = []string{"--server", "local", "--user", "ann"}

// sealed reports whether the history of ann is encrypted.
func (s *shell) sealed() bool {
	s.t.Helper()
	p, err := profile.Open(s.data, "")
	if err != nil {
		s.t.Fatal(err)
	}
	path, err := p.HistoryPath(profile.Account{User: "ann", Local: true})
	if err != nil {
		s.t.Fatal(err)
	}
	sealed, err := store.IsSealed(path)
	if err != nil {
		s.t.Fatal(err)
	}
	return sealed
}

// failed runs a command that must fail and say something.
func (s *shell) failed(says string, args ...string) {
	s.t.Helper()
	if o := s.run("", args...); o.code != cli.ExitFailed || !strings.Contains(o.err, says) {
		s.t.Errorf("magpie %s: exit %d, %s%s; it should say %q", strings.Join(args, " "), o.code, o.out, o.err, says)
	}
}

// file writes a file with one line.
func (s *shell) file(line string) string {
	s.t.Helper()
	path := filepath.Join(s.t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(line+"\n"), 0o600); err != nil {
		s.t.Fatal(err)
	}
	return path
}

// With a key store, commands ask nothing and what they write is encrypted.
func TestCommandsEncrypt(t *testing.T) {
	s := newShell(t)
	if out := s.ok("", "vault", "status"); !strings.Contains(out, "nothing is stored yet") {
		t.Errorf("before: %s", out)
	}
	s.ok("", append([]string{"send", "--to", "ann", "note to self"}, local...)...)
	if !s.sealed() || len(s.keys.Names()) != 1 {
		t.Error("it is not encrypted")
	}
	if out := s.ok("", "vault", "status"); !strings.Contains(out, "key store of this computer has the key") {
		t.Errorf("afterwards: %s", out)
	}
	for _, args := range [][]string{{"history", "ann", "--offline"}, {"search", "note"}, {"doctor"}} {
		s.ok("", append(args, local...)...)
	}
	s.keys.Break(errors.New("locked"))
	for _, args := range [][]string{{"history", "ann", "--offline"}, {"search", "note"}, {"doctor"}, {"tail"}, {"conversations"}, {"send", "--to", "ann", "x"}} {
		s.failed("key store", append(args, local...)...)
	}
	s.failed("key store", "serve")
	s.failed("key store", "vault", "none")
}

// Without a key store a command says what to do, and makes nothing.
func TestCommandsWithoutAKeyStore(t *testing.T) {
	s := newShell(t)
	s.keys = vaulttest.None()
	for _, args := range [][]string{append([]string{"send", "--to", "ann", "x"}, local...), {"serve"}} {
		s.failed("MAGPIE_PASSPHRASE_FILE", args...)
	}
	if _, err := os.Stat(filepath.Join(s.data, vault.FileName)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("something was made: %v", err)
	}
	s.passphrase = "short"
	s.failed("at least 8", append([]string{"send", "--to", "ann", "x"}, local...)...)
	s.passphrase = secretWords
	s.ok("", append([]string{"send", "--to", "ann", "note to self"}, local...)...)
	if !s.sealed() {
		t.Error("it is not encrypted")
	}
	s.passphrase = ""
	s.failed("MAGPIE_PASSPHRASE", append([]string{"history", "ann"}, local...)...)
	s.passphrase = "a heron walks"
	s.failed("does not fit", append([]string{"history", "ann"}, local...)...)
	s.passphrase = secretWords
	if out := s.ok("", append([]string{"history", "ann"}, local...)...); !strings.Contains(out, "note to self") {
		t.Errorf("the history: %s", out)
	}
}

// The passphrase may come from a file.
func TestPassphraseFile(t *testing.T) {
	s := newShell(t)
	s.keys = vaulttest.None()
	run := func(file string) (int, string) {
		var out, err bytes.Buffer
		code := cli.Main(t.Context(), &cli.Env{
			Args: append([]string{"conversations", "--offline", "--data", s.data}, local...), Stdout: &out, Stderr: &err,
			KeyStore: s.keys, PassphraseFile: file,
		})
		return code, err.String()
	}
	if code, words := run(filepath.Join(s.data, "nowhere")); code != cli.ExitFailed || !strings.Contains(words, "read the passphrase") {
		t.Errorf("exit %d, %s", code, words)
	}
	if code, words := run(s.file(secretWords)); code != cli.ExitOK {
		t.Errorf("exit %d, %s", code, words)
	}
	if code, words := run(s.file("something else")); code != cli.ExitFailed {
		t.Errorf("exit %d, %s", code, words)
	}
}

// Every way to the key can be chosen, and changed, by a command; what is on the disk
// stays readable.
func TestVaultCommand(t *testing.T) {
	s := newShell(t)
	s.ok("", append([]string{"send", "--to", "ann", "note to self"}, local...)...)
	readable := func() {
		t.Helper()
		if out := s.ok("", append([]string{"history", "ann"}, local...)...); !strings.Contains(out, "note to self") {
			t.Errorf("the history: %s", out)
		}
	}
	code := strings.TrimSpace(s.ok("", "vault", "recovery"))

	s.ok("", "vault", "passphrase", "--passphrase-file", s.file(secretWords))
	if len(s.keys.Names()) != 0 {
		t.Errorf("the key store has %v", s.keys.Names())
	}
	s.failed("locked", append([]string{"history", "ann"}, local...)...)
	s.failed("locked", "vault", "passphrase", "--passphrase-file", s.file("another heron"))
	for _, s.passphrase = range []string{strings.ToLower(code), secretWords} {
		readable()
	}
	s.ok("another heron\n", "vault", "passphrase", "--passphrase-file", "-")
	s.failed("does not fit", append([]string{"history", "ann"}, local...)...)
	s.passphrase = "another heron"
	readable()
	s.failed("at least 8", "vault", "passphrase", "--passphrase-file", s.file("short"))

	s.ok("", "vault", "keyring")
	s.passphrase = ""
	readable()
	if out := s.ok("", "vault", "status"); !strings.Contains(out, "a passphrase unlocks it too") || !strings.Contains(out, "a recovery code unlocks it too") {
		t.Errorf("the state: %s", out)
	}

	s.ok("", "vault", "none")
	o := s.run("", append([]string{"history", "ann"}, local...)...)
	if o.code != cli.ExitOK || !strings.Contains(o.out, "note to self") || !strings.Contains(o.err, "decrypting the history: 100%") || s.sealed() {
		t.Errorf("exit %d, %s%s", o.code, o.out, o.err)
	}
	if out := s.ok("", "vault", "status"); !strings.Contains(out, "not encrypted") {
		t.Errorf("the state: %s", out)
	}
	s.keys.Clear()
	readable()
	s.ok("", "vault", "keyring")
	if o := s.run("", append([]string{"history", "ann"}, local...)...); o.code != cli.ExitOK || !strings.Contains(o.err, "encrypting the history: 100%") || !s.sealed() {
		t.Errorf("exit %d, %s%s", o.code, o.out, o.err)
	}
}

// Commands that are the first at the same time share one key.
func TestFirstCommandsAtOnce(t *testing.T) {
	s := newShell(t)
	var wg sync.WaitGroup
	for _, user := range []string{"ann", "ben", "cho", "dan"} {
		wg.Go(func() {
			if o := s.run("", "conversations", "--offline", "--server", "local", "--user", user); o.code != cli.ExitOK {
				t.Errorf("%s: exit %d, %s", user, o.code, o.err)
			}
		})
	}
	wg.Wait()
	for _, user := range []string{"ann", "ben", "cho", "dan"} {
		s.ok("", "conversations", "--offline", "--server", "local", "--user", user)
	}
}

// What makes no sense is said before anything is done.
func TestVaultUsage(t *testing.T) {
	s := newShell(t)
	for _, args := range [][]string{{}, {"burn"}, {"none", "now"}, {"passphrase"}, {"none", "--passphrase-file", "x"}} {
		if o := s.run("", append([]string{"vault"}, args...)...); o.code != cli.ExitUsage {
			t.Errorf("vault %v: exit %d, %s", args, o.code, o.err)
		}
	}
	if _, err := os.Stat(filepath.Join(s.data, vault.FileName)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("something was made: %v", err)
	}
}

// A vault that cannot be read, and one that is missing where something is encrypted,
// end every command, and are not replaced.
func TestCommandsWithADamagedVault(t *testing.T) {
	s := newShell(t)
	s.ok("", append([]string{"send", "--to", "ann", "note to self"}, local...)...)
	path := filepath.Join(s.data, vault.FileName)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	commands := [][]string{{"vault", "status"}, {"vault", "none"}, {"serve"}, append([]string{"history", "ann"}, local...), append([]string{"doctor", "--repair"}, local...)}
	if err := os.WriteFile(path, whole[:100], 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range commands {
		s.failed(vault.FileName, args...)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	for _, args := range commands {
		s.failed(vault.FileName, args...)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a key was made: %v", err)
	}
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if out := s.ok("", append([]string{"history", "ann"}, local...)...); !strings.Contains(out, "note to self") {
		t.Errorf("the history: %s", out)
	}
}

// The keys of a window that is unlocked serve its commands.
func TestCommandsWithTheKeysOfAWindow(t *testing.T) {
	s := newShell(t)
	s.ok("", append([]string{"send", "--to", "ann", "note to self"}, local...)...)
	keys := s.vault()
	var out, words bytes.Buffer
	code := cli.Main(t.Context(), &cli.Env{
		Args: append([]string{"history", "ann", "--offline", "--data", s.data}, local...), Stdout: &out, Stderr: &words, Keys: &keys,
	})
	if code != cli.ExitOK || !strings.Contains(out.String(), "note to self") {
		t.Errorf("exit %d, %s%s", code, out.String(), words.String())
	}
}

// Who has lost the key begins anew, if they say so, and nothing is lost but the way in.
func TestVaultBeginAnew(t *testing.T) {
	s := newShell(t)
	s.keys, s.passphrase = vaulttest.None(), secretWords
	s.ok("", append([]string{"send", "--to", "ann", "note to self"}, local...)...)
	s.passphrase = ""
	if o := s.run("", "vault", "begin-anew"); o.code != cli.ExitUsage || !strings.Contains(o.err, "Nothing is deleted") {
		t.Errorf("exit %d, %s", o.code, o.err)
	}
	s.failed("MAGPIE_PASSPHRASE", append([]string{"history", "ann"}, local...)...) // it is all there
	folder := strings.TrimSpace(s.ok("", "vault", "begin-anew", "--yes"))
	if filepath.Dir(folder) != s.data {
		t.Errorf("it is kept in %q", folder)
	}
	if out := s.ok("", "vault", "status"); !strings.Contains(out, "nothing is stored yet") {
		t.Errorf("afterwards: %s", out)
	}
	s.passphrase = "another one, which is known"
	s.ok("", append([]string{"send", "--to", "ann", "a new beginning"}, local...)...)
	if out := s.ok("", append([]string{"history", "ann"}, local...)...); strings.Contains(out, "note to self") {
		t.Errorf("it begins with %s", out)
	}
	s.data, s.passphrase = folder, secretWords
	if out := s.ok("", append([]string{"history", "ann"}, local...)...); !strings.Contains(out, "note to self") {
		t.Errorf("what was kept: %s", out)
	}
}
