package sandbox_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"magpie/media/sandbox"
)

// answering is a guest that does nothing but answer.
var answering = module(goodInfo, say())

func probes(t *testing.T, s *sandbox.Sandbox) {
	t.Helper()
	if info, err := s.Probe(context.Background(), anyFile); err != nil || info.SampleRate != 8000 {
		t.Errorf("%+v, error %v", info, err)
	}
}

func TestNothingHappensBeforeTheFirstCall(t *testing.T) {
	s := sandbox.NewOver(sandbox.Options{CacheDir: filepath.Join(t.TempDir(), "cache")}, func() ([]byte, error) {
		t.Error("the module is unpacked")
		return nil, errors.New("no module")
	})
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := s.Warm(context.Background()); !errors.Is(err, sandbox.ErrClosed) {
		t.Errorf("after close: %v", err)
	}
}

func TestModuleThatCannotStart(t *testing.T) {
	s := over(t, sandbox.Options{CacheDir: t.TempDir()}, func() ([]byte, error) { return []byte("no module"), nil })
	for range 2 {
		if err := s.Warm(context.Background()); err == nil || aboutTheFile(err) {
			t.Errorf("error %v", err)
		}
	}
}

// Waiting for the start ends with the caller's context; the start goes on.
func TestStartOutlivesItsCaller(t *testing.T) {
	unpacking, goOn := make(chan struct{}), make(chan struct{})
	s := over(t, sandbox.Options{}, func() ([]byte, error) {
		close(unpacking)
		<-goOn
		return answering()
	})
	ctx, cancel := context.WithCancel(context.Background())
	result := make(chan error)
	go func() { result <- s.Warm(ctx) }()
	<-unpacking
	cancel()
	if err := <-result; !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	close(goOn)
	probes(t, s)
}

// The machine code is kept, and a cache that is broken or cannot be used costs
// time and nothing else.
func TestCache(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "not", "yet", "there")
	probes(t, over(t, sandbox.Options{CacheDir: dir}, answering))
	files := filesBelow(t, dir)
	if len(files) != 1 {
		t.Fatalf("kept: %q", files)
	}
	kept, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, broken := range [][]byte{nil, kept[:len(kept)/2], bytes.Repeat([]byte("no code "), 100)} {
		if err := os.WriteFile(files[0], broken, 0o600); err != nil {
			t.Fatal(err)
		}
		probes(t, over(t, sandbox.Options{CacheDir: dir}, answering))
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	probes(t, over(t, sandbox.Options{CacheDir: file}, answering))
	probes(t, over(t, sandbox.Options{CacheDir: filepath.Join(file, "below")}, answering))
}

// An update of the module leaves nothing of the one before, and touches nothing
// that is not its own.
func TestCacheHoldsOneModule(t *testing.T) {
	dir := t.TempDir()
	other := filepath.Join(dir, "other")
	if err := os.WriteFile(other, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	probes(t, over(t, sandbox.Options{CacheDir: dir}, module(goodInfo+"before", say())))
	before := filesBelow(t, dir)
	probes(t, over(t, sandbox.Options{CacheDir: dir}, answering))
	after := filesBelow(t, dir)
	if len(before) != 2 || len(after) != 2 || slices.Equal(before, after) || !slices.Contains(after, other) {
		t.Errorf("kept: %q, then %q", before, after)
	}
}

func filesBelow(t *testing.T, dir string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestEmptyFile(t *testing.T) {
	ctx, empty := context.Background(), strings.NewReader("")
	if _, err := ffmpeg.Probe(ctx, empty); !errors.Is(err, sandbox.ErrDamaged) {
		t.Errorf("probe: %v", err)
	}
	if _, _, err := ffmpeg.Still(ctx, empty, 100); !errors.Is(err, sandbox.ErrDamaged) {
		t.Errorf("still: %v", err)
	}
	if _, err := ffmpeg.PCM(ctx, empty); !errors.Is(err, sandbox.ErrDamaged) {
		t.Errorf("sound: %v", err)
	}
}

// A disk that fails is not a damaged file.
func TestReadError(t *testing.T) {
	failure := errors.New("input/output error")
	file := &stubborn{Reader: bytes.NewReader(load(t, "f_h264.mp4")), fail: failure}
	if _, err := ffmpeg.Probe(context.Background(), file); !errors.Is(err, failure) || aboutTheFile(err) {
		t.Errorf("probe: %v", err)
	}
	if _, err := ffmpeg.PCM(context.Background(), file); !errors.Is(err, failure) || aboutTheFile(err) {
		t.Errorf("sound: %v", err)
	}
}

// stubborn fails, or says that it is read and waits.
type stubborn struct {
	*bytes.Reader
	fail    error
	read    chan struct{}
	release chan struct{}
}

func (f *stubborn) ReadAt(p []byte, off int64) (int, error) { return f.answer(p, off) }

func (f *stubborn) answer(p []byte, off int64) (int, error) {
	if f.fail != nil {
		return 0, f.fail
	}
	f.read <- struct{}{}
	<-f.release
	return f.Reader.ReadAt(p, off)
}

// Only so many calls run; those that wait heed their context. Streams are counted
// apart, so that a voice note that pauses keeps no picture waiting.
func TestCallsAreBounded(t *testing.T) {
	s := sandbox.New(sandbox.Options{CacheDir: cacheDir(), Calls: 1, Streams: 1})
	defer s.Close()
	slow := &stubborn{Reader: bytes.NewReader(load(t, "f_h264.mp4")), read: make(chan struct{}, 1000), release: make(chan struct{})}
	result := make(chan error)
	go func() {
		_, err := s.Probe(context.Background(), slow)
		result <- err
	}()
	<-slow.read // it runs

	ctx, cancel := context.WithCancel(context.Background())
	sound, err := s.PCM(ctx, bytes.NewReader(load(t, "sp5.aac")))
	if err != nil {
		t.Fatalf("a stream beside a call: %v", err)
	}
	cancel()
	if _, err := s.Probe(ctx, anyFile); !errors.Is(err, context.Canceled) {
		t.Errorf("a second call: %v", err)
	}
	if _, err := s.PCM(ctx, anyFile); !errors.Is(err, context.Canceled) {
		t.Errorf("a second stream: %v", err)
	}
	sound.Close()
	sound, err = s.PCM(context.Background(), bytes.NewReader(load(t, "sp5.aac")))
	if err != nil {
		t.Fatalf("a stream after the first: %v", err)
	}
	sound.Close()

	close(slow.release)
	if err := <-result; err != nil {
		t.Errorf("the first call: %v", err)
	}
}
