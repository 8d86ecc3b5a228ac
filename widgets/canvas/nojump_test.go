package canvas

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"magpie/widgets/theme"
)

// world drives a canvas and the conversation under it at random.
type world struct {
	t    *testing.T
	rng  *rand.Rand
	c    *Canvas
	w    fyne.Window
	f    *fake
	made func(Item) Item
	next uint64
	log  []string
}

func newWorld(t *testing.T, seed uint64, n int) *world {
	return newWorldOf(t, seed, n, func(it Item) Item { return it })
}

// newWorldOf is newWorld with items that something has been made of.
func newWorldOf(t *testing.T, seed uint64, n int, made func(Item) Item) *world {
	rng := rand.New(rand.NewPCG(seed, 1))
	thumb := scene(64, 48, true)
	c, w := show(t, theme.Light, 640, 480, Options{Thumbnails: func(Key, int, int) Thumbnail {
		th := Thumbnail{State: ThumbnailState(rng.IntN(int(ThumbBroken) + 1))}
		if th.State == ThumbHere {
			th.Image = thumb
		}
		return th
	}})
	items := talk(n)
	for i := range items {
		items[i] = made(items[i])
	}
	f := openItems(c, items, 0, 0)
	return &world{t: t, rng: rng, c: c, w: w, f: f, made: made, next: uint64(n) + 1}
}

// shared makes something that is no text of one message in three.
func shared(it Item) Item {
	n := it.Sequence
	switch n % 12 {
	case 2:
		it.Kind, it.Media = KindImage, &Media{Width: int(n%9) * 90, Height: int(n%7) * 110}
	case 5:
		it.Kind, it.Media = KindVoice, &Media{Duration: time.Duration(n%600) * time.Second, Peaks: peaks(int(n % 101))}
	case 7:
		it.Kind, it.Media = KindFile, &Media{Name: phrases[n%uint64(len(phrases))], Size: int64(n) << 12}
	case 10:
		it.Kind, it.Media = KindVideo, &Media{Width: 1080, Height: int(n % 2000), Duration: time.Minute}
	}
	return it
}

// body is where the lower edge of the body of each message on the screen is.
func (w *world) body() map[Key]float32 {
	m := make(map[Key]float32, len(w.c.shown))
	for _, r := range w.c.shown {
		m[r.entry.Key] = r.y + r.layout.body
		m[r.entry.Key+" upper edge"] = r.y + r.layout.bubble.y
		m[r.entry.Key+" text"] = r.y + r.layout.textY
		if p := r.layout.photo; p != nil {
			m[r.entry.Key+" picture"] = r.y + p.y
		}
	}
	return m
}

func (w *world) apply(ch Changes) {
	for _, it := range ch.Put {
		w.f.put(it)
	}
	for _, k := range ch.Remove {
		w.f.remove(k)
	}
	w.c.Apply(ch)
}

// still checks that every message that was on the screen and still is, is where
// it was.
func (w *world) still(before map[Key]float32, what string) {
	w.t.Helper()
	for k, y := range w.body() {
		if was, ok := before[k]; ok && was != y {
			w.t.Fatalf("%s moved %s from %g to %g\n%v", what, k, was, y, w.log)
		}
	}
}

// whole checks what must hold at any time.
func (w *world) whole() {
	w.t.Helper()
	c := w.c
	if n := len(c.window.entries); n > MaxItems {
		w.t.Fatalf("holds %d items", n)
	}
	if len(c.window.entries) != len(c.window.byKey) {
		w.t.Fatalf("%d entries, %d keys", len(c.window.entries), len(c.window.byKey))
	}
	for i := 1; i < len(c.window.entries); i++ {
		if c.window.entries[i-1].Cursor().Compare(c.window.entries[i].Cursor()) >= 0 {
			w.t.Fatalf("entries %d and %d are out of order\n%v", i-1, i, w.log)
		}
	}
	h := c.Size().Height
	for i, r := range c.shown {
		if r.entry.row != r || r.layout != r.entry.layout {
			w.t.Fatalf("row %d does not show its entry", i)
		}
		if i > 0 {
			p := c.shown[i-1]
			if d := r.y - (p.y + p.layout.height); d > 0.01 || d < -0.01 {
				w.t.Fatalf("rows %d and %d are %g apart\n%v", i-1, i, d, w.log)
			}
		}
		if r.y >= h || r.y+r.layout.height <= 0 {
			w.t.Fatalf("row %d at %g is not on the screen", i, r.y)
		}
		if r.box.Position().Y != r.y {
			w.t.Fatalf("row %d is drawn at %g, placed at %g", i, r.box.Position().Y, r.y)
		}
	}
	if len(c.shown) > 0 && !c.loads.busy() && len(c.window.entries) > 40 {
		if top := c.shown[0].y; top > theme.CanvasPaddingY+0.01 {
			w.t.Fatalf("a gap of %g at the top\n%v", top, w.log)
		}
		last := c.shown[len(c.shown)-1]
		if bottom := last.y + last.layout.height; bottom < h-theme.CanvasPaddingY-0.51 {
			w.t.Fatalf("a gap of %g at the bottom\n%v", h-bottom, w.log)
		}
	}
}

