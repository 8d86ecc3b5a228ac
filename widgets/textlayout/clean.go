package textlayout

import (
	"strings"
	"unicode/utf8"
)

// Clean returns text as it may be shown. Bytes that are not UTF-8 become U+FFFD,
// every kind of line end becomes "\n", and characters that nobody sees but that
// could change how their neighbours look are taken out: control characters (NUL
// among them) other than tab and line feed, and everything that overrides or
// isolates direction (U+202A–202E, U+2066–2069, U+200E, U+200F, U+061C), so that
// a name like "gpj.exe" cannot be made to read backwards.
//
// Text that needs nothing done is returned as it is, without a copy.
func Clean(text string) string {
	i := firstDirty(text)
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
		case r == 0x85 || r == 0x2028 || r == 0x2029:
			b.WriteByte('\n')
		case !unseen(r):
			b.WriteRune(r) // a byte that is not UTF-8 decodes as U+FFFD
		}
	}
	return b.String()
}

// firstDirty returns where the first character that Clean changes is, or -1.
func firstDirty(text string) int {
	for i := 0; i < len(text); {
		if b := text[i]; b < utf8.RuneSelf {
			if b < 0x20 && b != '\n' && b != '\t' || b == 0x7f {
				return i
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && n == 1 || r == 0x2028 || r == 0x2029 || unseen(r) {
			return i
		}
		i += n
	}
	return -1
}

// unseen reports whether a character is left out.
func unseen(r rune) bool {
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
