package textlayout

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// mono measures like a terminal: 10 for a narrow character, 20 for a wide one,
// nothing for marks, with a kern of -1 between A and V.
func mono(s string) float32 {
	var w float32
	prev := rune(0)
	for _, r := range s {
		switch {
		case extends(r), r == 0x200b, r == 0x2060, r == 0xad:
		case r >= 0x1100 && (classify(r) == ideographic || r >= 0x2e80 && r < 0xd7ff || r > 0xff00 && r < 0xff61 || r >= 0x1f000):
			w += 20
		default:
			w += 10
		}
		if prev == 'A' && r == 'V' {
			w--
		}
		prev = r
	}
	return w
}

func lines(l Layout) []string {
	out := make([]string, len(l.Lines))
	for i, ln := range l.Lines {
		out[i] = l.Text[ln.Start:ln.Visible]
	}
	return out
}

func TestLayoutBreaks(t *testing.T) {
	for _, c := range []struct {
		name, text string
		limit      float32
		want       string // lines joined by |
	}{
		{"empty", "", 100, ""},
		{"fits", "hello", 100, "hello"},
		{"between words", "hello big world", 100, "hello big|world"},
		{"spaces hang", "hello     world", 60, "hello|world"},
		{"line feed", "a\nb", 100, "a|b"},
		{"blank line", "a\n\nb", 100, "a||b"},
		{"last line feed", "a\n", 100, "a|"},
		{"windows and old line ends", "a\r\nb\rc", 100, "a|b|c"},
		{"between hanzi", "你好世界", 60, "你好世|界"},
		{"closing punctuation stays", "你好世界，好", 80, "你好世|界，好"},
		{"two of them stay", "你好世界！？", 80, "你好世|界！？"},
		{"opening punctuation goes along", "你好世（界）", 80, "你好世|（界）"},
		{"corner brackets", "他说「你好」", 60, "他说|「你|好」"},
		{"small kana stays", "あいうっえ", 60, "あい|うっえ"},
		{"hanzi and latin", "你好hello世界", 90, "你好hello|世界"},
		{"after a wide comma", "你好，hello", 100, "你好，|hello"},
		{"hyphen", "well-known thing", 60, "well-|known|thing"},
		{"option", "use -f now", 50, "use|-f|now"},
		{"number", "is 3.14159", 60, "is|3.1415|9"},
		{"exclamation", "hello !", 60, "hello|!"},
		{"address", "https://example.org/path/to", 140, "https://|example.org/|path/to"},
		{"no slash in sight", "aaaaaaaaaaaaaaa", 60, "aaaaaa|aaaaaa|aaa"},
		{"no-break space", "a b\u00a0c d", 40, "a|b\u00a0c|d"},
		{"zero width space", "ไทย\u200bดีๆ", 40, "ไทย|ดีๆ"},
		{"dashes stay together", "你好世——好", 60, "你好|世——好"},
		{"family stays together", "ab👨\u200d👩\u200d👧cd", 70, "ab|👨\u200d👩\u200d👧|cd"},
		{"accent stays on its letter", "aaae\u0301b", 40, "aaae\u0301|b"},
		{"flag", "abc🇨🇳", 40, "abc|🇨🇳"},
		{"hangul by word", "안녕 하세요", 80, "안녕|하세요"},
		{"kerned", "AVAVA", 48, "AVAVA"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := NewFace(mono).Layout(c.text, c.limit)
			if got := strings.Join(lines(l), "|"); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// check holds a layout to what every layout must be.
func check(t *testing.T, f *Face, text string, limit float32) {
	t.Helper()
	checkParts(t, f, Clean(text), nil, limit)
}

func checkParts(t *testing.T, f *Face, text string, parts []Part, limit float32) {
	t.Helper()
	l := f.LayoutParts(text, parts, limit)
	if again := f.LayoutParts(text, parts, limit); !reflect.DeepEqual(l, again) { // all is measured by now
		t.Fatalf("%q twice: %+v and %+v", text, l, again)
	}
	if long := f.layout(text, parts, limit, true); !reflect.DeepEqual(l, long) {
		t.Fatalf("%q the short way %+v, the long way %+v", text, l, long)
	}
	if !utf8.ValidString(l.Text) {
		t.Fatalf("%q is not UTF-8", l.Text)
	}
	if again := Clean(l.Text); again != l.Text {
		t.Fatalf("cleaned twice %q differs from %q", again, l.Text)
	}
	at := 0
	for i, ln := range l.Lines {
		if ln.Start != at || ln.End < ln.Start || ln.Visible < ln.Start || ln.Visible > ln.End {
			t.Fatalf("line %d of %q is %+v, expected to begin at %d", i, text, ln, at)
		}
		at = ln.End
		shown, rest := l.Text[ln.Start:ln.Visible], l.Text[ln.Visible:ln.End]
		if strings.ContainsRune(shown, '\n') {
			t.Fatalf("line %q holds a line feed", shown)
		}
		for _, p := range parts {
			if p.Advance > 0 && (p.Start < ln.Start && p.End > ln.Start || p.Start < ln.Visible && p.End > ln.Visible) {
				t.Fatalf("line %q breaks the picture %+v of %q", shown, p, text)
			}
		}
		for _, r := range rest {
			if c := classify(r); c != space && c != newline && c != zeroBreak {
				t.Fatalf("line %q leaves out %q", shown, rest)
			}
		}
		if i+1 < len(l.Lines) && ln.End == ln.Start {
			t.Fatalf("line %d of %q is empty and not the last", i, text)
		}
		kerns := float32(0) // a line in pieces is drawn without the kerning between them
		if len(parts) > 0 {
			kerns = float32(len(ln.Pieces))
		}
		if ln.Width > limit+kerns+0.01 && countUnits(f, &l, ln) > 1 {
			t.Fatalf("line %q is %g wide, limit %g", shown, ln.Width, limit)
		}
		if ln.Width > l.Width+0.01 {
			t.Fatalf("line %q is wider than its layout", shown)
		}
		if r, _ := utf8.DecodeRuneInString(shown); i > 0 && len(parts) == 0 && classify(r) == closer && !strings.HasSuffix(l.Text[:ln.Start], "\n") {
			// Only where the line before had no other place to end.
			before := l.Lines[i-1]
			if k := strings.IndexByte(l.Text[before.Start:before.Visible], ' '); k > 0 && k < before.Visible-before.Start-1 && allASCII(l.Text[before.Start:before.Visible]) {
				t.Fatalf("line %q begins with closing punctuation after %q", shown, l.Text[before.Start:before.Visible])
			}
		}
		checkPieces(t, f, &l, i)
	}
	if at != len(l.Text) {
		t.Fatalf("lines end at %d of %d bytes", at, len(l.Text))
	}
}

func allASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf || s[i] == '-' || splitAfter(rune(s[i])) || s[i] == ' ' && i+1 < len(s) && classify(rune(s[i+1])) != alphabetic {
			return false
		}
	}
	return true
}

func countUnits(f *Face, l *Layout, ln Line) (n int) {
	for i := ln.Start; i < ln.Visible; n++ {
		part, end := l.part(i)
		if l.picture(part) > 0 {
			i = end
			continue
		}
		i = f.unit(l.Text[:min(end, ln.Visible)], i, -1, 0, false).end
	}
	return n
}

func checkPieces(t *testing.T, f *Face, l *Layout, i int) {
	t.Helper()
	ln := l.Lines[i]
	if ln.Pieces != nil {
		covered := make([]bool, ln.Visible-ln.Start)
		var x float32
		for _, p := range ln.Pieces {
			if p.X < x-0.01 || p.X > x+0.01 {
				t.Fatalf("piece %+v does not follow at %g", p, x)
			}
			x += p.Width
			if n, end := l.part(p.Start); n != p.Part || p.End > end || l.picture(n) > 0 && p.End != end {
				t.Fatalf("piece %+v is not of part %d, which ends at %d", p, n, end)
			}
			for k := p.Start; k < p.End; k++ {
				if covered[k-ln.Start] {
					t.Fatalf("byte %d is in two pieces", k)
				}
				covered[k-ln.Start] = true
			}
		}
		for k, ok := range covered {
			if !ok {
				t.Fatalf("byte %d of line %q is in no piece", k, l.Text[ln.Start:ln.Visible])
			}
		}
	}
	for _, s := range f.Spans(l, i, ln.Start, ln.End, nil) {
		if s.X < -0.01 || s.X+s.Width > ln.Width+0.51 {
			t.Fatalf("span %+v is outside line of width %g", s, ln.Width)
		}
	}
	for x := float32(-5); x < ln.Width+10; x += 7 {
		if o := f.Offset(l, i, x); o < ln.Start || o > ln.Visible || o < len(l.Text) && !utf8.RuneStart(l.Text[o]) || inPicture(l, o) {
			t.Fatalf("offset %d at %g is not a place in %+v", o, x, ln)
		}
	}
}

// inPicture reports whether a place is in the middle of a picture.
func inPicture(l *Layout, at int) bool {
	for _, p := range l.Parts {
		if p.Advance > 0 && p.Start < at && at < p.End {
			return true
		}
	}
	return false
}

func TestLayoutHolds(t *testing.T) {
	f := NewFace(mono)
	for _, s := range samples {
		for limit := float32(5); limit < 200; limit += 13 {
			check(t, f, s, limit)
		}
	}
}

var samples = []string{
	"", " ", "\n", "\t", "a\tb\tc", "  leading", "trailing  ", "a  b", "\u00a0", "你好，世界。再见！",
	"mixed 中文 and English，标点（括号）“引号”……", "https://example.org/a/very/long/path?with=query&and=more#fragment",
	"שלום עולם (123) abc", "abc שלום def", "مرحبا بالعالم 2026", "x (עברית) y", "e\u0301\u0301\u0301", "\u0301 lone mark",
	"👨\u200d👩\u200d👧\u200d👦🏽🇨🇳🇨", "नमस्ते दुनिया", "สวัสดีชาวโลก", "안녕하세요 여러분", "\x00\x01a\u202eb\u2066c", "a\xffb\xc3",
	"、、、、、、、、、、", "((((((((((", "- - - --- -a", "\r\r\n\n\r", "a\u2028b", strings.Repeat("ab ", 50), strings.Repeat("字", 50),
	strings.Repeat("\u0300", 300), strings.Repeat("ا", 300), "1.2.3 שלום 4,5-6", "\tשלום\tx",
}

func FuzzLayout(f *testing.F) {
	for _, s := range samples {
		f.Add(s, 80)
	}
	f.Fuzz(func(t *testing.T, s string, limit int) {
		if len(s) > 2000 {
			return
		}
		check(t, NewFace(mono), s, float32(min(max(limit, 1), 2000)))
	})
}

func TestClean(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"plain", "plain"},
		{"tab\tand\nfeed", "tab\tand\nfeed"},
		{"a\x00b", "ab"},
		{"invoice\u202egpj.exe", "invoicegpj.exe"},
		{"\u2066a\u2069\u200fb", "ab"},
		{"bad\xff", "bad\ufffd"},
		{"a\r\nb\rc\u2028d\u0085e", "a\nb\nc\nd\ne"},
		{"\ufeffbom", "bom"},
		{"👨\u200d👩", "👨\u200d👩"},
		// What has no width makes no second Ada, and no name of nothing.
		{"A\u200bd\u2060a\u00ad", "Ada"},
		{"A\u200dda\u200c", "Ada"},
		{"\u3164\u115f\U000e0041", ""},
		{"สวัสดี\u200bครับ", "สวัสดี\u200bครับ"},
		{"می\u200cخواهم", "می\u200cخواهم"},
		{"क्\u200dष", "क्\u200dष"},
		{"🏳\ufe0f\u200d🌈", "🏳\ufe0f\u200d🌈"},
		{"🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f!", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f!"},
		{"葛\U000e0100", "葛"},
		// Nor do marks reach into the neighbours' lines.
		{"e" + strings.Repeat("\u0301", 50) + "é", "e" + strings.Repeat("\u0301", 4) + "é"},
		{"שָׁ֔לוֹם", "שָׁ֔לוֹם"},
	} {
		got := Clean(c.in)
		if got != c.want {
			t.Errorf("Clean(%q) = %q, want %q", c.in, got, c.want)
		}
		if again := Clean(got); again != got {
			t.Errorf("Clean(%q) = %q, cleaned again %q", c.in, got, again)
		}
	}
}

// A piece is moved as its font asks for, once for a script, and not if any of it is in the
// own font: Fyne puts the two on one line then.
func TestDrop(t *testing.T) {
	f := NewFace(func(s string) float32 { return float32(len(s)) })
	if d := f.Drop("שלום"); d != 0 {
		t.Errorf("%g without anybody to ask", d)
	}
	asked := 0
	f.SetDrop(func(s string) float32 {
		asked++
		if s == "字" {
			return 0
		}
		return 3
	})
	for _, c := range []struct {
		piece string
		want  float32
	}{{"שלום", 3}, {"שלום עליכם", 3}, {"שלום 2048", 0}, {"a", 0}, {" ", 0}, {"", 0}, {"字 שלום", 0}} {
		if d := f.Drop(c.piece); d != c.want {
			t.Errorf("%q is moved by %g, want %g", c.piece, d, c.want)
		}
	}
	if asked != 2 {
		t.Errorf("asked %d times for two scripts", asked)
	}
}