// atTop reports whether the first message held is at its highest, from where
// things do move rather than leave a gap above them.
func (w *world) atTop() bool {
	lo, _ := w.c.window.shownRange()
	first := w.c.shown[0]
	return first.entry == w.c.window.entries[lo] && first.y >= 0
}

// step does one thing.
func (w *world) step() {
	c, rng := w.c, w.rng
	switch n := rng.IntN(25); {
	case n < 8: // scroll
		dy := float32(rng.IntN(1200) - 500)
		if rng.IntN(8) == 0 {
			dy *= 10
		}
		w.log = append(w.log, fmt.Sprintf("scroll %g", dy))
		before := w.body()
		c.scrollBy(dy)
		// Everything moves alike.
		var d float32
		first := true
		for k, y := range w.body() {
			if was, ok := before[k]; ok {
				if first {
					d, first = y-was, false
				} else if y-was != d {
					w.t.Fatalf("scrolling by %g moved rows by %g and %g\n%v", dy, d, y-was, w.log)
				}
			}
		}
	case n < 12: // somebody says something
		it := w.made(spoken(w.next))
		w.next++
		w.log = append(w.log, "append")
		stick, before := c.AtNewest(), w.body()
		w.apply(Changes{Put: []Item{it}})
		if !stick {
			w.still(before, "appending")
		} else if !c.AtNewest() {
			w.t.Fatalf("does not follow the newest\n%v", w.log)
		}
	case n < 14: // a message changes its state, and perhaps its height
		if len(c.shown) == 0 {
			return
		}
		it := c.shown[rng.IntN(len(c.shown))].entry.Item
		if !it.Own {
			return
		}
		it.State = State(rng.IntN(int(StateFailed) + 1))
		it.Reason = []string{"", "too long", "the group is limited"}[rng.IntN(3)]
		w.log = append(w.log, "state")
		at, before := c.pos.at.Key, w.body()
		stick := c.AtNewest()
		w.apply(Changes{Put: []Item{it}})
		if !stick && !c.AtNewest() {
			if y, ok := w.body()[at]; ok && y != before[at] && !w.atTop() {
				w.t.Fatalf("a state moved the anchor from %g to %g\n%v", before[at], y, w.log)
			}
		}
	case n < 16: // a message goes
		if len(c.shown) < 3 || len(w.f.items) < 60 {
			return
		}
		k := c.shown[rng.IntN(len(c.shown))].entry.Key
		w.log = append(w.log, "remove")
		w.apply(Changes{Remove: []Key{k}})
	case n < 18: // the window gets another size
		width := float32(300 + rng.IntN(700))
		w.log = append(w.log, fmt.Sprintf("width %g", width))
		at, off, stick := c.pos.at, c.pos.off, c.AtNewest()
		w.w.Resize(fyne.NewSize(width, c.Size().Height))
		if r := at.row; r != nil && !stick && !c.AtNewest() {
			if got := c.Size().Height - (r.y + r.layout.body); (got > off+1 || got < off-1) && !w.atTop() {
				w.t.Fatalf("resizing moved the anchor from %g to %g\n%v", off, got, w.log)
			}
		}
	case n < 20: // a message is recalled, on the screen or far from it
		if len(c.shown) == 0 {
			return
		}
		it := c.window.entries[rng.IntN(len(c.window.entries))].Item
		if rng.IntN(2) == 0 {
			it = c.shown[rng.IntN(len(c.shown))].entry.Item
		}
		if it.Kind == KindNotice {
			return
		}
		w.log = append(w.log, "recall")
		at, before, stick := c.pos.at.Key, w.body(), c.AtNewest()
		if n := len(c.shown); at == it.Key && n > 1 { // then what is above it stays
			at = c.shown[n-2].entry.Key
		}
		w.apply(Changes{Put: []Item{recalled(it)}})
		if !stick && !c.AtNewest() && !w.atTop() {
			if y, ok := w.body()[at]; ok && y != before[at] {
				w.t.Fatalf("a recall moved the anchor from %g to %g\n%v", before[at], y, w.log)
			}
		}
	case n < 23: // something comes for what was shared, on the screen or far from it
		k := Key("m" + strconv.Itoa(1+rng.IntN(int(w.next))))
		if len(c.shown) > 0 && rng.IntN(3) > 0 {
			k = c.shown[rng.IntN(len(c.shown))].entry.Key
		}
		before, measured := w.body(), c.measured
		switch rng.IntN(4) {
		case 0:
			w.log = append(w.log, "thumbnail")
			c.ThumbnailChanged(k)
		case 1:
			w.log = append(w.log, "transfer")
			c.SetTransfer(k, &Transfer{Download: true, Done: rng.Int64N(9), Total: 9, Failed: []string{"", "no connection"}[rng.IntN(2)]})
		case 2:
			w.log = append(w.log, "end of a transfer")
			c.SetTransfer(k, nil)
		case 3:
			w.log = append(w.log, "playing")
			c.SetPlaying(k, Playing{Shown: true, At: time.Duration(rng.IntN(60)) * time.Second})
		}
		if w.still(before, w.log[len(w.log)-1]); c.measured != measured {
			w.t.Fatalf("%s measured %d rows", w.log[len(w.log)-1], c.measured-measured)
		}
	case n < 24:
		w.log = append(w.log, "jump")
		c.JumpTo(uint64(1 + rng.IntN(int(w.next))))
	default:
		w.log = append(w.log, "newest")
		c.JumpToNewest()
	}
	if w.f.held && rng.IntN(3) == 0 {
		w.log = append(w.log, "release")
		before, busyAround := w.body(), c.loads.around
		w.f.release()
		if !busyAround && !c.AtNewest() {
			w.still(before, "loading")
		}
	}
	if len(w.log) > 30 {
		w.log = w.log[len(w.log)-30:]
	}
}

