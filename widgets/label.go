package widgets

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"magpie/widgets/baseline"
	"magpie/widgets/picture"
	"magpie/widgets/textlayout"
	"magpie/widgets/theme"
)

// maxLine bounds how much of a text from outside is laid out for one line, in
// bytes: at the smallest size, more never fits any screen.
const maxLine = 2000

// oneLine makes s fit to be drawn in one line: cleaned of what could change how
// its neighbours look, line feeds and tabs made spaces, and not longer than any
// screen is wide.
func oneLine(s string) string {
	s = textlayout.Clean(head(s, maxLine))
	if !strings.ContainsAny(s, "\n\t") {
		return s
	}
	return strings.NewReplacer("\n", " ", "\t", " ").Replace(s)
}

// head returns the first n bytes of s or a little less, whole characters only.
func head(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n]
}

// newFace makes a face of the theme's font, for text whose emoji are pictures.
func newFace(size float32, bold bool) *textlayout.Face {
	style := fyne.TextStyle{Bold: bold}
	f := textlayout.NewFace(picture.Measure(size, style))
	f.SetDrop(baseline.Look(size, style))
	return f
}

// label is one line of text that ends with an ellipsis where it has no room.
type label struct {
	line *canvas.Text
	face *textlayout.Face
	full string

	fitted    string // what full was when it was fitted last
	fittedFor float32
}

// newLabel makes a label in the theme's font, with emoji as letters of a font; its colour is
// set by [label.ink]. Text of other people is for [newName].
func newLabel(size float32, bold bool) *label {
	style := fyne.TextStyle{Bold: bold}
	face := textlayout.NewFace(func(text string) float32 {
		s, _ := theme.MeasureText(text, size, style)
		return s.Width
	})
	face.SetDrop(baseline.Look(size, style))
	return newLabelIn(face, size, bold)
}

// newLabelIn is newLabel with a face that several labels share, of [newFace] as they have no
// emoji.
func newLabelIn(face *textlayout.Face, size float32, bold bool) *label {
	line := canvas.NewText("", theme.Color(theme.Ink))
	line.TextSize = size
	line.TextStyle.Bold = bold
	return &label{line: line, face: face}
}

// set changes the words.
func (l *label) set(s string) { l.full = oneLine(s) }

// ink sets the colour.
func (l *label) ink(colour fyne.ThemeColorName) { l.line.Color = theme.Color(colour) }

// width is how wide the words are when nothing is cut off.
func (l *label) width() float32 { return l.face.Width(l.full) }

// place draws the words from x on in a line of the given height that begins at
// y, in at most width units, and returns how many they take.
func (l *label) place(x, y, lineHeight, width float32) float32 {
	l.line.Hidden = l.full == "" || width <= 0
	if l.line.Hidden {
		return 0
	}
	if l.fitted != l.full || l.fittedFor != width || l.line.Text == "" {
		fits, _ := l.face.Fit(l.full, width)
		theme.SetText(l.line, fits)
		l.fitted, l.fittedFor = l.full, width
	}
	return placeLine(l.line, x, y+lower(l.face, l.line.Text), lineHeight)
}

// lower is how much lower than others a text is drawn so that it stands on the line they
// stand on: Arabic and Hebrew come from other fonts than the theme's.
func lower(face *textlayout.Face, s string) float32 {
	if !textlayout.HasRTL(s) {
		return 0
	}
	return face.Drop(s)
}

// placeLine puts the letters of a line in the middle of lineHeight units that
// begin at y, and returns how wide they are. Fyne leaves more room above the
// letters of the font than below; one unit up corrects that.
func placeLine(t *canvas.Text, x, y, lineHeight float32) float32 {
	const lift = 1
	size := t.MinSize()
	place(t, x, y+(lineHeight-size.Height)/2-lift, size.Width, size.Height)
	return size.Width
}

// placeCentred is place with the words in the middle of the width.
func (l *label) placeCentred(x, y, lineHeight, width float32) {
	if w := l.width(); w < width {
		x, width = x+(width-w)/2, w+1
	}
	l.place(x, y, lineHeight, width)
}

// placeRight is place with the words ending at right, and returns their width.
func (l *label) placeRight(right, y, lineHeight, width float32) float32 {
	w := min(l.width(), width)
	return l.place(right-w, y, lineHeight, w+0.5)
}
