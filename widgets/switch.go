package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"magpie/widgets/theme"
)

// Switch turns one thing on or off.
type Switch struct {
	press

	// OnChanged is told when a person switches.
	OnChanged func(on bool)

	on   bool
	ring *canvas.Rectangle
	back *canvas.Rectangle
	knob *canvas.Circle
}

const (
	switchWidth, switchHeight = float32(38), float32(22)
	switchKnob                = float32(16)
)

// NewSwitch makes a switch.
func NewSwitch(on bool) *Switch {
	s := &Switch{
		on:   on,
		ring: box(switchHeight/2 + 3),
		back: box(switchHeight / 2),
		knob: canvas.NewCircle(theme.Color(theme.Panel)),
	}
	s.onTapped = func() {
		s.Set(!s.on)
		if s.OnChanged != nil {
			s.OnChanged(s.on)
		}
	}
	s.extend(s)
	return s
}

// On reports how it stands.
func (s *Switch) On() bool { return s.on }

// Set shows it on or off, without telling.
func (s *Switch) Set(on bool) {
	s.on = on
	s.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (s *Switch) CreateRenderer() fyne.WidgetRenderer {
	paint := func() {
		fill := theme.Ink3
		switch {
		case s.Disabled():
			fill = theme.Line
		case s.on:
			fill = theme.Accent
		}
		s.ring.FillColor = theme.Color(theme.Panel)
		s.ring.Hidden = !s.focused
		ring(s.ring, s.focused, theme.Link)
		s.back.FillColor = theme.Color(fill)
		s.knob.FillColor = theme.Color(theme.Panel)
	}
	layout := func(size fyne.Size) {
		x, y := (size.Width-switchWidth)/2, (size.Height-switchHeight)/2
		place(s.ring, x-3, y-3, switchWidth+6, switchHeight+6)
		place(s.back, x, y, switchWidth, switchHeight)
		const in = (switchHeight - switchKnob) / 2
		at := x + in
		if s.on {
			at = x + switchWidth - in - switchKnob
		}
		place(s.knob, at, y+in, switchKnob, switchKnob)
	}
	paint()
	return &flat{
		objects: these(s.ring, s.back, s.knob),
		layout:  layout,
		min:     fixed(switchWidth, switchHeight),
		refresh: func() { paint(); layout(s.Size()); canvas.Refresh(s) },
	}
}
