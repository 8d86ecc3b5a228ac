package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// PanelRow is a line of a [SidePanel] that can be pressed: what it is about at
// the left, how that stands at the right.
type PanelRow struct {
	press
	label, value *label
	on, danger   bool
	back         *canvas.Rectangle
}

// panelRowOver is how far the row's background stands out left and right, so
// that its text begins where that of everything else does.
const panelRowOver = float32(6)

// NewPanelRow makes a line. The value may be empty; on says that it is
// something other than the usual, which is marked by the colour.
func NewPanelRow(label, value string, on bool, tapped func()) *PanelRow {
	r := &PanelRow{
		label: newLabel(theme.TextSize, false),
		value: newLabel(theme.TextSize, false),
		on:    on,
		back:  box(theme.RadiusButton),
	}
	r.label.set(label)
	r.value.set(value)
	r.onTapped = tapped
	r.extend(r)
	return r
}

// NewDangerRow makes a line for what cannot be taken back.
func NewDangerRow(label string, tapped func()) *PanelRow {
	r := NewPanelRow(label, "", false, tapped)
	r.danger = true
	return r
}

// CreateRenderer implements fyne.Widget.
func (r *PanelRow) CreateRenderer() fyne.WidgetRenderer {
	r.paint()
	return &flat{
		objects: these(r.back, r.label.line, r.value.line),
		layout:  r.layout,
		min:     fixed(120, theme.PanelRowHeight),
		refresh: func() { r.paint(); r.layout(r.Size()); canvas.Refresh(r) },
	}
}

func (r *PanelRow) paint() {
	r.back.FillColor = color.Transparent
	if r.hovered {
		r.back.FillColor = theme.Color(theme.Hover)
	}
	ring(r.back, r.focused, theme.Link)
	ink := theme.Ink
	if r.danger {
		ink = theme.Danger
	}
	r.label.ink(ink)
	value := theme.Ink3
	if r.on {
		value = theme.Link
	}
	r.value.ink(value)
}

func (r *PanelRow) layout(size fyne.Size) {
	const gap = float32(12)
	place(r.back, -panelRowOver, 1, size.Width+2*panelRowOver, size.Height-2)
	w := r.label.place(0, 0, size.Height, size.Width)
	if room := size.Width - w - gap; room > 0 {
		r.value.placeRight(size.Width, 0, size.Height, room)
	}
}

// PanelSection heads a part of a [SidePanel]: a few words and, behind them, a
// link.
type PanelSection struct {
	widget.BaseWidget
	words *label
	dot   *label
	link  *Link
}

// NewPanelSection makes a head; action may be empty.
func NewPanelSection(words, action string, tapped func()) *PanelSection {
	s := &PanelSection{
		words: newLabel(theme.MetaSize, false),
		dot:   newLabel(theme.MetaSize, false),
		link:  NewLink(action, theme.Link, theme.MetaSize, tapped),
	}
	s.words.set(words)
	s.dot.set("·")
	s.link.Hidden = action == ""
	s.ExtendBaseWidget(s)
	return s
}

// CreateRenderer implements fyne.Widget.
func (s *PanelSection) CreateRenderer() fyne.WidgetRenderer {
	paint := func() {
		s.words.ink(theme.Ink2)
		s.dot.ink(theme.Ink2)
	}
	layout := func(size fyne.Size) {
		const gap = float32(6)
		link := float32(0)
		if !s.link.Hidden {
			link = s.link.MinSize().Width + 2*gap + s.dot.width()
		}
		x := s.words.place(0, 0, theme.LineHeight, size.Width-link)
		if s.link.Hidden {
			s.dot.line.Hidden = true
			return
		}
		x += gap
		x += s.dot.place(x, 0, theme.LineHeight, s.dot.width()+1) + gap
		place(s.link, x, 0, s.link.MinSize().Width, theme.LineHeight)
	}
	paint()
	return &flat{
		objects: these(s.words.line, s.dot.line, s.link),
		layout:  layout,
		min:     fixed(120, theme.LineHeight),
		refresh: func() { paint(); layout(s.Size()); s.link.Refresh(); canvas.Refresh(s) },
	}
}
