package fulltext

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of a query. One that exceeds them is refused, not cut.
const (
	MaxQueryBytes    = 1024
	MaxQueryElements = 128
)

// Query is what is looked for. The zero value of a field asks for nothing.
type Query struct {
	// Words must all be there: those of ParseWords.
	Words []Phrase
	// From is whose document it is, Conversation where.
	From, Conversation string
	// Kinds: at least one of them; NoKinds: none of them.
	Kinds, NoKinds Kinds
	// Since and Until are the first and the last second; Until 0 is no end.
	Since, Until uint32
}

// Phrase is what must stand in a text one after the other: each word whole, the
// last one as the beginning of a word. What separates two words of it stands for
// whatever is between them, once: "a.b" is found by a/b, a b and a、b, and so is
// a的b, because separators are not in the index, only that there is one element.
type Phrase struct {
	text  *Text
	parts []part
}

// part is one term of a phrase, or a range of them, and where it is in it.
type part struct {
	offset uint32
	terms  termRange
}

// termRange is one term (below is empty) or all terms that begin with from,
// which are those below the end of the range.
type termRange struct{ from, below string }

func (r termRange) exact() bool { return r.below == "" }

func (r termRange) has(term string) bool {
	if r.exact() {
		return term == r.from
	}
	return term >= r.from && term < r.below
}

// beginning is the range of all terms that begin so.
func beginning(term string) termRange {
	end := []byte(term)
	for i := len(end) - 1; i >= 0; i-- {
		if end[i] < 0xff {
			end[i]++
			return termRange{term, string(end[:i+1])}
		}
	}
	return termRange{term, "\xff\xff"} // no text: terms are UTF-8
}

// ParseWords reads what a person typed: words that must all be there, with what
// is between quotation marks as one. nothing says that there is text in s, but
// none that can be found; large that it is more than a query may have.
func ParseWords(s string) (words []Phrase, nothing, large bool) {
	if len(s) > MaxQueryBytes {
		return nil, false, true
	}
	typed, elements := false, 0
	for _, w := range split(s) {
		typed = true
		t := Analyse(w)
		if len(t.elements) == 0 {
			continue
		}
		if elements += len(t.elements); elements > MaxQueryElements {
			return nil, false, true
		}
		p := newPhrase(t)
		if !slices.ContainsFunc(words, func(q Phrase) bool { return slices.Equal(p.parts, q.parts) }) {
			words = append(words, p)
		}
	}
	return words, typed && len(words) == 0, false
}

// split cuts at spaces, but not within quotation marks. A mark that has no
// partner is a space.
func split(s string) []string {
	var words []string
	for s != "" {
		at := strings.IndexFunc(s, func(r rune) bool { return unicode.IsSpace(r) || quote(r) })
		if at < 0 {
			return append(words, s)
		}
		if at > 0 {
			words = append(words, s[:at])
		}
		r, size := utf8.DecodeRuneInString(s[at:])
		s = s[at+size:]
		if !quote(r) {
			continue
		}
		if end := strings.IndexFunc(s, quote); end >= 0 {
			words = append(words, s[:end])
			_, size = utf8.DecodeRuneInString(s[end:])
			s = s[end+size:]
		}
	}
	return words
}

func quote(r rune) bool { return r == '"' || r == '“' || r == '”' || r == '«' || r == '»' }

// newPhrase finds the terms that a text must have.
func newPhrase(t *Text) Phrase {
	p := Phrase{text: t}
	n := len(t.elements)
	folded := func(i, j int) string { return string(t.folded[t.elements[i].from:t.elements[j-1].to]) }
	exact := func(i, j int) { p.parts = append(p.parts, part{uint32(i), termRange{from: folded(i, j)}}) }
	for i := 0; i < n; {
		end := i + 1
		for t.elements[i].class == character && end < n && t.elements[end].class == character {
			end++
		}
		switch {
		case t.elements[i].class == separator:
		case end-i == 1 && end == n:
			p.parts = append(p.parts, part{uint32(i), beginning(folded(i, end))})
		case end-i == 1:
			exact(i, end)
		default:
			// A run of characters: every second pair, and the last one.
			for at := i; at+2 < end; at += 2 {
				exact(at, at+2)
			}
			exact(end-2, end)
			if end < n { // something else follows, so the run ends here in the text too
				exact(end-1, end)
			}
		}
		i = end
	}
	return p
}
