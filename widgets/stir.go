package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
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
// the pointer for a cursor. The tips of buttons are shown on it, over the content.
type Ground struct {
	widget.BaseWidget
	content fyne.CanvasObject
	moved   func()
	tip     *tip    // the one that is shown, nil for none
	tipBox  *tipBox // made with the first tip
	size    fyne.Size
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

// setTip shows a tip instead of the one before, nil for none.
func (g *Ground) setTip(t *tip) {
	g.tip = t
	if t != nil {
		if g.tipBox == nil {
			g.tipBox = newTipBox()
		}
		g.tipBox.show(t, g.Size())
	}
	canvas.Refresh(g)
}

// CreateRenderer implements fyne.Widget.
func (g *Ground) CreateRenderer() fyne.WidgetRenderer {
	content := []fyne.CanvasObject{g.content}
	return &flat{
		objects: func() []fyne.CanvasObject {
			if g.tip == nil {
				return content
			}
			return append(content[:1:1], g.tipBox.objects()...)
		},
		layout: func(size fyne.Size) {
			place(g.content, 0, 0, size.Width, size.Height)
			// What a tip is of may be somewhere else in another size. Fyne lays out
			// what has something new in it too, which a tip is.
			if g.tip != nil && size != g.size {
				g.tip.leave()
			}
			g.size = size
		},
		min:     func() fyne.Size { return g.content.MinSize() },
		refresh: func() { g.content.Refresh() },
	}
}
