package widgets

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"magpie/widgets/theme"
)

// clockwork stands in for the timer of an entry: nothing happens until the
// test says so.
type clockwork struct {
	due     func()
	waits   time.Duration
	stopped int
}

func (c *clockwork) after(d time.Duration, f func()) func() bool {
	c.due, c.waits = f, d
	return func() bool { c.stopped++; c.due = nil; return true }
}

// typed is a composer in a window, with what it reported.
type typed struct {
	*Composer
	w       fyne.Window
	sent    []string
	drafts  []string
	order   []string
	clock   *clockwork
	holding fyne.KeyModifier
}

func newTyped(t *testing.T) *typed {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Light))
	c := &typed{Composer: NewComposer("Send"), clock: &clockwork{}}
	c.area.after = c.clock.after
	c.area.modifiers = func() (fyne.KeyModifier, bool) { return c.holding, true }
	c.OnSend = func(s string) { c.sent = append(c.sent, s); c.order = append(c.order, "send") }
	c.OnChanged = func(s string) { c.drafts = append(c.drafts, s); c.order = append(c.order, "draft:"+s) }
	c.w = newWindow(t, c.Composer)
	c.w.SetPadded(false)
	c.w.Resize(fyne.NewSize(480, 200))
	c.Focus()
	return c
}

func (c *typed) typeText(s string) {
	for _, r := range s {
		c.w.Canvas().Focused().TypedRune(r)
	}
}

func (c *typed) press(k fyne.KeyName) {
	c.w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: k})
}

func (c *typed) want(t *testing.T, text string, sent ...string) {
	t.Helper()
	if c.Text() != text {
		t.Errorf("the field holds %q, want %q", c.Text(), text)
	}
	if strings.Join(c.sent, "|") != strings.Join(sent, "|") {
		t.Errorf("sent %q, want %q", c.sent, sent)
	}
}

func TestEnterSends(t *testing.T) {
	c := newTyped(t)
	c.typeText("  hello ")
	c.press(fyne.KeyReturn)
	c.want(t, "", "hello")
	c.typeText("again")
	c.press(fyne.KeyEnter)
	c.want(t, "", "hello", "again")
}

func TestShiftEnterBreaksTheLine(t *testing.T) {
	c := newTyped(t)
	c.typeText("one")
	c.holding = fyne.KeyModifierShift
	c.press(fyne.KeyReturn)
	c.holding = 0
	c.typeText("two")
	c.want(t, "one\ntwo")
	c.press(fyne.KeyReturn)
	c.want(t, "", "one\ntwo")
}

func TestSwappedEnter(t *testing.T) {
	c := newTyped(t)
	c.SetEnterSends(false)
	c.typeText("one")
	c.press(fyne.KeyReturn)
	c.typeText("two")
	c.want(t, "one\ntwo")
	c.holding = fyne.KeyModifierShift
	c.press(fyne.KeyReturn)
	c.want(t, "", "one\ntwo")
}

func TestControlEnterSendsEitherWay(t *testing.T) {
	for _, enterSends := range []bool{true, false} {
		c := newTyped(t)
		c.SetEnterSends(enterSends)
		c.typeText("now")
		c.area.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyReturn, Modifier: fyne.KeyModifierShortcutDefault})
		c.want(t, "", "now")
	}
}

// Without a driver that knows the modifiers the keys seen decide.
func TestShiftIsFollowedByItsKeys(t *testing.T) {
	c := newTyped(t)
	c.area.modifiers = func() (fyne.KeyModifier, bool) { return 0, false }
	c.typeText("a")
	c.area.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	c.press(fyne.KeyReturn)
	c.area.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	c.want(t, "a\n")
	c.typeText("b")
	c.press(fyne.KeyReturn)
	c.want(t, "", "a\nb")
}

// A new line goes where the cursor is and replaces what is selected.
func TestNewLineReplacesTheSelection(t *testing.T) {
	c := newTyped(t)
	c.typeText("keep this")
	c.holding = fyne.KeyModifierShift
	for range "this" {
		c.press(fyne.KeyLeft)
	}
	c.press(fyne.KeyReturn)
	c.want(t, "keep \n")
}

