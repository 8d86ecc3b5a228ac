package isolated_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"testing"

	"magpie/media/heif"
	"magpie/media/probe"
)

func photo(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "heif", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func coloured(t *testing.T, img image.Image, x, y int, want color.RGBA) {
	t.Helper()
	got := color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)
	off := func(a, b uint8) bool { return max(a, b)-min(a, b) > 12 }
	if off(got.R, want.R) || off(got.G, want.G) || off(got.B, want.B) || got.A != want.A {
		t.Errorf("the colour at %d,%d is %v, want %v", x, y, got, want)
	}
}

// What phones take and browsers save is seen, in its colours.
func TestPicture(t *testing.T) {
	d := decoder(t)
	red, blue := color.RGBA{255, 0, 0, 255}, color.RGBA{0, 0, 255, 255}
	for _, name := range []string{"halves.heic", "halves.avif"} {
		b := photo(t, name)
		for side, want := range map[int]image.Point{1000: {256, 128}, 100: {100, 50}, 1: {1, 1}} {
			img, err := d.Picture(t.Context(), bytes.NewReader(b), side)
			if err != nil || img.Bounds().Size() != want {
				t.Errorf("%s at most %d: %v", name, side, err)
				continue
			}
			if side > 1 {
				coloured(t, img, want.X/8, want.Y/2, red)
				coloured(t, img, want.X*7/8, want.Y/2, blue)
			}
		}
		p, thumbs, err := probe.Image(t.Context(), bytes.NewReader(b), d)
		if err != nil || len(p.Preview) == 0 || thumbs.Large.Width != 256 || p.ImageInfoArray[len(p.ImageInfoArray)-1].Width != 256 {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
	img, err := d.Picture(t.Context(), file(t, "i.avif"), 192)
	if err != nil {
		t.Fatal(err)
	}
	coloured(t, img, 16, 100, red)
}

// Tiles lie where they belong, a picture that lies on its side stands up, and what
// hangs over is cut off.
func TestPictureOfTiles(t *testing.T) {
	d := decoder(t)
	red, blue := color.RGBA{255, 0, 0, 255}, color.RGBA{0, 0, 255, 255}
	// 2 by 2 of 256 x 128, red and blue halves side by side, cut to 448 x 256 and
	// turned right: red, blue, red, blue from top to bottom.
	img, err := d.Picture(t.Context(), bytes.NewReader(photo(t, "grid.heic")), 1000)
	if err != nil {
		t.Fatal(err)
	}
	if img.Bounds().Size() != image.Pt(256, 448) {
		t.Fatalf("%v", img.Bounds())
	}
	for y, want := range map[int]color.RGBA{60: red, 190: blue, 320: red, 440: blue} {
		coloured(t, img, 30, y, want)
		coloured(t, img, 220, y, want)
	}
}

// Phones write photos with the profile of their screen; by this one red is blue.
func TestPictureWithProfile(t *testing.T) {
	img, err := decoder(t).Picture(t.Context(), bytes.NewReader(photo(t, "swapped.heic")), 1000)
	if err != nil {
		t.Fatal(err)
	}
	coloured(t, img, 30, 60, color.RGBA{0, 0, 255, 255})
	coloured(t, img, 220, 60, color.RGBA{255, 0, 0, 255})
}

func TestPictureThatIsNone(t *testing.T) {
	d := decoder(t)
	whole := photo(t, "halves.avif")
	broken := bytes.Clone(whole)
	for i := len(broken) - 60; i < len(broken); i++ {
		broken[i] ^= 0x5a
	}
	if _, err := d.Picture(t.Context(), bytes.NewReader(broken), 100); err == nil {
		t.Error("a damaged one was decoded without a word")
	}
	if _, err := d.Picture(t.Context(), bytes.NewReader(whole[:20]), 100); !errors.Is(err, heif.ErrFormat) && !errors.Is(err, heif.ErrDamaged) {
		t.Errorf("a cut one: %v", err)
	}
	// Of a photo whose picture is damaged the small one beside it is seen.
	photo := photo(t, "halves.heic")
	p, err := heif.Open(bytes.NewReader(photo), int64(len(photo)))
	if err != nil {
		t.Fatal(err)
	}
	film := p.Tile(0)
	all := make([]byte, film.Size())
	if _, err := film.ReadAt(all, 0); err != nil {
		t.Fatal(err)
	}
	_, coded, _ := bytes.Cut(all, []byte("mdat"))
	for i, at := 0, bytes.Index(photo, coded); i < len(coded); i++ {
		photo[at+i] = 0xff
	}
	if img, err := d.Picture(t.Context(), bytes.NewReader(photo), 1000); err != nil || img.Bounds().Dx() != 64 {
		t.Errorf("a photo with a damaged picture: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Picture(ctx, file(t, "i.avif"), 100); !errors.Is(err, context.Canceled) {
		t.Errorf("nobody waits for it: %v", err)
	}
}
