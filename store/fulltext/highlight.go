package fulltext

import (
	"bytes"
	"cmp"
	"slices"
	"sync"
	"unicode/utf8"
)

// Range is a part of a text, in bytes.
type Range struct{ Start, End int }

// texts are room for what is looked at and forgotten.
var texts = sync.Pool{New: func() any { return new(Text) }}

// Highlights returns where the words of a query are in a text, ascending and apart from
// one another; false if one of them is not there. It is what [Query.Run] answers from the
// index, said again by looking at the text.
func (q *Query) Highlights(text string) ([]Range, bool) {
	var list []Range
	t := texts.Get().(*Text)
	defer texts.Put(t)
	t.analyse(text)
	for i := range q.Words {
		p, before := q.Words[i].text, len(list)
		for at := range t.elements {
			if r, ok := t.at(p, at, text); ok {
				list = append(list, r)
			}
		}
		if len(list) == before {
			return nil, false
		}
	}
	slices.SortFunc(list, func(a, b Range) int { return cmp.Or(a.Start-b.Start, a.End-b.End) })
	merged := list[:0]
	for _, r := range list {
		if n := len(merged); n > 0 && r.Start <= merged[n-1].End {
			merged[n-1].End = max(merged[n-1].End, r.End)
		} else {
			merged = append(merged, r)
		}
	}
	return merged, true
}

// at reports whether the phrase p stands at element i of t, and where that is.
func (t *Text) at(p *Text, i int, text string) (Range, bool) {
	n := len(p.elements)
	if n == 0 || i+n > len(t.elements) {
		return Range{}, false
	}
	for k := range p.elements {
		a, b := &p.elements[k], &t.elements[i+k]
		if a.class == separator && (b.class != character || p.elements[k-1].class != character) {
			continue // see Phrase
		}
		if a.class != b.class {
			return Range{}, false
		}
		want, have := p.folded[a.from:a.to], t.folded[b.from:b.to]
		if !bytes.Equal(want, have) && (k != n-1 || a.class != letter || !bytes.HasPrefix(have, want)) {
			return Range{}, false
		}
	}
	last, of := &t.elements[i+n-1], &p.elements[n-1]
	end := int(last.end)
	if last.class == letter {
		end = beginningOf(text, int(last.start), end, int(of.to-of.from))
	}
	return Range{int(t.elements[i].start), end}, true
}

// beginningOf is where the first folded bytes of a word end in the text.
func beginningOf(text string, start, end, folded int) int {
	n := 0
	for at := start; at < end; {
		r, size := utf8.DecodeRuneInString(text[at:])
		r = narrow(r)
		if c := classOf(r); n >= folded && c != accent && c != ignored {
			return at
		} else if c == letter {
			n += len(appendFolded(nil, r))
		}
		at += size
	}
	return end
}
