package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// listContent is as tall as all rows and draws those that can be seen.
type listContent struct {
	widget.BaseWidget
	list    *ConversationList
	visible []fyne.CanvasObject
}

func (c *listContent) CreateRenderer() fyne.WidgetRenderer {
	return &flat{
		objects: func() []fyne.CanvasObject { return c.visible },
		layout:  func(fyne.Size) { c.update() },
		min: func() fyne.Size {
			n := float32(c.list.data.Len())
			return fyne.NewSize(1, n*c.list.step()+listMargin+c.list.under)
		},
		refresh: func() { c.repaint(); canvas.Refresh(c) },
	}
}

// repaint colours every row anew, as after a change of theme.
func (c *listContent) repaint() {
	for _, r := range c.list.rows {
		r.Refresh()
	}
}

// update gives each visible index a row, from those that went out of sight
// first, and shows in it what the data says now. It costs what is on the
// screen, however long the list is.
func (c *listContent) update() {
	l := c.list
	step := l.step()
	top, height := l.scroll.Offset.Y, l.scroll.Size().Height
	first := max(int(top/step), 0)
	last := min(int((top+height)/step), l.data.Len()-1)
	if height <= 0 {
		last = first - 1
	}
	for i, r := range l.rows {
		if i < first || i > last {
			delete(l.rows, i)
			l.spare = append(l.spare, r)
		}
	}
	c.visible = c.visible[:0]
	width := max(l.scroll.Size().Width-2*listMargin, 0)
	for i := first; i <= last; i++ {
		r := l.rows[i]
		if r == nil {
			r = c.row()
			l.rows[i] = r
		}
		r.index = i
		data := l.data.At(i)
		r.Move(fyne.NewPos(listMargin, float32(i)*step))
		r.Resize(fyne.NewSize(width, l.rowHeight))
		r.show(data, data.ID == l.selected, l.focused && data.ID == l.marked)
		c.visible = append(c.visible, r)
	}
	canvas.Refresh(c)
}

func (c *listContent) row() *listRow {
	if n := len(c.list.spare); n > 0 {
		r := c.list.spare[n-1]
		c.list.spare = c.list.spare[:n-1]
		r.hovered, r.everShown = false, false // the theme may have changed meanwhile
		return r
	}
	return newListRow(c.list)
}
