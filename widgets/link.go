package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"magpie/widgets/theme"
)

// Link is a short text that can be tapped, underlined.
type Link struct {
	press
	label  string
	colour fyne.ThemeColorName
	size   float32
	words  *canvas.Text
	line   *canvas.Rectangle
	frame  *canvas.Rectangle
}

// NewLink makes a link in the colour of a token and a text size.
func NewLink(label string, colour fyne.ThemeColorName, size float32, tapped func()) *Link {
	l := &Link{label: label, colour: colour, size: size, words: text(size, false), line: box(0), frame: box(theme.Grid)}
	l.onTapped = tapped
	l.extend(l)
	return l
}

// SetText changes the words.
func (l *Link) SetText(label string) {
	l.label = label
	l.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (l *Link) CreateRenderer() fyne.WidgetRenderer {
	l.paint()
	return &flat{
		objects: these(l.frame, l.words, l.line),
		layout:  l.layout,
		min: func() fyne.Size {
			return fyne.NewSize(textWidth(oneLine(l.label), l.size, false), theme.LineHeight)
		},
		refresh: func() { l.paint(); l.layout(l.Size()); canvas.Refresh(l) },
	}
}

func (l *Link) paint() {
	l.words.Color = theme.Color(l.colour)
	l.line.FillColor = l.words.Color
	l.frame.FillColor = color.Transparent
	ring(l.frame, l.focused, l.colour)
	// The line goes while the pointer is there, to show that the words answer.
	l.line.Hidden = l.hovered
}

func (l *Link) layout(size fyne.Size) {
	l.words.Text = fit(l.label, l.size, false, size.Width)
	placeText(l.words, 0, (size.Height-theme.LineHeight)/2, theme.LineHeight)
	place(l.line, 0, size.Height/2+l.size/2+1, l.words.MinSize().Width, 1)
	place(l.frame, -2, 0, size.Width+4, size.Height)
}
