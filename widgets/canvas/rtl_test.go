package canvas

import (
	"image/png"
	"os"
	"testing"
	"time"

	"magpie/widgets/theme"
)

// Right-to-left text comes from whatever font the machine has, so this looks at
// where things are, not at a picture.
func TestRightToLeft(t *testing.T) {
	items := []Item{
		said(1, "נועה", "שלום לכולם, הפגישה ב-15:00 (חדר 4).", start0),
		said(2, "", "مرحبا بالعالم، هذا نص طويل بما يكفي ليحتاج إلى أكثر من سطر واحد في هذه الفقاعة الضيقة", start0.Add(time.Minute)),
		said(3, "Lin", "mixed עברית inside", start0.Add(2*time.Minute)),
	}
	c, w := show(t, theme.Light, 480, 320, Options{})
	openItems(c, items, 0, 0)
	for n, r := range c.shown[:2] {
		l := r.layout
		for i, ln := range l.text.Lines {
			if !ln.RTL {
				t.Errorf("message %d line %d is not right to left", n, i)
			}
			if right, edge := l.lineX(i)+ln.Width, l.bubble.x+l.bubble.w-bubblePadX; right < edge-1 || right > edge+1 {
				t.Errorf("message %d line %d ends at %g, the bubble's text at %g", n, i, right, edge)
			}
		}
		last := len(l.text.Lines) - 1
		if l.meta.y < l.textY+float32(last+1)*theme.LineHeight-4 && l.lineX(last) < l.meta.x+l.meta.w {
			t.Errorf("message %d: the time lies on the text", n)
		}
	}
	if l := c.shown[2].layout; l.text.Lines[0].RTL {
		t.Error("a paragraph that begins in Latin reads from left to right")
	}
	if out := os.Getenv("MAGPIE_RTL_PICTURE"); out != "" { // to look at by eye
		f, err := os.Create(out)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := png.Encode(f, w.Canvas().Capture()); err != nil {
			t.Fatal(err)
		}
	}
}

// However the fonts of this machine differ, a piece is moved by less than a line, and
// never for the own font.
func TestDrop(t *testing.T) {
	c, _ := show(t, theme.Light, 480, 320, Options{})
	f := &c.face().text
	for _, own := range []string{"abc", "(", "é", "Ω"} {
		if d := f.Drop(own); d != 0 {
			t.Errorf("%q is moved by %g", own, d)
		}
	}
	for _, s := range []string{"ש", "م", "字"} {
		if d := f.Drop(s); d < -theme.LineHeight/2 || d > theme.LineHeight/2 {
			t.Errorf("%q is moved by %g", s, d)
		}
	}
	if d := f.Drop("字"); d != 0 {
		t.Errorf("the bundled font's own Hanzi are moved by %g", d)
	}
}
