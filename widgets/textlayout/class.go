package textlayout

import "unicode"

// class says how a character behaves at the end of a line. The names follow
// UAX #14, of which this is the part that chat needs.
type class uint8

const (
	alphabetic  class = iota // letters, digits: no break between two of them
	space                    // a break after, never before
	newline                  // a line ends here
	zeroBreak                // U+200B: a break after, no width
	glue                     // no break on either side
	ideographic              // a break on both sides
	opener                   // no break after
	closer                   // no break before
	nonStarter               // no break before: small kana, iteration marks
	hyphen                   // a break after, before a letter
	dash                     // pairs stay together: ——, ……
)

// plain marks the ASCII letters and digits.
var plain = func() (t [128]bool) {
	for b := range t {
		t[b] = b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z'
	}
	return t
}()

// classify returns the class of r.
func classify(r rune) class {
	if r < 0x80 {
		if r >= 0 && plain[r] {
			return alphabetic
		}
		switch r {
		case ' ', '\t':
			return space
		case '\n':
			return newline
		case '(', '[', '{':
			return opener
		case ')', ']', '}', '!', '?', ',', '.', ':', ';', '%':
			return closer
		case '-':
			return hyphen
		}
		return alphabetic
	}
	if r >= 0x4e00 && r <= 0x9fff {
		return ideographic
	}
	switch r {
	case 0xa0, 0x2007, 0x202f, 0x2060, 0x2011:
		return glue
	case 0x200b:
		return zeroBreak
	case 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2008, 0x2009, 0x200a, 0x205f, 0x3000:
		return space
	case 0x2010, 0x2012, 0x2013, 0xad:
		return hyphen
	case '—', '―', '…', '⋯', '‥':
		return dash
	case '“', '‘', '«', '‹', '「', '『', '【', '〈', '《', '〔', '〖', '〘', '〚', '（', '［', '｛', '｟', '｢', '〝':
		return opener
	case '”', '’', '»', '›', '」', '』', '】', '〉', '》', '〕', '〗', '〙', '〛', '）', '］', '｝', '｠', '｣', '〟', '〞',
		'、', '。', '，', '．', '！', '？', '：', '；', '％', '‰', '｡', '､', '·', '・', '～', '〜', '℃':
		return closer
	case 'ぁ', 'ぃ', 'ぅ', 'ぇ', 'ぉ', 'っ', 'ゃ', 'ゅ', 'ょ', 'ゎ', 'ゕ', 'ゖ', '々', '〻', 'ー', 'ゝ', 'ゞ', 'ヽ', 'ヾ',
		'ァ', 'ィ', 'ゥ', 'ェ', 'ォ', 'ッ', 'ャ', 'ュ', 'ョ', 'ヮ', 'ヵ', 'ヶ':
		return nonStarter
	}
	switch {
	case r < 0x2e80:
		if r >= 0x2600 && r <= 0x27bf || r >= 0x2300 && r <= 0x23ff || r >= 0x2b00 && r <= 0x2bff {
			return ideographic // symbols that are drawn as emoji
		}
		return alphabetic
	case r <= 0x33ff, r >= 0x3400 && r <= 0x4dbf, r >= 0xa000 && r <= 0xa4cf, r >= 0xf900 && r <= 0xfaff, r >= 0xff01 && r <= 0xff60:
		return ideographic
	case r >= 0x1f000 && r <= 0x1faff, r >= 0x20000 && r <= 0x3fffd:
		return ideographic
	}
	return alphabetic
}

// breaks reports whether a line may end between two characters of these classes.
// next is the first character after the place.
func breaks(a, b class, next rune) bool {
	switch b {
	case space, newline, closer, nonStarter, glue, zeroBreak:
		return a == zeroBreak && b != space && b != newline
	}
	switch a {
	case space, zeroBreak:
		return true
	case glue, opener:
		return false
	case hyphen:
		return b == ideographic || b == opener || unicode.IsLetter(next)
	case dash:
		return b != dash
	case closer:
		// "你好，world" may break, "3.14" and "example.org" may not.
		return b == ideographic
	}
	if b == dash {
		return false
	}
	return a == ideographic || a == nonStarter || b == ideographic
}

// wide reports whether a closer is full-width punctuation, after which a line may
// end whatever follows it.
func wide(r rune) bool {
	return r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xff60
}

// extends reports whether r belongs to the character before it.
func extends(r rune) bool {
	switch {
	case r < 0x300, r >= 0x2010 && r < 0x20d0, r >= 0xff00 && r < 0xfff0:
		return false
	case r >= 0x2e80 && r < 0xa66f && (r < 0x302a || r > 0x302f) && r != 0x3099 && r != 0x309a:
		return false
	}
	switch {
	case r == zwj, r == zwnj, r >= 0xfe00 && r <= 0xfe0f, r >= 0x1f3fb && r <= 0x1f3ff, r >= 0xe0020 && r <= 0xe007f, r >= 0xe0100 && r <= 0xe01ef:
		return true
	}
	return unicode.In(r, unicode.Mn, unicode.Me, unicode.Mc)
}

const (
	zwj  = 0x200d
	zwnj = 0x200c
)

// contextual reports whether r is of a script in which the width of a word is
// not the sum of its characters.
func contextual(r rune) bool {
	if r < 0x600 {
		return false
	}
	return r <= 0x8ff || // Arabic, Syriac, Thaana, N'Ko
		r >= 0x900 && r <= 0xdff || // Indic
		r >= 0xf00 && r <= 0x109f || // Tibetan, Myanmar
		r >= 0x1780 && r <= 0x18af || // Khmer, Mongolian
		r >= 0x1a20 && r <= 0x1bff || // Tai Tham, Balinese, Sundanese, Batak
		r >= 0xa980 && r <= 0xa9df || r >= 0xaa60 && r <= 0xaadf || r >= 0xabc0 && r <= 0xabff ||
		r >= 0xfb50 && r <= 0xfdff || r >= 0xfe70 && r <= 0xfefc ||
		r >= 0x10a00 && r <= 0x11fff || r >= 0x1e900 && r <= 0x1e95f
}
