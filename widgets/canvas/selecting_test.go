package canvas

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"magpie/widgets/theme"
)

// hand is a pointer on a canvas.
type hand struct{ c *Canvas }

func (h hand) press(p fyne.Position, mod fyne.KeyModifier) {
	h.c.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: p}, Button: desktop.MouseButtonPrimary, Modifier: mod})
}

func (h hand) drag(p fyne.Position) {
	h.c.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: p}})
}

// sweep presses at one point and lets go at another.
func (h hand) sweep(from, to fyne.Position) {
	h.press(from, 0)
	h.drag(to)
	h.c.DragEnd()
}

// before is the point in front of the byte a of a message's text.
func (h hand) before(t *testing.T, k Key, a int) fyne.Position {
	t.Helper()
	r := rowOf(t, h.c, k)
	if a == len(r.layout.text.Text) { // behind the last character
		return at(t, h.c, r, a-1).AddXY(40, 0)
	}
	l := r.layout
	i := 0
	for a >= l.text.Lines[i].End {
		i++
	}
	x := float32(0)
	if s := h.c.face().text.Spans(&l.text, i, l.text.Lines[i].Start, a, nil); len(s) > 0 {
		x = s[0].X + s[0].Width
	}
	return fyne.NewPos(l.lineX(i)+x, r.y+l.textY+(float32(i)+0.5)*l.line)
}

func (h hand) expect(t *testing.T, what, want string) {
	t.Helper()
	if got := h.c.Selected(); got != want {
		t.Errorf("%s: selected %q, want %q", what, got, want)
	}
}

// three messages of three people, a picture among them, and a notice.
func several() []Item {
	at := func(m int) time.Time { return start0.Add(time.Duration(m) * time.Minute) }
	return []Item{
		said(1, "周雨", "首页的新图标我放在群文件里了[微笑]", at(0)),
		{Key: "tip", Sequence: 2, Kind: KindNotice, Text: "小林 joined the group", Time: at(1)},
		{Key: "pic", Sequence: 3, Kind: KindSticker, Text: "[Sticker]", Own: true, Author: "Me", Time: at(2)},
		said(4, "Lin", "first paragraph of it\nsecond one, and its end", at(3)),
		said(5, "", "Fine with me.", at(4)),
	}
}

func TestSelectionOverMessages(t *testing.T) {
	var heard heard
	now := start0
	c, _ := show(t, theme.Light, 480, 700, Options{Intents: heard.intents(), Now: func() time.Time { return now }})
	openItems(c, several(), 0, 0)
	h := hand{c}
	want := "周雨, 10:21\n图标我放在群文件里了🙂\n\nMe, 10:23\n[Sticker]\n\nLin, 10:24\nfirst paragraph"
	from, to := h.before(t, "m1", len("首页的新")), h.before(t, "m4", len("first paragraph"))
	h.sweep(from, to)
	h.expect(t, "downwards", want)
	c.TypedShortcut(&fyne.ShortcutCopy{})
	heard.expect(t, "copy "+want)
	c.TappedSecondary(&fyne.PointEvent{Position: h.before(t, "m4", 40)})
	heard.expect(t, fmt.Sprintf("menu m4 %q", want))
	c.TappedSecondary(&fyne.PointEvent{Position: h.before(t, "m5", 1)})
	heard.expect(t, `menu m5 ""`) // not a part of it
	h.sweep(to, from)
	h.expect(t, "upwards", want)
	c.TypedKey(&fyne.KeyEvent{Name: desktop.KeyMenu})
	heard.expect(t, fmt.Sprintf("menu m1 %q", want))

	// A drag that comes back to its message has only that, as it is.
	h.press(from, 0)
	h.drag(to)
	h.drag(h.before(t, "m1", len("首页的新图标")))
	h.expect(t, "back again", "图标")
	c.DragEnd()

	// Shift goes on from where it began, whichever side, and drags on.
	now = now.Add(time.Minute)
	h.press(h.before(t, "m4", len("first")), 0)
	release(c, h.before(t, "m4", len("first")), true)
	h.press(h.before(t, "m5", len("Fine")), fyne.KeyModifierShift)
	tail := "Lin, 10:24\n paragraph of it\nsecond one, and its end\n\nMe, 10:25\nFine"
	h.expect(t, "Shift", tail)
	h.drag(h.before(t, "m5", len("Fine with me.")))
	h.expect(t, "Shift and a drag", tail+" with me.")
	c.DragEnd()
	h.press(h.before(t, "m4", 0), fyne.KeyModifierShift)
	h.expect(t, "Shift to the other side", "first")
	release(c, h.before(t, "m4", 0), true)

	heard.log = nil
	c.intents.OnKey = func(ev *fyne.KeyEvent) { heard.log = append(heard.log, "key "+string(ev.Name)) }
	c.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	h.expect(t, "Escape", "")
	heard.expect(t)
	c.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	heard.expect(t, "key Escape") // it is for somebody else
}

