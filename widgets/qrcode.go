package widgets

import (
	"image"
	"image/color"
	"image/draw"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// Modules are the squares of a QR code, without the frame around them.
type Modules interface {
	// Side is how many there are in a row and in a column.
	Side() int
	Dark(x, y int) bool
}

// QRCode shows a QR code, dark on light in every variant: many readers know no other.
// Each module has the same whole number of pixels.
type QRCode struct {
	widget.BaseWidget
	modules Modules
	back    *canvas.Rectangle
	raster  *canvas.Raster
}

const (
	qrSide = float32(176)
	// qrFrame is what has to be light around a code, in modules.
	qrFrame = 4
)

// NewQRCode makes an empty one.
func NewQRCode() *QRCode {
	q := &QRCode{back: box(theme.RadiusRow)}
	q.raster = canvas.NewRaster(q.draw)
	q.ExtendBaseWidget(q)
	return q
}

// SetModules shows a code; nil shows none.
func (q *QRCode) SetModules(m Modules) {
	q.modules = m
	q.Refresh()
}

// draw makes the picture of a size in pixels.
func (q *QRCode) draw(w, h int) image.Image {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	if q.modules == nil || q.modules.Side() == 0 {
		return m
	}
	n := q.modules.Side()
	// Where the modules would have less than a pixel the frame has to do with less.
	module := max(min(w, h)/(n+2*qrFrame), 1)
	left, top := (w-n*module)/2, (h-n*module)/2
	dark := image.NewUniform(color.Black)
	for y := range n {
		for x := range n {
			if q.modules.Dark(x, y) {
				draw.Draw(m, image.Rect(left+x*module, top+y*module, left+(x+1)*module, top+(y+1)*module), dark, image.Point{}, draw.Src)
			}
		}
	}
	return m
}

// CreateRenderer implements fyne.Widget.
func (q *QRCode) CreateRenderer() fyne.WidgetRenderer {
	paint := func() {
		q.back.FillColor = color.White
		q.back.StrokeColor, q.back.StrokeWidth = theme.Color(theme.Line), theme.LineThickness
	}
	paint()
	return &flat{
		objects: these(q.back, q.raster),
		layout: func(size fyne.Size) {
			place(q.back, 0, 0, size.Width, size.Height)
			place(q.raster, 1, 1, size.Width-2, size.Height-2)
		},
		min:     fixed(qrSide, qrSide),
		refresh: func() { paint(); q.raster.Refresh(); canvas.Refresh(q) },
	}
}
