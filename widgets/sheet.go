package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// Sheet is a dialog over the window: a title, a text, content, and buttons. Esc
// and a click beside it close it; Enter presses the last button. While it is open the keys that nothing in it
// uses go to it and not to the window.
type Sheet struct {
	widget.BaseWidget

	// OnClosed is called once whenever the sheet goes, however that happens.
	OnClosed func()
	// Sticky keeps the sheet open at Esc and clicks beside it, while something
	// runs that must not be left half done.
	Sticky bool
	// NoDefault has Enter press no button.
	NoDefault bool
	// Width is that of the card in a window that has room for it, 0 for
	// [theme.DialogWidth].
	Width float32

	shade   *canvas.Rectangle
	card    *sheetCard
	body    *container.Scroll
	inner   *stack
	buttons *buttonRow
	problem *Paragraph
	foot    *label // beside the buttons
	over    overlay
}

// frameRoom is free around what scrolls, so that frames of focus are not cut off.
const frameRoom = float32(6)

const (
	sheetPad    = float32(26)
	sheetMargin = float32(20) // free around the sheet in a small window
)

// NewSheet makes a dialog. The words may be empty and the content nil. Buttons
// stand at the lower right in the order given, the one to press last.
func NewSheet(title, words string, content fyne.CanvasObject, buttons ...*Button) *Sheet {
	s := &Sheet{shade: canvas.NewRectangle(theme.Color(theme.Shade))}
	s.problem = NewParagraph("", theme.Danger, theme.SecondarySize, fyne.TextAlignLeading)
	s.problem.Hide()
	s.inner = newStack()
	s.inner.pad = frameRoom
	s.inner.grown = func() { s.layout(s.Size()) }
	if title != "" {
		s.inner.add(0, NewHeading(title, theme.HeadingSize, fyne.TextAlignLeading))
	}
	if words != "" {
		s.inner.add(6, NewParagraph(words, theme.Ink2, theme.TextSize, fyne.TextAlignLeading))
	}
	if content != nil {
		s.inner.add(16, content)
	}
	s.inner.add(10, s.problem)
	s.body = container.NewVScroll(s.inner)
	s.buttons = newButtonRow(buttons)
	s.foot = newLabel(theme.SecondarySize, false)
	s.card = &sheetCard{sheet: s, back: box(theme.RadiusDialog)}
	s.card.ExtendBaseWidget(s.card)
	s.ExtendBaseWidget(s)
	return s
}

// SetProblem shows below the content what went wrong; "" takes it away.
func (s *Sheet) SetProblem(words string) {
	s.problem.SetText(words)
	s.problem.Hidden = words == ""
	s.Refresh()
}

// SetFoot shows words at the left of the buttons, as many as have room.
func (s *Sheet) SetFoot(words string) {
	s.foot.set(words)
	s.Refresh()
}

// Open shows the sheet over the window of c. The keyboard goes to first, which
// may be nil.
func (s *Sheet) Open(c fyne.Canvas, first fyne.Focusable) {
	if !s.over.open(c, s, s.key) {
		return
	}
	if first != nil {
		c.Focus(first)
	}
}

// OpenField is Open with the keyboard in a field.
func (s *Sheet) OpenField(c fyne.Canvas, first *TextField) { s.Open(c, first.entry) }

// IsOpen reports whether the sheet is shown.
func (s *Sheet) IsOpen() bool { return s.over.canvas != nil }

// Close takes the sheet away; the keyboard goes back to what had it.
func (s *Sheet) Close() {
	if s.over.close(s) {
		call(s.OnClosed)
	}
}

func (s *Sheet) key(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeyEscape:
		if !s.Sticky {
			s.Close()
		}
	case fyne.KeyPageUp, fyne.KeyPageDown, fyne.KeyUp, fyne.KeyDown:
		s.scroll(key.Name)
	case fyne.KeyReturn, fyne.KeyEnter:
		// Without a field the answer at the end is the one that Enter gives.
		if n := len(s.buttons.all); n > 0 && !s.NoDefault {
			s.buttons.all[n-1].Tapped(nil)
		}
	}
}

