package im

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// RunKind says what a [Run] of a text is.
type RunKind uint8

// The kinds of runs.
const (
	RunText RunKind = iota
	RunEmoji
	RunLink
	RunMention
)

// Run is a part of a text that is shown in one way. Text is exactly the bytes
// it was made from, so that all runs' Text joined give the text back.
type Run struct {
	Kind  RunKind
	Text  string
	Emoji string // of a RunEmoji: the Unicode emoji whose picture stands here
	URL   string // of a RunLink: the address, always with its scheme
}

// ParseEmojiCodes splits text at the codes that known accepts, as the published
// interface's parseText does, of which every peculiarity is kept: a code reaches
// from "[" to the first "]" of all that follows, whatever lies between; a "["
// that begins no known code is a run of its own, so that texts may follow one
// another; and empty text has no runs. Runs are RunText or RunEmoji, the latter
// without Emoji. It takes linear time apart from what known takes.
func ParseEmojiCodes(text string, known func(code string) bool) []Run {
	var runs []Run
	push := func(kind RunKind, n int) {
		runs = append(runs, Run{Kind: kind, Text: text[:n]})
		text = text[n:]
	}
	// right is where the next "]" is in text. It is looked for again only when
	// it has been passed, or a text of brackets would take quadratic time.
	right := strings.IndexByte(text, ']')
	passed := func(n int) {
		if right >= 0 {
			right -= n
			if right < 0 {
				right = strings.IndexByte(text, ']')
			}
		}
	}
	for text != "" {
		n, kind := 1, RunText
		switch left := strings.IndexByte(text, '['); {
		case left < 0:
			n = len(text)
		case left > 0:
			n = left
		case right < 0:
			n = len(text)
		case known(text[:right+1]):
			n, kind = right+1, RunEmoji
		}
		push(kind, n)
		passed(n)
	}
	return runs
}

// ParseText splits text into what is shown in different ways, in linear time:
//
//   - links: addresses with http:// or https://, and those that begin with www.
//   - mentions: "@" and one of the given names, the longest that fits; not in
//     the middle of a word, as in a mail address
//   - emoji: the codes of [EmojiByCode], and Unicode emoji with all that belongs
//     to them (tones, joiners, flags, keycaps); signs that are text by themselves,
//     such as © or a digit, only with U+FE0F
//   - text, everything else, in runs as long as possible
//
// What begins first goes on as long as it can: a name or an address is not
// broken by what it contains, save that an emoji ends an address, because
// neither brackets nor emoji may stand in one unescaped.
func ParseText(text string, mentions []string) []Run {
	names := newNames(mentions)
	var runs []Run
	plain := 0 // where the text begins that is not in runs yet
	for i := 0; i < len(text); {
		run, ok := runAt(text, i, names)
		if !ok {
			_, size := utf8.DecodeRuneInString(text[i:])
			i += size
			continue
		}
		if plain < i {
			runs = append(runs, Run{Text: text[plain:i]})
		}
		runs = append(runs, run)
		i += len(run.Text)
		plain = i
	}
	if plain < len(text) {
		runs = append(runs, Run{Text: text[plain:]})
	}
	return runs
}

// runAt returns the run that is more than text and begins at text[i].
func runAt(text string, i int, names names) (Run, bool) {
	switch text[i] {
	case '@':
		if n := names.at(text, i); n > 0 {
			return Run{Kind: RunMention, Text: text[i : i+n]}, true
		}
	case 'h', 'H', 'm', 'M', 'w', 'W':
		if n, url := linkAt(text, i); n > 0 {
			return Run{Kind: RunLink, Text: text[i : i+n], URL: url}, true
		}
	default:
		if n, sequence := emojiAt(text[i:]); n > 0 {
			return Run{Kind: RunEmoji, Text: text[i : i+n], Emoji: sequence}, true
		}
	}
	return Run{}, false
}

// names is a set of names that may follow "@", with their lengths in bytes from
// the longest on.
type names struct {
	set     map[string]struct{}
	lengths []int
}

func newNames(list []string) names {
	n := names{set: make(map[string]struct{}, len(list))}
	for _, name := range list {
		if name != "" {
			n.set[name] = struct{}{}
			n.lengths = append(n.lengths, len(name))
		}
	}
	slices.Sort(n.lengths)
	n.lengths = slices.Compact(n.lengths)
	slices.Reverse(n.lengths)
	return n
}

// at returns the length of the mention whose "@" is text[i], or 0. Neither "@"
// nor the name's end may lie inside a word of ASCII letters and digits.
func (n names) at(text string, i int) int {
	if i > 0 && wordByte(text[i-1]) {
		return 0
	}
	rest := text[i+1:]
	for _, length := range n.lengths {
		if length > len(rest) {
			continue
		}
		if length < len(rest) && wordByte(rest[length-1]) && wordByte(rest[length]) {
			continue
		}
		if _, ok := n.set[rest[:length]]; ok {
			return 1 + length
		}
	}
	return 0
}

// wordByte reports whether c is an ASCII letter, digit or underscore. In other
// scripts, some of which write no spaces, any letter may begin a mention.
func wordByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
}
