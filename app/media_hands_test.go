package app

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"fyne.io/fyne/v2"
	fynecanvas "fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"magpie/app/core"
	"magpie/app/outgoing"
	"magpie/im"
	"magpie/internal/seal"
	"magpie/widgets/canvas"
)

// What the tests of pictures, videos and files do with eyes and hands.

// photo is a JPEG of one colour.
func photo(t testing.TB, w, h int, c color.RGBA) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := 0; i < len(img.Pix); i += 4 {
		copy(img.Pix[i:], []byte{c.R, c.G, c.B, 255})
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var (
	red   = color.RGBA{220, 20, 30, 255}
	green = color.RGBA{20, 200, 40, 255}
	blue  = color.RGBA{30, 40, 220, 255}
)

// outside is what the program asks of the system.
type outside struct {
	mu     sync.Mutex
	opened []string // paths, and those of folders
	// saveTo is where things are saved, "" for cancelled; asked is the name that was
	// offered last.
	saveTo string
	asked  string
}

func (o *outside) options(opt *Options) {
	opt.OpenURL = func(u *url.URL) error {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.opened = append(o.opened, u.Path)
		return nil
	}
	opt.SaveTo = func(name string, then func(string)) {
		o.mu.Lock()
		to := o.saveTo
		o.asked = name
		o.mu.Unlock()
		if to != "" {
			then(to)
		}
	}
}

func (o *outside) all() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]string(nil), o.opened...)
}

// watching starts the program with an outside, as wren, and signs in ada, whose
// conversation is open.
func watching(t *testing.T) (*person, *outside, *core.Client) {
	t.Helper()
	noLeaks(t)
	o := &outside{}
	u := beginWith(t, t.TempDir(), o.options)
	u.start()
	ada := u.guest("ada", "Ada")
	u.say(ada, im.ConvC2C, "wren", "hello")
	u.until("the conversation is in the list", func() bool { return u.a.main.index("C2Cada") >= 0 })
	u.do(func() { u.a.main.openChat("C2Cada") })
	u.sees("hello")
	return u, o, ada
}

// send lets a guest send a file as a kind, and waits until the server has it.
func (u *person) send(c *core.Client, to string, name string, content []byte, as outgoing.Kind) im.Message {
	u.t.Helper()
	p, err := outgoing.PrepareContent(u.t.Context(), c, nil, bytes.NewReader(content), name, as)
	u.ok(err)
	return u.sendPayload(c, to, p.Payload)
}

func (u *person) sendPayload(c *core.Client, to string, p im.Payload) im.Message {
	u.t.Helper()
	m, err := c.SendMessage(u.t.Context(), c.CreateMessage(im.ConvC2C, to, p), im.SendOptions{})
	u.ok(err)
	m, err = c.WaitSent(u.t.Context(), m.ID)
	u.ok(err)
	return m
}

// images are the pictures on the screen: what lies on top alone, if anything does.
func (u *person) images() (found []*fynecanvas.Image) {
	c := u.a.window.Canvas()
	root := c.Content()
	if top := c.Overlays().Top(); top != nil {
		root = top
	}
	eachObject(root, func(o fyne.CanvasObject) {
		i, ok := o.(*fynecanvas.Image)
		if !ok || i.Image == nil || i.Resource != nil {
			return
		}
		at, size := fyne.CurrentApp().Driver().AbsolutePositionForObject(i), c.Size()
		if mid := at.AddXY(i.Size().Width/2, i.Size().Height/2); mid.X > 0 && mid.Y > 0 && mid.X < size.Width && mid.Y < size.Height {
			found = append(found, i)
		}
	})
	return found
}

func eachObject(o fyne.CanvasObject, visit func(fyne.CanvasObject)) {
	if o == nil || !o.Visible() {
		return
	}
	visit(o)
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			eachObject(child, visit)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			eachObject(child, visit)
		}
	}
}

