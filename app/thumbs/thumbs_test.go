package thumbs_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"go.uber.org/goleak"

	"magpie/app/thumbs"
	"magpie/im"
	"magpie/media"
	"magpie/media/probe"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// disk stands for the client core: files on a disk, and more at a server.
type disk struct {
	dir string

	mu      sync.Mutex
	here    map[string]string // by address
	server  map[string][]byte
	fails   error
	gate    chan struct{} // a download waits for it, if it is not nil
	fetched []string
	began   chan string // told of each download, if it is not nil
}

func newDisk(t testing.TB) *disk {
	return &disk{dir: t.TempDir(), here: map[string]string{}, server: map[string][]byte{}}
}

func (d *disk) put(t testing.TB, address string, content []byte) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	path := filepath.Join(d.dir, fmt.Sprint(len(d.here)))
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	d.here[address] = path
}

func (d *disk) OpenFile(address string) (media.Content, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	path, ok := d.here[address]
	if !ok {
		return nil, im.Errorf(im.CodeFileMissing, "no %s", address)
	}
	return probe.Open(path)
}

func (d *disk) DownloadUpTo(ctx context.Context, address string, limit int64, _ func(int64, int64)) error {
	d.mu.Lock()
	gate, fails := d.gate, d.fails
	content, ok := d.server[address]
	d.fetched = append(d.fetched, address)
	d.mu.Unlock()
	if d.began != nil {
		d.began <- address
	}
	if gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	switch {
	case fails != nil:
		return fails
	case !ok:
		return im.Errorf(im.CodeBlobNotFound, "no %s", address)
	case int64(len(content)) > limit:
		return im.Errorf(im.CodeFileTooLarge, "%s is too large", address)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	path := filepath.Join(d.dir, fmt.Sprint(len(d.here)))
	if err := os.WriteFile(path, content, 0o600); err != nil {
		return err
	}
	d.here[address] = path
	return nil
}

func (d *disk) asked() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]string(nil), d.fetched...)
}

// photo is a JPEG of one colour.
func photo(t testing.TB, w, h int, c color.RGBA) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var (
	red  = color.RGBA{255, 0, 0, 255}
	blue = color.RGBA{0, 0, 255, 255}
)

// show is a loader, and who asks it.
type show struct {
	t testing.TB
	d *disk
	l *thumbs.Loader
	// told are those who should ask again, in order.
	told chan any
}

func newShow(t testing.TB, o thumbs.Options) *show {
	s := &show{t: t, told: make(chan any, 10000)}
	if o.Files == nil {
		s.d = newDisk(t)
		o.Files = s.d
	}
	o.Changed = func(who any) { s.told <- who }
	s.l = thumbs.New(o)
	t.Cleanup(s.l.Close)
	return s
}

// settled asks until the thumbnail is no longer coming.
func (s *show) settled(p thumbs.Picture, w, h int) thumbs.Thumbnail {
	s.t.Helper()
	for {
		got := s.l.Get("settled", p, w, h)
		if got.State != thumbs.Coming {
			return got
		}
		<-s.told
	}
}

func (s *show) want(what string, p thumbs.Picture, w, h int, state thumbs.State) thumbs.Thumbnail {
	s.t.Helper()
	got := s.settled(p, w, h)
	if got.State != state {
		s.t.Errorf("%s: state %d, want %d", what, got.State, state)
	}
	return got
}

// of is a picture with one small file.
func of(address string) thumbs.Picture {
	return thumbs.Picture{Sizes: []thumbs.Size{{Address: address, Width: 264, Height: 198, Bytes: 1000}}}
}

func isColour(img image.Image, want color.RGBA) bool {
	if img == nil {
		return false
	}
	b := img.Bounds()
	r, g, bl, _ := img.At(b.Dx()/2, b.Dy()/2).RGBA()
	far := func(a uint32, b uint8) bool { v := uint8(a >> 8); return max(v, b)-min(v, b) > 24 }
	return !far(r, want.R) && !far(g, want.G) && !far(bl, want.B)
}

