package textlayout

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// leveled is a piece with its embedding level.
type leveled struct {
	Piece
	level uint8
}

// pieces cuts a line into parts that are drawn in one go and puts them in the
// order in which they stand on the screen. levels are those of the bytes from
// the line's start.
func (f *Face) pieces(l *Layout, ln *Line, levels []uint8, base uint8) []Piece {
	text := l.Text
	var all []leveled
	joinable := false // whether the last piece may grow
	for i := ln.Start; i < ln.Visible; {
		part, end := l.part(i)
		if w := l.picture(part); w > 0 {
			level := levels[i-ln.Start]
			all = append(all, leveled{Piece{Start: i, End: end, Part: part, Width: w, RTL: level%2 == 1}, level})
			joinable = false
			i = end
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		n = clusterEnd(text[:end], i+n, r) - i
		level := levels[i-ln.Start]
		c := classify(r)
		// From right to left only letters are left to the shaper: white space
		// and punctuation are placed, and brackets turned, here.
		single := c == space || level%2 == 1 && (c != alphabetic || !strong(r))
		if single || !joinable || all[len(all)-1].level != level || all[len(all)-1].Part != part {
			all = append(all, leveled{Piece{Start: i, End: i, Part: part, RTL: level%2 == 1}, level})
		}
		joinable = !single
		all[len(all)-1].End = i + n
		i += n
	}
	ln.Whole = base == 0 && alone(text, all)
	var x float32
	for k := range all {
		p := &all[k]
		if l.picture(p.Part) > 0 {
			x += p.Width
			continue
		}
		s := text[p.Start:p.End]
		r, _ := utf8.DecodeRuneInString(s)
		switch {
		case classify(r) == space:
			// A tab is as wide as it was when the line was broken, in the order
			// of reading.
			p.Width = f.of(l, p.Part).unit(s, 0, -1, x, false).advance
			x += p.Width
			continue
		case p.RTL:
			if m := mirror(r); m != r {
				s = string(m)
			}
		}
		p.Text, p.Width = s, f.of(l, p.Part).Width(s)
		x += p.Width
	}
	// L2: from the highest level down, what is at that level or above turns.
	for level := uint8(2); level >= 1; level-- {
		for i := 0; i < len(all); i++ {
			j := i
			for j < len(all) && all[j].level >= level {
				j++
			}
			slices.Reverse(all[i:j])
			i = max(i, j-1)
		}
	}
	out := make([]Piece, len(all))
	x = 0
	for i, p := range all {
		out[i] = p.Piece
		out[i].X = x
		x += p.Width
	}
	return out
}

// alone reports whether the pieces of a left-to-right line hold single words from
// right to left and nothing else out of order: that a shaper gets right by
// itself, on a common baseline. (Of several words it may not: what is between
// them can come from another font, and the runs are then put side by side.)
func alone(text string, all []leveled) bool {
	for i, p := range all {
		if p.level > 1 || p.level == 1 && i > 0 && all[i-1].level == 1 || p.Part > 0 || text[p.Start] == '\t' {
			return false
		}
	}
	return true
}

// split cuts lines with parts or tabs into pieces: a drawn string must not depend
// on where its tab stops fall.
func (f *Face) split(l *Layout) {
	if len(l.Parts) == 0 && strings.IndexByte(l.Text, '\t') < 0 {
		return
	}
	l.Width = 0
	for i := range l.Lines {
		f.splitLine(l, &l.Lines[i])
		l.Width = max(l.Width, l.Lines[i].Width)
	}
}

func (f *Face) splitLine(l *Layout, ln *Line) {
	var x float32
	add := func(p Piece) {
		p.X = x
		x += p.Width
		ln.Pieces = append(ln.Pieces, p)
	}
	for at := ln.Start; at < ln.Visible; {
		part, end := l.part(at)
		end = min(end, ln.Visible)
		if w := l.picture(part); w > 0 {
			add(Piece{Start: at, End: end, Part: part, Width: w})
			at = end
			continue
		}
		tab := strings.IndexByte(l.Text[at:end], '\t')
		switch {
		case tab < 0 && ln.Pieces == nil && end == ln.Visible && part == 0:
			return
		case tab < 0:
			tab = end - at
		}
		if tab > 0 {
			s := l.Text[at : at+tab]
			add(Piece{Start: at, End: at + tab, Text: s, Part: part, Width: f.of(l, part).Width(s)})
			at += tab
		}
		if at < end {
			add(Piece{Start: at, End: at + 1, Part: part, Width: f.of(l, part).asciiUnit('\t', at+1, -1, x).advance})
			at++
		}
	}
	ln.Width = x
}

// strong reports whether r is a letter, a digit or a mark of a right-to-left
// script, which a shaper may be given in a run.
func strong(r rune) bool {
	return r >= 0x590 && r != 0x60c && r != 0x61b && r != 0x61f && (r < 0x2000 || r >= 0xfb1d)
}

// mirror returns how r looks when it is read from right to left.
func mirror(r rune) rune {
	const pairs = "()[]{}<>«»‹›≤≥"
	before := rune(-1)
	for i, p := range []rune(pairs) {
		if p == r && i%2 == 1 {
			return before
		}
		if before == r && i%2 == 1 {
			return p
		}
		before = p
	}
	return r
}
