package canvas

import (
	"image"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	fcanvas "fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/software"
)

// drop returns how much lower than text of the own font a piece must be drawn to
// stand on the same baseline. Fyne puts the upper edge of a string where it is
// told, and the font that a script without letters in the own one is drawn with
// may begin higher or lower; it tells nobody, so this looks at the ink, once for
// each block of characters.
func (f *font) drop(piece string) float32 {
	r, _ := utf8.DecodeRuneInString(piece)
	if r < 0x590 { // Latin, Greek, Cyrillic: the own font, or one like it
		return 0
	}
	block := r >> 8
	d, known := f.drops[block]
	if !known {
		d = f.lookDrop(string(r))
		f.drops[block] = d
	}
	return d
}

// lookDrop compares where the ink of a foreign and of an own letter begins when
// they are drawn by themselves and side by side, where Fyne aligns them.
func (f *font) lookDrop(foreign string) float32 {
	const own = "H"
	w, ownW := int(f.Width(foreign)), int(f.Width(own))
	both := f.draw(foreign + own)
	foreignAlone, ok1 := inkTop(f.draw(foreign), 0, w)
	foreignBoth, ok2 := inkTop(both, 0, w)
	ownAlone, ok3 := inkTop(f.draw(own), 0, ownW)
	ownBoth, ok4 := inkTop(both, w+1, w+ownW)
	if !ok1 || !ok2 || !ok3 || !ok4 {
		return 0
	}
	return float32((foreignBoth - foreignAlone) - (ownBoth - ownAlone))
}

// draw draws text in memory, one pixel a unit.
func (f *font) draw(text string) image.Image {
	t := &fcanvas.Text{Text: text, TextSize: f.size, TextStyle: f.style}
	c := software.NewTransparentCanvas()
	c.SetPadded(false)
	c.SetContent(t)
	c.Resize(fyne.NewSize(t.MinSize().Width+4, 2*f.height))
	return c.Capture()
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
