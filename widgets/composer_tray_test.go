package widgets

import (
	"fmt"
	"image"
	"image/color"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"magpie/widgets/theme"
)

// beach and dusk are pictures like those of the design.
func beach() image.Image {
	img := image.NewRGBA(image.Rect(0, 0, 152, 116))
	for y := range 116 {
		for x := range 152 {
			c := color.RGBA{0x7c + uint8(y/2), 0xc5, 0xd9, 255}
			if y > 70-x/5 {
				c = color.RGBA{0xe7 - uint8(y/3), 0xc9 - uint8(y/3), 0x8f - uint8(y/3), 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

func dusk() image.Image {
	img := image.NewRGBA(image.Rect(0, 0, 200, 100)) // another shape: it is cut
	for y := range 100 {
		for x := range 200 {
			img.SetRGBA(x, y, color.RGBA{0x22 + uint8(x/2), 0x36 + uint8(y/3), 0x4a, 255})
		}
	}
	return img
}

func trayOf() []TrayItem {
	return []TrayItem{
		{ID: "1", Picture: beach()}, {ID: "2", Picture: dusk()}, {ID: "3", Tag: "PDF"}, {ID: "4", Working: true}, {ID: "5"},
	}
}

func TestLookTray(t *testing.T) {
	states := []struct {
		items []TrayItem
		words string
		text  string
	}{
		{trayOf()[:3], "3 items · 16.4 MB\n1 larger than 100 MB was left out", "can you also export it at 2×?"},
		{trayOf(), "5 items · 16.4 MB", ""},
		{[]TrayItem{
			{ID: "1", Problem: "The file is empty. Choose one that has something in it.", Name: "a name that has no room in its tile at all.txt"},
			{ID: "2", Problem: strings.Repeat("文件不存在或无法读取，请重新选择。", 4), Name: "设计 👨‍👩‍👧.key"},
			{ID: "3", Tag: "ZIP"},
		}, "1 item · 3 KB", ""},
		{append(append(trayOf(), trayOf()...), trayOf()...), "15 items · 16.4 MB\n3 larger than 100 MB were left out", ""},
		{nil, "1 larger than 100 MB was left out", "only words"},
	}
	both(t, func(t *testing.T, mode theme.Mode, suffix string) {
		for _, width := range []float32{816, 360} {
			rows := container.New(&column{})
			for _, s := range states {
				c := NewComposer("Send")
				c.SetPlaceholder("Message 设计小组 Design")
				c.SetLeft(NewIconButton("paperclip", "File", nil), NewIconButton("image", "Picture", nil))
				c.SetText(s.text)
				c.SetTray(s.items, s.words)
				c.Resize(fyne.NewSize(width, c.MinSize().Height))
				rows.Add(c)
			}
			golden(t, window(t, mode, rows, width, 720), fmt.Sprintf("tray-%g%s", width, suffix))
		}
	})
}

// tile is the one at an index of the tray.
func (c *typed) tile(i int) *trayTile { return c.tray.tiles[i] }

func TestTrayTakesRoom(t *testing.T) {
	c := newTyped(t)
	plain := c.MinSize().Height
	c.SetTray(nil, "")
	if c.tray != nil || c.MinSize().Height != plain {
		t.Error("a tray of nothing")
	}
	c.SetTray(trayOf(), "5 items")
	if h := c.MinSize().Height; h != plain+trayHeight {
		t.Errorf("%g high, want %g", h, plain+trayHeight)
	}
	c.SetNote("a note too")
	if h := c.MinSize().Height; h <= plain+trayHeight {
		t.Errorf("%g high with a note", h)
	}
	c.SetNote("")
	c.SetTray(nil, "")
	if h := c.MinSize().Height; h != plain || c.tray.Visible() {
		t.Errorf("%g high without a tray, want %g", h, plain)
	}
}

func TestTrayCrossTakesOut(t *testing.T) {
	c := newTyped(t)
	var gone []string
	c.OnTrayRemove = func(id string) { gone = append(gone, id) }
	c.SetTray(trayOf(), "")
	test.Tap(c.tile(1).cross)
	c.tile(3).cross.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	if got := strings.Join(gone, " "); got != "2 4" {
		t.Errorf("gone are %q", got)
	}
	// What was taken out leaves its place to the next, which is then taken out.
	c.SetTray(trayOf()[2:], "")
	test.Tap(c.tile(0).cross)
	if gone[len(gone)-1] != "3" {
		t.Errorf("gone is %q", gone[len(gone)-1])
	}
}

// With something in the tray there is something to send without a word.
func TestTraySendsWithoutText(t *testing.T) {
	c := newTyped(t)
	c.press(fyne.KeyReturn)
	c.want(t, "")
	c.SetTray([]TrayItem{{ID: "1", Problem: "empty"}}, "")
	c.press(fyne.KeyReturn)
	if len(c.sent) > 0 {
		t.Errorf("sent %q: nothing of that can be sent", c.sent)
	}
	c.SetTray(trayOf()[:1], "")
	c.press(fyne.KeyReturn)
	if len(c.sent) != 1 || c.sent[0] != "" {
		t.Errorf("sent %q, want an empty text", c.sent)
	}
	c.typeText(" with words ")
	c.press(fyne.KeyReturn)
	if len(c.sent) != 2 || c.sent[1] != "with words" {
		t.Errorf("sent %q", c.sent)
	}
}

// What is not ready stays in the composer, and goes when it is.
func TestHold(t *testing.T) {
	c := newTyped(t)
	held := true
	asked := 0
	c.Hold = func() bool { asked++; return held }
	c.typeText("later")
	c.SetTray(trayOf(), "")
	c.press(fyne.KeyReturn)
	c.want(t, "later")
	held = false
	c.press(fyne.KeyReturn)
	c.want(t, "", "later")
	if asked != 2 {
		t.Errorf("asked %d times", asked)
	}
}

// The wheels turn as long as something is being made ready.
func TestTrayWheels(t *testing.T) {
	c := newTyped(t)
	c.SetTray(trayOf(), "")
	if c.tray.turning == nil || !c.tile(3).turns() || c.tile(0).turns() {
		t.Error("no wheel turns, or the wrong one")
	}
	from := c.tile(3).wheel.StartAngle
	c.tray.turning.Tick(0.5)
	if c.tile(3).wheel.StartAngle == from {
		t.Error("it stands still")
	}
	c.SetTray(trayOf()[:3], "")
	if c.tray.turning != nil {
		t.Error("they turn for nothing")
	}
}

// A hundred files have room, and what was added last is in sight.
func TestTrayScrolls(t *testing.T) {
	c := newTyped(t)
	var items []TrayItem
	for i := range 100 {
		items = append(items, TrayItem{ID: fmt.Sprint(i), Tag: "TXT"})
	}
	c.SetTray(items[:2], "2 items")
	if c.tray.scroll.Size().Width < c.tray.row.MinSize().Width {
		t.Error("two have no room")
	}
	c.SetTray(items, "100 items")
	view, all := c.tray.scroll.Size().Width, c.tray.row.MinSize().Width
	if view > 480 || all < 100*traySide || c.tray.scroll.Offset.X != all-view {
		t.Errorf("%g of %g are in sight, from %g on", view, all, c.tray.scroll.Offset.X)
	}
	c.tray.scroll.ScrollToOffset(fyne.NewPos(120, 0))
	c.SetTray(items[1:], "99 items")
	if c.tray.scroll.Offset.X != 120 {
		t.Errorf("taking one out went to %g", c.tray.scroll.Offset.X)
	}
}

// What the app takes of a paste is not text; what it gives back is.
func TestPasteIsOffered(t *testing.T) {
	c := newTyped(t)
	clip := test.NewClipboard()
	clip.SetContent("words")
	takes := true
	c.OnPaste = func(from fyne.Clipboard) bool {
		if from.Content() != "words" {
			t.Error("another clipboard")
		}
		return takes
	}
	paste := &fyne.ShortcutPaste{Clipboard: clip}
	c.area.TypedShortcut(paste)
	c.want(t, "")
	c.Paste(clip)
	c.want(t, "words")
	takes = false
	c.area.TypedShortcut(paste)
	c.want(t, "wordswords")
}

// A tray of two hundred changes with each file that is ready; that must not be felt.
func BenchmarkTray(b *testing.B) {
	test.NewTempApp(b).Settings().SetTheme(theme.New(theme.Light))
	c := NewComposer("Send")
	w := test.NewTempWindow(b, c)
	w.Resize(fyne.NewSize(816, 200))
	var items []TrayItem
	for i := range 200 {
		items = append(items, TrayItem{ID: fmt.Sprint(i), Name: "a file.txt", Working: true})
	}
	c.SetTray(items, "200 items")
	picture := beach()
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		it := &items[i%len(items)]
		it.Working, it.Picture = !it.Working, picture
		c.SetTray(items, "200 items")
		i++
	}
}
