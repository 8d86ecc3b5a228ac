package app

import (
	"image"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"magpie/app/profile"
	"magpie/widgets/loop"
)

// A window comes back where it was, as large as it was, and maximised if it was. Fyne
// knows the size; of the place and the state the system is asked, where that is known
// to be done: X11 and Windows.

// place is where a window is on the screens, in their pixels.
type place struct {
	at        image.Point // of its content
	maximised bool
}

// placePatience is how long the end waits for a display to say where the window is.
const placePatience = 500 * time.Millisecond

// Of the upper edge of a window at least that much must be on a screen, in pixels: it
// is where it is taken to be moved.
const (
	graspWidth  = 80
	graspHeight = 24
)

// within reports whether the upper edge of a window of some width is on one of the
// screens.
func within(at image.Point, width int, screens []image.Rectangle) bool {
	edge := image.Rect(at.X, at.Y, at.X+max(width, graspWidth), at.Y+graspHeight)
	for _, s := range screens {
		seen := edge.Intersect(s)
		if seen.Dx() >= graspWidth && seen.Dy() >= graspHeight {
			return true
		}
	}
	return false
}

// restorePlace is for a window that is not shown yet. One whose screen is gone is
// placed by the system.
func (a *application) restorePlace(w fyne.Window) {
	p := a.settings.Place
	d, can := w.(desktop.Window)
	if p == nil || !can {
		return
	}
	all, err := screens()
	if err != nil {
		a.log("the screens cannot be asked for: %v", err)
		return
	}
	if within(image.Pt(p.X, p.Y), int(a.settings.Width), all) {
		d.RequestPosition(p.X, p.Y)
	}
}

// beginPlace is for a window that was just shown. From then on the place is followed: a
// signal may take the window away before it can be asked for.
func (a *application) beginPlace() {
	a.native = nativeHandle(a.window)
	if a.native == 0 {
		return
	}
	a.restoreMaximised()
	if err := followPlace(a.native, func(p place) { loop.Do(func() { a.placed(p) }) }); err != nil {
		a.log("the place of the window cannot be followed: %v", err)
	}
}

// restoreMaximised is for a window that is shown.
func (a *application) restoreMaximised() {
	if p := a.settings.Place; p == nil || !p.Maximised || a.native == 0 {
		return
	}
	window := a.native
	go func() {
		if err := maximise(window); err != nil {
			a.log("the window cannot be maximised: %v", err)
		}
	}()
}

// placed remembers where the window is and how large, for the next start. A hidden one
// was noted before.
func (a *application) placed(p place) {
	if !a.tray.hidden {
		a.settings.Place, a.settings.Width, a.settings.Height = moved(&a.settings, p, a.window.Canvas().Size())
	}
}

// notePlace asks where the window is. A display that does not answer is not waited for
// long, and of a window that is gone stays what was known before.
func (a *application) notePlace() {
	window := a.native
	if window == 0 {
		return
	}
	answer := make(chan *place, 1)
	go func() {
		p, err := placeOf(window)
		if err != nil {
			p = nil
		}
		answer <- p
	}()
	select {
	case p := <-answer:
		if p != nil {
			a.placed(*p)
		}
	case <-time.After(placePatience):
	}
}

// moved is what is remembered of a window at p with a size. A maximised one leaves
// what it goes back to.
func moved(s *profile.Settings, p place, size fyne.Size) (*profile.Place, float32, float32) {
	if !p.maximised {
		return &profile.Place{X: p.at.X, Y: p.at.Y}, size.Width, size.Height
	}
	next := profile.Place{X: p.at.X, Y: p.at.Y}
	if s.Place != nil {
		next = *s.Place
	}
	next.Maximised = true
	return &next, s.Width, s.Height
}
