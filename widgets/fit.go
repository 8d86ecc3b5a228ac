package widgets

import (
	"sort"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
)

const ellipsis = "…"

// textWidth is the width of one line of s, in units.
func textWidth(s string, size float32, bold bool) float32 {
	if s == "" {
		return 0
	}
	return fyne.MeasureText(s, size, fyne.TextStyle{Bold: bold}).Width
}

// maxLine bounds how much of a text from outside is measured for one line: at
// the smallest size, more never fits any screen.
const maxLine = 600

// oneLine makes s fit to be drawn in one line: line breaks and other control
// characters become spaces, and it ends after maxLine characters.
func oneLine(s string) string {
	n := 0
	clean := true
	for i, r := range s {
		if n++; n > maxLine {
			s = s[:i]
			break
		}
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			clean = false
		}
	}
	if clean {
		return s
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, s)
}

// fit returns as much of s as has room in width, with an ellipsis if that is
// not all. Nothing fits a width below that of the ellipsis.
func fit(s string, size float32, bold bool, width float32) string {
	s = oneLine(s)
	if textWidth(s, size, bold) <= width {
		return s
	}
	if textWidth(ellipsis, size, bold) > width {
		return ""
	}
	// Cut between characters, never between a letter and its marks or the
	// parts of a joined emoji.
	cuts := []int{}
	joined := false
	for i, r := range s {
		if !joined && !unicode.Is(unicode.M, r) && r != '\u200d' && r != '\ufe0f' {
			cuts = append(cuts, i)
		}
		joined = r == '\u200d'
	}
	n := sort.Search(len(cuts), func(k int) bool {
		return textWidth(strings.TrimRight(s[:cuts[k]], " ")+ellipsis, size, bold) > width
	})
	if n == 0 {
		return ellipsis
	}
	return strings.TrimRight(s[:cuts[n-1]], " ") + ellipsis
}
