// Package invitetest draws the QR code of an invitation for tests, as a window shows it.
package invitetest

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"testing"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"

	"magpie/server/invite"
)

// frame is the light frame around a code, in modules.
const frame = 4

// Picture is a code with its light frame, module pixels a module.
func Picture(c invite.Code, module int) *image.RGBA {
	side := (c.Side() + 2*frame) * module
	m := image.NewRGBA(image.Rect(0, 0, side, side))
	draw.Draw(m, m.Bounds(), image.White, image.Point{}, draw.Src)
	for y := range c.Side() {
		for x := range c.Side() {
			if c.Dark(x, y) {
				at := image.Rect((x+frame)*module, (y+frame)*module, (x+frame+1)*module, (y+frame+1)*module)
				draw.Draw(m, at, image.NewUniform(color.Black), image.Point{}, draw.Src)
			}
		}
	}
	return m
}

// Of is the picture of the code of an invitation.
func Of(t testing.TB, i invite.Invitation, module int) *image.RGBA {
	t.Helper()
	c, err := i.Code()
	if err != nil {
		t.Fatal(err)
	}
	return Picture(c, module)
}

// Words is the picture of a code that says something else.
func Words(t testing.TB, words string) *image.RGBA {
	t.Helper()
	b, err := qr.Encode(words, qr.M, qr.Auto)
	if err == nil {
		b, err = barcode.Scale(b, 4*b.Bounds().Dx(), 4*b.Bounds().Dy())
	}
	if err != nil {
		t.Fatal(err)
	}
	const light = 4 * frame
	m := image.NewRGBA(image.Rect(0, 0, b.Bounds().Dx()+2*light, b.Bounds().Dy()+2*light))
	draw.Draw(m, m.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(m, b.Bounds().Add(image.Pt(light, light)), b, image.Point{}, draw.Src)
	return m
}

// PNG is a picture as a file has it.
func PNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
