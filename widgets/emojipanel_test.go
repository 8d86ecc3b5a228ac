package widgets

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"magpie/widgets/theme"
)

var sticker = fyne.NewStaticResource("sticker.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100" viewBox="0 0 100 100"><circle cx="50" cy="50" r="46" fill="#14202B"/><circle cx="36" cy="42" r="7" fill="#fff"/><path d="M58 50 L90 58 L58 66 Z" fill="#F0A030"/></svg>`))

var panelRecent = strings.Fields("😀 😁 😂 🙂 😉 😍 😘 😜 😎 🤔 😴 😭 😡 👍 👎 👏 🙏 💪 🎉 ❤️ 🌧️ 🌹 ☕ 🍻 🐦")

// emojiPanel is the panel of the ninth picture, with n emoji in two groups.
func emojiPanel(n int) *EmojiPanel {
	p := NewEmojiPanel(EmojiWords{Search: "Search emoji · 搜索表情", Recent: "Recent", NoMatch: "Nothing of that name.", Dice: "Dice", Roll: "Roll the die"})
	all := make([]Emoji, n)
	for i := range all {
		all[i] = Emoji{Sequence: string(rune(0x1f600 + i%64)), Name: fmt.Sprint("emoji ", i)}
	}
	p.SetEmoji([]EmojiGroup{{"Smileys", all[:n/2]}, {"Animals", all[n/2:]}}, func(query string) []Emoji {
		if query == "grin" || query == "笑" {
			return all[:3]
		}
		return nil
	})
	recent := make([]Emoji, len(panelRecent))
	for i, s := range panelRecent {
		recent[i] = Emoji{s, "recent " + s}
	}
	p.SetRecent(recent)
	set := StickerTab{Label: "Magpie"}
	for i := range 14 {
		set.Stickers = append(set.Stickers, StickerCell{Index: 1, Data: fmt.Sprint(i), Name: fmt.Sprint("sticker ", i), Picture: sticker})
	}
	p.SetStickers([]StickerTab{set, {Label: "鹊鹊"}})
	p.SetDie(sticker)
	return p
}

// heardPanel shows a panel and collects what it says.
func heardPanel(t *testing.T, n int) (*EmojiPanel, *[]string) {
	t.Helper()
	withTheme(t)
	p := emojiPanel(n)
	var log []string
	p.OnEmoji = func(s string) { log = append(log, s) }
	p.OnSticker = func(i int, data string) { log = append(log, fmt.Sprint("sticker ", i, " ", data)) }
	p.OnDice = func() { log = append(log, "dice") }
	p.OnClose = func() { log = append(log, "close") }
	window(t, theme.Light, p, panelWidth, panelHeight)
	p.Focus()
	return p, &log
}

func (p *EmojiPanel) press(keys ...fyne.KeyName) {
	for _, k := range keys {
		p.entry.TypedKey(&fyne.KeyEvent{Name: k})
	}
}

func TestLookEmojiPanel(t *testing.T) {
	both(t, func(t *testing.T, mode theme.Mode, suffix string) {
		p := emojiPanel(60)
		ground := box(0)
		ground.FillColor = theme.Color(theme.Canvas)
		w := window(t, mode, container.NewStack(ground, container.NewCenter(p)), panelWidth+20, panelHeight+20)
		p.Focus()
		p.press(fyne.KeyDown, fyne.KeyRight)
		golden(t, w, "emoji-panel"+suffix)
		test.Tap(p.tabs[1])
		golden(t, w, "sticker-panel"+suffix)
	})
}

func TestLookEmojiPanelScaled(t *testing.T) {
	withTheme(t)
	p := emojiPanel(60)
	w := window(t, theme.Light, p, panelWidth, panelHeight)
	w.Canvas().(interface{ SetScale(float32) }).SetScale(2)
	w.Resize(fyne.NewSize(panelWidth, panelHeight))
	golden(t, w, "emoji-panel-scaled")
}

func TestEmojiAreChosen(t *testing.T) {
	p, log := heardPanel(t, 60)
	want := func(what string, w ...string) {
		t.Helper()
		if !slices.Equal(*log, w) {
			t.Errorf("%s: heard %q, want %q", what, *log, w)
		}
		*log = nil
	}
	p.press(fyne.KeyReturn)
	want("Enter before anything is chosen")
	p.press(fyne.KeyDown, fyne.KeyReturn, fyne.KeyRight, fyne.KeyReturn, fyne.KeyDown, fyne.KeyReturn)
	want("arrows", "😀", "😁", "😴")
	if p.name.full != "recent 😴" {
		t.Errorf("its name is %q", p.name.full)
	}
	p.press(fyne.KeyUp, fyne.KeyUp, fyne.KeyReturn)
	want("out of the grid again")
	// Over the end of a section whose last row is short, into the next one.
	p.press(fyne.KeyDown)
	for range 8 {
		p.press(fyne.KeyRight)
	}
	p.press(fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn, fyne.KeyDown, fyne.KeyReturn)
	want("short rows", "🐦", "\U0001f606")
	p.grid.Tapped(&fyne.PointEvent{Position: fyne.NewPos(2*emojiCell+4, gridHeading+5)})
	p.grid.Tapped(&fyne.PointEvent{Position: fyne.NewPos(2, 5)}) // a heading
	want("clicks", "😂")
	p.grid.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(5, gridHeading+5)}})
	if p.name.full != "recent 😀" || p.grid.Cursor() != desktop.PointerCursor {
		t.Errorf("under the pointer is %q", p.name.full)
	}
	test.Tap(p.tabs[1])
	p.press(fyne.KeyDown, fyne.KeyRight, fyne.KeyReturn)
	want("stickers", "sticker 1 1")
	test.Tap(p.tabs[2]) // without any
	p.press(fyne.KeyDown, fyne.KeyReturn)
	want("an empty set")
	test.Tap(p.tabs[3])
	p.press(fyne.KeyDown, fyne.KeyReturn)
	want("the die", "dice")
	p.press(fyne.KeyEscape)
	want("Esc", "close")
}

// Everything is reached by the keyboard alone: Tab goes to the tabs, and from the
// one that is chosen the arrows lead into its page. What a click took away of the
// keyboard comes back.
func TestPanelByTheKeyboard(t *testing.T) {
	p, log := heardPanel(t, 60)
	c := canvasOf(p)
	press := func(keys ...fyne.KeyName) {
		for _, k := range keys {
			c.Focused().TypedKey(&fyne.KeyEvent{Name: k})
		}
	}
	for range 2 { // the tab of the emoji, that of the first stickers
		c.FocusNext()
	}
	if tab, ok := c.Focused().(*tabButton); !ok || tab != p.tabs[1] || !tab.focused {
		t.Fatalf("%T has the keyboard", c.Focused())
	}
	press(fyne.KeySpace, fyne.KeyDown, fyne.KeyRight, fyne.KeyRight, fyne.KeyReturn)
	for range 4 {
		c.FocusNext()
	}
	press(fyne.KeyReturn, fyne.KeyDown, fyne.KeyReturn)
	for range 4 { // back through the tabs
		c.FocusPrevious()
	}
	press(fyne.KeySpace)
	for _, r := range "grin" {
		c.Focused().TypedRune(r)
	}
	press(fyne.KeyReturn)
	c.Unfocus()
	p.grid.Tapped(&fyne.PointEvent{Position: fyne.NewPos(5, 5)})
	press(fyne.KeyEscape)
	if want := []string{"sticker 1 2", "dice", "\U0001f600", "\U0001f600", "close"}; !slices.Equal(*log, want) {
		t.Errorf("heard %q, want %q", *log, want)
	}
}

func TestEmojiAreFound(t *testing.T) {
	p, log := heardPanel(t, 60)
	test.Tap(p.tabs[1])
	p.Focus()
	for _, r := range "笑" {
		p.entry.TypedRune(r)
	}
	if p.tab != 0 || len(p.grid.page.cells) != 3 {
		t.Fatalf("on tab %d are %d", p.tab, len(p.grid.page.cells))
	}
	p.press(fyne.KeyReturn)
	if want := []string{"\U0001f600"}; !slices.Equal(*log, want) {
		t.Errorf("heard %q", *log)
	}
	p.entry.TypedRune('x')
	if len(p.grid.page.cells) != 0 || p.none.Hidden {
		t.Error("nothing is found and nothing said")
	}
	p.press(fyne.KeyDown, fyne.KeyReturn, fyne.KeyUp)
	p.Reset()
	if len(p.grid.page.cells) != 60+len(panelRecent) || !p.none.Hidden {
		t.Error("not as at first")
	}
}

// The panel costs what is in sight: of all emoji there are, one image for each
// cell on the screen.
func TestOnlyCellsInSightExist(t *testing.T) {
	p, _ := heardPanel(t, 1900)
	made := func() int { return len(p.grid.images) + len(p.grid.spare) }
	if n := made(); n == 0 || n > 90 {
		t.Fatalf("%d images at first", n)
	}
	p.scroll.ScrollToBottom()
	p.grid.update()
	for range 400 {
		p.scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 37)})
	}
	if n := made(); n > 90 {
		t.Errorf("%d images after scrolling", n)
	}
	p.press(fyne.KeyDown)
	for range 1930 {
		p.press(fyne.KeyRight)
	}
	if o := p.grid.images[1900+len(panelRecent)-1]; o == nil {
		t.Error("the last one is not in sight")
	}
}

// BenchmarkEmojiPanelScroll scrolls through 1,900 emoji, a row a step; drawing is
// not in it.
func BenchmarkEmojiPanelScroll(b *testing.B) {
	test.NewTempApp(b).Settings().SetTheme(theme.New(theme.Light))
	p := emojiPanel(1900)
	w := newWindow(b, p)
	w.Resize(fyne.NewSize(panelWidth, panelHeight))
	dy := -emojiCell
	step := func() {
		before := p.scroll.Offset.Y
		p.scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, dy)})
		if p.scroll.Offset.Y == before {
			dy = -dy
		}
	}
	for range 500 {
		step()
	}
	for b.Loop() {
		step()
	}
	us := float64(b.Elapsed().Nanoseconds()) / float64(b.N) / 1000
	b.ReportMetric(us, "us/step")
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "widgets/emoji_panel_step", us, "us", "<= 500")
}
