package app

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// clip is a clipboard of the test.
type clip struct {
	files   []string
	picture []byte
	err     error
	wrote   []byte
}

func (c *clip) Read(context.Context) ([]string, []byte, error) { return c.files, c.picture, c.err }
func (c *clip) WritePicture(_ context.Context, png []byte) error {
	c.wrote = png
	return c.err
}
func (*clip) Close() {}

// pastes presses Ctrl+V with a text in the clipboard of Fyne.
func (u *person) pastes(text string) {
	u.do(func() {
		from := test.NewClipboard()
		from.SetContent(text)
		u.a.window.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutPaste{Clipboard: from})
	})
}

func TestPaste(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.opens(echo)
	field := func() (s string) { u.do(func() { s = u.a.main.composer.Text() }); return s }
	u.pastes("without a clipboard ")
	c := &clip{}
	u.do(func() { u.a.options.Clipboard = c })
	path := u.file("copied.txt", []byte("copied"))

	u.do(func() { c.picture = beach(t) })
	u.pastes("words first ") // what has words too was copied for them
	if got := field(); got != "without a clipboard words first " {
		t.Errorf("the field has %q", got)
	}
	u.pastes("")
	u.until("the picture is in the tray", func() bool { return len(u.a.session.trays.get(echo).items) == 1 })
	u.do(func() { c.files = []string{path} })
	u.pastes(path)
	u.until("the file is in the tray", func() bool { return len(u.a.session.trays.get(echo).items) == 2 })
	u.do(func() { c.files, c.picture = nil, nil })
	u.pastes("/no/copied/file")
	u.until("a path is a text", func() bool { return strings.HasSuffix(u.a.main.composer.Text(), "/no/copied/file") })
	u.do(func() { c.err = errors.New("no answer") })
	u.pastes("")
	u.sees("The clipboard did not answer.")
	if got, want := u.tray(echo), []string{"picture.png seen", "copied.txt"}; !slices.Equal(got, want) {
		t.Errorf("the tray has %q, want %q", got, want)
	}
	u.do(func() { u.a.main.composer.SetText("") })
	u.key(fyne.KeyReturn)
	u.wantKinds(u.delivered(echo, 2), "image in 3 sizes", "file copied.txt")
	u.end()
}

func TestCopyPicture(t *testing.T) {
	u := begin(t, t.TempDir())
	u.start()
	if err := u.a.copyPicture([]byte("png")); !errors.Is(err, errNoClipboard) {
		t.Error(err)
	}
	c := &clip{}
	u.do(func() { u.a.options.Clipboard = c })
	if err := u.a.copyPicture([]byte("png")); err != nil || string(c.wrote) != "png" {
		t.Errorf("wrote %q, %v", c.wrote, err)
	}
	u.end()
}

func TestNamesFiles(t *testing.T) {
	for text, want := range map[string]bool{
		"/home/ann/a.txt": true, "file:///a\nfile:///b\r\n": true, "/a\nand a remark": false, "words": false, "https://example.org/a": false, "": true,
	} {
		if got := namesFiles(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
