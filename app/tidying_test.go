package app

import (
	"testing"
	"time"
)

// A window that was used is tidied up once after it was left alone, and not again
// until somebody has used it.
func TestAWindowLeftAloneTidiesOnce(t *testing.T) {
	u := begin(t, t.TempDir())
	defer u.end()
	u.do(func() {
		now := time.Now()
		u.a.now = func() time.Time { return now }
		u.a.stir()
		for _, step := range []struct {
			stir  bool
			after time.Duration
			want  bool
		}{
			{after: tidyAfter - time.Second, want: false},
			{after: time.Second, want: true},
			{after: time.Hour, want: false},
			{stir: true, after: tidyLook, want: false},
			{after: tidyAfter, want: true},
		} {
			if step.stir {
				u.a.stir()
			}
			now = now.Add(step.after)
			if got := u.a.tidy(); got != step.want {
				t.Errorf("%v later: tidied %v, want %v", step.after, got, step.want)
			}
		}
	})
}
