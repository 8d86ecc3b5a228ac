package im

import (
	_ "embed"
	"strings"
	"sync"
	"unicode/utf8"
)

// emojiSequences holds the emoji of Unicode, one a line, in the order of the
// code points and without U+FE0F except at the end of a single sign that is
// text unless U+FE0F follows. scripts/emoji/make.sh makes it.
//
//go:embed emojisequences.txt
var emojiSequences string

const (
	textStyle  = "\ufe0e" // the sign before is shown as text
	emojiStyle = "\ufe0f" // the sign before is shown as emoji
)

// emojiTable knows every emoji by its sequence without U+FE0F.
type emojiTable struct {
	sequences map[string]emojiForm
	longest   map[rune]int // the most code points of a sequence by its first
}

// emojiForm says whether a sequence is shown as emoji by itself.
type emojiForm bool

const (
	emojiAlone emojiForm = true  // an emoji by itself
	emojiAsked emojiForm = false // text, unless U+FE0F follows
)

var emojis = sync.OnceValue(func() *emojiTable {
	t := &emojiTable{sequences: map[string]emojiForm{}, longest: map[rune]int{}}
	for line := range strings.Lines(emojiSequences) {
		line = strings.TrimSuffix(line, "\n")
		sequence, asked := strings.CutSuffix(line, emojiStyle)
		t.sequences[sequence] = emojiForm(!asked)
		first, _ := utf8.DecodeRuneInString(sequence)
		t.longest[first] = max(t.longest[first], utf8.RuneCountInString(sequence))
	}
	return t
})

// emojiAt returns the length in bytes of the emoji, a code or the longest
// Unicode sequence, with which s begins, and the Unicode sequence for it.
// The length is 0 if there is none.
func emojiAt(s string) (n int, sequence string) {
	if s[0] == '[' {
		end := strings.IndexByte(s[:min(len(s), codeTable().longest)], ']')
		if end < 0 {
			return 0, ""
		}
		if sequence, ok := EmojiByCode(s[:end+1]); ok {
			return end + 1, sequence
		}
		return 0, ""
	}
	if n := sequenceAt(s); n > 0 {
		return n, s[:n]
	}
	return 0, ""
}

// sequenceAt is emojiAt for Unicode emoji. U+FE0F may be where it should and
// may be left out, as old programs do, save after a single sign that needs it.
func sequenceAt(s string) int {
	first, size := utf8.DecodeRuneInString(s)
	if first < utf8.RuneSelf && !keycapFollows(s[1:]) {
		return 0
	}
	t := emojis()
	left, ok := t.longest[first]
	if !ok {
		return 0
	}
	best := 0
	bare := make([]byte, 0, 64) // s[:i] without U+FE0F
	for i := 0; left > 0 && i < len(s); left-- {
		if i > 0 {
			_, size = utf8.DecodeRuneInString(s[i:])
		}
		bare = append(bare, s[i:i+size]...)
		i += size
		styled := strings.HasPrefix(s[i:], emojiStyle)
		form, ok := t.sequences[string(bare)]
		if ok && (form == emojiAlone || styled) && !strings.HasPrefix(s[i:], textStyle) {
			best = i
			if styled {
				best += len(emojiStyle)
			}
		}
		if styled {
			i += len(emojiStyle)
		}
	}
	return best
}

// keycapFollows spares the look-ups for the digits of ordinary text.
func keycapFollows(s string) bool {
	return strings.HasPrefix(s, emojiStyle) || strings.HasPrefix(s, "\u20e3")
}
