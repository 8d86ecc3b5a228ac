package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"magpie/widgets/theme"
)

// placeMark puts the ground under the cell that has the keyboard, else under that
// at the pointer.
func (g *pictureGrid) placeMark() {
	cell := g.at
	if cell < 0 {
		cell = g.over
	}
	g.mark.Hidden = cell < 0 || cell >= len(g.page.cells)
	if g.mark.Hidden {
		return
	}
	g.mark.FillColor = theme.Color(theme.Hover)
	if g.at >= 0 {
		g.mark.FillColor = theme.Color(theme.Selected)
	}
	ring(g.mark, g.at >= 0, theme.Link)
	r := g.rows[g.rowOf(cell)]
	place(g.mark, float32(cell-r.first)*g.page.side+1, r.y+1, g.page.side-2, g.page.side-2)
}

// move gives the keyboard to a cell, within those there are.
func (g *pictureGrid) move(cell int) {
	n := len(g.page.cells)
	if n == 0 {
		return
	}
	g.at = min(max(cell, 0), n-1)
	r := g.rows[g.rowOf(g.at)]
	top := r.y
	if g.at == r.first && r.y == gridHeading { // the first heading comes along
		top = 0
	}
	offset, view := g.scroll.Offset, g.scroll.Size().Height
	switch {
	case top < offset.Y:
		offset.Y = top
	case r.y+r.h > offset.Y+view:
		offset.Y = r.y + r.h - view
	}
	g.scroll.ScrollToOffset(offset)
	g.update()
	g.tell()
}

// moveDown moves a row down, to the first cell from outside of the grid.
func (g *pictureGrid) moveDown() {
	if g.at < 0 {
		g.move(0)
		return
	}
	g.moveRow(1)
}

// moveUp moves a row up, and from the uppermost out of the grid.
func (g *pictureGrid) moveUp() {
	if g.at < 0 {
		return
	}
	if !g.moveRow(-1) {
		g.at = -1
		g.update()
		g.tell()
	}
}

// moveRow moves by rows of cells, in the same column as far as there is one.
func (g *pictureGrid) moveRow(by int) bool {
	i := g.rowOf(g.at)
	column := g.at - g.rows[i].first
	for i += by; i >= 0 && i < len(g.rows); i += by {
		if r := g.rows[i]; r.n > 0 {
			g.move(r.first + min(column, r.n-1))
			return true
		}
	}
	return false
}

func (g *pictureGrid) takeAt() {
	if g.at >= 0 && g.at < len(g.page.cells) {
		g.taken(g.page.cells[g.at])
	}
}

// tell says the name of the cell that is marked.
func (g *pictureGrid) tell() {
	cell := g.at
	if cell < 0 {
		cell = g.over
	}
	if cell < 0 {
		g.named("")
		return
	}
	g.named(g.page.cells[cell].name)
}

// Tapped chooses the cell under the pointer.
func (g *pictureGrid) Tapped(at *fyne.PointEvent) {
	if cell := g.cellAt(at.Position); cell >= 0 {
		g.taken(g.page.cells[cell])
	}
}

func (g *pictureGrid) hover(cell int) {
	if g.over != cell {
		g.over, g.at = cell, -1
		g.update()
		g.tell()
	}
}

func (g *pictureGrid) MouseIn(at *desktop.MouseEvent)    { g.hover(g.cellAt(at.Position)) }
func (g *pictureGrid) MouseMoved(at *desktop.MouseEvent) { g.hover(g.cellAt(at.Position)) }
func (g *pictureGrid) MouseOut()                         { g.hover(-1) }

// Cursor implements desktop.Cursorable.
func (g *pictureGrid) Cursor() desktop.Cursor {
	if g.over >= 0 {
		return desktop.PointerCursor
	}
	return desktop.DefaultCursor
}
