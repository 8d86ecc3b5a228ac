package canvas

import (
	"bytes"
	"image"
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	fcanvas "fyne.io/fyne/v2/canvas"

	"magpie/widgets/theme"
)

// Sizes of the bars of a waveform.
const (
	barWidth = 3
	barPitch = 5 // from one to the next
	// quietest is the loudest peak of a note that is still drawn at its own
	// height. Louder ones fill the height; what is all below stays low, so that
	// silence looks like it.
	quietest = 64
)

// wave is a waveform as it is drawn: one picture and not forty rectangles, which
// would each cost the graphics card as much. It is painted into the same pixels
// again when the sound moves on.
type wave struct {
	object *fcanvas.Image
	pix    *image.RGBA
	// What is in pix.
	peaks        []byte
	played       int // columns in the colour of what has been heard
	heard, ahead color.Color
	bars         []float32
}

// drawWave draws peaks in an area, the part (0 to 1) that has been played in
// accent.
func (r *row) drawWave(c *Canvas, a area, peaks []byte, part float32) {
	if r.wave == nil {
		r.wave = &wave{object: &fcanvas.Image{ScaleMode: fcanvas.ImageScaleFastest}}
	}
	w := r.wave
	accent := theme.Color(theme.Accent)
	if w.paint(c.pixels(a.w), c.pixels(a.h), c.scale, peaks, part, accent, faint(accent)) {
		w.object.Image = w.pix
		w.object.Refresh() // the texture belongs to the object
	}
	w.object.Move(pos(a.x, a.y))
	w.object.Resize(fyne.Size{Width: a.w, Height: a.h})
	r.box.Objects = append(r.box.Objects, w.object)
}

// paint paints a waveform of width by height pixels. It reports whether anything
// has changed.
func (w *wave) paint(width, height int, scale float32, peaks []byte, part float32, heard, ahead color.Color) bool {
	size := image.Rect(0, 0, width, height)
	played := int(float32(width)*part + 0.5)
	fresh := w.pix == nil || w.pix.Rect != size
	if !fresh && w.played == played && w.heard == heard && w.ahead == ahead && bytes.Equal(w.peaks, peaks) {
		return false
	}
	if fresh {
		w.pix = image.NewRGBA(size)
	} else {
		clear(w.pix.Pix)
	}
	w.peaks, w.played, w.heard, w.ahead = append(w.peaks[:0], peaks...), played, heard, ahead
	pitch := max(int(barPitch*scale+0.5), 2)
	thick := min(max(int(barWidth*scale+0.5), 1), pitch-1)
	n := (width + pitch - thick) / pitch
	w.bars = resample(w.bars[:0], peaks, n)
	inks := [2]color.RGBA{color.RGBAModel.Convert(heard).(color.RGBA), color.RGBAModel.Convert(ahead).(color.RGBA)}
	for i, loud := range w.bars {
		w.bar(i*pitch, thick, loud, played, inks)
	}
	return true
}

// bar paints one bar: a stroke with round ends in the middle of the height.
func (w *wave) bar(x, thick int, loud float32, played int, inks [2]color.RGBA) {
	height := w.pix.Rect.Dy()
	radius := float64(thick) / 2
	// At least a point; the same number of pixels free above and below.
	long := thick + 2*int(float32(height-thick)/2*loud+0.5)
	top := float64(height-long)/2 + radius
	bottom := float64(height+long)/2 - radius
	for dx := range thick {
		ink := inks[1]
		if x+dx < played {
			ink = inks[0]
		}
		for y := (height - long) / 2; y < (height+long+1)/2; y++ {
			at := float64(y) + 0.5
			d := math.Hypot(float64(dx)+0.5-radius, at-min(max(at, top), bottom))
			if cover := min(max(radius-d+0.5, 0), 1); cover > 0 {
				w.pix.SetRGBA(x+dx, y, thin(ink, cover))
			}
		}
	}
}

// thin is a colour that covers a part of a pixel.
func thin(c color.RGBA, cover float64) color.RGBA {
	part := func(v uint8) uint8 { return uint8(float64(v)*cover + 0.5) }
	return color.RGBA{part(c.R), part(c.G), part(c.B), part(c.A)}
}

// resample appends n heights, 0 to 1, for peaks: each the largest of those that
// fall on it, or the one it falls on where there are fewer. The loudest is 1 if it
// is loud enough.
func resample(to []float32, peaks []byte, n int) []float32 {
	loudest := byte(quietest)
	for _, p := range peaks {
		loudest = max(loudest, p)
	}
	for i := range max(n, 0) {
		var peak byte
		if len(peaks) > 0 {
			from := i * len(peaks) / n
			for _, p := range peaks[from:max((i+1)*len(peaks)/n, from+1)] {
				peak = max(peak, p)
			}
		}
		to = append(to, float32(peak)/float32(loudest))
	}
	return to
}
