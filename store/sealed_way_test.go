package store_test

import (
	"os"
	"testing"

	"magpie/internal/seal"
	"magpie/store"
)

// sealedEnv makes the tests, and the processes that they start, seal their files.
const sealedEnv = "MAGPIE_STORE_TEST_SEALED"

// testKey is what they seal with; the processes have to know it, too.
func testKey() *seal.Key {
	k := seal.Key([]byte("a key that everybody knows, 32 b"))
	return &k
}

// bothWays runs a test with files that are not encrypted and with sealed ones.
func bothWays(t *testing.T, test func(*testing.T)) {
	t.Helper()
	t.Run("open", test)
	if os.Getenv(sealedEnv) != "" {
		return // that was sealed already
	}
	t.Run("sealed", func(t *testing.T) {
		t.Setenv(sealedEnv, also)
		test(t)
	})
}

// also is the value of sealedEnv in the second way of bothWays.
const also = "also"

// fewer is how often something is to be done that was done as often with files that
// are not encrypted.
func fewer(n int) int {
	if os.Getenv(sealedEnv) == also {
		return max(1, n/3)
	}
	return n
}

func withKey(o store.Options) store.Options {
	if o.Key == nil && os.Getenv(sealedEnv) != "" {
		o.Key = testKey()
	}
	return o
}

// openStoreAt is store.Open, sealed where the tests are to be so.
func openStoreAt(path string, o store.Options) (*store.Store, store.Report, error) {
	return store.Open(path, withKey(o))
}

func examineStore(path string, o store.Options) (store.Health, error) {
	return store.Examine(path, withKey(o))
}

func repairStore(path string, o store.Options) (store.Report, error) {
	return store.Repair(path, withKey(o))
}

// forgetIndex makes a file one of schema 3, which was never sealed.
func forgetIndex(path string) error {
	s, _, err := store.Open(path, store.Options{Key: testKey(), Unseal: true})
	if err != nil {
		return err
	}
	if err := s.Close(); err != nil {
		return err
	}
	return store.ForgetIndex(path)
}
