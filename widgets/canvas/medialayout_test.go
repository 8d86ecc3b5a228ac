package canvas

import (
	"image/color"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"magpie/widgets/theme"
)

func TestPhotoSize(t *testing.T) {
	for _, c := range []struct {
		w, h          int
		limit         float32
		width, height float32
	}{
		{230, 150, 500, 230, 150},
		{4000, 3000, 500, 320, 240},
		{1080, 1920, 500, 135, 240},
		{640, 240, 500, 320, 120},
		{0, 0, 500, 180, 120},
		{100, 0, 500, 180, 120},
		{-5, -5, 500, 180, 120},
		{1, 1, 500, 96, 64},
		{16, 400, 500, 96, 240},
		{20000, 10, 500, 320, 64},
		{640, 480, 160, 160, 120},
		{0, 0, 90, 90, 64},
		{640, 64, 42, 42, 64},
	} {
		if w, h := photoSize(c.w, c.h, c.limit); math.Abs(float64(w-c.width)) > 0.01 || math.Abs(float64(h-c.height)) > 0.01 {
			t.Errorf("%d × %d in %g is %g × %g, want %g × %g", c.w, c.h, c.limit, w, h, c.width, c.height)
		}
	}
}

func TestResample(t *testing.T) {
	for _, c := range []struct {
		name  string
		peaks []byte
		n     int
		want  []float32
	}{
		{"none", nil, 3, []float32{0, 0, 0}},
		{"as many", []byte{0, 51, 255}, 3, []float32{0, 0.2, 1}},
		{"more", []byte{0, 200, 100, 0, 50, 20}, 3, []float32{1, 0.5, 0.25}},
		{"fewer", []byte{0, 255}, 4, []float32{0, 0, 1, 1}},
		{"one", []byte{128}, 2, []float32{1, 1}},
		{"quiet", []byte{16, 32}, 2, []float32{0.25, 0.5}},
		{"no room", []byte{16, 32}, 0, nil},
	} {
		if got := resample(nil, c.peaks, c.n); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestWaveIsPainted(t *testing.T) {
	heard, ahead := color.NRGBA{R: 200, A: 255}, color.NRGBA{G: 100, A: 128}
	for _, scale := range []float32{1, 1.25, 1.5, 2, 3} {
		var w wave
		width, height := int(100*scale), int(voiceWave*scale)
		if !w.paint(width, height, scale, peaks(40), 0.5, heard, ahead) {
			t.Fatal("nothing painted")
		}
		full := 0
		for y := range height {
			for x := range width {
				p, mirrored := w.pix.RGBAAt(x, y), w.pix.RGBAAt(x, height-1-y)
				if p != mirrored {
					t.Fatalf("at %g, %d %d is %v but %v below", scale, x, y, p, mirrored)
				}
				if p.R > 0 && x >= w.played || p.G > 0 && x < w.played {
					t.Fatalf("at %g, %d %d is %v, %d columns are played", scale, x, y, p, w.played)
				}
				if p.R == 200 {
					full++
				}
			}
		}
		if full == 0 {
			t.Errorf("at %g no pixel is covered", scale)
		}
		if w.paint(width, height, scale, peaks(40), 0.5, heard, ahead) || w.paint(width, height, scale, peaks(40), 0.5001, heard, ahead) {
			t.Errorf("at %g painted again for nothing", scale)
		}
		if !w.paint(width, height, scale, peaks(41), 0.5, heard, ahead) || !w.paint(width, height, scale, peaks(41), 0.5, heard, heard) {
			t.Errorf("at %g a change is not painted", scale)
		}
	}
}

func TestShorten(t *testing.T) {
	show(t, theme.Light, 640, 480, Options{})
	fonts := newFonts()
	f := &fonts.title
	for _, c := range []struct{ name, begins, ends string }{
		{"short.pdf", "short.pdf", ".pdf"},
		{strings.Repeat("report ", 30) + "v12.docx", "report report", "v12.docx"},
		{strings.Repeat("报告", 60) + "终版.zip", "报告报告", "终版.zip"},
		{strings.Repeat("x", 300), "xxxxxxxx", "xxxx"},
		{"a." + strings.Repeat("notanending", 30), "a.notan", "ding"},
		{strings.Repeat("👨‍👩‍👧", 40) + "e\u0301.png", "👨‍👩‍👧", "e\u0301.png"},
		{"." + strings.Repeat("hidden", 40), ".hidden", "dden"},
		{"", "", ""},
		{strings.Repeat("\xff", 200) + ".bin", "", ".bin"},
	} {
		for _, limit := range []float32{90, 152, 400} {
			lay := f.shorten(c.name, limit, 2)
			if !strings.HasPrefix(lay.Text, c.begins) && limit > 100 || !strings.HasSuffix(lay.Text, c.ends) {
				t.Errorf("%.20q in %g is %q", c.name, limit, lay.Text)
			}
			if strings.Count(lay.Text, "…") != boolInt(lay.Text != c.name && utf8.ValidString(c.name)) && utf8.ValidString(c.name) {
				t.Errorf("%.20q in %g is %q", c.name, limit, lay.Text)
			}
			if len(lay.Lines) > 2 {
				t.Errorf("%.20q in %g has %d lines", c.name, limit, len(lay.Lines))
			}
			if strings.Contains(lay.Text, "…\u0301") || strings.Contains(lay.Text, "\u200d…") || strings.Contains(lay.Text, "…\u200d") {
				t.Errorf("%.20q is cut within a character: %q", c.name, lay.Text)
			}
		}
	}
	if lay := f.shorten(strings.Repeat("w", 99)+".numbers", 20, 2); len(lay.Lines) > 2 {
		t.Errorf("in no room %q has %d lines", lay.Text, len(lay.Lines))
	}
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// What is said about media stays within its bubble or picture and never runs into
// something else, whatever is said and however narrow the window is.
func TestMediaFits(t *testing.T) {
	transfers := []*Transfer{
		nil,
		{Download: true, Done: 98_765_432, Total: 98_999_999},
		{Done: 98_765_432, Total: 98_999_999, Paused: true},
		{Download: true, Failed: strings.Repeat("a reason of many words ", 5)},
		{Failed: "服务器没有响应，请稍后再试一次，或者检查网络连接"},
	}
	items := []Item{
		media(1, "Lin", KindVoice, 0, Media{Duration: 599 * time.Second, Peaks: peaks(100), Unheard: true}),
		media(2, "Lin", KindImage, 0, Media{Width: 3, Height: 3}),
		media(3, "Lin", KindImage, 0, Media{Width: 150, Height: 150}),
		media(4, "Lin", KindVideo, 0, Media{Width: 720, Height: 1280, Duration: time.Hour, Size: 98_999_999}),
		media(5, "Lin", KindVideo, 0, Media{Duration: time.Hour, Size: 98_999_999}),
		media(6, "Lin", KindFile, 0, Media{Name: strings.Repeat("很长的名字", 30) + ".pdf", Tag: "WWWW", Size: 98_999_999}),
		media(7, "Lin", KindFile, 0, Media{Name: strings.Repeat("WWWWW", 30) + ".pdf", Size: 98_999_999}),
		media(8, "Lin", KindFile, 0, Media{}),
		media(9, "Lin", KindVoice, 0, Media{}),
	}
	for _, own := range []bool{false, true} {
		for _, width := range []float32{260, 320, 360, 480, 816} {
			for i, transfer := range transfers {
				c, _ := show(t, theme.Light, width, 3000, Options{})
				all := slices.Clone(items)
				for n := range all {
					all[n].Own, all[n].State = own, []State{StateRead, StateWaiting, StateFailed, StateSent}[(n+i)%4]
				}
				openItems(c, all, 0, 0)
				for _, r := range c.shown {
					c.SetTransfer(r.entry.Key, transfer)
					c.SetPlaying(r.entry.Key, Playing{Shown: i%2 == 0, At: 598 * time.Second, Speed: 1.5})
					fits(t, c, r)
				}
			}
		}
	}
}

// fits checks what a row says.
func fits(t *testing.T, c *Canvas, r *row) {
	t.Helper()
	l := r.layout
	within := l.bubble
	if l.photo != nil {
		within = l.photo.area
	}
	type box struct {
		area
		text string
	}
	var boxes []box
	for _, o := range r.texts[:r.usedTexts] {
		a := area{o.Position().X, o.Position().Y, o.MinSize().Width, float32(o.TextSize)}
		a.y += (o.MinSize().Height - a.h) / 2
		outside := a.y >= l.body || a.x < within.x || o.Text == l.name.text && l.photo != nil || l.day.holds(a.x+1, a.y+5)
		if outside {
			continue
		}
		if a.x < within.x || a.x+a.w > within.x+within.w+1 || a.y < within.y || a.y+a.h > within.y+within.h {
			t.Errorf("%g wide, %s: %q at %+v is outside of %+v", l.width, r.entry.Key, o.Text, a, within)
		}
		for _, b := range boxes {
			if a.x < b.x+b.w-0.5 && b.x < a.x+a.w-0.5 && a.y < b.y+b.h-1 && b.y < a.y+a.h-1 {
				t.Errorf("%g wide, %s: %q at %+v runs into %q at %+v", l.width, r.entry.Key, o.Text, a, b.text, b.area)
			}
		}
		boxes = append(boxes, box{a, o.Text})
	}
	if l.file == nil {
		return
	}
	actions, n := c.fileActions(r.entry, c.transferOf(r.entry))
	for i := range actions[:n] {
		b := inside(l.file.button(i, n), theme.IconSmall)
		for _, o := range boxes {
			if b.x < o.x+o.w && o.x < b.x+b.w && b.y < o.y+o.h && o.y < b.y+b.h {
				t.Errorf("%g wide, %s: %q at %+v runs into button %d at %+v", l.width, r.entry.Key, o.text, o.area, i, b)
			}
		}
	}
}

// Everything stands on whole device pixels, so that nothing is blurred.
func TestMediaStandsOnPixels(t *testing.T) {
	for _, scale := range []float32{1, 1.25, 1.5, 2} {
		c, w := show(t, theme.Light, 613, 900, Options{})
		w.Canvas().(interface{ SetScale(float32) }).SetScale(scale)
		w.Resize(fyne.NewSize(613, 900))
		openItems(c, everything(6), 0, 0)
		on := func(what string, k Key, values ...float32) {
			for _, v := range values {
				if px := float64(v * scale); px-float64(int(px+0.5)) > 0.02 || px-float64(int(px+0.5)) < -0.02 {
					t.Errorf("at %g, %s of %s: %g is not on a pixel", scale, what, k, v)
				}
			}
		}
		for _, r := range c.shown {
			l, k := r.layout, r.entry.Key
			on("the height", k, l.height)
			on("the bubble", k, l.bubble.x, l.bubble.y, l.bubble.w, l.bubble.h)
			switch {
			case l.photo != nil:
				p := l.photo
				on("the picture", k, p.x, p.y, p.w, p.h, p.time.x, p.time.y, p.button.x, p.button.y)
			case l.voice != nil:
				on("the wave", k, l.voice.wave.x, l.voice.wave.y, l.voice.wave.w)
			case l.file != nil:
				on("the tile", k, l.file.tile.x, l.file.tile.y)
			}
		}
	}
}