// The preview is there with the first answer, the picture later, in the shape that
// was asked for.
func TestPreviewThenPicture(t *testing.T) {
	s := newShow(t, thumbs.Options{})
	s.d.server["a"] = photo(t, 264, 198, blue)
	s.d.gate = make(chan struct{})
	p := of("a")
	p.Preview = photo(t, 40, 30, red)
	first := s.l.Get("row", p, 100, 100)
	if first.State != thumbs.Coming || !first.Blurred || !isColour(first.Image, red) {
		t.Fatalf("at once: %+v", first)
	}
	close(s.d.gate)
	if who := <-s.told; who != "row" {
		t.Errorf("told %v", who)
	}
	then := s.l.Get("row", p, 100, 100)
	if then.State != thumbs.Here || then.Blurred || !isColour(then.Image, blue) {
		t.Fatalf("then: %+v", then)
	}
	if b := then.Image.Bounds(); b.Dx() != 100 || b.Dy() != 100 {
		t.Errorf("in the shape %v", b)
	}
}

// The smallest that suffices is used; one on the disk rather than a download.
func TestChoice(t *testing.T) {
	small := thumbs.Size{Address: "small", Width: 264, Height: 198, Bytes: 10_000}
	large := thumbs.Size{Address: "large", Width: 960, Height: 720, Bytes: 90_000}
	original := thumbs.Size{Address: "original", Width: 4000, Height: 3000, Bytes: 2_000_000, Original: true}
	short := thumbs.Size{Address: "short", Width: 500, Height: 400, Bytes: 60_000, Original: true}
	vast := thumbs.Size{Address: "vast", Width: 264, Height: 198, Bytes: 50 << 20}
	for _, c := range []struct {
		name   string
		sizes  []thumbs.Size
		here   []string
		w, h   int
		fetch  string // what is downloaded, "" for nothing
		colour color.RGBA
		state  thumbs.State
	}{
		{"small one", []thumbs.Size{original, large, small}, nil, 230, 150, "small", blue, thumbs.Here},
		{"large one", []thumbs.Size{small, large, original}, nil, 320, 240, "large", blue, thumbs.Here},
		{"nearly enough", []thumbs.Size{small, large}, nil, 270, 200, "small", blue, thumbs.Here},
		{"large one is here", []thumbs.Size{small, large, original}, []string{"large"}, 100, 80, "", red, thumbs.Here},
		{"small one does not suffice", []thumbs.Size{small, large}, []string{"small"}, 320, 240, "large", blue, thumbs.Here},
		{"original where nothing else suffices", []thumbs.Size{small, short}, nil, 320, 240, "short", blue, thumbs.Here},
		{"original is too large to fetch", []thumbs.Size{original}, nil, 320, 240, "", red, thumbs.None},
		{"the thumbnail before an original that is too large", []thumbs.Size{small, original}, nil, 900, 700, "small", blue, thumbs.Here},
		{"original is here", []thumbs.Size{original}, []string{"original"}, 320, 240, "", red, thumbs.Here},
		{"a thumbnail that is none", []thumbs.Size{vast}, nil, 100, 80, "", red, thumbs.None},
		{"no file", nil, nil, 100, 80, "", red, thumbs.None},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newShow(t, thumbs.Options{Originals: 1_000_000})
			for _, size := range c.sizes {
				s.d.server[size.Address] = photo(t, min(size.Width, 1000), min(size.Height, 750), blue)
			}
			for _, address := range c.here {
				s.d.put(t, address, photo(t, 640, 480, red))
			}
			got := s.want("it", thumbs.Picture{Sizes: c.sizes}, c.w, c.h, c.state)
			if c.state == thumbs.Here && !isColour(got.Image, c.colour) {
				t.Error("another file was used")
			}
			var want []string
			if c.fetch != "" {
				want = []string{c.fetch}
			}
			if asked := s.d.asked(); fmt.Sprint(asked) != fmt.Sprint(want) {
				t.Errorf("fetched %v, want %v", asked, want)
			}
		})
	}
}

