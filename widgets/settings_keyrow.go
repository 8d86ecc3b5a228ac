package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// KeyRow says what a combination of keys does: the words at the left, at the right a
// cap for each key, with a line below.
type KeyRow struct {
	widget.BaseWidget
	words *Paragraph
	caps  []keyCap
	line  *canvas.Rectangle
}

// keyCap is a key as it looks on a keyboard.
type keyCap struct {
	back  *canvas.Rectangle
	label *label
}

const (
	keyHeight = float32(24)
	keyPad    = float32(7) // left and right of what is written on a key
	keyGap    = float32(4) // between two
	keyRowPad = float32(6) // above and below
	keyEnd    = float32(6) // behind the last, where a scroll bar may be
)

// NewKeyRow makes a row; keys are what is written on them, in the order in which they
// are pressed.
func NewKeyRow(words string, keys ...string) *KeyRow {
	r := &KeyRow{words: NewParagraph(words, theme.Ink, theme.TextSize, fyne.TextAlignLeading), line: box(0)}
	for _, k := range keys {
		c := keyCap{box(6), newLabel(theme.MetaSize, false)}
		c.label.set(k)
		r.caps = append(r.caps, c)
	}
	r.ExtendBaseWidget(r)
	return r
}

func (c keyCap) width() float32 { return max(c.label.width()+2*keyPad, keyHeight) }

// keysWidth is how wide the caps are together, with what is free behind them.
func (r *KeyRow) keysWidth() float32 {
	w := keyEnd
	for i, c := range r.caps {
		if i > 0 {
			w += keyGap
		}
		w += c.width()
	}
	return w
}

// HeightFor is how tall the row is at a width, at which the words may wrap.
func (r *KeyRow) HeightFor(width float32) float32 {
	return max(r.words.HeightFor(width-r.keysWidth()-settingGap), keyHeight) + 2*keyRowPad + theme.LineThickness
}

// CreateRenderer implements fyne.Widget.
func (r *KeyRow) CreateRenderer() fyne.WidgetRenderer {
	objects := []fyne.CanvasObject{r.words, r.line}
	for _, c := range r.caps {
		objects = append(objects, c.back, c.label.line)
	}
	paint := func() {
		r.line.FillColor = theme.Color(theme.Line)
		for _, c := range r.caps {
			c.back.FillColor = theme.Color(theme.Field)
			c.back.StrokeColor, c.back.StrokeWidth = theme.Color(theme.Line), theme.LineThickness
			c.label.ink(theme.Ink2)
		}
	}
	layout := func(size fyne.Size) {
		w := size.Width - r.keysWidth() - settingGap
		h := r.words.HeightFor(w)
		inner := size.Height - theme.LineThickness
		place(r.words, 0, (inner-h)/2, w, h)
		x := size.Width - r.keysWidth()
		for _, c := range r.caps {
			place(c.back, x, (inner-keyHeight)/2, c.width(), keyHeight)
			c.label.placeCentred(x, (inner-keyHeight)/2, keyHeight, c.width())
			x += c.width() + keyGap
		}
		place(r.line, 0, inner, size.Width, theme.LineThickness)
	}
	paint()
	return &flat{
		objects: these(objects...),
		layout:  layout,
		min:     func() fyne.Size { return fyne.NewSize(160, r.HeightFor(max(r.Size().Width, 160))) },
		refresh: func() { paint(); r.words.Refresh(); layout(r.Size()); canvas.Refresh(r) },
	}
}
