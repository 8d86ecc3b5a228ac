package main

import (
	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"
)

// newApp makes the application of Fyne. Only here the program needs a screen,
// and cgo.
func newApp() fyne.App {
	plainDrawing()
	return fyneapp.NewWithID(appID)
}
