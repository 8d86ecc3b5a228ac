package textlayout

import (
	"strings"
	"testing"
)

// shown returns the pieces of the only line from left to right, letters of
// right-to-left pieces reversed: what an eye sees.
func shown(l Layout) string {
	var b strings.Builder
	for _, p := range l.Lines[0].Pieces {
		s := p.Text
		if s == "" {
			s = l.Text[p.Start:p.End]
		}
		if p.RTL {
			rs := []rune(s)
			for i := range len(rs) / 2 {
				rs[i], rs[len(rs)-1-i] = rs[len(rs)-1-i], rs[i]
			}
			if len(rs) > 1 {
				for i := range rs {
					rs[i] = mirror(rs[i]) // as a shaper does
				}
			}
			s = string(rs)
		}
		b.WriteString(s)
	}
	return b.String()
}

func TestDirections(t *testing.T) {
	for _, c := range []struct {
		name, in, want string
		rtl            bool
	}{
		{"hebrew", "שלום", "םולש", true},
		{"words", "אב גד", "דג בא", true},
		{"full stop at the left", "אב.", ".בא", true},
		{"number keeps its order", "אב 123", "123 בא", true},
		{"number with separators", "אב 1,234.5", "1,234.5 בא", true},
		{"latin inside", "אב hello world גד", "דג hello world בא", true},
		{"brackets turn", "אב (גד)", "(דג) בא", true},
		{"in a latin paragraph", "abc אב גד def", "abc דג בא def", false},
		{"latin full stop", "abc אב.", "abc בא.", false},
		{"percent", "אב 50%", "50% בא", true},
		{"arabic number", "سلام 12", "12 مالس", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := NewFace(mono).Layout(c.in, 1000)
			if got := shown(l); got != c.want || l.Lines[0].RTL != c.rtl {
				t.Errorf("shown %q rtl %v, want %q rtl %v", got, l.Lines[0].RTL, c.want, c.rtl)
			}
		})
	}
}

func TestOnlyItsParagraphIsArranged(t *testing.T) {
	l := NewFace(mono).Layout("latin\nשלום\nlatin", 1000)
	for i, rtl := range []bool{false, true, false} {
		if l.Lines[i].RTL != rtl || (l.Lines[i].Pieces != nil) != rtl {
			t.Errorf("line %d: %+v", i, l.Lines[i])
		}
	}
}

// An override character must not make a neighbour read backwards.
func TestOverridesDoNotReorder(t *testing.T) {
	l := NewFace(mono).Layout("invoice\u202egpj.exe", 1000)
	if l.Text != "invoicegpj.exe" || l.Lines[0].Pieces != nil {
		t.Errorf("%q in %v", l.Text, l.Lines[0].Pieces)
	}
}

func TestHit(t *testing.T) {
	f := NewFace(mono)
	l := f.Layout("abc שלום def", 1000)
	// a b c _ ם ו ל ש _ d e f, ten units each.
	for _, c := range []struct {
		x    float32
		want int // in runes
	}{{-5, 0}, {4, 0}, {6, 1}, {31, 3}, {41, 8}, {78, 4}, {81, 8}, {200, 12}} {
		got := len([]rune(l.Text[:f.Offset(&l, 0, c.x)]))
		if got != c.want {
			t.Errorf("at %g: place %d, want %d", c.x, got, c.want)
		}
	}
	spans := f.Spans(&l, 0, 2, 6, nil) // "c ש"
	if len(spans) != 2 || spans[0] != (Span{20, 20}) || spans[1] != (Span{70, 10}) {
		t.Errorf("spans %v", spans)
	}
}

func TestUnder(t *testing.T) {
	f := NewFace(mono)
	l := f.Layout("abc שלום def\n好", 1000)
	// Whichever half of a character it is, and beyond the ends the last one there.
	for _, c := range []struct {
		line int
		x    float32
		want int // in runes
	}{{0, -5, 0}, {0, 4, 0}, {0, 9, 0}, {0, 11, 1}, {0, 41, 7}, {0, 49, 7}, {0, 78, 4}, {0, 200, 11}, {1, 19, 13}, {1, 300, 13}} {
		got := len([]rune(l.Text[:f.Under(&l, c.line, c.x)]))
		if got != c.want {
			t.Errorf("at %g of line %d: character %d, want %d", c.x, c.line, got, c.want)
		}
	}
	empty := f.Layout("", 100)
	if got := f.Under(&empty, 0, 50); got != 0 {
		t.Errorf("in nothing %d", got)
	}
	smile := f.LayoutParts("a[x]b", []Part{{Start: 1, End: 4, Advance: 20}}, 100)
	for x, want := range map[float32]int{5: 0, 11: 1, 29: 1, 31: 4} {
		if got := f.Under(&smile, 0, x); got != want {
			t.Errorf("with a picture, at %g: %d, want %d", x, got, want)
		}
	}
}

func TestParagraph(t *testing.T) {
	l := Layout{Text: "one\ntwo words\n\nlast"}
	for at, want := range map[int]string{0: "one", 3: "one", 4: "two words", 12: "two words", 14: "", 15: "last", 19: "last", 99: "last"} {
		if a, b := l.Paragraph(at); l.Text[a:b] != want {
			t.Errorf("around %d is %q, want %q", at, l.Text[a:b], want)
		}
	}
}

func TestWord(t *testing.T) {
	l := Layout{Text: "say hello_1, 你好 there"}
	for _, c := range []struct {
		at   int
		want string
	}{{0, "say"}, {3, " "}, {5, "hello_1"}, {11, ","}, {13, "你好"}, {16, "你好"}, {len(l.Text), "there"}} {
		if a, b := l.Word(c.at); l.Text[a:b] != c.want {
			t.Errorf("word at %d is %q, want %q", c.at, l.Text[a:b], c.want)
		}
	}
}
