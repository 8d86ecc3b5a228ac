package canvas

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"magpie/widgets/theme"
)

func TestSelection(t *testing.T) {
	var h heard
	now := start0
	c, _ := show(t, theme.Light, 480, 640, Options{Intents: h.intents(), Now: func() time.Time { return now }})
	f := openItems(c, []Item{said(1, "Lin", "hello brave world", start0), said(2, "Lin", "second\nline of it", start0)}, 0, 0)
	r := rowOf(t, c, "m1")
	at := func(x float32) fyne.Position { return fyne.NewPos(r.layout.textX+x, r.y+r.layout.textY+9) }
	down := func(p fyne.Position) {
		c.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: p}, Button: desktop.MouseButtonPrimary})
	}
	face := c.face().text
	down(at(face.Width("hello ")))
	c.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: at(face.Width("hello brave"))}})
	c.DragEnd()
	if got := c.Selected(); got != "brave" {
		t.Errorf("dragged over %q", got)
	}
	c.TypedShortcut(&fyne.ShortcutCopy{})
	h.expect(t, "copy brave")
	c.TappedSecondary(&fyne.PointEvent{Position: at(4)})
	h.expect(t, `menu m1 "brave"`)
	now = now.Add(time.Minute)
	down(at(face.Width("hello br")))
	down(at(face.Width("hello br")))
	if got := c.Selected(); got != "brave" {
		t.Errorf("double click took %q", got)
	}
	down(at(face.Width("hello br")))
	if got := c.Selected(); got != "hello brave world" {
		t.Errorf("triple click took %q", got)
	}
	// A change of state keeps the selection, a change of text does not.
	it := r.entry.Item
	it.State = StateRead
	c.Apply(Changes{Put: []Item{it}})
	if c.Selected() == "" {
		t.Error("a new state deselected")
	}
	it.Text = "[recalled]"
	f.put(it)
	c.Apply(Changes{Put: []Item{it}})
	if c.Selected() != "" {
		t.Errorf("selected %q of a text that is gone", c.Selected())
	}
	r = rowOf(t, c, "m2")
	now = now.Add(time.Minute)
	down(at(face.Width("sec")))
	c.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: at(face.Width("line")).AddXY(0, theme.LineHeight)}})
	if got := c.Selected(); got != "ond\nline" {
		t.Errorf("over two lines %q", got)
	}
	c.TypedShortcut(&fyne.ShortcutSelectAll{})
	if got := c.Selected(); got != "second\nline of it" {
		t.Errorf("all is %q", got)
	}
	h.log = nil
	c.TypedKey(&fyne.KeyEvent{Name: desktop.KeyMenu})
	h.expect(t, `menu m2 "second\nline of it"`)
	c.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if c.Selected() != "" {
		t.Error("escape kept the selection")
	}
}
