package picture

import (
	"math"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"magpie/assets"
	"magpie/im"
	"magpie/widgets/theme"
)

// Side is how large an emoji is among letters of a size, in units of the screen.
func Side(size float32) float32 { return float32(math.Round(float64(size + 3))) }

// Advance is how much room an emoji takes on their line.
func Advance(size float32) float32 { return Side(size) + 1 }

// Runs splits a text at the emoji that are drawn as pictures: im.RunEmoji for each of
// them, im.RunText for what is between. The codes of the interface stay as they were written.
func Runs(s string) (runs []im.Run) {
	switch {
	case s == "":
		return nil
	case !mayHaveEmoji(s):
		return []im.Run{{Kind: im.RunText, Text: s}}
	}
	for _, r := range im.ParseText(s, nil) {
		if r.Kind != im.RunEmoji || strings.HasPrefix(r.Text, "[") || !assets.HasEmoji(r.Emoji) {
			r = im.Run{Kind: im.RunText, Text: r.Text}
		}
		if n := len(runs); n > 0 && r.Kind == im.RunText && runs[n-1].Kind == im.RunText {
			runs[n-1].Text += r.Text
			continue
		}
		runs = append(runs, r)
	}
	return runs
}

// HasEmoji reports whether there is a picture in a text.
func HasEmoji(s string) bool {
	return mayHaveEmoji(s) && slices.ContainsFunc(Runs(s), func(r im.Run) bool { return r.Kind == im.RunEmoji })
}

// mayHaveEmoji is false for nearly all texts, at once: what is below U+203C is an emoji
// only with U+FE0F.
func mayHaveEmoji(s string) bool {
	for _, r := range s {
		if r >= 0x203c && (r < 0x3400 || r > 0x9fff) && (r < 0xac00 || r > 0xd7ff) && (r < 0xff00 || r > 0xffef) {
			return true
		}
	}
	return false
}

// Measure returns what measures text of a size and style for a [textlayout.Face]: as it is
// drawn by a text of Fyne, and emoji as pictures.
func Measure(size float32, style fyne.TextStyle) func(text string) float32 {
	return func(text string) float32 {
		if mayHaveEmoji(text) {
			if runs := Runs(text); len(runs) == 1 && runs[0].Kind == im.RunEmoji {
				return Advance(size)
			}
		}
		s, _ := theme.MeasureText(text, size, style)
		return s.Width
	}
}
