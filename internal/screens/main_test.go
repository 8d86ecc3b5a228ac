package main

import (
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// picture is one of w by h in which at says the colour.
func picture(w, h int, at func(x, y int) color.RGBA) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetRGBA(x, y, at(x, y))
		}
	}
	return img
}

func save(t *testing.T, path string, img image.Image) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// Each picture is written under its name and within its limit; what the tour did not
// leave is named, and the others are there nevertheless.
func TestScreens(t *testing.T) {
	tour, dir := t.TempDir(), filepath.Join(t.TempDir(), "screens")
	slope := func(x, y int) color.RGBA { return color.RGBA{uint8(x), uint8(y), uint8(x * y / 256), 255} }
	for _, s := range screens {
		for _, p := range s.parts {
			if p != "60-search-light" {
				save(t, filepath.Join(tour, p+".png"), picture(400, 300, slope))
			}
		}
	}
	err := run(tour, dir)
	if err == nil || !strings.Contains(err.Error(), "5-search") || strings.Contains(err.Error(), "4-group") {
		t.Fatalf("error %v, want one about 5-search only", err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != len(screens)-1 {
		t.Fatalf("%d pictures of %d, %v", len(files), len(screens)-1, err)
	}
	for _, f := range files {
		if i, err := f.Info(); err != nil || i.Size() > maxBytes {
			t.Errorf("%s has %d bytes, %v", f.Name(), i.Size(), err)
		}
	}
	two, err := read(filepath.Join(dir, "10-narrow.png"))
	if err != nil || two.Bounds() != image.Rect(0, 0, 920, 340) {
		t.Errorf("two beside each other: %v, %v", two, err)
	}
}

// Noise that has no room even in few colours is refused.
func TestTooLarge(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	noise := picture(600, 400, func(int, int) color.RGBA {
		v := r.Uint32()
		return color.RGBA{uint8(v), uint8(v >> 8), uint8(v >> 16), 255}
	})
	if b, err := small(noise); err == nil {
		t.Errorf("%d bytes", len(b))
	}
}

// Few colours stay as they are; of many, each pixel keeps one near its own.
func TestFewColours(t *testing.T) {
	few := picture(64, 64, func(x, y int) color.RGBA { return color.RGBA{uint8(x % 16 * 10), uint8(y % 16 * 10), 7, 255} })
	many := picture(256, 256, func(x, y int) color.RGBA { return color.RGBA{uint8(x), uint8(y), 128, 255} })
	for _, c := range []struct {
		img  image.Image
		far  int
		name string
	}{{few, 0, "few"}, {many, 20, "many"}} {
		got := fewColours(c.img, 256)
		if len(got.Palette) > 256 {
			t.Fatalf("%s: %d colours", c.name, len(got.Palette))
		}
		for y := range got.Bounds().Dy() {
			for x := range got.Bounds().Dx() {
				p, q := got.At(x, y).(color.RGBA), c.img.At(x, y).(color.RGBA)
				if max(apart(p.R, q.R), apart(p.G, q.G), apart(p.B, q.B)) > c.far {
					t.Fatalf("%s: at %d,%d %v became %v", c.name, x, y, q, p)
				}
			}
		}
	}
}

func apart(a, b uint8) int { return max(int(a)-int(b), int(b)-int(a)) }
