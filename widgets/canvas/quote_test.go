package canvas

import (
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"magpie/widgets/theme"
)

// answers are messages that answer others, one of each kind, and some that were
// sent on as one.
func answers() []Item {
	quote := &Quote{Sequence: 1, Name: "Lin", Text: "会议改到三点可以吗？ I will be on the train until two, and the connection there is bad"}
	short := &Quote{Name: "周雨", Text: "[Voice] 0:14"}
	at := func(m int) time.Time { return start0.Add(time.Duration(m) * time.Minute) }
	with := func(it Item, q *Quote, change func(*Item)) Item {
		it.Quote = q
		if change != nil {
			change(&it)
		}
		return it
	}
	merged := func(it *Item) {
		it.Kind, it.Detail = KindMerged, "Chat history · 12 messages"
		it.Lines = []string{"Lin: 会议改到三点可以吗？", "You: 可以，三点见。", "Lin: [Image]", "Ada Okafor: a line that is much longer than the bubble is wide", "never drawn"}
	}
	return []Item{
		with(said(2, "Lin", "ok", at(0)), quote, nil),
		with(said(3, "", "可以，三点见。", at(1)), short, nil),
		with(said(4, "", "An answer that is longer than what it answers, so that the quote is as wide as the bubble around it.", at(2)), quote, nil),
		with(said(5, "周雨", "", at(3)), short, func(it *Item) {
			it.Kind, it.Media = KindVoice, &Media{Duration: 14 * time.Second, Peaks: []byte{9, 200, 90, 30, 120, 255, 10}}
		}),
		with(said(6, "", "", at(4)), quote, func(it *Item) { it.Kind, it.Media = KindImage, &Media{Width: 300, Height: 160} }),
		with(said(7, "Lin", "", at(5)), short, func(it *Item) {
			it.Kind, it.Media = KindFile, &Media{Name: "contract-v3.pdf", Tag: "PDF", Size: 1_200_000}
		}),
		with(said(8, "Lin", "Chat of Lin and 周雨", at(6)), nil, merged),
		with(said(9, "", "设计小组的聊天记录", at(7)), nil, merged),
	}
}

func TestGoldenAnswers(t *testing.T) {
	for _, g := range []struct {
		name string
		mode theme.Mode
		w    float32
	}{{"answers", theme.Light, 700}, {"answers-dark", theme.Dark, 700}, {"answers-narrow", theme.Light, 330}} {
		t.Run(g.name, func(t *testing.T) {
			c, w := show(t, g.mode, g.w, 1060, Options{})
			openItems(c, answers(), 0, 0)
			test.AssertImageMatches(t, g.name+".png", w.Canvas().Capture())
		})
	}
}

func TestGoldenChoosing(t *testing.T) {
	for mode, name := range map[theme.Mode]string{theme.Light: "choosing.png", theme.Dark: "choosing-dark.png"} {
		c, w := show(t, mode, 600, 520, Options{})
		openItems(c, append(chat()[:6], outbox()[5]), 0, 0)
		c.SetChoosing(true, "m3")
		c.choose(rowOf(t, c, "m4").entry, false)
		test.AssertImageMatches(t, name, w.Canvas().Capture())
	}
}

func TestQuoteIsClicked(t *testing.T) {
	var clicked, opened []Key
	c, _ := show(t, theme.Light, 700, 1100, Options{Intents: Intents{
		OnQuote: func(k Key) { clicked = append(clicked, k) }, OnOpen: func(k Key) { opened = append(opened, k) },
	}})
	openItems(c, answers(), 0, 0)
	for _, k := range []Key{"m2", "m3", "m5", "m6", "m7"} {
		r := rowOf(t, c, k)
		tap(c, r, r.layout.quote.x+5, r.layout.quote.y+5)
	}
	r := rowOf(t, c, "m8")
	tap(c, r, r.layout.bubble.x+20, r.layout.bubble.y+20)
	if want := []Key{"m2", "m3", "m5", "m6", "m7"}; !slices.Equal(clicked, want) || !slices.Equal(opened, []Key{"m8"}) {
		t.Errorf("clicked %v, opened %v", clicked, opened)
	}
}

// What is said stays where it is on the screen when choosing begins, and clicks on
// links, pictures and buttons only choose.
func TestChoosing(t *testing.T) {
	var counts []int
	links := 0
	c, _ := show(t, theme.Light, 600, 400, Options{Intents: Intents{
		OnChosen: func(n int) { counts = append(counts, n) }, OnLink: func(string) { links++ }, OnOpen: func(Key) { links++ },
		OnAvatar: func(string) { links++ },
	}})
	items := talk(60)
	f := openItems(c, slices.Clone(items), 0, 0)
	keys := func() (all []uint64) {
		for _, k := range c.Chosen() {
			all = append(all, k.Sequence)
		}
		return all
	}
	click := func(k Key, mods fyne.KeyModifier) {
		r := rowOf(t, c, k)
		p := fyne.PointEvent{Position: fyne.NewPos(300, r.y+r.layout.body-3)}
		c.MouseDown(&desktop.MouseEvent{PointEvent: p, Button: desktop.MouseButtonPrimary, Modifier: mods})
		c.MouseUp(&desktop.MouseEvent{PointEvent: p, Button: desktop.MouseButtonPrimary, Modifier: mods})
		c.Tapped(&p)
	}
	last := c.shown[len(c.shown)-1]
	bottom := last.y + last.layout.body
	c.SetChoosing(true, items[57].Key)
	if after := rowOf(t, c, last.entry.Key); after.y+after.layout.body != bottom {
		t.Errorf("the last row moved from %g to %g", bottom, after.y+after.layout.body)
	}
	click(items[59].Key, 0)
	if got := keys(); !slices.Equal(got, []uint64{items[57].Sequence, items[59].Sequence}) {
		t.Errorf("chosen %v", got)
	}
	click(items[59].Key, 0)
	click(items[55].Key, 0)
	click(items[58].Key, fyne.KeyModifierShift)
	if got := keys(); len(got) != 4 || got[0] != items[55].Sequence || got[3] != items[58].Sequence {
		t.Errorf("a range: %v", got)
	}
	// What scrolls away stays chosen; what is recalled or removed does not.
	c.scrollBy(2000)
	recalled := items[57]
	recalled.Kind, recalled.Own = KindNotice, false
	f.put(recalled)
	f.remove(items[56].Key)
	c.Apply(Changes{Put: []Item{recalled}, Remove: []Key{items[56].Key}})
	if got := keys(); !slices.Equal(got, []uint64{items[55].Sequence, items[58].Sequence}) {
		t.Errorf("after a recall: %v", got)
	}
	c.SetChoosing(false, "")
	if len(c.Chosen()) != 0 || c.Choosing() || links != 0 {
		t.Errorf("%d chosen at the end, %d other clicks", len(c.Chosen()), links)
	}
	if want := []int{1, 2, 1, 2, 4, 3, 2, 0}; !slices.Equal(counts, want) {
		t.Errorf("counts %v, want %v", counts, want)
	}
}
