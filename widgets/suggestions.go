package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/textlayout"
	"magpie/widgets/theme"
)

// Suggestion is one line of [Suggestions].
type Suggestion struct {
	// ID names it for the app.
	ID string
	// Name is what is shown, Detail a word at the right end; it may be empty.
	Name, Detail string
	// Avatar chooses the colour of the avatar, Picture goes over it.
	Avatar  string
	Picture fyne.Resource
}

// Suggestions is the list above the composer from which a mention is chosen. The
// keyboard stays in the composer, whose OnKey asks Key. The first line is chosen
// until a person moves.
type Suggestions struct {
	widget.BaseWidget

	// OnChosen is told what a person chose, by the keyboard or the pointer.
	OnChosen func(Suggestion)
	// OnClosed is called when Esc closes the list; the app hides it.
	OnClosed func()

	back    *canvas.Rectangle
	scroll  *container.Scroll
	content *suggestionList
	items   []Suggestion
	at      int
	face    *textlayout.Face
	detail  *textlayout.Face
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
	s := &Suggestions{
		back:   box(theme.RadiusRow + suggestionPad/2),
		face:   newFace(theme.TextSize, false),
		detail: newFace(theme.MetaSize, false),
	}
	s.content = &suggestionList{of: s, lines: map[int]*suggestionLine{}}
	s.content.ExtendBaseWidget(s.content)
	s.scroll = container.NewVScroll(s.content)
	s.scroll.OnScrolled = func(fyne.Position) { s.content.update() }
	s.ExtendBaseWidget(s)
	return s
}

// SetItems replaces the lines; the first one is chosen.
func (s *Suggestions) SetItems(items []Suggestion) {
	s.items, s.at = items, 0
	s.scroll.Offset = fyne.Position{}
	s.Refresh()
}

// Chosen returns the line that Enter would take. ok is false without lines.
func (s *Suggestions) Chosen() (chosen Suggestion, ok bool) {
	if s.at >= len(s.items) {
		return Suggestion{}, false
	}
	return s.items[s.at], true
}

// Key answers to a key that was typed in the composer, and reports whether it did:
// Up and Down move, Enter and Tab take, Esc closes. A hidden or empty list answers
// to none.
func (s *Suggestions) Key(key *fyne.KeyEvent) bool {
	if s.Hidden || len(s.items) == 0 {
		return false
	}
	switch key.Name {
	case fyne.KeyUp:
		s.move(s.at - 1)
	case fyne.KeyDown:
		s.move(s.at + 1)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeyTab:
		s.take(s.at)
	case fyne.KeyEscape:
		call(s.OnClosed)
	default:
		return false
	}
	return true
}

// move chooses a line, beyond an end the one at the other.
func (s *Suggestions) move(to int) {
	s.at = (to + len(s.items)) % len(s.items)
	top, view := float32(s.at)*suggestionHeight, s.scroll.Size().Height
	switch offset := s.scroll.Offset; {
	case top < offset.Y:
		s.scroll.ScrollToOffset(fyne.NewPos(0, top))
	case top+suggestionHeight > offset.Y+view:
		s.scroll.ScrollToOffset(fyne.NewPos(0, top+suggestionHeight-view))
	}
	s.content.update()
}

func (s *Suggestions) take(i int) {
	if i >= 0 && i < len(s.items) && s.OnChosen != nil {
		s.OnChosen(s.items[i])
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
		s.content.update()
	}
	paint()
	return &flat{
		objects: these(s.back, s.scroll),
		layout:  layout,
		min: func() fyne.Size {
			n := min(len(s.items), suggestionsMost)
			return fyne.NewSize(suggestionsWidth, float32(n)*suggestionHeight+2*suggestionPad)
		},
		refresh: func() {
			paint()
			for _, l := range s.content.lines {
				l.stale = true
			}
			s.scroll.Refresh()
			layout(s.Size())
			canvas.Refresh(s)
		},
	}
}

// suggestionList is as tall as all lines and draws those that can be seen: a
// group may have thousands of members.
type suggestionList struct {
	widget.BaseWidget
	of      *Suggestions
	lines   map[int]*suggestionLine // by index
	spare   []*suggestionLine
	visible []fyne.CanvasObject
}

func (c *suggestionList) CreateRenderer() fyne.WidgetRenderer {
	return &flat{
		objects: func() []fyne.CanvasObject { return c.visible },
		layout:  func(fyne.Size) { c.update() },
		min:     func() fyne.Size { return fyne.NewSize(1, float32(len(c.of.items))*suggestionHeight) },
		refresh: func() { canvas.Refresh(c) },
	}
}

