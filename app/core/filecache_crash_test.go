package core

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"magpie/im"
	"magpie/internal/crash"
	"magpie/internal/seal"
)

// childFiles makes the test binary a process that works on the cache of files in the
// folder that it names.
const childFiles = "MAGPIE_TEST_CHILD_FILES"

// crashFiles are the contents by their names: a is copied in and thrown out, b
// downloaded with a break, c copied in and recalled, d and half of e lie open from
// before there was a key.
func crashFiles() map[string][]byte {
	return map[string][]byte{
		"a": content(80, 70_000), "b": content(81, 400_000), "c": content(82, 1000),
		"d": content(83, 70_000), "e": content(84, 150_000),
	}
}

func crashCache(dir string) *fileCache {
	return &fileCache{dir: dir, key: &seal.Key{'c'}, used: -1}
}

// filesChild does one of everything and says what is so from then on.
func filesChild(dir string) int {
	f, files, ctx := crashCache(dir), crashFiles(), context.Background()
	add := func(name string) error {
		_, _, err := f.add(ctx, bytes.NewReader(files[name]), 1<<20, im.CodeFileTooLarge)
		fmt.Println("kept", name)
		return err
	}
	receive := func(name string, upTo int) error {
		p, got, err := f.openPart(hashOf(files[name]), sha256.New())
		if err != nil {
			return err
		}
		_, err = p.Write(files[name][got:upTo])
		return errors.Join(err, p.close())
	}
	say := func(what ...any) error {
		_, err := fmt.Println(what...)
		return err
	}
	for _, step := range []func() error{
		func() error { return add("a") },
		func() error { return receive("b", 300_000) },
		func() error { return say("part", "b", 300_000) },
		func() error { return crashFinish(f, files["b"]) },
		func() error { return add("c") },
		func() error { return say("going", "a") },
		func() error { return f.removeAt(f.path(hashOf(files["a"]))) }, // the limit takes it
		func() error { return add("b") },                               // it is here already
		func() error { return f.rewrite(ctx, func(time.Duration) bool { return true }) },
		func() error { return say("going", "c") },
		func() error { return f.remove(hashOf(files["c"])) },
		func() error { return say("gone", "c") },
	} {
		if err := step(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 3
		}
	}
	return 0
}

// crashFinish goes on with a download to its end.
func crashFinish(f *fileCache, b []byte) error {
	p, got, err := f.openPart(hashOf(b), sha256.New())
	if err != nil {
		return err
	}
	_, err = p.Write(b[got:])
	if err = errors.Join(err, p.finish()); err != nil {
		return err
	}
	return f.adopt(p.path, hashOf(b), int64(len(b)))
}

// A process that is killed at any moment of what is done to the cache of files, and a
// machine that loses power there, leave no file in half and none that can be read;
// what was copied in, to be sent, is there, and a download goes on.
func TestFilesSurvive(t *testing.T) {
	dir, files := t.TempDir(), crashFiles()
	plain := fileCache{dir: dir, used: -1}
	_, _, err := plain.add(t.Context(), bytes.NewReader(files["d"]), 1<<20, im.CodeFileTooLarge)
	ok(t, err)
	p, _, err := plain.openPart(hashOf(files["e"]), sha256.New())
	ok(t, err)
	_, err = p.Write(files["e"][:90_000])
	ok(t, errors.Join(err, p.close()))

	log, err := crash.Record(t.Context(), crash.Command{Args: os.Args[:1], Env: []string{childFiles + "=" + dir}}, dir)
	if errors.Is(err, crash.ErrNoTrace) {
		t.Skip(err)
	}
	ok(t, err)
	if log.Exit != 0 {
		t.Fatalf("the child ended with %d: %s", log.Exit, log.Said(len(log.Ops)))
	}
	moments := log.Moments()
	t.Logf("%d operations, %d moments", len(log.Ops), len(moments))
	random, rounds := rand.New(rand.NewPCG(13, 5)), 1
	if os.Getenv("MAGPIE_SOAK") != "" {
		rounds = 40
	}
	log.Each(moments, random, rounds, func(n int, f *crash.Folder, cut bool) {
		if err := filesSurvived(t, f, log.Said(n), cut); err != nil {
			t.Errorf("after operation %d (%v), the power cut: %v: %v", n, log.Ops[max(n-1, 0)], cut, err)
		}
	})
}

// filesSurvived looks at what was left.
func filesSurvived(t *testing.T, left *crash.Folder, said string, cut bool) error {
	t.Helper()
	dir, err := os.MkdirTemp(t.TempDir(), "")
	ok(t, err)
	defer os.RemoveAll(dir)
	ok(t, left.Write(dir))
	f, files := crashCache(dir), crashFiles()
	heard := func(words ...any) bool { return strings.Contains(said, fmt.Sprintln(words...)) }
	there := func(name string) (bool, error) {
		c, err := f.open(hashOf(files[name]))
		if im.CodeOf(err) == im.CodeFileMissing {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		b, err := io.ReadAll(io.NewSectionReader(c, 0, c.Size()))
		if err == nil && !bytes.Equal(b, files[name]) {
			err = errors.New("it has another content")
		}
		return true, errors.Join(err, c.Close())
	}
	for name := range files {
		is, err := there(name)
		switch {
		case err != nil:
			return fmt.Errorf("%s: %w", name, err)
		case !is && (name == "d" || heard("kept", name) && !heard("going", name)):
			return fmt.Errorf("%s is gone", name)
		case is && heard("gone", name):
			return fmt.Errorf("%s was recalled and is here", name)
		}
	}
	// What lies open from before is sealed, and then nothing can be read.
	if err := f.rewrite(t.Context(), func(time.Duration) bool { return true }); err != nil {
		return err
	}
	disk := onDisk(t, dir)
	for name, b := range files {
		for where, file := range disk {
			if strings.Contains(where, hashOf(b)) || bytes.Contains(file, b[:32]) || bytes.Contains(file, b[len(b)/2:len(b)/2+32]) {
				return fmt.Errorf("%s can be read in %s", name, where)
			}
		}
	}
	for name := range disk {
		if strings.HasPrefix(name, "part/") || filepath.Dir(name) == "." {
			return fmt.Errorf("%s is left", name)
		}
	}
	// A download that was cut off goes on with what is right, and ends.
	for name, least := range map[string]int64{"b": 300_000, "e": 90_000} {
		if is, err := there(name); is || err != nil {
			continue
		}
		sum, want := sha256.New(), sha256.New()
		p, got, err := f.openPart(hashOf(files[name]), sum)
		if err != nil {
			return fmt.Errorf("part of %s: %w", name, err)
		}
		want.Write(files[name][:got])
		if !bytes.Equal(sum.Sum(nil), want.Sum(nil)) {
			return fmt.Errorf("the first %d bytes of %s are others", got, name)
		}
		// The half that lay open is copied; what is just coming in may be lost with
		// the power, and is fetched again.
		if got < least && (name == "e" || !cut && heard("part", name, least)) {
			return fmt.Errorf("%d bytes of %s are left", got, name)
		}
		if err := p.close(); err != nil {
			return err
		}
		if err := crashFinish(f, files[name]); err != nil {
			return fmt.Errorf("%s does not go on: %w", name, err)
		}
		if _, err := there(name); err != nil {
			return fmt.Errorf("%s, gone on with: %w", name, err)
		}
	}
	return nil
}
