package app

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"magpie/widgets/theme"
)

// A window that was used is tidied up once after it was left alone, and not again
// until somebody has used it.
func TestAWindowLeftAloneTidiesOnce(t *testing.T) {
	u := begin(t, t.TempDir())
	defer u.end()
	u.start() // what begins by itself is done by then
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

// The fonts that a menu needed go when the window is left alone, and not below a menu.
func TestFontsOfMenusGo(t *testing.T) {
	u := begin(t, t.TempDir())
	defer u.end()
	u.start()
	u.do(func() {
		now := time.Now()
		u.a.now = func() time.Time { return now }
		applied := 0
		u.a.fyne.Settings().AddListener(func(fyne.Settings) { applied++ })
		leave := func() {
			u.a.stir()
			now = now.Add(tidyAfter)
			u.a.tidy()
		}
		theme.OthersNeeded()
		leave()
		if applied != 0 {
			t.Error("the theme was applied anew for nothing")
		}
		u.a.popUp(fyne.NewPos(50, 50), fyne.NewMenuItem("x", nil))
		leave()
		if applied != 0 {
			t.Error("the theme was applied anew below a menu")
		}
		u.a.canvas.Overlays().Remove(u.a.canvas.Overlays().Top())
		leave()
		if applied != 1 || theme.OthersNeeded() {
			t.Errorf("the theme was applied %d times after a menu", applied)
		}
	})
}
