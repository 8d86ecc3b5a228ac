package store

import "sync"

// beside calls what hand returns for every number below n, by so many goroutines, each with
// a hand of its own, and returns the first error. This one begins at the first number, the
// others at the last.
func beside(workers, n int, hand func() func(i int) error) error {
	var mu sync.Mutex // of next and end
	next, end := 0, n
	take := func(first bool) (i int, more bool) {
		mu.Lock()
		defer mu.Unlock()
		if next == end {
			return 0, false
		}
		if first {
			next++
			return next - 1, true
		}
		end--
		return end, true
	}
	work := func(do func(int) error, first bool) error {
		// A damaged page ends the goroutine it is met in, and no other waits in vain.
		err := protect(func() error {
			for i, more := take(first); more; i, more = take(first) {
				if err := do(i); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			mu.Lock()
			next = end
			mu.Unlock()
		}
		return err
	}
	failed := make(chan error, workers-1)
	for range workers - 1 {
		do := hand()
		go func() { failed <- work(do, false) }()
	}
	err := work(hand(), true)
	for range workers - 1 {
		if other := <-failed; err == nil {
			err = other
		}
	}
	return err
}
