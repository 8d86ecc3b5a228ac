package widgets

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"magpie/im"
	"magpie/widgets/editing"
	"magpie/widgets/keyboard"
	"magpie/widgets/picture"
	"magpie/widgets/textlayout"
	"magpie/widgets/theme"
)

// textArea is where several lines are written. It draws a text as the messages
// are drawn: emoji and their codes as pictures, over which the cursor goes in one
// step, mentions in their colour, Arabic from the right. (Fyne's entry has none of
// that, lays out all of a long text at each letter, and its cursor paints the
// window ten times a second.)
//
// The text is always clean (see [textlayout.Written]). It knows nothing of sending:
// keys can be taken before it (taken), shortcuts it has no use for go to the window.
type textArea struct {
	widget.DisableableWidget

	// taken is asked first for every key; what it takes goes no further.
	taken func(*fyne.KeyEvent) bool
	// shortcut is asked for shortcuts that are not the area's own, before the
	// window's.
	shortcut func(fyne.Shortcut) bool
	// pasted is asked first for what is pasted; what it takes is not a text.
	pasted func(fyne.Clipboard) bool
	// changed is told each new text, moved that the cursor may be elsewhere.
	changed func(string)
	moved   func()
	// menu is a secondary click, with its place in the canvas.
	menu func(at fyne.Position)
	// takesTab has Tab given to taken.
	takesTab bool

	// after calls f on the UI goroutine after d; modifiers asks which modifiers are
	// held, now the time. Replaced in tests.
	after     func(d time.Duration, f func()) (stop func() bool)
	modifiers func() (fyne.KeyModifier, bool)
	now       func() time.Time

	text     *editing.Text
	mentions []string     // names that are mentioned, without '@'
	hint     *inlineLabel // what an empty area says
	pictures picture.Cache

	face   *textlayout.Face
	probed float32 // how wide the face drew a probe
	layout textlayout.Layout
	runs   []im.Run // of the layout's parts
	laid   laid     // what layout was made of

	offset   float32 // how far the text is scrolled
	goal     float32 // where Up and Down want to be, from the left, -1 for where the cursor is
	upstream bool    // the cursor is at the end of a line rather than at the beginning of the next
	focused  bool
	shift    bool // seen to go down
	blink    blink
	clicks   clicks

	caret   *canvas.Rectangle
	thumb   *canvas.Rectangle
	texts   []*canvas.Text
	images  []*canvas.Image
	marks   []*canvas.Rectangle
	visible []fyne.CanvasObject
	making  bool // more pictures will be made
}

var (
	_ fyne.Focusable         = (*textArea)(nil)
	_ fyne.Tabbable          = (*textArea)(nil)
	_ fyne.Shortcutable      = (*textArea)(nil)
	_ fyne.Draggable         = (*textArea)(nil)
	_ fyne.Scrollable        = (*textArea)(nil)
	_ fyne.SecondaryTappable = (*textArea)(nil)
	_ desktop.Keyable        = (*textArea)(nil)
	_ desktop.Mouseable      = (*textArea)(nil)
	_ desktop.Cursorable     = (*textArea)(nil)
)

func newTextArea() *textArea {
	a := &textArea{
		after: afterUI, modifiers: keyboard.Modifiers, now: time.Now,
		hint:  newName(theme.TextSize, false),
		goal:  -1,
		caret: canvas.NewRectangle(theme.Color(theme.Accent)),
		thumb: box(areaThumb / 2),
	}
	a.text = editing.New(a.clock)
	a.caret.Hide()
	a.ExtendBaseWidget(a)
	return a
}

func (a *textArea) clock() time.Time { return a.now() }

// show shows another text, with the cursor at its end. changed is not told.
func (a *textArea) show(t *editing.Text) {
	a.text = t
	a.offset = 0
	a.clicks = clicks{}
	a.cursorMoved()
}

// reset shows another text with nothing to take back.
func (a *textArea) reset(s string) {
	a.text.Reset(textlayout.Written(s))
	a.show(a.text)
}

// edited follows a change of the text.
func (a *textArea) edited() {
	a.cursorMoved()
	if a.changed != nil {
		a.changed(a.text.String())
	}
}

// cursorMoved follows a change of where the cursor is.
func (a *textArea) cursorMoved() {
	a.goal, a.upstream = -1, false
	a.follow()
}

// follow brings the cursor into sight.
func (a *textArea) follow() {
	a.reveal()
	a.wake()
	a.update()
	if a.moved != nil {
		a.moved()
	}
}

// typed puts what was typed where the cursor is, pasted what came at once.
func (a *textArea) typed(s string) {
	if s = textlayout.Written(s); s != "" && !a.Disabled() {
		a.text.Type(s)
		a.edited()
	}
}

func (a *textArea) insert(s string) {
	if s = textlayout.Written(s); s != "" && !a.Disabled() {
		a.text.Insert(s)
		a.edited()
	}
}

// replace puts s in place of some bytes, as one step.
func (a *textArea) replace(from, to int, s string) {
	a.text.Replace(from, to, textlayout.Written(s))
	a.edited()
}

func (a *textArea) undo() {
	if !a.Disabled() && a.text.Undo() {
		a.edited()
	}
}

func (a *textArea) redo() {
	if !a.Disabled() && a.text.Redo() {
		a.edited()
	}
}

// SelectedText returns what is marked; Fyne asks for it.
func (a *textArea) SelectedText() string { return a.text.Selected() }

func (a *textArea) selectAll() {
	a.text.Mark(0, len(a.text.String()))
	a.cursorMoved()
}

func (a *textArea) copyTo(c fyne.Clipboard) {
	if s := a.SelectedText(); s != "" {
		c.SetContent(s)
	}
}

func (a *textArea) cutTo(c fyne.Clipboard) {
	if s := a.SelectedText(); s != "" && !a.Disabled() {
		c.SetContent(s)
		a.insertNothing()
	}
}

// insertNothing takes out what is marked, as a step of its own.
func (a *textArea) insertNothing() {
	from, to := a.text.Selection()
	a.text.Replace(from, to, "")
	a.edited()
}

func (a *textArea) setHint(s string) {
	a.hint.set(s)
	a.update()
}

func (a *textArea) setMentions(names []string) {
	a.mentions = names
	a.laid = laid{}
	a.update()
}

// FocusGained implements fyne.Focusable.
func (a *textArea) FocusGained() {
	a.focused = true
	a.wake()
	a.update()
}

// FocusLost implements fyne.Focusable.
func (a *textArea) FocusLost() {
	a.focused, a.shift = false, false
	a.sleep()
	a.update()
}

// AcceptsTab lets Tab move the keyboard on, unless something asked for it.
func (a *textArea) AcceptsTab() bool { return a.takesTab }

// Cursor implements desktop.Cursorable.
func (a *textArea) Cursor() desktop.Cursor { return desktop.TextCursor }

// Disable and Enable keep the text; what is disabled has no cursor.
func (a *textArea) Disable() {
	a.DisableableWidget.Disable()
	a.sleep()
	a.update()
}

// Enable implements fyne.Disableable.
func (a *textArea) Enable() {
	a.DisableableWidget.Enable()
	a.wake()
	a.update()
}
