package widgets

import (
	"fmt"
	"image"
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"magpie/widgets/theme"
)

// shore and harbour are the pictures of the design.
func shore(w, h int) *image.RGBA {
	return paint(w, h, func(x, y float64) color.RGBA {
		if v := x*0.34 + y*0.94; v < 0.56 {
			return mix(color.RGBA{0x7c, 0xc5, 0xd9, 255}, color.RGBA{0xcf, 0xe8, 0xe6, 255}, v/0.56)
		}
		return mix(color.RGBA{0xe7, 0xc9, 0x8f, 255}, color.RGBA{0xa8, 0x76, 0x3e, 255}, (x*0.34+y*0.94-0.56)/0.7)
	})
}

func harbour(w, h int) *image.RGBA {
	return paint(w, h, func(x, y float64) color.RGBA {
		if v := x*0.86 + y*0.5; v < 0.8 {
			return mix(color.RGBA{0x22, 0x36, 0x4a, 255}, color.RGBA{0x3f, 0x5d, 0x73, 255}, v/0.8)
		}
		return mix(color.RGBA{0x3f, 0x5d, 0x73, 255}, color.RGBA{0xc9, 0x7f, 0x4e, 255}, (x*0.86+y*0.5-0.8)/0.55)
	})
}

func paint(w, h int, at func(x, y float64) color.RGBA) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetRGBA(x, y, at(float64(x)/float64(w), float64(y)/float64(h)))
		}
	}
	return img
}

func mix(a, b color.RGBA, t float64) color.RGBA {
	t = min(max(t, 0), 1)
	m := func(p, q uint8) uint8 { return uint8(float64(p)*(1-t) + float64(q)*t) }
	return color.RGBA{m(a.R, b.R), m(a.G, b.G), m(a.B, b.B), 255}
}

func viewerWords() ViewerWords {
	return ViewerWords{Save: "Save", Copy: "Copy", Forward: "Forward", Close: "Close", Older: "Older", Newer: "Newer", Play: "Play", Zoom: func(n int) string { return fmt.Sprintf("%d%%", n) }}
}

// viewed is a viewer in a window, with what it told.
type viewed struct {
	*Viewer
	w    fyne.Window
	told []string
}

func view(t *testing.T, mode theme.Mode, width, height float32) *viewed {
	v := &viewed{w: window(t, mode, box(0), width, height)}
	v.Viewer = NewViewer(viewerWords())
	tell := func(format string, args ...any) { v.told = append(v.told, fmt.Sprintf(format, args...)) }
	v.OnStep = func(by int) { tell("step %d", by) }
	v.OnChoose = func(id string) { tell("choose %s", id) }
	v.OnSave = func() { tell("save") }
	v.OnCopy = func() { tell("copy") }
	v.OnForward = func() { tell("forward") }
	v.OnPlay = func() { tell("play") }
	v.OnClosed = func() { tell("closed") }
	v.Open(v.w.Canvas())
	v.SetPage(ViewerPage{
		ID: "zhouyu", Name: "周雨", Detail: "Today 10:22 · 3 of 412 · 4032 × 3024 · 2.1 MB",
		Width: 4032, Height: 3024, Older: true, Newer: true, File: true, Picture: true, Forward: true,
	})
	return v
}

// strip are nine pictures with the one that is shown in the middle.
func strip() (cells []ViewerCell) {
	for i := range 9 {
		img := image.Image(harbour(56, 56))
		if i == 1 || i == 3 || i == 4 || i == 6 || i == 7 {
			img = shore(56, 56)
		}
		cells = append(cells, ViewerCell{ID: fmt.Sprint(i), Image: img})
	}
	return cells
}

func (v *viewed) want(t *testing.T, what string, told ...string) {
	t.Helper()
	if fmt.Sprint(v.told) != fmt.Sprint(told) {
		t.Errorf("%s: told %q, want %q", what, v.told, told)
	}
	v.told = nil
}

