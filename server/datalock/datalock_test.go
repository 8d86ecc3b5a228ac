package datalock_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"magpie/im"
	"magpie/server/datalock"
)

// childEnv names the folder that the test binary, run again, locks and keeps.
const childEnv = "DATALOCK_TEST_FOLDER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childEnv); dir != "" {
		os.Exit(child(dir))
	}
	os.Exit(m.Run())
}

// child locks dir, says so, and holds it until its input ends or it is killed.
func child(dir string) int {
	lock, err := datalock.Acquire(dir)
	if err != nil {
		fmt.Println("refused", im.CodeOf(err))
		return 1
	}
	fmt.Println("locked")
	_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
	if err := lock.Release(); err != nil {
		fmt.Println("release:", err)
		return 1
	}
	return 0
}

// start runs a child on dir and returns it with what it said first. Its input
// stays open until the returned function is called.
func start(t *testing.T, dir string) (*exec.Cmd, string, func()) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe)
	cmd.Env = append(os.Environ(), childEnv+"="+dir)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the child said %q: %v", said, err)
	}
	return cmd, strings.TrimSpace(said), func() { _ = in.Close() }
}

func acquire(t *testing.T, dir string) *datalock.Lock {
	t.Helper()
	lock, err := datalock.Acquire(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := lock.Release(); err != nil {
			t.Error(err)
		}
	})
	return lock
}

func refused(t *testing.T, dir string, pid int) {
	t.Helper()
	lock, err := datalock.Acquire(dir)
	if err == nil {
		t.Error(errors.Join(errors.New("the folder was locked twice"), lock.Release()))
		return
	}
	if im.CodeOf(err) != im.CodeDataFolderInUse {
		t.Fatalf("got %v, want code %d", err, im.CodeDataFolderInUse)
	}
	for _, part := range []string{dir, "process " + strconv.Itoa(pid)} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q does not name %q", err, part)
		}
	}
}

func TestMakesThePrivateFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	acquire(t, dir)
	info, err := os.Stat(dir)
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); runtime.GOOS != "windows" && mode != 0o700 {
		t.Errorf("the folder has the rights %o", mode)
	}
	b, err := os.ReadFile(filepath.Join(dir, datalock.FileName))
	if err != nil || string(b) != strconv.Itoa(os.Getpid())+"\n" {
		t.Errorf("the lock holds %q (%v)", b, err)
	}
}

func TestTwiceInOneProcess(t *testing.T) {
	dir := t.TempDir()
	lock := acquire(t, dir)
	refused(t, dir, os.Getpid())
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
	if err := lock.Release(); err != nil {
		t.Errorf("second Release: %v", err)
	}
	acquire(t, dir)
}

func TestSecondProcess(t *testing.T) {
	dir := t.TempDir()
	cmd, said, end := start(t, dir)
	if said != "locked" {
		t.Fatalf("the child said %q", said)
	}
	refused(t, dir, cmd.Process.Pid)
	end()
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	acquire(t, dir)

	second, said, end := start(t, dir)
	if want := fmt.Sprint("refused ", im.CodeDataFolderInUse); said != want {
		t.Errorf("the second child said %q, want %q", said, want)
	}
	end()
	if err := second.Wait(); err == nil {
		t.Error("the second child ended well")
	}
}

// A process that was killed leaves no lock behind, only its number.
func TestKilledProcess(t *testing.T) {
	dir := t.TempDir()
	cmd, said, _ := start(t, dir)
	if said != "locked" {
		t.Fatalf("the child said %q", said)
	}
	refused(t, dir, cmd.Process.Pid)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Fatal("the killed child ended well")
	}
	acquire(t, dir)
	refused(t, dir, os.Getpid())
}

// The file may hold anything; a short number must not keep the rest of a long one.
func TestContentOfTheFile(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, datalock.FileName)
	if err := os.WriteFile(name, []byte(strings.Repeat("9", 1<<16)), 0o600); err != nil {
		t.Fatal(err)
	}
	acquire(t, dir)
	b, err := os.ReadFile(name)
	if err != nil || string(b) != strconv.Itoa(os.Getpid())+"\n" {
		t.Errorf("the lock holds %.40q (%v)", b, err)
	}
	if err := os.WriteFile(name, []byte("not a number"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := datalock.Acquire(dir); im.CodeOf(err) != im.CodeDataFolderInUse || !strings.Contains(err.Error(), "another process") {
		t.Errorf("got %v", err)
	}
}

func TestFolderThatCannotBe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if lock, err := datalock.Acquire(file); err == nil || im.CodeOf(err) != 0 {
		t.Errorf("a file as folder: %v, %v", lock, err)
	}
}

// Of many that try at once exactly one gets it.
func TestRace(t *testing.T) {
	dir := t.TempDir()
	var (
		mu    sync.Mutex
		locks []*datalock.Lock
		wg    sync.WaitGroup
	)
	for range 32 {
		wg.Go(func() {
			lock, err := datalock.Acquire(dir)
			if err != nil {
				if im.CodeOf(err) != im.CodeDataFolderInUse {
					t.Error(err)
				}
				return
			}
			mu.Lock()
			defer mu.Unlock()
			locks = append(locks, lock)
		})
	}
	wg.Wait()
	if len(locks) != 1 {
		t.Errorf("%d locks on one folder", len(locks))
	}
	for _, lock := range locks {
		if err := lock.Release(); err != nil {
			t.Error(err)
		}
	}
}
