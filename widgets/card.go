package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// Card is a panel with round corners in the middle of a plain ground, holding
// widgets below each other: the welcome screen. It scrolls where the window is
// lower than its content.
type Card struct {
	widget.BaseWidget
	inner  *stack
	body   *container.Scroll
	ground *canvas.Rectangle
	back   *canvas.Rectangle
}

const cardPad = float32(34)

// NewCard makes a card of [theme.DialogWidth], narrower where the window is.
func NewCard(items ...Item) *Card {
	c := &Card{inner: newStack(items...), ground: box(0), back: box(theme.RadiusCard)}
	c.inner.pad = frameRoom
	c.inner.grown = func() { c.layout(c.Size()) }
	c.body = container.NewVScroll(c.inner)
	c.ExtendBaseWidget(c)
	return c
}

// SetItems replaces what the card holds.
func (c *Card) SetItems(items ...Item) {
	c.inner.items = items
	c.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (c *Card) CreateRenderer() fyne.WidgetRenderer {
	c.paint()
	return &flat{
		objects: these(c.ground, c.back, c.body),
		layout:  c.layout,
		min:     fixed(280, 200),
		refresh: func() {
			c.paint()
			c.layout(c.Size())
			c.inner.Refresh()
			c.body.Refresh()
			canvas.Refresh(c)
		},
	}
}

func (c *Card) paint() {
	c.ground.FillColor = theme.Color(theme.Field)
	c.back.FillColor = theme.Color(theme.Panel)
}

func (c *Card) layout(size fyne.Size) {
	place(c.ground, 0, 0, size.Width, size.Height)
	w := min(theme.DialogWidth, size.Width)
	const at = cardPad - frameRoom
	h := min(c.inner.HeightFor(w-2*at)+2*at-6, size.Height)
	x, y := (size.Width-w)/2, (size.Height-h)/2
	place(c.back, x, y, w, h)
	place(c.body, x+at, y+at, w-2*at, h-2*at+6)
}
