package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// Item is one widget of a [Card] or a dialog and the free space above it.
type Item struct {
	Above  float32
	Object fyne.CanvasObject
	// Centre keeps the object at its own width, in the middle.
	Centre bool
}

// stack puts widgets below each other, each as wide as the stack. Unlike Fyne's
// boxes it knows how tall wrapped text is before it is shown.
type stack struct {
	widget.BaseWidget
	items []Item
	pad   float32 // free at all sides, for the frames of focus in a scroll container
	// padRight and padBottom are free at those sides instead, where they are more.
	padRight, padBottom float32

	// grown is called when what the stack holds became taller or lower, as by
	// the error of a field: a scroll container around it would hide that.
	grown func()
	tall  float32
}

// NewStack puts widgets below each other, for the content of a [Sheet].
func NewStack(items ...Item) fyne.CanvasObject { return newStack(items...) }

func newStack(items ...Item) *stack {
	s := &stack{items: items}
	s.ExtendBaseWidget(s)
	return s
}

func (s *stack) add(above float32, o fyne.CanvasObject) {
	s.items = append(s.items, Item{Above: above, Object: o})
}

// HeightFor is how tall everything is at a width, free space included.
func (s *stack) HeightFor(width float32) float32 {
	h := s.pad + max(s.pad, s.padBottom)
	width -= s.pad + max(s.pad, s.padRight)
	for _, i := range s.items {
		if i.Object.Visible() {
			h += i.Above + heightFor(i.Object, width)
		}
	}
	return h
}

// heightFor asks how tall o wants to be at a width.
func heightFor(o fyne.CanvasObject, width float32) float32 {
	if p, ok := o.(interface{ HeightFor(float32) float32 }); ok {
		return p.HeightFor(width)
	}
	return o.MinSize().Height
}

func (s *stack) CreateRenderer() fyne.WidgetRenderer {
	return &flat{
		objects: func() []fyne.CanvasObject {
			var all []fyne.CanvasObject
			for _, i := range s.items {
				all = append(all, i.Object)
			}
			return all
		},
		layout: s.layout,
		min: func() fyne.Size {
			return fyne.NewSize(120, s.HeightFor(max(s.Size().Width, 120)))
		},
		refresh: func() { s.layout(s.Size()); canvas.Refresh(s) },
	}
}

func (s *stack) layout(size fyne.Size) {
	y, width := s.pad, size.Width-s.pad-max(s.pad, s.padRight)
	for _, i := range s.items {
		if !i.Object.Visible() {
			continue
		}
		y += i.Above
		h := heightFor(i.Object, width)
		x, w := s.pad, width
		if i.Centre {
			w = min(i.Object.MinSize().Width, width)
			x += (width - w) / 2
		}
		place(i.Object, x, y, w, h)
		y += h
	}
	if y += max(s.pad, s.padBottom); s.tall != y {
		s.tall = y
		call(s.grown)
	}
}

// buttonRow puts buttons at the right end, the last outermost; where they have
// no room each gets an equal share.
type buttonRow struct {
	widget.BaseWidget
	all []*Button
}

func newButtonRow(buttons []*Button) *buttonRow {
	r := &buttonRow{all: buttons}
	r.ExtendBaseWidget(r)
	return r
}

const buttonGap = float32(8)

// width is what the buttons take where there is room.
func (r *buttonRow) width() float32 {
	total := float32(0)
	for i, b := range r.all {
		if i > 0 {
			total += buttonGap
		}
		total += b.MinSize().Width
	}
	return total
}

func (r *buttonRow) CreateRenderer() fyne.WidgetRenderer {
	var all []fyne.CanvasObject
	for _, b := range r.all {
		all = append(all, b)
	}
	return &flat{
		objects: these(all...),
		layout:  r.layout,
		min:     fixed(120, theme.ButtonHeight),
		refresh: func() { r.layout(r.Size()); canvas.Refresh(r) },
	}
}

func (r *buttonRow) layout(size fyne.Size) {
	const gap = buttonGap
	n := float32(len(r.all))
	total := r.width()
	share := float32(0)
	if total > size.Width {
		share = (size.Width - gap*(n-1)) / n
	}
	x := size.Width
	for i := len(r.all) - 1; i >= 0; i-- {
		w := share
		if w == 0 {
			w = r.all[i].MinSize().Width
		}
		x -= w
		place(r.all[i], x, 0, w, theme.ButtonHeight)
		x -= gap
	}
}

// Rows are widgets below each other that may change while they are shown.
type Rows struct{ stack }

// NewRows makes rows of nothing.
func NewRows() *Rows {
	r := &Rows{}
	r.ExtendBaseWidget(r)
	return r
}

// SetItems replaces what there is.
func (r *Rows) SetItems(items ...Item) {
	r.items = items
	r.Refresh()
}
