package canvas

import (
	"image"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"
	"weak"

	"fyne.io/fyne/v2"

	"magpie/widgets/theme"
)

// everything is a conversation of all kinds, n items of each.
func everything(n int) []Item {
	var items []Item
	next := func(who string, kind Kind, m Media) {
		items = append(items, media(uint64(len(items)+1), who, kind, len(items)*3, m))
	}
	for i := range n {
		who := []string{"Lin", "", "周雨"}[i%3]
		items = append(items, spoken(uint64(len(items)+1)))
		next(who, KindVoice, Media{Duration: time.Duration(i) * time.Second, Peaks: peaks(i % 101)})
		next(who, KindImage, Media{Width: 100 * (i % 17), Height: 90 * (i % 13)})
		next(who, KindVideo, Media{Width: 80 * (i % 7), Height: 640, Duration: time.Minute, Size: 1 << 22})
		next(who, KindFile, Media{Name: "a file that has a name of some length " + strconv.Itoa(i) + ".tar.gz", Tag: "GZ", Size: 1 << 24})
	}
	return items
}

// TestNothingMovesByWhatComes: thumbnails and transfers redraw their own row and
// measure nothing.
func TestNothingMovesByWhatComes(t *testing.T) {
	a := &album{has: map[Key]Thumbnail{}}
	c, w := show(t, theme.Light, 640, 900, Options{Thumbnails: a.thumb})
	openItems(c, everything(40), 0, 0)
	c.scrollBy(1500)
	before := make(map[Key][2]float32)
	for _, r := range c.shown {
		before[r.entry.Key] = [2]float32{r.y, r.layout.height}
	}
	same := func(what string) {
		t.Helper()
		for _, r := range c.shown {
			if got := [2]float32{r.y, r.layout.height}; got != before[r.entry.Key] {
				t.Fatalf("%s moved %s from %v to %v", what, r.entry.Key, before[r.entry.Key], got)
			}
		}
	}
	kinds := map[Kind]bool{}
	thumb := scene(400, 10, true)
	for _, r := range c.shown {
		k := r.entry.Key
		kinds[r.entry.Kind] = true
		if r.layout.photo == nil && r.layout.voice == nil && r.layout.file == nil {
			continue
		}
		for _, change := range []struct {
			what string
			do   func()
		}{
			{"a transfer", func() { c.SetTransfer(k, &Transfer{Download: true, Done: 5, Total: 9}) }},
			{"its end", func() { c.SetTransfer(k, nil) }},
			{"its failure", func() {
				c.SetTransfer(k, &Transfer{Failed: "a reason that is a good deal longer than the row is wide, or so one hopes"})
			}},
			{"its pause", func() { c.SetTransfer(k, &Transfer{Paused: true, Total: 9}) }},
			{"playing", func() { c.SetPlaying(k, Playing{Shown: true, At: time.Hour, Length: 2 * time.Hour, Speed: 1.5}) }},
			{"a broken picture", func() { a.has[k] = Thumbnail{State: ThumbBroken}; c.ThumbnailChanged(k) }},
			{"a picture", func() { a.has[k] = Thumbnail{Image: thumb, State: ThumbHere}; c.ThumbnailChanged(k) }},
		} {
			measured, drawn := c.measured, c.drawn
			change.do()
			if c.measured != measured || c.drawn != drawn+1 {
				t.Errorf("%s: %s measured %d rows and drew %d", k, change.what, c.measured-measured, c.drawn-drawn)
			}
			same(change.what)
		}
		drawn := c.drawn
		c.SetTransfer(k, c.transferOf(r.entry)) // nothing new
		c.SetPlaying(k, c.playing[k])
		if c.drawn != drawn {
			t.Errorf("%s is drawn again for nothing", k)
		}
	}
	if len(kinds) != 5 {
		t.Errorf("saw only %v", kinds)
	}
	// Laid out afresh with all that set, everything is where it was.
	c.remeasure()
	c.changed()
	same("laying out again")
	w.Canvas().Capture()
}