// scroll moves what does not fit by a line, or by most of what is seen.
func (s *Sheet) scroll(key fyne.KeyName) {
	by := map[fyne.KeyName]float32{fyne.KeyUp: -2 * theme.LineHeight, fyne.KeyDown: 2 * theme.LineHeight}[key]
	if by == 0 {
		by = 0.9 * s.body.Size().Height
		if key == fyne.KeyPageUp {
			by = -by
		}
	}
	s.body.ScrollToOffset(fyne.NewPos(0, max(0, s.body.Offset.Y+by)))
}

// Tapped beside the card closes the sheet.
func (s *Sheet) Tapped(*fyne.PointEvent) {
	if !s.Sticky {
		s.Close()
	}
}

// Cursor implements desktop.Cursorable.
func (s *Sheet) Cursor() desktop.Cursor {
	stir(s.over.canvas)
	return desktop.DefaultCursor
}

// CreateRenderer implements fyne.Widget.
func (s *Sheet) CreateRenderer() fyne.WidgetRenderer {
	return &flat{
		objects: these(s.shade, s.card),
		layout:  s.layout,
		min:     fixed(280, 120),
		refresh: func() {
			s.shade.FillColor = theme.Color(theme.Shade)
			s.card.Refresh()
			s.layout(s.Size())
			canvas.Refresh(s)
		},
	}
}

func (s *Sheet) layout(size fyne.Size) {
	place(s.shade, 0, 0, size.Width, size.Height)
	w := min(s.width(), size.Width-2*sheetMargin)
	h := min(s.card.height(w), size.Height-2*sheetMargin)
	place(s.card, (size.Width-w)/2, (size.Height-h)*0.4, w, h)
}

func (s *Sheet) width() float32 {
	if s.Width > 0 {
		return s.Width
	}
	return theme.DialogWidth
}

// sheetCard is the panel; it takes the clicks that would close the sheet.
type sheetCard struct {
	widget.BaseWidget
	sheet *Sheet
	back  *canvas.Rectangle
}

func (c *sheetCard) Tapped(*fyne.PointEvent) {}

func (c *sheetCard) height(width float32) float32 {
	return 2*(sheetPad-frameRoom) + c.sheet.inner.HeightFor(width-2*(sheetPad-frameRoom)) + c.buttonsHeight()
}

func (c *sheetCard) buttonsHeight() float32 {
	if len(c.sheet.buttons.all) == 0 {
		return 0
	}
	return theme.ButtonHeight + 18
}

func (c *sheetCard) CreateRenderer() fyne.WidgetRenderer {
	c.back.FillColor = theme.Color(theme.Panel)
	return &flat{
		objects: these(c.back, c.sheet.body, c.sheet.foot.line, c.sheet.buttons),
		layout: func(size fyne.Size) {
			place(c.back, 0, 0, size.Width, size.Height)
			w := size.Width - 2*sheetPad
			const at = sheetPad - frameRoom
			place(c.sheet.body, at, at, size.Width-2*at, size.Height-2*at-c.buttonsHeight())
			y := size.Height - sheetPad - theme.ButtonHeight
			place(c.sheet.buttons, sheetPad, y, w, theme.ButtonHeight)
			c.sheet.foot.place(sheetPad, y, theme.ButtonHeight, max(w-c.sheet.buttons.width()-sheetPad, 0))
		},
		min: fixed(240, 80),
		refresh: func() {
			c.back.FillColor = theme.Color(theme.Panel)
			c.sheet.foot.ink(theme.Ink2)
			c.sheet.inner.Refresh()
			c.sheet.body.Refresh()
			c.sheet.buttons.Refresh()
			canvas.Refresh(c)
		},
	}
}
