package fulltext

import (
	"slices"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxTerm is how many bytes of a word are one term. Longer words are several,
// one after the other.
const maxTerm = 40

// Text is a text cut into elements: the characters of unspaced scripts, words,
// and what separates them. The number of an element is its position.
type Text struct {
	folded   []byte // all elements one after the other, separators empty
	elements []element
}

// element is folded[from:to], which stands for start:end of the text.
type element struct {
	from, to   uint32
	start, end uint32
	class      class // separator, character or letter
}

// Analyse cuts a text. Separators at its ends are left out, and a run of them
// is one element.
func Analyse(s string) *Text {
	t := new(Text)
	t.analyse(s)
	return t
}

// analyse cuts another text in place of that which t had.
func (t *Text) analyse(s string) {
	t.folded, t.elements = slices.Grow(t.folded[:0], len(s)), slices.Grow(t.elements[:0], len(s)/3+1)
	if norm.NFC.IsNormalString(s) {
		for at, r := range s {
			_, size := utf8.DecodeRuneInString(s[at:])
			t.add(r, at, at+size)
		}
	} else {
		// As names of files from a Mac come: letters and their accents apart.
		var parts norm.Iter
		parts.InitString(norm.NFC, s)
		for at := 0; !parts.Done(); at = parts.Pos() {
			composed := string(parts.Next())
			for _, r := range composed {
				t.add(r, at, parts.Pos())
			}
		}
	}
	if n := len(t.elements); n > 0 && t.elements[n-1].class == separator {
		t.elements = t.elements[:n-1]
	}
}

// add appends a character of the text, which is at start:end.
func (t *Text) add(r rune, start, end int) {
	r = narrow(r)
	c := classOf(r)
	last := len(t.elements) - 1
	before := separator
	if last >= 0 {
		before = t.elements[last].class
	}
	switch {
	case c == ignored:
		return
	case c == accent && before == letter:
		// Accents that are no part of one character with their letter. Latin ones go.
		e := &t.elements[last]
		if t.folded[e.to-1] >= utf8.RuneSelf && e.to-e.from <= maxTerm-utf8.UTFMax {
			t.folded = utf8.AppendRune(t.folded, r)
		}
		e.to, e.end = uint32(len(t.folded)), uint32(end)
		return
	case c == accent && before == character:
		c = character
	case c == accent:
		c = separator
	}
	switch {
	case c == separator:
		if last < 0 || before == separator {
			return
		}
	case c == letter && before == letter:
		if e := &t.elements[last]; e.to-e.from <= maxTerm-utf8.UTFMax {
			t.folded = appendFolded(t.folded, r)
			e.to, e.end = uint32(len(t.folded)), uint32(end)
			return
		}
	}
	from := uint32(len(t.folded))
	switch c {
	case letter:
		t.folded = appendFolded(t.folded, r)
	case character:
		t.folded = utf8.AppendRune(t.folded, r)
	}
	t.elements = append(t.elements, element{from, uint32(len(t.folded)), uint32(start), uint32(end), c})
}

// term is what stands in the index for position i: a word, a character with the
// one after it, or a character alone where no other follows. nil for a separator.
func (t *Text) term(i int) []byte {
	e := &t.elements[i]
	switch {
	case e.class == separator:
		return nil
	case e.class == character && i+1 < len(t.elements) && t.elements[i+1].class == character:
		return t.folded[e.from:t.elements[i+1].to]
	}
	return t.folded[e.from:e.to]
}

// slots is how many slots a document takes with this text. There is always a
// position that stays empty at the end, so that no phrase leads from one
// document into the next.
func (t *Text) slots() uint32 { return uint32(len(t.elements)/slotPositions) + 1 }

// slotPositions is how many positions of a text share a slot: those of positionBits.
const (
	positionBits  = 6
	slotPositions = 1 << positionBits
)
