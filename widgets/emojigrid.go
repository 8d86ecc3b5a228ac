package widgets

import (
	"image"
	"image/color"
	"sort"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/picture"
	"magpie/widgets/textlayout"
	"magpie/widgets/theme"
)

// gridCell is one thing that can be chosen: an emoji, or a picture with a number.
type gridCell struct {
	name     string
	sequence string
	resource fyne.Resource
	number   int
}

// gridPage is what a grid shows: cells in sections with headings, all of one size.
type gridPage struct {
	side, picture float32
	cells         []gridCell
	sections      []gridSection
}

type gridSection struct {
	label string
	first int // of its cells; they reach to those of the next
}

// add adds a section, unless it is empty.
func (p *gridPage) add(label string, cells []gridCell) {
	if len(cells) > 0 {
		p.sections = append(p.sections, gridSection{label, len(p.cells)})
		p.cells = append(p.cells, cells...)
	}
}

// gridRow is a line of the grid: a heading, or cells.
type gridRow struct {
	y, h     float32
	label    string
	first, n int
}

// gridHeading is the height of a heading.
const gridHeading = float32(26)

// pictureGrid draws the rows of a page that are in sight, and takes clicks and
// keys for its cells. It is inside a scroll container.
type pictureGrid struct {
	widget.BaseWidget
	scroll   *container.Scroll
	taken    func(gridCell)
	named    func(name string) // what is under the pointer or has the keyboard
	pictures picture.Cache

	page   gridPage
	rows   []gridRow
	width  float32 // what rows were made for
	height float32
	at     int // the cell that has the keyboard, -1 for none
	over   int // the one under the pointer, -1 for none

	mark     *canvas.Rectangle
	images   map[int]*canvas.Image // by cell, those in sight
	spare    []*canvas.Image
	heads    []*label
	headFace *textlayout.Face
	visible  []fyne.CanvasObject
}

var (
	_ fyne.Tappable      = (*pictureGrid)(nil)
	_ desktop.Hoverable  = (*pictureGrid)(nil)
	_ desktop.Cursorable = (*pictureGrid)(nil)
)

func newPictureGrid(taken func(gridCell), named func(string)) *pictureGrid {
	g := &pictureGrid{
		taken: taken, named: named, at: -1, over: -1,
		mark:     box(theme.RadiusBadge),
		images:   map[int]*canvas.Image{},
		headFace: newFace(theme.MetaSize, false),
	}
	g.ExtendBaseWidget(g)
	return g
}

// show shows another page from its beginning.
func (g *pictureGrid) show(p gridPage) {
	g.page, g.at, g.over, g.width = p, -1, -1, 0
	for i, o := range g.images {
		delete(g.images, i)
		g.spare = append(g.spare, o)
	}
	g.scroll.Offset = fyne.Position{}
	g.arrange()
	g.scroll.Refresh()
	g.update()
	g.named("")
}

// arrange breaks the page into rows for the present width.
func (g *pictureGrid) arrange() {
	width := g.scroll.Size().Width
	if g.width == width {
		return
	}
	g.width, g.rows = width, g.rows[:0]
	columns := max(int(width/max(g.page.side, 1)), 1)
	y := float32(0)
	for i, s := range g.page.sections {
		if s.label != "" {
			g.rows = append(g.rows, gridRow{y: y, h: gridHeading, label: s.label, first: s.first})
			y += gridHeading
		}
		end := len(g.page.cells)
		if i+1 < len(g.page.sections) {
			end = g.page.sections[i+1].first
		}
		for first := s.first; first < end; first += columns {
			g.rows = append(g.rows, gridRow{y: y, h: g.page.side, first: first, n: min(columns, end-first)})
			y += g.page.side
		}
	}
	g.height = y
}

// rowAt returns the index of the row at y, len(rows) below all.
func (g *pictureGrid) rowAt(y float32) int {
	return sort.Search(len(g.rows), func(i int) bool { return g.rows[i].y+g.rows[i].h > y })
}

