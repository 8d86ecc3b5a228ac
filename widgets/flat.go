package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"magpie/widgets/theme"
)

// flat is the renderer of every widget here: it owns nothing, and asks the
// widget to place and colour the primitives that the widget keeps.
type flat struct {
	objects func() []fyne.CanvasObject
	layout  func(fyne.Size)
	min     func() fyne.Size
	refresh func()
}

var _ fyne.WidgetRenderer = (*flat)(nil)

func (f *flat) Destroy()                     {}
func (f *flat) Layout(s fyne.Size)           { f.layout(s) }
func (f *flat) MinSize() fyne.Size           { return f.min() }
func (f *flat) Objects() []fyne.CanvasObject { return f.objects() }
func (f *flat) Refresh()                     { f.refresh() }

// these makes the objects of a flat renderer that never change.
func these(objects ...fyne.CanvasObject) func() []fyne.CanvasObject {
	return func() []fyne.CanvasObject { return objects }
}

func fixed(width, height float32) func() fyne.Size {
	return func() fyne.Size { return fyne.NewSize(width, height) }
}

// round moves to whole units, where lines and letters are sharp.
func round(v float32) float32 { return float32(int(v + 0.5)) }

// box makes a rectangle with round corners whose colour refresh sets.
func box(radius float32) *canvas.Rectangle {
	r := canvas.NewRectangle(theme.Color(theme.Panel))
	r.CornerRadius = radius
	return r
}

// drawing makes an image for an icon of side units.
func drawing(icon string, colour fyne.ThemeColorName, side float32) *canvas.Image {
	i := canvas.NewImageFromResource(theme.Icon(icon, colour))
	i.FillMode = canvas.ImageFillContain
	i.SetMinSize(fyne.NewSquareSize(side))
	i.Resize(fyne.NewSquareSize(side))
	return i
}

// recolour makes i show icon in colour and reads it again if that is new.
func recolour(i *canvas.Image, icon string, colour fyne.ThemeColorName) {
	next := theme.Icon(icon, colour)
	if i.Resource == nil || i.Resource.Name() != next.Name() || i.Image == nil {
		i.Resource = next
		i.Refresh()
	}
}

// place puts o at x, y with a size, on whole units.
func place(o fyne.CanvasObject, x, y, width, height float32) {
	o.Move(fyne.NewPos(round(x), round(y)))
	o.Resize(fyne.NewSize(width, height))
}
