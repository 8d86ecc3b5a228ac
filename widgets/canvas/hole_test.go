package canvas

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"magpie/widgets/theme"
)

// holed is a conversation of messages 1 to n with holes.
func holed(n uint64, holes ...Range) []Item {
	var items []Item
	for i := uint64(1); i <= n; i++ {
		k := slices.IndexFunc(holes, func(r Range) bool { return r.From <= i && i <= r.To })
		switch {
		case k < 0:
			items = append(items, spoken(i))
		case holes[k].From == i:
			items = append(items, gapItem(holes[k]))
		}
	}
	return items
}

func gapItem(r Range) Item {
	return Item{Key: Key("hole " + strconv.FormatUint(r.From, 10)), Kind: KindHole, Sequence: r.From, Until: r.To, Loading: true}
}

// fillRange is what the window puts on the canvas when a range has come: its messages,
// and what is left of the hole at either side.
func (f *fake) fillRange(r Range) Changes {
	ch := Changes{Filled: []Range{r}}
	for _, it := range slices.Clone(f.items) {
		if it.Kind != KindHole || it.Sequence > r.To || it.Until < r.From {
			continue
		}
		f.remove(it.Key)
		for n := max(it.Sequence, r.From); n <= min(it.Until, r.To); n++ {
			ch.Put = append(ch.Put, spoken(n))
		}
		if it.Sequence < r.From {
			ch.Put = append(ch.Put, gapItem(Range{it.Sequence, r.From - 1}))
		}
		if it.Until > r.To {
			ch.Put = append(ch.Put, gapItem(Range{r.To + 1, it.Until}))
		}
	}
	for _, it := range ch.Put {
		f.put(it)
	}
	return ch
}

// Goldens of the rows, in both variants and languages.
func TestGoldenHoles(t *testing.T) {
	chinese := english()
	chinese.HoleOffline = func(n uint64) string { return fmt.Sprintf("还有 %d 条较早的消息，联网后加载", n) }
	chinese.HoleLoading = func(n uint64) string { return fmt.Sprintf("正在加载 %d 条消息…", n) }
	chinese.HoleFailed = func(reason string) string { return "无法加载这些消息：" + reason }
	chinese.TryAgain = "重试"
	chinese.Day = func(d time.Time) string { return fmt.Sprintf("%d月%d日", d.Month(), d.Day()) }
	for _, g := range []struct {
		name   string
		mode   theme.Mode
		width  float32
		words  Words
		reason string
	}{
		{"hole", theme.Light, 600, english(), "the server is busy"},
		{"hole-dark", theme.Dark, 600, english(), "the server is busy"},
		{"hole-chinese", theme.Light, 600, chinese, "服务器忙"},
		{"hole-chinese-dark", theme.Dark, 600, chinese, "服务器忙"},
		{"hole-narrow", theme.Light, 300, english(), "the server had an internal error and could not answer"},
	} {
		c, w := show(t, g.mode, g.width, 820, Options{Words: g.words})
		openItems(c, withHoles(g.reason), 0, 0)
		test.AssertImageMatches(t, g.name+".png", w.Canvas().Capture())
	}
}

// Nothing moves when the connection comes or goes.
func TestHoleKeepsItsHeight(t *testing.T) {
	for _, width := range []float32{280, 340, 640, 1200} {
		c, _ := show(t, theme.Light, width, 480, Options{})
		f := openItems(c, holed(60, Range{40, 50}), 0, 0)
		c.JumpTo(52)
		before := bodies(c)
		it := f.items[f.index(Cursor{Sequence: 40})]
		for _, change := range []func(*Item){
			func(it *Item) { it.Loading = false },
			func(it *Item) { it.Reason = "the server had an internal error" },
			func(it *Item) { it.Loading = true },
		} {
			change(&it)
			c.Apply(Changes{Put: []Item{it}})
			if after := bodies(c); fmt.Sprint(after) != fmt.Sprint(before) {
				t.Fatalf("at %g: %v, before %v", width, after, before)
			}
		}
	}
}

