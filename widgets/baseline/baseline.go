// Package baseline says how much lower than text of the own font text of another must
// be drawn for both to stand on one line. Fyne puts the upper edge of a string where it
// is told, and the font that a script without letters in the own one is drawn with may
// begin higher or lower; it tells nobody, so this looks at the ink.
package baseline

import (
	"image"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/software"
)

// Look returns what measures, for a font of a size and style, how much lower a text must
// be drawn than the own font, in units of the screen: by its first character, drawn by
// itself and beside an own one, where Fyne aligns them. It takes about a millisecond.
func Look(size float32, style fyne.TextStyle) func(text string) float32 {
	return func(text string) float32 {
		r, _ := utf8.DecodeRuneInString(text)
		return drawn{size, style}.look(string(r))
	}
}

// drawn is text drawn in memory, one pixel a unit.
type drawn struct {
	size  float32
	style fyne.TextStyle
}

func (d drawn) look(foreign string) float32 {
	const own = "H"
	alone, w := d.draw(foreign)
	ownImage, ownW := d.draw(own)
	both, _ := d.draw(foreign + own)
	foreignAlone, ok1 := inkTop(alone, 0, w)
	foreignBoth, ok2 := inkTop(both, 0, w)
	ownAlone, ok3 := inkTop(ownImage, 0, ownW)
	ownBoth, ok4 := inkTop(both, w+1, w+ownW)
	if !ok1 || !ok2 || !ok3 || !ok4 {
		return 0
	}
	return float32((foreignBoth - foreignAlone) - (ownBoth - ownAlone))
}

// draw returns a picture of text and how wide that is.
func (d drawn) draw(text string) (image.Image, int) {
	t := &canvas.Text{Text: text, TextSize: d.size, TextStyle: d.style}
	size := t.MinSize()
	c := software.NewTransparentCanvas()
	c.SetPadded(false)
	c.SetContent(t)
	c.Resize(fyne.NewSize(size.Width+4, 2*size.Height))
	return c.Capture(), int(size.Width)
}

// inkTop returns the first row of pixels that has anything between two columns.
func inkTop(m image.Image, from, to int) (y int, ok bool) {
	b := m.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := max(from, b.Min.X); x < min(to, b.Max.X); x++ {
			if _, _, _, a := m.At(x, y).RGBA(); a > 0x8000 {
				return y, true
			}
		}
	}
	return 0, false
}
