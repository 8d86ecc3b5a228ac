package canvas

import (
	"fmt"
	"image/color"
	"slices"
	"strconv"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"magpie/widgets/theme"
)

// english are the words that the tests run with.
func english() Words {
	return Words{
		Empty: "No messages yet", Waiting: "waiting", Failed: "failed",
		NotSent:        "Not sent",
		NotSentBecause: func(reason string) string { return "Not sent: " + reason },
		Resend:         "Resend",
		HoleLoading:    func(n uint64) string { return fmt.Sprintf("Loading %d messages…", n) },
		HoleOffline:    func(n uint64) string { return fmt.Sprintf("%d earlier messages will load when you are online", n) },
		HoleFailed:     func(reason string) string { return "Could not load these messages: " + reason },
		TryAgain:       "Try again",
		Unread:         func(n int) string { return fmt.Sprintf("%d unread messages", n) },
		Said:           func(author string, t time.Time) string { return author + ", " + t.Format("15:04") },
		Clock:          func(t time.Time) string { return t.Format("15:04") },
		Day:            func(t time.Time) string { return t.Format("Monday, 2 January") },
		Length:         func(d time.Duration) string { return fmt.Sprintf("%d:%02d", int(d.Minutes()), int(d.Seconds())%60) },
		Speed:          func(x float64) string { return fmt.Sprintf("%g×", x) },
		Bytes:          func(n int64) string { return fmt.Sprintf("%.3g MB", float64(n)/1e6) },
		Progress: func(done, total int64) string {
			return fmt.Sprintf("%.1f of %.1f MB · %d%%", float64(done)/1e6, float64(total)/1e6, 100*done/max(total, 1))
		},
		Paused: func(done, total int64) string { return fmt.Sprintf("Paused · %d%%", 100*done/max(total, 1)) },
	}
}

// start0 is when the conversations of the tests begin.
var start0 = time.Date(2026, 11, 23, 10, 21, 0, 0, time.UTC)

// fake is a conversation in memory. With held set its answers wait for release.
type fake struct {
	items []Item
	held  bool
	queue []func()
	asked int
}

func (f *fake) answer(g func()) {
	f.asked++
	if f.held {
		f.queue = append(f.queue, g)
		return
	}
	g()
}

// release gives the answers that were held back.
func (f *fake) release() {
	for len(f.queue) > 0 {
		g := f.queue[0]
		f.queue = f.queue[1:]
		g()
	}
}

func (f *fake) index(at Cursor) int {
	i, _ := slices.BinarySearchFunc(f.items, at, func(it Item, at Cursor) int { return it.Cursor().Compare(at) })
	return i
}

// put and remove keep the conversation as the canvas hears of it.
func (f *fake) put(it Item) {
	f.remove(it.Key)
	f.items = slices.Insert(f.items, f.index(it.Cursor()), it)
}

func (f *fake) remove(k Key) {
	f.items = slices.DeleteFunc(f.items, func(it Item) bool { return it.Key == k })
}

func (f *fake) page(lo, hi int) Page {
	lo, hi = max(lo, 0), min(hi, len(f.items))
	return Page{Items: slices.Clone(f.items[lo:hi]), Older: lo > 0, Newer: hi < len(f.items)}
}

func (f *fake) Older(before Cursor, limit int, done func(Page)) {
	f.answer(func() { i := f.index(before); done(f.page(i-limit, i)) })
}

func (f *fake) Newer(after Cursor, limit int, done func(Page)) {
	f.answer(func() {
		i := f.index(after)
		for i < len(f.items) && f.items[i].Cursor().Compare(after) <= 0 {
			i++
		}
		done(f.page(i, i+limit))
	})
}

func (f *fake) Around(sequence uint64, limit int, done func(Page)) {
	f.answer(func() {
		if sequence == 0 {
			done(f.page(len(f.items)-limit, len(f.items)))
			return
		}
		i := f.index(Cursor{Sequence: sequence})
		done(f.page(i-limit/2, i+limit/2))
	})
}

// said makes an item.
func said(n uint64, who, text string, at time.Time) Item {
	it := Item{Key: Key("m" + strconv.FormatUint(n, 10)), Sequence: n, Text: text, Time: at}
	if who == "" {
		it.Own, it.Author = true, "Me"
		return it
	}
	r := []rune(who)
	it.Author = who
	it.Sender = Sender{ID: who, Name: who, Initial: string(r[:1]), Color: avatar(who)}
	return it
}

// avatar is a colour of its own for each of the people in the tests.
func avatar(who string) color.Color {
	c := map[string]uint32{"周雨": 0xd97706, "Lin": 0xdb2777, "Ada": 0x8b5cf6}[who]
	if c == 0 {
		c = 0x475569
	}
	return color.NRGBA{R: uint8(c >> 16), G: uint8(c >> 8), B: uint8(c), A: 255}
}

// bounds returns the lowest and highest sequence of items.
func bounds(items []Item) (first, last uint64) {
	for _, it := range items {
		if it.Sequence == 0 {
			continue
		}
		if first == 0 {
			first = it.Sequence
		}
		last = max(it.Sequence, it.Until)
	}
	return first, last
}

// show makes a canvas in a window of a size.
func show(t testing.TB, mode theme.Mode, w, h float32, o Options) (*Canvas, fyne.Window) {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(theme.New(mode))
	if o.Words.Clock == nil {
		o.Words = english()
	}
	if o.After == nil {
		o.After = func(time.Duration, func()) {}
	}
	if o.Now == nil {
		o.Now = func() time.Time { return start0 }
	}
	o.Still = true
	c := New(o)
	win := test.NewTempWindow(t, c)
	win.SetPadded(false)
	win.Resize(fyne.NewSize(w, h))
	return c, win
}

// openItems opens a conversation of items.
func openItems(c *Canvas, items []Item, unread int, readUpTo uint64) *fake {
	f := &fake{items: items}
	first, last := bounds(items)
	c.Open(Opening{Source: f, Unread: unread, ReadUpTo: readUpTo, First: first, Last: last})
	return f
}

// talk is a conversation of n messages, two minutes and something apart, of all
// lengths, the same each time.
func talk(n int) []Item {
	items := make([]Item, n)
	for i := range items {
		items[i] = spoken(uint64(i + 1))
	}
	return items
}

var phrases = []string{
	"Yes.", "好的，明天见！", "I will be on the train until two, so please write everything down.",
	"首页的新图标我放在群文件里了，看看这版。深色模式的图标对比度不够，换了新图标之后点击率涨了。",
	"https://example.org/a/path/to/something?with=query", "Looks great. The teal one reads best at 32 px — shipping that.",
	"Three\nlines\nof text", "The quick brown fox jumps over the lazy dog, and then it does so once more, because nobody was looking the first time and it takes some pride in its work.",
}

func spoken(n uint64) Item {
	h := n * 0x9e3779b97f4a7c15
	who := []string{"", "Lin", "周雨", "Ada", "Lin"}[h>>60%5]
	return said(n, who, phrases[h>>40%uint64(len(phrases))]+" "+strconv.FormatUint(n, 10), start0.Add(time.Duration(n)*time.Minute*2))
}
