package app

import "fyne.io/fyne/v2"

// beginTitleBar is for a window that was just shown: from then on the bar that the window
// system draws above it is dark when the window is, and light when it is not.
func (a *application) beginTitleBar() {
	a.matchTitleBar()
	a.fyne.Settings().AddListener(func(fyne.Settings) { a.matchTitleBar() })
}

// matchTitleBar asks for the bar that goes with the window, where it can be asked for. A
// display that does not answer is not waited for.
func (a *application) matchTitleBar() {
	window, dark := a.native, a.theme.IsDark(a.fyne.Settings().ThemeVariant())
	if window == 0 || a.barMatched && a.barDark == dark {
		return
	}
	a.barMatched, a.barDark = true, dark
	go func() {
		if err := darkenTitleBar(window, dark); err != nil {
			a.log("the title bar stays as it is: %v", err)
		}
	}()
}
