package crash

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

const childEnv = "MAGPIE_CRASH_TEST_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childEnv); dir != "" {
		if err := child(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(3)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child does one of everything.
func child(dir string) error {
	in := func(name string) string { return filepath.Join(dir, name) }
	if err := os.Chdir(dir); err != nil {
		return err
	}
	f, err := os.OpenFile("a", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	log, err := os.OpenFile(in("log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	var all []error
	try := func(err error) { all = append(all, err) }
	write := func(_ int, err error) { try(err) }
	write(f.WriteAt(bytes.Repeat([]byte("x"), 3000), 1000))
	try(f.Sync())
	fmt.Println("synced")
	try(f.Truncate(2000))
	write(f.Write([]byte("begin")))
	write(log.WriteString("one "))
	write(log.WriteString("two "))
	try(os.Mkdir(in("sub"), 0o700))
	try(os.WriteFile(in("sub/b"), []byte("made once"), 0o600))
	try(os.WriteFile(in("sub/b"), []byte("again"), 0o600))
	try(os.Rename(in("sub"), in("moved")))
	try(os.Rename(in("old"), in("moved/b")))
	try(os.Link(in("a"), in("linked")))
	try(os.Remove(in("a")))
	try(d.Sync())
	write(f.WriteAt([]byte("through the other name"), 50))
	c, err := os.Create(in("copy"))
	try(err)
	_, err = f.Seek(0, io.SeekStart)
	try(err)
	_, err = io.Copy(c, f)
	try(err)
	var several sync.WaitGroup
	var one sync.Mutex
	for i := range 4 {
		several.Go(func() {
			runtime.LockOSThread() // a thread of its own, which ends here
			one.Lock()
			defer one.Unlock()
			name := in(fmt.Sprint("thread", i))
			if err := os.WriteFile(name, []byte(name), 0o600); err != nil {
				panic(err)
			}
		})
	}
	several.Wait()
	try(os.Remove(in("log")))
	try(os.Remove(in("folder")))
	if _, err := os.Open(in("nowhere")); err == nil {
		try(errors.New("opened nothing"))
	}
	fmt.Println("done")
	return errors.Join(all...)
}

// begun is the folder in which the child begins.
func begun(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	ok(t, os.WriteFile(filepath.Join(dir, "old"), []byte("was here before"), 0o600))
	ok(t, os.Mkdir(filepath.Join(dir, "folder"), 0o700))
	return dir
}

func record(t *testing.T, dir string, killAfter int) *Log {
	t.Helper()
	log, err := Record(t.Context(), Command{Args: os.Args[:1], Env: []string{childEnv + "=" + dir}, KillAfter: killAfter}, dir)
	if errors.Is(err, ErrNoTrace) {
		t.Skip(err)
	}
	ok(t, err)
	return log
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// What is made of the record is what is really there: at the end, and after a
// real kill at every operation.
func TestKilledIsWhatAKillLeaves(t *testing.T) {
	for killAfter := 0; ; killAfter++ {
		dir := begun(t)
		log := record(t, dir, killAfter)
		really, err := ReadFolder(dir)
		ok(t, err)
		if made := log.Killed(len(log.Ops)); !made.Equal(really) {
			t.Fatalf("after %v:\n made %q\nreally %q", log.Ops, made.Names(), really.Names())
		}
		if killAfter == 0 {
			if log.Exit != 0 || log.Said(len(log.Ops)) != "synced\ndone\n" || len(log.Ops) < 30 {
				t.Fatalf("exit %d, said %q, %d operations", log.Exit, log.Said(len(log.Ops)), len(log.Ops))
			}
			written := t.TempDir()
			ok(t, log.Killed(len(log.Ops)).Write(written))
			if again, err := ReadFolder(written); err != nil || !again.Equal(really) {
				t.Fatalf("written elsewhere: %v, %v", again.Names(), err)
			}
			continue
		}
		if log.Exit == 0 {
			return // there are no more operations
		}
		if len(log.Ops) != killAfter && len(log.Ops) != killAfter+1 { // a word may come between
			t.Fatalf("%d operations, killed after %d", len(log.Ops), killAfter)
		}
	}
}

func TestKilledEach(t *testing.T) {
	log := record(t, begun(t), 0)
	moments, n := log.Moments(), 0
	log.KilledEach(moments, func(at int, f *Folder) {
		if at != moments[n] || !f.Equal(log.Killed(at)) {
			t.Fatalf("moment %d (%d)", at, moments[n])
		}
		n++
	})
	if n != len(moments) || n < 20 {
		t.Fatalf("%d moments of %d", n, len(moments))
	}
}

// A power cut takes only what was not synced, and takes each of those things in
// some of the cases.
func TestPowerCut(t *testing.T) {
	log := record(t, begun(t), 0)
	at := func(what string, from int) int {
		for n, o := range log.Ops[from:] {
			if strings.HasPrefix(o.String(), what) {
				return from + n + 1
			}
		}
		t.Fatalf("no %q in %v", what, log.Ops)
		return 0
	}
	random := rand.New(rand.NewPCG(1, 2))
	written := at("write 3000", 0)
	synced := at("sync", written)
	short, torn := false, false
	for range 200 {
		f := log.PowerCut(written, random)
		if a := f.File("a"); len(a) < 4000 {
			short = true
		} else if bytes.IndexByte(a[1000:], 0) >= 0 && bytes.IndexByte(a[1000:], 'x') >= 0 {
			torn = true
		}
		f = log.PowerCut(synced, random)
		if a := f.File("a"); len(a) != 4000 || bytes.IndexByte(a[1000:], 0) >= 0 {
			t.Fatalf("%d bytes of what was synced are there", len(a))
		}
	}
	if !short || !torn {
		t.Errorf("a write that was not synced is never lost (%v) or torn (%v)", short, torn)
	}
	// Names are as they were at one moment, at the earliest when the folder was
	// synced.
	renamed := at("rename sub", 0)
	folder := at("sync .", renamed)
	before, after := false, false
	for range 200 {
		f := log.PowerCut(renamed, random)
		before, after = before || f.File("sub/b") != nil, after || f.File("moved/b") != nil
		if f := log.PowerCut(folder, random); f.File("a") != nil || f.File("linked") == nil {
			t.Fatalf("the folder was synced: %q", f.Names())
		}
	}
	if !before || !after {
		t.Errorf("before the rename: %v, after it: %v", before, after)
	}
}

// What cannot be followed is an error, not a gap.
func TestUnknownOperation(t *testing.T) {
	dir := t.TempDir()
	_, err := Record(t.Context(), Command{Args: []string{"/bin/ln", "-s", "a", filepath.Join(dir, "b")}}, dir)
	if errors.Is(err, ErrNoTrace) {
		t.Skip(err)
	}
	if err == nil || !strings.Contains(err.Error(), "not understood") {
		t.Errorf("a link was made and the record says %v", err)
	}
}
