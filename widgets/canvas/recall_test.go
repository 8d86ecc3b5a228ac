package canvas

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"magpie/widgets/theme"
)

// recalled is what takes the place of a message that was recalled.
func recalled(it Item) Item {
	n := Item{Key: it.Key, Sequence: it.Sequence, Kind: KindNotice, Own: it.Own, Time: it.Time, Text: "A message was recalled"}
	if it.Own {
		n.Text, n.Action = "You recalled a message", "Edit again"
	}
	return n
}

// Wherever messages are recalled, what is being read stays where it is.
func TestRecallsMoveNothing(t *testing.T) {
	w := newWorld(t, 3, 1000)
	w.c.JumpTo(500)
	first, last, _ := w.c.OnScreen()
	for _, n := range []uint64{last.Sequence + 1, last.Sequence + 40, first.Sequence - 1, first.Sequence - 40, 5, 995} {
		before := w.body()
		w.apply(Changes{Put: []Item{recalled(spoken(n))}})
		w.still(before, "a recall off the screen")
		w.whole()
	}
	// In the middle of the screen: what is below stays; what is above comes
	// down by what has become free.
	r := w.c.shown[len(w.c.shown)/2]
	it := r.entry.Item
	before := w.body()
	w.apply(Changes{Put: []Item{recalled(it)}})
	r = rowOf(t, w.c, it.Key)
	if r.layout.notice.w == 0 || r.layout.bubble.w != 0 {
		t.Error("the bubble is still there")
	}
	if y := r.y + r.layout.body; y != before[it.Key] {
		t.Errorf("it moved from %g to %g", before[it.Key], y)
	}
	for _, o := range w.c.shown {
		if o.y > r.y && o.y+o.layout.body != before[o.entry.Key] {
			t.Errorf("%s below it moved", o.entry.Key)
		}
	}
	w.whole()
	// The one from which everything is laid out, which goes on below the screen:
	// what it loses is lost there.
	for w.c.pos.at.Kind != KindText || w.c.pos.off > -20 {
		w.c.scrollBy(7)
	}
	at := w.c.pos.at.Item
	before = w.body()
	w.apply(Changes{Put: []Item{recalled(at)}})
	after := w.body()
	for _, r := range w.c.shown {
		if k := r.entry.Key; k != at.Key && before[k] != 0 && after[k] != before[k] {
			t.Errorf("recalling the lowest moved %s from %g to %g", k, before[k], after[k])
		}
	}
	w.whole()
}

// At the newest message the canvas stays there, also if that is recalled.
func TestRecallAtTheNewest(t *testing.T) {
	w := newWorld(t, 4, 300)
	for _, n := range []uint64{300, 299, 150} {
		w.apply(Changes{Put: []Item{recalled(spoken(n))}})
		w.whole()
		if !w.c.AtNewest() {
			t.Fatalf("recalling %d leaves the newest", n)
		}
	}
}

// What a person is doing with a message when it is recalled comes to nothing.
func TestRecallUnderThePointer(t *testing.T) {
	var h heard
	c, _ := show(t, theme.Light, 480, 640, Options{Intents: h.intents()})
	own := said(2, "", "hello brave world https://example.org", start0)
	f := openItems(c, []Item{said(1, "Lin", "before", start0), own, said(3, "Lin", "after", start0)}, 0, 0)
	r := rowOf(t, c, "m2")
	p := fyne.NewPos(r.layout.textX+20, r.y+r.layout.textY+9)
	c.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: p}})
	press(c, p)
	c.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: p.AddXY(60, 0)}})
	if c.Selected() == "" {
		t.Fatal("nothing is selected")
	}
	// The same words in the tip: still nothing of it may stay selected.
	tip := recalled(own)
	tip.Text = own.Text
	f.put(tip)
	c.Apply(Changes{Put: []Item{tip}})
	if s := c.Selected(); s != "" {
		t.Errorf("%q of a recalled message is selected", s)
	}
	c.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: p.AddXY(90, 0)}})
	c.DragEnd()
	c.TypedShortcut(&fyne.ShortcutCopy{})
	c.TypedKey(&fyne.KeyEvent{Name: desktop.KeyMenu})
	c.Cursor()
	h.expect(t)
	r = rowOf(t, c, "m2")
	n := r.layout.notice
	c.TappedSecondary(&fyne.PointEvent{Position: fyne.NewPos(n.x+4, r.y+n.y+4)})
	h.expect(t, `menu m2 ""`)
	tap(c, r, n.action.x+2, n.action.y+4)
	h.expect(t, "action m2")
	c.TypedShortcut(&fyne.ShortcutSelectAll{})
	if s := c.Selected(); strings.Contains(s, "brave") || !strings.Contains(s, "after") {
		t.Errorf("all that is selected is %q", s)
	}
}

// A card or sticker that is replaced under the pointer leaves nothing to press.
func TestReplacedUnderThePointer(t *testing.T) {
	var h heard
	o := Options{Intents: h.intents()}
	o.Intents.OnButton = func(k Key, id string) { h.log = append(h.log, "button "+string(k)+" "+id) }
	c, _ := show(t, theme.Light, 640, 480, o)
	items := cards()
	f := openItems(c, items, 0, 0)
	r := rowOf(t, c, "c1")
	b := r.layout.card.buttons[1]
	p := fyne.NewPos(b.x+5, r.y+b.y+5)
	move := func() { c.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: p}}) }
	move()
	if c.pointer.hot.entry != r.entry || c.pointer.hot.n != 1 || c.Cursor() != desktop.PointerCursor {
		t.Errorf("under the pointer is %+v", c.pointer.hot)
	}
	tap(c, r, b.x+5, b.y+5)
	h.expect(t, "button c1 accept")
	answered := items[0]
	answered.Buttons = nil
	f.put(answered)
	c.Apply(Changes{Put: []Item{answered}})
	move()
	tap(c, rowOf(t, c, "c1"), b.x+5, b.y+5)
	h.expect(t)
	if c.pointer.hot.entry != nil {
		t.Error("a button that is gone is still lit")
	}
	c.Close()
	move()
}
