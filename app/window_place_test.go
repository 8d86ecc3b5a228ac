package app

import (
	"image"
	"testing"

	"fyne.io/fyne/v2"

	"magpie/app/profile"
)

// A window whose screen is gone, or which could not be taken hold of, is not put there.
func TestWithin(t *testing.T) {
	one := []image.Rectangle{image.Rect(0, 0, 1920, 1080)}
	two := append([]image.Rectangle{image.Rect(-1280, 100, 0, 1124)}, one...)
	for _, c := range []struct {
		x, y, width int
		screens     []image.Rectangle
		want        bool
	}{
		{100, 100, 1120, one, true},
		{-1200, 200, 1120, two, true},
		{-1200, 200, 1120, one, false}, // the left screen is gone
		{-1200, 20, 1120, two, false},  // above it
		{-1100, 200, 1120, one, false}, // 20 pixels are there
		{1900, 100, 1120, one, false},
		{1800, 100, 1120, one, true},
		{100, 1070, 1120, one, false},
		{100, -10, 1120, one, false},
		{0, 0, 0, one, true},
		{0, 0, 1120, nil, false},
	} {
		if got := within(image.Pt(c.x, c.y), c.width, c.screens); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

// A maximised window remembers what it goes back to.
func TestMoved(t *testing.T) {
	s := &profile.Settings{Width: 1000, Height: 700}
	s.Place, s.Width, s.Height = moved(s, place{at: image.Pt(30, 40)}, fyne.NewSize(900, 600))
	if *s.Place != (profile.Place{X: 30, Y: 40}) || s.Width != 900 || s.Height != 600 {
		t.Errorf("%+v, %v × %v", s.Place, s.Width, s.Height)
	}
	s.Place, s.Width, s.Height = moved(s, place{at: image.Pt(0, 20), maximised: true}, fyne.NewSize(1920, 1060))
	if *s.Place != (profile.Place{X: 30, Y: 40, Maximised: true}) || s.Width != 900 || s.Height != 600 {
		t.Errorf("%+v, %v × %v", s.Place, s.Width, s.Height)
	}
	s.Place, s.Width, s.Height = moved(s, place{at: image.Pt(50, 60)}, fyne.NewSize(800, 500))
	if *s.Place != (profile.Place{X: 50, Y: 60}) || s.Width != 800 {
		t.Errorf("%+v, %v", s.Place, s.Width)
	}
}
