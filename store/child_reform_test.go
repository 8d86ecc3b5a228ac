package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"magpie/im"
	"magpie/store"
)

// childReformEnv makes the child seal and unseal its file.
const childReformEnv = "MAGPIE_STORE_TEST_CHILD_REFORM"

// childReform says which way it goes on a line of its output.
func childReform(path string) error {
	for n := 0; ; n++ {
		s, report, err := store.Open(path, store.Options{Account: me, Key: testKey(), Unseal: n%2 == 1})
		if err != nil || report.SetAside != "" {
			return fmt.Errorf("%+v, %w", report, err)
		}
		if err := s.Close(); err != nil {
			return err
		}
		fmt.Println("sealed", n%2 == 0)
	}
}

// Killed at any moment of becoming sealed or plain, the file is one or the other,
// whole, and nothing else is left once it was opened.
func TestKillWhileSealing(t *testing.T) {
	rounds := 12
	if testing.Short() {
		rounds = 4
	}
	path := filepath.Join(t.TempDir(), "cache.db")
	s, _, err := store.Open(path, store.Options{Account: me})
	ok(t, err)
	confide(t, s, 200)
	for from := uint64(1); from < 1500; from += 500 {
		ok(t, s.Ingest(t.Context(), batch(bob, from, from+499)))
	}
	want := everything(t, s)
	ok(t, s.Close())
	t.Setenv(childReformEnv, "1")
	cut := map[string]int{}
	enough := func() bool { return testing.Short() || cut[".rewrite"] > 0 }
	for round, longer := range kills(rounds, enough) {
		killed(t, path, time.Duration(longer*rand.IntN(200))*time.Millisecond)
		for _, suffix := range []string{"", ".rewrite", ".replaced"} {
			if _, err := os.Stat(path + suffix); err == nil {
				cut[suffix]++
			}
		}
		o := store.Options{Account: me, Key: testKey(), Unseal: round%2 == 1}
		s, report, err := store.Open(path, o)
		if err != nil || report.SetAside != "" || report.Created {
			t.Fatalf("round %d: %+v, %v", round, report, err)
		}
		if got := everything(t, s); got != want {
			t.Fatalf("round %d: it is not what it was", round)
		}
		ok(t, s.Close())
		checkFile(t, path)
		if list := shown(t, path); !o.Unseal && len(list) > 0 {
			t.Fatalf("round %d: the file shows %q", round, list)
		}
		left, err := os.ReadDir(filepath.Dir(path))
		ok(t, err)
		equal(t, "files", len(left), 1)
	}
	if !enough() {
		t.Errorf("no child was killed on the way: %v", cut)
	}
}

// What a crash between the steps leaves, one by one.
func TestFinishSealing(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "cache.db")
	s, _, err := store.Open(path, store.Options{Account: me})
	ok(t, err)
	confide(t, s, 50)
	want := everything(t, s)
	ok(t, s.Close())
	plain, err := os.ReadFile(path)
	ok(t, err)
	o := store.Options{Account: me, Key: testKey()}
	s, _, err = store.Open(path, o)
	ok(t, err)
	ok(t, s.Close())
	sealed, err := os.ReadFile(path)
	ok(t, err)
	for what, files := range map[string]map[string][]byte{
		"half of the fresh file":         {"": plain, ".rewrite": sealed[:len(sealed)/2]},
		"the fresh file":                 {"": plain, ".rewrite": sealed},
		"between the renames":            {".replaced": plain, ".rewrite": sealed},
		"after the renames":              {"": sealed, ".replaced": plain},
		"half of the old one wiped":      {"": sealed, ".replaced": append(make([]byte, len(plain)/2), plain[len(plain)/2:]...)},
		"the second rename failed twice": {".replaced": plain},
	} {
		t.Run(what, func(t *testing.T) {
			ok(t, removeAll(dir))
			for suffix, content := range files {
				ok(t, os.WriteFile(path+suffix, content, 0o600))
			}
			s, report, err := store.Open(path, o)
			ok(t, err)
			if report.SetAside != "" || report.Created {
				t.Errorf("%+v", report)
			}
			if got := everything(t, s); got != want {
				t.Error("it is not what it was")
			}
			ok(t, s.Close())
			left, err := os.ReadDir(dir)
			ok(t, err)
			equal(t, "files", len(left), 1)
			if list := shown(t, path); len(list) > 0 {
				t.Errorf("the file shows %q", list)
			}
		})
	}
}

// Who has the file open is not disturbed, and nobody throws away what another
// process is writing.
func TestSealingWhatIsInUse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	s, _, err := store.Open(path, store.Options{Account: me})
	ok(t, err)
	ok(t, s.Ingest(t.Context(), batch(bob, 1, 10)))
	ok(t, os.WriteFile(path+".rewrite", []byte("of another process"), 0o600))
	_, _, err = store.Open(path, store.Options{Key: testKey(), OpenTimeout: 50 * time.Millisecond})
	if !errors.Is(err, store.ErrInUse) {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(path + ".rewrite"); err != nil {
		t.Error(err)
	}
	ok(t, s.Close())
	_, _, err = store.Open(path, store.Options{Account: im.UserID("bob"), Key: testKey()})
	if is, _ := store.IsSealed(path); err == nil || is {
		t.Errorf("the file of somebody else was sealed: %v", err)
	}
}