func TestSelectionByWordsAndParagraphs(t *testing.T) {
	now := start0
	c, _ := show(t, theme.Light, 480, 700, Options{Now: func() time.Time { return now }})
	openItems(c, several(), 0, 0)
	h := hand{c}
	click := func(p fyne.Position, n int) {
		now = now.Add(time.Minute)
		for range n {
			h.press(p, 0)
			c.MouseUp(&desktop.MouseEvent{})
		}
	}
	text := several()[3].Text
	// Wherever on a letter: the last half of the last one belongs to the word too.
	for _, off := range []float32{-1, 2} {
		p := h.before(t, "m4", len("first")).AddXY(off, 0)
		want := "first"
		if off > 0 {
			want = " "
		}
		click(p, 2)
		h.expect(t, fmt.Sprintf("two clicks at %g", off), want)
	}
	in := h.before(t, "m4", len("first para")).AddXY(1, 0)
	click(in, 2)
	h.expect(t, "two clicks", "paragraph")
	h.press(in, 0) // the third
	h.expect(t, "three clicks", "first paragraph of it")
	h.press(in, 0)
	h.expect(t, "four clicks", text)

	click(in, 1)
	h.press(in, 0)
	h.drag(h.before(t, "m4", strings.Index(text, "of")+1))
	h.expect(t, "by words", "paragraph of")
	h.drag(h.before(t, "m4", 1))
	h.expect(t, "by words to the left", "first paragraph")
	h.drag(h.before(t, "m5", len("Fine wi")))
	h.expect(t, "by words into another message", "Lin, 10:24\n"+text[len("first "):]+"\n\nMe, 10:25\nFine with")
	c.DragEnd()
	click(in, 2)
	h.press(in, 0)
	h.drag(h.before(t, "m4", strings.Index(text, "its")))
	h.expect(t, "by paragraphs", text)
	c.DragEnd()
}

// A drag may begin beside the messages; a click there deselects, and none of it is
// in the way of what else can be pressed.
func TestSelectionFromBesideMessages(t *testing.T) {
	var heard heard
	c, _ := show(t, theme.Light, 640, 700, Options{Intents: heard.intents()})
	openItems(c, several(), 0, 0)
	h := hand{c}
	top := fyne.NewPos(600, rowOf(t, c, "m1").y+1)
	h.sweep(top, fyne.NewPos(600, rowOf(t, c, "m4").y+2))
	h.expect(t, "from the right", "周雨, 10:21\n首页的新图标我放在群文件里了🙂\n\nMe, 10:23\n[Sticker]")
	h.press(top, 0)
	release(c, top, true)
	h.expect(t, "a click", "")
	c.TypedShortcut(&fyne.ShortcutCopy{})
	heard.expect(t)

	// Choosing messages, no drag selects text.
	c.SetChoosing(true, "")
	h.sweep(top, h.before(t, "m4", 10))
	h.sweep(h.before(t, "m1", 4), h.before(t, "m4", 10))
	c.TypedShortcut(&fyne.ShortcutSelectAll{})
	h.expect(t, "while choosing", "")
}

