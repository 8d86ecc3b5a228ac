package canvas

import (
	"fmt"
	"slices"
	"strings"
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
		OnSeen:     func(_ Key, n uint64) { h.seen = append(h.seen, n) },
		OnResend:   func(k Key) { say("resend %s", k) },
		OnAction:   func(k Key) { say("action %s", k) },
		OnMenu:     func(k Key, _ fyne.Position, sel string) { say("menu %s %q", k, sel) },
		OnAvatar:   func(id string) { say("avatar %s", id) },
		OnHole:     func(k Key, from, to uint64) { say("hole %s %d-%d", k, from, to) },
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

func TestSeenIsWhatWasOnTheScreen(t *testing.T) {
	var h heard
	c, _ := show(t, theme.Light, 640, 480, Options{Intents: h.intents()})
	items := talk(300)
	f := openItems(c, items, 100, 200)
	if first := c.shown[0].entry.Sequence; first > 200 {
		t.Errorf("opened at %d, beyond the divider", first)
	}
	if c.AtNewest() {
		t.Fatal("opened at the newest though 100 are unread")
	}
	expected := uint64(200)
	check := func() {
		t.Helper()
		if len(h.seen) == 0 {
			t.Fatal("nothing was seen")
		}
		for i := range h.seen[1:] {
			if h.seen[i+1] <= h.seen[i] {
				t.Fatalf("goes back: %v", h.seen)
			}
		}
		for _, r := range c.shown { // the newest that is wholly on the screen
			if r.y+r.layout.body <= 480.5 {
				expected = max(expected, r.entry.Sequence)
			}
		}
		if got := h.seen[len(h.seen)-1]; got != expected {
			t.Fatalf("seen %d, on the screen so far %d", got, expected)
		}
	}
	check()
	for range 10 {
		c.scrollBy(-333)
		check()
	}
	// Scrolling up says nothing.
	n := len(h.seen)
	c.scrollBy(1000)
	if len(h.seen) != n {
		t.Error("scrolling up was reported")
	}
	// A window that nobody looks at sees nothing.
	c.SetActive(false)
	c.JumpToNewest()
	if len(h.seen) != n {
		t.Error("an inactive canvas reported")
	}
	it := spoken(301)
	f.put(it)
	c.Apply(Changes{Put: []Item{it}})
	if len(h.seen) != n {
		t.Error("an inactive canvas reported a new message")
	}
	c.SetActive(true)
	if h.seen[len(h.seen)-1] != 301 {
		t.Errorf("after waking up seen %d", h.seen[len(h.seen)-1])
	}
}

func TestUnseenOnesAreCounted(t *testing.T) {
	c, _ := show(t, theme.Light, 640, 480, Options{})
	openItems(c, talk(300), 0, 300)
	c.scrollBy(3000)
	own := said(301, "", "mine", start0.Add(700*time.Minute))
	c.Apply(Changes{Put: []Item{own, said(302, "Lin", "one", start0.Add(701*time.Minute)), said(303, "Ada", "two", start0.Add(702*time.Minute))}})
	if c.seen.below != 2 || c.floats.jumpText.Text != "2" || c.floats.jumpGround.Hidden {
		t.Errorf("counted %d, pill says %q hidden %v", c.seen.below, c.floats.jumpText.Text, c.floats.jumpGround.Hidden)
	}
	c.Apply(Changes{Put: []Item{said(303, "Ada", "two, changed", start0.Add(702*time.Minute))}})
	if c.seen.below != 2 {
		t.Error("a changed message was counted again")
	}
	j := c.floats.jump
	c.Tapped(&fyne.PointEvent{Position: fyne.NewPos(j.x+j.w/2, j.y+j.h/2)})
	if !c.AtNewest() || c.seen.below != 0 || !c.floats.jumpGround.Hidden {
		t.Errorf("after the pill: at newest %v, %d below", c.AtNewest(), c.seen.below)
	}
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
	ch := Changes{Remove: []Key{"h"}}
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
	c.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if c.Selected() != "" {
		t.Error("escape kept the selection")
	}
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

func TestOpening(t *testing.T) {
	t.Run("waits for the source and for a size", func(t *testing.T) {
		test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Light))
		c := New(Options{Words: english(), Still: true})
		f := &fake{items: talk(300), held: true}
		c.Open(Opening{Source: f, Unread: 20, ReadUpTo: 280, First: 1, Last: 300})
		f.release()
		c.Resize(fyne.NewSize(640, 480))
		var divider *row
		for _, r := range c.shown {
			if r.entry.look.divider {
				divider = r
			}
		}
		if divider == nil || divider.y < 0 || divider.y > 240 {
			t.Errorf("the divider is at %+v", divider)
		}
	})
	t.Run("few unread ones show with the newest at the bottom", func(t *testing.T) {
		c, _ := show(t, theme.Light, 640, 480, Options{})
		openItems(c, talk(300), 2, 298)
		if !c.AtNewest() {
			t.Error("not at the newest")
		}
	})
	t.Run("at a place", func(t *testing.T) {
		c, _ := show(t, theme.Light, 640, 480, Options{})
		c.Open(Opening{Source: &fake{items: talk(3000)}, First: 1, Last: 3000, At: 1500})
		r := rowOf(t, c, "m1500")
		if mid := r.y + r.layout.height/2; mid < 235 || mid > 245 {
			t.Errorf("m1500 is at %g", mid)
		}
	})
	t.Run("a source that fails", func(t *testing.T) {
		c, _ := show(t, theme.Light, 640, 480, Options{})
		c.Open(Opening{Source: failing{}})
		if len(c.shown) != 0 || c.loads.busy() {
			t.Error("shows something, or waits")
		}
		if !c.floats.empty.Hidden {
			t.Error("says that there are no messages")
		}
	})
	t.Run("another conversation while one is loading", func(t *testing.T) {
		c, _ := show(t, theme.Light, 640, 480, Options{})
		slow := &fake{items: talk(50), held: true}
		c.Open(Opening{Source: slow, First: 1, Last: 50})
		openItems(c, []Item{said(7, "Lin", "other", start0)}, 0, 0)
		slow.release()
		if first, last, _ := c.OnScreen(); first.Sequence != 7 || last.Sequence != 7 {
			t.Errorf("shows %d to %d of the one before", first.Sequence, last.Sequence)
		}
	})
}

