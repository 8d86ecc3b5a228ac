package app

import (
	"math"
	"os"
	"strconv"

	"fyne.io/fyne/v2"

	"magpie/app/profile"
	"magpie/widgets/theme"
)

// scaleEnv is where the driver for windows looks first for the scale, each time that a
// theme is set. (Fyne's other way, an application whose settings say something else, ends
// badly: Fyne compares the settings of the current application with its own before it
// follows the looks of the desktop, and on macOS it trusts that they are.)
const scaleEnv = "FYNE_SCALE"

// scaled is the application of Fyne with the size of text that a person chose.
type scaled struct {
	fyne.App
	base float32 // what was set outside of the program, or Fyne's settings say
	at   int     // percent
}

// scale wraps an application. base is what was set outside of the program, 0 for what
// Fyne's settings say.
func scale(app fyne.App, base float32, s profile.Settings) *scaled {
	if base <= 0 {
		base = app.Settings().Scale()
	}
	if base <= 0 {
		base = 1
	}
	a := &scaled{App: app, base: base}
	a.set(theme.NearestTextPercent(s.TextPercent))
	theme.SetStill(s.ReducedMotion)
	return a
}

// set changes the scale with which the next theme is drawn.
func (a *scaled) set(percent int) {
	a.at = percent
	if err := os.Setenv(scaleEnv, strconv.FormatFloat(float64(a.scale()), 'f', 3, 32)); err != nil {
		fyne.LogError("the size of the text cannot be set", err) // there is no such name or value
	}
}

// scale is what the driver draws with.
func (a *scaled) scale() float32 { return a.base * float32(a.at) / 100 }

// percent is the size of text in use.
func (a *scaled) percent() int { return a.at }

// shrink is a size that has as many pixels as s has at 100 percent; what is smaller
// than that stays.
func (a *scaled) shrink(s fyne.Size) fyne.Size {
	f := max(float32(a.percent())/100, 1)
	return fyne.NewSize(s.Width/f, s.Height/f)
}

// leastSize is the least size of the window's content: of so many pixels that the window
// fits on a small screen whatever the size of the text.
func (a *scaled) leastSize() fyne.Size {
	return a.shrink(fyne.NewSize(leastWidth, leastHeight)).Max(fyne.NewSize(280, 300))
}

// setTextPercent changes the size of the text, at once. The window keeps its size on the
// screen, and what it shows has more or less room.
func (a *application) setTextPercent(percent int) {
	percent = theme.NearestTextPercent(percent)
	before := a.fyne.percent()
	if percent == before {
		return
	}
	a.change(func(s *profile.Settings) { s.TextPercent = percent })
	c := a.window.Canvas()
	size, scale := c.Size(), c.Scale()
	width, height := pixels(size.Width, scale), pixels(size.Height, scale)
	// The driver rounds up what is not whole: half a pixel less is still that pixel, where
	// what is exact may be a hair more than it and become the next.
	at := func(scale float32) fyne.Size { return fyne.NewSize((width-0.5)/scale, (height-0.5)/scale) }
	a.fyne.set(percent)
	// The driver makes the window as many pixels as its content has at the new scale:
	// the content is given the other size before.
	if r, ok := c.(interface{ Resize(fyne.Size) }); ok {
		r.Resize(at(scale * float32(percent) / float32(before)))
	}
	a.fyne.Settings().SetTheme(a.theme)
	if now := c.Scale(); now != scale {
		a.fyne.Settings().SetTheme(a.theme) // what was drawn first thought of the scale before
		a.window.Resize(at(now))            // a scale is rounded to tenths, and a canvas to whole units
	}
	if a.main != nil {
		a.main.settings.textChanged()
	}
}

// pixels is how many a length has.
func pixels(length, scale float32) float32 {
	return float32(math.Round(float64(length * scale)))
}

// stepText makes the text larger or smaller by steps, or as it is at first for 0.
func (a *application) stepText(by int) {
	if by == 0 {
		a.setTextPercent(100)
		return
	}
	a.setTextPercent(theme.NextTextPercent(a.fyne.percent(), by))
}

// setReducedMotion says whether things may move only to please.
func (a *application) setReducedMotion(on bool) {
	a.change(func(s *profile.Settings) { s.ReducedMotion = on })
	theme.SetStill(on)
}
