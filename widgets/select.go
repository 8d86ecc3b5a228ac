package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// Select is a small button that says which of several options is chosen, and opens
// the others as a menu.
type Select struct {
	press

	// OnChanged is told when a person chooses another option.
	OnChanged func(value string)

	value   string
	options []Option
	back    *canvas.Rectangle
	words   *label
	arrow   *canvas.Image
}

const selectArrow = float32(12)

// NewSelect makes a choice with the option of the given value chosen; a value that is
// none of the options shows nothing.
func NewSelect(value string, options ...Option) *Select {
	s := &Select{
		value:   value,
		options: options,
		back:    box(theme.RadiusButton),
		words:   newLabel(theme.SecondarySize, true),
		arrow:   drawing("chevron-down", theme.Ink, selectArrow),
	}
	s.onTapped = s.open
	s.extend(s)
	return s
}

// Value returns what is chosen.
func (s *Select) Value() string { return s.value }

// SetValue shows another option as chosen, without telling.
func (s *Select) SetValue(value string) {
	s.value = value
	s.Refresh()
}

// Choose is a person choosing.
func (s *Select) Choose(value string) {
	if s.value == value {
		return
	}
	s.SetValue(value)
	if s.OnChanged != nil {
		s.OnChanged(value)
	}
}

func (s *Select) label() string {
	for _, o := range s.options {
		if o.Value == s.value {
			return o.Label
		}
	}
	return ""
}

// open shows the options below the button.
func (s *Select) open() {
	c := canvasOf(s)
	if c == nil {
		return
	}
	var items []*fyne.MenuItem
	for _, o := range s.options {
		item := fyne.NewMenuItem(o.Label, func() { s.Choose(o.Value) })
		item.Checked = o.Value == s.value
		items = append(items, item)
	}
	menu := widget.NewPopUpMenu(fyne.NewMenu("", items...), c)
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(s)
	x := max(0, at.X+s.Size().Width-menu.MinSize().Width)
	menu.ShowAtPosition(fyne.NewPos(x, at.Y+s.Size().Height+2))
}

// CreateRenderer implements fyne.Widget.
func (s *Select) CreateRenderer() fyne.WidgetRenderer {
	const pad, gap = float32(14), float32(4)
	paint := func() {
		fill, ink := theme.Field, theme.Ink
		if s.hovered {
			fill = theme.Selected
		}
		if s.Disabled() {
			ink = theme.Ink3
		}
		s.back.FillColor = theme.Color(fill)
		ring(s.back, s.focused && !s.Disabled(), theme.Link)
		s.words.set(s.label())
		s.words.ink(ink)
		recolour(s.arrow, "chevron-down", ink)
	}
	layout := func(size fyne.Size) {
		place(s.back, 0, 0, size.Width, size.Height)
		place(s.arrow, size.Width-pad-selectArrow, (size.Height-selectArrow)/2+1, selectArrow, selectArrow)
		s.words.place(pad, 0, size.Height, size.Width-2*pad-gap-selectArrow+1)
	}
	paint()
	return &flat{
		objects: these(s.back, s.words.line, s.arrow),
		layout:  layout,
		min: func() fyne.Size {
			s.words.set(s.label())
			return fyne.NewSize(s.words.width()+2*pad+gap+selectArrow, theme.SmallButtonHeight)
		},
		refresh: func() { paint(); layout(s.Size()); canvas.Refresh(s) },
	}
}
