package colour_test

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"magpie/media/colour"
	"magpie/media/internal/icctest"
	"magpie/media/internal/memtest"
)

// Colours of sRGB and the numbers that stand for them in other spaces, of 1 (CSS Color
// Module Level 4, 10; the last two have no counterpart in sRGB and become the nearest
// that it has).
var known = []struct {
	space string
	in    [3]float64
	want  color.RGBA
}{
	{"p3", [3]float64{0, 0, 0}, color.RGBA{0, 0, 0, 255}},
	{"p3", [3]float64{1, 1, 1}, color.RGBA{255, 255, 255, 255}},
	{"p3", [3]float64{0.5, 0.5, 0.5}, color.RGBA{128, 128, 128, 255}},
	{"p3", [3]float64{0.91749, 0.20029, 0.13856}, color.RGBA{255, 0, 0, 255}},
	{"p3", [3]float64{0.45840, 0.98526, 0.29831}, color.RGBA{0, 255, 0, 255}},
	{"p3", [3]float64{0, 0, 0.95958}, color.RGBA{0, 0, 255, 255}},
	{"a98", [3]float64{0.85859, 0, 0}, color.RGBA{255, 0, 0, 255}},
	{"a98", [3]float64{0.56498, 1, 0.23443}, color.RGBA{0, 255, 0, 255}},
	{"a98", [3]float64{1, 1, 1}, color.RGBA{255, 255, 255, 255}},
	{"p3", [3]float64{1, 0, 0}, color.RGBA{255, 0, 0, 255}},
	{"a98", [3]float64{0, 1, 0}, color.RGBA{0, 255, 0, 255}},
}

func profileOf(space string) []byte {
	if space == "p3" {
		return icctest.DisplayP3()
	}
	return icctest.AdobeRGB()
}

func one(t *colour.Table, c color.RGBA) color.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, 1, 1))
	img.SetRGBA(0, 0, c)
	t.Apply(img)
	return img.RGBAAt(0, 0)
}

func eight(v float64) uint8 { return uint8(math.Round(v * 255)) }

func far(a, b uint8) int { return max(int(a)-int(b), int(b)-int(a)) }

func TestKnownColours(t *testing.T) {
	for _, k := range known {
		table, err := colour.Read(profileOf(k.space))
		if err != nil || table == nil {
			t.Fatalf("%s: %v, %v", k.space, table, err)
		}
		in := color.RGBA{eight(k.in[0]), eight(k.in[1]), eight(k.in[2]), 255}
		got := one(table, in)
		if far(got.R, k.want.R) > 4 || far(got.G, k.want.G) > 4 || far(got.B, k.want.B) > 3 || got.A != 255 {
			t.Errorf("%s %v is %v, want %v", k.space, in, got, k.want)
		}
	}
}

// The table is as good as the calculation: here once more, by the definitions of both
// spaces.
func TestBetweenThePoints(t *testing.T) {
	table, err := colour.Read(icctest.DisplayP3())
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	worst, sum, n := 0, 0, 0
	for range 20_000 {
		in := color.RGBA{uint8(random.Uint32()), uint8(random.Uint32()), uint8(random.Uint32()), 255}
		want, inside := p3ToSRGB(in)
		if !inside {
			continue // how the nearest is chosen is not the matter here
		}
		got := one(table, in)
		for i, v := range [3]uint8{got.R, got.G, got.B} {
			d := far(v, want[i])
			worst, sum, n = max(worst, d), sum+d, n+1
		}
	}
	if n < 10_000 || worst > 2 || float64(sum)/float64(n) > 0.15 {
		t.Errorf("%d values, off by up to %d, %.3f at the mean", n, worst, float64(sum)/float64(n))
	}
}

// p3ToSRGB uses the matrix from Display P3 to sRGB, both of D65 and with the same curve.
func p3ToSRGB(c color.RGBA) (out [3]uint8, inside bool) {
	linear := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	r, g, b := linear(c.R), linear(c.G), linear(c.B)
	inside = true
	for i, m := range [3][3]float64{
		{1.2249401, -0.2249402, 0},
		{-0.0420569, 1.0420571, 0},
		{-0.0196376, -0.0786361, 1.0982735},
	} {
		v := m[0]*r + m[1]*g + m[2]*b
		inside = inside && v >= 0 && v <= 1
		if v <= 0.0031308 {
			v *= 12.92
		} else {
			v = 1.055*math.Pow(v, 1/2.4) - 0.055
		}
		out[i] = eight(min(max(v, 0), 1))
	}
	return out, inside
}

