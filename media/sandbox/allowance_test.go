package sandbox

import (
	"testing"
	"testing/synctest"
	"time"
)

// The time of a guest stands still while its reader is waited for, and grows with
// the sound that it has given, but never beyond the deadline.
func TestAllowance(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		over := make(chan struct{})
		a := newAllowance(5*time.Second, func() { close(over) })
		begin := time.Now()
		spend := func(d time.Duration) {
			t.Helper()
			select {
			case <-over:
				t.Fatalf("over after %v", time.Since(begin))
			case <-time.After(d):
			}
		}
		spend(4 * time.Second) // 1 s left
		a.pause()
		spend(time.Hour)
		a.pause() // once more makes no difference
		a.resume()
		a.resume()
		spend(900 * time.Millisecond) // 0.1 s left
		a.pause()
		a.grow(2*time.Second, 5*time.Second) // 2.1 s left
		a.resume()
		spend(2 * time.Second)
		a.pause()
		a.grow(time.Hour, 5*time.Second) // 5 s left
		a.resume()
		begin = time.Now()
		<-over
		if spent := time.Since(begin); spent != 5*time.Second {
			t.Errorf("over after %v, want 5s", spent)
		}
	})
}
