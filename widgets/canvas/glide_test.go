package canvas

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"magpie/widgets/theme"
)

// The animations of Fyne's test driver end at once; this plays them by hand.
func TestGlide(t *testing.T) {
	c, _ := show(t, theme.Light, 640, 480, Options{})
	openItems(c, talk(3000), 0, 0)
	c.scrollBy(5000)
	c.still = false
	place := func() float32 { return c.shown[1].y }
	e, from := c.shown[1].entry, place()
	at := func() float32 {
		if e.row == nil {
			t.Fatal("gone")
		}
		return e.row.y - from
	}
	// The test driver runs the whole of it in Start.
	c.glideBy(60)
	if d := at(); d != 60 || c.glide.animation != nil {
		t.Errorf("glided %g, still gliding %v", d, c.glide.animation != nil)
	}
	// A wheel that turns faster than pictures are drawn moves the content in each of them.
	a := fyne.NewAnimation(time.Second, nil)
	c.glide = glide{animation: a}
	for frame := range 12 {
		before := at()
		c.glideBy(8)
		c.glideBy(8)
		c.glideOn(16 * time.Millisecond)
		if d := at() - before; d < 4 {
			t.Fatalf("picture %d goes %g", frame, d)
		}
	}
	for n := 0; c.glide.animation != nil; n++ {
		if n > 30 {
			t.Fatalf("%g are left after %d pictures", c.glide.left, n)
		}
		c.glideOn(16 * time.Millisecond)
	}
	if d := at(); d != 60+12*16 {
		t.Errorf("in the end %g, want %d", d, 60+12*16)
	}
	// The other way forgets what was left, and a clock that stands still ends it too.
	c.glide = glide{animation: a, left: 60}
	c.glideBy(-50)
	for n := 0; c.glide.animation != nil; n++ {
		if n > 300 {
			t.Fatalf("%g are left after %d pictures", c.glide.left, n)
		}
		c.glideOn(-time.Hour)
	}
	if d := at(); d != 60+12*16-50 {
		t.Errorf("after turning back %g", d)
	}
	// Going somewhere stops it.
	c.glide = glide{animation: a, left: 60}
	c.JumpToNewest()
	if c.glide.animation != nil || !c.AtNewest() {
		t.Error("goes on gliding after a jump")
	}
}
