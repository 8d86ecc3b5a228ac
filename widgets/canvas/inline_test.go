package canvas

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"magpie/assets"
	"magpie/im"
	"magpie/widgets/theme"
)

// inline is a conversation with everything that a text may hold.
func inline() []Item {
	at := func(m int) time.Time { return start0.Add(time.Duration(m) * time.Minute) }
	mention := said(3, "Lin", "@周雨 @Ada 看一下 https://example.org/design?file=icons-final 里的第 3 页[强]", at(2))
	mention.Mentions = []string{"周雨", "Ada"}
	own := said(4, "", "Looks great 👍🏽 see www.example.org/a/very/long/path/that/wraps/onto/the/next/line and tell me", at(3))
	own.State = StateRead
	return []Item{
		said(1, "周雨", "首页的新图标我放在群文件里了，看看这版[呲牙]", at(0)),
		said(2, "周雨", "多个表情[微笑][微笑][微笑]在一起，会在这里换行[呲牙][呲牙][呲牙][呲牙][呲牙][呲牙]，标点也跟着走[微笑]。", at(1)),
		mention, own,
		said(5, "Lin", "[微笑]", at(20)),
		said(6, "", "😀 😂 ❤️", at(21)),
		said(7, "", "[微笑][微笑][微笑][微笑]", at(22)),
		said(8, "Lin", "[not a code] a@b.org 😀", at(23)),
	}
}

func openInline(t *testing.T, h *heard, w float32, items ...Item) *Canvas {
	t.Helper()
	o := Options{Intents: h.intents()}
	o.Intents.OnLink = func(url string) { h.log = append(h.log, "link "+url) }
	c, _ := show(t, theme.Light, w, 700, o)
	openItems(c, items, 0, 0)
	return c
}

// at returns the middle of what the bytes a of a text are drawn as, in the canvas.
func at(t *testing.T, c *Canvas, r *row, a int) fyne.Position {
	t.Helper()
	l := r.layout
	for i, ln := range l.text.Lines {
		if a < ln.Start || a >= ln.End {
			continue
		}
		for b := a + 1; b <= ln.End; b++ {
			if s := c.face().text.Spans(&l.text, i, a, b, nil); len(s) > 0 && s[0].Width > 0 {
				return fyne.NewPos(l.lineX(i)+s[0].X+s[0].Width/2, r.y+l.textY+(float32(i)+0.5)*l.line)
			}
		}
	}
	t.Fatalf("nothing is drawn for byte %d of %q", a, l.text.Text)
	return fyne.Position{}
}

func press(c *Canvas, p fyne.Position) {
	c.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: p}, Button: desktop.MouseButtonPrimary})
}

func release(c *Canvas, p fyne.Position, tapped bool) {
	c.MouseUp(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: p}, Button: desktop.MouseButtonPrimary})
	if tapped {
		c.Tapped(&fyne.PointEvent{Position: p})
	}
}

func TestLinksOpen(t *testing.T) {
	var h heard
	text := "see www.example.org/x, and ask @Ada"
	it := said(1, "Lin", text, start0)
	it.Mentions = []string{"Ada"}
	c := openInline(t, &h, 640, it)
	r := rowOf(t, c, "m1")
	link, word, mention := at(t, c, r, strings.Index(text, "example")), at(t, c, r, 0), at(t, c, r, strings.Index(text, "Ada"))
	for _, p := range []struct {
		at   fyne.Position
		want desktop.Cursor
	}{{link, desktop.PointerCursor}, {word, desktop.TextCursor}, {mention, desktop.TextCursor}} {
		c.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: p.at}})
		if got := c.Cursor(); got != p.want {
			t.Errorf("at %v the cursor is %v, want %v", p.at, got, p.want)
		}
	}
	press(c, word)
	release(c, word, true)
	h.expect(t)
	press(c, link)
	release(c, link, true)
	h.expect(t, "link https://www.example.org/x")
	// A drag over it selects, and Fyne reports no tap then. A double click takes a
	// word and opens nothing more.
	press(c, link)
	c.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: link.AddXY(40, 0)}})
	c.DragEnd()
	h.expect(t)
	if s := c.Selected(); s == "" || !strings.Contains(text, s) {
		t.Errorf("a drag over a link selected %q", s)
	}
}

// The window is told once where the link under the pointer leads, and once that the
// pointer left it, however that came about.
func TestLinkUnderThePointer(t *testing.T) {
	var h heard
	text := "see www.example.org/x now"
	c := openInline(t, &h, 640, said(1, "Lin", text, start0))
	c.intents.OnOverLink = func(url string) { h.log = append(h.log, "over "+url) }
	r := rowOf(t, c, "m1")
	move := func(p fyne.Position) {
		c.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: p}})
	}
	link, word := at(t, c, r, strings.Index(text, "example")), at(t, c, r, 0)
	for _, leave := range []func(){
		func() { move(word) },
		c.MouseOut,
		func() { c.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.Delta{DY: 1}}) },
		func() { openItems(c, []Item{said(1, "Lin", "another", start0)}, 0, 0) },
	} {
		move(link)
		move(link.AddXY(1, 0))
		h.expect(t, "over https://www.example.org/x")
		leave()
		h.expect(t, "over ")
	}
}

