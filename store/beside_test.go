package store

import (
	"errors"
	"sync/atomic"
	"testing"

	"magpie/im"
)

// Whoever looks at things side by side looks at each once; what one of them fails with,
// or panics with on a damaged page, ends it and leaves nobody waiting.
func TestSideBySide(t *testing.T) {
	failure := errors.New("a failure")
	run := func(n int, f func(int) error) error { return beside(3, n, func() func(int) error { return f }) }
	for n := range 20 {
		looked := make([]atomic.Int32, n)
		if err := run(n, func(i int) error {
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
		if err := run(10, func(i int) error {
			if i == bad {
				return failure
			}
			return nil
		}); !errors.Is(err, failure) {
			t.Fatalf("%d failed: %v", bad, err)
		}
		if err := run(10, func(i int) error {
			if i == bad {
				panic("invalid page type")
			}
			return nil
		}); im.CodeOf(err) != im.CodeStoreDamaged {
			t.Fatalf("%d panicked: %v", bad, err)
		}
	}
}
