package textlayout

import (
	"math"
	"strings"
	"unicode/utf8"
)

// Caches beyond these sizes start again: nothing that a peer writes may fill
// the memory.
const (
	maxBlocks = 512 // of 256 characters
	maxWords  = 1 << 12
	// maxUnit is the longest unit in bytes: a longer word is measured in parts, a
	// taller stack of marks begins again.
	maxUnit = 64
)

// tabStop is the distance of tab stops, in units of the screen.
const tabStop = 40

// Face measures text in one font at one size. Make it with [NewFace], and make
// another when the font changes.
type Face struct {
	measure func(string) float32
	// runes holds the advances of characters by blocks of 256; NaN where one was
	// not asked for yet.
	runes map[rune]*[256]float32
	// block and blockOf are the block used last.
	block   *[256]float32
	blockOf rune
	words   map[string]float32
	ascii   [128]float32
	// pairs holds how much nearer than their advances two ASCII characters
	// stand, by the first; NaN where that was not asked for yet. There are dozens of
	// faces, and most see a few letters only.
	pairs [128]*[128]float32
	// look is asked for the drop of a character, and drops remembers that by blocks of
	// 256; see [Face.Drop].
	look  func(string) float32
	drops map[rune]float32
}

// NewFace makes a face over a function that returns how wide a string is drawn,
// in units of the screen.
func NewFace(measure func(string) float32) *Face {
	f := &Face{measure: measure, runes: make(map[rune]*[256]float32), blockOf: -1, words: make(map[string]float32)}
	nan := float32(math.NaN())
	for i := range f.ascii {
		f.ascii[i] = nan
	}
	return f
}

// SetDrop says who is asked for [Face.Drop].
func (f *Face) SetDrop(look func(text string) float32) {
	f.look, f.drops = look, make(map[rune]float32)
}

// Drop returns how much lower than text of the own font a piece must be drawn to stand
// on the same baseline, in units of the screen: 0 unless [Face.SetDrop] was called and all
// of the piece is of scripts that another font is used for.
func (f *Face) Drop(piece string) float32 {
	least := float32(math.MaxFloat32)
	for _, r := range piece {
		switch {
		case f.look == nil || r < 0x590 && r != ' ': // Latin, Greek, Cyrillic: the own font, or one like it
			return 0
		case r == ' ':
			continue
		}
		d, known := f.drops[r>>8]
		if !known {
			d = f.look(string(r))
			f.drops[r>>8] = d
		}
		if d == 0 {
			return 0
		}
		least = min(least, d)
	}
	if least == math.MaxFloat32 {
		return 0
	}
	return least
}

// Width returns how wide s is drawn on one line.
func (f *Face) Width(s string) float32 {
	var x float32
	prev := rune(-1)
	for i := 0; i < len(s); {
		u := f.unit(s, i, prev, x, true)
		x += u.advance
		prev = u.last
		i = u.end
	}
	return x
}

// Fit returns s if it is no wider than limit, else as much of it as fits with an
// ellipsis behind, and the width of that.
func (f *Face) Fit(s string, limit float32) (string, float32) {
	const ellipsis = "…"
	dots := f.rune('…')
	var x, keptX float32
	kept := 0
	prev := rune(-1)
	for i := 0; i < len(s); {
		u := f.unit(s, i, prev, x, false)
		x += u.advance
		if x > limit {
			return s[:kept] + ellipsis, keptX + dots
		}
		prev, i = u.last, u.end
		if x+dots <= limit {
			kept, keptX = i, x
		}
	}
	return s, x
}

// unit is the least that is measured at once: mostly one character.
type unit struct {
	end     int // byte offset behind it
	first   rune
	last    rune // for kerning with what follows; -1 if there is none
	class   class
	advance float32
}

