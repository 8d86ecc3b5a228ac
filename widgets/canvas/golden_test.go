package canvas

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"magpie/widgets/theme"
)

// chat is the conversation of the design's first picture, as far as text goes.
func chat() []Item {
	at := func(h, m int) time.Time { return time.Date(2026, 11, 23, h, m, 0, 0, time.UTC) }
	tip := Item{Key: "tip", Sequence: 1, Kind: KindNotice, Text: "小林 joined the group · invited by 周雨", Time: at(10, 0)}
	read := said(4, "", "Looks great. The teal one reads best at 32 px — shipping that.", at(10, 30))
	read.State = StateRead
	return []Item{
		tip,
		said(2, "周雨", "首页的新图标我放在群文件里了，看看这版", at(10, 21)),
		said(3, "周雨", "深色模式也换了。", at(10, 22)),
		read,
		said(5, "", "Uploading the final files now.", at(10, 31)),
		said(6, "Lin", "会议改到三点可以吗？", at(10, 38)),
		said(7, "Lin", "I will be on the train until two, and the connection there is not what one would wish for, so please write everything down.", at(10, 39)),
		said(8, "Ada Okafor", "Fine with me.", at(10, 42)),
	}
}

// outbox is the conversation of the third picture.
func outbox() []Item {
	day := time.Date(2026, 11, 22, 17, 2, 0, 0, time.UTC)
	recalled := Item{Key: "r", Sequence: 2, Kind: KindNotice, Text: "You recalled a message", Action: "Edit again", Time: day.Add(time.Minute)}
	waiting := Item{Key: "p1", Order: 1, Own: true, Text: "On the train, will send the photos later", State: StateWaiting, Time: day.Add(4 * time.Minute)}
	failed := Item{Key: "p2", Order: 2, Own: true, Text: "Can someone check the build?", State: StateFailed, Reason: "the group is limited to 40 messages a second", Time: day.Add(5 * time.Minute)}
	sending := Item{Key: "p3", Order: 3, Own: true, Text: "Hello?", State: StateSending, Time: day.Add(16 * time.Minute)}
	other := said(4, "Lin", "[A message of a newer version]", day.Add(3*time.Minute))
	other.Kind = KindOther
	return []Item{said(1, "Lin", "会议改到三点可以吗？", day), recalled, said(3, "", "可以，三点见。", day.Add(3*time.Minute)), other, waiting, failed, sending}
}

// withHoles has one hole of each kind.
func withHoles(reason string) []Item {
	items := chat()[5:]
	return append(items,
		Item{Key: "hole", Kind: KindHole, Sequence: 20, Until: 131},
		said(132, "Lin", "And then?", start0.Add(30*time.Hour)),
		Item{Key: "hole2", Kind: KindHole, Sequence: 140, Until: 151, Loading: true},
		said(152, "", "那就这样吧。", start0.Add(31*time.Hour)),
		Item{Key: "hole3", Kind: KindHole, Sequence: 153, Until: 153, Reason: reason},
		said(154, "Lin", "That was all.", start0.Add(32*time.Hour)))
}

func long() []Item {
	return []Item{
		said(1, "Lin", "https://example.org/a/very/long/path/that/does/not/fit/on/one/line/whatever/is/done?with=query&and=more#"+strings.Repeat("x", 120), start0),
		said(2, "", strings.Repeat("unbroken", 30), start0),
		said(3, "", "tabs\tand\ttables\n1\t2\t3\n  indented\n\nafter a blank line", start0.Add(time.Hour)),
		said(4, "A person with a very long name that has to be cut somewhere, or else", "ok", start0.Add(2*time.Hour)),
	}
}

func chinese() []Item {
	return []Item{
		said(1, "陈立", "图标的网格用 8 还是 4？深色模式的图标对比度不够，换了新图标之后点击率涨了 4%。“引号”不应该在行首出现，（括号）也一样；标点……——也不行。", start0),
		said(2, "", "好的，明天见！", start0.Add(time.Minute)),
		said(3, "陈立", "「日本のテキスト」も、きっと大丈夫でしょう。", start0.Add(2*time.Minute)),
	}
}

// At other scales everything stands on whole device pixels.
func TestGoldenScaled(t *testing.T) {
	c, w := show(t, theme.Light, 420, 300, Options{})
	w.Canvas().(interface{ SetScale(float32) }).SetScale(1.5)
	w.Resize(fyne.NewSize(420, 300))
	openItems(c, outbox(), 0, 0)
	c.scrollBy(31)
	for _, r := range c.shown {
		for _, v := range []float32{r.y, r.layout.height, r.layout.bubble.x, r.layout.bubble.y, r.layout.meta.x, r.layout.meta.y} {
			if px := v * 1.5; px-float32(int(px+0.5)) > 0.01 || px-float32(int(px+0.5)) < -0.01 {
				if px >= 0 {
					t.Errorf("%g is not on a pixel in row %s", v, r.entry.Key)
				}
			}
		}
	}
	test.AssertImageMatches(t, "scaled.png", w.Canvas().Capture())
}

