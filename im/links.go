package im

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// linkAt returns the length in bytes of the link that begins at text[i] and its
// address with a scheme. The length is 0 if none begins there.
func linkAt(text string, i int) (n int, url string) {
	if i > 0 && wordByte(text[i-1]) {
		return 0, ""
	}
	s := text[i:]
	var host int
	switch {
	case hasPrefixFold(s, "https://"):
		host = len("https://")
	case hasPrefixFold(s, "http://"):
		host = len("http://")
	case hasPrefixFold(s, "magpie://"): // into the program itself
		host = len("magpie://")
	case hasPrefixFold(s, "www."):
		end := hostEnd(s, 0)
		if strings.Count(s[:end], ".") < 2 {
			return 0, ""
		}
		end = tailEnd(s, end)
		return end, "https://" + s[:end]
	default:
		return 0, ""
	}
	end := hostEnd(s, host)
	if end == host {
		return 0, ""
	}
	end = tailEnd(s, end)
	return end, s[:end]
}

// hasPrefixFold is strings.HasPrefix for a prefix in ASCII, whatever the case.
func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// hostEnd returns where the host name or number that begins at s[from] ends: at
// the first byte that cannot be in one, not counting dots and hyphens at the
// end. Letters outside ASCII belong to a host only if it begins with one, or a
// Chinese sentence would become part of the address before it.
func hostEnd(s string, from int) int {
	if strings.HasPrefix(s[from:], "[") { // an IPv6 address
		for i := from + 1; i < len(s) && i < from+48; i++ {
			if s[i] == ']' && i > from+2 {
				return i + 1
			}
			if !strings.ContainsRune("0123456789abcdefABCDEF:.", rune(s[i])) {
				break
			}
		}
		return from
	}
	first, _ := utf8.DecodeRuneInString(s[from:])
	international := first >= utf8.RuneSelf
	end := from // after the last letter or digit
	for i := from; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		switch {
		case r < utf8.RuneSelf && wordByte(byte(r)), international && isLetter(r):
			end = i
		case r == '.' && i-size == end && end > from:
			// Only after a letter or digit.
		case r == '-' && i-size > from && s[i-size-1] != '.':
			// Anywhere but where a part begins.
		default:
			return end
		}
	}
	return end
}

// tailEnd returns where the port, path, query and fragment end that follow a
// host at s[from:].
func tailEnd(s string, from int) int {
	i := from
	if i < len(s) && s[i] == ':' {
		j := i + 1
		for j < len(s) && s[j] >= '0' && s[j] <= '9' {
			j++
		}
		if j > i+1 {
			i = j
		}
	}
	if i == len(s) || !strings.ContainsRune("/?#", rune(s[i])) {
		return i
	}
	return trimEnd(s, i, pathEnd(s, i))
}

// pathEnd returns where the path that begins at s[from] ends, punctuation of
// the sentence included: at a sign that may not be in an address, at a bracket
// that was not opened in it, at an emoji, and at a letter outside ASCII that
// follows one inside, because that is where a Chinese sentence goes on.
func pathEnd(s string, from int) int {
	var open []byte // the brackets that would close what is open
	word := false   // the byte before is an ASCII letter or digit
	for i := from; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if word || !isLetter(r) {
				return i
			}
			i += size
			continue
		}
		switch c {
		case '(':
			open = append(open, ')')
		case '[':
			if n, _ := emojiAt(s[i:]); n > 0 {
				return i
			}
			open = append(open, ']')
		case ')', ']':
			if len(open) == 0 || open[len(open)-1] != c {
				return i
			}
			open = open[:len(open)-1]
		case '<', '>', '"', '`', '{', '}', '|', '\\', '^':
			return i
		default:
			if c <= ' ' || c == 0x7f {
				return i
			}
			if sequenceAt(s[i:]) > 0 { // a keycap
				return i
			}
		}
		word = wordByte(c)
		i++
	}
	return len(s)
}

// trimEnd takes from the address that ends at s[end] what belongs to the
// sentence around it. The first byte of the path, s[from], stays.
func trimEnd(s string, from, end int) int {
	for end > from+1 && strings.IndexByte(".,;:!?'([", s[end-1]) >= 0 {
		end--
	}
	return end
}

// isLetter reports whether r may stand in a word of an address: a letter or a
// digit of any script, or a mark on one. Punctuation, full width signs among
// it, may not.
func isLetter(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)) && !emojiMark(r)
}

// emojiMark reports whether r is a mark that occurs in emoji only.
func emojiMark(r rune) bool { return r == 0xfe0e || r == 0xfe0f || r == 0x20e3 }

// HasLink reports whether [ParseText] finds a link in a text.
func HasLink(text string) bool {
	for i := range len(text) {
		if c := text[i] | 0x20; c == 'h' || c == 'm' || c == 'w' {
			if n, _ := linkAt(text, i); n > 0 {
				return true
			}
		}
	}
	return false
}
