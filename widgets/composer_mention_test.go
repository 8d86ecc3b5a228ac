package widgets

import (
	"fmt"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

func TestInsertTextGoesToTheCursor(t *testing.T) {
	c := newTyped(t)
	c.typeText("你好世界")
	c.press(fyne.KeyLeft)
	c.press(fyne.KeyLeft)
	c.InsertText("[微笑]")
	c.want(t, "你好[微笑]世界")
	c.typeText("!")
	c.want(t, "你好[微笑]!世界")
	if last := c.drafts[len(c.drafts)-1]; last != "你好[微笑]!世界" {
		t.Errorf("the draft is %q", last)
	}
	// In several rows as well, and in place of what is marked.
	c.SetText("one\ntwo\nthree")
	c.press(fyne.KeyUp)
	c.press(fyne.KeyHome)
	c.InsertText("👍")
	c.want(t, "one\n👍two\nthree")
	c.area.TypedShortcut(&fyne.ShortcutSelectAll{})
	c.InsertText("x")
	c.want(t, "x")
	c.Disable()
	c.InsertText("y")
	c.want(t, "x")
}

func TestMentionsAreReported(t *testing.T) {
	c := newTyped(t)
	var log []string
	c.OnMention = func(word string, active bool) { log = append(log, fmt.Sprint(word, " ", active)) }
	want := func(what string, w ...string) {
		t.Helper()
		if !slices.Equal(log, w) {
			t.Errorf("%s: told %q, want %q", what, log, w)
		}
		log = nil
	}
	c.typeText("hi ")
	want("no mention")
	c.typeText("@周雨")
	want("typing", " true", "周 true", "周雨 true")
	c.press(fyne.KeyLeft)
	want("moving inside", "周 true")
	c.press(fyne.KeyRight)
	c.typeText(" ")
	want("a blank ends it", "周雨 true", " false")
	c.press(fyne.KeyBackspace)
	want("and its end brings it back", "周雨 true")
	c.ReplaceMention("@周雨 Zhou ")
	want("replaced", " false")
	c.want(t, "hi @周雨 Zhou ")
	c.SetText("")
	c.typeText("me@example.org")
	want("an address")
	c.SetText("")
	c.typeText("请@L")
	want("behind a Hanzi", " true", "L true")
	c.ReplaceMention("@Lin ")
	c.want(t, "请@Lin ")
	// What input methods commit comes rune by rune as well, and is not lost.
	c.typeText("你好")
	c.want(t, "请@Lin 你好")
	log = nil
	c.ReplaceMention("!")
	c.want(t, "请@Lin 你好!")
	want("nothing to replace")
}

func TestSuggestionsAnswerTheComposer(t *testing.T) {
	c := newTyped(t)
	s := NewSuggestions()
	chosen, closed := "", 0
	s.OnChosen = func(g Suggestion) { chosen += g.ID + " " }
	s.OnClosed = func() { closed++ }
	c.OnKey = s.Key
	c.typeText("@")
	c.press(fyne.KeyDown) // empty: the composer's own
	var many []Suggestion
	for i := range 2000 {
		many = append(many, Suggestion{ID: fmt.Sprint(i), Name: fmt.Sprint("Person ", i), Avatar: fmt.Sprint(i)})
	}
	s.SetItems(many)
	w := newWindow(t, s)
	w.Resize(fyne.NewSize(320, s.MinSize().Height+20))
	c.press(fyne.KeyReturn)
	c.press(fyne.KeyDown)
	c.press(fyne.KeyTab)
	c.press(fyne.KeyUp)
	c.press(fyne.KeyUp)
	c.press(fyne.KeyEnter)
	if chosen != "0 1 1999 " {
		t.Errorf("chose %q", chosen)
	}
	if n := len(s.list.visible); n == 0 || n > suggestionsMost+2 {
		t.Errorf("%d lines exist", n)
	}
	last := s.list.lines[1999]
	if last == nil || !last.chosen {
		t.Fatal("the last one is not in sight")
	}
	test.Tap(last)
	if chosen != "0 1 1999 1999 " {
		t.Errorf("a tap chose %q", chosen)
	}
	c.press(fyne.KeyEscape)
	if closed != 1 {
		t.Error("not closed")
	}
	s.Hide()
	c.press(fyne.KeyReturn) // sends
	c.want(t, "", "@")
}

func TestTabIsTakenOnlyWhenAskedFor(t *testing.T) {
	c := newTyped(t)
	if c.area.AcceptsTab() {
		t.Error("takes Tab by itself")
	}
	c.SetTakesTab(true)
	if !c.area.AcceptsTab() {
		t.Error("does not take it")
	}
	c.press(fyne.KeyTab)
	c.want(t, "")
}
