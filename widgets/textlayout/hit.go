package textlayout

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Span is a stretch of a line on the screen, from its left edge.
type Span struct{ X, Width float32 }

// Spans appends to buf what is covered on line i by the bytes from a to b, from
// left to right: one span, or several where directions mix.
func (f *Face) Spans(l *Layout, i, a, b int, buf []Span) []Span {
	ln := &l.Lines[i]
	a, b = max(a, ln.Start), min(b, ln.Visible)
	if a >= b {
		return buf
	}
	if ln.Pieces == nil {
		x := f.Width(l.Text[ln.Start:a])
		return append(buf, Span{x, f.Width(l.Text[ln.Start:b]) - x})
	}
	for _, p := range ln.Pieces {
		from, to := max(a, p.Start), min(b, p.End)
		if from >= to {
			continue
		}
		x, end := f.along(l, p, from), f.along(l, p, to)
		if n := len(buf); n > 0 && buf[n-1].X+buf[n-1].Width >= min(x, end)-0.5 {
			buf[n-1].Width = max(x, end) - buf[n-1].X
			continue
		}
		buf = append(buf, Span{min(x, end), max(x, end) - min(x, end)})
	}
	return buf
}

// along returns where in piece p the byte at is, from the left edge of the line.
func (f *Face) along(l *Layout, p Piece, at int) float32 {
	if l.picture(p.Part) > 0 && at > p.Start {
		at = p.End
	}
	switch at {
	case p.Start:
		if p.RTL {
			return p.X + p.Width
		}
		return p.X
	case p.End:
		if p.RTL {
			return p.X
		}
		return p.X + p.Width
	}
	w := min(f.of(l, p.Part).Width(l.Text[p.Start:at]), p.Width)
	if p.RTL {
		return p.X + p.Width - w
	}
	return p.X + w
}

// Offset returns the place between two characters of line i that is nearest to x,
// measured from the left edge of the line.
func (f *Face) Offset(l *Layout, i int, x float32) int { return f.reach(l, i, x, 0.5) }

// Under returns the beginning of the character of line i that is at x, measured
// from the left edge of the line, or of the one at the end nearer to x. On a line
// without characters that is where the line begins.
func (f *Face) Under(l *Layout, i int, x float32) int {
	ln := &l.Lines[i]
	at := f.reach(l, i, x, 1)
	if at >= ln.Visible && at > ln.Start {
		for at--; at > ln.Start && !boundary(l.Text, at); {
			at--
		}
	}
	return at
}

// reach returns the end of the last character of line i that x has passed by a
// share of its width, in the order of reading.
func (f *Face) reach(l *Layout, i int, x, share float32) int {
	ln := &l.Lines[i]
	if ln.Pieces == nil {
		return f.passed(l.Text, ln.Start, ln.Visible, x, share)
	}
	if len(ln.Pieces) == 0 {
		return ln.Start
	}
	p := ln.Pieces[0]
	for _, q := range ln.Pieces[1:] {
		if x < q.X {
			break
		}
		p = q
	}
	x = min(max(x-p.X, 0), p.Width)
	if p.RTL {
		x = p.Width - x
	}
	if l.picture(p.Part) > 0 {
		if x < p.Width*share {
			return p.Start
		}
		return p.End
	}
	return f.of(l, p.Part).passed(l.Text, p.Start, p.End, x, share)
}

// passed is reach within text[from:to], with x from its beginning.
func (f *Face) passed(text string, from, to int, x, share float32) int {
	var at float32
	prev := rune(-1)
	for i := from; i < to; {
		u := f.unit(text[:to], i, prev, at, false)
		if x < at+u.advance*share {
			return i
		}
		at += u.advance
		prev, i = u.last, u.end
	}
	return to
}

// Word returns the bytes of the word around at: what a double click selects.
func (l *Layout) Word(at int) (from, to int) {
	c := wordClass(l.Text, at)
	if at >= len(l.Text) && at > 0 {
		at--
		for at > 0 && !boundary(l.Text, at) {
			at--
		}
		c = wordClass(l.Text, at)
	}
	low, high := 0, len(l.Text)
	for _, p := range l.Parts {
		switch {
		case p.Advance == 0:
		case p.End <= at:
			low = p.End
		case p.Start <= at:
			return p.Start, p.End // a picture is a word of its own
		default:
			high = min(high, p.Start)
		}
	}
	from, to = at, at
	for from > low {
		p := from - 1
		for p > low && !boundary(l.Text, p) {
			p--
		}
		if wordClass(l.Text, p) != c {
			break
		}
		from = p
	}
	for to < high && wordClass(l.Text, to) == c {
		to++
		for to < high && !boundary(l.Text, to) {
			to++
		}
	}
	return from, to
}

// Paragraph returns the bytes between the line feeds around at, without them.
func (l *Layout) Paragraph(at int) (from, to int) {
	at = min(at, len(l.Text))
	from = strings.LastIndexByte(l.Text[:at], '\n') + 1
	if n := strings.IndexByte(l.Text[at:], '\n'); n >= 0 {
		return from, at + n
	}
	return from, len(l.Text)
}

// boundary reports whether a character begins at byte i.
func boundary(s string, i int) bool { return utf8.RuneStart(s[i]) }

// wordClass sorts the character at i for Word: letters and digits, Hanzi and the
// like, white space, anything else.
func wordClass(s string, i int) int {
	if i >= len(s) {
		return -1
	}
	r, _ := utf8.DecodeRuneInString(s[i:])
	switch {
	case unicode.IsSpace(r):
		return 0
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana):
		return 1
	case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r), r == '_':
		return 2
	}
	return 3
}
