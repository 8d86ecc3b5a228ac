package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// SearchSheet is the search over the window: a field, rows of chips below it, a
// list of what was found, and a line at the foot. Where the list is empty it says
// why. Esc and a click beside it close it.
type SearchSheet struct {
	widget.BaseWidget

	// OnClosed is called once whenever the sheet goes, however that happens.
	OnClosed func()
	// OnChanged is told each new text of the field, OnSubmitted of Enter in it.
	OnChanged   func(string)
	OnSubmitted func()
	// OnKey is asked first for every key typed in the field; true means that it was
	// used.
	OnKey func(*fyne.KeyEvent) bool
	// OnShortcut is asked first for every shortcut typed in the field.
	OnShortcut func(fyne.Shortcut) bool
	// OnEscape is asked first at Esc; true means that the sheet stays.
	OnEscape func() bool

	shade *canvas.Rectangle
	card  *searchCard
	over  overlay
}

// Measures of the sheet, from the pictures.
const (
	searchWidth, searchHeight = float32(620), float32(560)
	searchTop                 = float32(60) // above the sheet
	searchPad                 = float32(14)
	searchField               = float32(42)
	searchFoot                = float32(18)
	searchMargin              = float32(12) // around the sheet in a small window
)

// NewSearchSheet makes the sheet around a list.
func NewSearchSheet(placeholder string, list *ConversationList, chips ...[]*Chip) *SearchSheet {
	s := &SearchSheet{shade: canvas.NewRectangle(theme.Color(theme.Shade))}
	s.card = newSearchCard(s, placeholder, list, chips)
	s.ExtendBaseWidget(s)
	return s
}

// Text returns what is typed.
func (s *SearchSheet) Text() string { return s.card.entry.Text }

// SetText replaces what is typed and puts the cursor behind it.
func (s *SearchSheet) SetText(words string) {
	e := s.card.entry
	e.SetText(words)
	e.CursorColumn = len(words) // brought back to the end by the refresh
	e.Refresh()
}

// SetPlaceholder changes what an empty field says.
func (s *SearchSheet) SetPlaceholder(words string) { s.card.entry.SetPlaceHolder(words) }

// SetFoot changes the line at the foot.
func (s *SearchSheet) SetFoot(words string) {
	s.card.foot.set(words)
	s.card.Refresh()
}

// SetSaying is what the sheet says in the place of the list while that is empty: a
// title, a sentence, and something to do about it; all may be empty.
func (s *SearchSheet) SetSaying(title, words, action string, run func()) {
	c := s.card
	c.title.SetText(title)
	c.words.SetText(words)
	c.action.SetText(action)
	c.action.onTapped = run
	c.action.Hidden = action == ""
	c.Refresh()
}

// FocusField gives the field the keyboard.
func (s *SearchSheet) FocusField() { focus(s.card.entry) }

// Rearrange places everything anew after chips changed their words.
func (s *SearchSheet) Rearrange() { s.card.Refresh() }

// Open shows the sheet over the window of c, with the keyboard in the field.
func (s *SearchSheet) Open(c fyne.Canvas) {
	if s.over.open(c, s, s.key) {
		c.Focus(s.card.entry)
	}
}

// IsOpen reports whether the sheet is shown.
func (s *SearchSheet) IsOpen() bool { return s.over.canvas != nil }

// Close takes the sheet away; the keyboard goes back to what had it.
func (s *SearchSheet) Close() {
	if s.over.close(s) {
		call(s.OnClosed)
	}
}

func (s *SearchSheet) key(key *fyne.KeyEvent) {
	if key.Name == fyne.KeyEscape && (s.OnEscape == nil || !s.OnEscape()) {
		s.Close()
	}
}

// Cursor implements desktop.Cursorable.
func (s *SearchSheet) Cursor() desktop.Cursor {
	stir(s.over.canvas)
	return desktop.DefaultCursor
}

// Tapped beside the card closes the sheet.
func (s *SearchSheet) Tapped(*fyne.PointEvent) { s.Close() }

