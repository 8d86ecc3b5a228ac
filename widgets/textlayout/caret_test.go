package textlayout

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// characters are what a cursor steps over in one go.
var characters = []string{"a", " ", "\n", "好", "é", "e\u0301\u0302", "👍🏽", "👩‍👩‍👧", "🇨🇳", "한", "ᄒ\u1161\u11ab", "ب", "שׁ", "[ok]"}

func TestCursorStepsOverWholeCharacters(t *testing.T) {
	f := NewFace(mono)
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.SampledFrom(characters), 0, 12).Draw(t, "characters")
		var b strings.Builder
		var parts []Part
		stops := []int{0}
		for _, c := range list {
			if c == "[ok]" {
				parts = append(parts, Part{Start: b.Len(), End: b.Len() + len(c), Advance: 20})
			}
			b.WriteString(c)
			stops = append(stops, b.Len())
		}
		l := f.LayoutParts(b.String(), parts, 60)
		for i, at := range stops {
			if i+1 < len(stops) && l.Next(at) != stops[i+1] {
				t.Fatalf("in %q, %d goes on to %d, not %d", l.Text, at, l.Next(at), stops[i+1])
			}
			if i > 0 && l.Prev(at) != stops[i-1] {
				t.Fatalf("in %q, %d goes back to %d, not %d", l.Text, at, l.Prev(at), stops[i-1])
			}
			if i := l.LineOf(at); at < l.Lines[i].Start || at > l.Lines[i].End {
				t.Fatalf("in %q, %d is said to be on line %d, %v", l.Text, at, i, l.Lines[i])
			}
		}
		if end := len(l.Text); l.Next(end) != end || l.Prev(0) != 0 {
			t.Fatalf("over the ends to %d, %d", l.Next(end), l.Prev(0))
		}
	})
}

// A heap of marks has no end that a cursor must reach in one step, but none that
// it can get stuck in either.
func TestCursorGetsThroughZalgo(t *testing.T) {
	f := NewFace(mono)
	l := f.Layout("z"+strings.Repeat("\u0301", 4000)+"z", 100)
	steps := 0
	for at := 0; at < len(l.Text); steps++ {
		next := l.Next(at)
		if next <= at {
			t.Fatalf("stuck at %d", at)
		}
		at = next
	}
	back := 0
	for at := len(l.Text); at > 0; back++ {
		before := l.Prev(at)
		if before >= at {
			t.Fatalf("stuck at %d on the way back", at)
		}
		at = before
	}
	if steps > 200 || back > 200 {
		t.Errorf("%d steps there, %d back", steps, back)
	}
}

func TestCaretX(t *testing.T) {
	f := NewFace(mono)
	ten := f.Width("a")
	tests := []struct {
		text  string
		limit float32
		at    int
		line  int
		x     float32
	}{
		{"", 100, 0, 0, 0},
		{"aaa", 100, 2, 0, 2 * ten},
		{"aaa", 100, 3, 0, 3 * ten},
		{"aa  ", 100, 4, 0, 2*ten + 2*f.Width(" ")},
		{"aa\n", 100, 2, 0, 2 * ten},
		{"aa\n", 100, 3, 1, 0},
		{"aa\nb", 100, 4, 1, f.Width("b")},
		{"בב", 100, 0, 0, 2 * f.Width("ב")},
		{"בב", 100, 4, 0, 0},
		{"בב ", 100, 5, 0, -f.Width(" ")},
	}
	for _, test := range tests {
		l := f.Layout(test.text, test.limit)
		i := l.LineOf(test.at)
		if x := f.CaretX(&l, i, test.at); i != test.line || x-test.x > 0.01 || test.x-x > 0.01 {
			t.Errorf("%q: %d is at %g on line %d, want %g on line %d", test.text, test.at, x, i, test.x, test.line)
		}
	}
	// Behind and before a picture, never in it.
	l := f.LayoutParts("a[ok]b", []Part{{Start: 1, End: 5, Advance: 20}}, 100)
	for at, want := range map[int]float32{1: ten, 5: ten + 20, 6: ten + 20 + f.Width("b")} {
		if x := f.CaretX(&l, 0, at); x != want {
			t.Errorf("%d is at %g, want %g", at, x, want)
		}
	}
}
