package widgets

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// Composer is where a message is written: a field that grows with the text up
// to [theme.ComposerMaxRows] rows, buttons left and right of it, and send.
//
// Enter sends and Shift+Enter breaks the line, or the other way round after
// SetEnterSends(false); Ctrl+Enter always sends. What an input method commits
// arrives as text and never sends.
type Composer struct {
	widget.DisableableWidget

	// OnSend is given the text that the person sent, without white space around
	// it and never over the limit; it is empty only with something in the tray. It is called before the field is
	// emptied and before OnChanged(""), so an app that writes both to disk in
	// that order loses nothing. What could not be kept goes back by Restore.
	OnSend func(text string)
	// Refuse, if set, is asked before OnSend; what it returns is shown instead of
	// sending, and the text stays. "" lets the text go.
	Refuse func(text string) (problem string)
	// OnChanged is told each new text, to be kept as the draft. SetText does
	// not call it.
	OnChanged func(text string)
	// OnKey is asked first for every key; true means that it was used. So the
	// app has Up in an empty composer, PageUp, and Esc.
	OnKey func(*fyne.KeyEvent) bool
	// OnMention is told the word between an '@' and the cursor whenever that
	// changes: empty right behind the '@', and active false once none is being
	// typed. It does not follow the focus, which a click on a list takes away
	// before the list hears of it. See ReplaceMention.
	OnMention func(word string, active bool)
	// OnShortcut is asked for shortcuts that do not edit text, before those of
	// the window's canvas.
	OnShortcut func(fyne.Shortcut) bool
	// OnSendMenu is a secondary click on the send button, or the menu key on it,
	// with the place for the lower edge of a menu, in the canvas.
	OnSendMenu func(at fyne.Position)

	// OnMenu is a secondary click on the text, with its place in the canvas.
	OnMenu func(at fyne.Position)
	// OnQuoteClosed is told that a person does not want to answer after all.
	OnQuoteClosed func()
	// OnTrayRemove is told which item of the tray a person wants to be rid of.
	OnTrayRemove func(id string)
	// Hold, if set, is asked before Refuse; true means that what is to be sent is
	// not ready yet and stays where it is.
	Hold func() bool
	// OnPaste is asked first when something is to be pasted; true means that the
	// app sees to it, with Paste if it is a text after all.
	OnPaste func(fyne.Clipboard) bool

	area        *textArea
	kept        []keptText // the one shown last at the end
	line        *canvas.Rectangle
	field       *canvas.Rectangle
	note        *Paragraph
	send        *IconButton
	left, right []*IconButton

	rows       int // that are shown
	enterSends bool
	mention    mention
	limit      int
	limitWords func(used, limit int) string
	problem    string
	remark     string
	recorder   *recorder  // nil without a microphone
	tray       *tray      // nil until there was something in it
	quote      *quotePane // nil until something was answered
}

// Measures of the composer, from the pictures.
const (
	composerPadX = float32(14)
	composerPadY = float32(10)
	composerGap  = float32(6)
	composerNote = float32(2) // below the note
	// composerNoteAt is where the note begins, right of the field's edge.
	composerNoteAt = float32(12)
)

// NewComposer makes an empty composer; sendLabel says in words what the send
// button does.
func NewComposer(sendLabel string) *Composer {
	c := &Composer{
		area:       newTextArea(),
		line:       box(0),
		field:      box(theme.RadiusRow),
		note:       NewParagraph("", theme.Ink3, theme.MetaSize, fyne.TextAlignLeading),
		rows:       1,
		enterSends: true,
	}
	c.send = newFilledIconButton("send", sendLabel, c.submit)
	c.send.OnMenu = func(fyne.Position) {
		if c.OnSendMenu != nil {
			at := fyne.CurrentApp().Driver().AbsolutePositionForObject(c.send)
			c.OnSendMenu(at.SubtractXY(0, theme.Grid))
		}
	}
	c.area.taken = c.key
	c.area.shortcut = c.typedShortcut
	c.area.pasted = func(from fyne.Clipboard) bool { return c.OnPaste != nil && c.OnPaste(from) }
	c.area.changed = c.changed
	c.area.moved = c.tellMention
	c.area.menu = func(at fyne.Position) {
		if c.OnMenu != nil {
			c.OnMenu(at)
		}
	}
	c.ExtendBaseWidget(c)
	c.paintSend()
	return c
}

// Text returns what is in the field.
func (c *Composer) Text() string { return c.area.text.String() }

// SetText replaces what is in the field and puts the cursor at the end. What was
// there before cannot be brought back by undo. OnChanged is not called. See Open
// for the draft of another conversation.
func (c *Composer) SetText(s string) {
	c.area.reset(s)
	c.shown()
}

// shown follows a text that was not typed.
func (c *Composer) shown() {
	c.problem = ""
	c.paintSend()
	c.grow()
	c.Refresh()
	c.tellMention()
}