// bodies is where the lower edges are of what is on the screen.
func bodies(c *Canvas) map[Key]float32 {
	m := map[Key]float32{}
	for _, r := range c.shown {
		m[r.entry.Key] = r.y + r.layout.body
	}
	return m
}

func TestHolesAreAskedForFromTheSideOfTheReader(t *testing.T) {
	var h heard
	c, _ := show(t, theme.Light, 640, 480, Options{Intents: h.intents()})
	f := openItems(c, holed(400, Range{101, 200}, Range{301, 350}), 0, 0)
	h.expect(t)
	for len(h.log) == 0 { // not only when it is on the screen
		c.scrollBy(100)
	}
	h.expect(t, "hole hole 301 301-350")
	if first, _, _ := c.OnScreen(); first.Sequence < 360 || first.Sequence > 367 {
		t.Errorf("asked for when %d is at the top", first.Sequence)
	}
	c.scrollBy(100)
	h.expect(t)
	c.JumpTo(250)
	h.expect(t)
	for len(h.log) == 0 {
		c.scrollBy(-100)
	}
	h.expect(t, "hole hole 301 301-350", "at 0, newer true")
	// What is left of it is asked for again while it is near.
	for !slices.ContainsFunc(c.shown, func(r *row) bool { return r.entry.Kind == KindHole }) {
		c.scrollBy(-100)
	}
	h.expect(t)
	c.Apply(f.fillRange(Range{301, 303}))
	h.expect(t, "hole hole 304 304-350", "at 0, newer true")
	// And when the connection is back.
	it := gapItem(Range{304, 350})
	it.Loading = false
	c.Apply(Changes{Put: []Item{it}})
	h.expect(t)
	it.Loading = true
	c.Apply(Changes{Put: []Item{it}})
	h.expect(t, "hole hole 304 304-350", "at 0, newer true")
	c.JumpTo(150)
	h.expect(t, "hole hole 101 101-200", "at 150, newer false")
}

func TestJumpIntoAHole(t *testing.T) {
	var h heard
	c, _ := show(t, theme.Light, 640, 480, Options{Intents: h.intents()})
	f := openItems(c, holed(3000, Range{101, 2900}), 0, 0)
	h.log = nil
	c.JumpTo(1500)
	hole := rowOf(t, c, "hole 101")
	if mid := hole.y + hole.layout.height/2; mid < 235 || mid > 245 {
		t.Errorf("the hole is at %g", mid)
	}
	if h.log[len(h.log)-1] != "at 1500, newer false" {
		t.Errorf("heard %q", h.log)
	}
	// Something else comes first, from the background.
	c.Apply(f.fillRange(Range{2801, 2900}))
	c.Apply(f.fillRange(Range{1450, 1549}))
	r := rowOf(t, c, "m1500")
	if mid := r.y + r.layout.height/2; mid < 235 || mid > 245 {
		t.Errorf("m1500 is at %g", mid)
	}
	// Whoever scrolls away while it loads is not taken back.
	c.JumpTo(800)
	rowOf(t, c, "hole 101")
	c.scrollBy(3)
	before := bodies(c)
	c.Apply(f.fillRange(Range{750, 849}))
	for k, y := range bodies(c) {
		if was, ok := before[k]; ok && was != y && k != "hole 101" {
			t.Errorf("%s moved from %g to %g", k, was, y)
		}
	}
	if slices.ContainsFunc(c.shown, func(r *row) bool { return r.entry.Sequence == 800 }) {
		t.Error("went to the message all the same")
	}
}

// The divider stands above a hole that has what was not read, and where it belongs
// once that has come.
func TestDividerOverAHole(t *testing.T) {
	c, _ := show(t, theme.Light, 640, 480, Options{})
	f := &fake{items: holed(1000, Range{101, 900})}
	c.Open(Opening{Source: f, Unread: 800, ReadUpTo: 200, First: 1, Last: 1000})
	hole := rowOf(t, c, "hole 101")
	if !hole.entry.look.divider || hole.y != c.snap(480/5) {
		t.Errorf("the hole is at %g, divider %v", hole.y, hole.entry.look.divider)
	}
	c.Apply(f.fillRange(Range{150, 249}))
	for _, r := range c.shown {
		if r.entry.look.divider {
			if r.entry.Sequence < 201 || r.entry.Sequence > 206 || r.y != c.snap(480/5) {
				t.Errorf("the divider is at %d, %g", r.entry.Sequence, r.y)
			}
			return
		}
	}
	t.Error("no divider on the screen")
}

