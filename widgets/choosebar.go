package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// ChooseBar stands where the composer would be while messages are chosen: how many
// are, what can be done with them, and a cross that ends it. A bar too narrow for
// the words of its buttons shows only their icons.
type ChooseBar struct {
	widget.BaseWidget
	back, line *canvas.Rectangle
	words      *label
	cross      *IconButton
	buttons    []*Button
	icons      []*IconButton
}

// ChooseAction is one thing that can be done with the messages that are chosen.
type ChooseAction struct {
	Icon, Label string
	Run         func()
}

// chooseHeight is that of a composer with one line.
const chooseHeight = theme.FieldHeight + 2*composerPadY + theme.LineThickness

// NewChooseBar makes a bar; the last action is the one most likely wanted.
func NewChooseBar(closeLabel string, closed func(), actions ...ChooseAction) *ChooseBar {
	b := &ChooseBar{
		back: box(0), line: box(0),
		words: newLabel(theme.TextSize, true),
		cross: NewIconButton("close", closeLabel, closed),
	}
	for i, a := range actions {
		kind := Secondary
		if i == len(actions)-1 {
			kind = Primary
		}
		b.buttons = append(b.buttons, NewButton(kind, a.Label, a.Run))
		b.icons = append(b.icons, NewIconButton(a.Icon, a.Label, a.Run))
	}
	b.ExtendBaseWidget(b)
	return b
}

// SetState sets the words and which of the actions can be done.
func (b *ChooseBar) SetState(words string, can ...bool) {
	b.words.set(words)
	for i := range b.buttons {
		for _, d := range []fyne.Disableable{b.buttons[i], b.icons[i]} {
			if i < len(can) && can[i] {
				d.Enable()
			} else {
				d.Disable()
			}
		}
	}
	b.Refresh()
}

// HeightFor is how tall the bar is.
func (b *ChooseBar) HeightFor(float32) float32 { return chooseHeight }

// CreateRenderer implements fyne.Widget.
func (b *ChooseBar) CreateRenderer() fyne.WidgetRenderer {
	b.paint()
	objects := []fyne.CanvasObject{b.back, b.line, b.words.line, b.cross}
	for i := range b.buttons {
		objects = append(objects, b.buttons[i], b.icons[i])
	}
	return &flat{
		objects: these(objects...),
		layout:  b.layout,
		min:     fixed(200, chooseHeight),
		refresh: func() { b.paint(); b.layout(b.Size()); canvas.Refresh(b) },
	}
}

func (b *ChooseBar) paint() {
	b.back.FillColor = theme.Color(theme.Panel)
	b.line.FillColor = theme.Color(theme.Line)
	b.words.ink(theme.Ink)
}

func (b *ChooseBar) layout(size fyne.Size) {
	const gap = 2 * theme.Grid
	place(b.back, 0, 0, size.Width, size.Height)
	place(b.line, 0, 0, size.Width, theme.LineThickness)
	mid := (size.Height + theme.LineThickness) / 2
	place(b.cross, composerPadX, mid-theme.IconButtonSize/2, theme.IconButtonSize, theme.IconButtonSize)
	x := composerPadX + theme.IconButtonSize + gap
	wide := float32(0)
	for _, o := range b.buttons {
		wide += o.MinSize().Width + gap
	}
	const least = float32(120) // for the words
	narrow := x+least+wide > size.Width-composerPadX
	at := size.Width - composerPadX
	for i := len(b.buttons) - 1; i >= 0; i-- {
		b.buttons[i].Hidden, b.icons[i].Hidden = narrow, !narrow
		w, h := b.buttons[i].MinSize().Width, theme.ButtonHeight
		var o fyne.CanvasObject = b.buttons[i]
		if narrow {
			o, w, h = b.icons[i], theme.IconButtonSize, theme.IconButtonSize
		}
		at -= w
		place(o, at, mid-h/2, w, h)
		at -= gap
	}
	b.words.place(x, mid-theme.LineHeight/2, theme.LineHeight, max(at-x, 0))
}