// What senders and servers may deliver instead of a picture.
func TestHostile(t *testing.T) {
	bomb, err := os.ReadFile(filepath.Join("..", "..", "media", "sandbox", "testdata", "bomb.png"))
	if err != nil {
		t.Fatal(err)
	}
	avif, err := os.ReadFile(filepath.Join("..", "..", "media", "sandbox", "testdata", "i.avif"))
	if err != nil {
		t.Fatal(err)
	}
	whole := photo(t, 264, 198, red)
	for _, c := range []struct {
		name    string
		content []byte
		state   thumbs.State
	}{
		{"text", []byte("<html>not found</html>"), thumbs.Broken},
		{"one byte", []byte{0xff}, thumbs.Broken},
		{"half a picture", whole[:len(whole)/2], thumbs.Broken},
		{"a bomb", bomb, thumbs.Broken},
		{"more bytes than thumbnails have", make([]byte, 3<<20), thumbs.Broken},
		{"of a format that needs isolation", avif, thumbs.None},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newShow(t, thumbs.Options{})
			s.d.server["a"] = c.content
			if got := s.want("fetched", of("a"), 100, 80, c.state); got.Image != nil {
				t.Error("there is a picture")
			}
			s.d.put(t, "b", c.content)
			s.want("on the disk", of("b"), 100, 80, c.state)
		})
	}
	s := newShow(t, thumbs.Options{})
	s.want("not at the server", of("nowhere"), 100, 80, thumbs.Broken)
	s.d.fails = im.Errorf(im.CodeBlobDamaged, "came as something else")
	s.want("another content than its hash says", of("liar"), 100, 80, thumbs.Broken)
}

// A preview is decoded while a row is drawn, so it must be tiny.
func TestHostilePreview(t *testing.T) {
	s := newShow(t, thumbs.Options{})
	huge := photo(t, 161, 16, red)
	for name, b := range map[string][]byte{"of many pixels": huge, "cut": photo(t, 16, 16, red)[:300], "no picture": []byte("hello"), "of many bytes": make([]byte, im.MaxPreviewBytes+1)} {
		if got := s.l.Get("row", thumbs.Picture{Preview: b}, 10, 10); got.Image != nil || got.Blurred {
			t.Errorf("a preview %s is shown", name)
		}
	}
}

// Decoded pictures take no more than they may, however many are looked at; those
// used last stay.
func TestMemoryIsBounded(t *testing.T) {
	const side = 100
	const room = 20
	s := newShow(t, thumbs.Options{Bytes: room * side * side * 4})
	content := photo(t, side, side, red)
	for i := range 1000 {
		s.d.put(t, fmt.Sprint(i), content)
		s.want("picture", of(fmt.Sprint(i)), side, side, thumbs.Here)
		if n := s.l.Bytes(); n > room*side*side*4 {
			t.Fatalf("%d bytes after %d pictures", n, i+1)
		}
	}
	if n := s.l.Bytes(); n != room*side*side*4 {
		t.Errorf("%d bytes are used", n)
	}
	for i := 1000 - room; i < 1000; i++ {
		if got := s.l.Get("again", of(fmt.Sprint(i)), side, side); got.State != thumbs.Here {
			t.Errorf("%d is not there any more", i)
		}
	}
	if got := s.l.Get("again", of("1"), side, side); got.State == thumbs.Here {
		t.Error("the first is still there")
	}
}

// What was asked for last comes first, and what many others overtook not at all.
func TestOvertakenRequestsAreDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDisk(t)
		d.gate = make(chan struct{})
		s := newShow(t, thumbs.Options{Files: d})
		const many = 300
		for i := range many {
			address := fmt.Sprint(i)
			d.server[address] = photo(t, 20, 20, red)
			s.l.Get(i, of(address), 10, 10)
			synctest.Wait() // it waits for the network
		}
		onTheirWay := len(d.asked())
		d.gate <- struct{}{} // one ends, and whoever fetched it takes the next
		synctest.Wait()
		if next := d.asked()[onTheirWay:]; !slices.Equal(next, []string{fmt.Sprint(many - 1)}) {
			t.Errorf("the next are %s, want the one asked for last", next)
		}
		close(d.gate)
		synctest.Wait()
		if asked := d.asked(); len(asked) > 120 || len(asked) < 90 {
			t.Errorf("%d of %d were fetched", len(asked), many)
		}
		if got := s.l.Get("first", of("10"), 10, 10); got.State != thumbs.Coming {
			t.Errorf("an early one is in state %d", got.State)
		}
		synctest.Wait()
		if got := s.l.Get("first", of("10"), 10, 10); got.State != thumbs.Here {
			t.Errorf("asked for again it is in state %d", got.State)
		}
		s.l.Close()
	})
}

// A slow network does not hold up what is on the disk.
func TestDiskDoesNotWaitForTheNetwork(t *testing.T) {
	s := newShow(t, thumbs.Options{})
	s.d.gate = make(chan struct{}) // never opened
	s.d.began = make(chan string, 100)
	for i := range 50 {
		s.l.Get(i, of(fmt.Sprint("far", i)), 10, 10)
	}
	<-s.d.began
	s.d.put(t, "near", photo(t, 20, 20, red))
	s.want("on the disk", of("near"), 10, 10, thumbs.Here)
}

