package invite_test

import (
	"image"
	"image/color"
	"image/draw"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"magpie/app/invite"
)

// picture is the code as a window shows it, with its frame.
func picture(c invite.Code) image.Image {
	const module, frame = 3, 4
	side := (c.Side() + 2*frame) * module
	m := image.NewGray(image.Rect(0, 0, side, side))
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

// What another program reads from the picture is the link.
func TestCodeSaysTheLink(t *testing.T) {
	for _, hosts := range [][]string{{"192.168.1.20"}, {"fd00::2"}, {"192.168.1.20", "fd00::2", "10.0.0.7"}, {strings.Repeat("a.", 100) + "example"}} {
		i, err := invite.New(hosts, 7443, secret, print)
		if err != nil {
			t.Fatal(err)
		}
		c, err := i.Code()
		if err != nil {
			t.Fatal(err)
		}
		m, err := gozxing.NewBinaryBitmapFromImage(picture(c))
		if err != nil {
			t.Fatal(err)
		}
		got, err := qrcode.NewQRCodeReader().Decode(m, nil)
		if err != nil || got.GetText() != i.String() {
			t.Errorf("%v, %d modules: %v, %v", hosts, c.Side(), got, err)
		}
	}
}
