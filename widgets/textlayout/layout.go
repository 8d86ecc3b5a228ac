package textlayout

import "unicode/utf8"

// Layout is a text in lines. Offsets are bytes of Text.
type Layout struct {
	// Text is what was given, cleaned (see [Clean]).
	Text string
	// Parts are those that were given to [Face.LayoutParts].
	Parts []Part
	// Lines cover Text without gaps; there is always one.
	Lines []Line
	// Width is that of the widest line.
	Width float32
}

// Line is one line of a [Layout].
type Line struct {
	// Start and End are the bytes of the line with the spaces and the line feed
	// that end it; Text[Start:Visible] is drawn.
	Start, End, Visible int
	// Width is that of Text[Start:Visible].
	Width float32
	// RTL says that the paragraph reads from right to left: the line belongs at
	// the right edge.
	RTL bool
	// Pieces is nil where nothing on the line is out of order and no part
	// stands on it, else what it consists of from left to right.
	Pieces []Piece
	// Whole says that the line may be drawn in one go all the same: a shaper that
	// takes it for a left-to-right paragraph draws what Pieces say.
	Whole bool
}

// Piece is a part of a line that is drawn by itself.
type Piece struct {
	// Start and End are its bytes. Text is what is drawn, which differs from
	// those bytes by a mirrored bracket; empty for white space and pictures.
	Start, End int
	Text       string
	// Part is the number of the part it belongs to, from 1; 0 for none.
	Part int
	// X is its left edge from that of the line.
	X, Width float32
	RTL      bool
}

// splitAfter reports whether a word too long for a line is better split after r.
func splitAfter(r rune) bool {
	switch r {
	case '/', '?', '&', '=', '-', '_', '.', ',', ';', ':', '#', '%', '\\', '|', '+', '@':
		return true
	}
	return false
}

// liner is the state of breaking one text.
type liner struct {
	f     *Face
	limit float32
	long  bool // without the short ways; tests compare
	out   Layout

	start int     // where the line begins
	x     float32 // how far it has come
	vis   int     // end of its last visible character
	visX  float32
	brk   mark  // the last place where it may end
	next  int   // the part that comes next, see seek
	stop  int   // where it begins or, within words, ends, or the text does
	face  *Face // of what comes before that
	soft  mark  // the last place where a long word is better split
}

// mark is a place on the line: an offset, how far the line had come there, and
// the same for its last visible character.
type mark struct {
	at   int
	x    float32
	vis  int
	visX float32
}

// Layout breaks text into lines no wider than limit, unless a single character is
// wider. It cleans text first.
func (f *Face) Layout(text string, limit float32) Layout {
	return f.layout(Clean(text), nil, limit, false)
}

func (f *Face) layout(text string, parts []Part, limit float32, long bool) Layout {
	l := liner{f: f, limit: limit, long: long}
	l.out.Text, l.out.Parts = text, parts
	l.seek(0)
	l.run()
	if HasRTL(l.out.Text) {
		f.arrange(&l.out)
	} else {
		f.split(&l.out)
	}
	return l.out
}

func (l *liner) run() {
	text := l.out.Text
	prev := unit{class: newline, last: -1}
	for i := 0; i < len(text); {
		if i > l.stop || i == l.stop && !l.atPicture(i) {
			face := l.face
			if l.seek(i); l.face != face {
				prev.last = -1 // nothing is kerned across
			}
		}
		if i == l.start {
			prev = unit{class: newline, last: -1}
		} else if !l.long {
			n := l.letters(i, &prev)
			if n == i {
				n = l.hanzi(i, &prev)
			}
			if n > i {
				i = n
				continue
			}
		}
		var u unit
		if i == l.stop {
			u = l.pictureUnit()
		} else {
			u = l.face.unit(text[:l.stop], i, prev.last, l.x, true)
			if u.advance > l.limit && u.end-i > 1 {
				u = l.face.unit(text[:l.stop], i, prev.last, l.x, false)
			}
		}
		if u.class == newline {
			l.emit(u.end, l.vis, l.visX)
			l.restart(u.end)
			i = u.end
			continue
		}
		if i > l.start && l.mayBreak(prev, u, i) {
			l.brk = mark{i, l.x, l.vis, l.visX}
		}
		if u.class == space || u.class == zeroBreak {
			l.x += u.advance
			prev, i = u, u.end
			continue
		}
		if l.x+u.advance > l.limit && i > l.start {
			if l.wrap(i) == i {
				prev = unit{class: newline, last: -1}
			}
			continue
		}
		l.x += u.advance
		l.vis, l.visX = u.end, l.x
		if splitAfter(u.first) {
			l.soft = mark{u.end, l.x, u.end, l.x}
		}
		prev, i = u, u.end
	}
	if l.start < len(text) || len(l.out.Lines) == 0 || text[len(text)-1] == '\n' {
		l.emit(len(text), l.vis, l.visX)
	}
}

