package picture_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"testing"

	"golang.org/x/image/webp"
)

// Of a WebP that moves its first frame is seen, where it belongs.
func TestMovingWebP(t *testing.T) {
	b := file(t, "moving.webp")
	// The first frame by itself, as any decoder sees it.
	size := binary.LittleEndian.Uint32(b[48:])
	frame := append([]byte("RIFF\x00\x00\x00\x00WEBP"), b[68:48+4+size]...)
	binary.LittleEndian.PutUint32(frame[4:], uint32(len(frame)-8))
	first, err := webp.Decode(bytes.NewReader(frame))
	if err != nil {
		t.Fatal(err)
	}
	_, thumbs, err := thumbnails(b)
	if err != nil {
		t.Fatal(err)
	}
	got := decoded(t, thumbs.Small.JPEG)
	if got.Bounds() != first.Bounds() {
		t.Fatalf("%v, want %v", got.Bounds(), first.Bounds())
	}
	for _, part := range []image.Rectangle{image.Rect(0, 0, 8, 8), image.Rect(24, 0, 32, 8), image.Rect(8, 8, 24, 16), image.Rect(24, 16, 32, 24)} {
		alike(t, got, part, mean(first, part))
	}

	moved := bytes.Clone(b)
	moved[24], moved[27] = 63, 47 // a canvas of 64 x 48
	moved[52], moved[55] = 16, 12 // and the frame at 32, 24
	_, thumbs, err = thumbnails(moved)
	if err != nil {
		t.Fatal(err)
	}
	got = decoded(t, thumbs.Small.JPEG)
	if got.Bounds() != image.Rect(0, 0, 64, 48) {
		t.Fatalf("%v", got.Bounds())
	}
	alike(t, got, image.Rect(0, 0, 24, 40), color.RGBA{255, 255, 255, 255})
	alike(t, got, image.Rect(40, 32, 56, 40), mean(first, image.Rect(8, 8, 24, 16)))
}

// mean is the colour of a part of a picture from afar, where what JPEG changes does
// not show.
func mean(img image.Image, part image.Rectangle) color.RGBA {
	var r, g, b, n uint32
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			c := color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)
			r, g, b, n = r+uint32(c.R), g+uint32(c.G), b+uint32(c.B), n+1
		}
	}
	return color.RGBA{uint8(r / n), uint8(g / n), uint8(b / n), 255}
}

func alike(t *testing.T, img image.Image, part image.Rectangle, want color.RGBA) {
	t.Helper()
	got := mean(img, part)
	for _, d := range []int{int(got.R) - int(want.R), int(got.G) - int(want.G), int(got.B) - int(want.B)} {
		if d > 12 || d < -12 {
			t.Errorf("the colour of %v is %v, want %v", part, got, want)
		}
	}
}