func TestLookViewer(t *testing.T) {
	both(t, func(t *testing.T, mode theme.Mode, suffix string) {
		v := view(t, mode, 1120, 740)
		v.SetImage(ViewerImage{shore(840, 630)}, 0, 0)
		v.SetStrip(strip(), "4")
		golden(t, v.w, "viewer"+suffix)
	})
}

func TestLookViewerStates(t *testing.T) {
	t.Run("coming", func(t *testing.T) {
		v := view(t, theme.Light, 900, 600)
		v.SetImage(ViewerImage{harbour(40, 30)}, 0, 0)
		v.SetProgress("1.2 of 2.1 MB · 58%", 0.58)
		v.SetStrip([]ViewerCell{{ID: "a", Image: harbour(56, 56), Film: true}, {ID: "b"}, {ID: "c", Broken: true}}, "b")
		golden(t, v.w, "viewer-coming")
	})
	t.Run("broken", func(t *testing.T) {
		v := view(t, theme.Light, 900, 600)
		v.SetProblem("This picture is damaged. It cannot be shown.")
		golden(t, v.w, "viewer-broken")
	})
	t.Run("gone", func(t *testing.T) {
		v := view(t, theme.Light, 900, 600)
		v.SetProblem("The server has no such file any more.")
		v.SetImage(ViewerImage{shore(120, 90)}, 0, 0) // the thumbnail comes later
		golden(t, v.w, "viewer-gone")
	})
	t.Run("film", func(t *testing.T) {
		v := view(t, theme.Light, 900, 600)
		v.SetPage(ViewerPage{ID: "lin", Name: "Lin", Detail: "Yesterday 18:02 · 0:42 · 12 MB", Width: 1280, Height: 720, Film: true, Older: true, File: true})
		v.SetImage(ViewerImage{harbour(640, 360)}, 0, 0)
		golden(t, v.w, "viewer-film")
	})
	t.Run("narrow, a name without end", func(t *testing.T) {
		v := view(t, theme.Light, 380, 600)
		v.SetPage(ViewerPage{ID: "x", Name: "A name that goes on and on and on for ever", Detail: "Today 10:22 · 3 of 412 · 4032 × 3024 · 2.1 MB", Width: 600, Height: 5000, Newer: true, File: true, Picture: true})
		v.SetImage(ViewerImage{shore(72, 600)}, 0, 0)
		v.SetStrip(strip(), "8")
		v.Say("Saved: beach.jpg", "Show in folder", func() {})
		golden(t, v.w, "viewer-narrow")
	})
	t.Run("large", func(t *testing.T) {
		v := view(t, theme.Light, 900, 600)
		v.SetImage(ViewerImage{shore(1008, 756)}, 1008, 756)
		v.Scrolled(wheel(200, 100, 4))
		golden(t, v.w, "viewer-large")
	})
}

func wheel(x, y, notches float32) *fyne.ScrollEvent {
	return &fyne.ScrollEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, y)}, Scrolled: fyne.NewDelta(0, notches*wheelNotch)}
}

// under is which point of the picture, from 0 to 1, lies at a place.
func (v *viewed) under(x, y float32) (float32, float32) {
	r := v.pose.rect(v.area(v.Size()), v.natural(), v.scale())
	return (x - r.x) / r.w, (y - r.y) / r.h
}

// The wheel makes the picture larger and keeps what is under the pointer there.
func TestViewerZoomsAtThePointer(t *testing.T) {
	v := view(t, theme.Light, 1120, 740)
	v.SetImage(ViewerImage{shore(1008, 756)}, 4032, 3024)
	x0, y0 := v.under(500, 300)
	before := v.shown.Size().Width
	for range 5 {
		v.Scrolled(wheel(500, 300, 1))
	}
	if v.shown.Size().Width < 2*before {
		t.Errorf("after five notches %v wide, before %v", v.shown.Size().Width, before)
	}
	if x1, y1 := v.under(500, 300); x1-x0 > 0.002 || x0-x1 > 0.002 || y1-y0 > 0.002 || y0-y1 > 0.002 {
		t.Errorf("under the pointer was %v, %v and is %v, %v", x0, y0, x1, y1)
	}
	for range 9 {
		v.Scrolled(wheel(300, 200, -1))
	}
	if !v.pose.fitted {
		t.Error("it is not shown as a whole again")
	}
	for range 100 {
		v.Scrolled(wheel(10, 10, 3))
	}
	if z := v.pose.zoom; z > maxZoom {
		t.Errorf("zoom %v", z)
	}
}