// An input method commits its text as runes; nothing of that sends.
func TestChineseIsTyped(t *testing.T) {
	c := newTyped(t)
	c.typeText("你好，世界😀")
	c.want(t, "你好，世界😀")
	c.press(fyne.KeyBackspace)
	c.press(fyne.KeyBackspace)
	c.typeText("间")
	c.press(fyne.KeyReturn)
	c.want(t, "", "你好，世间")
}

func TestNothingIsNotSent(t *testing.T) {
	c := newTyped(t)
	for _, s := range []string{"", " ", "\n", " \t\n　"} {
		c.SetText(s)
		c.press(fyne.KeyReturn)
		c.want(t, s)
	}
}

// The app writes the message to disk in OnSend and the empty draft in
// OnChanged: the other way round a crash between them would lose the text.
func TestSendComesBeforeTheEmptyDraft(t *testing.T) {
	c := newTyped(t)
	c.typeText("x")
	c.press(fyne.KeyReturn)
	if got := strings.Join(c.order, " "); got != "draft:x send draft:" {
		t.Errorf("order %q, want %q", got, "draft:x send draft:")
	}
}

func TestDraftsAreReported(t *testing.T) {
	c := newTyped(t)
	c.SetText("old draft")
	if len(c.drafts) != 0 {
		t.Errorf("showing a draft reported %q as new", c.drafts)
	}
	c.typeText("!")
	if got := c.drafts; len(got) != 1 || got[0] != "old draft!" {
		t.Errorf("drafts %q: the cursor of a shown draft is at its end", got)
	}
}

func TestTheCursorOfALongDraftIsAtItsEnd(t *testing.T) {
	c := newTyped(t)
	c.SetText(strings.Repeat("一行很长的中文会折成好几行。", 20) + "\nlast")
	c.typeText("!")
	if !strings.HasSuffix(c.Text(), "last!") {
		t.Errorf("typed into the middle: …%q", c.Text()[len(c.Text())-30:])
	}
}

// What could not be kept comes back, and what was typed since stays behind it.
func TestRestoreKeepsWhatWasTypedSince(t *testing.T) {
	c := newTyped(t)
	c.typeText("first")
	c.press(fyne.KeyReturn)
	c.typeText("second")
	c.Restore("first")
	c.want(t, "first\nsecond", "first")
	if last := c.drafts[len(c.drafts)-1]; last != "first\nsecond" {
		t.Errorf("the draft is %q", last)
	}
}

func TestTheLimitStopsSending(t *testing.T) {
	c := newTyped(t)
	c.SetLimit(9, func(used, limit int) string { return "used" })
	c.typeText("你好啊！") // 12 bytes
	c.press(fyne.KeyReturn)
	c.want(t, "你好啊！")
	if words, colour := c.noteWords(); words != "used" || colour != theme.Danger {
		t.Errorf("over the limit it says %q in %s", words, colour)
	}
	if !c.send.Disabled() {
		t.Error("the send button is on")
	}
	c.press(fyne.KeyBackspace)
	if c.send.Disabled() {
		t.Error("the send button stayed off")
	}
	c.press(fyne.KeyReturn)
	c.want(t, "", "你好啊")
}

func TestDisabledKeepsTheText(t *testing.T) {
	c := newTyped(t)
	c.typeText("kept")
	c.Disable()
	c.press(fyne.KeyReturn)
	c.typeText("more")
	test.Tap(c.send)
	c.want(t, "kept")
	c.Enable()
	test.Tap(c.send)
	c.want(t, "", "kept")
}

