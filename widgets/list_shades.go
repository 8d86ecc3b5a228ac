package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// shadeWidths are how wide the shades of a name and of a preview are, as shares of the
// room that those have: like a list, and not like a table.
var shadeWidths = [...]struct{ name, preview float32 }{
	{0.42, 0.78}, {0.56, 0.52}, {0.36, 0.9}, {0.5, 0.66}, {0.44, 0.84}, {0.6, 0.48},
}

// Sizes of the shades of text.
const (
	shadeName    = float32(12)
	shadePreview = float32(10)
)

// listShades stand where rows will be while the list is read. They do not move: what
// is read in a moment needs no sign that time goes by.
type listShades struct {
	widget.BaseWidget
	row   float32 // height of a row
	rects []*canvas.Rectangle
}

func newListShades(row float32) *listShades {
	s := &listShades{row: row}
	s.Hide()
	s.ExtendBaseWidget(s)
	return s
}

// CreateRenderer implements fyne.Widget.
func (s *listShades) CreateRenderer() fyne.WidgetRenderer {
	return &flat{
		objects: func() []fyne.CanvasObject {
			all := make([]fyne.CanvasObject, len(s.rects))
			for i, r := range s.rects {
				all[i] = r
			}
			return all
		},
		layout:  s.layout,
		min:     fixed(1, 1),
		refresh: func() { s.layout(s.Size()); canvas.Refresh(s) },
	}
}

// layout draws as many as there is room for, where a row has its parts.
func (s *listShades) layout(size fyne.Size) {
	s.rects = s.rects[:0]
	step := s.row + theme.RowGap
	add := func(x, y, w, h, radius float32) {
		r := box(radius)
		r.FillColor = theme.Color(theme.Line)
		place(r, x, y, w, h)
		s.rects = append(s.rects, r)
	}
	left := listMargin + rowPad
	text := listMargin + rowText
	room := max(size.Width-text-listMargin-rowPad, 0)
	for i := 0; float32(i)*step < size.Height; i++ {
		w := shadeWidths[i%len(shadeWidths)]
		mid := float32(i)*step + s.row/2
		add(left, mid-theme.AvatarLarge/2, theme.AvatarLarge, theme.AvatarLarge, theme.AvatarLargeRadius)
		add(text, mid-theme.Grid-shadeName, room*w.name, shadeName, shadeName/2)
		add(text, mid+theme.Grid, room*w.preview, shadePreview, shadePreview/2)
	}
}
