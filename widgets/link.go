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
	colour fyne.ThemeColorName
	words  *label
	line   *canvas.Rectangle
	frame  *canvas.Rectangle
}

// NewLink makes a link in the colour of a token and a text size.
func NewLink(label string, colour fyne.ThemeColorName, size float32, tapped func()) *Link {
	l := &Link{colour: colour, words: newLabel(size, false), line: box(0), frame: box(theme.Grid)}
	l.words.set(label)
	l.onTapped = tapped
	l.extend(l)
	return l
}

// SetText changes the words.
func (l *Link) SetText(label string) {
	l.words.set(label)
	l.Refresh()
}

// Text returns the words.
func (l *Link) Text() string { return l.words.full }

// CreateRenderer implements fyne.Widget.
func (l *Link) CreateRenderer() fyne.WidgetRenderer {
	l.paint()
	return &flat{
		objects: these(l.frame, l.words.line, l.line),
		layout:  l.layout,
		min: func() fyne.Size {
			return fyne.NewSize(l.words.width()+1, theme.LineHeight)
		},
		refresh: func() { l.paint(); l.layout(l.Size()); canvas.Refresh(l) },
	}
}

func (l *Link) paint() {
	l.words.ink(l.colour)
	l.line.FillColor = theme.Color(l.colour)
	l.frame.FillColor = color.Transparent
	ring(l.frame, l.focused, l.colour)
	// The line goes while the pointer is there, to show that the words answer.
	l.line.Hidden = l.hovered
}

func (l *Link) layout(size fyne.Size) {
	w := l.words.place(0, (size.Height-theme.LineHeight)/2, theme.LineHeight, size.Width)
	place(l.line, 0, size.Height/2+l.words.line.TextSize/2+1, w, 1)
	place(l.frame, -2, 0, size.Width+4, size.Height)
}
