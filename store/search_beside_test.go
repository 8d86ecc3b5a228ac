package store

import (
	"errors"
	"path/filepath"
	"sync/atomic"
	"testing"

	"magpie/im"
	"magpie/store/fulltext"
)

// Whoever searches segments side by side looks at each once; what one of them fails with,
// or panics with on a damaged page, ends the search and leaves nobody waiting.
func TestSourcesSideBySide(t *testing.T) {
	s, _, err := Open(filepath.Join(t.TempDir(), "cache.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	run := func(n int, f func(int, fulltext.PageReader) error) (err error) {
		if e := s.view(func(tx *txn) error {
			err = beside(tx, 3, n, f)
			return nil
		}); e != nil {
			t.Fatal(e)
		}
		return err
	}
	for n := range 20 {
		looked := make([]atomic.Int32, n)
		if err := run(n, func(i int, _ fulltext.PageReader) error {
			looked[i].Add(1)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		for i := range looked {
			if looked[i].Load() != 1 {
				t.Fatalf("%d of %d was looked at %d times", i, n, looked[i].Load())
			}
		}
	}
	for _, bad := range []int{0, 7, 9} {
		if err := run(10, func(i int, _ fulltext.PageReader) error {
			if i == bad {
				return fulltext.ErrDamaged
			}
			return nil
		}); !errors.Is(err, fulltext.ErrDamaged) {
			t.Fatalf("%d failed: %v", bad, err)
		}
		if err := run(10, func(i int, _ fulltext.PageReader) error {
			if i == bad {
				panic("invalid page type")
			}
			return nil
		}); im.CodeOf(err) != im.CodeStoreDamaged {
			t.Fatalf("%d panicked: %v", bad, err)
		}
	}
}
