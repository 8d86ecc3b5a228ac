package theme

import (
	"sync/atomic"

	"fyne.io/fyne/v2"
)

// TextPercents are the sizes of the text that a person can choose, in percent, the
// smallest first. Everything grows with the text, so that nothing is cut off and what
// belongs together stays so; a window that gets too narrow for two columns has one.
// They are multiples of ten since Fyne rounds scales to tenths.
var TextPercents = [...]int{80, 90, 100, 110, 120, 130, 140, 150, 160, 180, 200}

// NearestTextPercent is the size that is closest to a percentage, 100 for 0.
func NearestTextPercent(percent int) int {
	if percent == 0 {
		return 100
	}
	best := TextPercents[0]
	for _, p := range TextPercents {
		if abs(p-percent) < abs(best-percent) {
			best = p
		}
	}
	return best
}

// NextTextPercent is the size that is by steps larger, or smaller for less than 0, as far
// as there is one.
func NextTextPercent(percent, by int) int {
	percent = NearestTextPercent(percent)
	for i, p := range TextPercents {
		if p == percent {
			return TextPercents[min(max(i+by, 0), len(TextPercents)-1)]
		}
	}
	return percent
}

func abs(n int) int { return max(n, -n) }

// Moves reports whether things may move only to please: not if the person, or the
// system, asks for reduced motion. What moves then stands at once where it would end,
// and a wheel that turns while one waits stands still.
func Moves() bool {
	app := fyne.CurrentApp()
	return app != nil && !still.Load() && app.Settings().ShowAnimations()
}

// still is set by [SetStill].
var still atomic.Bool

// SetStill says that the person asks for reduced motion.
func SetStill(yes bool) { still.Store(yes) }
