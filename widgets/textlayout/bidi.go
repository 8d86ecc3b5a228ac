package textlayout

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/bidi"
)

// HasRTL reports whether text holds a character that is written from right to
// left.
func HasRTL(text string) bool {
	for i := 0; i < len(text); i++ {
		// The lead bytes of U+0590–08FF, U+F900–FFFF, U+10000–1FFFF.
		switch b := text[i]; {
		case b < 0xd6:
			continue
		case b <= 0xdf, b == 0xe0, b == 0xef, b == 0xf0:
		default:
			continue
		}
		r, _ := utf8.DecodeRuneInString(text[i:])
		if r >= 0x590 && r <= 0x8ff || r >= 0xfb1d && r <= 0xfdff || r >= 0xfe70 && r <= 0xfefc ||
			r >= 0x10800 && r <= 0x10fff || r >= 0x1e800 && r <= 0x1eeff {
			return true
		}
	}
	return false
}

// arrange gives the lines of paragraphs with right-to-left text their direction
// and pieces.
func (f *Face) arrange(l *Layout) {
	for first := 0; first < len(l.Lines); {
		last := first
		for last+1 < len(l.Lines) && !strings.HasSuffix(l.Text[l.Lines[last].Start:l.Lines[last].End], "\n") {
			last++
		}
		from, to := l.Lines[first].Start, l.Lines[last].End
		if p := l.Text[from:to]; HasRTL(p) {
			levels, base := resolve(p, l.pictures(from, to))
			for i := first; i <= last; i++ {
				ln := &l.Lines[i]
				ln.RTL = base == 1
				ln.Pieces = f.pieces(l, ln, levels[ln.Start-from:], base)
				ln.Width = 0
				for _, q := range ln.Pieces {
					ln.Width += q.Width
				}
			}
		} else {
			for i := first; i <= last; i++ {
				f.splitLine(l, &l.Lines[i])
			}
		}
		first = last + 1
	}
	l.Width = 0
	for _, ln := range l.Lines {
		l.Width = max(l.Width, ln.Width)
	}
}

// pictures returns the pictures in Text[from:to], with their offsets from there.
func (l *Layout) pictures(from, to int) []Part {
	var all []Part
	for _, p := range l.Parts {
		if p.Advance > 0 && p.Start >= from && p.End <= to {
			all = append(all, Part{Start: p.Start - from, End: p.End - from})
		}
	}
	return all
}

// resolve returns the embedding level of every byte of a paragraph and that of
// the paragraph itself. Explicit embeddings do not occur in cleaned text, and a
// picture is neutral, whatever the letters of its code are.
func resolve(p string, pictures []Part) (levels []uint8, base uint8) {
	cls := make([]bidi.Class, len(p)) // by byte; bytes inside a character repeat it
	for i, r := range p {
		props, _ := bidi.LookupRune(r)
		for n := range max(1, utf8.RuneLen(r)) {
			if i+n < len(p) {
				cls[i+n] = props.Class()
			}
		}
	}
	for _, a := range pictures {
		for i := a.Start; i < a.End; i++ {
			cls[i] = bidi.ON
		}
	}
	sor := bidi.L
	for _, c := range cls { // P2, P3
		if c == bidi.L {
			break
		}
		if c == bidi.R || c == bidi.AL {
			base, sor = 1, bidi.R
			break
		}
	}
	weak(cls, sor)
	neutral(cls, sor)
	levels = make([]uint8, len(p))
	for i, c := range cls { // I1, I2
		switch {
		case base == 0 && c == bidi.R:
			levels[i] = 1
		case base == 0 && (c == bidi.EN || c == bidi.AN):
			levels[i] = 2
		case base == 1 && c == bidi.R:
			levels[i] = 1
		case base == 1:
			levels[i] = 2
		}
	}
	return levels, base
}

// weak applies the rules W1 to W7.
func weak(cls []bidi.Class, sor bidi.Class) {
	strong, prev := sor, sor
	for i, c := range cls {
		if c == bidi.NSM { // W1
			c = prev
		}
		prev = c
		switch c {
		case bidi.L, bidi.R, bidi.AL:
			strong = c
		case bidi.EN:
			if strong == bidi.AL { // W2
				c = bidi.AN
			}
		}
		cls[i] = c
	}
	for i := range cls {
		switch c := cls[i]; c {
		case bidi.AL: // W3
			cls[i] = bidi.R
		case bidi.ES, bidi.CS: // W4
			if i > 0 && i+1 < len(cls) && cls[i-1] == cls[i+1] && (cls[i-1] == bidi.EN || c == bidi.CS && cls[i-1] == bidi.AN) {
				cls[i] = cls[i-1]
			}
		}
	}
	for i := 0; i < len(cls); i++ { // W5
		if cls[i] != bidi.ET {
			continue
		}
		j := i
		for j < len(cls) && cls[j] == bidi.ET {
			j++
		}
		if i > 0 && cls[i-1] == bidi.EN || j < len(cls) && cls[j] == bidi.EN {
			for k := i; k < j; k++ {
				cls[k] = bidi.EN
			}
		}
		i = j - 1
	}
	strong = sor
	for i, c := range cls {
		switch c {
		case bidi.L, bidi.R:
			strong = c
		case bidi.EN:
			if strong == bidi.L { // W7
				cls[i] = bidi.L
			}
		case bidi.AN:
		default: // W6 and all neutrals
			cls[i] = bidi.ON
		}
	}
}

// neutral applies the rules N1 and N2.
func neutral(cls []bidi.Class, sor bidi.Class) {
	side := func(c bidi.Class) bidi.Class {
		if c == bidi.L {
			return bidi.L
		}
		return bidi.R // numbers count as right-to-left here
	}
	for i := 0; i < len(cls); i++ {
		if cls[i] != bidi.ON {
			continue
		}
		j := i
		for j < len(cls) && cls[j] == bidi.ON {
			j++
		}
		before, after := sor, sor
		if i > 0 {
			before = side(cls[i-1])
		}
		if j < len(cls) {
			after = side(cls[j])
		}
		to := sor
		if before == after {
			to = before
		}
		for k := i; k < j; k++ {
			cls[k] = to
		}
		i = j - 1
	}
}
