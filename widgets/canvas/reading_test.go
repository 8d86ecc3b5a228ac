package canvas

import (
	"testing"

	"fyne.io/fyne/v2"

	"magpie/widgets/theme"
)

// places are where the rows on the screen are.
func places(c *Canvas) map[Key]float32 {
	m := map[Key]float32{}
	for _, r := range c.shown {
		m[r.entry.Key] = r.y
	}
	return m
}

func samePlaces(t *testing.T, what string, got, want map[Key]float32) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d rows, want %d", what, len(got), len(want))
	}
	for k, y := range want {
		if g, ok := got[k]; !ok || g != y {
			t.Errorf("%s: %s is at %g (%v), want %g", what, k, g, ok, y)
		}
	}
}

// Whoever comes back finds every message where it was, to the pixel.
func TestReadingIsComeBackTo(t *testing.T) {
	for _, scale := range []float32{1, 1.5} {
		c, w := show(t, theme.Light, 640, 480, Options{})
		w.Canvas().(interface{ SetScale(float32) }).SetScale(scale)
		w.Resize(fyne.NewSize(640, 480))
		items := talk(3000)
		openItems(c, items, 0, 3000)
		for _, by := range []float32{333.3, 10_000, 47, 200_000, -31} {
			c.scrollBy(by)
			at, ok := c.Reading()
			if !ok {
				t.Fatal("no place")
			}
			want := places(c)
			f := &fake{items: items}
			c.Open(Opening{Source: f, ReadUpTo: 3000, First: 1, Last: 3000, Reading: at})
			samePlaces(t, "opened again", places(c), want)
			// An answer that takes its time changes nothing.
			f.held = true
			c.Open(Opening{Source: f, ReadUpTo: 3000, First: 1, Last: 3000, Reading: at})
			if _, ok := c.Reading(); ok {
				t.Error("a place before there is anything")
			}
			f.release()
			f.held = false
			samePlaces(t, "opened slowly", places(c), want)
		}
	}
}

func TestReadingGivesWay(t *testing.T) {
	c, _ := show(t, theme.Light, 640, 480, Options{})
	items := talk(300)
	f := &fake{items: items}
	at := Reading{Sequence: 50, Above: 100}
	c.Open(Opening{Source: f, First: 1, Last: 300, Reading: at, Unread: 100, ReadUpTo: 200})
	if r := rowOf(t, c, "m201"); r.y < 0 {
		t.Errorf("with unread messages the first is at %g", r.y)
	}
	c.Open(Opening{Source: f, First: 1, Last: 300, Reading: at, ReadUpTo: 300, At: 120})
	rowOf(t, c, "m120")
	// Its message is gone: the next one stands for it.
	f.remove("m50")
	c.Open(Opening{Source: f, First: 1, Last: 300, Reading: at, ReadUpTo: 300})
	if r := rowOf(t, c, "m51"); r.y+r.layout.body != 380 {
		t.Errorf("m51 ends at %g", r.y+r.layout.body)
	}
}

// A place that is not here yet is still the place, until it comes or somebody goes on.
func TestReadingInAHole(t *testing.T) {
	c, _ := show(t, theme.Light, 640, 480, Options{})
	at := Reading{Sequence: 500, Above: 61}
	f := &fake{items: holed(1000, Range{101, 900})}
	open := func() { c.Open(Opening{Source: f, First: 1, Last: 1000, ReadUpTo: 1000, Reading: at}) }
	open()
	if got, ok := c.Reading(); !ok || got != at {
		t.Errorf("before it comes %v, %v", got, ok)
	}
	c.scrollBy(-40)
	if got, _ := c.Reading(); got.Sequence == 500 {
		t.Error("scrolled on, it is still the place")
	}
	open()
	c.Apply(f.fillRange(Range{450, 549}))
	if r := rowOf(t, c, "m500"); 480-(r.y+r.layout.body) != 61 {
		t.Errorf("filled, it is %g above", 480-(r.y+r.layout.body))
	}
}
