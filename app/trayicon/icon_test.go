package trayicon

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"magpie/assets"
)

func painter(t *testing.T) *Painter {
	t.Helper()
	_, data := assets.AppIcon()
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return NewPainter(img)
}

// Every number that is not the same is another picture, in every size; so is being
// quiet, beside a number too. None says something by colour alone: without colours
// they still differ.
func TestIconsDiffer(t *testing.T) {
	p := painter(t)
	seen := map[string]Sign{}
	for _, s := range []Sign{{}, {Unread: 1}, {Unread: 7}, {Unread: 12}, {Unread: 99}, {Unread: 100}, {Quiet: true}, {Unread: 7, Quiet: true}} {
		icons, err := p.Paint(s)
		if err != nil || len(icons) != len(Sizes) {
			t.Fatal(len(icons), err)
		}
		for i, img := range icons {
			if got := img.Bounds(); got != image.Rect(0, 0, Sizes[i], Sizes[i]) {
				t.Errorf("%+v: %v", s, got)
			}
			key := fmt.Sprint(i, string(grey(img)))
			if other, was := seen[key]; was {
				t.Errorf("%+v looks like %+v", s, other)
			}
			seen[key] = s
			keep(t, fmt.Sprintf("%d-%v-%d.png", s.Unread, s.Quiet, Sizes[i]), img)
		}
	}
	many, err := p.Paint(Sign{Unread: 1 << 40})
	if err != nil {
		t.Fatal(err)
	}
	if seen[fmt.Sprint(0, string(grey(many[0])))] != (Sign{Unread: 100}) {
		t.Error("a number without room is not shown as 99+")
	}
}

// The number can be read: it and the pill differ by more than 4.5 to 1.
func TestBadgeHasContrast(t *testing.T) {
	for _, c := range []color.NRGBA{badgeColour, quietColour} {
		if got := (luminance(inkColour) + 0.05) / (luminance(c) + 0.05); got < 4.5 {
			t.Errorf("%v has %.1f to 1", c, got)
		}
	}
}

func luminance(c color.NRGBA) float64 {
	lin := func(v uint8) float64 {
		f := float64(v) / 255
		if f <= 0.04045 {
			return f / 12.92
		}
		g := (f + 0.055) / 1.055
		return g * g * (0.6 + 0.4*g) // within 2 % of the power 2.4
	}
	return 0.2126*lin(c.R) + 0.7152*lin(c.G) + 0.0722*lin(c.B)
}

func grey(img image.Image) []byte {
	g := image.NewGray(img.Bounds())
	for i := range g.Pix {
		g.Set(i%g.Stride, i/g.Stride, img.At(i%g.Stride, i/g.Stride))
	}
	return g.Pix
}

// keep leaves a picture where MAGPIE_SHOTS says.
func keep(t *testing.T, name string, img image.Image) {
	t.Helper()
	dir := os.Getenv("MAGPIE_SHOTS")
	if dir == "" {
		return
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
