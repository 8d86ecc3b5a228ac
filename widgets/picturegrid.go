package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// Picture is one that a [PictureGrid] offers. A nil Resource stands for no
// picture: the tile then shows Letter in the colour that belongs to ID, as an
// avatar without a picture does.
type Picture struct {
	Value      string
	Resource   fyne.Resource
	ID, Letter string
}

// PictureGrid is a grid of pictures of which one is chosen, with a label above.
type PictureGrid struct {
	widget.BaseWidget
	value string
	words *label
	tiles []*pictureTile
}

// NewPictureGrid makes a grid with the picture of the given value chosen.
func NewPictureGrid(label, value string, pictures ...Picture) *PictureGrid {
	g := &PictureGrid{value: value, words: newLabel(theme.MetaSize, false)}
	g.words.set(label)
	for _, p := range pictures {
		g.tiles = append(g.tiles, newPictureTile(g, p))
	}
	g.ExtendBaseWidget(g)
	return g
}

// Value returns what is chosen.
func (g *PictureGrid) Value() string { return g.value }

// Measures of the grid.
const (
	tileSize = theme.AvatarLarge + 2*tileRing
	tileRing = float32(4) // between the picture and the ring of the chosen one
	tileGap  = float32(4)
)

func (g *PictureGrid) columns(width float32) int {
	return max(int((width+tileGap)/(tileSize+tileGap)), 1)
}

// HeightFor is how tall the grid is at a width.
func (g *PictureGrid) HeightFor(width float32) float32 {
	n := g.columns(width)
	rows := float32((len(g.tiles) + n - 1) / n)
	return fieldLabelHeight + fieldLabelGap + rows*(tileSize+tileGap) - tileGap
}

// CreateRenderer implements fyne.Widget.
func (g *PictureGrid) CreateRenderer() fyne.WidgetRenderer {
	objects := []fyne.CanvasObject{g.words.line}
	for _, t := range g.tiles {
		objects = append(objects, t)
	}
	g.words.ink(theme.Ink2)
	return &flat{
		objects: these(objects...),
		layout:  g.layout,
		min:     func() fyne.Size { return fyne.NewSize(160, g.HeightFor(max(g.Size().Width, 160))) },
		refresh: func() {
			g.words.ink(theme.Ink2)
			g.layout(g.Size())
			for _, t := range g.tiles {
				t.Refresh()
			}
			canvas.Refresh(g)
		},
	}
}

func (g *PictureGrid) layout(size fyne.Size) {
	g.words.place(0, 0, fieldLabelHeight, size.Width)
	n := g.columns(size.Width)
	for i, t := range g.tiles {
		x := float32(i%n) * (tileSize + tileGap)
		y := fieldLabelHeight + fieldLabelGap + float32(i/n)*(tileSize+tileGap)
		place(t, x, y, tileSize, tileSize)
	}
}

// pictureTile is one picture.
type pictureTile struct {
	press
	grid    *PictureGrid
	picture Picture
	frame   *canvas.Rectangle
	square  *canvas.Rectangle
	letter  *label
	image   *canvas.Image
}

func newPictureTile(g *PictureGrid, p Picture) *pictureTile {
	t := &pictureTile{
		grid: g, picture: p,
		frame:  box(theme.AvatarLargeRadius + tileRing),
		square: box(theme.AvatarLargeRadius),
		letter: newLabel(theme.TitleSize, true),
		image:  canvas.NewImageFromResource(p.Resource),
	}
	t.image.FillMode = canvas.ImageFillContain
	t.image.CornerRadius = theme.AvatarLargeRadius
	if p.Resource == nil {
		t.letter.set(p.Letter)
	}
	t.onTapped = func() {
		g.value = p.Value
		g.Refresh()
	}
	t.extend(t)
	return t
}

func (t *pictureTile) CreateRenderer() fyne.WidgetRenderer {
	t.paint()
	return &flat{
		objects: these(t.frame, t.square, t.letter.line, t.image),
		layout: func(size fyne.Size) {
			place(t.frame, 0, 0, size.Width, size.Height)
			for _, o := range []fyne.CanvasObject{t.square, t.image} {
				place(o, tileRing, tileRing, theme.AvatarLarge, theme.AvatarLarge)
			}
			t.letter.placeCentred(0, 0, size.Height, size.Width)
		},
		min:     fixed(tileSize, tileSize),
		refresh: func() { t.paint(); canvas.Refresh(t) },
	}
}

func (t *pictureTile) paint() {
	chosen := t.grid.value == t.picture.Value
	t.frame.FillColor = theme.Color(theme.Panel)
	if t.hovered {
		t.frame.FillColor = theme.Color(theme.Hover)
	}
	colour := theme.Accent
	if t.focused {
		colour = theme.Link
	}
	ring(t.frame, chosen || t.focused, colour)
	t.square.Hidden = t.picture.Resource != nil
	t.image.Hidden = t.picture.Resource == nil
	t.square.FillColor = theme.AvatarColor(t.picture.ID)
	t.letter.ink(theme.AvatarInk)
}