// unit measures what stands at s[i:]. prev is the ASCII character before it on
// the line or -1, x where on the line it begins (for tabs). With whole, a word
// of a contextual script is one unit.
func (f *Face) unit(s string, i int, prev rune, x float32, whole bool) unit {
	if b := s[i]; b < utf8.RuneSelf && (i+1 >= len(s) || s[i+1] < utf8.RuneSelf) {
		return f.asciiUnit(rune(b), i+1, prev, x)
	}
	r, n := utf8.DecodeRuneInString(s[i:])
	end := i + n
	if whole && contextual(r) {
		end = wordEnd(s, end)
		return unit{end: end, first: r, last: -1, class: alphabetic, advance: f.word(s[i:end])}
	}
	end = clusterEnd(s, end, r)
	if end > i+n {
		c := classify(r)
		if c == space || c == newline { // a mark on nothing
			return f.asciiUnit(r, i+n, prev, x)
		}
		return unit{end: end, first: r, last: -1, class: c, advance: f.word(s[i:end])}
	}
	if r < utf8.RuneSelf {
		return f.asciiUnit(r, end, prev, x)
	}
	return unit{end: end, first: r, last: -1, class: classify(r), advance: f.rune(r)}
}

func (f *Face) asciiUnit(r rune, end int, prev rune, x float32) unit {
	if r >= utf8.RuneSelf { // a space of another kind under a mark
		return unit{end: end, first: r, last: -1, class: classify(r), advance: f.rune(r)}
	}
	u := unit{end: end, first: r, last: r, class: classify(r)}
	switch r {
	case '\n':
		u.last = -1
	case '\t':
		u.last = -1
		u.advance = float32(math.Floor(float64(x/tabStop))+1)*tabStop - x
	default:
		a := f.ascii[r]
		if a != a {
			a = f.measure(string(r))
			f.ascii[r] = a
		}
		if prev > 0 {
			a += f.kern(prev, r)
		}
		u.advance = a
	}
	return u
}

// kern returns what is added to the advance of b behind a, both ASCII.
func (f *Face) kern(a, b rune) float32 {
	row := f.pairs[a]
	if row == nil {
		row = new([128]float32)
		for i := range row {
			row[i] = float32(math.NaN())
		}
		f.pairs[a] = row
	}
	k := row[b]
	if k != k {
		k = f.measure(string([]rune{a, b})) - f.measure(string(a)) - f.measure(string(b))
		row[b] = k
	}
	return k
}

func (f *Face) rune(r rune) float32 {
	switch r {
	case 0x200b, 0x2060, zwj, zwnj, 0xad:
		return 0
	}
	if r>>8 != f.blockOf {
		f.enter(r >> 8)
	}
	w := f.block[r&0xff]
	if w != w {
		w = f.measure(string(r))
		f.block[r&0xff] = w
	}
	return w
}

// enter makes block n the one used last.
func (f *Face) enter(n rune) {
	b := f.runes[n]
	if b == nil {
		if len(f.runes) >= maxBlocks {
			clear(f.runes)
		}
		b = new([256]float32)
		for i := range b {
			b[i] = float32(math.NaN())
		}
		f.runes[n] = b
	}
	f.block, f.blockOf = b, n
}

func (f *Face) word(s string) float32 {
	if w, ok := f.words[s]; ok {
		return w
	}
	w := f.measure(s)
	if len(f.words) >= maxWords {
		clear(f.words)
	}
	f.words[strings.Clone(s)] = w
	return w
}

// clusterEnd returns where the character whose first rune r ends at s[end:] is
// complete, with its marks and whatever is joined to it.
func clusterEnd(s string, end int, r rune) int {
	if r >= 0x1f1e6 && r <= 0x1f1ff { // a flag is two of them
		if q, n := utf8.DecodeRuneInString(s[end:]); q >= 0x1f1e6 && q <= 0x1f1ff {
			end += n
		}
	}
	jamo := r >= 0x1100 && r <= 0x11ff
	for limit := end + maxUnit; end < len(s) && end < limit; {
		if s[end] < utf8.RuneSelf {
			break
		}
		q, n := utf8.DecodeRuneInString(s[end:])
		switch {
		case extends(q):
		case r == zwj && (q >= 0x1f000 || q >= 0x2190 && q <= 0x2bff):
		case jamo && q >= 0x1160 && q <= 0x11ff:
		default:
			return end
		}
		r = q
		end += n
	}
	return end
}

// wordEnd returns where a word of a contextual script that has reached s[end:]
// is over.
func wordEnd(s string, end int) int {
	for limit := end + maxUnit; end < len(s) && end < limit && s[end] >= utf8.RuneSelf; {
		r, n := utf8.DecodeRuneInString(s[end:])
		if !contextual(r) && !extends(r) {
			break
		}
		end += n
	}
	return end
}
