package canvas

import (
	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"magpie/widgets/theme"
)

// renderer is what Fyne draws from. It holds no state: Fyne throws renderers
// away when they have not been drawn for a while.
type renderer struct{ c *Canvas }

// CreateRenderer implements fyne.Widget.
func (c *Canvas) CreateRenderer() fyne.WidgetRenderer {
	c.relist()
	return &renderer{c: c}
}

// Destroy implements fyne.WidgetRenderer.
func (r *renderer) Destroy() {}

// Layout implements fyne.WidgetRenderer.
func (r *renderer) Layout(fyne.Size) { r.c.place() }

// MinSize implements fyne.WidgetRenderer.
func (r *renderer) MinSize() fyne.Size {
	return fyne.NewSize(theme.AvatarSmall+8*theme.TextSize, 4*theme.LineHeight)
}

// Objects implements fyne.WidgetRenderer.
func (r *renderer) Objects() []fyne.CanvasObject { return r.c.boxes }

// Refresh implements fyne.WidgetRenderer: the theme may be another.
func (r *renderer) Refresh() {
	c := r.c
	if font := fynetheme.TextFont(); c.fontOf != font {
		c.fontOf = font
		c.remeasure()
	}
	c.floats.recolour()
	c.floats.ground.Refresh() // its texture belongs to the object
	c.floats.jumpIcon.Refresh()
	for _, row := range c.shown {
		row.stale = true
	}
	c.place()
	c.refreshAll()
}