// CreateRenderer implements fyne.Widget.
func (s *SearchSheet) CreateRenderer() fyne.WidgetRenderer {
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

func (s *SearchSheet) layout(size fyne.Size) {
	place(s.shade, 0, 0, size.Width, size.Height)
	w := min(searchWidth, size.Width-2*searchMargin)
	h := min(searchHeight, size.Height-2*searchMargin)
	place(s.card, (size.Width-w)/2, min(searchTop, (size.Height-h)/2), w, h)
}

// searchCard is the panel; it takes the clicks that would close the sheet.
type searchCard struct {
	widget.BaseWidget
	sheet  *SearchSheet
	back   *canvas.Rectangle
	field  *canvas.Rectangle
	icon   *canvas.Image
	entry  *entry
	chips  chipRows
	list   *ConversationList
	title  *Paragraph
	words  *Paragraph
	action *Link
	foot   *label
}

func newSearchCard(s *SearchSheet, placeholder string, list *ConversationList, chips [][]*Chip) *searchCard {
	c := &searchCard{
		sheet:  s,
		back:   box(theme.RadiusDialog),
		field:  box(theme.RadiusButton),
		icon:   drawing("search", theme.Ink2, theme.IconSmall),
		entry:  newEntry(),
		chips:  chipRows{chips},
		list:   list,
		title:  NewParagraph("", theme.Ink, theme.TitleSize, fyne.TextAlignCenter),
		words:  NewParagraph("", theme.Ink2, theme.SecondarySize, fyne.TextAlignCenter),
		action: NewLink("", theme.Link, theme.SecondarySize, nil),
		foot:   newLabel(theme.MetaSize, false),
	}
	c.action.Hide()
	c.entry.SetPlaceHolder(placeholder)
	c.entry.OnChanged = func(words string) {
		if s.OnChanged != nil {
			s.OnChanged(words)
		}
	}
	c.entry.OnSubmitted = func(string) { call(s.OnSubmitted) }
	c.entry.taken = func(key *fyne.KeyEvent) bool { return s.OnKey != nil && s.OnKey(key) }
	c.entry.shortcut = func(sc fyne.Shortcut) bool { return s.OnShortcut != nil && s.OnShortcut(sc) }
	c.ExtendBaseWidget(c)
	return c
}

// Tapped implements fyne.Tappable.
func (c *searchCard) Tapped(*fyne.PointEvent) {}

// CreateRenderer implements fyne.Widget.
func (c *searchCard) CreateRenderer() fyne.WidgetRenderer {
	c.paint()
	objects := append([]fyne.CanvasObject{c.back, c.field, c.icon, c.entry, c.entry.caret}, c.chips.all()...)
	objects = append(objects, c.list, c.title, c.words, c.action, c.foot.line)
	return &flat{
		objects: these(objects...),
		layout:  c.layout,
		min:     fixed(240, 200),
		refresh: func() { c.paint(); c.layout(c.Size()); canvas.Refresh(c) },
	}
}

func (c *searchCard) paint() {
	c.back.FillColor = theme.Color(theme.Panel)
	c.field.FillColor = theme.Color(theme.Field)
	recolour(c.icon, "search", theme.Ink2)
	c.foot.ink(theme.Ink3)
	empty := c.list.data.Len() == 0
	for _, o := range []fyne.CanvasObject{c.title, c.words} {
		if empty {
			o.Show()
		} else {
			o.Hide()
		}
	}
	c.action.Hidden = !empty || c.action.words.full == ""
}

func (c *searchCard) layout(size fyne.Size) {
	const gap = float32(12)
	place(c.back, 0, 0, size.Width, size.Height)
	place(c.field, searchPad, searchPad, size.Width-2*searchPad, searchField)
	place(c.icon, searchPad+10, searchPad+(searchField-theme.IconSmall)/2, theme.IconSmall, theme.IconSmall)
	// The entry is made for a lower box, in the middle of this one.
	x := searchPad + 10 + theme.IconSmall - 4
	placeEntry(c.entry, x, searchPad+(searchField-theme.FieldHeight)/2, size.Width-searchPad-x, theme.FieldHeight)
	y := searchPad + searchField + gap
	const chipX = searchPad + 4
	if h := c.chips.place(chipX, y, size.Width-2*chipX, true); h > 0 {
		y += h + gap
	}
	foot := size.Height - searchPad - searchFoot
	c.foot.place(searchPad+4, foot, searchFoot, size.Width-2*searchPad-8)
	room := foot - 6 - y
	place(c.list, searchPad-listMargin, y, size.Width-2*(searchPad-listMargin), max(room, 0))
	c.say(size.Width, y, room)
}

// say places what is said instead of the list, in the upper part of its room.
func (c *searchCard) say(width, y, room float32) {
	const side = float32(48)
	w := width - 2*side
	title, words := c.title.HeightFor(w), c.words.HeightFor(w)
	if c.title.words == "" {
		title = 0
	}
	y += max((room-title-words-theme.LineHeight)*0.4, 0)
	place(c.title, side, y, w, title)
	y += title + 4
	place(c.words, side, y, w, words)
	y += words + 8
	l := c.action.MinSize()
	place(c.action, (width-l.Width)/2, y, l.Width, l.Height)
}
