package canvas

import (
	"path"
	"unicode"
	"unicode/utf8"

	"magpie/widgets/textlayout"
)

// longestEnding is how many bytes the ending of a file's name may have to be kept
// whole, tailRunes how many letters before it are kept.
const (
	longestEnding = 12
	tailRunes     = 4
)

// shorten lays out the name of a file in at most a number of lines. Of a name that
// is too long the middle is left out: the ending tells what it is, and the last
// letters before it are often all in which two names differ.
func (f *font) shorten(name string, limit float32, lines int) textlayout.Layout {
	lay := f.Layout(name, limit)
	if len(lay.Lines) <= lines {
		return lay
	}
	tail := tailOf(name)
	head := name[:len(name)-len(tail)]
	cut := func(n int) textlayout.Layout { return f.Layout(head[:n]+"…"+tail, limit) }
	// The most of the head that fits, by halves.
	fits, not := 0, len(head)
	for {
		n := (fits + not) / 2
		for n > fits && !splits(head, n) {
			n--
		}
		if n <= fits {
			break
		}
		if len(cut(n).Lines) <= lines {
			fits = n
		} else {
			not = n
		}
	}
	if lay = cut(fits); len(lay.Lines) <= lines {
		return lay
	}
	text, _ := f.Fit(name, limit) // so narrow that not even the tail fits
	return f.Layout(text, limit)
}

// tailOf is the ending of a name with the letters before it.
func tailOf(name string) string {
	ext := path.Ext(name)
	if len(ext) > longestEnding {
		ext = ""
	}
	at := len(name) - len(ext)
	for range tailRunes {
		_, n := utf8.DecodeLastRuneInString(name[:at])
		at -= n
	}
	for at > 0 && !splits(name, at) {
		_, n := utf8.DecodeLastRuneInString(name[:at])
		at -= n
	}
	return name[at:]
}

// splits reports whether a text may be parted at a byte: between two characters
// that are drawn by themselves.
func splits(s string, at int) bool {
	if at <= 0 || at >= len(s) {
		return true
	}
	next, _ := utf8.DecodeRuneInString(s[at:])
	last, _ := utf8.DecodeLastRuneInString(s[:at])
	const joiner = 0x200d
	return utf8.RuneStart(s[at]) && !unicode.Is(unicode.M, next) && next != joiner && last != joiner
}