// A page that was read before a hole was filled does not bring it back.
func TestStalePageDoesNotBringAHoleBack(t *testing.T) {
	c, _ := show(t, theme.Light, 640, 480, Options{})
	f := &fake{items: holed(300, Range{101, 200})}
	stale := slices.Clone(f.items)
	c.Open(Opening{Source: stuck{f, &stale}, First: 1, Last: 300})
	c.Apply(f.fillRange(Range{150, 200})) // while the page is being read
	c.Apply(f.fillRange(Range{101, 120}))
	for _, g := range f.queue {
		g()
	}
	var got []Range
	for _, e := range c.window.entries {
		if e.Kind == KindHole {
			got = append(got, Range{e.Sequence, e.Until})
		}
	}
	if !slices.Equal(got, []Range{{121, 149}}) {
		t.Errorf("holes %v", got)
	}
}

func TestClicksOnHolesAndDates(t *testing.T) {
	var h heard
	c, _ := show(t, theme.Light, 640, 820, Options{Intents: h.intents()})
	openItems(c, withHoles("the server is busy"), 0, 0)
	h.log = nil
	r := rowOf(t, c, "hole3")
	tap(c, r, r.layout.hole.action.x+2, r.layout.hole.action.y+4)
	h.expect(t, "retry hole3")
	tap(c, r, r.layout.hole.x+2, r.layout.hole.y+4)
	c.TappedSecondary(&fyne.PointEvent{Position: fyne.NewPos(r.layout.hole.x+2, r.y+r.layout.hole.y+4)})
	h.expect(t)
	r = rowOf(t, c, "m132")
	tap(c, r, r.layout.day.x+4, r.layout.day.y+4)
	h.expect(t, "date 2026-11-24")

	openItems(c, talk(2000), 0, 0)
	h.log = nil
	c.scrollBy(5000)
	g := c.floats.dateGround
	at := fyne.PointEvent{Position: g.Position().AddXY(8, 8)}
	if g.Hidden {
		t.Fatal("no date is shown")
	}
	c.MouseIn(&desktop.MouseEvent{PointEvent: at})
	if c.Cursor() != desktop.PointerCursor {
		t.Error("the date does not look like something to click")
	}
	c.floats.dateUntil = time.Time{}
	if c.endDate(); g.Hidden {
		t.Error("the date goes away under the pointer")
	}
	c.Tapped(&at)
	h.expect(t, "date "+c.shown[0].entry.Time.Format(time.DateOnly))
	c.MouseOut()
	c.floats.dateUntil = time.Time{}
	if c.endDate(); !g.Hidden {
		t.Error("the date stays")
	}
}

// The scroll bar goes over all sequences, holes included, and into the middle of one.
func TestScrollBarOverAHole(t *testing.T) {
	var wants []HoleWanted
	c, _ := show(t, theme.Light, 640, 480, Options{Intents: Intents{OnHole: func(w HoleWanted) { wants = append(wants, w) }}})
	f := openItems(c, holed(10_000, Range{101, 9_900}), 0, 0)
	c.scrollBy(50)
	wants = nil
	c.pointer.inside = true
	c.grabBar(240)
	c.release()
	if len(wants) != 1 || wants[0].At < 4_500 || wants[0].At > 5_500 {
		t.Fatalf("in the middle: %+v", wants)
	}
	at := wants[0].At
	if y := c.floats.barArea.y; y < 180 || y > 300 {
		t.Errorf("the bar is at %g", y)
	}
	c.Apply(f.fillRange(Range{at - 50, at + 49}))
	if first, _, _ := c.OnScreen(); first.Sequence != at {
		t.Errorf("%d is at the top, not %d", first.Sequence, at)
	}
}