// A picture that is dragged stays within reach; one that is seen as a whole stays
// where it is.
func TestViewerDrag(t *testing.T) {
	v := view(t, theme.Light, 1120, 740)
	v.SetImage(ViewerImage{shore(1008, 756)}, 4032, 3024)
	drag := func(dx, dy float32) { v.Dragged(&fyne.DragEvent{Dragged: fyne.NewDelta(dx, dy)}) }
	at := v.shown.Position()
	drag(50, 50)
	if v.shown.Position() != at {
		t.Error("a whole picture was dragged")
	}
	v.TypedRune('1')
	at = v.shown.Position()
	drag(-60, -40)
	if got := v.shown.Position(); got != at.AddXY(-60, -40) {
		t.Errorf("dragged from %v to %v", at, got)
	}
	area := v.area(v.Size())
	drag(99999, 99999)
	if got := v.shown.Position(); got.X != area.x || got.Y != area.y {
		t.Errorf("its corner is at %v, that of the area at %v, %v", got, area.x, area.y)
	}
}

func TestViewerSizes(t *testing.T) {
	v := view(t, theme.Light, 1120, 740)
	v.SetImage(ViewerImage{shore(1008, 756)}, 4032, 3024)
	whole := v.shown.Size()
	area := v.area(v.Size())
	if whole.Width > area.w+0.5 || whole.Height > area.h+0.5 {
		t.Errorf("the whole is %v in %v", whole, area)
	}
	middle := v.middle()
	v.DoubleTapped(&fyne.PointEvent{Position: middle})
	if v.shown.Size().Width != 4032 || v.zoom.words.line.Text != "100%" {
		t.Errorf("in its own size it is %v, %q", v.shown.Size(), v.zoom.words.line.Text)
	}
	v.DoubleTapped(&fyne.PointEvent{Position: middle})
	if v.shown.Size() != whole {
		t.Error("a double click does not go back")
	}
	v.TypedRune('+')
	if v.shown.Size().Width < 1.2*whole.Width {
		t.Error("+ does nothing")
	}
	v.TypedRune('-')
	if v.shown.Size() != whole {
		t.Error("- does not undo +")
	}
	v.TypedRune('1')
	v.TypedRune('0')
	if v.shown.Size() != whole {
		t.Error("0 does not show the whole")
	}
	// A small one is never made larger by itself.
	v.SetPage(ViewerPage{})
	v.SetImage(ViewerImage{shore(100, 50)}, 0, 0)
	if v.shown.Size() != fyne.NewSize(100, 50) {
		t.Errorf("a small picture is %v", v.shown.Size())
	}
	v.toggle()
	if v.shown.Size() != fyne.NewSize(200, 100) {
		t.Errorf("made larger it is %v", v.shown.Size())
	}
}

// The sizes that a message claims do not put a picture out of shape.
func TestViewerKeepsTheShape(t *testing.T) {
	v := view(t, theme.Light, 1120, 740)
	v.SetPage(ViewerPage{Width: 4000, Height: 10})
	v.SetImage(ViewerImage{shore(400, 300)}, 0, 0)
	if s := v.shown.Size(); s.Width/s.Height < 1.3 || s.Width/s.Height > 1.36 {
		t.Errorf("4:3 is shown as %v", s)
	}
}

