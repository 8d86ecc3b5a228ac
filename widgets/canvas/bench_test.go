package canvas

import (
	"fmt"
	"runtime"
	"testing"

	"fyne.io/fyne/v2"

	"magpie/widgets/picture"
	"magpie/widgets/theme"
)

// endless is a conversation of n messages that are made up when they are asked
// for.
type endless uint64

func (n endless) page(lo, hi uint64) Page { // lo to hi-1
	lo, hi = max(lo, 1), min(hi, uint64(n)+1)
	p := Page{Older: lo > 1, Newer: hi <= uint64(n)}
	for i := lo; i < hi; i++ {
		p.Items = append(p.Items, spoken(i))
	}
	return p
}

func (n endless) Older(before Cursor, limit int, done func(Page)) {
	done(n.page(before.Sequence-min(before.Sequence-1, uint64(limit)), before.Sequence))
}

func (n endless) Newer(after Cursor, limit int, done func(Page)) {
	done(n.page(after.Sequence+1, after.Sequence+1+uint64(limit)))
}

func (n endless) Around(sequence uint64, limit int, done func(Page)) {
	if sequence == 0 {
		sequence = uint64(n)
	}
	half := uint64(limit) / 2
	done(n.page(sequence-min(sequence, half), sequence+half))
}

const million = 1_000_000

func openMillion(tb testing.TB, at uint64) *Canvas {
	c, _ := show(tb, theme.Light, 816, 626, Options{})
	c.Open(Opening{Source: endless(million), First: 1, Last: million, At: at})
	return c
}

// BenchmarkScrollStep moves a conversation of a million messages by a quarter of
// a wheel's notch a step: placing, binding rows that come in, measuring their
// texts, making and taking in pages of 64, letting go of the far side. Drawing is
// not in it.
func BenchmarkScrollStep(b *testing.B) {
	c := openMillion(b, 0)
	ev := &fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 24)}
	for range 2000 { // the advances of the letters are known by now
		c.Scrolled(ev)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for b.Loop() {
		c.Scrolled(ev)
	}
	runtime.ReadMemStats(&after)
	us := float64(b.Elapsed().Nanoseconds()) / float64(b.N) / 1000
	allocs := float64(after.Mallocs-before.Mallocs) / float64(b.N)
	b.ReportMetric(us, "us/step")
	b.ReportMetric(allocs, "allocs/step")
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "canvas/scroll_step_1M", us, "us", "<= 100")
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "canvas/scroll_step_allocs", allocs, "allocs", "<= 15")
}

// BenchmarkOpen opens a conversation of a million messages somewhere else each
// time: making the 128 items around the place, sorting out their neighbours,
// measuring what is on the screen, and placing and binding its rows. Reading from
// a disk and drawing are not in it.
func BenchmarkOpen(b *testing.B) {
	c := openMillion(b, 0)
	at := uint64(1)
	for b.Loop() {
		at = (at*6364136223846793005 + 1) % million
		c.Open(Opening{Source: endless(million), First: 1, Last: million, At: at + 1})
	}
	ms := float64(b.Elapsed().Nanoseconds()) / float64(b.N) / 1e6
	b.ReportMetric(ms, "ms/open")
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "canvas/open_1M", ms, "ms", "<= 16")
}

// BenchmarkOpenFirst opens the first conversation after a start, when no letter
// has been measured yet; reading the font itself is not in it, as the rest of the
// window needs that too.
func BenchmarkOpenFirst(b *testing.B) {
	c := openMillion(b, 0)
	for b.Loop() {
		c.remeasure()
		c.Open(Opening{Source: endless(million), First: 1, Last: million})
	}
	ms := float64(b.Elapsed().Nanoseconds()) / float64(b.N) / 1e6
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "canvas/open_1M_unmeasured", ms, "ms", "<= 16")
}

// The budget of a step, held by the tests too so that nobody has to look at the
// benchmark: how much is laid out and allocated, which no other load changes.
func TestScrollingCostsAScreenful(t *testing.T) {
	c := openMillion(t, 0)
	for range 500 {
		c.scrollBy(24)
	}
	made := len(c.shown) + len(c.spare)
	c.measured = 0
	allocs := testing.AllocsPerRun(2000, func() { c.scrollBy(24) })
	if allocs > 15 {
		t.Errorf("%g allocations a step", allocs)
	}
	_, last, _ := c.OnScreen()
	if last.Sequence > million-500 {
		t.Fatalf("still at %d", last.Sequence)
	}
	// 2001 steps of 24 units at 50 units a message or more.
	if c.measured > 2001*24/40 {
		t.Errorf("%d rows laid out", c.measured)
	}
	if n := len(c.shown) + len(c.spare); n > made+8 {
		t.Errorf("%d rows made, %d at first", n, made)
	}
	if n := len(c.window.entries); n > MaxItems {
		t.Errorf("%d items held", n)
	}
}

// lively is a conversation in which every message has emoji, a link or a mention.
type lively struct{ endless }

func (l lively) liven(done func(Page)) func(Page) {
	return func(p Page) {
		for i := range p.Items {
			it := &p.Items[i]
			it.Text = livelyPhrases[it.Sequence%uint64(len(livelyPhrases))]
			it.Mentions = livelyNames
		}
		done(p)
	}
}

func (l lively) Older(before Cursor, limit int, done func(Page)) {
	l.endless.Older(before, limit, l.liven(done))
}

func (l lively) Newer(after Cursor, limit int, done func(Page)) {
	l.endless.Newer(after, limit, l.liven(done))
}

func (l lively) Around(sequence uint64, limit int, done func(Page)) {
	l.endless.Around(sequence, limit, l.liven(done))
}

var livelyNames = []string{"周雨", "Lin", "Ada Okafor"}

var livelyPhrases = []string{
	"好的[微笑][微笑]，明天见！", "@Lin see https://example.org/a/path?with=query 👍🏽", "[微笑]", "😀😂",
	"首页的新图标我放在群文件里了，看看这版[呲牙]。深色模式的图标对比度不够，换了新图标之后点击率涨了。",
	"The quick brown fox 🦊 jumps over the lazy dog 🐕, and then it does so once more, because nobody was looking.",
}

// BenchmarkScrollStepLively is BenchmarkScrollStep where every message has
// pictures or words of its own colour.
func BenchmarkScrollStepLively(b *testing.B) {
	c, _ := show(b, theme.Light, 816, 626, Options{})
	c.Open(Opening{Source: lively{million}, First: 1, Last: million})
	ev := &fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 24)}
	for range 2000 {
		c.Scrolled(ev)
	}
	for b.Loop() {
		c.Scrolled(ev)
	}
	us := float64(b.Elapsed().Nanoseconds()) / float64(b.N) / 1000
	b.ReportMetric(us, "us/step")
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "canvas/scroll_step_lively", us, "us", "<= 100")
}

// BenchmarkMessageOfEmoji opens a conversation with the longest message there can
// be, all of it emoji that were not seen before: the worst that a peer can do to a
// frame.
func BenchmarkMessageOfEmoji(b *testing.B) {
	text := ""
	for i := 0; len(text) < 8000; i++ {
		text += string(rune(0x1f300 + i%0x300))
	}
	c, _ := show(b, theme.Light, 816, 626, Options{})
	for b.Loop() {
		c.pictures, c.made = picture.Cache{}, 0
		openItems(c, []Item{said(1, "Lin", text, start0)}, 0, 0)
	}
	ms := float64(b.Elapsed().Nanoseconds()) / float64(b.N) / 1e6
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "canvas/message_of_emoji", ms, "ms", "<= 100")
}