// Without a connection the preview stays; with it those who asked are told.
func TestOfflineThenOnline(t *testing.T) {
	s := newShow(t, thumbs.Options{})
	s.d.fails = im.Errorf(im.CodeNetworkDown, "no connection")
	s.d.server["a"] = photo(t, 264, 198, blue)
	p := of("a")
	p.Preview = photo(t, 40, 30, red)
	got := s.want("offline", p, 100, 75, thumbs.None)
	if !got.Blurred || !isColour(got.Image, red) {
		t.Errorf("offline: %+v", got)
	}
	s.l.Get("row", p, 100, 75)
	s.l.Get("cell", p, 100, 75)
	s.d.mu.Lock()
	s.d.fails = nil
	s.d.mu.Unlock()
	for len(s.told) > 0 {
		<-s.told
	}
	s.l.Retry()
	told := map[any]bool{}
	for len(s.told) > 0 {
		told[<-s.told] = true
	}
	if !told["row"] || !told["cell"] {
		t.Errorf("told are %v", told)
	}
	s.want("online", p, 100, 75, thumbs.Here)
}

// Offline a smaller file that is on the disk is better than none.
func TestOfflineUsesWhatIsHere(t *testing.T) {
	s := newShow(t, thumbs.Options{})
	s.d.fails = im.Errorf(im.CodeNetworkDown, "no connection")
	s.d.put(t, "small", photo(t, 64, 48, red))
	got := s.want("offline", thumbs.Picture{Sizes: []thumbs.Size{
		{Address: "small", Width: 64, Height: 48, Bytes: 1000}, {Address: "large", Width: 960, Height: 720, Bytes: 1000},
	}}, 320, 240, thumbs.Here)
	if !isColour(got.Image, red) {
		t.Error("nothing is shown")
	}
}

// A film that comes to the disk gets a still.
func TestStill(t *testing.T) {
	s := newShow(t, thumbs.Options{Still: func(_ context.Context, f media.Content, maxSide int) (image.Image, error) {
		if maxSide < 100 {
			t.Errorf("a still of %d pixels", maxSide)
		}
		return jpeg.Decode(f)
	}})
	p := thumbs.Picture{Film: "film"}
	s.want("not here", p, 100, 80, thumbs.None)
	s.d.put(t, "film", photo(t, 320, 240, blue))
	s.l.Arrived("another")
	if len(s.told) != 0 {
		t.Error("somebody was told of another file")
	}
	s.l.Get("row", p, 100, 80)
	s.l.Arrived("film")
	<-s.told
	if got := s.want("here", p, 100, 80, thumbs.Here); !isColour(got.Image, blue) {
		t.Error("no still")
	}
	s.d.put(t, "damaged", []byte("no film"))
	s.want("damaged", thumbs.Picture{Film: "damaged"}, 100, 80, thumbs.None)
}

// Of what was recalled nothing stays in memory.
func TestForget(t *testing.T) {
	s := newShow(t, thumbs.Options{})
	s.d.put(t, "a", photo(t, 264, 198, red))
	p := of("a")
	s.want("here", p, 100, 80, thumbs.Here)
	s.want("larger", p, 200, 160, thumbs.Here)
	s.l.Forget(p)
	if n := s.l.Bytes(); n != 0 {
		t.Errorf("%d bytes are left", n)
	}
}

// What needs isolation is decoded there, if it can be.
func TestIsolated(t *testing.T) {
	avif, err := os.ReadFile(filepath.Join("..", "..", "media", "sandbox", "testdata", "i.avif"))
	if err != nil {
		t.Fatal(err)
	}
	fails := false
	s := newShow(t, thumbs.Options{Picture: func(_ context.Context, _ media.Content, maxSide int) (image.Image, error) {
		if fails {
			return nil, fmt.Errorf("of another kind")
		}
		return jpeg.Decode(bytes.NewReader(photo(t, maxSide, maxSide/2, blue)))
	}})
	s.d.put(t, "a", avif)
	got := s.want("decoded elsewhere", of("a"), 100, 80, thumbs.Here)
	if !isColour(got.Image, blue) || got.Image.Bounds().Dx() != 100 || got.Image.Bounds().Dy() != 80 {
		t.Errorf("%+v", got)
	}
	fails = true
	s.d.put(t, "b", avif)
	s.want("not decoded at all", of("b"), 100, 80, thumbs.None)
}
