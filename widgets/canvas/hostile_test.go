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

// What a peer says of what it sends must not either.
func FuzzMedia(f *testing.F) {
	f.Add("a.pdf", "PDF", []byte{1, 2}, 640, 480, int64(1<<20), int64(5e9), int64(7), "", 640)
	f.Add("", "", []byte(nil), 0, 0, int64(0), int64(0), int64(0), "gone", 300)
	f.Add("\u202egnp.exe", "\x00\xff", []byte{255}, -1, 1<<40, int64(-1), int64(-1<<63), int64(1<<62), "\n\n", 1)
	f.Add(strings.Repeat("W", 2000)+"."+strings.Repeat("e\u0301", 200), "很长的标签", make([]byte, 900), 1<<30, 1, int64(1<<62), int64(1<<63-1), int64(-9), strings.Repeat("why ", 99), 90)
	c, w := show(f, theme.Light, 640, 400, Options{})
	f.Fuzz(func(t *testing.T, name, tag string, peaks []byte, mw, mh int, size, length, done int64, failed string, width int) {
		if len(name)+len(tag)+len(failed)+len(peaks) > 4000 {
			return
		}
		w.Resize(fyne.NewSize(float32(min(max(width, 1), 3000)), 400))
		m := Media{Width: mw, Height: mh, Name: name, Tag: tag, Peaks: peaks, Size: size, Duration: time.Duration(length)}
		var items []Item
		for i, kind := range []Kind{KindVoice, KindImage, KindVideo, KindFile} {
			items = append(items, media(uint64(i+1), name, kind, i, m))
			k := items[i].Key
			c.SetTransfer(k, &Transfer{Download: size%2 == 0, Done: done, Total: size, Failed: failed, Paused: length%2 == 0})
			c.SetPlaying(k, Playing{Shown: true, At: time.Duration(done), Length: time.Duration(length), Speed: float64(mw)})
		}
		bare := said(5, "", "", start0)
		bare.Kind = []Kind{KindVoice, KindImage, KindVideo, KindFile}[len(name)%4]
		openItems(c, append(items, bare), 0, 0)
		for _, r := range c.shown {
			l := r.layout
			if l.height <= 0 || l.height > 500 || l.body > l.height+0.01 {
				t.Fatalf("height %g, body %g", l.height, l.body)
			}
			if a := max(l.bubble.w, 0); width >= 260 && a > 0 && (l.bubble.x < 0 || l.bubble.x+l.bubble.w > l.width) {
				t.Fatalf("bubble %+v in %g", l.bubble, l.width)
			}
			for x := float32(0); x < l.width; x += 20 {
				c.hit(fyne.NewPos(x, r.y+l.height-12))
			}
		}
		if len(name)%8 == 0 {
			w.Canvas().Capture()
		}
	})
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