func TestNothingToDo(t *testing.T) {
	table, err := colour.Read(icctest.SRGB())
	if err != nil || table != nil {
		t.Errorf("sRGB: %v, %v", table, err)
	}
	c := color.RGBA{1, 2, 3, 255}
	if got := one(table, c); got != c {
		t.Errorf("%v became %v", c, got)
	}
}

func TestGrey(t *testing.T) {
	table, err := colour.Read(icctest.Grey(1.8))
	if err != nil || table == nil {
		t.Fatalf("%v, %v", table, err)
	}
	// 0.5 to the power of 1.8 is 0.2872 of the light, which is 0.5730 in sRGB.
	got := one(table, color.RGBA{128, 128, 128, 255})
	if far(got.R, 146) > 2 || got.R != got.G || got.G != got.B {
		t.Errorf("%v, want 146 of each", got)
	}
}

func TestOfNoUse(t *testing.T) {
	whole := icctest.DisplayP3()
	changed := func(at int, v ...byte) []byte {
		b := append([]byte(nil), whole...)
		copy(b[at:], v)
		return b
	}
	for name, b := range map[string][]byte{
		"empty":                  nil,
		"short":                  whole[:100],
		"cut":                    whole[:len(whole)-1],
		"too long":               make([]byte, colour.MaxProfile+1),
		"no profile":             changed(36, 'x'),
		"four billion tags":      changed(128, 255, 255, 255, 255),
		"a tag beyond the end":   changed(136, 255, 255, 255, 255),
		"a tag of four billions": changed(140, 255, 255, 255, 255),
		"a tag in the header":    changed(136, 0, 0, 0, 0),
		"colours of ink":         changed(16, 'C', 'M', 'Y', 'K'),
		"no curves":              changed(144, 'x'),
	} {
		if _, err := colour.Read(b); !errors.Is(err, colour.ErrProfile) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A profile may be wrong, but never costs more than it may.
func FuzzRead(f *testing.F) {
	f.Add(icctest.DisplayP3())
	f.Add(icctest.AdobeRGB())
	f.Add(icctest.SRGB())
	f.Add(icctest.Grey(2.2))
	f.Fuzz(func(t *testing.T, b []byte) {
		start := time.Now()
		memtest.Within(t, 64<<20, func() {
			if table, err := colour.Read(b); err == nil {
				one(table, color.RGBA{10, 200, 30, 255})
			}
		})
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%d bytes took %v", len(b), took)
		}
	})
}

// BenchmarkRead is what a profile costs for every picture, BenchmarkApply what the large
// thumbnail of a photo of 16:9 does: smooth, with the noise of a camera.
func BenchmarkRead(b *testing.B) {
	for b.Loop() {
		if _, err := colour.Read(icctest.DisplayP3()); err != nil {
			b.Fatal(err)
		}
	}
	row(b, "media/profile_read", "<= 50")
}

// row prints a line of the table of figures.
func row(b *testing.B, name, goal string) {
	fmt.Printf("\nBENCH\t%s\t%.4g\tms\t%s\n", name, b.Elapsed().Seconds()*1000/float64(b.N), goal)
}

func BenchmarkApply(b *testing.B) {
	table, err := colour.Read(icctest.DisplayP3())
	if err != nil {
		b.Fatal(err)
	}
	photo := image.NewRGBA(image.Rect(0, 0, 1280, 720))
	random := rand.New(rand.NewPCG(1, 2))
	for y := range 720 {
		for x := range 1280 {
			noise := func(v int) uint8 { return uint8(v + random.IntN(5)) }
			photo.SetRGBA(x, y, color.RGBA{noise(x / 6), noise(y / 3), noise((x + y) / 9), 255})
		}
	}
	img := image.NewRGBA(photo.Rect)
	for b.Loop() {
		copy(img.Pix, photo.Pix)
		table.Apply(img)
	}
	row(b, "media/profile_apply_720p", "<= 50")
}
