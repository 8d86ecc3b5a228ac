package sandbox_test

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"magpie/media/sandbox"
)

// The module with its machine code is some 40 MB, which nobody who only reads and
// writes needs: it goes when it has not been used for a while, and comes again.
func TestIdleModuleIsLetGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		starts := 0
		s := over(t, sandbox.Options{Idle: time.Minute}, func() ([]byte, error) {
			starts++
			return answering()
		})
		for again := range 3 {
			probes(t, s)
			time.Sleep(40 * time.Second)
			probes(t, s) // from here on it is a minute
			time.Sleep(time.Minute - time.Second)
			synctest.Wait()
			if !s.InMemory() {
				t.Error("it is gone before its time")
			}
			time.Sleep(2 * time.Second)
			synctest.Wait()
			if s.InMemory() {
				t.Error("it is in memory still")
			}
			if starts != again+1 {
				t.Errorf("started %d times, want %d", starts, again+1)
			}
		}
	})
}

// A voice note that pauses is in use, however long.
func TestOpenStreamKeepsTheModule(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := over(t, sandbox.Options{Idle: time.Minute}, module(goodSound, say(), say()))
		sound, err := s.PCM(t.Context(), anyFile)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if !s.InMemory() {
			t.Error("it is gone under an open stream")
		}
		if _, err := io.Copy(io.Discard, sound); err != nil {
			t.Error(err)
		}
		if err := sound.Close(); err != nil {
			t.Error(err)
		}
		time.Sleep(time.Minute + time.Second)
		synctest.Wait()
		if s.InMemory() {
			t.Error("it is in memory after the stream was closed")
		}
	})
}

// A start that failed, for want of memory or of a file, is no verdict for ever.
func TestFailedStartIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		works := false
		s := over(t, sandbox.Options{Idle: time.Minute}, func() ([]byte, error) {
			if !works {
				return nil, errors.New("no room")
			}
			return answering()
		})
		if err := s.Warm(t.Context()); err == nil {
			t.Error("it started of nothing")
		}
		works = true
		time.Sleep(time.Minute + time.Second)
		synctest.Wait()
		probes(t, s)
	})
}

// Preparing compiles once for all starts of the program, and costs nothing after that.
func TestPrepareCompilesOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	for run, want := range []bool{true, false} {
		s := over(t, sandbox.Options{CacheDir: dir}, answering)
		if err := s.Prepare(context.Background()); err != nil {
			t.Fatal(err)
		}
		if s.InMemory() != want {
			t.Errorf("run %d: in memory: %v, want %v", run, !want, want)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}
