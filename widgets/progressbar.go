package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// ProgressBar is a thin line that fills as something goes on.
type ProgressBar struct {
	widget.BaseWidget
	part        float64
	track, fill *canvas.Rectangle
}

const progressHeight = float32(4)

// NewProgressBar makes a bar of which nothing is full.
func NewProgressBar() *ProgressBar {
	b := &ProgressBar{track: box(progressHeight / 2), fill: box(progressHeight / 2)}
	b.ExtendBaseWidget(b)
	return b
}

// SetPart shows how much is done, 0 to 1.
func (b *ProgressBar) SetPart(part float64) {
	if part = min(max(part, 0), 1); part != b.part {
		b.part = part
		b.Refresh()
	}
}

// Part returns what is shown.
func (b *ProgressBar) Part() float64 { return b.part }

// CreateRenderer implements fyne.Widget.
func (b *ProgressBar) CreateRenderer() fyne.WidgetRenderer {
	paint := func() {
		b.track.FillColor = theme.Color(theme.Line)
		b.fill.FillColor = theme.Color(theme.Accent)
	}
	layout := func(size fyne.Size) {
		place(b.track, 0, 0, size.Width, progressHeight)
		w := round(size.Width * float32(b.part))
		b.fill.Hidden = w <= 0
		place(b.fill, 0, 0, max(w, progressHeight), progressHeight)
	}
	paint()
	return &flat{
		objects: these(b.track, b.fill),
		layout:  layout,
		min:     fixed(80, progressHeight),
		refresh: func() { paint(); layout(b.Size()); canvas.Refresh(b) },
	}
}