func TestSelectAllGrows(t *testing.T) {
	c, _ := show(t, theme.Light, 480, 700, Options{})
	openItems(c, several(), 0, 0)
	h := hand{c}
	all := func() { c.TypedShortcut(&fyne.ShortcutSelectAll{}) }
	h.press(h.before(t, "m5", 3), 0)
	c.MouseUp(&desktop.MouseEvent{})
	all()
	h.expect(t, "once", "Fine with me.")
	all()
	if got := c.Selected(); strings.Count(got, "\n\n") != 3 || !strings.HasSuffix(got, "Me, 10:25\nFine with me.") {
		t.Errorf("twice: %q", got)
	}
	c.ClearSelection()
	all()
	if got := c.Selected(); !strings.HasPrefix(got, "周雨, 10:21\n首页") {
		t.Errorf("with nothing clicked: %q", got)
	}
}

// What is selected stays what it is while the conversation goes on around it.
func TestSelectionSurvives(t *testing.T) {
	c, _ := show(t, theme.Light, 640, 480, Options{})
	items := talk(3000)
	f := openItems(c, items, 0, 0)
	h := hand{c}
	first, last := c.shown[1].entry, c.shown[len(c.shown)-1].entry
	h.sweep(h.before(t, first.Key, 2), h.before(t, last.Key, 3))
	want := c.Selected()
	if strings.Count(want, "\n\n") < 2 {
		t.Fatalf("only %q", want)
	}
	next := spoken(3001)
	f.put(next)
	c.Apply(Changes{Put: []Item{next}})
	h.expect(t, "a new message", want)
	for range 400 { // older pages come, rows are used again, and it is let go of
		c.scrollBy(300)
	}
	if c.window.byKey[last.Key] != nil || len(c.kept) == 0 {
		t.Fatal("it is still held")
	}
	h.expect(t, "far away", want)
	// One of them is recalled meanwhile: a copy must not have it.
	mid, _ := c.marked.ends()
	gone := recalled(spoken(mid.Sequence + 1))
	f.put(gone)
	c.Apply(Changes{Put: []Item{gone}})
	if got := c.Selected(); strings.Contains(got, spoken(mid.Sequence+1).Text) || got == "" {
		t.Errorf("after a recall %q", got)
	}
	f.put(spoken(mid.Sequence + 1))
	c.Apply(Changes{Put: []Item{spoken(mid.Sequence + 1)}})
	h.expect(t, "as it was", want)
	// A click with Shift here would have to take what nobody has.
	h.press(h.before(t, c.shown[2].entry.Key, 0), fyne.KeyModifierShift)
	c.MouseUp(&desktop.MouseEvent{})
	h.expect(t, "Shift from what is not held", "")
}

func TestSelectionComesBack(t *testing.T) {
	c, _ := show(t, theme.Light, 640, 480, Options{})
	openItems(c, talk(3000), 0, 0)
	h := hand{c}
	k := c.shown[1].entry.Key
	h.sweep(h.before(t, k, 2), h.before(t, c.shown[3].entry.Key, 3))
	want := c.Selected()
	rects := c.shown[1].usedRects
	for range 400 {
		c.scrollBy(300)
	}
	for range 500 {
		c.scrollBy(-300)
	}
	h.expect(t, "there and back", want)
	if got := rowOf(t, c, k).usedRects; got != rects {
		t.Errorf("%d rectangles are drawn for it, %d before", got, rects)
	}
}