// A better picture of the same does not change what is seen of it, and the one
// that fits the size best is drawn.
func TestViewerBetterImage(t *testing.T) {
	v := view(t, theme.Light, 1120, 740)
	v.SetImage(ViewerImage{shore(126, 94)}, 4032, 3024)
	v.Scrolled(wheel(300, 200, 3))
	size, at := v.shown.Size(), v.shown.Position()
	levels := ViewerImage{shore(4032, 3024), shore(2016, 1512), shore(1008, 756)}
	v.SetImage(levels, 4032, 3024)
	if now := v.shown.Size(); now.Width != size.Width || v.shown.Position() != at {
		t.Errorf("it went from %v %v to %v %v", size, at, now, v.shown.Position())
	}
	for zoom, want := range map[rune]*image.RGBA{'0': levels[2], '1': levels[0]} {
		v.TypedRune(zoom)
		if v.shown.Image != want {
			t.Errorf("at %c another picture is drawn: %v", zoom, v.shown.Image.Bounds())
		}
	}
}

func TestViewerKeys(t *testing.T) {
	v := view(t, theme.Light, 1120, 740)
	key := func(name fyne.KeyName) { v.w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: name}) }
	key(fyne.KeyLeft)
	key(fyne.KeyRight)
	test.Type(v.w.Canvas().Focused(), "<>")
	v.want(t, "arrows", "step -1", "step 1", "step -1", "step 1")
	v.SetAround("", false, false)
	key(fyne.KeyLeft)
	key(fyne.KeyRight)
	v.want(t, "at the end")
	v.TypedShortcut(&fyne.ShortcutCopy{})
	v.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyS, Modifier: fyne.KeyModifierShortcutDefault})
	v.want(t, "shortcuts", "copy", "save")
	key(fyne.KeySpace)
	v.want(t, "space on a picture")
	v.SetPage(ViewerPage{Film: true})
	key(fyne.KeySpace)
	v.TypedShortcut(&fyne.ShortcutCopy{})
	v.want(t, "space on a film", "play")
	key(fyne.KeyEscape)
	v.want(t, "Esc", "closed")
	if v.IsOpen() || v.w.Canvas().Overlays().Top() != nil {
		t.Error("it is still there")
	}
}

// Tab goes from the picture to each button and back, and each shows that it has the
// keyboard; the keys of the viewer work from all of them.
func TestViewerWalk(t *testing.T) {
	v := view(t, theme.Light, 1120, 740)
	v.SetImage(ViewerImage{shore(840, 630)}, 0, 0)
	v.SetStrip(strip(), "4")
	c := v.w.Canvas()
	if !v.frame.Hidden {
		t.Error("a viewer that was just opened has a ring")
	}
	for _, b := range []*viewerButton{v.zoom, v.save, v.copy, v.forward, v.cross, v.older, v.newer} {
		c.FocusNext()
		if c.Focused() != fyne.Focusable(b) || b.back.StrokeWidth != theme.RingWidth {
			t.Errorf("%q has the keyboard: %v, a ring of %g", b.say, c.Focused() == fyne.Focusable(b), b.back.StrokeWidth)
		}
	}
	if v.zoom.back.StrokeWidth != 0 {
		t.Error("the ring stays behind")
	}
	golden(t, v.w, "viewer-keyboard")
	press := func(name fyne.KeyName) { c.Focused().TypedKey(&fyne.KeyEvent{Name: name}) }
	press(fyne.KeyReturn)
	press(fyne.KeyLeft)
	v.want(t, "on the arrow", "step 1", "step -1")
	before := v.shown.Size().Width
	test.Type(c.Focused(), "+")
	if v.shown.Size().Width <= before {
		t.Error("plus does nothing on a button")
	}
	test.Type(c.Focused(), "0")
	c.Focused().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutCopy{})
	v.want(t, "shortcuts on the arrow", "copy")
	// The last picture: its arrow goes, and the keyboard with it to the picture.
	v.SetAround("", true, false)
	if c.Focused() != fyne.Focusable(v.Viewer) || v.frame.Hidden {
		t.Errorf("the keyboard is at %T, no ring: %v", c.Focused(), v.frame.Hidden)
	}
	c.FocusPrevious()
	press(fyne.KeySpace)
	v.want(t, "the other arrow", "step -1")
	press(fyne.KeyEscape)
	v.want(t, "Esc", "closed")
}

