package app

import (
	"slices"
	"testing"
	"time"
)

// A window that was used is tidied up once it was left alone, and now and then again for
// as long as it is.
func TestAWindowLeftAloneTidies(t *testing.T) {
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
			{after: tidyAgain - time.Second, want: false},
			{after: time.Second, want: true},
			{after: tidyAgain - time.Second, want: false},
			{stir: true, after: tidyLook, want: false},
			{after: tidyAfter, want: true},
			{after: tidyAfter, want: false},
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

// contextual is a window as Fyne's are on a screen.
type contextual struct{ inside bool }

func (w *contextual) RunWithContext(f func()) {
	w.inside = true
	f()
	w.inside = false
}

// What the drawing keeps goes first, with the window's context, and then all the rest
// goes back to the system, beside the event loop.
func TestGiveBack(t *testing.T) {
	window := &contextual{}
	var order []string
	back := make(chan struct{})
	a := &application{options: Options{
		RestDrawing: func() {
			if !window.inside {
				t.Error("the drawing rests without the context of the window")
			}
			order = append(order, "drawing")
		},
		GiveBack: func() { order = append(order, "memory"); close(back) },
	}}
	a.giveBack(window)
	<-back
	if !slices.Equal(order, []string{"drawing", "memory"}) {
		t.Errorf("given back: %v", order)
	}

	order, back = nil, make(chan struct{})
	a.giveBack(struct{}{}) // as a window in memory
	<-back
	if !slices.Equal(order, []string{"memory"}) {
		t.Errorf("given back by a window in memory: %v", order)
	}
	a.closing = true
	a.giveBack(window)
	if len(order) != 1 {
		t.Errorf("given back by a window that closes: %v", order)
	}
}
