package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// flow puts things next to each other, each at its own width, and goes on below where
// there is no more room.
type flow struct {
	widget.BaseWidget
	all []fyne.CanvasObject
}

const flowGap = float32(10)

// NewFlow makes a row of buttons that wraps.
func NewFlow(all ...fyne.CanvasObject) fyne.CanvasObject {
	f := &flow{all: all}
	f.ExtendBaseWidget(f)
	return f
}

// HeightFor is how tall everything is at a width.
func (f *flow) HeightFor(width float32) float32 { return f.arrange(width, nil) }

// arrange says where everything goes, and returns how tall that is.
func (f *flow) arrange(width float32, put func(o fyne.CanvasObject, x, y, w, h float32)) float32 {
	x, y, tall := float32(0), float32(0), float32(0)
	for _, o := range f.all {
		if !o.Visible() {
			continue
		}
		least := o.MinSize()
		w := min(least.Width, width)
		if x > 0 && x+w > width {
			x, y, tall = 0, y+tall+flowGap, 0
		}
		if put != nil {
			put(o, x, y, w, least.Height)
		}
		x += w + flowGap
		tall = max(tall, least.Height)
	}
	return y + tall
}

// CreateRenderer implements fyne.Widget.
func (f *flow) CreateRenderer() fyne.WidgetRenderer {
	layout := func(size fyne.Size) {
		f.arrange(size.Width, func(o fyne.CanvasObject, x, y, w, h float32) { place(o, x, y, w, h) })
	}
	return &flat{
		objects: these(f.all...),
		layout:  layout,
		min:     func() fyne.Size { return fyne.NewSize(80, f.HeightFor(max(f.Size().Width, 80))) },
		refresh: func() {
			for _, o := range f.all {
				o.Refresh()
			}
			layout(f.Size())
			canvas.Refresh(f)
		},
	}
}
