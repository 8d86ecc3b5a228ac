package canvas

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"magpie/widgets/theme"
)

// heard collects what a canvas says.
type heard struct {
	seen []uint64
	log  []string
}

func (h *heard) intents() Intents {
	say := func(format string, args ...any) { h.log = append(h.log, fmt.Sprintf(format, args...)) }
	return Intents{
		OnSeen:   func(_ Key, n uint64) { h.seen = append(h.seen, n) },
		OnResend: func(k Key) { say("resend %s", k) },
		OnAction: func(k Key) { say("action %s", k) },
		OnMenu:   func(k Key, _ fyne.Position, sel string) { say("menu %s %q", k, sel) },
		OnAvatar: func(id string) { say("avatar %s", id) },
		OnHole: func(w HoleWanted) {
			say("hole %s %d-%d", w.Key, w.From, w.To)
			if w.At > 0 || w.Newer {
				say("at %d, newer %v", w.At, w.Newer)
			}
		},
		OnRetry:    func(k Key) { say("retry %s", k) },
		OnDate:     func(day time.Time) { say("date %s", day.Format(time.DateOnly)) },
		OnTyped:    func(r rune) { say("typed %c", r) },
		OnShortcut: func(s fyne.Shortcut) { say("shortcut %s", s.ShortcutName()) },
		OnCopy:     func(s string) { say("copy %s", s) },
	}
}

func (h *heard) expect(t *testing.T, want ...string) {
	t.Helper()
	if !slices.Equal(h.log, want) {
		t.Errorf("heard %q, want %q", h.log, want)
	}
	h.log = nil
}

func rowOf(t *testing.T, c *Canvas, k Key) *row {
	t.Helper()
	for _, r := range c.shown {
		if r.entry.Key == k {
			return r
		}
	}
	t.Fatalf("%s is not on the screen", k)
	return nil
}

// tap clicks at a place of a row.
func tap(c *Canvas, r *row, x, y float32) {
	p := fyne.PointEvent{Position: fyne.NewPos(x, r.y+y)}
	c.MouseDown(&desktop.MouseEvent{PointEvent: p, Button: desktop.MouseButtonPrimary})
	c.MouseUp(&desktop.MouseEvent{PointEvent: p, Button: desktop.MouseButtonPrimary})
	c.Tapped(&p)
}

func TestClicks(t *testing.T) {
	var h heard
	c, _ := show(t, theme.Light, 640, 640, Options{Intents: h.intents()})
	openItems(c, outbox(), 0, 0)
	r := rowOf(t, c, "p2")
	tap(c, r, r.layout.resend.x+2, r.layout.resend.y+4)
	h.expect(t, "resend p2")
	r = rowOf(t, c, "r")
	tap(c, r, r.layout.notice.action.x+2, r.layout.notice.action.y+4)
	h.expect(t, "action r")
	r = rowOf(t, c, "m1")
	tap(c, r, r.layout.avatar.x+2, r.layout.avatar.y+4)
	h.expect(t, "avatar Lin")
	tap(c, r, r.layout.bubble.x+2, r.layout.bubble.y+4)
	h.expect(t)
	c.TappedSecondary(&fyne.PointEvent{Position: fyne.NewPos(r.layout.bubble.x+9, r.y+r.layout.bubble.y+9)})
	h.expect(t, `menu m1 ""`)
	c.TypedRune('x')
	c.TypedShortcut(&fyne.ShortcutPaste{})
	h.expect(t, "typed x", "shortcut Paste")
}

func TestHolesAreAskedForWhenTheyShow(t *testing.T) {
	var h heard
	c, _ := show(t, theme.Light, 640, 300, Options{Intents: h.intents()})
	items := append(talk(50), Item{Key: "h", Kind: KindHole, Sequence: 51, Until: 60})
	for n := range uint64(50) {
		items = append(items, spoken(61+n))
	}
	f := openItems(c, items, 0, 110)
	h.expect(t)
	c.JumpTo(61)
	c.scrollBy(10)
	c.scrollBy(-10)
	h.expect(t, "hole h 51-60")
	// Its messages come: it goes, and what is on the screen stays.
	r := rowOf(t, c, "m61")
	y := r.y + r.layout.body
	ch := Changes{Filled: []Range{{51, 60}}}
	for n := range uint64(10) {
		ch.Put = append(ch.Put, spoken(51+n))
	}
	f.remove("h")
	c.Apply(ch)
	if r := rowOf(t, c, "m61"); r.y+r.layout.body != y {
		t.Errorf("filling a hole moved m61 from %g to %g", y, r.y+r.layout.body)
	}
	h.expect(t)
}

