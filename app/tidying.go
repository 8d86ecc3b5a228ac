package app

import (
	"context"
	"time"

	"fyne.io/fyne/v2/canvas"

	"magpie/assets"
	"magpie/widgets/loop"
	"magpie/widgets/theme"
)

// Fyne keeps the texture of every text and picture for a minute after it was drawn
// last, and lets go those whose time is over as it draws. A window that nobody touches
// draws nothing: it would keep all that was scrolled past until somebody comes back.
// So once nobody has used it for longer than that it draws one picture more, and then
// gives the memory back. The fonts go, too: nothing needs them that is drawn already.
//
// What arrives is drawn although nobody uses the window: it is tidied up again now and
// then, for as long as it is left alone.
const (
	tidyAfter = 65 * time.Second
	tidyAgain = 5 * time.Minute
	tidyLook  = 10 * time.Second // how often it is looked whether it is time
	tidyDrawn = time.Second      // in which that picture is drawn
)

// tidied is when the window was tidied up last, and when it had been used last by then.
type tidied struct{ at, used time.Time }

// beginTidying looks after it until ctx ends. Stop ends it, too.
func (a *application) beginTidying(ctx context.Context) (stop func()) {
	ctx, stop = context.WithCancel(ctx)
	tick := time.NewTicker(tidyLook)
	go func() {
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				loop.Do(func() {
					if a.tidy() {
						time.AfterFunc(tidyDrawn, func() { loop.Do(func() { a.giveBack(a.window) }) })
					}
				})
			}
		}
	}()
	return stop
}

// tidy draws that picture when it is time, and reports whether it did.
func (a *application) tidy() bool {
	now, again := a.wall(), a.tidied.used.Equal(a.idle.last)
	if a.closing || now.Sub(a.idle.last) < tidyAfter || again && now.Sub(a.tidied.at) < tidyAgain {
		return false
	}
	a.tidied = tidied{at: now, used: a.idle.last}
	if a.main != nil {
		a.main.emoji.forget()
	}
	assets.ForgetEmoji()
	a.window.Canvas().Refresh(canvas.NewRectangle(nil)) // nothing on it has changed
	return true
}

// giveBack gives the memory back, once that picture is drawn: first what the drawing of
// window w keeps for the next one.
func (a *application) giveBack(window any) {
	if a.closing {
		return
	}
	// Fyne's window has it, and does not say so. One in memory has none.
	w, drawn := window.(interface{ RunWithContext(func()) })
	if drawn && a.options.RestDrawing != nil {
		w.RunWithContext(a.options.RestDrawing)
	}
	theme.ForgetFonts()
	if a.options.GiveBack != nil {
		go a.options.GiveBack()
	}
}
