//go:build wintest

package wintest

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"os/exec"
	"strings"
	"testing"

	"magpie/app/uitest"
)

// clocks are the times among the messages ("10:42"), from the top.
func (w *window) clocks() (all []uitest.Text) {
	w.t.Helper()
	for _, t := range w.texts() {
		hours, minutes, ok := strings.Cut(t.Text, ":")
		if ok && t.X > listWidth && len(hours) == 2 && len(minutes) == 2 && strings.Trim(hours+minutes, "0123456789") == "" {
			all = append(all, t)
		}
	}
	return all
}

// colour is what the window shows at a place.
func (w *window) colour(x, y int) color.RGBA {
	w.t.Helper()
	out, err := exec.Command("import", "-window", w.id, "-crop", fmt.Sprintf("1x1+%d+%d", x, y), "-depth", "8", "rgb:-").Output()
	if err != nil || len(out) != 3 {
		w.t.Fatalf("%v, %v", out, err)
	}
	return color.RGBA{out[0], out[1], out[2], 255}
}

// plain is a PNG of one colour.
func plain(t *testing.T, c color.RGBA) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 1200, 900))
	for i := 0; i < len(img.Pix); i += 4 {
		copy(img.Pix[i:], []byte{c.R, c.G, c.B, 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Two pictures are sent, looked at in full by click and keys, made larger with the
// wheel, and left for the composer.
func TestLookAtPictures(t *testing.T) {
	cache, err := os.UserCacheDir() // of the isolated decoder, which takes long to make
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_CACHE_HOME", cache)
	w := open(t, "--data", t.TempDir())
	w.click("Start on this computer")
	w.click("Notes to self")
	w.settled("Message Notes to self")
	red, green := color.RGBA{200, 40, 40, 255}, color.RGBA{40, 160, 60, 255}
	shows := func(want color.RGBA) func() bool {
		return func() bool {
			c := w.colour(560, 360)
			return math.Abs(float64(c.R)-float64(want.R)) < 16 && math.Abs(float64(c.G)-float64(want.G)) < 16
		}
	}
	for i, c := range []color.RGBA{red, green} {
		w.copies("image/png", plain(t, c))
		w.key("ctrl+v")
		w.sees("1 item · ")
		w.key("Return")
		w.eventually("the picture is among the messages", func() bool { return len(w.clocks()) == i+1 })
		w.gone("1 item · ")
	}
	last := w.clocks()[1]
	w.clickAt(last.X-60, last.Y-60)
	w.sees("2 of 2")
	w.sees("1200 × 900")
	w.eventually("the newest is shown", shows(green))
	w.shoot("newest")
	w.key("Left")
	w.sees("1 of 2")
	w.eventually("the one before is shown", shows(red))
	percent := func() string {
		for _, t := range w.texts() {
			if strings.HasSuffix(t.Text, "%") {
				return t.Text
			}
		}
		return ""
	}
	w.eventually("it is shown as a whole", func() bool { return percent() != "" })
	whole := percent()
	w.xdotool("mousemove", "--window", w.id, "--sync", "500", "300", "sleep", "0.2", "click", "4")
	w.eventually("it is larger", func() bool { return percent() != whole })
	w.key("0")
	w.eventually("it is shown as a whole again", func() bool { return percent() == whole })
	w.shoot("older")
	w.key("Escape")
	w.gone("1 of 2")
	w.types("after that")
	w.key("Return")
	w.seesInMessages("after that")
	w.quit()
}
