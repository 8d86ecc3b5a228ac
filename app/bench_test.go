package app

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"magpie/app/core"
	"magpie/im"
	"magpie/store"
	"magpie/store/storetest"
	"magpie/widgets/canvas"
	"magpie/widgets/theme"
)

// BenchmarkCanvasFromStore is what a person waits for in a conversation of
// 1,000,000 messages on disk: opening it, and scrolling up in it, with the real
// way from the store through the core to rows on the canvas. Every page that is
// asked for is waited for before the next step, so the steps hold the whole
// cost. Drawing is not in it.
func BenchmarkCanvasFromStore(b *testing.B) {
	d := newDiskCanvas(b)
	var opens []time.Duration
	d.timed(d.open) // the font is read and the letters of the words are measured
	for b.Loop() {
		opens = append(opens, d.timed(d.open))
	}
	for len(opens) < 20 {
		opens = append(opens, d.timed(d.open))
	}
	const steps = 20_000
	var all, loads []time.Duration
	ev := &fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 24)}
	for range steps {
		before := d.pages
		took := d.timed(func() { d.canvas.Scrolled(ev) })
		all = append(all, took)
		if d.pages > before {
			loads = append(loads, took)
		}
	}
	first, _, ok := d.canvas.OnScreen()
	if !ok || first.Sequence > storetest.Messages-steps*24/200 || len(loads) < 20 {
		b.Fatalf("after %d steps at message %d, %d of them with pages", steps, first.Sequence, len(loads))
	}
	ms := func(t time.Duration) float64 { return float64(t.Nanoseconds()) / 1e6 }
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "canvas/open_from_disk_1M", ms(middle(opens)), "ms", "<= 16")
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "canvas/scroll_from_disk_step_1M", 1000*ms(middle(all)), "us", "<= 100")
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "canvas/scroll_from_disk_page_1M", ms(middle(loads)), "ms", "<= 16")
}

// middle is the median.
func middle(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}

// diskCanvas is a canvas over a store on disk, on a goroutine of its own: what
// the source hands to the user interface waits in work.
type diskCanvas struct {
	tb      testing.TB
	canvas  *canvas.Canvas
	opening canvas.Opening
	work    chan func()
	asked   int // reads that have not answered
	pages   int // reads that have
}

func newDiskCanvas(tb testing.TB) *diskCanvas {
	path, conv := storetest.MillionMessages(tb)
	st, _, err := store.Open(path, store.Options{Account: storetest.Account})
	if err != nil {
		tb.Fatal(err)
	}
	client, err := core.New(core.Options{Store: st, Server: "ws://127.0.0.1:1", User: storetest.Account})
	if err != nil {
		tb.Fatal(err)
	}
	fapp := test.NewApp()
	fapp.Settings().SetTheme(theme.New(theme.Light))
	d := &diskCanvas{tb: tb, work: make(chan func(), 8)}
	tr := english(tb)
	m := &mainScreen{tr: tr, me: storetest.Account, times: timeWords{tr, time.Now}}
	d.canvas = canvas.New(canvas.Options{Words: m.canvasWords(), Still: true})
	window := test.NewWindow(d.canvas)
	window.SetPadded(false)
	window.Resize(fyne.NewSize(816, 626))
	tb.Cleanup(func() {
		window.Close()
		fapp.Quit()
		if err := client.Close(); err != nil {
			tb.Error(err)
		}
		if err := st.Close(); err != nil {
			tb.Error(err)
		}
	})
	d.opening = canvas.Opening{Source: d.counted(&source{
		ctx: tb.Context(), history: client, conv: conv, do: func(f func()) { d.work <- f },
		present: &presenter{tr: tr, conv: conv, me: storetest.Account, connected: true, names: map[im.UserID]string{}},
		failed:  func(err error) { tb.Error(err) },
	})}
	return d
}

func (d *diskCanvas) open() {
	d.canvas.Close()
	d.canvas.Open(d.opening)
}

// timed runs something a person does and everything that comes of it.
func (d *diskCanvas) timed(do func()) time.Duration {
	begin := time.Now()
	do()
	for d.asked > 0 {
		(<-d.work)()
	}
	if _, _, ok := d.canvas.OnScreen(); !ok {
		d.tb.Fatal("nothing is on the screen")
	}
	return time.Since(begin)
}

// counted counts what a source is asked and answers.
func (d *diskCanvas) counted(s canvas.Source) canvas.Source { return &countedSource{d, s} }

type countedSource struct {
	d *diskCanvas
	canvas.Source
}

func (s *countedSource) count(done func(canvas.Page)) func(canvas.Page) {
	s.d.asked++
	return func(p canvas.Page) {
		s.d.asked--
		s.d.pages++
		done(p)
	}
}

func (s *countedSource) Older(before canvas.Cursor, limit int, done func(canvas.Page)) {
	s.Source.Older(before, limit, s.count(done))
}

func (s *countedSource) Newer(after canvas.Cursor, limit int, done func(canvas.Page)) {
	s.Source.Newer(after, limit, s.count(done))
}

func (s *countedSource) Around(sequence uint64, limit int, done func(canvas.Page)) {
	s.Source.Around(sequence, limit, s.count(done))
}
