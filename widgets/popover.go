package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Popover shows something beside a button, over the window: its lower right
// corner above the button, within the window. A click beside it and Esc close it.
type Popover struct {
	widget.BaseWidget

	// OnClosed is called once whenever it goes, however that happens.
	OnClosed func()

	content fyne.CanvasObject
	anchor  fyne.CanvasObject
	over    overlay
}

// popoverGap is free between the button and the popover, and to the window's edge.
const popoverGap = float32(10)

// NewPopover makes a popover of the least size of content, which draws its own
// ground.
func NewPopover(content fyne.CanvasObject) *Popover {
	p := &Popover{content: content}
	p.ExtendBaseWidget(p)
	return p
}

// Open shows it above anchor in the window of c.
func (p *Popover) Open(c fyne.Canvas, anchor fyne.CanvasObject) {
	if p.over.canvas == nil {
		p.anchor = anchor // the first layout asks for it
		p.over.open(c, p, p.key)
	}
}

// IsOpen reports whether it is shown.
func (p *Popover) IsOpen() bool { return p.over.canvas != nil }

// Close takes it away; the keyboard goes back to what had it.
func (p *Popover) Close() {
	if p.over.close(p) {
		call(p.OnClosed)
	}
}

func (p *Popover) key(key *fyne.KeyEvent) {
	if key.Name == fyne.KeyEscape {
		p.Close()
	}
}

// Tapped closes it; what is in the content takes taps for itself.
func (p *Popover) Tapped(*fyne.PointEvent) { p.Close() }

// CreateRenderer implements fyne.Widget.
func (p *Popover) CreateRenderer() fyne.WidgetRenderer {
	return &flat{
		objects: these(p.content),
		layout:  p.layout,
		min:     fixed(1, 1),
		refresh: func() { p.content.Refresh(); p.layout(p.Size()); canvas.Refresh(p) },
	}
}

func (p *Popover) layout(size fyne.Size) {
	least := p.content.MinSize()
	w, h := min(least.Width, size.Width-2*popoverGap), min(least.Height, size.Height-2*popoverGap)
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(p.anchor)
	x := min(at.X+p.anchor.Size().Width-w, size.Width-popoverGap-w)
	y := min(at.Y, size.Height) - popoverGap - h
	place(p.content, max(x, popoverGap), max(y, popoverGap), w, h)
}
