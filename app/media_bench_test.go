package app

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"magpie/app/core"
	"magpie/app/thumbs"
	"magpie/im"
	"magpie/media/probe"
	"magpie/widgets/canvas"
	"magpie/widgets/theme"
)

// BenchmarkScrollPictures is what a person waits for, and what memory the process
// takes, on the way through 1,000 pictures that are on the disk, each as large
// thumbnails are. Drawing is not in it.
func BenchmarkScrollPictures(b *testing.B) {
	for b.Loop() {
		a := newAlbum(b, 1000)
		before := memory(b)
		var waits []time.Duration
		for !a.atOldest() { // about a screen with each turn of the wheel
			a.canvas.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 150)})
			waits = append(waits, a.seen(b))
		}
		after := memory(b)
		if a.came < a.n*9/10 {
			b.Fatalf("%d of %d pictures were seen", a.came, a.n)
		}
		if n := a.loader.Bytes(); n > thumbs.DefaultBytes {
			b.Fatalf("%d bytes of thumbnails", n)
		}
		fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "media/scroll_1000_pictures_memory", float64(after)/(1<<20), "MB", "<= 250")
		fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "media/scroll_1000_pictures_growth", float64(max(after, before)-before)/(1<<20), "MB", "<= 130")
		fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "media/pictures_seen_after_a_screen", float64(middle(waits).Microseconds())/1000, "ms", "<= 150")
		a.loader.Close()
	}
}

// memory is what the process takes, in bytes: what the system says, where it says
// that, else the heap.
func memory(b *testing.B) int64 {
	b.Helper()
	if status, err := os.ReadFile("/proc/self/status"); err == nil {
		for line := range strings.Lines(string(status)) {
			var kilobytes int64
			if _, err := fmt.Sscanf(line, "VmRSS: %d kB", &kilobytes); err == nil {
				return kilobytes << 10
			}
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys)
}

// album is a conversation of pictures, one message each, as a source of the canvas
// and files of the loader.
type album struct {
	n       int
	canvas  *canvas.Canvas
	loader  *thumbs.Loader
	changed chan canvas.Key
	paths   []string
	coming  map[canvas.Key]bool
	came    int // pictures that were waited for
}

func newAlbum(b *testing.B, n int) *album {
	b.Helper()
	app := test.NewTempApp(b)
	app.Settings().SetTheme(theme.New(theme.Light))
	a := &album{n: n, changed: make(chan canvas.Key, 1000), coming: map[canvas.Key]bool{}}
	for i := range 20 { // a thousand files of twenty contents
		a.paths = append(a.paths, filepath.Join(b.TempDir(), fmt.Sprint(i)))
		if err := os.WriteFile(a.paths[i], detailed(b, uint64(i)), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	a.loader = thumbs.New(thumbs.Options{Files: a, Changed: func(who any) { a.changed <- who.(canvas.Key) }})
	a.canvas = canvas.New(canvas.Options{Words: albumWords(), Still: true, Thumbnails: a.thumbnail})
	w := test.NewTempWindow(b, a.canvas)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(816, 626))
	a.canvas.Open(canvas.Opening{Source: a, Last: uint64(n)})
	return a
}

func albumWords() canvas.Words {
	w := mediaWords{}
	return canvas.Words{
		Unread: func(int) string { return "" }, HoleLoading: func(uint64) string { return "" }, HoleOffline: func(uint64) string { return "" },
		NotSentBecause: func(s string) string { return s }, Length: w.length, Speed: w.speed, Bytes: w.bytes,
		Progress: func(int64, int64) string { return "" }, Paused: func(int64, int64) string { return "" },
		Said:  func(author string, _ time.Time) string { return author },
		Clock: func(t time.Time) string { return t.Format("15:04") }, Day: func(t time.Time) string { return t.Format("2 Jan") },
	}
}

// detailed is a JPEG of the size of a large thumbnail with as much in it as a photo
// has.
func detailed(b *testing.B, seed uint64) []byte {
	b.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	img := image.NewRGBA(image.Rect(0, 0, 960, 720))
	for y := range 720 {
		for x := range 960 {
			v := uint8(x*y/3000) + uint8(r.IntN(24))
			copy(img.Pix[img.PixOffset(x, y):], []byte{v, uint8(x / 4), uint8(y/3) + uint8(seed)*8, 255})
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 84}); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}

func (a *album) item(n int) canvas.Item {
	return canvas.Item{
		Key: canvas.Key(fmt.Sprint(n)), Sequence: uint64(n), Kind: canvas.KindImage, Own: true, Time: time.Unix(1_700_000_000+int64(n)*60, 0),
		Text: "picture", Media: &canvas.Media{Width: 4032, Height: 3024, Size: 2_000_000},
	}
}

func (a *album) page(from, to int) canvas.Page {
	from, to = max(from, 1), min(to, a.n)
	var items []canvas.Item
	for n := from; n <= to; n++ {
		items = append(items, a.item(n))
	}
	return canvas.Page{Items: items, Older: from > 1, Newer: to < a.n}
}

func (a *album) Older(before canvas.Cursor, limit int, done func(canvas.Page)) {
	end := int(before.Sequence) - 1
	if before.Sequence == 0 {
		end = a.n
	}
	done(a.page(end-limit+1, end))
}

func (a *album) Newer(after canvas.Cursor, limit int, done func(canvas.Page)) {
	done(a.page(int(after.Sequence)+1, int(after.Sequence)+limit))
}

func (a *album) Around(sequence uint64, limit int, done func(canvas.Page)) {
	if sequence == 0 {
		sequence = uint64(a.n)
	}
	done(a.page(int(sequence)-limit/2, int(sequence)+limit/2))
}

func (a *album) OpenFile(address string) (core.Content, error) {
	var n int
	if _, err := fmt.Sscanf(address, "%d", &n); err != nil {
		return nil, err
	}
	return probe.Open(a.paths[n%len(a.paths)])
}

func (a *album) DownloadUpTo(context.Context, string, int64, func(int64, int64)) error {
	return im.Errorf(im.CodeNetworkDown, "there is no network")
}

func (a *album) thumbnail(key canvas.Key, width, height int) canvas.Thumbnail {
	got := a.loader.Get(key, thumbs.Picture{Sizes: []thumbs.Size{{Address: string(key), Width: 960, Height: 720, Bytes: 1}}}, width, height)
	if got.State == thumbs.Coming {
		a.coming[key] = true
	} else {
		delete(a.coming, key)
	}
	return canvas.Thumbnail{Image: got.Image, State: thumbnailState(got.State), Blurred: got.Blurred}
}

// seen waits until everything that was asked for is there, and returns how long
// that took.
func (a *album) seen(b *testing.B) time.Duration {
	b.Helper()
	began := time.Now()
	for len(a.coming) > 0 {
		select {
		case key := <-a.changed:
			delete(a.coming, key)
			a.came++
			a.canvas.ThumbnailChanged(key)
		case <-time.After(10 * time.Second):
			b.Fatalf("%d pictures do not come", len(a.coming))
		}
	}
	return time.Since(began)
}

func (a *album) atOldest() bool {
	first, _, ok := a.canvas.OnScreen()
	return ok && first.Sequence == 1
}
