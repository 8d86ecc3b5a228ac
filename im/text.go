package im

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// validText reports whether s is UTF-8 without NUL, of at most max bytes.
func validText(s string, max int) bool {
	return len(s) <= max && utf8.ValidString(s) && !strings.ContainsRune(s, 0)
}

// validName is validText for what stands for somebody or something on one line:
// control characters would break the line, and the characters that turn the
// direction of what follows would let one name pass for another.
func validName(s string, max int) bool {
	return validText(s, max) && !strings.ContainsFunc(s, unfitForName)
}

func unfitForName(r rune) bool { return unicode.IsControl(r) || turnsDirection(r) }

// turnsDirection reports whether r overrides, embeds or isolates the direction
// of text (U+202A–202E and U+2066–2069). The two plain marks, which right to
// left scripts need, do not.
func turnsDirection(r rune) bool {
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

func checkTexts(texts ...string) error {
	for _, s := range texts {
		if err := checkText("field", s); err != nil {
			return err
		}
	}
	return nil
}

// checkText lets over-long text pass, which the message as a whole reports.
func checkText(what, s string) error {
	if !validText(s, len(s)) {
		return Errorf(CodeInvalidParameter, "%s is not UTF-8 without NUL", what)
	}
	return nil
}

// CheckNesting refuses JSON that nests deeper than [MaxNesting]. A message may
// hold messages, and reading each level looks at all the levels inside it again.
func CheckNesting(data []byte) error {
	depth, quoted := 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if depth++; depth > MaxNesting {
				return fmt.Errorf("im: more than %d levels of JSON in one another", MaxNesting)
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return nil
}

// oneLine makes s fit into a line of words: runs of spaces and control
// characters become one space, direction controls go.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case turnsDirection(r):
			return -1
		case unicode.IsControl(r):
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// truncate returns s if it has at most max bytes, else as many of its runes as
// fit with an ellipsis after them. max is at least that of the ellipsis, 3.
func truncate(s string, max int) string {
	const ellipsis = "…"
	if len(s) <= max {
		return s
	}
	end := max - len(ellipsis)
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + ellipsis
}
