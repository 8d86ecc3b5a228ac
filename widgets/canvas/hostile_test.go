package canvas

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"magpie/widgets/theme"
)

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

// What a peer writes must never break the canvas.
func FuzzItem(f *testing.F) {
	for _, s := range []string{"", "hello", "\x00\u202e", strings.Repeat("a", 3000), "שלום\tabc\n\n", "👨\u200d👩\u200d👧"} {
		f.Add(s, s, s, 100)
	}
	c, _ := show(f, theme.Light, 640, 400, Options{})
	f.Fuzz(func(t *testing.T, text, name, reason string, width int) {
		if len(text)+len(name)+len(reason) > 4000 {
			return
		}
		c.Resize(fyne.NewSize(float32(min(max(width, 1), 3000)), 400))
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