func TestStateOfWhatIsNotInView(t *testing.T) {
	c, _ := show(t, theme.Light, 640, 480, Options{})
	c.SetTransfer("m2", &Transfer{Download: true, Done: 1, Total: 4}) // before there is a conversation
	c.SetPlaying("m1", Playing{Shown: true, Speed: 2})
	items := append([]Item{
		media(1, "Lin", KindVoice, 0, Media{Duration: time.Minute}),
		media(2, "Lin", KindFile, 1, Media{Name: "a.pdf", Size: 4}),
	}, everything(200)[2:]...)
	openItems(c, items, 0, 0)
	drawn, measured := c.drawn, c.measured
	for i := range 1000 {
		c.SetTransfer("m2", &Transfer{Download: true, Done: int64(i), Total: 1000})
		c.SetPlaying("m1", Playing{Shown: true, At: time.Duration(i) * time.Millisecond * 30, Speed: 1.5})
		c.ThumbnailChanged("m2")
		c.ThumbnailChanged("nowhere")
	}
	if c.drawn != drawn || c.measured != measured {
		t.Errorf("drew %d rows and measured %d", c.drawn-drawn, c.measured-measured)
	}
	c.JumpTo(1)
	if got := texts(rowOf(t, c, "m2")); !slices.Contains(got, english().Progress(999, 1000)) {
		t.Errorf("the file says %q", got)
	}
	if got := texts(rowOf(t, c, "m1")); !slices.Contains(got, "1.5×") || !slices.Contains(got, "0:29") {
		t.Errorf("the note says %q", got)
	}
	c.SetTransfer("m2", nil)
	c.SetPlaying("m1", Playing{})
	if len(c.transfers)+len(c.playing) > 0 {
		t.Error("what is over is kept")
	}
	if got := texts(rowOf(t, c, "m1")); slices.Contains(got, "1.5×") {
		t.Errorf("the note says %q", got)
	}
}

// The picture is asked for once it is needed, in device pixels, and again only
// when it may be another.
func TestPicturesAreAskedFor(t *testing.T) {
	a := &album{has: map[Key]Thumbnail{"m1": {State: ThumbComing}}}
	c, w := show(t, theme.Light, 640, 480, Options{Thumbnails: a.thumb})
	w.Canvas().(interface{ SetScale(float32) }).SetScale(2)
	w.Resize(fyne.NewSize(640, 480))
	openItems(c, []Item{media(1, "Lin", KindImage, 0, Media{Width: 230, Height: 150})}, 0, 0)
	if want := image.Pt(460, 300); a.sizes["m1"] != want {
		t.Errorf("asked for %v, want %v", a.sizes["m1"], want)
	}
	a.asked = nil
	c.SetTransfer("m1", &Transfer{Download: true, Done: 1, Total: 2})
	c.SetTransfer("m1", nil)
	c.refreshAll()
	c.place()
	if len(a.asked) > 0 {
		t.Errorf("asked again %d times", len(a.asked))
	}
	a.has["m1"] = Thumbnail{Image: scene(460, 300, false), State: ThumbHere}
	c.ThumbnailChanged("m1")
	r := rowOf(t, c, "m1")
	if len(a.asked) != 1 || r.photo == nil || r.photo.Image != a.has["m1"].Image {
		t.Errorf("asked %d times, shows %v", len(a.asked), r.photo)
	}
	// A recalled picture is let go.
	it := r.entry.Item
	it.Kind, it.Text = KindNotice, "recalled"
	c.Apply(Changes{Put: []Item{it}})
	if r.photo.Image != nil || r.thumb.Image != nil {
		t.Error("the picture of a recalled message is held")
	}
}

// No picture is held that is not on the screen: how many are kept is for whoever
// hands them out.
func TestPicturesAreLetGo(t *testing.T) {
	var made []weak.Pointer[image.RGBA]
	c, w := show(t, theme.Light, 640, 600, Options{Thumbnails: func(_ Key, w, h int) Thumbnail {
		m := image.NewRGBA(image.Rect(0, 0, w, h))
		made = append(made, weak.Make(m))
		return Thumbnail{Image: m, State: ThumbHere}
	}})
	var items []Item
	for i := range 1000 {
		items = append(items, media(uint64(i+1), "Lin", KindImage, i, Media{Width: 640, Height: 480}))
	}
	openItems(c, items, 0, 0)
	for first, _, _ := c.OnScreen(); first.Sequence > 1; first, _, _ = c.OnScreen() {
		c.scrollBy(120)
		if len(made)%50 == 0 {
			w.Canvas().Capture()
		}
	}
	if len(made) < 1000 {
		t.Fatalf("only %d pictures were asked for", len(made))
	}
	runtime.GC()
	alive := 0
	for _, p := range made {
		if p.Value() != nil {
			alive++
		}
	}
	if alive > len(c.shown) {
		t.Errorf("%d pictures are held, %d are on the screen", alive, len(c.shown))
	}
	c.Close()
	runtime.GC()
	for i, p := range made {
		if p.Value() != nil {
			t.Errorf("picture %d is held by a canvas that is closed", i)
		}
	}
}
