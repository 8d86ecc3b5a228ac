package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// LinkLabel says in the corner of a conversation where the link under the pointer
// leads, as browsers do. It is as wide as its words; without any it is not seen.
type LinkLabel struct {
	widget.BaseWidget
	back  *canvas.Rectangle
	words *label
}

const (
	linkLabelHeight = float32(26)
	linkLabelPad    = float32(10)
)

// NewLinkLabel makes a label that says nothing.
func NewLinkLabel() *LinkLabel {
	l := &LinkLabel{back: box(theme.RadiusButton), words: newLabel(theme.MetaSize, false)}
	l.ExtendBaseWidget(l)
	l.Hide()
	return l
}

// SetText says where the link leads; "" when there is none.
func (l *LinkLabel) SetText(words string) {
	l.words.set(words)
	l.Hidden = l.words.full == ""
	l.Refresh()
}

// Text returns what it says.
func (l *LinkLabel) Text() string { return l.words.full }

// CreateRenderer implements fyne.Widget.
func (l *LinkLabel) CreateRenderer() fyne.WidgetRenderer {
	paint := func() {
		l.back.FillColor = theme.Color(theme.Toast)
		l.words.ink(theme.OnToast)
	}
	layout := func(size fyne.Size) {
		place(l.back, 0, 0, size.Width, size.Height)
		l.words.place(linkLabelPad, 0, size.Height, size.Width-2*linkLabelPad)
	}
	paint()
	return &flat{
		objects: these(l.back, l.words.line),
		layout:  layout,
		min:     func() fyne.Size { return fyne.NewSize(l.words.width()+2*linkLabelPad+1, linkLabelHeight) },
		refresh: func() { paint(); layout(l.Size()); canvas.Refresh(l) },
	}
}
