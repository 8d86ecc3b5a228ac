package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"magpie/internal/crash"
	"magpie/store"
)

// Opening may be a lot of work: a file is migrated, sealed, unsealed, or saved from
// damage. Killed at any moment of it, or without power there, the next opening ends
// where the first would have: with everything, and with no file left that should
// not be.
func TestOpeningSurvives(t *testing.T) {
	sealedOld := func(t *testing.T, schema int) string {
		path := oldFile(t, schema)
		s, _, err := store.Open(path, store.Options{Account: me, Key: testKey()})
		ok(t, err)
		ok(t, s.Close())
		return path
	}
	for _, c := range []struct {
		name   string
		schema int
		sealed bool
		how    string
		begin  func(t *testing.T) string
		// aside: the file is damaged, but for what the old program wrote.
		aside bool
	}{
		{"schema 1 is migrated", 1, false, "open", func(t *testing.T) string { return oldFile(t, 1) }, false},
		{"schema 4 is migrated", 4, false, "open", func(t *testing.T) string { return oldFile(t, 4) }, false},
		{"schema 3 is migrated and sealed", 3, true, "open", func(t *testing.T) string { return oldFile(t, 3) }, false},
		{"a sealed file is unsealed", 4, false, "unseal", func(t *testing.T) string { return sealedOld(t, 4) }, false},
		{"a damaged file is saved", 4, false, "open", func(t *testing.T) string { return hurtMeta(t, oldFile(t, 4)) }, true},
		{"a damaged sealed file is saved", 4, true, "open", func(t *testing.T) string { return hurtMeta(t, sealedOld(t, 4)) }, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.sealed {
				t.Setenv(sealedEnv, also)
			} else {
				t.Setenv(sealedEnv, "")
			}
			dir := filepath.Dir(c.begin(t))
			was, err := os.ReadFile(filepath.Join(dir, "cache.db"))
			ok(t, err)
			log := recorded(t, dir, childOpenEnv+"="+c.how)
			moments := log.Moments()
			t.Logf("%d operations, %d moments", len(log.Ops), len(moments))
			look := func(what string, n int, f *crash.Folder) {
				if err := openingSurvived(t, f, c.how, c.schema, c.aside, was); err != nil {
					t.Errorf("%s after operation %d (%v): %v", what, n, log.Ops[max(n-1, 0)], err)
				}
			}
			log.KilledEach(sampled(moments, 40), func(n int, f *crash.Folder) { look("killed", n, f) })
			random := rand.New(rand.NewPCG(7, 5))
			for _, n := range sampled(moments, 30) {
				look("power cut", n, log.PowerCut(n, random))
			}
		})
	}
}

// hurtMeta breaks the newest meta page of a file.
func hurtMeta(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	ok(t, err)
	data[newestMeta(data)*pageSize+16+50] ^= 0xff
	ok(t, os.WriteFile(path, data, 0o600))
	return path
}

func openingSurvived(t *testing.T, f *crash.Folder, how string, schema int, aside bool, was []byte) error {
	t.Helper()
	dir, err := os.MkdirTemp(t.TempDir(), "")
	ok(t, err)
	defer os.RemoveAll(dir)
	ok(t, f.Write(dir))
	path := filepath.Join(dir, "cache.db")
	o, idle := openingOptions(how)
	s, report, err := store.Open(path, o)
	if err != nil {
		return err
	}
	defer s.Close()
	if report.SetAside != "" && !aside || report.Created {
		return fmt.Errorf("report %+v", report)
	}
	if err := store.WaitIdle(t.Context(), s, idle); err != nil {
		return err
	}
	if aside {
		err = savedOld(t, s)
	} else {
		sameAsOld(t, s, schema)
		oldMedia(t, s, schema)
	}
	if err != nil {
		return err
	}
	if err := s.Close(); err != nil {
		return err
	}
	checkFile(t, path)
	left, err := filepath.Glob(path + "*")
	ok(t, err)
	kept := false
	for _, name := range left {
		switch rest := strings.TrimPrefix(name, path); {
		case rest == "", rest == fmt.Sprintf(".schema%d-backup", schema) && o.Key == nil:
		case strings.HasPrefix(rest, ".damaged-") && aside:
			data, err := os.ReadFile(name)
			ok(t, err)
			kept = kept || bytes.Equal(data, was)
		default:
			return fmt.Errorf("%s is left", rest)
		}
	}
	if aside && !kept {
		return fmt.Errorf("the damaged file is gone: %q", left)
	}
	return nil
}

// savedOld looks whether what was saved of a damaged file has all that exists
// nowhere else, and all messages: no page of them was damaged.
func savedOld(t *testing.T, s *store.Store) error {
	t.Helper()
	list, err := s.Page(bob, 0, 1000)
	if err != nil || len(list) < 80 {
		return errors.Join(err, fmt.Errorf("%d messages", len(list)))
	}
	rows, err := s.Outbox()
	if err != nil || len(rows) != 2 {
		return errors.Join(err, fmt.Errorf("%d rows of the outbox", len(rows)))
	}
	draft, err := s.Draft(team)
	if err != nil || draft != "半句话" {
		return errors.Join(err, fmt.Errorf("draft %q", draft))
	}
	if got := sequences(list); !slices.IsSorted(got) {
		return fmt.Errorf("out of order: %v", got)
	}
	return nil
}