// A source that promises more and brings nothing must not be asked for ever.
func TestEmptyPromises(t *testing.T) {
	c, _ := show(t, theme.Light, 640, 480, Options{})
	p := &promising{fake: fake{items: talk(20)}}
	c.Open(Opening{Source: p, First: 1, Last: 20})
	if p.asked > 4 {
		t.Errorf("asked %d times", p.asked)
	}
	n := p.asked
	c.scrollBy(50)
	if p.asked == n {
		t.Error("not asked again when a person scrolls on")
	}
}

type promising struct{ fake }

func (p *promising) Around(_ uint64, _ int, done func(Page)) { done(Page{Items: p.items, Older: true}) }
func (p *promising) Older(_ Cursor, _ int, done func(Page)) {
	p.asked++
	done(Page{Items: p.items[:5], Older: true})
}

type failing struct{}

func (failing) Older(_ Cursor, _ int, done func(Page))  { done(Page{Failed: true}) }
func (failing) Newer(_ Cursor, _ int, done func(Page))  { done(Page{Failed: true}) }
func (failing) Around(_ uint64, _ int, done func(Page)) { done(Page{Failed: true}) }

// A message of thousands of lines must not become thousands of objects.
func TestManyLines(t *testing.T) {
	c, _ := show(t, theme.Light, 640, 480, Options{})
	items := append(talk(20), said(21, "Lin", strings.Repeat("\n", 7000)+"end", start0.Add(time.Hour)))
	openItems(c, items, 0, 0)
	for range 200 {
		c.scrollBy(800)
		for _, r := range c.shown {
			if len(r.box.Objects) > 200 {
				t.Fatalf("%d objects", len(r.box.Objects))
			}
			if !r.covers(r.y, 480) {
				t.Fatal("lines on the screen are not drawn")
			}
		}
	}
}

func TestThemeChangeRecolours(t *testing.T) {
	c, w := show(t, theme.Light, 816, 626, Options{})
	openItems(c, chat(), 3, 5)
	test.ApplyTheme(t, theme.New(theme.Dark))
	c.Refresh()
	test.AssertImageMatches(t, "dark.png", w.Canvas().Capture())
}

// What a peer writes must never break the canvas.
func FuzzItem(f *testing.F) {
	for _, s := range []string{"", "hello", "\x00\u202e", strings.Repeat("a", 3000), "שלום\tabc\n\n", "👨\u200d👩\u200d👧"} {
		f.Add(s, s, s, 100)
	}
	f.Fuzz(func(t *testing.T, text, name, reason string, width int) {
		if len(text)+len(name)+len(reason) > 4000 {
			return
		}
		c, _ := show(t, theme.Light, float32(min(max(width, 1), 3000)), 400, Options{})
		own := said(2, "", text, start0)
		own.State, own.Reason = StateFailed, reason
		tip := Item{Key: "t", Sequence: 3, Kind: KindNotice, Text: text, Action: name}
		openItems(c, []Item{said(1, name+"n", text, start0), own, tip}, 0, 0)
		for _, r := range c.shown {
			l := r.layout
			if l.height <= 0 || l.body > l.height+0.01 {
				t.Fatalf("height %g, body %g", l.height, l.body)
			}
			if width >= 200 && l.bubble.w > 0 && (l.bubble.x < 0 || l.bubble.x+l.bubble.w > l.width) {
				t.Fatalf("bubble %+v in %g", l.bubble, l.width)
			}
		}
	})
}
