package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"magpie/internal/crash"
)

// recorded runs the child in dir and returns what it did there.
func recorded(t *testing.T, dir string, env ...string) *crash.Log {
	t.Helper()
	env = append(env, childEnv+"="+filepath.Join(dir, "cache.db"))
	log, err := crash.Record(t.Context(), crash.Command{Args: os.Args[:1], Env: env}, dir)
	if errors.Is(err, crash.ErrNoTrace) {
		t.Skip(err)
	}
	ok(t, err)
	if log.Exit != 0 {
		t.Fatalf("the child ended with %d: %s", log.Exit, log.Said(len(log.Ops)))
	}
	return log
}

// statesOfLife is what the store has before the first step and after each.
func statesOfLife(t *testing.T) []string {
	t.Helper()
	s, _, err := openStoreAt(filepath.Join(t.TempDir(), "cache.db"), lifeOptions())
	ok(t, err)
	defer s.Close()
	states := []string{contents(t, s, lifeWords, lifeConvs...)}
	for _, step := range life() {
		ok(t, step(t.Context(), s))
		states = append(states, contents(t, s, lifeWords, lifeConvs...))
	}
	return states
}

// durable is the last step that the child said was.
func durable(t *testing.T, said string) (steps int) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(said), "\n")
	if last := lines[len(lines)-1]; last != "" {
		_, err := fmt.Sscanf(last, "durable %d", &steps)
		ok(t, err)
	}
	return steps
}

// A process that is killed at any write, truncation or sync of its life, and a
// machine that loses power there, lose no step of which the program was told that
// it is durable, and show nothing half done: what is found is exactly the state
// after the last such step, or after the one that was under way.
func TestLifeSurvives(t *testing.T) { bothWays(t, lifeSurvives) }

func lifeSurvives(t *testing.T) {
	states := statesOfLife(t)
	log := recorded(t, t.TempDir(), childLifeEnv+"=1")
	if n := durable(t, log.Said(len(log.Ops))); n != len(states)-1 {
		t.Fatalf("%d of %d steps", n, len(states)-1)
	}
	moments := log.Moments()
	t.Logf("%d steps, %d operations, %d moments", len(states)-1, len(log.Ops), len(moments))
	look := func(t *testing.T, what string, n int, f *crash.Folder) {
		t.Helper()
		done := durable(t, log.Said(n))
		if err := survived(t, f, states[done:min(done+2, len(states))], done); err != nil {
			t.Errorf("%s after operation %d (%v), step %d: %v", what, n, log.Ops[max(n-1, 0)], done, err)
		}
	}
	t.Run("kill", func(t *testing.T) {
		log.KilledEach(sampled(moments, fewer(150)), func(n int, f *crash.Folder) { look(t, "killed", n, f) })
	})
	t.Run("power cut", func(t *testing.T) {
		random := rand.New(rand.NewPCG(3, 5))
		for _, n := range sampled(moments, fewer(120)) {
			for range 1 + 7*btoi(soaking()) {
				look(t, "power cut", n, log.PowerCut(n, random))
			}
		}
	})
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// survived opens a store that was left and looks whether it has one of the states.
func survived(t *testing.T, f *crash.Folder, states []string, done int) error {
	t.Helper()
	dir, err := os.MkdirTemp(t.TempDir(), "")
	ok(t, err)
	defer os.RemoveAll(dir)
	ok(t, f.Write(dir))
	path := filepath.Join(dir, "cache.db")
	s, report, err := openStoreAt(path, lifeOptions())
	if err != nil {
		return err
	}
	defer s.Close()
	if report.SetAside != "" {
		return fmt.Errorf("the file was damaged: %+v", report)
	}
	got := contents(t, s, lifeWords, lifeConvs...)
	was := -1
	for i, state := range states {
		if got == state {
			was = done + i
		}
	}
	if was < 0 {
		return fmt.Errorf("not what was written: %s", differ(got, states[0]))
	}
	// It goes on from there.
	if steps := life(); was < len(steps) {
		if err := steps[was](t.Context(), s); err != nil {
			return fmt.Errorf("the next step: %w", err)
		}
	}
	if err := s.Close(); err != nil {
		return err
	}
	checkFile(t, path)
	h, err := examineStore(path, lifeOptions())
	if err != nil || h.Damage > 0 {
		return errors.Join(err, fmt.Errorf("%d faults: %q", h.Damage, h.Problems))
	}
	raw, err := os.ReadFile(path)
	ok(t, err)
	for n, from := range map[uint64]string{50: "52", 60: "53"} {
		if strings.Contains(got, "@TIM#SYSTEM-"+from) && bytes.Contains(raw, []byte(secretOf(n))) {
			return fmt.Errorf("message %d was recalled and is in the file", n)
		}
	}
	return nil
}
