package picture

import (
	"bytes"
	"image"
	_ "image/jpeg" // formats that an avatar may have
	_ "image/png"

	"github.com/fyne-io/oksvg"
	"github.com/srwiley/rasterx"
)

// maxSide bounds the pictures that are decoded, in pixels a side: what a peer
// chose as an avatar must not fill the memory.
const maxSide = 4096

// read decodes a drawing or a picture into a square of side pixels; nil if that
// cannot be done.
func read(content []byte, side int) image.Image {
	if isDrawing(content) {
		return rasterise(content, side)
	}
	config, _, err := image.DecodeConfig(bytes.NewReader(content))
	if err != nil || config.Width > maxSide || config.Height > maxSide {
		return nil
	}
	m, _, err := image.Decode(bytes.NewReader(content))
	if err != nil {
		return nil
	}
	return fit(m, side)
}

func isDrawing(content []byte) bool {
	return bytes.HasPrefix(bytes.TrimSpace(content), []byte("<"))
}

// rasterise draws an SVG. The library panics at some that are malformed.
func rasterise(svg []byte, side int) (m image.Image) {
	defer func() {
		if recover() != nil {
			m = nil
		}
	}()
	drawing, err := oksvg.ReadIconStream(bytes.NewReader(svg), oksvg.IgnoreErrorMode)
	if err != nil || drawing.ViewBox.W <= 0 || drawing.ViewBox.H <= 0 {
		return nil
	}
	w, h := float64(side), float64(side)
	if drawing.ViewBox.W > drawing.ViewBox.H {
		h *= drawing.ViewBox.H / drawing.ViewBox.W
	} else {
		w *= drawing.ViewBox.W / drawing.ViewBox.H
	}
	// The library draws lines as wide in pixels as they are in the drawing.
	scale := w / drawing.ViewBox.W
	for i := range drawing.SVGPaths {
		p := &drawing.SVGPaths[i]
		p.LineWidth *= scale
		p.DashOffset *= scale
		dash := make([]float64, len(p.Dash)) // paths may share one
		for j, length := range p.Dash {
			dash[j] = length * scale
		}
		p.Dash = dash
	}
	drawing.SetTarget((float64(side)-w)/2, (float64(side)-h)/2, w, h)
	out := image.NewRGBA(image.Rect(0, 0, side, side))
	drawing.Draw(rasterx.NewDasher(side, side, rasterx.NewScannerGV(side, side, out, out.Bounds())), 1)
	return out
}
