package app

import (
	"math"
	"sync/atomic"

	"fyne.io/fyne/v2"

	"magpie/app/profile"
	"magpie/widgets/theme"
)

// scaled is the application of Fyne with the size of text and the motion that a person
// chose. The drivers ask the settings of the current application for both, and again
// whenever a theme is set.
type scaled struct {
	fyne.App
	settings *scaledSettings
}

// scale makes it the current application. base is what was set outside of the program,
// 0 for what Fyne's settings say.
func scale(app fyne.App, base float32, s profile.Settings) *scaled {
	a := &scaled{app, &scaledSettings{Settings: app.Settings(), base: base}}
	a.settings.percent.Store(int64(theme.NearestTextPercent(s.TextPercent)))
	a.settings.still.Store(s.ReducedMotion)
	fyne.SetCurrentApp(a)
	return a
}

// Settings implements fyne.App.
func (a *scaled) Settings() fyne.Settings { return a.settings }

// percent is the size of text in use.
func (a *scaled) percent() int { return int(a.settings.percent.Load()) }

// shrink is a size that has as many pixels as s has at 100 percent; what is smaller
// than that stays.
func (a *scaled) shrink(s fyne.Size) fyne.Size {
	f := max(float32(a.percent())/100, 1)
	return fyne.NewSize(s.Width/f, s.Height/f)
}

type scaledSettings struct {
	fyne.Settings
	base    float32
	percent atomic.Int64
	still   atomic.Bool
}

// Scale implements fyne.Settings.
func (s *scaledSettings) Scale() float32 {
	base := s.base
	if base <= 0 {
		base = s.Settings.Scale()
	}
	if base <= 0 {
		base = 1
	}
	return base * float32(s.percent.Load()) / 100
}

// ShowAnimations implements fyne.Settings.
func (s *scaledSettings) ShowAnimations() bool {
	return !s.still.Load() && s.Settings.ShowAnimations()
}

// leastSize is the least size of the window's content: of so many pixels that the window
// fits on a small screen whatever the size of the text.
func leastSize() fyne.Size {
	least := fyne.NewSize(leastWidth, leastHeight)
	if a, ok := fyne.CurrentApp().(*scaled); ok {
		least = a.shrink(least).Max(fyne.NewSize(280, 300))
	}
	return least
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
	a.fyne.settings.percent.Store(int64(percent))
	// The driver makes the window as many pixels as its content has at the new scale:
	// the content is given the other size before.
	if r, ok := c.(interface{ Resize(fyne.Size) }); ok {
		factor := float32(before) / float32(percent)
		r.Resize(fyne.NewSize(size.Width*factor, size.Height*factor))
	}
	a.fyne.Settings().SetTheme(a.theme)
	if now := c.Scale(); now != scale {
		a.fyne.Settings().SetTheme(a.theme) // what was drawn first thought of the scale before
		want := fyne.NewSize(size.Width*scale/now, size.Height*scale/now)
		if got := c.Size(); math.Abs(float64(got.Width-want.Width)) > 2 || math.Abs(float64(got.Height-want.Height)) > 2 {
			a.window.Resize(want) // a scale is rounded to tenths
		}
	}
	if a.main != nil {
		a.main.settings.textChanged()
	}
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
	a.fyne.settings.still.Store(on)
}
