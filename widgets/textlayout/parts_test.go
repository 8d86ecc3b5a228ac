package textlayout

import (
	"strings"
	"testing"
)

// pictures makes a picture of width 25 of each "[x]", and words of each "<x>".
func pictures(text string) (parts []Part) {
	for i := 0; i < len(text); i++ {
		var closing byte
		var advance float32
		switch text[i] {
		case '[':
			closing, advance = ']', 25
		case '<':
			closing = '>'
		default:
			continue
		}
		if n := strings.IndexByte(text[i:], closing); n > 0 && (advance == 0 || !strings.Contains(text[i:i+n], "\n")) {
			parts = append(parts, Part{Start: i, End: i + n + 1, Advance: advance})
			i += n
		}
	}
	return parts
}

func TestPartsBreak(t *testing.T) {
	for _, c := range []struct {
		name, text string
		limit      float32
		want       string // lines joined by |
	}{
		{"as wide as the picture", "ab[smile]cd", 65, "ab[smile]cd"},
		{"goes to the next line whole", "abc[smile]", 50, "abc|[smile]"},
		{"breaks before and after it", "abcde[x]fgh", 60, "abcde|[x]fgh"},
		{"punctuation stays with it", "abc[x].", 60, "abc|[x]."},
		{"side by side", "[a][b][c]", 60, "[a][b]|[c]"},
		{"with a blank in it", "abc [a b] d", 60, "abc|[a b] d"},
		{"wider than the line", "a[x]b", 20, "a|[x]|b"},
		{"a digit that begins it", "12[1]", 40, "12|[1]"},
		{"words break as any", "see <a long link> there", 80, "see <a|long|link>|there"},
		{"words alone", "<abc>", 100, "<abc>"},
		{"hanzi before and after", "你好[x]世界", 70, "你好[x]|世界"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := NewFace(mono).LayoutParts(c.text, pictures(c.text), c.limit)
			if got := strings.Join(lines(l), "|"); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// Words with a face of their own are as wide as that says: the line breaks where they
// end, and clicks find their letters.
func TestPartsWithAFace(t *testing.T) {
	broad := NewFace(func(s string) float32 { return 2 * mono(s) })
	for _, c := range []struct {
		name, text string
		from, to   int
		limit      float32
		want       string
	}{
		{"they are wider", "abcdef", 2, 4, 1000, "abcdef"},
		{"nothing fits behind them", "ab cd ef", 3, 5, 75, "ab cd|ef"},
		{"the text would fit, they do not", "ab cd ef", 3, 8, 80, "ab cd|ef"},
		{"hanzi", "你好世界你好", 6, 12, 65, "你好|世|界你|好"},
		{"at the beginning", "abc de", 0, 3, 70, "abc|de"},
		{"longer than a line", "a bbbbbbbbbb c", 2, 12, 60, "a|bbb|bbb|bbb|b c"},
	} {
		parts := []Part{{Start: c.from, End: c.to, Face: broad}}
		f := NewFace(mono)
		l := f.LayoutParts(c.text, parts, c.limit)
		if got := strings.Join(lines(l), "|"); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		for i, ln := range l.Lines {
			var w float32
			for at, r := range c.text[ln.Start:ln.Visible] {
				n := mono(string(r))
				if at += ln.Start; at >= c.from && at < c.to {
					n *= 2
				}
				if got := f.Offset(&l, i, w+n/4); got != at {
					t.Errorf("%s: at %g is byte %d, want %d", c.name, w+n/4, got, at)
				}
				w += n
			}
			if ln.Width != w {
				t.Errorf("%s: line %d is %g wide, want %g", c.name, i, ln.Width, w)
			}
		}
	}
	// Two of them side by side, and a picture behind.
	text := "abcd[x]"
	l := NewFace(mono).LayoutParts(text, []Part{{Start: 0, End: 2, Face: broad}, {Start: 2, End: 4, Face: broad}, {Start: 4, End: 7, Advance: 25}}, 1000)
	if want := 2*mono("abcd") + 25; l.Width != want || len(l.Lines[0].Pieces) != 3 {
		t.Errorf("%g wide in %d pieces, want %g", l.Width, len(l.Lines[0].Pieces), want)
	}
}

func TestPartsHold(t *testing.T) {
	f := NewFace(mono)
	for _, s := range append(samples[:len(samples):len(samples)],
		"[a]", "[a][b]", "a[b]c", "שלום [a] עולם", "[א] abc", "abc [a] שלום <ab> (x)", "<אב> [x] 12", "a\t[b]\t<c\td>", "[a]\n[b]\n<c\nd>",
		"[a]\u0301b", "AV<AV>AV[AV]AV", strings.Repeat("[x]", 60), strings.Repeat("<a b>", 60), "[👨\u200d👩][🏽]🏽", "नम[a]स्ते",
	) {
		s = Clean(s)
		for limit := float32(5); limit < 200; limit += 13 {
			checkParts(t, f, s, pictures(s), limit)
		}
	}
}

func FuzzParts(f *testing.F) {
	f.Add("a[b]c <d e> שלום[x]", 60)
	f.Fuzz(func(t *testing.T, s string, limit int) {
		if s = Clean(s); len(s) <= 2000 {
			checkParts(t, NewFace(mono), s, pictures(s), float32(min(max(limit, 1), 2000)))
		}
	})
}

func TestPartsHit(t *testing.T) {
	f := NewFace(mono)
	text := "ab[微笑]cd"
	l := f.LayoutParts(text, pictures(text), 1000)
	end := strings.Index(text, "]") + 1
	for _, c := range []struct {
		x    float32
		want int
	}{{0, 0}, {19, 2}, {30, 2}, {34, end}, {46, end}, {51, end + 1}, {99, len(text)}} {
		if got := f.Offset(&l, 0, c.x); got != c.want {
			t.Errorf("at %g: place %d, want %d", c.x, got, c.want)
		}
	}
	if spans := f.Spans(&l, 0, 1, end, nil); len(spans) != 1 || spans[0] != (Span{10, 35}) {
		t.Errorf("spans %v", spans)
	}
	if l.Width != 65 || l.Lines[0].Width != 65 {
		t.Errorf("width %g", l.Width)
	}
	for _, at := range []int{2, 3, end - 1} {
		if a, b := l.Word(at); text[a:b] != "[微笑]" {
			t.Errorf("the word at %d is %q", at, text[a:b])
		}
	}
	if a, b := l.Word(end); text[a:b] != "cd" {
		t.Errorf("the word behind it is %q", text[a:b])
	}
	if p, ok := l.PieceAt(0, 21); !ok || p.Part != 1 {
		t.Errorf("at 21 is %+v", p)
	}
	if _, ok := l.PieceAt(0, 65); ok {
		t.Error("there is something behind the line")
	}
}

// A picture in text from right to left stands where it is read, and the letters
// of its code decide nothing.
func TestPartsAmongDirections(t *testing.T) {
	for _, c := range []struct {
		text, want string
		rtl        bool
	}{
		{"אב[smile]גד", "דג[smile]בא", true},
		{"[smile] אב", "בא [smile]", true},
		{"abc [חיוך] def", "abc [חיוך] def", false},
		{"אב <cd> גד", "דג <cd> בא", true},
	} {
		l := NewFace(mono).LayoutParts(c.text, pictures(c.text), 1000)
		var b strings.Builder
		for _, p := range l.Lines[0].Pieces {
			s := l.Text[p.Start:p.End]
			if p.Text != "" && p.RTL {
				rs := []rune(p.Text)
				for i := range len(rs) / 2 {
					rs[i], rs[len(rs)-1-i] = rs[len(rs)-1-i], rs[i]
				}
				s = string(rs)
			}
			b.WriteString(s)
		}
		if got := b.String(); got != c.want || l.Lines[0].RTL != c.rtl {
			t.Errorf("%q is shown as %q, rtl %v", c.text, got, l.Lines[0].RTL)
		}
	}
}