// What is selected shows behind letters and pictures alike.
func TestGoldenInlineSelected(t *testing.T) {
	c, w := show(t, theme.Light, 420, 260, Options{})
	openItems(c, inline()[1:3], 0, 0)
	at := inline()[1]
	c.mark(selection{spot{at.Cursor(), len("多个")}, spot{at.Cursor(), len(at.Text) - len("[微笑]。")}})
	test.AssertImageMatches(t, "inline-selected.png", w.Canvas().Capture())
}

// A selection over several messages shows on everything that a copy has.
func TestGoldenSelectedMessages(t *testing.T) {
	for _, mode := range []theme.Mode{theme.Light, theme.Dark} {
		name := map[theme.Mode]string{theme.Light: "selected.png", theme.Dark: "selected-dark.png"}[mode]
		c, w := show(t, mode, 640, 700, Options{})
		items := append(inline()[:4], stickers()[:2]...)
		for i := range items {
			items[i].Key, items[i].Sequence = Key(rune('a'+i)), uint64(i+1)
		}
		items = append(items, Item{Key: "tip", Sequence: 7, Kind: KindNotice, Text: "小林 joined the group", Time: start0.Add(time.Hour)},
			said(8, "Lin", "That is the first of it, and this the rest.", start0.Add(time.Hour)))
		openItems(c, items, 0, 0)
		c.mark(selection{spot{items[7].Cursor(), len("That is the first of it,")}, spot{items[0].Cursor(), len("首页的")}})
		test.AssertImageMatches(t, name, w.Canvas().Capture())
	}
}

// Pictures are made for the pixels of the screen.
func TestGoldenPicturesScaled(t *testing.T) {
	c, w := show(t, theme.Light, 420, 440, Options{})
	w.Canvas().(interface{ SetScale(float32) }).SetScale(2)
	w.Resize(fyne.NewSize(420, 440))
	openItems(c, append(inline()[:1], stickers()[1:3]...), 0, 0)
	for _, r := range c.shown {
		for _, o := range r.images[:r.usedImages] {
			if got := float32(o.Image.Bounds().Dx()); got != 2*o.Size().Width {
				t.Errorf("a picture of %g pixels for %g units", got, o.Size().Width)
			}
		}
	}
	test.AssertImageMatches(t, "pictures-scaled.png", w.Canvas().Capture())
}

// scrolled is more than a screenful, seen from somewhere above its end.
func TestGoldenScrolled(t *testing.T) {
	for _, mode := range []theme.Mode{theme.Light, theme.Dark} {
		name := map[theme.Mode]string{theme.Light: "scrolled.png", theme.Dark: "scrolled-dark.png"}[mode]
		c, w := show(t, mode, 600, 400, Options{})
		openItems(c, talk(200), 0, 0)
		c.MouseIn(&desktop.MouseEvent{})
		c.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 1000)})
		next := said(201, "Lin", "One more.", start0.Add(200*time.Minute))
		c.Apply(Changes{Put: []Item{next}})
		r := c.shown[2]
		p := fyne.NewPos(r.layout.textX+12, r.y+r.layout.textY+8)
		c.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: p}, Button: desktop.MouseButtonPrimary})
		c.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: p.AddXY(120, 0)}})
		c.DragEnd()
		if c.Selected() == "" {
			t.Error("dragging over text selected nothing")
		}
		test.AssertImageMatches(t, name, w.Canvas().Capture())
	}
}

func TestGolden(t *testing.T) {
	for _, g := range []struct {
		name     string
		mode     theme.Mode
		w, h     float32
		items    []Item
		unread   int
		readUpTo uint64
	}{
		{"light", theme.Light, 816, 626, chat(), 3, 5},
		{"dark", theme.Dark, 816, 626, chat(), 3, 5},
		{"narrow", theme.Light, 360, 584, outbox(), 0, 0},
		{"outbox", theme.Light, 816, 584, outbox(), 0, 0},
		{"outbox-dark", theme.Dark, 816, 584, outbox(), 0, 0},
		{"long", theme.Light, 480, 640, long(), 0, 0},
		{"chinese", theme.Light, 400, 400, chinese(), 0, 0},
		{"inline", theme.Light, 600, 640, inline(), 0, 0},
		{"inline-dark", theme.Dark, 600, 640, inline(), 0, 0},
		{"inline-narrow", theme.Light, 340, 760, inline(), 0, 0},
		{"cards", theme.Light, 816, 380, cards(), 0, 0},
		{"cards-dark", theme.Dark, 816, 380, cards(), 0, 0},
		{"cards-narrow", theme.Light, 320, 480, cards(), 0, 0},
		{"cards-chinese", theme.Light, 480, 230, chineseCards(), 0, 0},
		{"stickers", theme.Light, 480, 760, stickers(), 0, 0},
		{"stickers-dark", theme.Dark, 480, 760, stickers(), 0, 0},
		{"empty", theme.Light, 400, 200, nil, 0, 0},
	} {
		t.Run(g.name, func(t *testing.T) {
			c, w := show(t, g.mode, g.w, g.h, Options{})
			openItems(c, g.items, g.unread, g.readUpTo)
			test.AssertImageMatches(t, g.name+".png", w.Canvas().Capture())
		})
	}
}