func TestKeys(t *testing.T) {
	c, _ := show(t, theme.Light, 640, 480, Options{})
	openItems(c, talk(3000), 0, 0)
	key := func(k fyne.KeyName) { c.TypedKey(&fyne.KeyEvent{Name: k}) }
	r := c.shown[len(c.shown)/2]
	e, y := r.entry, r.y
	key(fyne.KeyUp)
	if e.row.y != y+keyStep {
		t.Errorf("up moved by %g", e.row.y-y)
	}
	key(fyne.KeyDown)
	key(fyne.KeyPageUp)
	key(fyne.KeyHome)
	if first, _, _ := c.OnScreen(); first.Sequence != 1 || c.shown[0].y != theme.CanvasPaddingY {
		t.Errorf("home is %d at %g", first.Sequence, c.shown[0].y)
	}
	key(fyne.KeyPageDown)
	key(fyne.KeyEnd)
	if _, last, _ := c.OnScreen(); last.Sequence != 3000 || !c.AtNewest() {
		t.Errorf("end is %d", last.Sequence)
	}
}

func TestNotched(t *testing.T) {
	for _, c := range []struct {
		dy   float32
		goos string
		want bool
	}{
		{25, "linux", true}, {-75, "windows", true}, {24, "linux", false}, {30, "windows", false}, {2.5, "windows", false},
		{0, "linux", false}, {50, "darwin", false},
	} {
		if got := notched(c.dy, c.goos); got != c.want {
			t.Errorf("%g on %s: %v", c.dy, c.goos, got)
		}
	}
}

func TestScrollBar(t *testing.T) {
	c, _ := show(t, theme.Light, 640, 480, Options{})
	openItems(c, talk(10000), 0, 0)
	c.MouseIn(&desktop.MouseEvent{})
	b := c.floats.barArea
	if b.h < barMin || b.y+b.h < 479 || c.floats.bar.Hidden {
		t.Fatalf("at the newest the thumb is %+v", b)
	}
	down := fyne.NewPos(b.x+2, b.y+5)
	c.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: down}, Button: desktop.MouseButtonPrimary})
	drag := func(y float32) {
		c.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(b.x+2, y)}})
	}
	drag(5 + (480-b.h)/2)
	if first, _, _ := c.OnScreen(); first.Sequence < 4900 || first.Sequence > 5100 {
		t.Errorf("the middle is %d", first.Sequence)
	}
	if d := c.floats.barArea.y - (480-b.h)/2; d > 1 || d < -1 {
		t.Errorf("the thumb is at %g, the pointer at %g", c.floats.barArea.y, (480-b.h)/2)
	}
	drag(-50)
	if first, _, _ := c.OnScreen(); first.Sequence != 1 {
		t.Errorf("the top is %d", first.Sequence)
	}
	drag(600)
	c.DragEnd()
	if !c.AtNewest() {
		t.Error("the bottom is not the newest")
	}
}

func TestDateFloatsWhileScrolling(t *testing.T) {
	var hide func()
	now := start0
	c, _ := show(t, theme.Light, 640, 480, Options{
		Now:   func() time.Time { return now },
		After: func(_ time.Duration, f func()) { hide = f },
	})
	openItems(c, talk(3000), 0, 0)
	if !c.floats.dateGround.Hidden {
		t.Error("shown before scrolling")
	}
	c.scrollBy(500)
	first, _, _ := c.OnScreen()
	if c.floats.dateGround.Hidden || c.floats.dateText.Text != english().Day(first.Time) {
		t.Errorf("hidden %v, says %q", c.floats.dateGround.Hidden, c.floats.dateText.Text)
	}
	now = now.Add(dateLinger / 2)
	c.scrollBy(10)
	now = now.Add(dateLinger / 2)
	hide() // too early: scrolling has gone on
	if c.floats.dateGround.Hidden {
		t.Error("hidden while scrolling")
	}
	now = now.Add(dateLinger)
	hide()
	if !c.floats.dateGround.Hidden {
		t.Error("still shown")
	}
}

func TestThemeChangeRecolours(t *testing.T) {
	c, w := show(t, theme.Light, 816, 626, Options{})
	openItems(c, chat(), 3, 5)
	test.ApplyTheme(t, theme.New(theme.Dark))
	c.Refresh()
	test.AssertImageMatches(t, "dark.png", w.Canvas().Capture())
}
