package scan_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/math/f64"

	"magpie/app/scan"
	"magpie/im"
	"magpie/media/probe"
	"magpie/media/voice"
	"magpie/server/invite"
	"magpie/server/invite/invitetest"
)

// inviteTo is an invitation with as many addresses as links usually have.
func inviteTo(t testing.TB, host string) invite.Invitation {
	t.Helper()
	i, err := invite.New([]string{host, "fd00::2", "10.0.0.7"}, 7443, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", strings.Repeat("0f", 32))
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// ground is a picture of one colour.
func ground(w, h int, c color.Color) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(m, m.Bounds(), image.NewUniform(c), image.Point{}, draw.Src)
	return m
}

// on puts a picture onto another.
func on(ground *image.RGBA, m image.Image, x, y int) *image.RGBA {
	draw.Draw(ground, m.Bounds().Add(image.Pt(x, y)), m, image.Point{}, draw.Src)
	return ground
}

// turned is a picture turned by degrees onto a larger grey one, and scaled.
func turned(m image.Image, degrees, scale float64, side int) *image.RGBA {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	c, half := float64(m.Bounds().Dx())/2, float64(side)/2
	to := f64.Aff3{
		scale * cos, -scale * sin, half - scale*(c*cos-c*sin),
		scale * sin, scale * cos, half - scale*(c*sin+c*cos),
	}
	out := ground(side, side, color.Gray{120})
	xdraw.BiLinear.Transform(out, to, m, m.Bounds(), draw.Over, nil)
	return out
}

// photo makes a picture like that of a camera: darker on one side, with grain, and as
// JPEG.
func photo(t testing.TB, m *image.RGBA) []byte {
	t.Helper()
	grain := rand.New(rand.NewPCG(1, 2))
	out := image.NewRGBA(m.Rect)
	for y := range m.Rect.Dy() {
		for x := range m.Rect.Dx() {
			c := m.RGBAAt(x, y)
			light := 0.45 + 0.5*float64(x)/float64(m.Rect.Dx())
			v := uint8(max(0, min(255, float64(c.R)*light+20+grain.NormFloat64()*10)))
			out.SetRGBA(x, y, color.RGBA{v, v, v, 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, out, &jpeg.Options{Quality: 70}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func negative(m *image.RGBA) *image.RGBA {
	for i := range m.Pix {
		if i%4 != 3 {
			m.Pix[i] = 255 - m.Pix[i]
		}
	}
	return m
}

// The code is read from what people have of it.
func TestPictureOfACode(t *testing.T) {
	one, two := inviteTo(t, "192.168.1.20"), inviteTo(t, "192.168.1.21")
	code := func(module int) *image.RGBA { return invitetest.Of(t, one, module) }
	for name, c := range map[string]struct {
		file []byte
		want []string
	}{
		"saved":            {invitetest.PNG(t, code(3)), []string{one.String()}},
		"smallest":         {invitetest.PNG(t, code(2)), []string{one.String()}},
		"screenshot":       {invitetest.PNG(t, on(ground(1920, 1080, color.Gray{235}), code(4), 1100, 420)), []string{one.String()}},
		"of a dark window": {invitetest.PNG(t, on(ground(1920, 1080, color.Gray{20}), code(4), 200, 300)), []string{one.String()}},
		"light on dark":    {invitetest.PNG(t, negative(code(4))), []string{one.String()}},
		"photo":            {photo(t, turned(code(8), 11, 1.4, 1500)), []string{one.String()}},
		"upside down":      {photo(t, turned(code(8), 188, 1, 1200)), []string{one.String()}},
		"large photo":      {photo(t, turned(code(12), 4, 2.2, 3000)), []string{one.String()}},
		"two":              {invitetest.PNG(t, on(on(ground(1000, 500, color.White), code(4), 20, 20), invitetest.Of(t, two, 5), 480, 20)), []string{one.String(), two.String()}},
		"none":             {invitetest.PNG(t, ground(640, 480, color.White)), nil},
		"one pixel":        {invitetest.PNG(t, ground(1, 1, color.White)), nil},
		"cut":              {invitetest.PNG(t, code(4).SubImage(image.Rect(0, 0, 150, 400))), nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := scan.Picture(t.Context(), bytes.NewReader(c.file), nil)
			if err != nil {
				t.Fatal(err)
			}
			if !same(got, c.want) {
				t.Errorf("read %q, want %q", got, c.want)
			}
		})
	}
}

// same compares two lists, in whatever order.
func same(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	left := map[string]int{}
	for i := range a {
		left[a[i]]++
		left[b[i]]--
	}
	for _, n := range left {
		if n != 0 {
			return false
		}
	}
	return true
}

// bomb is a PNG whose header says more pixels than are decoded.
func bomb(t testing.TB) []byte {
	t.Helper()
	b := invitetest.PNG(t, ground(8, 8, color.White))
	copy(b[16:], []byte{0, 1, 0, 0, 0, 1, 0, 0})
	return b
}

// What is no picture, or is one that would fill the memory, is refused with words.
func TestPictureRefused(t *testing.T) {
	whole := invitetest.PNG(t, invitetest.Of(t, inviteTo(t, "192.168.1.20"), 3))
	for name, file := range map[string][]byte{
		"bomb": bomb(t), "text": []byte("magpie://192.168.1.20:7443/join"), "cut": whole[:len(whole)/2], "nothing": {},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := scan.Picture(t.Context(), bytes.NewReader(file), nil)
			if im.CodeOf(err) != im.CodePictureUnreadable {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

// apart stands for the sandbox: it decodes to a picture, or fails.
type apart struct {
	probe.Isolated
	img image.Image
}

func (a apart) Picture(context.Context, voice.File, int) (image.Image, error) {
	if a.img == nil {
		return nil, errors.New("cannot")
	}
	return a.img, nil
}

// The formats of phones are decoded in the sandbox.
func TestPictureOfAPhone(t *testing.T) {
	file, err := os.ReadFile(filepath.Join("..", "..", "media", "sandbox", "testdata", "i.avif"))
	if err != nil {
		t.Fatal(err)
	}
	want := inviteTo(t, "192.168.1.20")
	got, err := scan.Picture(t.Context(), bytes.NewReader(file), apart{img: invitetest.Of(t, want, 4)})
	if err != nil || !same(got, []string{want.String()}) {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := scan.Picture(t.Context(), bytes.NewReader(file), apart{}); im.CodeOf(err) != im.CodePictureUnreadable {
		t.Errorf("one that it cannot decode: %v", err)
	}
}

// A picture full of what looks like corners of codes takes no longer than another.
func TestPictureFullOfCorners(t *testing.T) {
	m := ground(1600, 1600, color.White)
	corner := invitetest.Of(t, inviteTo(t, "192.168.1.20"), 2).SubImage(image.Rect(8, 8, 22, 22)).(*image.RGBA)
	for y := 0; y < 1600; y += 18 {
		for x := 0; x < 1600; x += 18 {
			draw.Draw(m, image.Rect(x, y, x+14, y+14), corner, corner.Rect.Min, draw.Src)
		}
	}
	begun := time.Now()
	got, err := scan.Codes(t.Context(), m)
	if err != nil || len(got) > 0 {
		t.Errorf("%q, %v", got, err)
	}
	if took := time.Since(begun); took > 30*time.Second {
		t.Errorf("it took %v", took)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := scan.Codes(ended, m); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
}

// Whatever dots there are, looking for codes ends and does not end the program.
func FuzzCodes(f *testing.F) {
	c := invitetest.Of(f, inviteTo(f, "192.168.1.20"), 1)
	var seed []byte
	for i := 0; i < len(c.Pix); i += 32 {
		seed = append(seed, c.Pix[i])
	}
	f.Add(uint8(c.Rect.Dx()), seed)
	f.Add(uint8(21), []byte{0x55, 0xaa})
	f.Fuzz(func(t *testing.T, side uint8, dots []byte) {
		if side == 0 || len(dots) == 0 {
			return
		}
		m := image.NewRGBA(image.Rect(0, 0, int(side)*2, int(side)*2))
		for i := range m.Pix {
			at := i / 4
			dot := at/m.Rect.Dx()/2*int(side) + at%m.Rect.Dx()/2
			m.Pix[i] = 255 * (dots[dot/8%len(dots)] >> (dot % 8) & 1)
		}
		if _, err := scan.Codes(t.Context(), m); err != nil {
			t.Error(err)
		}
	})
}
