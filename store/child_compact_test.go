package store_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"magpie/store"
)

// childCompactEnv, set beside childEnv, makes the child compact all the while.
const childCompactEnv = "MAGPIE_STORE_TEST_CHILD_COMPACT"

func childCompact(s *store.Store) error {
	failed := make(chan error, 2)
	go func() { failed <- childWrite(s) }()
	go func() {
		for {
			c, err := s.Compact(context.Background())
			if err != nil {
				failed <- err
				return
			}
			fmt.Println("compacted", c.After)
		}
	}()
	return <-failed
}

// Killed at any moment of a compaction: what was durable is there, in a file that is
// whole, and nothing is left beside it.
func TestKillWhileCompacting(t *testing.T) {
	t.Setenv(childCompactEnv, "1")
	bothWays(t, func(t *testing.T) { testKill(t, "compacted") })
}

// What a kill between the two renames leaves is finished by the next start; a fresh
// file that may not be whole is thrown away.
func TestOpenAfterACutOffCompaction(t *testing.T) {
	for name, left := range map[string]func(path string) error{
		"before the first rename": func(path string) error { return os.WriteFile(path+".rewrite", []byte("half"), 0o600) },
		"between the two":         func(path string) error { return os.Rename(path, path+".rewrite") },
		"after both": func(path string) error {
			whole, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			return os.WriteFile(path+".replaced", whole, 0o600)
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "cache.db")
			s, _, err := store.Open(path, store.Options{})
			ok(t, err)
			ok(t, s.Ingest(t.Context(), batch(bob, 1, 50)))
			ok(t, s.Close())
			if name == "between the two" {
				ok(t, os.WriteFile(path+".replaced", []byte("the file before"), 0o600))
			}
			ok(t, left(path))
			s, _, err = store.Open(path, store.Options{})
			ok(t, err)
			if list, err := s.Page(bob, 0, 100); err != nil || len(list) != 50 {
				t.Errorf("%d messages, %v", len(list), err)
			}
			ok(t, s.Close())
			if files, err := filepath.Glob(path + "*"); err != nil || len(files) != 1 {
				t.Errorf("left are %v, %v", files, err)
			}
			checkFile(t, path)
		})
	}
}
