package canvas

import (
	"fmt"
	"image"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"magpie/widgets/theme"
)

// varied is a conversation in which every second message is a picture, a video, a
// voice note or a file.
type varied struct{ endless }

func (v varied) vary(done func(Page)) func(Page) {
	return func(p Page) {
		for i := range p.Items {
			it := &p.Items[i]
			n := it.Sequence
			switch n % 8 {
			case 1, 3:
				it.Kind, it.Media = KindImage, &Media{Width: 640 + int(n%7)*100, Height: 480}
			case 5:
				it.Kind, it.Media = KindVideo, &Media{Width: 1280, Height: 720, Duration: time.Duration(n%600) * time.Second, Size: int64(n % 1e8)}
			case 6:
				it.Kind, it.Media = KindVoice, &Media{Duration: time.Duration(n%600) * time.Second, Peaks: benchPeaks, Unheard: true}
			case 7:
				it.Kind, it.Media = KindFile, &Media{Name: livelyPhrases[n%uint64(len(livelyPhrases))] + ".pdf", Tag: "PDF", Size: int64(n % 1e8)}
			}
		}
		done(p)
	}
}

var benchPeaks = peaks(100)

func (v varied) Older(before Cursor, limit int, done func(Page)) {
	v.endless.Older(before, limit, v.vary(done))
}

func (v varied) Newer(after Cursor, limit int, done func(Page)) {
	v.endless.Newer(after, limit, v.vary(done))
}

func (v varied) Around(sequence uint64, limit int, done func(Page)) {
	v.endless.Around(sequence, limit, v.vary(done))
}

func openVaried(tb testing.TB) *Canvas {
	thumbs := make([]image.Image, 32)
	for i := range thumbs {
		thumbs[i] = image.NewRGBA(image.Rect(0, 0, 320, 240))
	}
	n := 0
	c, _ := show(tb, theme.Light, 816, 626, Options{Thumbnails: func(Key, int, int) Thumbnail {
		n++
		return Thumbnail{Image: thumbs[n%len(thumbs)], State: ThumbHere}
	}})
	c.Open(Opening{Source: varied{million}, First: 1, Last: million})
	return c
}

// BenchmarkScrollStepMedia is BenchmarkScrollStep where every second message is a
// picture, a video, a voice note or a file; thumbnails are at hand.
func BenchmarkScrollStepMedia(b *testing.B) {
	c := openVaried(b)
	ev := &fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 24)}
	for range 2000 {
		c.Scrolled(ev)
	}
	for b.Loop() {
		c.Scrolled(ev)
	}
	us := float64(b.Elapsed().Nanoseconds()) / float64(b.N) / 1000
	b.ReportMetric(us, "us/step")
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "canvas/scroll_step_media", us, "us", "<= 100")
}

// BenchmarkPlayingTick moves the position of the voice note that plays, which the
// player reports 20 times a second, and BenchmarkTransferTick the progress of a
// download.
func BenchmarkPlayingTick(b *testing.B) {
	c := openVaried(b)
	k := onScreen(b, c, KindVoice)
	n := 0
	for b.Loop() {
		n++
		c.SetPlaying(k, Playing{Shown: true, Playing: true, At: time.Duration(n%600) * 100 * time.Millisecond, Length: time.Minute, Speed: 1})
	}
	us := float64(b.Elapsed().Nanoseconds()) / float64(b.N) / 1000
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "canvas/playing_tick", us, "us", "<= 250")
}

func BenchmarkTransferTick(b *testing.B) {
	c := openVaried(b)
	k := onScreen(b, c, KindFile)
	n := 0
	for b.Loop() {
		n++
		c.SetTransfer(k, &Transfer{Download: true, Done: int64(n % 1000 * 100_000), Total: 100_000_000})
	}
	us := float64(b.Elapsed().Nanoseconds()) / float64(b.N) / 1000
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "canvas/transfer_tick", us, "us", "<= 100")
}

// onScreen scrolls until an item of a kind is on the screen.
func onScreen(tb testing.TB, c *Canvas, kind Kind) Key {
	for range 500 {
		for _, r := range c.shown {
			if r.entry.Kind == kind {
				return r.entry.Key
			}
		}
		c.scrollBy(100)
	}
	tb.Fatal("none is on the screen")
	return ""
}

// The budget of a step among pictures, as TestScrollingCostsAScreenful holds that of
// texts.
func TestScrollingMediaCostsAScreenful(t *testing.T) {
	c := openVaried(t)
	for range 500 {
		c.scrollBy(24)
	}
	c.measured, c.drawn = 0, 0
	made := len(c.shown) + len(c.spare)
	allocs := testing.AllocsPerRun(2000, func() { c.scrollBy(24) })
	if allocs > 15 {
		t.Errorf("%g allocations a step", allocs)
	}
	// 2001 steps of 24 units at 60 units a message or more.
	if c.measured > 2001*24/60 || c.drawn > 2001*24/60 {
		t.Errorf("%d rows laid out, %d drawn", c.measured, c.drawn)
	}
	if n := len(c.shown) + len(c.spare); n > made+8 {
		t.Errorf("%d rows made, %d at first", n, made)
	}
}
