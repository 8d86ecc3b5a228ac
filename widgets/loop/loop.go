// Package loop brings work to the goroutine of the window, for as long as there is one.
//
// Fyne runs what comes after the end of its loop where it was asked for: beside the
// end of the program, on a window that the system has taken away. A message that
// arrived in that moment made the program end with a panic instead of saving. Here
// it is dropped, as the loop itself drops what still waits when it ends.
package loop

import (
	"sync/atomic"
	_ "unsafe" // for the name below

	"fyne.io/fyne/v2"
)

// isMain tells whether the caller is the goroutine of Fyne's loop. Fyne does not
// export it. Without a real window, as in tests, no goroutine is.
//
//go:linkname isMain fyne.io/fyne/v2/internal/async.IsMainGoroutine
func isMain() bool

// loop is the one of the process.
var loop = gate{isMain: isMain, post: fyne.Do}

type gate struct {
	isMain func() bool
	post   func(func())
	// real: there is a window of the system, whose loop has its own goroutine. ended:
	// it takes no more.
	real, ended atomic.Bool
}

// Begin is called by the goroutine that will run the loop, before it does.
func Begin() { loop.begin() }

// Do runs f on the goroutine of the loop, behind what was given before, and does not
// wait for it. It may be called from any goroutine. Once the loop has ended, or is
// ending, f is dropped: what must happen also then does not belong here. Without a
// real window f runs at once, where it is.
func Do(f func()) { loop.do(f) }

// End ends the loop of a driver; it is called by the goroutine of the loop.
func End(driver fyne.Driver) { loop.end(driver.Quit) }

func (g *gate) begin() { g.real.Store(g.isMain()) }

func (g *gate) do(f func()) {
	if g.ended.Load() {
		return
	}
	g.post(func() {
		// The loop may have ended without a word from us: Fyne ends it at a signal.
		if g.ended.Load() || g.real.Load() && !g.isMain() {
			return
		}
		f()
	})
}

func (g *gate) end(quit func()) {
	// First this: a loop that has ended takes nothing, and its queue panics.
	g.ended.Store(g.real.Load())
	quit()
}
