package widgets

import (
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
)

// pasteboard hands a text to Fyne's entry as if it came from the clipboard: that
// is its one way to put in more than a rune at the cursor as a single step of
// its undo.
type pasteboard string

var _ fyne.Clipboard = pasteboard("")

func (p pasteboard) Content() string { return string(p) }
func (pasteboard) SetContent(string) {}

// Insert puts s at the cursor, in place of what is marked, and tells OnChanged.
// A disabled composer stays as it is.
func (c *Composer) Insert(s string) {
	if c.Disabled() || s == "" {
		return
	}
	c.entry.TypedShortcut(&fyne.ShortcutPaste{Clipboard: pasteboard(s)})
}

// BeforeCursor returns the text left of the cursor, "" while text is marked.
func (c *Composer) BeforeCursor() string {
	if c.entry.SelectedText() != "" {
		return ""
	}
	at, text := c.entry.CursorTextOffset(), c.entry.Text
	for i := range text {
		if at == 0 {
			return text[:i]
		}
		at--
	}
	return text
}

// Complete puts s in place of part, which is what stands left of the cursor, and
// tells OnChanged once. If it does not stand there nothing happens.
func (c *Composer) Complete(part, s string) {
	if c.Disabled() || !strings.HasSuffix(c.BeforeCursor(), part) {
		return
	}
	c.quiet = true
	for range utf8.RuneCountInString(part) {
		c.entry.Entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
	}
	c.quiet = false
	c.Insert(s)
}

// CursorX is how far right of the composer's left edge the cursor is.
func (c *Composer) CursorX() float32 {
	return c.entry.Position().X + c.entry.CursorPosition().X
}

// SetNote shows above the field how the next message will go, "" for nothing to
// say. What is wrong with the text goes before it.
func (c *Composer) SetNote(note string) {
	if c.remark == note {
		return
	}
	c.remark = note
	c.Refresh()
}

// SetTakesTab lets OnKey have Tab, which otherwise moves the keyboard on, while
// there is something to choose by it.
func (c *Composer) SetTakesTab(on bool) { c.entry.takesTab = on }
