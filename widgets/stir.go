package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Stirred is what a canvas may be besides, that is told of every movement of the
// pointer over what is open on it.
type Stirred interface{ Stir() }

func stir(c fyne.Canvas) {
	if s, ok := c.(Stirred); ok {
		s.Stir()
	}
}

// passKeyDown tells the window's canvas that a key went down while o has the
// keyboard: Fyne tells it only of those that nothing has the keyboard for.
func passKeyDown(o fyne.CanvasObject, key *fyne.KeyEvent) {
	if c, ok := canvasOf(o).(desktop.Canvas); ok {
		if f := c.OnKeyDown(); f != nil {
			f(key)
		}
	}
}

// Ground lies below the content of a window and notices every movement of the
// pointer over it, without keeping it from what is above: Fyne asks everything below
// the pointer for a cursor.
type Ground struct {
	widget.BaseWidget
	content fyne.CanvasObject
	moved   func()
}

var _ desktop.Cursorable = (*Ground)(nil)

// NewGround puts a ground below content. moved is called at each movement.
func NewGround(content fyne.CanvasObject, moved func()) *Ground {
	g := &Ground{content: content, moved: moved}
	g.ExtendBaseWidget(g)
	return g
}

// Content is what lies on it.
func (g *Ground) Content() fyne.CanvasObject { return g.content }

// Cursor implements desktop.Cursorable.
func (g *Ground) Cursor() desktop.Cursor {
	g.moved()
	return desktop.DefaultCursor
}

// CreateRenderer implements fyne.Widget.
func (g *Ground) CreateRenderer() fyne.WidgetRenderer {
	return &flat{
		objects: these(g.content),
		layout:  func(size fyne.Size) { place(g.content, 0, 0, size.Width, size.Height) },
		min:     func() fyne.Size { return g.content.MinSize() },
		refresh: func() { g.content.Refresh() },
	}
}