// Fyne gives shortcuts to the focused widget alone; those that edit nothing
// must reach the window all the same.
func TestShortcutsAreHandedOn(t *testing.T) {
	ctrl := func(k fyne.KeyName, m fyne.KeyModifier) *desktop.CustomShortcut {
		return &desktop.CustomShortcut{KeyName: k, Modifier: m}
	}
	tests := []struct {
		name     string
		shortcut fyne.Shortcut
		handed   bool
	}{
		{"search", ctrl(fyne.KeyK, fyne.KeyModifierControl), true},
		{"settings", ctrl(fyne.KeyComma, fyne.KeyModifierControl), true},
		{"next chat", ctrl(fyne.KeyDown, fyne.KeyModifierAlt), true},
		{"word left", ctrl(fyne.KeyLeft, fyne.KeyModifierShortcutDefault), false},
		{"delete a word", ctrl(fyne.KeyBackspace, fyne.KeyModifierShortcutDefault), false},
		{"select all", &fyne.ShortcutSelectAll{}, false},
		{"undo", &fyne.ShortcutUndo{}, false},
	}
	for _, s := range tests {
		t.Run(s.name, func(t *testing.T) {
			c := newTyped(t)
			c.SetText("some words")
			handed := 0
			c.OnShortcut = func(fyne.Shortcut) bool { handed++; return false }
			c.w.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(s.shortcut)
			want := 0
			if s.handed {
				want = 1
			}
			if handed != want {
				t.Errorf("handed on %d times, want %d", handed, want)
			}
		})
	}
}

// The canvas of a desktop window runs the shortcuts added to it; the one of the
// tests does not, so a stand-in does it here.
func TestShortcutsReachTheCanvas(t *testing.T) {
	var h fyne.ShortcutHandler
	ran := 0
	s := &desktop.CustomShortcut{KeyName: fyne.KeyK, Modifier: fyne.KeyModifierControl}
	h.AddShortcut(s, func(fyne.Shortcut) { ran++ })
	give(&h, s)
	give(nil, s)
	give(struct{}{}, s)
	if ran != 1 {
		t.Errorf("ran %d times, want once", ran)
	}
}

func TestPasteGoesIntoTheField(t *testing.T) {
	c := newTyped(t)
	clip := test.NewClipboard()
	clip.SetContent("two\nlines")
	c.area.TypedShortcut(&fyne.ShortcutPaste{Clipboard: clip})
	c.want(t, "two\nlines")
}

func TestKeysAreOfferedFirst(t *testing.T) {
	c := newTyped(t)
	var keys []fyne.KeyName
	c.OnKey = func(k *fyne.KeyEvent) bool {
		keys = append(keys, k.Name)
		return k.Name == fyne.KeyUp
	}
	c.press(fyne.KeyUp)
	c.press(fyne.KeyReturn)
	if len(keys) != 2 {
		t.Errorf("offered %v", keys)
	}
	var window []fyne.KeyName
	c.w.Canvas().SetOnTypedKey(func(k *fyne.KeyEvent) { window = append(window, k.Name) })
	for _, k := range []fyne.KeyName{fyne.KeyEscape, fyne.KeyPageUp, fyne.KeyPageDown, fyne.KeyF1, fyne.KeyLeft, fyne.KeyUp} {
		c.press(k)
	}
	if len(window) != 4 {
		t.Errorf("the window got %v, want Escape, PageUp, PageDown, F1", window)
	}
}

func TestTheFieldGrows(t *testing.T) {
	c := newTyped(t)
	one := c.MinSize().Height
	heights := []float32{one}
	for range 8 {
		c.holding = fyne.KeyModifierShift
		c.press(fyne.KeyReturn)
		c.holding = 0
		c.typeText("x")
		heights = append(heights, c.MinSize().Height)
	}
	for i, h := range heights {
		if i > 0 && i < theme.ComposerMaxRows && h <= heights[i-1] {
			t.Errorf("%d rows are no taller than %d: %v", i+1, i, heights)
		}
		if i >= theme.ComposerMaxRows && h != heights[theme.ComposerMaxRows-1] {
			t.Errorf("%d rows: it grew on past %d rows: %v", i+1, theme.ComposerMaxRows, heights)
		}
	}
	c.SetText("")
	if h := c.MinSize().Height; h != one {
		t.Errorf("emptied it is %v tall, want %v", h, one)
	}
	// A line too long for the width wraps, and counts as two.
	c.SetText(strings.Repeat("很长的中文", 12))
	if c.rows != 3 {
		t.Errorf("840 units of text in 390 take %d rows, want 3", c.rows)
	}
}

func TestTypingFromOutside(t *testing.T) {
	c := newTyped(t)
	c.w.Canvas().Unfocus()
	c.TypeRune('字')
	c.want(t, "字")
	if !c.Focused() {
		t.Error("the field does not have the keyboard")
	}
}
