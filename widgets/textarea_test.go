package widgets

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"magpie/widgets/theme"
)

// chordOf is a key with modifiers, as the window reports it.
func chordOf(k fyne.KeyName, m fyne.KeyModifier) *desktop.CustomShortcut {
	return &desktop.CustomShortcut{KeyName: k, Modifier: m}
}

func (c *typed) shortcut(s fyne.Shortcut) {
	c.w.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(s)
}

func (c *typed) undo() { c.shortcut(&fyne.ShortcutUndo{}) }
func (c *typed) redo() { c.shortcut(&fyne.ShortcutRedo{}) }

// marked is the text with a '|' where the cursor is and brackets around what is
// marked.
func (c *typed) marked() string {
	s, at := c.Text(), c.area.text.Caret()
	from, to := c.area.text.Selection()
	if from == to {
		return s[:at] + "|" + s[at:]
	}
	return s[:from] + "<" + s[from:to] + ">" + s[to:]
}

func (c *typed) wantMarked(t *testing.T, want string) {
	t.Helper()
	if got := c.marked(); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// Every way in which text comes and goes is a step that can be taken back, and
// each is reported as a draft.
func TestUndoInTheComposer(t *testing.T) {
	c := newTyped(t)
	clip := test.NewClipboard()
	clip.SetContent("pasted\r\ntext")
	steps := []struct {
		do   func()
		text string
	}{
		{func() { c.typeText("你好 ") }, "你好 "},
		{func() { c.shortcut(&fyne.ShortcutPaste{Clipboard: clip}) }, "你好 pasted\ntext"},
		{func() { c.InsertText("👍🏽") }, "你好 pasted\ntext👍🏽"},
		{func() { c.InsertText("[微笑]") }, "你好 pasted\ntext👍🏽[微笑]"},
		{func() { c.typeText("@L") }, "你好 pasted\ntext👍🏽[微笑]@L"},
		{func() { c.ReplaceMention("@Lin ") }, "你好 pasted\ntext👍🏽[微笑]@Lin "},
		{func() { c.Restore("taken back") }, "taken back\n你好 pasted\ntext👍🏽[微笑]@Lin "},
		{func() { c.shortcut(&fyne.ShortcutSelectAll{}); c.press(fyne.KeyBackspace) }, ""},
	}
	for i, s := range steps {
		s.do()
		if c.Text() != s.text {
			t.Fatalf("step %d made %q, want %q", i, c.Text(), s.text)
		}
	}
	for i := len(steps) - 2; i >= 0; i-- {
		c.undo()
		if c.Text() != steps[i].text {
			t.Fatalf("undo made %q, want %q", c.Text(), steps[i].text)
		}
		if last := c.drafts[len(c.drafts)-1]; last != c.Text() {
			t.Fatalf("the draft is %q, the text %q", last, c.Text())
		}
	}
	c.undo()
	if c.want(t, ""); c.CanUndo() {
		t.Error("there is more to take back")
	}
	for c.CanRedo() {
		c.shortcut(chordOf(fyne.KeyZ, fyne.KeyModifierShortcutDefault|fyne.KeyModifierShift))
	}
	c.want(t, "")
	c.undo()
	c.want(t, steps[6].text)
	c.redo()
	c.want(t, "")
}

// What was sent does not come back by undo: not here, and not where another
// conversation is open by now.
func TestUndoNeverBringsBackWhatWasSent(t *testing.T) {
	c := newTyped(t)
	c.Open("C2Cada", "")
	c.typeText("to ada")
	c.press(fyne.KeyReturn)
	c.undo()
	c.want(t, "", "to ada")
	c.typeText("draft for ada")
	c.Open("C2Czhou", "")
	c.undo()
	c.want(t, "", "to ada")
	c.typeText("to zhou")
	c.undo()
	c.undo()
	c.want(t, "", "to ada")
}

// Undo goes on in each conversation where it was left.
func TestUndoIsKeptByConversation(t *testing.T) {
	c := newTyped(t)
	c.Open("C2Cada", "old")
	c.typeText(" new")
	c.Open("GROUPx", "other")
	c.typeText("!")
	c.Open("C2Cada", "old new")
	c.wantMarked(t, "old new|")
	c.undo()
	c.want(t, "old")
	c.undo()
	c.want(t, "old")
	c.redo()
	c.want(t, "old new")
	// A draft that became another one meanwhile has nothing to take back.
	c.Open("GROUPx", "given back\nother!")
	c.undo()
	c.want(t, "given back\nother!")
	// Of ever more conversations only some are remembered.
	for i := range 3 * keptTexts {
		c.Open(fmt.Sprint(i), "x")
		c.typeText("y")
	}
	if len(c.kept) != keptTexts {
		t.Errorf("%d are kept", len(c.kept))
	}
}

func TestPausesPartWhatIsTyped(t *testing.T) {
	c := newTyped(t)
	now := time.Unix(1000, 0)
	c.area.now = func() time.Time { return now }
	c.typeText("你好")
	now = now.Add(3 * time.Second)
	c.typeText("世界")
	c.undo()
	c.want(t, "你好")
	c.undo()
	c.want(t, "")
}

// The keyboard goes over emoji, their codes and letters with marks in one step,
// and takes each out as a whole.
func TestTheCursorGoesOverWholeCharacters(t *testing.T) {
	c := newTyped(t)
	c.typeText("a👨‍👩‍👧[微笑]e\u0301好")
	stops := []string{
		"a👨‍👩‍👧[微笑]e\u0301|好",
		"a👨‍👩‍👧[微笑]|e\u0301好",
		"a👨‍👩‍👧|[微笑]e\u0301好",
		"a|👨‍👩‍👧[微笑]e\u0301好",
	}
	for _, s := range stops {
		c.press(fyne.KeyLeft)
		c.wantMarked(t, s)
	}
	for _, s := range slices.Backward(stops[:3]) {
		c.press(fyne.KeyRight)
		c.wantMarked(t, s)
	}
	for _, s := range []string{"a👨‍👩‍👧[微笑]|好", "a👨‍👩‍👧|好", "a|好"} {
		c.press(fyne.KeyBackspace)
		c.wantMarked(t, s)
	}
	c.typeText("[微笑]")
	c.press(fyne.KeyLeft)
	c.press(fyne.KeyDelete)
	c.wantMarked(t, "a|好")
}

func TestKeysMoveAndMark(t *testing.T) {
	const word = fyne.KeyModifierControl
	const shift = fyne.KeyModifierShift
	tests := []struct {
		name string
		text string // with the cursor at its end, in lines
		keys []any  // fyne.KeyName, a chord, or fyne.KeyModifier held from then on
		want string
	}{
		{"home", "one\ntwo", []any{fyne.KeyHome}, "one\n|two"},
		{"end", "one\ntwo ", []any{fyne.KeyHome, fyne.KeyEnd}, "one\ntwo |"},
		{"end of a line within", "one\ntwo", []any{fyne.KeyUp, fyne.KeyHome, fyne.KeyEnd}, "one|\ntwo"},
		{"up and down keep the column", "wide one\nx\nwide two", []any{fyne.KeyUp, fyne.KeyUp}, "wide one|\nx\nwide two"},
		{"and forget it when moved", "wide one\nx\nwide two", []any{fyne.KeyUp, fyne.KeyLeft, fyne.KeyUp}, "|wide one\nx\nwide two"},
		{"up from the first line", "one", []any{fyne.KeyUp}, "|one"},
		{"down from the last", "one", []any{fyne.KeyHome, fyne.KeyDown}, "one|"},
		{"mark to the left", "abc", []any{shift, fyne.KeyLeft, fyne.KeyLeft}, "a<bc>"},
		{"and to the right again", "abc", []any{shift, fyne.KeyLeft, fyne.KeyLeft, fyne.KeyRight}, "ab<c>"},
		{"a mark ends at its end", "abc", []any{shift, fyne.KeyLeft, fyne.KeyLeft, fyne.KeyModifier(0), fyne.KeyLeft}, "a|bc"},
		{"mark lines", "one\ntwo", []any{shift, fyne.KeyUp}, "one<\ntwo>"},
		{"a word to the left", "one two", []any{chordOf(fyne.KeyLeft, word)}, "one |two"},
		{"a word to the right", "one two", []any{fyne.KeyHome, chordOf(fyne.KeyRight, word)}, "one| two"},
		{"mark a word", "one two", []any{chordOf(fyne.KeyLeft, word|shift)}, "one <two>"},
		{"to the beginning", "one\ntwo", []any{chordOf(fyne.KeyHome, word)}, "|one\ntwo"},
		{"mark to the beginning", "one\ntwo", []any{chordOf(fyne.KeyHome, word|shift)}, "<one\ntwo>"},
		{"delete a word", "one two", []any{chordOf(fyne.KeyBackspace, word)}, "one |"},
		{"delete the word behind", "one two", []any{fyne.KeyHome, chordOf(fyne.KeyDelete, word)}, "| two"},
		{"delete what is marked", "abc", []any{shift, fyne.KeyLeft, fyne.KeyDelete}, "ab|"},
		{"arabic goes the other way", "שלום", []any{fyne.KeyRight}, "שלו|ם"},
	}
	for _, s := range tests {
		t.Run(s.name, func(t *testing.T) {
			if altMovesWords() {
				t.Skip("the keys of macOS are others")
			}
			c := newTyped(t)
			c.SetText(s.text)
			for _, k := range s.keys {
				switch k := k.(type) {
				case fyne.KeyName:
					c.press(k)
				case fyne.KeyModifier:
					c.holding = k
				case fyne.Shortcut:
					c.shortcut(k)
				}
			}
			c.wantMarked(t, s.want)
		})
	}
}

// In a text that wraps, End stays on the line, and letters go where the cursor is.
func TestEndOfAWrappedLine(t *testing.T) {
	c := newTyped(t)
	c.SetText(strings.Repeat("很长的中文", 12))
	c.press(fyne.KeyUp)
	c.press(fyne.KeyHome)
	start := c.area.caretPlace()
	c.press(fyne.KeyEnd)
	end := c.area.caretPlace()
	if end.Y != start.Y || end.X < start.X+100 {
		t.Errorf("from %v to %v", start, end)
	}
	at := c.area.text.Caret()
	c.typeText("x")
	if c.Text()[at] != 'x' {
		t.Error("the letter went elsewhere")
	}
	c.press(fyne.KeyLeft)
	c.press(fyne.KeyUp)
	c.press(fyne.KeyUp)
	if p := c.area.caretPlace(); p.Y != areaPadY {
		t.Errorf("two lines up it is at %v", p)
	}
}

// click presses the mouse at a place of the text.
func (c *typed) click(p fyne.Position, m fyne.KeyModifier) {
	c.area.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: p}, Button: desktop.MouseButtonPrimary, Modifier: m})
	c.area.MouseUp(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: p}, Button: desktop.MouseButtonPrimary, Modifier: m})
}

