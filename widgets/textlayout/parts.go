package textlayout

import "slices"

// Part is a stretch of a text that is drawn by itself: a picture among the
// letters, or words in another colour or weight.
type Part struct {
	// Start and End are its bytes.
	Start, End int
	// Advance is how wide a picture is, which is never broken, nor entered by
	// the cursor, whatever its bytes are (but line feeds). 0 for words, which
	// break as any.
	Advance float32
	// Face measures words of another weight; nil for that of the text.
	Face *Face
}

// LayoutParts is [Face.Layout] for a text with parts, in the order of the text
// and without overlaps. The text must be clean already (see [Clean]), as their
// offsets are within it.
func (f *Face) LayoutParts(text string, parts []Part, limit float32) Layout {
	return f.layout(text, parts, limit, false)
}

// part returns the number of the part that holds the byte at, from 1, or 0 for
// none, and where it or the text before the next one ends.
func (l *Layout) part(at int) (n, end int) {
	i, found := slices.BinarySearchFunc(l.Parts, at, func(p Part, at int) int {
		switch {
		case p.End <= at:
			return -1
		case p.Start > at:
			return 1
		}
		return 0
	})
	switch {
	case found:
		return i + 1, l.Parts[i].End
	case i < len(l.Parts):
		return 0, l.Parts[i].Start
	}
	return 0, len(l.Text)
}

// picture returns how wide the picture is that part n is, 0 if it is none.
func (l *Layout) picture(n int) float32 {
	if n == 0 {
		return 0
	}
	return l.Parts[n-1].Advance
}

// PieceAt returns the piece of line i at x, from the left edge of the line. ok is
// false beside the line and on lines without pieces.
func (l *Layout) PieceAt(i int, x float32) (p Piece, ok bool) {
	for _, p := range l.Lines[i].Pieces {
		if x >= p.X && x < p.X+p.Width {
			return p, true
		}
	}
	return Piece{}, false
}

// seek moves on to the first part that does not end before i and is measured
// otherwise than the text: a picture, or words with a face of their own.
func (l *liner) seek(i int) {
	parts := l.out.Parts
	for l.next < len(parts) && (parts[l.next].Advance == 0 && parts[l.next].Face == nil || parts[l.next].End <= i) {
		l.next++
	}
	l.face, l.stop = l.f, len(l.out.Text)
	if l.next == len(parts) {
		return
	}
	p := &parts[l.next]
	if l.stop = p.Start; p.Advance == 0 && p.Start <= i {
		l.face, l.stop = p.Face, p.End
	}
}

// atPicture reports whether a picture begins at i.
func (l *liner) atPicture(i int) bool {
	parts := l.out.Parts
	return l.next < len(parts) && parts[l.next].Advance > 0 && parts[l.next].Start == i
}

// of returns the face of part n, from 1; 0 for none.
func (f *Face) of(l *Layout, n int) *Face {
	if n == 0 || l.Parts[n-1].Face == nil {
		return f
	}
	return l.Parts[n-1].Face
}

// objectReplacement stands for a picture where a character is asked for.
const objectReplacement = '\ufffc'

// pictureUnit is the unit of the picture that begins here.
func (l *liner) pictureUnit() unit {
	p := l.out.Parts[l.next]
	return unit{end: p.End, first: objectReplacement, last: -1, class: ideographic, advance: p.Advance}
}
