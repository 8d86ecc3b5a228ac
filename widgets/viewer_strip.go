package widgets

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// ViewerCell is one picture of the strip below the viewer.
type ViewerCell struct {
	ID    string
	Image image.Image // a square; nil for a picture that is not here
	// Film: it is a still. Broken: it cannot be shown.
	Film, Broken bool
}

// SetStrip shows the pictures around the one with an id, oldest first.
func (v *Viewer) SetStrip(cells []ViewerCell, current string) {
	v.strip.set(cells, current)
}

// SetCell shows another picture of one of them.
func (v *Viewer) SetCell(cell ViewerCell) {
	for i := range v.strip.cells {
		if v.strip.cells[i].ID == cell.ID {
			v.strip.cells[i] = cell
			v.strip.Refresh()
		}
	}
}

// viewerStrip are the pictures around the one that is shown, which is in the
// middle.
type viewerStrip struct {
	widget.BaseWidget
	chosen  func(id string)
	cells   []ViewerCell
	current int
	hovered int // -1 for none
	tiles   []*stripTile
}

// stripTile is what one of them is drawn with.
type stripTile struct {
	ground *canvas.Rectangle
	image  *canvas.Image
	sign   *canvas.Image
	ring   *canvas.Rectangle
}

const (
	stripCell  = float32(56)
	stripGap   = float32(6)
	stripRing  = float32(2)
	stripPale  = 0.45 // how much is missing of those beside
	stripTop   = float32(6)
	stripSign  = float32(24)
	stripRound = float32(8)
)

func newViewerStrip(chosen func(id string)) *viewerStrip {
	s := &viewerStrip{chosen: chosen, hovered: -1}
	s.ExtendBaseWidget(s)
	return s
}

func (s *viewerStrip) set(cells []ViewerCell, current string) {
	s.cells, s.current, s.hovered = cells, -1, -1
	for i := range cells {
		if cells[i].ID == current {
			s.current = i
		}
	}
	for len(s.tiles) < len(cells) {
		s.tiles = append(s.tiles, &stripTile{
			ground: box(stripRound),
			image:  &canvas.Image{FillMode: canvas.ImageFillStretch, ScaleMode: canvas.ImageScaleFastest, CornerRadius: stripRound},
			sign:   &canvas.Image{FillMode: canvas.ImageFillContain},
			ring:   box(stripRound + stripRing),
		})
	}
	s.Refresh()
}

func (s *viewerStrip) CreateRenderer() fyne.WidgetRenderer {
	s.paint()
	return &flat{
		objects: func() []fyne.CanvasObject {
			all := make([]fyne.CanvasObject, 0, 4*len(s.cells))
			for _, t := range s.tiles[:len(s.cells)] {
				all = append(all, t.ground, t.image, t.sign, t.ring)
			}
			return all
		},
		layout:  s.layout,
		min:     fixed(stripCell, viewerFoot),
		refresh: func() { s.paint(); s.layout(s.Size()); canvas.Refresh(s) },
	}
}

func (s *viewerStrip) paint() {
	for i := range s.cells {
		c, t := &s.cells[i], s.tiles[i]
		t.ground.FillColor = theme.Color(theme.ViewerHover)
		t.ground.Hidden = c.Image != nil
		t.image.Hidden = c.Image == nil
		if c.Image != nil && t.image.Image != c.Image {
			t.image.Image = c.Image
			canvas.Refresh(t.image)
		}
		t.image.Translucency = stripPale
		if i == s.current || i == s.hovered {
			t.image.Translucency = 0
		}
		sign := theme.Icon("image", theme.ViewerInk2)
		switch {
		case c.Broken:
			sign = theme.Thumbnail("broken", theme.ViewerInk2)
		case c.Film:
			sign = theme.Icon("play", theme.ViewerInk)
		}
		t.sign.Hidden = c.Image != nil && !c.Film
		if t.sign.Resource == nil || t.sign.Resource.Name() != sign.Name() {
			t.sign.Resource, t.sign.Image = sign, nil
			t.sign.Refresh()
		}
		t.ring.FillColor = color.Transparent
		t.ring.StrokeColor, t.ring.StrokeWidth = theme.Color(theme.ViewerMark), stripRing
		t.ring.Hidden = i != s.current
	}
}

// x is where a cell begins.
func (s *viewerStrip) x(i int, width float32) float32 {
	return (width-stripCell)/2 + float32(i-s.current)*(stripCell+stripGap)
}

func (s *viewerStrip) layout(size fyne.Size) {
	for i := range s.cells {
		t, x := s.tiles[i], s.x(i, size.Width)
		if x < stripGap || x+stripCell > size.Width-stripGap {
			t.ground.Hidden, t.image.Hidden, t.sign.Hidden, t.ring.Hidden = true, true, true, true
			continue
		}
		place(t.ground, x, stripTop, stripCell, stripCell)
		place(t.image, x, stripTop, stripCell, stripCell)
		place(t.sign, x+(stripCell-stripSign)/2, stripTop+(stripCell-stripSign)/2, stripSign, stripSign)
		place(t.ring, x-stripRing, stripTop-stripRing, stripCell+2*stripRing, stripCell+2*stripRing)
	}
}

// cellAt is the cell at a place, -1 for none.
func (s *viewerStrip) cellAt(at fyne.Position) int {
	for i := range s.cells {
		x := s.x(i, s.Size().Width)
		shown := !s.tiles[i].ground.Hidden || !s.tiles[i].image.Hidden
		if shown && at.X >= x && at.X < x+stripCell && at.Y >= stripTop && at.Y < stripTop+stripCell {
			return i
		}
	}
	return -1
}

// Tapped goes to the picture under the pointer.
func (s *viewerStrip) Tapped(e *fyne.PointEvent) {
	if i := s.cellAt(e.Position); i >= 0 && i != s.current {
		s.chosen(s.cells[i].ID)
	}
}

func (s *viewerStrip) hover(i int) {
	if i != s.hovered {
		s.hovered = i
		s.Refresh()
	}
}

func (s *viewerStrip) MouseIn(e *desktop.MouseEvent)    { s.hover(s.cellAt(e.Position)) }
func (s *viewerStrip) MouseMoved(e *desktop.MouseEvent) { s.hover(s.cellAt(e.Position)) }
func (s *viewerStrip) MouseOut()                        { s.hover(-1) }

func (s *viewerStrip) Cursor() desktop.Cursor {
	if s.hovered >= 0 {
		return desktop.PointerCursor
	}
	return desktop.DefaultCursor
}
