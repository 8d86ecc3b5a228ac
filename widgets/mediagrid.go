package widgets

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// MediaCell is a picture or video of a [MediaGrid].
type MediaCell struct {
	ID    string
	Image image.Image // of the shape of a cell; nil for one that is not here
	// Film: it is a still. Broken: it cannot be shown. Label says what it is.
	Film, Broken bool
	Label        string
}

// MediaGrid shows small pictures in rows of four, each to be pressed.
type MediaGrid struct {
	widget.BaseWidget
	// OnChosen is told which was pressed.
	OnChosen func(id string)
	tiles    []*mediaTile
}

// Measures of the grid.
const (
	mediaColumns = 4
	mediaGap     = float32(4)
	mediaHeight  = float32(54)
	mediaRadius  = float32(8)
)

// NewMediaGrid makes a grid of cells.
func NewMediaGrid(cells []MediaCell, chosen func(id string)) *MediaGrid {
	g := &MediaGrid{OnChosen: chosen}
	for _, c := range cells {
		g.tiles = append(g.tiles, newMediaTile(g, c))
	}
	g.ExtendBaseWidget(g)
	return g
}

// MediaCellSize is how large a cell is in a grid of a width, in units.
func MediaCellSize(width float32) fyne.Size {
	return fyne.NewSize(round((width-(mediaColumns-1)*mediaGap)/mediaColumns), mediaHeight)
}

// SetCell shows another picture of a cell that there is.
func (g *MediaGrid) SetCell(cell MediaCell) {
	for _, t := range g.tiles {
		if t.cell.ID == cell.ID {
			t.cell = cell
			t.Refresh()
		}
	}
}

// HeightFor is how tall the grid is at a width.
func (g *MediaGrid) HeightFor(float32) float32 {
	rows := float32((len(g.tiles) + mediaColumns - 1) / mediaColumns)
	return max(rows*(mediaHeight+mediaGap)-mediaGap, 0)
}

// CreateRenderer implements fyne.Widget.
func (g *MediaGrid) CreateRenderer() fyne.WidgetRenderer {
	var objects []fyne.CanvasObject
	for _, t := range g.tiles {
		objects = append(objects, t)
	}
	return &flat{
		objects: these(objects...),
		layout:  g.layout,
		min:     func() fyne.Size { return fyne.NewSize(160, g.HeightFor(0)) },
		refresh: func() {
			for _, t := range g.tiles {
				t.Refresh()
			}
			g.layout(g.Size())
			canvas.Refresh(g)
		},
	}
}

func (g *MediaGrid) layout(size fyne.Size) {
	cell := MediaCellSize(size.Width)
	for i, t := range g.tiles {
		x, y := float32(i%mediaColumns)*(cell.Width+mediaGap), float32(i/mediaColumns)*(cell.Height+mediaGap)
		place(t, x, y, cell.Width, cell.Height)
	}
}

// mediaTile is one of them.
type mediaTile struct {
	press
	cell   MediaCell
	ground *canvas.Rectangle
	image  *canvas.Image
	sign   *canvas.Image
	disc   *canvas.Circle
	frame  *canvas.Rectangle
}

func newMediaTile(g *MediaGrid, cell MediaCell) *mediaTile {
	t := &mediaTile{
		cell:   cell,
		ground: box(mediaRadius),
		image:  &canvas.Image{FillMode: canvas.ImageFillStretch, ScaleMode: canvas.ImageScaleFastest, CornerRadius: mediaRadius},
		sign:   &canvas.Image{FillMode: canvas.ImageFillContain},
		disc:   canvas.NewCircle(theme.Color(theme.ViewerBar)),
		frame:  box(mediaRadius),
	}
	t.onTapped = func() {
		if g.OnChosen != nil {
			g.OnChosen(t.cell.ID)
		}
	}
	t.extend(t)
	return t
}

// Label says what the cell shows.
func (t *mediaTile) Label() string { return t.cell.Label }

func (t *mediaTile) CreateRenderer() fyne.WidgetRenderer {
	t.paint()
	return &flat{
		objects: these(t.ground, t.image, t.disc, t.sign, t.frame),
		layout: func(size fyne.Size) {
			for _, o := range []fyne.CanvasObject{t.ground, t.image, t.frame} {
				place(o, 0, 0, size.Width, size.Height)
			}
			side := float32(24)
			if !t.disc.Hidden {
				side = 12
			}
			place(t.disc, (size.Width-24)/2, (size.Height-24)/2, 24, 24)
			place(t.sign, (size.Width-side)/2, (size.Height-side)/2, side, side)
		},
		min:     fixed(mediaHeight, mediaHeight),
		refresh: func() { t.paint(); canvas.Refresh(t) },
	}
}

func (t *mediaTile) paint() {
	c := &t.cell
	t.ground.FillColor = theme.Color(theme.Tip)
	t.ground.Hidden = c.Image != nil
	t.image.Hidden = c.Image == nil
	if c.Image != nil && t.image.Image != c.Image {
		t.image.Image = c.Image
		canvas.Refresh(t.image)
	}
	t.disc.FillColor = theme.Color(theme.ViewerBar)
	t.disc.Hidden = !c.Film || c.Image == nil
	sign := theme.Icon("image", theme.Faint)
	switch {
	case !t.disc.Hidden:
		sign = theme.Icon("play", theme.ViewerInk)
	case c.Broken:
		sign = theme.Thumbnail("broken", theme.Faint)
	case c.Film:
		sign = theme.Thumbnail("video", theme.Faint)
	}
	t.sign.Hidden = c.Image != nil && !c.Film
	if t.sign.Resource == nil || t.sign.Resource.Name() != sign.Name() {
		t.sign.Resource, t.sign.Image = sign, nil
		t.sign.Refresh()
	}
	t.frame.FillColor = color.Transparent
	if t.hovered {
		t.frame.FillColor = theme.Color(theme.ViewerHover)
	}
	ring(t.frame, t.focused, theme.Link)
}