// The ends of a selection move with their messages: one is acknowledged, one says
// something else.
func TestSelectionEndsMove(t *testing.T) {
	c, _ := show(t, theme.Light, 480, 640, Options{})
	mine := Item{Key: "mine", Order: 7, Own: true, Author: "Me", Text: "on its way", State: StateSending, Time: start0}
	items := []Item{said(1, "Lin", "hello", start0), mine}
	f := openItems(c, items, 0, 0)
	h := hand{c}
	h.sweep(h.before(t, "m1", 2), h.before(t, "mine", len("on its")))
	h.expect(t, "before", "Lin, 10:21\nllo\n\nMe, 10:21\non its")
	sent := mine
	sent.Sequence, sent.Order, sent.State = 2, 0, StateSent
	f.put(sent)
	c.Apply(Changes{Put: []Item{sent, said(3, "Lin", "later", start0)}})
	h.expect(t, "acknowledged", "Lin, 10:21\nllo\n\nMe, 10:21\non its")
	gone := recalled(said(1, "Lin", "hello", start0))
	f.put(gone)
	c.Apply(Changes{Put: []Item{gone}})
	h.expect(t, "one end recalled", "on its")
	c.Apply(Changes{Remove: []Key{"mine"}})
	h.expect(t, "both gone", "")
}

// Beyond an edge the content follows the drag, without a movement of the pointer.
func TestDragBeyondTheEdgeScrolls(t *testing.T) {
	now := start0
	var due []func()
	c, _ := show(t, theme.Light, 640, 480, Options{
		Now: func() time.Time { return now },
		After: func(d time.Duration, f func()) {
			if d == edgeTick {
				due = append(due, f)
			}
		},
	})
	openItems(c, talk(3000), 0, 0)
	h := hand{c}
	last := c.shown[len(c.shown)-1].entry
	h.press(h.before(t, last.Key, 5), 0)
	h.drag(fyne.NewPos(300, 100))
	if len(due) != 0 {
		t.Fatal("within the canvas nothing moves by itself")
	}
	h.drag(fyne.NewPos(300, -40))
	for range 200 {
		if len(due) != 1 {
			t.Fatalf("%d ticks are due", len(due))
		}
		tick := due[0]
		due = nil
		now = now.Add(edgeTick)
		tick()
	}
	first, _, _ := c.OnScreen()
	if first.Sequence > last.Sequence-25 {
		t.Errorf("still at %d", first.Sequence)
	}
	if lo, hi := c.marked.ends(); lo.Sequence != first.Sequence || hi.Key != last.Key {
		t.Errorf("selected %d to %s", lo.Sequence, hi.Key)
	}
	if n := len(c.selected()); n != int(last.Sequence-first.Sequence)+1 {
		t.Errorf("%d messages from %d to %d", n, first.Sequence, last.Sequence)
	}
	// Let go, it stands still.
	c.DragEnd()
	y := c.shown[0].y
	now = now.Add(edgeTick)
	due[0]()
	if c.shown[0].y != y || len(due) != 1 {
		t.Error("it goes on after the drag")
	}
}

// From right to left and mixed, a drag over the screen takes what lies between in
// the order in which it is read.
func TestSelectionOfBothDirections(t *testing.T) {
	c, _ := show(t, theme.Light, 640, 480, Options{})
	text := "אב abc גד"
	openItems(c, []Item{said(1, "Lin", text, start0), said(2, "Lin", "好的，明天见！", start0)}, 0, 0)
	h := hand{c}
	r := rowOf(t, c, "m1")
	// From the first letter, at the right edge, into the next message.
	x := r.layout.textX + r.layout.inner - 1
	h.sweep(fyne.NewPos(x, r.y+r.layout.textY+9), h.before(t, "m2", len("好的，明天")))
	h.expect(t, "from the right edge", "Lin, 10:21\n"+text+"\n\nLin, 10:21\n好的，明天")
	// From its left edge, where it ends.
	h.sweep(fyne.NewPos(r.layout.textX-6, r.y+r.layout.textY+9), h.before(t, "m2", len("好的")))
	h.expect(t, "from the left edge", "好的")
}
