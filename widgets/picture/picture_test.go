package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"magpie/im"
)

func png16(t *testing.T, w, h int, at func(x, y int) color.Color) []byte {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, at(x, y))
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func red(int, int) color.Color { return color.NRGBA{R: 255, A: 255} }

func at(m image.Image, x, y int) color.RGBA { return m.At(x, y).(color.RGBA) }

func TestResourceFits(t *testing.T) {
	const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20" fill="#f00"/></svg>`
	opaque, none := color.RGBA{R: 255, A: 255}, color.RGBA{}
	for _, c := range []struct {
		name           string
		content        []byte
		centre, corner color.RGBA
	}{
		{"square", png16(t, 64, 64, red), opaque, opaque},
		{"small", png16(t, 3, 3, red), opaque, opaque},
		{"wide", png16(t, 80, 20, red), opaque, none},
		{"tall", png16(t, 9, 90, red), opaque, none},
		{"a line", png16(t, 400, 1, red), opaque, none},
		{"drawing", []byte("  " + svg), opaque, none},
	} {
		var cache Cache
		m, ok := cache.Resource(fyne.NewStaticResource(c.name, c.content), 33)
		if !ok || m.Bounds() != image.Rect(0, 0, 33, 33) {
			t.Errorf("%s: %v", c.name, m)
			continue
		}
		if got := at(m, 16, 16); got != c.centre {
			t.Errorf("%s: the centre is %v", c.name, got)
		}
		if got := at(m, 0, 0); got != c.corner {
			t.Errorf("%s: the corner is %v", c.name, got)
		}
		if again, _ := cache.Resource(fyne.NewStaticResource(c.name, nil), 33); again != m {
			t.Errorf("%s was made twice", c.name)
		}
	}
}

// Lines are as wide as they are in the drawing, whatever its size.
func TestLinesOfDrawingsScale(t *testing.T) {
	const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><path d="M0 50H100" stroke="#f00" stroke-width="20"/></svg>`
	for _, side := range []int{25, 50, 100, 200} {
		var cache Cache
		m, ok := cache.Resource(fyne.NewStaticResource("line", []byte(svg)), side)
		if !ok {
			t.Fatal("not read")
		}
		wide := 0
		for y := range side {
			if at(m, side/2, y).A > 127 {
				wide++
			}
		}
		if want := side / 5; wide < want-1 || wide > want+1 {
			t.Errorf("at %d pixels the line is %d wide, want %d", side, wide, want)
		}
	}
}

func TestWhatCannotBeRead(t *testing.T) {
	whole := png16(t, 64, 64, red)
	bomb := bytes.Clone(whole)
	copy(bomb[16:], []byte{0, 1, 0, 0, 0, 1, 0, 0}) // says it is 65,536 pixels a side
	for name, content := range map[string][]byte{
		"nothing": nil, "text": []byte("hello"), "cut": whole[:60], "bomb": bomb, "html": []byte("<html>"),
		"no size": []byte(`<svg xmlns="http://www.w3.org/2000/svg"></svg>`), "path": []byte(`<svg viewBox="0 0 9 9"><path d="M 1 L"/><path d="A A A"/></svg`),
	} {
		var cache Cache
		if m, ok := cache.Resource(fyne.NewStaticResource(name, content), 20); ok && name != "path" {
			t.Errorf("%s gives %v", name, m.Bounds())
		}
	}
	var cache Cache
	if _, ok := cache.Resource(nil, 20); ok {
		t.Error("nil gives a picture")
	}
	if _, ok := cache.Resource(fyne.NewStaticResource("x", whole), 0); ok {
		t.Error("a picture of no pixels")
	}
}

// The mean of what a pixel covers, also where the sizes do not divide.
func TestShrinkIsTheMean(t *testing.T) {
	src := image.NewRGBA(image.Rect(0, 0, 6, 6))
	for y := range 6 {
		for x := range 6 {
			src.SetRGBA(x, y, color.RGBA{R: uint8(40 * x), G: uint8(40 * y), B: 200, A: 255})
		}
	}
	dst := image.NewRGBA(image.Rect(0, 0, 4, 4))
	shrink(dst, dst.Bounds(), src)
	// Column 1 covers half of source column 1 (40) and all of 2 (80).
	want := color.RGBA{R: 67, G: 67, B: 200, A: 255}
	if got := dst.RGBAAt(1, 1); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	for _, c := range []struct{ n, to int }{{72, 18}, {72, 71}, {7, 3}, {100, 1}, {5, 5}} {
		for i, s := range cover(c.n, c.to) {
			var sum float32
			for _, w := range s.weights {
				sum += w
			}
			if sum < 0.999 || sum > 1.001 || s.first+len(s.weights) > c.n {
				t.Errorf("%d to %d: share %d adds up to %g", c.n, c.to, i, sum)
			}
		}
	}
}

// What is used stays, and the whole stays within its bound.
func TestCacheIsBounded(t *testing.T) {
	var cache Cache
	made := 0
	get := func(name string) {
		cache.get(key{name, 100, resource}, func() image.Image { made++; return image.NewRGBA(image.Rect(0, 0, 100, 100)) })
	}
	for i := range 2000 {
		get("always")
		get(fmt.Sprint(i))
	}
	if made != 2001 {
		t.Errorf("made %d pictures for 2001", made)
	}
	if n := 40000 * (len(cache.young) + len(cache.old)); n > MaxBytes {
		t.Errorf("holds %d bytes", n)
	}
	get("0")
	if made != 2002 {
		t.Error("the first is still held")
	}
}

func BenchmarkShrink(b *testing.B) {
	src := image.NewRGBA(image.Rect(0, 0, 72, 72))
	for b.Loop() {
		fit(src, 36)
	}
	us := float64(b.Elapsed().Nanoseconds()) / float64(b.N) / 1000
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "picture/emoji_72_to_36", us, "us", "<= 200")
}

func TestRuns(t *testing.T) {
	for text, want := range map[string]string{
		"":                 "",
		"no emoji":         "no emoji",
		"Emma 🌸 周雨":        "Emma |<🌸>| 周雨",
		"👩‍👩‍👧‍👦🇩🇪":        "<👩‍👩‍👧‍👦>|<🇩🇪>",
		"© and 3, ❤ ❤️":    "© and 3, ❤ |<❤️>",
		"[微笑] www.a.com 😀": "[微笑] www.a.com |<😀>",
		"مرحبا … \u202e":   "مرحبا … \u202e",
	} {
		var got []string
		emoji := false
		for _, r := range Runs(text) {
			switch {
			case r.Kind == im.RunEmoji:
				got = append(got, "<"+r.Text+">")
				emoji = true
			case r.Kind != im.RunText:
				t.Errorf("%q has a run of kind %v", text, r.Kind)
			default:
				got = append(got, r.Text)
			}
		}
		if s := strings.Join(got, "|"); s != want || HasEmoji(text) != emoji {
			t.Errorf("%q: %s, emoji %v, want %s", text, s, HasEmoji(text), want)
		}
	}
}
