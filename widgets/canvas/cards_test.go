package canvas

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"magpie/widgets/theme"
)

func svg(name, inside string) fyne.Resource {
	return fyne.NewStaticResource(name, []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100" viewBox="0 0 100 100">`+inside+`</svg>`))
}

var (
	faceSVG   = svg("face.svg", `<circle cx="50" cy="50" r="46" fill="#14202B"/><circle cx="36" cy="42" r="7" fill="#fff"/><path d="M58 50 L90 58 L58 66 Z" fill="#F0A030"/>`)
	avatarSVG = svg("avatar.svg", `<rect width="100" height="100" fill="#0B7A8C"/><circle cx="50" cy="40" r="18" fill="#fff"/><circle cx="50" cy="96" r="34" fill="#fff"/>`)
)

// spansOf is where words are in a text, in their order.
func spansOf(text string, words ...string) (spans []Span) {
	at := 0
	for _, w := range words {
		from := at + strings.Index(text[at:], w)
		at = from + len(w)
		spans = append(spans, Span{from, at})
	}
	return spans
}

// Names that are not where they are said to be make nothing bold, and nothing fall.
func TestHostileNamesOfCards(t *testing.T) {
	it := cards()[0]
	for _, names := range [][]Span{
		{{-1, 3}}, {{0, 1000}}, {{3, 1}}, {{1, 6}}, {{0, 4}}, {{7, 9}, {0, 6}}, {{0, 6}, {3, 9}}, {{5, 5}},
	} {
		it.Names = names
		c, _ := show(t, theme.Light, 640, 200, Options{})
		openItems(c, []Item{it}, 0, 0)
		if l := c.shown[0].layout; len(l.runs) > 0 || l.text.Text != it.Text {
			t.Errorf("%v: %d parts are bold", names, len(l.runs))
		}
	}
	for _, name := range []string{"\u202e\u2066evil", "a\nb", strings.Repeat("e\u0301\u0302\u0303\u0304\u0305\u0306\u0307", 40), "\x02\x03", "\u0301", "مرحبا", "👩‍👩‍👧", ""} {
		it.Text = name + " asks to join " + name
		it.Names = []Span{{0, len(name)}, {len(it.Text) - len(name), len(it.Text)}}
		c, _ := show(t, theme.Light, 640, 300, Options{})
		openItems(c, []Item{it}, 0, 0)
		l := c.shown[0].layout
		for i, p := range l.text.Parts {
			if got := l.text.Text[p.Start:p.End]; got != name {
				t.Errorf("part %d is bold: %q, want %q", i, got, name)
			}
		}
		if l.text.Width > l.width {
			t.Errorf("%q is %g wide", name, l.text.Width)
		}
	}
}

// cards are the notices of the twelfth picture.
func cards() []Item {
	card := func(n uint64, who, text string, at time.Time, names ...string) Item {
		it := said(n, who, text, at)
		it.Key, it.Kind = "c"+it.Key[1:], KindCard
		it.Names = spansOf(text, names...)
		return it
	}
	asks := card(1, "林", "小林 asks to join 设计小组 Design", start0, "小林", "设计小组 Design")
	asks.Detail = "“周雨让我来的，我做动效。”"
	asks.Buttons = []Button{{ID: "refuse", Label: "Refuse"}, {ID: "accept", Label: "Accept", Primary: true}}
	admin := card(2, "Trail", "You were made an admin of Trail runners by Ines", start0.Add(20*time.Hour), "Trail runners")
	admin.Sender.Picture = avatarSVG
	joined := card(3, "运", "Your request to join 运营周会 was accepted", start0.Add(44*time.Hour), "运营周会")
	joined.Buttons = []Button{{ID: "open", Label: "Open"}}
	return []Item{asks, admin, joined, card(4, "Quarter", "Quarter review was dismissed by Jonas Weber. Its history stays here.", start0.Add(50*time.Hour), "Quarter review")}
}

func chineseCards() []Item {
	all := cards()[:2]
	all[0].Text, all[0].Detail = "小林申请加入群组“设计小组”", "“周雨让我来的，我做动效。之前在运营组负责活动页面，这边的图标和插画我都可以帮忙。”"
	all[0].Buttons = []Button{{ID: "refuse", Label: "拒绝"}, {ID: "accept", Label: "同意", Primary: true}}
	all[1].Text = "Ines 将你设为群组“Trail runners”的管理员"
	all[0].Names, all[1].Names = spansOf(all[0].Text, "小林", "设计小组"), spansOf(all[1].Text, "Trail runners")
	return all
}

func stickers() []Item {
	sticker := func(n uint64, who string, at int) Item {
		it := said(n, who, "Sticker 17", start0.Add(time.Duration(at)*time.Minute))
		it.Kind, it.Picture = KindSticker, faceSVG
		it.Sender.Picture = avatarSVG
		return it
	}
	own := sticker(3, "", 2)
	own.State = StateRead
	unknown := sticker(4, "Lin", 3)
	unknown.Picture, unknown.Sender.Picture = nil, nil
	failed := sticker(0, "", 4)
	failed.Key, failed.Order, failed.State = "p", 1, StateFailed
	return []Item{said(1, "周雨", "看这个", start0), sticker(2, "周雨", 1), own, unknown, failed}
}

func TestCardsFit(t *testing.T) {
	long := cards()[0]
	long.Text = strings.Repeat("a very long name ", 12)
	long.Detail = strings.Repeat("很长的申请附言", 12)
	long.Buttons = append(long.Buttons, Button{ID: "later", Label: strings.Repeat("later ", 30)})
	for _, w := range []float32{220, 300, 400, 640, 1000} {
		c, _ := show(t, theme.Light, w, 2000, Options{})
		openItems(c, []Item{long}, 0, 0)
		l := rowOf(t, c, long.Key).layout
		in := func(what string, x, y, width, height float32) {
			t.Helper()
			if b := l.bubble; x < b.x || y < b.y || x+width > b.x+b.w+0.5 || y+height > b.y+b.h {
				t.Errorf("%g wide: %s at %g %g, %g × %g, is outside of %+v", w, what, x, y, width, height, b)
			}
		}
		in("the text", l.textX, l.textY, l.text.Width, l.textBottom()-l.textY)
		for _, d := range l.card.detail {
			in("a line", d.x, d.y, d.w, 10)
		}
		in("the time", l.card.time.x, l.card.time.y, l.card.time.w, 10)
		for i, b := range l.card.buttons {
			in("a button", b.x, b.y, b.w, b.h)
			for _, o := range l.card.buttons[:i] {
				if o.x < b.x+b.w && b.x < o.x+o.w && o.y < b.y+b.h && b.y < o.y+o.h {
					t.Errorf("%g wide: buttons %+v and %+v", w, o.area, b.area)
				}
			}
		}
	}
}

func TestStickersSelectNothing(t *testing.T) {
	var h heard
	c, _ := show(t, theme.Light, 480, 900, Options{Intents: h.intents()})
	openItems(c, stickers(), 0, 0)
	r := rowOf(t, c, "m2")
	s := r.layout.sticker
	p := fyne.NewPos(s.x+20, r.y+s.y+20)
	press(c, p)
	c.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: p.AddXY(40, 40)}})
	c.DragEnd()
	if c.Selected() != "" {
		t.Error("something is selected in a picture")
	}
	c.TappedSecondary(&fyne.PointEvent{Position: p})
	h.expect(t, `menu m2 ""`)
	if r := rowOf(t, c, "p"); r.layout.resend.w == 0 {
		t.Error("a sticker that failed cannot be sent again")
	}
}
