package widgets

import (
	"strings"
	"time"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/loop"
	"magpie/widgets/theme"
)

// entry is Fyne's text entry without its box, and with what a chat needs:
// keys can be taken before it (taken), shortcuts it has no use for go to the
// window, and its cursor stops blinking when nobody types.
type entry struct {
	widget.Entry

	// taken is asked first for every key; what it takes goes no further.
	taken func(*fyne.KeyEvent) bool
	// shortcut is the same for shortcuts.
	shortcut func(fyne.Shortcut) bool
	// pasted is asked first when something is to be pasted; what it takes goes no
	// further. nil for nobody.
	pasted func(fyne.Clipboard) bool
	// focusChanged is told when the keyboard comes or goes.
	focusChanged func(bool)

	// scrolled tells whether the text may be moved below the box, so that the
	// place of the cursor is not known.
	scrolled func() bool

	focused   bool
	resting   bool
	stopTimer func() bool
	// after calls f on the UI goroutine after d; replaced in tests.
	after func(d time.Duration, f func()) (stop func() bool)
	caret *canvas.Rectangle
}

func (e *entry) prepare() {
	e.after = afterUI
	e.caret = canvas.NewRectangle(theme.Color(theme.Accent))
	e.caret.Hide()
	e.ExtendBaseWidget(e)
}

func newEntry() *entry {
	e := &entry{}
	e.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	e.prepare()
	e.scrolled = e.wider
	return e
}

func newMultiLineEntry() *entry {
	e := &entry{}
	e.MultiLine, e.Wrapping = true, fyne.TextWrapWord
	e.prepare()
	e.SetMinRowsVisible(1)
	return e
}

// wider reports whether one line of text has no room in the box.
func (e *entry) wider() bool {
	shown := e.Text
	if e.Password {
		shown = strings.Repeat("•", utf8.RuneCountInString(shown))
	}
	width := fyne.MeasureText(shown, theme.TextSize, e.TextStyle).Width
	if e.ActionItem != nil {
		width += e.ActionItem.MinSize().Width
	}
	return width > e.Size().Width-4*theme.Grid
}

// afterUI is time.AfterFunc on the UI goroutine.
func afterUI(d time.Duration, f func()) func() bool {
	return time.AfterFunc(d, func() { loop.Do(f) }).Stop
}

// CreateRenderer hides the box and the frame that Fyne draws: the widgets here
// draw their own, larger than the text.
func (e *entry) CreateRenderer() fyne.WidgetRenderer {
	r := e.Entry.CreateRenderer()
	for _, o := range r.Objects()[:2] {
		if rectangle, ok := o.(*canvas.Rectangle); ok {
			rectangle.Hide()
		}
	}
	return r
}

// wake lets the cursor blink again and begins to wait for the next rest.
func (e *entry) wake() {
	if !e.focused {
		return
	}
	if e.stopTimer != nil {
		e.stopTimer()
	}
	if e.resting {
		e.resting = false
		e.caret.Hide()
		e.Entry.FocusGained()
	}
	e.stopTimer = e.after(blinkFor, e.rest)
}

// rest replaces the blinking cursor by one that stands still. Fyne ties the
// blinking to the focus, so the inner entry is told that it lost it. With text
// marked that would hide the marks, and in text that scrolls the place for the
// cursor is Fyne's secret: then it goes on blinking.
func (e *entry) rest() {
	if !e.focused || e.resting || e.Disabled() {
		return
	}
	if e.SelectedText() != "" || e.scrolled() {
		e.stopTimer = e.after(blinkFor, e.rest)
		return
	}
	e.resting = true
	e.Entry.FocusLost()
	e.caret.FillColor = theme.Color(theme.Accent)
	e.caret.Show()
	e.placeCaret()
}

// placeCaret puts the resting cursor where Fyne had its own.
func (e *entry) placeCaret() {
	p := e.CursorPosition()
	s, _ := theme.MeasureText("e", theme.TextSize, fyne.TextStyle{})
	e.caret.Move(e.Position().Add(fyne.NewPos(p.X, p.Y+theme.CursorWidth)))
	e.caret.Resize(fyne.NewSize(theme.CursorWidth, s.Height))
	canvas.Refresh(e.caret)
}

func (e *entry) FocusGained() {
	e.focused, e.resting = true, false
	e.Entry.FocusGained()
	e.wake()
	reveal(e)
	if e.focusChanged != nil {
		e.focusChanged(true)
	}
}

func (e *entry) FocusLost() {
	e.focused, e.resting = false, false
	e.caret.Hide()
	if e.stopTimer != nil {
		e.stopTimer()
	}
	e.Entry.FocusLost()
	if e.focusChanged != nil {
		e.focusChanged(false)
	}
}

func (e *entry) KeyDown(key *fyne.KeyEvent) {
	e.wake()
	e.Entry.KeyDown(key)
	passKeyDown(e, key)
}

func (e *entry) TypedKey(key *fyne.KeyEvent) {
	e.wake()
	if e.taken != nil && e.taken(key) {
		return
	}
	switch key.Name {
	case fyne.KeyEscape, fyne.KeyF1, fyne.KeyF6:
		passKey(e, key)
	case fyne.KeyTab: // nobody took it: never a character
	default:
		e.Entry.TypedKey(key)
	}
}

// AcceptsTab lets Tab move the keyboard on, also out of several lines.
func (e *entry) AcceptsTab() bool { return false }

func (e *entry) TypedRune(r rune) {
	e.wake()
	e.Entry.TypedRune(r)
}

func (e *entry) MouseDown(m *desktop.MouseEvent) {
	e.wake()
	e.Entry.MouseDown(m)
}

// TypedShortcut keeps what edits text and hands on the rest, which Fyne's entry
// would drop.
func (e *entry) TypedShortcut(s fyne.Shortcut) {
	e.wake()
	if e.shortcut != nil && e.shortcut(s) {
		return
	}
	if paste, is := s.(*fyne.ShortcutPaste); is && e.pasted != nil && !e.Disabled() && e.pasted(paste.Clipboard) {
		return
	}
	if editsText(s) {
		e.Entry.TypedShortcut(s)
		return
	}
	passShortcut(e, s)
}

// editsText reports whether s is one of the shortcuts that edit text.
func editsText(s fyne.Shortcut) bool {
	switch s := s.(type) {
	case *fyne.ShortcutUndo, *fyne.ShortcutRedo, *fyne.ShortcutCut, *fyne.ShortcutCopy,
		*fyne.ShortcutPaste, *fyne.ShortcutSelectAll:
		return true
	case *desktop.CustomShortcut:
		if s.Modifier == fyne.KeyModifierAlt && !altMovesWords() {
			return false
		}
		switch s.KeyName {
		case fyne.KeyLeft, fyne.KeyRight, fyne.KeyBackspace, fyne.KeyDelete:
			return true
		}
	}
	return false
}

// altMovesWords reports whether Alt and an arrow move by a word here (macOS);
// elsewhere they are the window's.
func altMovesWords() bool { return fyne.KeyModifierShortcutDefault == fyne.KeyModifierSuper }
