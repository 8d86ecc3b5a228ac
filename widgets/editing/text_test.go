package editing_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"magpie/widgets/editing"
)

// hand types into a text, at a time that the test sets.
type hand struct {
	*editing.Text
	clock time.Time
}

func newHand() *hand {
	h := &hand{clock: time.Unix(0, 0)}
	h.Text = editing.New(func() time.Time { return h.clock })
	return h
}

// types types letter by letter, a tenth of a second each.
func (h *hand) types(s string) {
	for _, r := range s {
		h.clock = h.clock.Add(100 * time.Millisecond)
		h.Type(string(r))
	}
}

// erases is Backspace, n times.
func (h *hand) erases(n int) {
	for range n {
		h.clock = h.clock.Add(100 * time.Millisecond)
		_, size := utf8.DecodeLastRuneInString(h.String()[:h.Caret()])
		h.Delete(h.Caret()-size, h.Caret())
	}
}

// undone is what the text says after each Undo.
func (h *hand) undone() (all []string) {
	for h.Undo() {
		all = append(all, h.String())
	}
	return all
}

func TestUndoTakesBackByWordsAndPauses(t *testing.T) {
	tests := []struct {
		name string
		do   func(*hand)
		want string // after each Undo, with | between
	}{
		{"nothing", func(*hand) {}, ""},
		{"a word", func(h *hand) { h.types("hello") }, ""},
		{"words", func(h *hand) { h.types("one two  three") }, "one two  |one |"},
		{"lines", func(h *hand) { h.types("a\nb") }, "a|"},
		{"a blank before a word", func(h *hand) { h.Insert("[微笑]"); h.types(" so") }, "[微笑]|"},
		{"a pause", func(h *hand) {
			h.types("你好")
			h.clock = h.clock.Add(2 * time.Second)
			h.types("世界")
		}, "你好|"},
		{"a clock that went back", func(h *hand) {
			h.types("ab")
			h.clock = h.clock.Add(-time.Hour)
			h.types("cd")
		}, "ab|"},
		{"a paste", func(h *hand) { h.types("see "); h.Insert("http://a b"); h.types("ok") }, "see http://a b|see |"},
		{"another place", func(h *hand) { h.types("ab"); h.Move(1); h.types("x") }, "ab|"},
		{"corrections", func(h *hand) { h.types("helo"); h.erases(2); h.types("llo") }, "he|helo|"},
		{"what is marked", func(h *hand) { h.types("good day"); h.Mark(0, 4); h.types("bad") }, "good day|good |"},
		{"all is cleared", func(h *hand) { h.types("draft"); h.Mark(0, 5); h.Delete(0, 5) }, "draft|"},
		{"delete forward", func(h *hand) { h.types("abc"); h.Move(0); h.Delete(0, 1); h.Delete(0, 1) }, "abc|"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			h := newHand()
			test.do(h)
			end := h.String()
			if got := strings.Join(h.undone(), "|"); got != test.want {
				t.Errorf("undo went %q, want %q", got, test.want)
			}
			for h.Redo() {
			}
			if h.String() != end {
				t.Errorf("redo ended at %q, not %q", h.String(), end)
			}
		})
	}
}

// The cursor and the marks come back too.
func TestUndoBringsTheMarksBack(t *testing.T) {
	h := newHand()
	h.types("good day")
	h.Mark(4, 0)
	h.Insert("bad")
	h.Undo()
	if from, to := h.Selection(); from != 0 || to != 4 || h.Caret() != 0 {
		t.Errorf("marked is %d to %d, the cursor at %d", from, to, h.Caret())
	}
	h.Redo()
	if h.Caret() != 3 || h.Selected() != "" {
		t.Errorf("the cursor is at %d", h.Caret())
	}
}

func TestWhatIsDoneAfterUndoEndsRedo(t *testing.T) {
	h := newHand()
	h.types("one two")
	h.Undo()
	h.types("x")
	if h.CanRedo() || h.Redo() || h.String() != "one x" {
		t.Errorf("%q, redo %v", h.String(), h.CanRedo())
	}
}

func TestAnotherTextHasNothingToTakeBack(t *testing.T) {
	h := newHand()
	h.types("secret")
	h.Reset("draft")
	if h.CanUndo() || h.Undo() || h.String() != "draft" || h.Caret() != 5 {
		t.Errorf("%q at %d", h.String(), h.Caret())
	}
}

// However much is pasted, what is kept has an end, and the last step stays.
func TestHistoryIsBounded(t *testing.T) {
	h := newHand()
	big := strings.Repeat("x", 1<<20)
	for range 20 {
		h.Replace(0, len(h.String()), big)
		h.Replace(0, len(h.String()), "small")
	}
	if n := len(h.undone()); n < 2 || n > 6 {
		t.Errorf("%d steps of a megabyte", n)
	}
	h = newHand()
	for range 3000 {
		h.Insert("x")
	}
	if n := len(h.undone()); n != 1000 {
		t.Errorf("%d steps", n)
	}
}

// Whatever is done, undo goes back to where it began and redo to where it ended,
// and the cursor never stands inside a character.
func TestUndoAndRedoAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := newHand()
		word := rapid.SampledFrom([]string{"a", " ", "\n", "好", "👍🏽", "e\u0301", "[微笑]"})
		place := func() int { return rapid.IntRange(-1, len(h.String())+1).Draw(t, "place") }
		states := []string{""}
		for range rapid.IntRange(0, 40).Draw(t, "steps") {
			h.clock = h.clock.Add(time.Duration(rapid.IntRange(0, 2000).Draw(t, "ms")) * time.Millisecond)
			switch rapid.IntRange(0, 6).Draw(t, "what") {
			case 0, 1:
				h.Type(word.Draw(t, "word"))
			case 2:
				h.Insert(word.Draw(t, "word"))
			case 3:
				h.Delete(place(), place())
			case 4:
				h.Mark(place(), place())
			case 5:
				h.Undo()
			case 6:
				h.Replace(place(), place(), word.Draw(t, "word"))
			}
			if s := h.String(); !utf8.ValidString(s) || h.Caret() < 0 || h.Caret() > len(s) || !utf8.ValidString(s[:h.Caret()]) {
				t.Fatalf("the cursor is at %d of %q", h.Caret(), s)
			}
			states = append(states, h.String())
		}
		for h.Redo() {
		}
		end := h.String()
		for h.Undo() {
		}
		if h.String() != "" {
			t.Fatalf("undo ended at %q", h.String())
		}
		for h.Redo() {
		}
		if h.String() != end {
			t.Fatalf("redo ended at %q, not %q, by way of %q", h.String(), end, states)
		}
	})
}
