//go:build uitest

package uitest

import (
	"sync"
	"time"

	"fyne.io/fyne/v2"
)

// notDrawn is what a turn of the window's loop takes at most, in which nothing was
// drawn: an empty window takes ten times as long.
const notDrawn = 500 * time.Microsecond

// frames measures how long the window's loop is busy with each picture: the changes
// of animations, the drawing, and handing the picture over. Its own animation runs at
// the beginning of every turn, and what it asks to be called comes after the picture,
// or, if the next turn is due already, that one does.
type frames struct {
	mu    sync.Mutex
	clock *fyne.Animation
	begun time.Time // of the picture in work, zero when it is done
	took  []int64   // µs
}

func (f *frames) start() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.took, f.begun = nil, time.Time{}
	f.clock = &fyne.Animation{Duration: time.Hour, Curve: fyne.AnimationLinear, Tick: func(float32) { f.turn() }}
	f.clock.Start()
}

// stop returns what each picture took since start, in µs.
func (f *frames) stop() []int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.clock == nil {
		return nil
	}
	f.clock.Stop()
	f.clock = nil
	return f.took
}

func (f *frames) turn() {
	f.done()
	f.mu.Lock()
	f.begun = time.Now()
	f.mu.Unlock()
	go fyne.Do(f.done) // from here it would be called at once
}

func (f *frames) done() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.begun.IsZero() {
		return
	}
	if took := time.Since(f.begun); took > notDrawn {
		f.took = append(f.took, took.Microseconds())
	}
	f.begun = time.Time{}
}
