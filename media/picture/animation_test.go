package picture_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"testing"
	"time"

	"magpie/media/picture"
)

// moving is a GIF with a frame for each disposal.
func moving(t testing.TB, w, h, frames int, disposal byte) []byte {
	t.Helper()
	palette := color.Palette{color.Transparent, red, green, blue}
	g := &gif.GIF{Config: image.Config{Width: w, Height: h, ColorModel: palette}}
	for i := range frames {
		// The first frame covers all, the others a quarter.
		r := image.Rect(0, 0, w, h)
		if i > 0 {
			r = image.Rect(0, 0, w/2, h/2)
		}
		img := image.NewPaletted(r, palette)
		for k := range img.Pix {
			img.Pix[k] = uint8(1 + i%3)
		}
		g.Image, g.Delay, g.Disposal = append(g.Image, img), append(g.Delay, 5*(i%2)), append(g.Disposal, disposal)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, g); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func animate(b []byte) (*picture.Animation, error) {
	return picture.Animate(context.Background(), bytes.NewReader(b), int64(len(b)))
}

func TestAnimation(t *testing.T) {
	transparent := color.RGBA{}
	for disposal, want := range map[byte][2]color.RGBA{ // of the covered and the other quarters, in frame 2
		gif.DisposalNone:       {green, red},
		gif.DisposalBackground: {green, transparent},
		gif.DisposalPrevious:   {green, transparent},
	} {
		a, err := animate(moving(t, 40, 40, 3, disposal))
		if err != nil {
			t.Fatal(err)
		}
		if a.Frames() != 3 || a.Cut {
			t.Errorf("%d frames, cut: %v", a.Frames(), a.Cut)
		}
		for range 2 { // it begins anew after the last
			img, delay := a.Next()
			near(t, "first", img, 10, 10, red)
			near(t, "first", img, 30, 30, red)
			if delay != 100*time.Millisecond {
				t.Errorf("no delay is %v", delay)
			}
			img, delay = a.Next()
			if got := [2]color.RGBA{img.RGBAAt(10, 10), img.RGBAAt(30, 30)}; got != want {
				t.Errorf("disposal %d: %v, want %v", disposal, got, want)
			}
			if delay != 50*time.Millisecond {
				t.Errorf("a delay of 5/100 s is %v", delay)
			}
			img, _ = a.Next()
			near(t, "third", img, 10, 10, blue)
		}
	}
}

func TestAnimationBounds(t *testing.T) {
	a, err := animate(moving(t, 8, 8, 2100, gif.DisposalNone))
	if err != nil || a.Frames() != 2000 || !a.Cut {
		t.Errorf("2100 frames: %v, %v", a, err)
	}
	// 17 whole frames of 4 million pixels would be 64 MB and more; each costs a few
	// kilobytes of file.
	palette := color.Palette{red, green}
	big := &gif.GIF{}
	for range 17 {
		big.Image, big.Delay = append(big.Image, image.NewPaletted(image.Rect(0, 0, 2000, 2000), palette)), append(big.Delay, 0)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, big); err != nil {
		t.Fatal(err)
	}
	if a, err := animate(b.Bytes()); err != nil || a.Frames() != 16 || !a.Cut {
		t.Errorf("17 frames of 4 million pixels: %v", err)
	}
	whole := moving(t, 40, 40, 3, gif.DisposalNone)
	if a, err := animate(whole[:len(whole)-10]); err != nil || a.Frames() != 2 || !a.Cut {
		t.Errorf("truncated: %v", err)
	}
	for name, c := range map[string]struct {
		b    []byte
		want error
	}{
		"no frame":   {whole[:20], picture.ErrDamaged},
		"a PNG":      {file(t, "bomb.png"), picture.ErrTooLarge},
		"no GIF":     {file(t, "flag.webp"), picture.ErrFormat},
		"too large":  {moving(t, 2001, 2000, 1, 0), picture.ErrTooLarge},
		"no picture": {[]byte("GIF"), picture.ErrFormat},
	} {
		if _, err := animate(c.b); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}
