package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"magpie/widgets/picture"
	"magpie/widgets/theme"
)

// tabButton chooses a page: an emoji, words, or both.
type tabButton struct {
	press
	on       bool
	emoji    string
	back     *canvas.Rectangle
	image    *canvas.Image
	words    *label
	pictures *picture.Cache
}

const (
	tabPad  = float32(14)
	tabIcon = float32(18)
)

func newTabButton(label, emoji string, pictures *picture.Cache, tapped func()) *tabButton {
	t := &tabButton{
		emoji: emoji, pictures: pictures,
		back:  box(theme.RadiusButton),
		image: &canvas.Image{ScaleMode: canvas.ImageScaleFastest},
		words: newLabel(theme.SecondarySize, true),
	}
	t.words.set(label)
	t.onTapped = tapped
	t.extend(t)
	return t
}

func (t *tabButton) setOn(on bool) { t.set(&t.on, on) }

// lead is what stands before the words.
func (t *tabButton) lead() float32 {
	switch {
	case t.emoji == "":
		return 0
	case t.words.full == "":
		return tabIcon
	}
	return tabIcon + theme.Grid
}

func (t *tabButton) CreateRenderer() fyne.WidgetRenderer {
	t.paint()
	return &flat{
		objects: these(t.back, t.image, t.words.line),
		layout:  t.layout,
		min: func() fyne.Size {
			return fyne.NewSize(round(t.words.width()+t.lead()+2*tabPad), panelTabs)
		},
		refresh: func() { t.paint(); t.layout(t.Size()); canvas.Refresh(t) },
	}
}

func (t *tabButton) paint() {
	fill, ink := theme.Field, theme.Ink
	switch {
	case t.on:
		fill, ink = theme.Accent, theme.OnAccent
	case t.hovered || t.pressed:
		fill = theme.Selected
	}
	t.back.FillColor = theme.Color(fill)
	t.words.ink(ink)
	frame := theme.Link
	if t.on {
		frame = theme.Ink
	}
	ring(t.back, t.focused, frame)
	m, ok := t.pictures.Emoji(t.emoji, pixels(t, tabIcon))
	if t.image.Hidden = !ok; ok {
		showPicture(t.image, m)
	}
}

func (t *tabButton) layout(size fyne.Size) {
	place(t.back, 0, 0, size.Width, size.Height)
	x := max((size.Width-t.words.width()-t.lead())/2, theme.Grid)
	place(t.image, x, (size.Height-tabIcon)/2, tabIcon, tabIcon)
	x += t.lead()
	t.words.place(x, 0, size.Height, size.Width-x-theme.Grid)
}
