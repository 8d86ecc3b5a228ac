package canvas

import (
	"testing"

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
	// A second turn on the way takes over what is left of the first.
	a := fyne.NewAnimation(glideTime, nil)
	c.glide = glide{animation: a, total: 100, done: 40}
	c.glideBy(50)
	if d := at(); d != 60+60+50 {
		t.Errorf("after two turns %g, want 170", d)
	}
	// The other way forgets it.
	c.glide = glide{animation: a, total: 100, done: 40}
	c.glideBy(-50)
	if d := at(); d != 120 {
		t.Errorf("after turning back %g, want 120", d)
	}
	// Going somewhere stops it.
	c.glide = glide{animation: a, total: 100, done: 40}
	c.JumpToNewest()
	if c.glide.animation != nil || !c.AtNewest() {
		t.Error("goes on gliding after a jump")
	}
}
