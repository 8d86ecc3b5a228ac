package theme

import (
	"sync"
	_ "unsafe" // for the names below

	"github.com/go-text/typesetting/fontscan"
	"github.com/go-text/typesetting/shaping"
)

// shaper is Fyne's one shaper of text, which it does not export.
//
//go:linkname shaper fyne.io/fyne/v2/internal/painter.shaper
var shaper *shaping.HarfbuzzShaper

// systemFonts finds those of the system for Fyne, which does not export it, below
// systemFontsLock. It is made when the first is needed and systemFontsLoaded is false.
var (
	//go:linkname systemFonts fyne.io/fyne/v2/internal/painter.fm
	systemFonts *fontscan.FontMap
	//go:linkname systemFontsLoaded fyne.io/fyne/v2/internal/painter.loaded
	systemFontsLoaded bool
	//go:linkname systemFontsLock fyne.io/fyne/v2/internal/painter.fontScanLock
	systemFontsLock sync.Mutex
)

//go:linkname clearFonts fyne.io/fyne/v2/internal/painter.ClearFontCache
func clearFonts()

// ForgetFonts lets go of all fonts that Fyne has parsed, 8 MB and more. What is shown stays
// as it is: it is in textures, and its measures are kept. Text that comes next parses the
// font that it needs again, which takes 20 ms, and 40 if it is not the bundled one. It is
// called on the window's goroutine.
func ForgetFonts() {
	clearFonts()
	ForgetFaces()
}

// ForgetFaces lets go of the fonts that Fyne has parsed before. It parses all of them
// anew whenever a setting changes, the colours among them, but its shaper remembers a
// plan for every face that it ever saw and never drops one: 12 MB stayed with each
// change, for as long as the program ran. Nor does it drop the fonts of the system that
// it had to look into, 3 MB for the first; where they lie is remembered elsewhere. It is
// called on the window's goroutine after a change of the settings.
func ForgetFaces() {
	*shaper = shaping.HarfbuzzShaper{}
	systemFontsLock.Lock()
	defer systemFontsLock.Unlock()
	systemFonts, systemFontsLoaded = nil, false
}