// cellAt returns the cell at a place, -1 for none.
func (g *pictureGrid) cellAt(p fyne.Position) int {
	i := g.rowAt(p.Y)
	if i == len(g.rows) || p.X < 0 || p.Y < 0 {
		return -1
	}
	r := g.rows[i]
	if n := int(p.X / g.page.side); n < r.n {
		return r.first + n
	}
	return -1
}

// rowOf returns the index of the row that holds a cell.
func (g *pictureGrid) rowOf(cell int) int {
	return sort.Search(len(g.rows), func(i int) bool { return g.rows[i].first+g.rows[i].n > cell })
}

// update gives each cell in sight an image. It costs what is in sight.
func (g *pictureGrid) update() {
	g.arrange()
	top, height := g.scroll.Offset.Y, g.scroll.Size().Height
	first := g.rowAt(top)
	last := first
	for last < len(g.rows) && g.rows[last].y < top+height {
		last++
	}
	rows := g.rows[first:last]
	from, to := 0, 0
	if len(rows) > 0 {
		from, to = rows[0].first, rows[len(rows)-1].first+rows[len(rows)-1].n
	}
	for i, o := range g.images {
		if i < from || i >= to {
			delete(g.images, i)
			g.spare = append(g.spare, o)
		}
	}
	g.visible = append(g.visible[:0], g.mark)
	heads := 0
	px := pixels(g, g.page.picture)
	inset := (g.page.side - g.page.picture) / 2
	for _, r := range rows {
		if r.label != "" {
			g.head(heads, r)
			heads++
		}
		for n := range r.n {
			o := g.image(r.first+n, px)
			if o == nil {
				continue
			}
			place(o, float32(n)*g.page.side+inset, r.y+inset, g.page.picture, g.page.picture)
			g.visible = append(g.visible, o)
		}
	}
	g.placeMark()
	canvas.Refresh(g)
}

func (g *pictureGrid) head(n int, r gridRow) {
	if n == len(g.heads) {
		g.heads = append(g.heads, newLabelIn(g.headFace, theme.MetaSize, false))
	}
	h := g.heads[n]
	h.set(r.label)
	h.ink(theme.Ink2)
	h.place(theme.Grid, r.y+2, r.h-2, g.width-2*theme.Grid)
	g.visible = append(g.visible, h.line)
}

// image returns the image of a cell, nil if it has no picture.
func (g *pictureGrid) image(cell, px int) *canvas.Image {
	c := g.page.cells[cell]
	var m image.Image
	var ok bool
	if c.sequence != "" {
		m, ok = g.pictures.Emoji(c.sequence, px)
	} else {
		m, ok = g.pictures.Resource(c.resource, px)
	}
	if !ok {
		return nil
	}
	o := g.images[cell]
	if o == nil {
		if n := len(g.spare); n > 0 {
			o, g.spare = g.spare[n-1], g.spare[:n-1]
		} else {
			o = &canvas.Image{ScaleMode: canvas.ImageScaleFastest}
		}
		g.images[cell] = o
	}
	showPicture(o, m)
	return o
}

func (g *pictureGrid) CreateRenderer() fyne.WidgetRenderer {
	g.mark.FillColor = color.Transparent
	return &flat{
		objects: func() []fyne.CanvasObject { return g.visible },
		layout:  func(fyne.Size) { g.update() },
		min:     func() fyne.Size { g.arrange(); return fyne.NewSize(1, g.height) },
		refresh: func() { canvas.Refresh(g) },
	}
}

// repaint colours anew, as after a change of theme.
func (g *pictureGrid) repaint() { g.update() }

// pixels is how many device pixels a length covers where o is shown, or will be.
func pixels(o fyne.CanvasObject, length float32) int {
	scale := theme.WindowScale()
	if c := canvasOf(o); c != nil && c.Scale() > 0 {
		scale = c.Scale()
	}
	return int(length*scale + 0.5)
}

// showPicture makes o show a picture that was made for its pixels. The texture
// belongs to the object, which must be told.
func showPicture(o *canvas.Image, m image.Image) {
	if o.Image != m {
		o.Image = m
		canvas.Refresh(o)
	}
}
