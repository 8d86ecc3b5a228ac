//go:build !(linux || freebsd || openbsd || netbsd)

package app

import (
	"image"

	"fyne.io/fyne/v2"
)

// capture returns what a window shows.
func capture(w fyne.Window) (image.Image, error) { return w.Canvas().Capture(), nil }
