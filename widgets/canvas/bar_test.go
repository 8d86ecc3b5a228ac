package canvas

import (
	"strconv"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"magpie/widgets/theme"
)

// thumb takes the thumb of the scroll bar in the middle and returns a function that
// drags it to a share of its way, 0 at the top.
func thumb(c *Canvas) func(share float32) {
	c.MouseIn(&desktop.MouseEvent{})
	b := c.floats.barArea
	hand{c}.press(fyne.NewPos(c.Size().Width-barGrip+1, b.y+b.h/2), 0)
	return func(share float32) {
		hand{c}.drag(fyne.NewPos(b.x, b.h/2+share*(c.Size().Height-b.h)))
	}
}

func TestBarIsWideUnderThePointer(t *testing.T) {
	c, _ := show(t, theme.Light, 640, 480, Options{})
	openItems(c, talk(1000), 0, 0)
	if !c.floats.bar.Hidden {
		t.Error("it shows though the pointer is elsewhere and nothing scrolls")
	}
	c.MouseIn(&desktop.MouseEvent{})
	if w := c.floats.bar.Size().Width; c.floats.bar.Hidden || w < 4 || w > 6 {
		t.Errorf("hidden %v, %g wide", c.floats.bar.Hidden, w)
	}
	thin := c.floats.bar.Size().Width
	for _, x := range []float32{640 - 12, 639} {
		c.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, 100)}})
		if what, _ := c.hit(c.pointer.at); what != onBar || c.floats.bar.Size().Width <= thin {
			t.Errorf("at %g is %d, the bar %g wide", x, what, c.floats.bar.Size().Width)
		}
	}
	c.MouseOut()
	if !c.floats.bar.Hidden || c.pointer.onBar {
		t.Error("it stays when the pointer has left")
	}
}

// Dragging is looking for a place, not reading: what passes by is not seen. What it
// is let go at is.
func TestDraggedPastIsNotSeen(t *testing.T) {
	var h heard
	c, _ := show(t, theme.Light, 640, 480, Options{Intents: h.intents()})
	openItems(c, talk(1000), 800, 200)
	opened := len(h.seen)
	to := thumb(c)
	to(0.9)
	to(0.5)
	if first, _, _ := c.OnScreen(); first.Sequence < 450 || first.Sequence > 550 {
		t.Fatalf("the middle is %d", first.Sequence)
	}
	if len(h.seen) != opened {
		t.Errorf("while it is dragged, seen %v", h.seen[opened:])
	}
	c.DragEnd()
	_, last, _ := c.OnScreen()
	if got := h.seen[len(h.seen)-1]; len(h.seen) != opened+1 || got+1 < last.Sequence || got > last.Sequence {
		t.Errorf("let go at %d, seen %v", last.Sequence, h.seen)
	}
}

// The date beside the thumb says where it has come to, within a hole about that; its
// messages are asked for once, where it was let go.
func TestDragIntoAHole(t *testing.T) {
	var h heard
	c, _ := show(t, theme.Light, 640, 480, Options{Intents: h.intents()})
	days := func(it Item) Item { it.Time = start0.AddDate(0, 0, int(it.Sequence)); return it }
	var items []Item
	for n := uint64(1); n <= 20; n++ {
		items = append(items, days(spoken(n)))
	}
	items = append(items, Item{Key: "hole", Kind: KindHole, Sequence: 21, Until: 980})
	for n := uint64(981); n <= 1000; n++ {
		items = append(items, days(spoken(n)))
	}
	openItems(c, items, 0, 1000)
	h.log = nil // what is near was asked for, from its newer end
	to := thumb(c)
	to(0.75)
	to(0.25)
	place := c.sequenceAt(c.shown[0], 0)
	want := uint64(place)
	if e := c.shown[0].entry; e.Key != "hole" || want < 230 || want > 270 {
		t.Fatalf("at %s, %d", e.Key, want)
	}
	if f := c.floats; f.dateGround.Hidden || f.dateText.Text != english().Day(start0.Add(time.Duration(place*24*float64(time.Hour)))) {
		t.Errorf("hidden %v, it says %q at %d", f.dateGround.Hidden, f.dateText.Text, want)
	}
	b, d := c.floats.barArea, c.floats.dateGround
	if right := d.Position().X + d.Size().Width; right > b.x || right < b.x-20 || d.Position().Y > b.y+b.h || d.Position().Y+d.Size().Height < b.y {
		t.Errorf("the date is at %v, the thumb at %v", d.Position(), b)
	}
	h.expect(t)
	c.DragEnd()
	h.expect(t, "hole hole 21-980", "at "+strconv.FormatUint(want, 10)+", newer false")
	// Elsewhere in it, still not filled: that is another wish.
	to = thumb(c)
	to(0.5)
	c.DragEnd()
	again := uint64(c.sequenceAt(c.shown[0], 0))
	h.expect(t, "hole hole 21-980", "at "+strconv.FormatUint(again, 10)+", newer false")
	if again < 480 || again > 520 {
		t.Errorf("wants %d", again)
	}
}

// Without a message on one side of a hole nobody knows when it was.
func TestNoDateWithoutNeighbours(t *testing.T) {
	c, _ := show(t, theme.Light, 640, 480, Options{})
	items := []Item{{Key: "hole", Kind: KindHole, Sequence: 1, Until: 900}}
	for n := uint64(901); n <= 1000; n++ {
		items = append(items, spoken(n))
	}
	openItems(c, items, 0, 1000)
	to := thumb(c)
	to(0.95)
	if c.floats.dateGround.Hidden {
		t.Error("among messages there is no date")
	}
	to(0.3)
	if !c.floats.dateGround.Hidden {
		t.Errorf("it says %q", c.floats.dateText.Text)
	}
}

// The thumb keeps its height under the pointer, however tall the messages are that
// pass by.
func TestThumbIsSteadyWhileDragged(t *testing.T) {
	c, _ := show(t, theme.Light, 640, 480, Options{})
	items := talk(40)
	for i := range items[:20] {
		items[i].Text = "short"
	}
	openItems(c, items, 0, 40)
	to := thumb(c)
	height := c.floats.barArea.h
	for _, at := range []float32{0.9, 0.6, 0.3, 0.1, 0, 0.5, 1} {
		to(at)
		if got := c.floats.barArea.h; got != height {
			t.Errorf("at %g it is %g high, %g before", at, got, height)
		}
		if y := at * (480 - height); c.floats.barArea.y < y-1 || c.floats.barArea.y > y+1 {
			t.Errorf("at %g it is at %g", y, c.floats.barArea.y)
		}
	}
	c.DragEnd()
	if !c.AtNewest() {
		t.Error("the lower end is not the newest")
	}
}

func TestGoldenBarDragged(t *testing.T) {
	for _, mode := range []theme.Mode{theme.Light, theme.Dark} {
		name := map[theme.Mode]string{theme.Light: "bar.png", theme.Dark: "bar-dark.png"}[mode]
		c, w := show(t, mode, 600, 400, Options{})
		items := talk(200)
		for i := range items {
			items[i].Time = start0.Add(time.Duration(i) * 5 * time.Hour)
		}
		openItems(c, items, 0, 200)
		thumb(c)(0.6)
		test.AssertImageMatches(t, name, w.Canvas().Capture())
	}
}
