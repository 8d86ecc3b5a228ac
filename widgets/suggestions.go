package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// Suggestions is the list above the composer from which a mention is chosen. The
// keyboard stays in the composer, whose OnKey asks Key. The first line is chosen
// until a person moves.
type Suggestions struct {
	widget.BaseWidget

	// OnChosen is told what a person chose, by the keyboard or the pointer.
	OnChosen func(Suggestion)
	// OnClosed is called when Esc closes the list; the app hides it.
	OnClosed func()

	back   *canvas.Rectangle
	scroll *container.Scroll
	list   *personList
}

// Measures of the list.
const (
	suggestionHeight = float32(40)
	suggestionPad    = float32(6)
	suggestionsMost  = 6 // lines that are shown at once
	suggestionsWidth = float32(280)
)

// NewSuggestions makes an empty list.
func NewSuggestions() *Suggestions {
	s := &Suggestions{back: box(theme.RadiusRow)}
	s.list = newPersonList(suggestionHeight, func() (float32, float32) {
		return s.scroll.Offset.Y, s.scroll.Size().Height
	}, s.take)
	s.scroll = container.NewVScroll(s.list)
	s.scroll.OnScrolled = func(fyne.Position) { s.list.update() }
	s.ExtendBaseWidget(s)
	return s
}

// SetItems replaces the lines; the first one is chosen.
func (s *Suggestions) SetItems(items []Suggestion) {
	s.list.items, s.list.at = items, 0
	s.scroll.Offset = fyne.Position{}
	s.Refresh()
}

// Chosen returns the line that Enter would take. ok is false without lines.
func (s *Suggestions) Chosen() (chosen Suggestion, ok bool) {
	if s.list.at >= len(s.list.items) {
		return Suggestion{}, false
	}
	return s.list.items[s.list.at], true
}

// Key answers to a key that was typed in the composer, and reports whether it did:
// Up and Down move, Enter and Tab take, Esc closes. A hidden or empty list answers
// to none.
func (s *Suggestions) Key(key *fyne.KeyEvent) bool {
	if s.Hidden || len(s.list.items) == 0 {
		return false
	}
	switch key.Name {
	case fyne.KeyUp:
		s.move(s.list.at - 1)
	case fyne.KeyDown:
		s.move(s.list.at + 1)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeyTab:
		s.take(s.list.at)
	case fyne.KeyEscape:
		call(s.OnClosed)
	default:
		return false
	}
	return true
}

// move chooses a line, beyond an end the one at the other.
func (s *Suggestions) move(to int) {
	s.list.at = (to + len(s.list.items)) % len(s.list.items)
	top, view := float32(s.list.at)*suggestionHeight, s.scroll.Size().Height
	switch offset := s.scroll.Offset; {
	case top < offset.Y:
		s.scroll.ScrollToOffset(fyne.NewPos(0, top))
	case top+suggestionHeight > offset.Y+view:
		s.scroll.ScrollToOffset(fyne.NewPos(0, top+suggestionHeight-view))
	}
	s.list.update()
}

func (s *Suggestions) take(i int) {
	if i >= 0 && i < len(s.list.items) && s.OnChosen != nil {
		s.OnChosen(s.list.items[i])
	}
}

// CreateRenderer implements fyne.Widget.
func (s *Suggestions) CreateRenderer() fyne.WidgetRenderer {
	paint := func() {
		s.back.FillColor = theme.Color(theme.Panel)
		s.back.StrokeColor, s.back.StrokeWidth = theme.Color(theme.Line), theme.LineThickness
	}
	layout := func(size fyne.Size) {
		place(s.back, 0, 0, size.Width, size.Height)
		place(s.scroll, suggestionPad, suggestionPad, size.Width-2*suggestionPad, size.Height-2*suggestionPad)
		s.list.update()
	}
	paint()
	return &flat{
		objects: these(s.back, s.scroll),
		layout:  layout,
		min: func() fyne.Size {
			n := min(len(s.list.items), suggestionsMost)
			return fyne.NewSize(suggestionsWidth, float32(n)*suggestionHeight+2*suggestionPad)
		},
		refresh: func() {
			paint()
			s.list.repaint()
			s.scroll.Refresh()
			layout(s.Size())
			canvas.Refresh(s)
		},
	}
}