// TestFillingMovesNothing lets a reader wander over a conversation full of holes that
// are filled as they are asked for, and by a background that does not ask. Rows on the
// side that the reader comes from stay where they are, to the pixel.
func TestFillingMovesNothing(t *testing.T) {
	for seed := range uint64(8) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(seed, 7))
			var wants []HoleWanted
			c, win := show(t, theme.Light, 640, 480, Options{Intents: Intents{OnHole: func(w HoleWanted) { wants = append(wants, w) }}})
			var holes []Range
			for n := uint64(1 + rng.IntN(60)); n < 2900; {
				size := uint64(1 + rng.IntN(300))
				holes = append(holes, Range{n, n + size})
				n += size + uint64(2+rng.IntN(80))
			}
			f := openItems(c, holed(3300, holes...), 0, 0)
			w := &world{t: t, rng: rng, c: c, w: win, f: f}
			filled := 0
			for range 400 {
				if len(f.items) == 3300 {
					break
				}
				switch rng.IntN(8) {
				case 0:
					c.JumpTo(uint64(1 + rng.IntN(3300)))
					w.log = append(w.log, "jump")
				case 1, 2, 3:
					dy := float32(rng.IntN(1600) - 700)
					c.scrollBy(dy)
					w.log = append(w.log, fmt.Sprintf("scroll %g", dy))
				case 4: // the background
					var all []Item
					for _, it := range f.items {
						if it.Kind == KindHole {
							all = append(all, it)
						}
					}
					it := all[rng.IntN(len(all))]
					w.fill(Range{max(it.Sequence, it.Until-min(it.Until, 99)), it.Until}, rng.IntN(2) == 0)
					filled++
				default:
					if len(wants) == 0 {
						continue
					}
					h := wants[len(wants)-1]
					wants = wants[:len(wants)-1]
					r := Range{max(h.From, h.To-min(h.To, 99)), h.To}
					if h.Newer {
						r = Range{h.From, min(h.To, h.From+99)}
					}
					if h.At > 0 {
						r = Range{max(h.From, h.At-min(h.At, 50)), min(h.To, h.At+49)}
					}
					w.fill(r, h.Newer)
					filled++
				}
				w.whole()
				if len(w.log) > 20 {
					w.log = w.log[len(w.log)-20:]
				}
			}
			if filled < 25 {
				t.Errorf("only %d fills", filled)
			}
		})
	}
}

// fill fills a range and looks at what moved.
func (w *world) fill(r Range, newer bool) {
	w.t.Helper()
	c := w.c
	w.log = append(w.log, fmt.Sprintf("fill %v", r))
	before, goes := bodies(c), c.pos.want.kind != goNowhere && c.pos.want.sequence >= r.From && c.pos.want.sequence <= r.To
	var on *entry // the hole on the screen
	for _, s := range c.shown {
		if r.meets(s.entry) {
			on = s.entry
		}
	}
	var lower, upper, from, until = true, true, uint64(0), uint64(0)
	if on != nil {
		from, until = on.Sequence, on.Until
		lower, upper = r.From <= from, r.To >= until
		newer = on.newer
	}
	stick, top := c.AtNewest(), w.atTop()
	c.Apply(w.f.fillRange(r))
	if goes || top {
		return
	}
	above := newer
	if lower != upper {
		above = lower
	}
	moved := func(side func(n uint64) bool) (list []string) {
		for _, s := range c.shown {
			k, y := s.entry.Key, s.y+s.layout.body
			if was, ok := before[k]; ok && s.entry.Kind != KindHole && side(s.entry.Sequence) && was != y {
				list = append(list, fmt.Sprintf("%s from %g to %g", k, was, y))
			}
		}
		return list
	}
	var list []string
	switch {
	case on == nil:
		list = moved(func(uint64) bool { return true })
	case above && !stick:
		if list = moved(func(n uint64) bool { return n < from }); len(list) > 0 && !slices.ContainsFunc(c.shown, func(s *row) bool { return s.entry.Sequence < from }) {
			list = nil
		}
	default:
		list = moved(func(n uint64) bool { return n > until })
	}
	if len(list) > 0 {
		w.t.Fatalf("filling %v of %d-%d moved %v\n%v", r, from, until, list, w.log)
	}
}
