package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// TextField is a field for text, one line of it unless made by [NewTextArea],
// with its label above and, when there is one, an error below.
type TextField struct {
	widget.DisableableWidget

	// OnChanged is told each new text.
	OnChanged func(string)
	// OnSubmitted is called at Enter.
	OnSubmitted func()
	// OnKey is asked first for every key; true means that it was used. So the
	// arrows of a field can move in the list below it.
	OnKey func(*fyne.KeyEvent) bool
	// OnPaste is asked first when something is to be pasted; true means that it was
	// used. nil: texts only.
	OnPaste func(fyne.Clipboard) bool

	entry   *entry
	rows    float32 // of text that the box has room for
	reveal  *IconButton
	back    *canvas.Rectangle
	words   *label
	problem *Paragraph
}

// Heights of the parts of a field: label, gap, box, and the gap to the error,
// which has as many lines as it needs.
const (
	fieldLabelHeight = float32(20)
	fieldLabelGap    = float32(4)
	fieldErrorGap    = float32(2)
)

// NewTextField makes a field. The placeholder shows while it is empty.
func NewTextField(label, placeholder string) *TextField {
	return newTextField(label, placeholder, newEntry())
}

// NewPasswordField makes a field that hides what is typed, with a button that
// shows it; reveal says in words what that button does.
func NewPasswordField(label, placeholder, reveal string) *TextField {
	e := newEntry()
	f := newTextField(label, placeholder, e)
	f.reveal = NewIconButton("eye", reveal, func() {
		e.Password = !e.Password
		icon := "eye"
		if !e.Password {
			icon = "eye-off"
		}
		f.reveal.SetIcon(icon)
		e.Refresh()
		focus(e) // a click elsewhere takes the keyboard away
	})
	// An item of ours keeps Fyne from adding its own.
	e.ActionItem = f.reveal
	e.Password = true
	return f
}

// NewTextArea makes a field for several lines, of which rows are seen at once.
// Enter breaks the line there.
func NewTextArea(label, placeholder string, rows int) *TextField {
	e := newMultiLineEntry()
	e.scrolled = func() bool { return true } // its text may be moved
	f := newTextField(label, placeholder, e)
	f.rows = float32(rows)
	return f
}

func newTextField(label, placeholder string, e *entry) *TextField {
	f := &TextField{
		entry:   e,
		rows:    1,
		back:    box(theme.RadiusRow),
		words:   newLabel(theme.MetaSize, false),
		problem: NewParagraph("", theme.Danger, theme.MetaSize, fyne.TextAlignLeading),
	}
	f.words.set(label)
	e.SetPlaceHolder(placeholder)
	e.OnChanged = func(s string) {
		if f.problem.words != "" {
			f.SetError("")
		}
		if f.OnChanged != nil {
			f.OnChanged(s)
		}
	}
	e.OnSubmitted = func(string) {
		if f.OnSubmitted != nil && !f.Disabled() {
			f.OnSubmitted()
		}
	}
	e.taken = func(key *fyne.KeyEvent) bool { return f.OnKey != nil && f.OnKey(key) }
	e.pasted = func(from fyne.Clipboard) bool { return f.OnPaste != nil && f.OnPaste(from) }
	e.focusChanged = func(bool) { f.Refresh() }
	f.ExtendBaseWidget(f)
	return f
}

// Text returns what was typed.
func (f *TextField) Text() string { return f.entry.Text }

// SetText replaces what was typed and puts the cursor behind it.
func (f *TextField) SetText(s string) {
	f.entry.SetText(s)
	f.entry.CursorColumn = len(s) // brought back to the end by the refresh
	f.entry.Refresh()
}

// SetLabel changes the label, and the placeholder of the empty field.
func (f *TextField) SetLabel(label, placeholder string) {
	f.words.set(label)
	f.entry.SetPlaceHolder(placeholder)
	f.Refresh()
}

// SetError shows what is wrong with the text below the field; "" takes it away,
// and so does the next change of the text.
func (f *TextField) SetError(problem string) {
	f.problem.SetText(problem)
	f.Refresh()
}

// Focus gives the field the keyboard.
func (f *TextField) Focus() { focus(f.entry) }

// Enable implements fyne.Disableable.
func (f *TextField) Enable() { f.entry.Enable(); f.DisableableWidget.Enable() }

// Disable implements fyne.Disableable.
func (f *TextField) Disable() { f.entry.Disable(); f.DisableableWidget.Disable() }

// CreateRenderer implements fyne.Widget.
func (f *TextField) CreateRenderer() fyne.WidgetRenderer {
	f.paint()
	return &flat{
		objects: these(f.words.line, f.back, f.entry, f.entry.caret, f.problem),
		layout:  f.layout,
		min:     f.minSize,
		refresh: func() { f.paint(); f.layout(f.Size()); canvas.Refresh(f) },
	}
}

func (f *TextField) top() float32 {
	if f.words.full == "" {
		return 0
	}
	return fieldLabelHeight + fieldLabelGap
}

// boxHeight is how tall the box around the text is.
func (f *TextField) boxHeight() float32 {
	return theme.FieldHeight + (f.rows-1)*theme.LineHeight
}

// HeightFor is how tall the field is at a width, at which its error may wrap.
func (f *TextField) HeightFor(width float32) float32 {
	h := f.top() + f.boxHeight()
	if f.problem.words != "" {
		h += fieldErrorGap + f.problem.HeightFor(width)
	}
	return h
}

func (f *TextField) minSize() fyne.Size {
	return fyne.NewSize(160, f.HeightFor(max(f.Size().Width, 160)))
}

func (f *TextField) paint() {
	f.words.ink(theme.Ink2)
	f.problem.Hidden = f.problem.words == ""
	f.back.FillColor = theme.Color(theme.Field)
	frame := theme.Accent
	if f.problem.words != "" {
		frame = theme.Danger
	}
	ring(f.back, f.entry.focused || f.problem.words != "", frame)
}

func (f *TextField) layout(size fyne.Size) {
	f.words.place(0, 0, fieldLabelHeight, size.Width)
	y, h := f.top(), f.boxHeight()
	place(f.back, 0, y, size.Width, h)
	placeEntry(f.entry, 0, y, size.Width, h)
	place(f.problem, 0, y+h+fieldErrorGap, size.Width, f.problem.HeightFor(size.Width))
}

// entryOver is how far an entry stands out of its box above and below.
const entryOver = theme.CursorWidth + 1

// placeEntry puts an entry into a box so that its text begins 12 units from
// the edge (Fyne itself leaves 8). The entry is a little taller than the box:
// Fyne keeps the width of the cursor free above and below the text, and would
// otherwise scroll by that much.
func placeEntry(e *entry, x, y, width, height float32) {
	e.Move(fyne.NewPos(x+theme.Grid, y-entryOver+1))
	e.Resize(fyne.NewSize(width-2*theme.Grid, height+2*entryOver))
	if e.resting {
		e.placeCaret()
	}
}