func (c *suggestionList) update() {
	view := c.of.scroll
	first := max(int(view.Offset.Y/suggestionHeight), 0)
	last := min(int((view.Offset.Y+view.Size().Height)/suggestionHeight), len(c.of.items)-1)
	for i, l := range c.lines {
		if i < first || i > last {
			delete(c.lines, i)
			c.spare = append(c.spare, l)
		}
	}
	c.visible = c.visible[:0]
	for i := first; i <= last; i++ {
		l := c.lines[i]
		if l == nil {
			if n := len(c.spare); n > 0 {
				l, c.spare = c.spare[n-1], c.spare[:n-1]
				l.hovered, l.stale = false, true
			} else {
				l = newSuggestionLine(c.of)
			}
			c.lines[i] = l
		}
		l.index = i
		l.Move(fyne.NewPos(0, float32(i)*suggestionHeight))
		l.Resize(fyne.NewSize(view.Size().Width, suggestionHeight))
		l.show(c.of.items[i], i == c.of.at)
		c.visible = append(c.visible, l)
	}
	canvas.Refresh(c)
}

// suggestionLine is an avatar, a name and a word at the right end.
type suggestionLine struct {
	widget.BaseWidget
	of             *Suggestions
	index          int
	shown          Suggestion
	chosen, stale  bool
	hovered        bool
	back           *canvas.Rectangle
	avatar         *avatarParts
	name, describe *label
}

var (
	_ fyne.Tappable     = (*suggestionLine)(nil)
	_ desktop.Hoverable = (*suggestionLine)(nil)
)

func newSuggestionLine(s *Suggestions) *suggestionLine {
	l := &suggestionLine{
		of: s, stale: true,
		back:     box(theme.RadiusButton),
		avatar:   newAvatarParts(theme.AvatarSmall),
		name:     newLabelIn(s.face, theme.TextSize, false),
		describe: newLabelIn(s.detail, theme.MetaSize, false),
	}
	l.ExtendBaseWidget(l)
	return l
}

func (l *suggestionLine) show(s Suggestion, chosen bool) {
	if l.stale || l.shown != s || l.chosen != chosen {
		l.shown, l.chosen, l.stale = s, chosen, false
		l.Refresh()
	}
}

func (l *suggestionLine) CreateRenderer() fyne.WidgetRenderer {
	l.paint()
	objects := append([]fyne.CanvasObject{l.back}, l.avatar.objects()...)
	return &flat{
		objects: these(append(objects, l.name.line, l.describe.line)...),
		layout:  l.layout,
		min:     fixed(120, suggestionHeight),
		refresh: func() { l.paint(); l.layout(l.Size()); canvas.Refresh(l) },
	}
}

func (l *suggestionLine) paint() {
	l.back.FillColor = color.Transparent
	switch {
	case l.chosen:
		l.back.FillColor = theme.Color(theme.Selected)
	case l.hovered:
		l.back.FillColor = theme.Color(theme.Hover)
	}
	l.avatar.show(l.shown.Avatar, l.shown.Name, false, theme.Panel)
	l.avatar.setPicture(l.shown.Picture)
	l.name.set(l.shown.Name)
	l.name.ink(theme.Ink)
	l.describe.set(l.shown.Detail)
	l.describe.ink(theme.Ink3)
}

func (l *suggestionLine) layout(size fyne.Size) {
	const pad, gap = float32(6), float32(10)
	place(l.back, 0, 0, size.Width, size.Height)
	l.avatar.place(pad, (size.Height-theme.AvatarSmall)/2)
	x := pad + theme.AvatarSmall + gap
	used := l.describe.placeRight(size.Width-gap, 0, size.Height, (size.Width-x)/2)
	if used > 0 {
		used += gap
	}
	l.name.place(x, 0, size.Height, size.Width-gap-x-used)
}

func (l *suggestionLine) Tapped(*fyne.PointEvent)        { l.of.take(l.index) }
func (l *suggestionLine) MouseIn(*desktop.MouseEvent)    { l.hovered = true; l.Refresh() }
func (l *suggestionLine) MouseMoved(*desktop.MouseEvent) {}
func (l *suggestionLine) MouseOut()                      { l.hovered = false; l.Refresh() }
func (l *suggestionLine) Cursor() desktop.Cursor         { return desktop.PointerCursor }
