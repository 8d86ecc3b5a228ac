package theme

import (
	_ "unsafe" // for the name below

	"github.com/go-text/typesetting/shaping"
)

// shaper is Fyne's one shaper of text, which it does not export.
//
//go:linkname shaper fyne.io/fyne/v2/internal/painter.shaper
var shaper *shaping.HarfbuzzShaper

// ForgetFaces lets go of the fonts that Fyne has parsed before. It parses all of them
// anew whenever a setting changes, the colours among them, but its shaper remembers a
// plan for every face that it ever saw and never drops one: 12 MB stayed with each
// change, for as long as the program ran. It is called on the window's goroutine after a
// change of the settings.
func ForgetFaces() { *shaper = shaping.HarfbuzzShaper{} }