func TestNothingJumps(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			w := newWorldOf(t, seed, []int{5, 70, 300, 3000, 3000, 40}[seed], shared)
			w.f.held = seed >= 3
			w.f.release()
			for range 700 {
				w.step()
				w.whole()
			}
			w.f.held = false
			w.f.release()
			w.c.JumpToNewest()
			w.whole()
			if _, last, _ := w.c.OnScreen(); last.Key != w.f.items[len(w.f.items)-1].Key || !w.c.AtNewest() {
				t.Errorf("the newest is %s, shown %s", w.f.items[len(w.f.items)-1].Key, last.Key)
			}
		})
	}
}

// Older pages that come late must not move what is on the screen by a pixel.
func TestOlderPagesDoNotMoveAnything(t *testing.T) {
	w := newWorld(t, 1, 5000)
	w.f.held = true
	loads := 0
	for range 400 {
		w.c.scrollBy(137.3)
		before := w.body()
		if len(w.f.queue) > 0 && w.rng.IntN(4) == 0 {
			loads++
			w.f.release()
			w.still(before, "an older page")
		}
		w.whole()
	}
	if loads < 8 {
		t.Fatalf("only %d pages came", loads)
	}
}

// A page that was asked for at an end that has been cut off since must not leave a
// gap in what is held.
func TestPagesForAnEndThatIsGone(t *testing.T) {
	c, _ := show(t, theme.Light, 640, 480, Options{})
	f := &fake{items: talk(3000)}
	late := &oneSide{fake: f}
	c.Open(Opening{Source: late, First: 1, Last: 3000, At: 1500})
	late.hold = true
	for len(late.queue) == 0 {
		c.scrollBy(-300)
	}
	last := c.window.entries[len(c.window.entries)-1].Sequence
	for c.window.entries[len(c.window.entries)-1].Sequence == last {
		c.scrollBy(900)
	}
	late.hold = false
	late.release()
	for i, e := range c.window.entries[1:] {
		if e.Sequence != c.window.entries[i].Sequence+1 {
			t.Fatalf("%d follows %d", e.Sequence, c.window.entries[i].Sequence)
		}
	}
	c.JumpToNewest()
	if _, last, _ := c.OnScreen(); last.Sequence != 3000 {
		t.Errorf("the newest shown is %d", last.Sequence)
	}
}

// oneSide holds back newer pages only.
type oneSide struct {
	*fake
	hold bool
}

func (o *oneSide) Newer(after Cursor, limit int, done func(Page)) {
	o.held = o.hold
	o.fake.Newer(after, limit, done)
	o.held = false
}

func TestScrollingThereAndBack(t *testing.T) {
	w := newWorld(t, 1, 2000)
	before := w.body()
	for range 1000 {
		w.c.scrollBy(90)
	}
	for range 1300 {
		w.c.scrollBy(-90)
	}
	if !w.c.AtNewest() {
		t.Fatal("did not come back")
	}
	w.still(before, "scrolling there and back")
	if len(w.body()) != len(before) {
		t.Error("not the same messages")
	}
}

// What happens while a page is being read must not be lost by it.
func TestChangesDuringALoad(t *testing.T) {
	c, _ := show(t, theme.Light, 640, 480, Options{})
	f := &fake{items: talk(100)}
	stale := f.items[90:]
	c.Open(Opening{Source: stuck{f, &stale}, First: 1, Last: 100})
	it := spoken(101)
	c.Apply(Changes{Put: []Item{it}, Remove: []Key{"m95"}})
	for _, g := range f.queue {
		g()
	}
	if _, last, _ := c.OnScreen(); last.Key != "m101" {
		t.Errorf("the newest shown is %q", last.Key)
	}
	if _, there := c.window.byKey["m95"]; there {
		t.Error("a message that was removed came back")
	}
}

// stuck answers later, with what was true before.
type stuck struct {
	*fake
	then *[]Item
}

func (s stuck) Around(_ uint64, _ int, done func(Page)) {
	s.queue = append(s.queue, func() { done(Page{Items: *s.then, Older: true}) })
}