// Restore puts a text that could not be sent, or was taken back, before what has
// been written since, and tells OnChanged. It is a step of undo.
func (c *Composer) Restore(s string) {
	now := c.Text()
	if now != "" {
		s += "\n" + now
	}
	c.area.replace(0, len(now), s)
}

// SetPlaceholder sets what the empty field says; while the composer is disabled
// that is the reason why.
func (c *Composer) SetPlaceholder(s string) { c.area.setHint(s) }

// SetSendKeys sets the words for the key that sends, for the tip of the button.
func (c *Composer) SetSendKeys(words string) { c.send.SetKeys(words) }

// SetEnterSends chooses whether Enter sends and Shift+Enter breaks the line
// (true, the default), or the other way round.
func (c *Composer) SetEnterSends(on bool) { c.enterSends = on }

// SetLimit sets the most bytes of UTF-8 that a message may have, 0 for no limit,
// and the words that say how many are used. They show from nine tenths on; over
// the limit nothing is sent.
func (c *Composer) SetLimit(limit int, words func(used, limit int) string) {
	c.limit, c.limitWords = limit, words
	c.Refresh()
}

// SetProblem shows above the field why the last message was not taken; "" and
// the next change of the text take it away.
func (c *Composer) SetProblem(problem string) {
	c.problem = problem
	c.Refresh()
}

// SetLeft and SetRight set the buttons beside the field. The send button stays
// at the right end.
func (c *Composer) SetLeft(buttons ...*IconButton) { c.left = buttons; c.Refresh() }

// SetRight sets the buttons between the field and the send button.
func (c *Composer) SetRight(buttons ...*IconButton) { c.right = buttons; c.Refresh() }

// Focus gives the field the keyboard, or the recorder that stands in its place.
func (c *Composer) Focus() {
	if c.recording() {
		focus(c.recorder.bar)
		return
	}
	focus(c.area)
}

// Focused reports whether the field has the keyboard.
func (c *Composer) Focused() bool { return c.area.focused }

// TypeRune is typing from outside the field, for an app that lets people begin
// to write wherever the focus is.
func (c *Composer) TypeRune(r rune) {
	if c.recording() {
		return
	}
	c.Focus()
	c.area.TypedRune(r)
}

// Enable implements fyne.Disableable.
func (c *Composer) Enable() { c.area.Enable(); c.DisableableWidget.Enable(); c.setButtons(true) }

// Disable implements fyne.Disableable. The text stays.
func (c *Composer) Disable() { c.area.Disable(); c.DisableableWidget.Disable(); c.setButtons(false) }

func (c *Composer) setButtons(on bool) {
	for _, b := range append(append([]*IconButton{}, c.left...), c.right...) {
		if on {
			b.Enable()
		} else {
			b.Disable()
		}
	}
	if r := c.recorder; r != nil {
		if on {
			r.mic.Enable()
		} else {
			r.mic.Disable()
		}
	}
	c.paintSend()
}

func (c *Composer) changed(s string) {
	c.problem = ""
	c.paintSend()
	c.grow()
	c.Refresh()
	if c.OnChanged != nil {
		c.OnChanged(s)
	}
}

// overLimit reports whether what would be sent is too long.
func (c *Composer) overLimit() bool {
	return c.limit > 0 && len(strings.TrimSpace(c.Text())) > c.limit
}

func (c *Composer) submit() {
	words := strings.TrimSpace(c.Text())
	if words == "" && !c.sendsWithoutText() || c.Disabled() || c.overLimit() {
		return
	}
	if c.Hold != nil && c.Hold() {
		return
	}
	if c.Refuse != nil {
		if problem := c.Refuse(words); problem != "" {
			c.SetProblem(problem)
			return
		}
	}
	if c.OnSend != nil {
		c.OnSend(words)
	}
	c.SetText("")
	if c.OnChanged != nil {
		c.OnChanged("")
	}
	c.Focus()
}

func (c *Composer) key(key *fyne.KeyEvent) bool {
	if c.OnKey != nil && c.OnKey(key) {
		return true
	}
	switch key.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		if c.area.shiftHeld() != c.enterSends {
			c.submit()
		} else {
			c.area.typed("\n")
		}
		return true
	case fyne.KeyPageUp, fyne.KeyPageDown:
		// They scroll the messages, not six lines of text.
		if !c.area.shiftHeld() {
			passKey(c.area, key)
			return true
		}
	}
	return false
}

func (c *Composer) typedShortcut(s fyne.Shortcut) bool {
	if custom, ok := s.(*desktop.CustomShortcut); ok && custom.Modifier == fyne.KeyModifierShortcutDefault {
		if custom.KeyName == fyne.KeyReturn || custom.KeyName == fyne.KeyEnter {
			c.submit()
			return true
		}
	}
	return c.OnShortcut != nil && c.OnShortcut(s)
}
