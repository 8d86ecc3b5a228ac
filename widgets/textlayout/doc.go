// Package textlayout breaks the text of a message into lines and measures it,
// fast enough to do so for every message that scrolls onto the screen.
//
// A [Face] is one font at one size. It asks a measuring function for the advance
// of a rune once and adds up what it remembers; only what must be shaped as a
// whole (Arabic and Indic words, emoji sequences, letters with combining marks)
// is measured as a whole. Kerning between ASCII letters is remembered by pair,
// so the sum is what a shaper draws.
//
// Lines break after spaces, between Hanzi or kana, and after hyphens; no line
// begins with closing punctuation or ends with an opening one; what is too long
// for a line by itself (an address) is split, after a slash or the like where
// there is one.
//
// A line with right-to-left text is cut into pieces in the order in which they
// stand on the screen, after the Unicode bidirectional algorithm (UAX #9,
// without explicit embeddings, which [Clean] takes out, and without the rule for
// paired brackets).
//
// Parts of a text may be drawn by themselves ([Face.LayoutParts]): pictures of
// their own width in place of some characters, and words in another colour.
//
// The package knows no toolkit, no colours and no language. It is not for use
// by several goroutines at once.
package textlayout