// What has no room is no stop.
func TestViewerWalkNarrow(t *testing.T) {
	v := view(t, theme.Light, 380, 600)
	v.SetImage(ViewerImage{shore(72, 600)}, 0, 0)
	v.w.Canvas().FocusNext()
	if b, is := v.w.Canvas().Focused().(*viewerButton); !is || b.Size().Width == 0 {
		t.Errorf("Tab goes to %T that nobody sees", v.w.Canvas().Focused())
	}
}

// While it is open the keyboard is its own, wherever a click went; then that of
// what had it.
func TestViewerKeyboardComesBack(t *testing.T) {
	w := window(t, theme.Light, box(0), 600, 400)
	c := NewComposer("Send")
	w.SetContent(c)
	c.Focus()
	before := w.Canvas().Focused()
	got := 0
	w.Canvas().SetOnTypedKey(func(*fyne.KeyEvent) { got++ })
	v := NewViewer(viewerWords())
	v.Open(w.Canvas())
	if w.Canvas().Focused() != fyne.Focusable(v) {
		t.Error("it has not got the keyboard")
	}
	w.Canvas().Unfocus()
	w.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if v.IsOpen() || got != 0 {
		t.Error("Esc went past it")
	}
	if w.Canvas().Focused() != before {
		t.Errorf("the keyboard went to %T", w.Canvas().Focused())
	}
	w.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyF1})
	if got != 1 {
		t.Error("keys do not reach the window again")
	}
}

func TestViewerPointer(t *testing.T) {
	v := view(t, theme.Light, 1120, 740)
	v.SetImage(ViewerImage{shore(840, 630)}, 0, 0)
	v.SetStrip(strip(), "4")
	tap := func(o fyne.CanvasObject) {
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
		test.TapCanvas(v.w.Canvas(), at.AddXY(o.Size().Width/2, o.Size().Height/2))
	}
	tap(v.save)
	tap(v.copy)
	tap(v.forward)
	tap(v.older)
	tap(v.newer)
	v.want(t, "buttons", "save", "copy", "forward", "step -1", "step 1")
	for _, i := range []int{2, 4} {
		tap(v.strip.tiles[i].image)
	}
	v.want(t, "the strip", "choose 2")
	tap(v.zoom)
	if v.shown.Size().Width != 4032 {
		t.Errorf("the percentage leads to %v", v.shown.Size())
	}
	v.OnMenu = func(at fyne.Position) { v.told = append(v.told, fmt.Sprint("menu at ", at.X, " ", at.Y)) }
	v.TappedSecondary(&fyne.PointEvent{AbsolutePosition: fyne.NewPos(500, 300)})
	v.TypedKey(&fyne.KeyEvent{Name: desktop.KeyMenu})
	v.want(t, "a right click, and the menu key", "menu at 500 300", fmt.Sprint("menu at ", v.middle().X, " ", v.middle().Y))
	tap(v.cross)
	v.want(t, "the cross", "closed")
}

// A frame of an animation is drawn in the place of the one before.
func TestViewerFrames(t *testing.T) {
	v := view(t, theme.Light, 1120, 740)
	v.SetPage(ViewerPage{})
	v.SetImage(ViewerImage{shore(100, 50)}, 0, 0)
	size := v.shown.Size()
	next := harbour(100, 50)
	v.SetFrame(next)
	if v.shown.Image != next || v.shown.Size() != size {
		t.Error("the frame is not shown in place")
	}
	v.Refresh()
	if v.shown.Image != next {
		t.Error("the frame does not stay")
	}
}
