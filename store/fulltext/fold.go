package fulltext

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Version is that of the rules by which text becomes terms, and terms become pages. An
// index that was made by others is made anew.
const Version = 2

// class is what a character is for searching.
type class uint8

const (
	separator class = iota
	// ignored: joiners, selectors of a form, marks of direction. "👍\ufe0f" is "👍".
	ignored
	// character: of a script without spaces between words, or an emoji. It is
	// found by itself and as part of any run of them.
	character
	// letter: of a word, which is found by how it begins.
	letter
	// accent: a mark on what is before it.
	accent
)

// unspaced are the scripts that are written without spaces between words, or
// (Hangul) with endings that make a search by words useless.
var unspaced = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo, unicode.Yi,
	unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tibetan,
}

func classOf(r rune) class {
	switch {
	case r < 0x80:
		if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' {
			return letter
		}
		return separator
	case r >= 0x4e00 && r <= 0x9fff: // most of all
		return character
	case r == utf8.RuneError:
		return separator
	case r == 0x00ad || r >= 0x200b && r <= 0x200f || r >= 0x2060 && r <= 0x206f || r >= 0xfe00 && r <= 0xfe0f || r == 0xfeff ||
		r >= 0x202a && r <= 0x202e || r >= 0xe0000 && r <= 0xe007f:
		return ignored
	case r == 'ー' || unicode.In(r, unspaced...):
		return character
	case unicode.Is(unicode.M, r):
		return accent
	case unicode.IsLetter(r) || unicode.IsNumber(r):
		return letter
	case unicode.Is(unicode.So, r) || r >= 0x1f3fb && r <= 0x1f3ff: // emoji and the tones of skin
		return character
	}
	return separator
}

// narrow turns the wide forms of ASCII, which Chinese keyboards type, into ASCII.
func narrow(r rune) rune {
	switch {
	case r >= 0xff01 && r <= 0xff5e:
		return r - 0xfee0
	case r == 0x3000:
		return ' '
	}
	return r
}

// foldedLatin are letters that are not a base and an accent to Unicode, but are
// to who types them without.
var foldedLatin = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'ħ': "h", 'ı': "i", 'ł': "l", 'þ': "th", 'ŋ': "n", 'ĸ': "k", 'ŧ': "t", 'ſ': "s",
}

// appendFolded appends a letter without case and, if it is Latin, without
// accents. Other scripts keep theirs, for they make other words.
func appendFolded(b []byte, r rune) []byte {
	if r < 0x80 {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return append(b, byte(r))
	}
	if r = unicode.ToLower(r); r == 'ς' {
		r = 'σ'
	}
	if !unicode.Is(unicode.Latin, r) {
		return append(b, string(r)...)
	}
	if s, ok := foldedLatin[r]; ok {
		return append(b, s...)
	}
	for _, part := range norm.NFD.String(string(r)) {
		if !unicode.Is(unicode.Mn, part) {
			b = append(b, string(part)...)
		}
	}
	return b
}
