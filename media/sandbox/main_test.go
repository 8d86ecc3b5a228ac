package sandbox_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"magpie/internal/testcache"
	"magpie/media/sandbox"
)

// ffmpeg is the sandbox that the tests share. Its deadline allows for a machine
// that is busy with other things.
var ffmpeg *sandbox.Sandbox

func TestMain(m *testing.M) {
	ffmpeg = sandbox.New(sandbox.Options{CacheDir: cacheDir(), Deadline: time.Minute})
	code := m.Run()
	if err := errors.Join(ffmpeg.Close(), goleak.Find()); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// cacheDir is where the machine code is kept between runs: compiling it takes
// seconds.
func cacheDir() string { return testcache.Dir("sandbox") }

// load returns a file of testdata.
func load(t testing.TB, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// decoded returns all of the sound of content and the error that ended it, nil at
// its end.
func decoded(t testing.TB, s *sandbox.Sandbox, content []byte) (*sandbox.Sound, []byte, error) {
	t.Helper()
	sound, err := s.PCM(context.Background(), bytes.NewReader(content))
	if err != nil {
		return nil, nil, err
	}
	defer sound.Close()
	var pcm bytes.Buffer
	_, err = pcm.ReadFrom(sound)
	return sound, pcm.Bytes(), err
}

// aboutTheFile tells whether err is nil or one that may come of a strange file.
func aboutTheFile(err error) bool {
	return err == nil || errors.Is(err, sandbox.ErrUnsupported) || errors.Is(err, sandbox.ErrDamaged) || errors.Is(err, sandbox.ErrTooLarge)
}
