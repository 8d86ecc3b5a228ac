package app

import (
	"context"
	"time"

	"fyne.io/fyne/v2/canvas"

	"magpie/widgets/loop"
	"magpie/widgets/theme"
)

// Fyne keeps the texture of every text and picture for a minute after it was drawn
// last, and lets go those whose time is over as it draws. A window that nobody touches
// draws nothing: it would keep all that was scrolled past until somebody comes back.
// So once nobody has used it for longer than that it draws one picture more, and then
// gives the memory back. The fonts of fields and menus that are gone go, too.
const (
	tidyAfter = 65 * time.Second
	tidyLook  = 10 * time.Second // how often it is looked whether that is so
	tidyDrawn = time.Second      // in which that picture is drawn
)

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
					if a.tidy() && a.options.GiveBack != nil {
						time.AfterFunc(tidyDrawn, a.options.GiveBack)
					}
				})
			}
		}
	}()
	return stop
}

// tidy draws that picture, once each time that the window is left alone, and reports
// whether it did.
func (a *application) tidy() bool {
	if a.closing || a.tidied.Equal(a.idle.last) || a.wall().Sub(a.idle.last) < tidyAfter {
		return false
	}
	a.tidied = a.idle.last
	if c := a.window.Canvas(); c.Overlays().Top() == nil && theme.OthersNeeded() {
		a.fyne.Settings().SetTheme(a.theme) // draws everything, with the fonts that it needs
	} else {
		c.Refresh(canvas.NewRectangle(nil)) // nothing on it has changed
	}
	return true
}