// letters goes over ASCII letters and digits that follow one, as long as they fit
// and have been measured before, and returns where it ended: the short way
// through most text.
func (l *liner) letters(i int, prev *unit) int {
	text, f, b := l.out.Text, l.face, prev.last
	if b < 0 || !plain[b] {
		return i
	}
	x, from := l.x, i
	for i < l.stop {
		c := text[i]
		if c >= utf8.RuneSelf || !plain[c] || i+1 < len(text) && text[i+1] >= utf8.RuneSelf {
			break
		}
		kerns := f.pairs[b]
		if kerns == nil {
			break
		}
		to := x + f.ascii[c] + kerns[c]
		if !(to <= l.limit) { // too far, or not measured yet
			break
		}
		x, b = to, rune(c)
		i++
	}
	if i > from {
		l.x, l.vis, l.visX = x, i, x
		prev.first, prev.last, prev.end = b, b, i
	}
	return i
}

// hanzi is letters for Hanzi that follow one: the line may end before each.
func (l *liner) hanzi(i int, prev *unit) int {
	if prev.class != ideographic {
		return i
	}
	text, f, from := l.out.Text, l.face, i
	x, before := l.x, l.x
	for i+3 <= l.stop && text[i] >= 0xe4 && text[i] <= 0xe9 {
		if i+3 < len(text) {
			// Nothing that could belong to this character may follow.
			if b := text[i+3]; b >= utf8.RuneSelf && (b < 0xe4 || b > 0xe9) {
				break
			}
		}
		r := rune(text[i]&0xf)<<12 | rune(text[i+1]&0x3f)<<6 | rune(text[i+2]&0x3f)
		if r < 0x4e00 || r > 0x9fff {
			break
		}
		to := x + f.rune(r)
		if to > l.limit {
			break
		}
		before, x = x, to
		i += 3
	}
	if i > from {
		l.brk = mark{i - 3, before, i - 3, before}
		l.x, l.vis, l.visX = x, i, x
		prev.end, prev.last = i, -1
	}
	return i
}

// mayBreak reports whether the line may end at i, between prev and u.
func (l *liner) mayBreak(prev, u unit, i int) bool {
	if prev.first == '-' && (i < l.start+2 || !wordByte(l.out.Text[i-2])) {
		return false // "-f" is one thing, "well-known" may be parted
	}
	if breaks(prev.class, u.class, u.first) {
		return true
	}
	return prev.class == closer && wide(prev.first) && (u.class == alphabetic || u.class == opener || u.class == dash)
}

// wordByte reports whether b ends a letter or digit (of any script, roughly).
func wordByte(b byte) bool {
	return b >= 0x80 || b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z'
}

// wrap ends the line before the character at i, which does not fit, and returns
// where the next one begins.
func (l *liner) wrap(i int) int {
	m := l.brk
	switch {
	case m.at > l.start:
	case l.soft.at > l.start && l.soft.x > l.limit*0.5:
		m = l.soft
	default:
		m = mark{i, l.x, l.vis, l.visX}
	}
	l.emit(m.at, m.vis, m.visX)
	soft := l.soft
	x, vis, visX := l.x-m.x, l.vis, l.visX-m.x
	l.restart(m.at)
	l.x = x
	if vis > m.at {
		l.vis, l.visX = vis, visX
	}
	if soft.at > m.at {
		l.soft = mark{soft.at, soft.x - m.x, soft.vis, soft.visX - m.x}
	}
	return m.at
}

func (l *liner) emit(end, vis int, width float32) {
	l.out.Lines = append(l.out.Lines, Line{Start: l.start, End: end, Visible: vis, Width: width})
	l.out.Width = max(l.out.Width, width)
}

func (l *liner) restart(at int) {
	l.start, l.x, l.vis, l.visX = at, 0, at, 0
	l.brk, l.soft = mark{at: -1}, mark{at: -1}
}
