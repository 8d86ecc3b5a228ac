package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// trayTile is one item of the tray, with the cross that takes it out. The cross
// stands out of the item by trayCrossOver, at the top and at the right.
type trayTile struct {
	widget.BaseWidget
	item  TrayItem
	back  *canvas.Rectangle
	image *canvas.Image
	tag   *label
	file  *canvas.Image // of a file that says nothing of itself
	wheel *canvas.Arc
	alert *canvas.Image
	name  *inlineLabel
	words *Paragraph
	cross *trayCross
}

const (
	wheelSide = float32(22)
	tileIcon  = theme.IconMedium
	tilePad   = float32(10)
)

func newTrayTile(t *tray) *trayTile {
	tile := &trayTile{
		back:  box(theme.RadiusButton),
		image: canvas.NewImageFromImage(nil),
		tag:   newLabel(theme.SmallSize, true),
		file:  drawing("file", theme.Link, tileIcon),
		wheel: canvas.NewArc(0, 90, 0.8, color.Transparent),
		alert: drawing("alert", theme.Danger, tileIcon),
		name:  newName(theme.MetaSize, true),
		words: NewParagraph("", theme.Danger, theme.MetaSize, fyne.TextAlignLeading),
	}
	tile.image.FillMode, tile.image.CornerRadius = canvas.ImageFillCover, trayRadius
	tile.image.ScaleMode = canvas.ImageScaleFastest
	tile.cross = newTrayCross(func() { t.remove(tile.item.ID) })
	tile.ExtendBaseWidget(tile)
	return tile
}

// show makes the tile that of an item.
func (t *trayTile) show(item TrayItem, turn int) {
	if item.Picture != t.image.Image {
		t.image.Image = item.Picture
		canvas.Refresh(t.image)
	}
	t.item = item
	t.turnTo(turn)
}

func (t *trayTile) hasProblem() bool { return t.item.Problem != "" }
func (t *trayTile) turns() bool      { return t.item.Working && !t.hasProblem() }
func (t *trayTile) hasPicture() bool {
	return t.item.Picture != nil && !t.item.Working && !t.hasProblem()
}

// turnTo turns the wheel of an item that is being made ready.
func (t *trayTile) turnTo(turn int) {
	if t.turns() {
		t.wheel.StartAngle = float32(turn) * 360 / turnSteps
		t.wheel.EndAngle = t.wheel.StartAngle + 270
	}
}

// CreateRenderer implements fyne.Widget.
func (t *trayTile) CreateRenderer() fyne.WidgetRenderer {
	t.paint()
	return &flat{
		objects: with([]fyne.CanvasObject{t.back, t.image, t.tag.line, t.file, t.wheel, t.alert, t.words, t.cross}, t.name),
		layout:  t.layout,
		min: func() fyne.Size {
			return fyne.NewSize(t.width()+trayCrossOver, traySide+trayCrossOver)
		},
		refresh: func() { t.paint(); t.layout(t.Size()); t.words.Refresh(); t.cross.Refresh(); canvas.Refresh(t) },
	}
}

func (t *trayTile) width() float32 {
	switch {
	case t.hasProblem():
		return trayProblemWidth
	case t.hasPicture():
		return trayPictureWidth
	}
	return traySide
}

func (t *trayTile) paint() {
	problem, plain := t.hasProblem(), !t.hasProblem() && !t.turns() && !t.hasPicture()
	t.back.FillColor = theme.Color(theme.Selected)
	if problem || t.turns() {
		t.back.FillColor = theme.Color(theme.Field)
	}
	t.back.Hidden = t.hasPicture()
	t.image.Hidden = !t.hasPicture()
	t.file.Hidden = !plain || t.item.Tag != ""
	t.wheel.Hidden = !t.turns()
	t.alert.Hidden, t.words.Hidden = !problem, !problem
	t.tag.set("")
	if plain {
		t.tag.set(t.item.Tag)
	}
	t.tag.ink(theme.Link)
	t.name.set("")
	if problem {
		t.name.set(t.item.Name)
	}
	t.name.ink(theme.Ink)
	t.wheel.FillColor = theme.Color(theme.Accent)
	recolour(t.file, "file", theme.Link)
	recolour(t.alert, "alert", theme.Danger)
}

func (t *trayTile) layout(fyne.Size) {
	w, top := t.width(), trayCrossOver
	place(t.back, 0, top, w, traySide)
	place(t.image, 0, top, w, traySide)
	t.tag.placeCentred(2, top+(traySide-theme.LineHeight)/2, theme.LineHeight, w-4)
	place(t.file, (w-tileIcon)/2, top+(traySide-tileIcon)/2, tileIcon, tileIcon)
	place(t.wheel, (w-wheelSide)/2, top+(traySide-wheelSide)/2, wheelSide, wheelSide)
	place(t.alert, tilePad, top+(traySide-tileIcon)/2, tileIcon, tileIcon)
	x := 2*tilePad + tileIcon
	room := w - x - tilePad
	t.name.place(t, x, top+2, 18, room)
	fitLines(t.words, t.item.Problem, room, 2)
	place(t.words, x, top+20, room, 36)
	place(t.cross, w-trayCrossSide+trayCrossOver, 0, trayCrossSide, trayCrossSide)
}

// fitLines makes p say as much of words as has room in some lines at a width, and
// returns how tall that is.
func fitLines(p *Paragraph, words string, width float32, lines int) float32 {
	p.SetText(words)
	for all := []rune(words); len(all) > 1 && p.HeightFor(width) > float32(lines)*p.lineHeight(); {
		all = all[:len(all)-1]
		p.SetText(string(all) + "…")
	}
	return p.HeightFor(width)
}

// trayCross is the round button that takes an item out.
type trayCross struct {
	press
	back *canvas.Rectangle
	icon *canvas.Image
}

func newTrayCross(tapped func()) *trayCross {
	c := &trayCross{back: box(trayCrossSide / 2), icon: drawing("close", theme.Panel, 10)}
	c.onTapped = tapped
	c.extend(c)
	return c
}

// CreateRenderer implements fyne.Widget.
func (c *trayCross) CreateRenderer() fyne.WidgetRenderer {
	c.paint()
	return &flat{
		objects: these(c.back, c.icon),
		layout: func(size fyne.Size) {
			place(c.back, 0, 0, size.Width, size.Height)
			place(c.icon, (size.Width-10)/2, (size.Height-10)/2, 10, 10)
		},
		min:     fixed(trayCrossSide, trayCrossSide),
		refresh: func() { c.paint(); canvas.Refresh(c) },
	}
}

func (c *trayCross) paint() {
	fill := theme.Ink
	if c.hovered || c.pressed {
		fill = theme.Danger
	}
	c.back.FillColor = theme.Color(fill)
	ring(c.back, c.focused, theme.Link)
	recolour(c.icon, "close", theme.Panel)
}
