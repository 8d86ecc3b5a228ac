package textlayout

import (
	"strings"
	"unicode"
)

// Blank reports whether text shows nothing: a name of such characters would make
// whoever bears it look like nobody, or like somebody else.
func Blank(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		switch r {
		case 0x115f, 0x1160, 0x3164, 0xffa0, 0x2800: // Hangul fillers, a pattern without a dot: as blank as a space
			return false
		}
		return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.IsMark(r)
	})
}
