package textlayout

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxMarks is how many marks may stand on one letter. The scripts that pile them
// up use three or four; more would reach into the lines above and below.
const maxMarks = 4

// Clean returns text as it may be shown, whoever wrote it. Bytes that are not UTF-8
// become U+FFFD, every kind of line end becomes "\n", and what nobody sees but could
// change how its neighbours look, or make two names look like one, is taken out:
//
//   - control characters (NUL among them) other than tab and line feed
//   - everything that overrides or isolates direction (U+202A–202E, U+2066–2069,
//     U+200E, U+200F, U+061C), so that a name like "gpj.exe" cannot be made to read
//     backwards
//   - characters without width (U+200B, U+2060, fillers, tags, soft hyphens …).
//     Joiners stay where letters or emoji join, and the space without width where it
//     ends a word: in the scripts of South East Asia, which write no spaces.
//   - marks beyond the fourth on one letter
//
// Text that needs nothing done is returned as it is, without a copy.
func Clean(text string) string { return clean(text, cleaner{}) }

// Written returns text as a person may write it: as [Clean] does, but nothing that the
// person put there and others may need is taken out. A joiner that is typed before what
// it joins stays, and so do all marks.
func Written(text string) string { return clean(text, cleaner{all: true}) }

func clean(text string, c cleaner) string {
	all := c.all
	i := c.firstDirty(text)
	if i < 0 {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	b.WriteString(text[:i])
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		i += n
		switch {
		case r == '\r':
			if i >= len(text) || text[i] != '\n' {
				b.WriteByte('\n')
			}
			c = cleaner{all: all}
		case r == 0x85 || r == 0x2028 || r == 0x2029:
			b.WriteByte('\n')
			c = cleaner{all: all}
		case c.keeps(r):
			b.WriteRune(r) // a byte that is not UTF-8 decodes as U+FFFD
		}
	}
	return b.String()
}

// cleaner knows what stands before the next character.
type cleaner struct {
	before rune // the last one that was kept
	marks  int  // on the letter
	all    bool // it takes out nothing but what directs and controls
}

// firstDirty returns where the first character that Clean changes is, or -1.
func (c *cleaner) firstDirty(text string) int {
	for i := 0; i < len(text); {
		if b := text[i]; b < utf8.RuneSelf {
			if b < 0x20 && b != '\n' && b != '\t' || b == 0x7f {
				return i
			}
			c.before, c.marks = rune(b), 0
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && n == 1 || r == 0x2028 || r == 0x2029 || !c.keeps(r) {
			return i
		}
		i += n
	}
	return -1
}

// keeps reports whether a character is shown.
func (c *cleaner) keeps(r rune) bool {
	switch {
	case c.all:
		return !directs(r)
	case unseen(r):
		return false
	case r == 0x200c || r == 0x200d:
		if !joins(c.before) {
			return false
		}
	case r == 0x200b:
		if !unspaced(c.before) {
			return false
		}
	case r >= 0xe0020 && r <= 0xe007f: // the letters of a region's flag
		if c.before != 0x1f3f4 && (c.before < 0xe0020 || c.before > 0xe007e) {
			return false
		}
	case isMark(r):
		if c.marks == maxMarks {
			return false
		}
		c.marks++
		c.before = r
		return true
	}
	c.before, c.marks = r, 0
	return true
}

// joins reports whether a joiner after r has a meaning: in the scripts from Hebrew to
// Mongolian whose letters join, and between emoji.
func joins(r rune) bool {
	return r >= 0x590 && r < 0x1100 || r >= 0x1780 && r < 0x1cff || r >= 0xa800 && r < 0xac00 ||
		r >= 0x2190 && r < 0x2c00 || r == 0xfe0f || r >= 0x10a00 && r < 0x1bc00 || r >= 0x1f000 && r < 0x20000
}

// unspaced reports whether r is of a script without spaces between words: Thai, Lao,
// Burmese, Khmer, Tai Tham.
func unspaced(r rune) bool {
	return r >= 0xe00 && r < 0xf00 || r >= 0x1000 && r < 0x10a0 || r >= 0x1780 && r < 0x1800 || r >= 0x1950 && r < 0x1ab0
}

// isMark reports whether r stands on the letter before it and takes no room.
func isMark(r rune) bool {
	switch {
	case r < 0x300:
		return false
	case r <= 0x36f:
		return true
	case r >= 0x3000 && r < 0xa000: // Chinese and Japanese, fast
		return r >= 0x302a && r <= 0x302d || r == 0x3099 || r == 0x309a
	}
	return unicode.In(r, unicode.Mn, unicode.Me)
}

// directs reports whether a character controls something, or changes the direction or
// the look of its neighbours.
func directs(r rune) bool {
	switch {
	case r < 0x20:
		return r != '\n' && r != '\t'
	case r < 0x7f:
		return false
	case r <= 0x9f:
		return true
	case r < 0x61c:
		return false
	}
	return r == 0x61c || r == 0x200e || r == 0x200f || r >= 0x202a && r <= 0x202e ||
		r >= 0x2066 && r <= 0x2069 || r == 0xfeff || r >= 0xfff9 && r <= 0xfffb
}

// unseen reports whether a character is always left out.
func unseen(r rune) bool {
	switch {
	case directs(r), r == 0xad, r == 0x34f:
		return true
	case r < 0x61c:
		return false
	case r == 0x115f, r == 0x1160, r == 0x17b4, r == 0x17b5, r >= 0x180b && r <= 0x180f:
		return true
	case r >= 0x2060 && r <= 0x206f:
		return true
	case r == 0x3164, r >= 0xfe00 && r <= 0xfe0d, r == 0xffa0:
		return true
	}
	return r >= 0x1bca0 && r <= 0x1bca3 || r >= 0x1d173 && r <= 0x1d17a ||
		r >= 0xe0000 && r < 0xe0020 || r >= 0xe0080 && r <= 0xe0fff
}