// pictureOf returns a picture of a colour on the screen that is at least so wide,
// in pixels of its own.
func (u *person) pictureOf(c color.RGBA, pixels int) *fynecanvas.Image {
	for _, i := range u.images() {
		if i.Image.Bounds().Dx() >= pixels && isColour(i.Image, c) {
			return i
		}
	}
	return nil
}

func isColour(img image.Image, want color.RGBA) bool {
	b := img.Bounds()
	r, g, bl, _ := img.At(b.Min.X+b.Dx()/2, b.Min.Y+b.Dy()/2).RGBA()
	far := func(a uint32, b uint8) bool { v := uint8(a >> 8); return max(v, b)-min(v, b) > 30 }
	return !far(r, want.R) && !far(g, want.G) && !far(bl, want.B)
}

// seesPicture waits for one.
func (u *person) seesPicture(what string, c color.RGBA, pixels int) {
	u.t.Helper()
	u.until(what, func() bool { return u.pictureOf(c, pixels) != nil })
}

// tapPicture clicks on one.
func (u *person) tapPicture(c color.RGBA) {
	u.t.Helper()
	u.seesPicture("a picture to click on", c, 1)
	u.do(func() {
		i := u.pictureOf(c, 1)
		if i == nil {
			u.t.Error("the picture is gone")
			return
		}
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(i)
		u.click(at.AddXY(i.Size().Width/2, i.Size().Height/2))
	})
}

// click presses and lets go the left button of the mouse, as the canvas wants it.
func (u *person) click(at fyne.Position) { test.TapCanvas(u.a.window.Canvas(), at) }

// choose opens the menu of a message and takes an item of it.
func (u *person) choose(id im.MessageID, item string) {
	u.t.Helper()
	u.do(func() { u.a.main.chat.menu(canvas.Key(id), fyne.NewPos(500, 300), "") })
	u.tap(item)
}

// copies are the files in the folder for other programs.
func copies(t *testing.T, s *session) (paths []string) {
	t.Helper()
	err := filepath.Walk(string(s.opened), func(path string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			paths = append(paths, path)
		}
		if os.IsNotExist(err) {
			return nil
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// offline takes the server away, online brings it back.
func (u *person) offline() {
	u.t.Helper()
	var s *session
	u.do(func() { s = u.a.session })
	u.ok(s.host.Leave())
	u.until("offline", func() bool { return !u.a.main.connected() })
}

func (u *person) online() {
	u.t.Helper()
	u.do(func() {
		u.a.session.host.Return()
		go u.a.session.client.RetryNow()
	})
	u.until("online", func() bool { return u.a.main.connected() })
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// film is a real one.
func film(t *testing.T) []byte {
	return readFile(t, filepath.Join("..", "media", "sandbox", "testdata", "f_h264.mp4"))
}

// inDetail waits until the line below the name in the viewer says something.
func (u *person) inDetail(words ...string) {
	u.t.Helper()
	for _, w := range words {
		u.until("the viewer says "+w, func() bool {
			t, ok := u.find(w)
			return ok && strings.Contains(t.text, w)
		})
	}
}

// content is that of an address on this disk.
func (u *person) content(s *session, address string) []byte {
	u.t.Helper()
	f, err := s.client.OpenFile(address)
	u.ok(err)
	b, err := io.ReadAll(f)
	u.ok(errors.Join(err, f.Close()))
	return b
}

// lose takes the content of an address from the disk, by its size: where it is only
// the core knows.
func (u *person) lose(s *session, address string) {
	u.t.Helper()
	f, err := s.client.OpenFile(address)
	u.ok(err)
	size := f.Size()
	u.ok(f.Close())
	dir := strings.TrimSuffix(s.store.Path(), filepath.Ext(s.store.Path())) + ".files"
	u.ok(filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() && (info.Size() == size || info.Size() == seal.SealedSize(size)) {
			return os.Remove(path)
		}
		return err
	}))
	if s.client.HasFile(address) {
		u.t.Fatal("it is still here")
	}
}