// where is the place of a byte of the text.
func (c *typed) where(at int) fyne.Position {
	anchor, caret := c.area.anchor(), c.area.text.Caret()
	c.area.text.Move(at)
	p := c.area.caretPlace().AddXY(0, theme.LineHeight/2)
	c.area.text.Mark(anchor, caret)
	return p
}

func TestTheMouseMarks(t *testing.T) {
	c := newTyped(t)
	now := time.Unix(1000, 0)
	c.area.now = func() time.Time { return now }
	c.SetText("one two 三四\nfive [微笑] six")
	later := func() { now = now.Add(time.Second) }
	c.click(c.where(5), 0)
	c.wantMarked(t, "one t|wo 三四\nfive [微笑] six")
	c.click(c.where(5), 0)
	c.wantMarked(t, "one <two> 三四\nfive [微笑] six")
	c.click(c.where(5), 0)
	c.wantMarked(t, "<one two 三四\n>five [微笑] six")
	c.click(c.where(5), 0)
	c.wantMarked(t, "one t|wo 三四\nfive [微笑] six")
	later()
	c.click(c.where(4), 0)
	c.click(c.where(7), fyne.KeyModifierShift)
	c.wantMarked(t, "one <two> 三四\nfive [微笑] six")
	later()
	// Dragging marks, after a double click by words.
	drag := func(to int) { c.area.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: c.where(to)}}) }
	c.click(c.where(9), 0)
	drag(2)
	c.wantMarked(t, "on<e two >三四\nfive [微笑] six")
	later()
	c.click(c.where(5), 0)
	c.click(c.where(5), 0)
	drag(1)
	c.wantMarked(t, "<one two> 三四\nfive [微笑] six")
	drag(17)
	c.wantMarked(t, "one <two 三四\nfive> [微笑] six")
	c.area.DragEnd()
	// Beyond the ends.
	later()
	c.click(fyne.NewPos(-20, -20), 0)
	c.wantMarked(t, "|one two 三四\nfive [微笑] six")
	later()
	c.click(fyne.NewPos(9999, 9999), 0)
	c.wantMarked(t, "one two 三四\nfive [微笑] six|")
	if c.w.Canvas().Focused() != c.area {
		t.Error("a click did not give it the keyboard")
	}
}