// A code is copied as the emoji that it shows, and taken as one.
func TestEmojiAreCopiedAsWhatTheyShow(t *testing.T) {
	var h heard
	text := "ab[微笑]cd👍🏽e"
	c := openInline(t, &h, 640, said(1, "Lin", text, start0))
	r := rowOf(t, c, "m1")
	smile, d, thumb := strings.Index(text, "["), strings.Index(text, "d"), strings.Index(text, "👍")
	// From the b to just before the d: the code is taken whole.
	press(c, at(t, c, r, 1).AddXY(-3, 0))
	c.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: at(t, c, r, d).AddXY(-3, 0)}})
	c.DragEnd()
	c.TypedShortcut(&fyne.ShortcutCopy{})
	h.expect(t, "copy b🙂c")
	// A double click on either half of a picture takes it alone.
	for _, x := range []float32{-7, 7} {
		for _, e := range []struct {
			at   int
			want string
		}{{smile, "🙂"}, {thumb, "👍🏽"}} {
			c.pointer.clicks, c.pointer.last = 0, time.Time{}
			p := at(t, c, r, e.at).AddXY(x, 0)
			press(c, p)
			release(c, p, true)
			press(c, p)
			release(c, p, false)
			if got := c.Selected(); got != e.want {
				t.Errorf("double click at %g took %q, want %q", x, got, e.want)
			}
		}
	}
	c.selectAll()
	if got := c.Selected(); got != "ab🙂cd👍🏽e" {
		t.Errorf("all is %q", got)
	}
}

// However narrow it is, a code or an emoji stays in one piece, and each is drawn
// by exactly one picture.
func TestEmojiWrapWhole(t *testing.T) {
	var h heard
	text := strings.Repeat("字[微笑]", 30) + strings.Repeat("👨‍👩‍👧", 20)
	for _, w := range []float32{300, 371, 520} {
		c := openInline(t, &h, w, said(1, "Lin", text, start0))
		r := rowOf(t, c, "m1")
		l := r.layout
		if len(l.text.Lines) < 3 {
			t.Fatalf("%d lines", len(l.text.Lines))
		}
		if r.usedImages != 50 {
			t.Errorf("%d pictures", r.usedImages)
		}
		for _, ln := range l.text.Lines {
			s := l.text.Text[ln.Start:ln.End]
			if strings.Count(s, "[") != strings.Count(s, "]") || strings.HasPrefix(s, "\u200d") {
				t.Errorf("line %q", s)
			}
			if ln.Width > l.bubble.w-2*bubblePadX+0.5 {
				t.Errorf("line of %g in a bubble of %g", ln.Width, l.bubble.w)
			}
		}
	}
}

func TestFewEmojiAreLarge(t *testing.T) {
	for _, c := range []struct {
		text string
		want bool
	}{
		{"[微笑]", true}, {"😀😂❤️", true}, {" 😀 😂", true}, {"😀😀😀😀", false}, {"😀!", false}, {"", false}, {"  ", false}, {"😀\n😀", false}, {"https://example.org", false},
	} {
		if got := onlyEmoji(im.ParseText(c.text, nil)); got != c.want {
			t.Errorf("%q: %v", c.text, got)
		}
	}
}

// The quick look must not overlook anything that the parser finds.
func TestQuickLookOverlooksNothing(t *testing.T) {
	holds := func(text string) bool {
		for _, r := range im.ParseText(text, []string{"a"}) {
			if r.Kind != im.RunText {
				return true
			}
		}
		return false
	}
	found := 0
	try := func(text string) {
		if holds(text) {
			found++
			if !mayHoldRuns(text) {
				t.Errorf("%q is taken for plain text", text)
			}
		}
	}
	for r := rune(1); r < 0x20000; r++ {
		for _, after := range []string{"", "\ufe0f", "\u20e3", "\ufe0f\u20e3"} {
			try(string(r) + after)
		}
	}
	for _, code := range im.EmojiCodes() {
		try(code)
	}
	for _, s := range []string{"HTTP://example.org", "Www.example.org", "x https://a.b", "@a"} {
		try(s)
	}
	if found < 1000 {
		t.Errorf("only %d texts with something in them", found)
	}
	for _, s := range []string{"Yes — “quoted”… it's 12:30, ok.", "好的，明天见！「引号」、（括号）。", "かな カナ", "Привет"} {
		if mayHoldRuns(s) {
			t.Errorf("%q is worth parsing", s)
		}
	}
}

// A message full of emoji that nobody has seen holds up no frame: its pictures
// come bit by bit, and all of them come.
func TestManyEmojiComeBitByBit(t *testing.T) {
	var due []func()
	c, _ := show(t, theme.Light, 640, 700, Options{After: func(_ time.Duration, f func()) { due = append(due, f) }})
	text := ""
	for _, e := range assets.Emojis()[:300] {
		text += e.Sequence
	}
	openItems(c, []Item{said(1, "Lin", text, start0), said(2, "Lin", "[微笑]", start0)}, 0, 0)
	r := rowOf(t, c, "m1")
	seen := r.usedImages
	if seen == 0 || seen > makeMost {
		t.Fatalf("%d pictures at first", seen)
	}
	for n := 0; len(due) > 0; n++ {
		next := due
		due = nil
		for _, f := range next {
			f()
		}
		if now := r.usedImages; now-seen > makeMost || n > 20 {
			t.Fatalf("turn %d: %d pictures after %d", n, now, seen)
		}
		seen = r.usedImages
	}
	if seen != 300 || r.waits {
		t.Errorf("%d pictures in the end, waiting %v", seen, r.waits)
	}
	if rowOf(t, c, "m2").usedImages != 1 {
		t.Error("the other message never got its own")
	}
}
