package canvas

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"magpie/widgets/theme"
)

// hands are a keyboard on a canvas.
type hands struct {
	t *testing.T
	c *Canvas
	w fyne.Window
}

func withKeys(t *testing.T, mode theme.Mode, w, h float32, o Options, items []Item) *hands {
	t.Helper()
	c, win := show(t, mode, w, h, o)
	openItems(c, items, 0, 0)
	win.Canvas().Focus(c)
	return &hands{t, c, win}
}

func (h *hands) press(keys ...fyne.KeyName) {
	for _, k := range keys {
		h.c.TypedKey(&fyne.KeyEvent{Name: k})
	}
}

// at fails unless the ring is around a message, and on the screen.
func (h *hands) at(k Key) {
	h.t.Helper()
	var found []Key
	for _, r := range h.c.shown {
		if r.usedFrames > 0 {
			found = append(found, r.entry.Key)
			a := r.layout.said()
			if y := r.y + a.y; y > h.c.Size().Height-theme.LineHeight || y+a.h < theme.LineHeight {
				h.t.Errorf("the ring of %s is at %g to %g of %g", r.entry.Key, y, y+a.h, h.c.Size().Height)
			}
		}
	}
	if len(found) != 1 || found[0] != k {
		h.t.Errorf("the ring is around %q, want %s", found, k)
	}
}

func TestArrowsGoFromMessageToMessage(t *testing.T) {
	items := talk(300)
	h := withKeys(t, theme.Light, 640, 480, Options{}, items)
	h.at("m300")
	h.press(fyne.KeyUp)
	h.at("m299")
	for n := 298; n > 0; n-- {
		h.press(fyne.KeyUp)
		h.at(items[n-1].Key)
		e := h.c.focused()
		if y := e.row.y; y < 0 || y+e.layout.height > 480 {
			t.Fatalf("%s is at %g to %g of 480", e.Key, y, y+e.layout.height)
		}
	}
	h.press(fyne.KeyUp, fyne.KeyUp)
	h.at("m1")
	for n := 2; n <= 300; n++ {
		h.press(fyne.KeyDown)
		h.at(items[n-1].Key)
	}
	if !h.c.AtNewest() {
		t.Error("whoever has come to the newest message is not at it")
	}
	// A new message is followed, as ever; the ring stays with its own.
	h.c.Apply(Changes{Put: []Item{said(301, "Lin", "And one more.", start0.Add(700*time.Minute))}})
	h.at("m300")
	h.press(fyne.KeyDown)
	h.at("m301")
}

// The keys that scroll take the ring along, and so does the wheel.
func TestRingStaysOnTheScreen(t *testing.T) {
	h := withKeys(t, theme.Light, 640, 480, Options{}, talk(300))
	h.press(fyne.KeyHome)
	h.at("m1")
	h.press(fyne.KeyEnd)
	h.at("m300")
	h.press(fyne.KeyPageUp)
	_, last, _ := h.c.OnScreen()
	if e := h.c.focused(); e.Sequence+1 < last.Sequence || e.Sequence > last.Sequence {
		t.Errorf("a page up leaves the ring at %d, the lowest is %d", e.Sequence, last.Sequence)
	}
	h.c.scrollBy(-3000)
	h.c.scrollBy(9000)
	if e := h.c.focused(); e == nil || e.row == nil {
		t.Error("scrolling left the ring behind")
	}
	h.c.JumpToHit(40)
	h.at("m40")
	h.c.Apply(Changes{Remove: []Key{"m40"}})
	h.at("m41")
}

// A message that is taller than the screen is read before the next one.
func TestTallMessageIsScrolledThrough(t *testing.T) {
	items := talk(3)
	for range 200 {
		items[1].Text += "\nanother line"
	}
	h := withKeys(t, theme.Light, 640, 480, Options{}, items)
	h.press(fyne.KeyUp)
	h.at("m2")
	steps := 0
	for ; h.c.focused().Key == "m2" && steps < 100; steps++ {
		h.press(fyne.KeyUp)
	}
	if h.at("m1"); steps < 8 || steps > 12 {
		t.Errorf("%d steps through 200 lines", steps)
	}
}