// A secondary click keeps what is marked, which its menu is about.
func TestTheTextsMenu(t *testing.T) {
	c := newTyped(t)
	asked := 0
	c.OnMenu = func(fyne.Position) { asked++ }
	c.typeText("some words")
	c.SelectAll()
	c.area.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: c.where(3)}, Button: desktop.MouseButtonSecondary})
	test.TapSecondary(c.area)
	c.wantMarked(t, "<some words>")
	clip := test.NewClipboard()
	c.Copy(clip)
	c.want(t, "some words")
	c.Cut(clip)
	c.want(t, "")
	if clip.Content() != "some words" || asked != 1 {
		t.Errorf("cut %q, asked %d times", clip.Content(), asked)
	}
	c.Undo()
	c.wantMarked(t, "<some words>")
	c.Redo()
	c.want(t, "")
	c.Disable()
	test.TapSecondary(c.area)
	if asked != 1 {
		t.Error("a disabled text has a menu")
	}
}

// Whatever is typed, the cursor is in sight, and what does not fit scrolls.
func TestTheCursorStaysInSight(t *testing.T) {
	c := newTyped(t)
	c.w.Resize(fyne.NewSize(480, 400))
	inSight := func(what string) {
		t.Helper()
		c.Resize(fyne.NewSize(480, c.MinSize().Height))
		if y := c.area.caretPlace().Y; y < 0 || y+theme.LineHeight > c.area.Size().Height {
			t.Errorf("%s: the cursor is at %g of %g", what, y, c.area.Size().Height)
		}
	}
	c.SetText(strings.Repeat("line\n", 40))
	inSight("a long draft")
	for i := range 45 {
		c.press(fyne.KeyUp)
		inSight(fmt.Sprint("up ", i))
	}
	for i := range 45 {
		c.press(fyne.KeyDown)
		inSight(fmt.Sprint("down ", i))
	}
	c.area.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 1e6)})
	if c.area.offset != 0 {
		t.Errorf("the wheel scrolled to %g", c.area.offset)
	}
	c.typeText("x")
	inSight("typing after the wheel")
	c.area.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -1e6)})
	if c.area.offset != c.area.most() {
		t.Errorf("the wheel scrolled to %g of %g", c.area.offset, c.area.most())
	}
	c.InsertText(strings.Repeat("pasted\n", 100))
	inSight("a paste")
	c.SetText("short")
	inSight("another text")
	if c.area.offset != 0 {
		t.Errorf("it is scrolled by %g for nothing", c.area.offset)
	}
}