func TestEnterDoesWhatAClickDoes(t *testing.T) {
	var h heard
	in := h.intents()
	said3 := func(k string) func(Key) { return func(key Key) { h.log = append(h.log, k+" "+string(key)) } }
	in.OnQuote, in.OnPlay, in.OnOpen = said3("quote"), said3("play"), said3("open")
	in.OnLink = func(u string) { h.log = append(h.log, "link "+u) }
	in.OnButton = func(k Key, id string) { h.log = append(h.log, "button "+string(k)+" "+id) }
	at := start0.Add(time.Hour)
	link := said(11, "Lin", "See https://example.org/a and https://example.org/b then", at)
	answer := said(12, "Lin", "Yes, https://example.org/c", at)
	answer.Quote = &Quote{Sequence: 11, Name: "Lin", Text: "See"}
	tip := Item{Key: "tip", Sequence: 17, Kind: KindNotice, Text: "小林 joined the group", Time: at}
	recalled := Item{Key: "r", Sequence: 18, Kind: KindNotice, Text: "You recalled a message", Action: "Edit again", Time: at}
	failed := Item{Key: "p", Order: 1, Own: true, Text: "Not sent: https://example.org/d", State: StateFailed, Time: at}
	hole := Item{Key: "h", Kind: KindHole, Sequence: 19, Until: 30, Reason: "broken"}
	items := append(cards()[:1:1], link, answer,
		media(13, "Lin", KindVoice, 60, Media{Duration: time.Minute}), media(14, "Lin", KindImage, 60, Media{Width: 300, Height: 200}),
		media(15, "Lin", KindFile, 60, Media{Name: "a.pdf", Size: 5}), said(16, "Lin", "nothing to do here", at), tip, recalled, hole, failed)
	k := withKeys(t, theme.Light, 640, 900, Options{Intents: in}, items)
	h.log = nil
	for _, step := range []struct {
		key  fyne.KeyName
		want []string
	}{
		{"", []string{"resend p"}},
		{fyne.KeyLeft, []string{"link https://example.org/d"}},
		{fyne.KeyUp, []string{"retry h"}},
		{fyne.KeyUp, []string{"action r"}},
		{fyne.KeyUp, nil},
		{fyne.KeyUp, nil},
		{fyne.KeyUp, []string{"open m15"}},
		{fyne.KeyUp, []string{"open m14"}},
		{fyne.KeyUp, []string{"play m13"}},
		{fyne.KeyUp, []string{"quote m12"}},
		{fyne.KeyRight, []string{"link https://example.org/c"}},
		{fyne.KeyUp, []string{"link https://example.org/a"}},
		{fyne.KeyRight, []string{"link https://example.org/b"}},
		{fyne.KeyRight, []string{"link https://example.org/b"}},
		{fyne.KeyUp, []string{"button c1 accept"}},
		{fyne.KeyLeft, []string{"button c1 refuse"}},
	} {
		for _, enter := range []fyne.KeyName{fyne.KeyReturn, fyne.KeySpace} {
			if enter == fyne.KeyReturn && step.key != "" {
				k.press(step.key)
			}
			h.log = nil
			k.press(enter)
			h.expect(t, step.want...)
		}
	}
	k.c.TypedRune(' ') // that comes with the key is not written
	h.expect(t)
	k.c.TypedRune('x')
	h.expect(t, "typed x")
}

func TestMenuAndCopyByKeyboard(t *testing.T) {
	var h heard
	in := h.intents()
	in.OnLeave = func() { h.log = append(h.log, "leave") }
	in.OnKey = func(*fyne.KeyEvent) { h.log = append(h.log, "key") }
	k := withKeys(t, theme.Light, 640, 480, Options{Intents: in}, append(chat()[:6:6], Item{Key: "n", Sequence: 7, Kind: KindNotice, Text: "小林 joined", Time: start0.Add(time.Hour)}))
	k.press(desktop.KeyMenu)
	k.c.TypedShortcut(&fyne.ShortcutCopy{})
	h.expect(t, `menu n ""`, "copy 小林 joined")
	k.press(fyne.KeyUp, desktop.KeyMenu)
	k.c.TypedShortcut(&fyne.ShortcutCopy{})
	h.expect(t, `menu m6 ""`, "copy "+chat()[5].Text)
	k.press(fyne.KeyEscape)
	h.expect(t, "leave")
	// Who only clicked has no ring; Esc closes what it did before.
	k.w.Canvas().Unfocus()
	r := rowOf(t, k.c, "m4")
	tap(k.c, r, 3, r.layout.height-2)
	k.press(fyne.KeyEscape)
	h.expect(t, "key")
	for _, r := range k.c.shown {
		if r.usedFrames > 0 {
			t.Errorf("a click shows the ring at %s", r.entry.Key)
		}
	}
	k.press(fyne.KeyUp)
	k.at("m4")
	k.w.Canvas().Unfocus()
	if k.c.focused() != nil || r.usedFrames > 0 {
		t.Error("the ring stays when the keyboard goes elsewhere")
	}
}

// While messages are chosen, the keys choose.
func TestChoosingByKeyboard(t *testing.T) {
	k := withKeys(t, theme.Light, 640, 480, Options{}, chat())
	k.c.SetChoosing(true, "")
	k.press(fyne.KeySpace, fyne.KeyUp, fyne.KeyUp, fyne.KeyReturn)
	if got := k.c.Chosen(); len(got) != 2 || got[0].Key != "m6" || got[1].Key != "m8" {
		t.Errorf("chosen: %v", got)
	}
}

func TestGoldenKeyboard(t *testing.T) {
	for _, mode := range []theme.Mode{theme.Light, theme.Dark} {
		name := map[theme.Mode]string{theme.Light: "keyboard", theme.Dark: "keyboard-dark"}[mode]
		k := withKeys(t, mode, 640, 420, Options{}, chat())
		k.press(fyne.KeyUp)
		test.AssertImageMatches(t, name+".png", k.w.Canvas().Capture())
		k = withKeys(t, mode, 816, 380, Options{}, cards())
		k.press(fyne.KeyHome)
		test.AssertImageMatches(t, name+"-card.png", k.w.Canvas().Capture())
		k = withKeys(t, mode, 300, 120, Options{}, nil)
		test.AssertImageMatches(t, name+"-empty.png", k.w.Canvas().Capture())
	}
}

func TestFocusWithoutARing(t *testing.T) {
	c, w := show(t, theme.Light, 640, 480, Options{})
	openItems(c, talk(3), 0, 0)
	c.FocusUnseen()
	w.Canvas().Focus(c)
	if it, ok := c.KeyboardAt(); ok {
		t.Errorf("the ring is around %s before a key was used", it.Key)
	}
	c.TypedKey(&fyne.KeyEvent{Name: fyne.KeyUp})
	if _, ok := c.KeyboardAt(); !ok {
		t.Error("a key shows no ring")
	}
}