// An idle window must not be painted for a cursor: it blinks for a while after the
// last key, about twice a second, and then stands still.
func TestTheCursorRests(t *testing.T) {
	c := newTyped(t)
	now := time.Unix(1000, 0)
	c.area.now = func() time.Time { return now }
	c.typeText("abc")
	if c.clock.waits != blinkBeat || c.clock.due == nil || c.area.caret.Hidden {
		t.Fatalf("waits %v, hidden %v", c.clock.waits, c.area.caret.Hidden)
	}
	beats, hidden := 0, 0
	for c.clock.due != nil {
		now = now.Add(blinkBeat)
		due := c.clock.due
		c.clock.due = nil
		due()
		beats++
		if c.area.caret.Hidden {
			hidden++
		}
	}
	if most := int(blinkFor/blinkBeat) + 1; beats > most || hidden < most/3 || !c.area.resting() || c.area.caret.Hidden {
		t.Errorf("%d beats, hidden at %d, at rest %v, hidden now %v", beats, hidden, c.area.resting(), c.area.caret.Hidden)
	}
	c.typeText("d")
	if c.area.resting() || c.area.caret.Hidden {
		t.Error("typing did not wake the cursor")
	}
	c.want(t, "abcd")
	c.w.Canvas().Unfocus()
	if !c.area.caret.Hidden || c.clock.due != nil {
		t.Error("a field without the keyboard shows a cursor, or waits")
	}
}

// A beat that was on its way when the keyboard left changes nothing.
func TestALateBeat(t *testing.T) {
	c := newTyped(t)
	c.typeText("a")
	late := c.clock.due
	c.w.Canvas().Unfocus()
	late()
	if !c.area.caret.Hidden || c.clock.due != nil {
		t.Error("it blinks without the keyboard")
	}
}
