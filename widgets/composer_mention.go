package widgets

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
)

// maxMention bounds the word behind an '@' that counts as one being typed, in
// bytes.
const maxMention = 64

// InsertText puts s where the cursor is, in place of what is marked, as one step
// of undo, and gives the field the keyboard. OnChanged is told.
func (c *Composer) InsertText(s string) {
	if c.Disabled() {
		return
	}
	c.Focus()
	c.insert(s)
}

func (c *Composer) insert(s string) {
	// The entry takes several characters at the cursor only as a paste.
	c.entry.Entry.TypedShortcut(&fyne.ShortcutPaste{Clipboard: textClipboard(s)})
}

// textClipboard is a clipboard that holds a text and takes none.
type textClipboard string

func (t textClipboard) Content() string { return string(t) }
func (textClipboard) SetContent(string) {}

// ReplaceMention replaces the '@' and the word that OnMention reported last by s.
// Where no mention is being typed it does what InsertText does.
func (c *Composer) ReplaceMention(s string) {
	if c.Disabled() {
		return
	}
	c.Focus()
	if word, ok := c.mentionBefore(); ok {
		c.quiet = true
		for range utf8.RuneCountInString(word) + 1 {
			c.entry.Entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
		}
		c.quiet = false
	}
	c.insert(s)
}

// SetTakesTab hands the Tab key to OnKey too, while a list above the composer
// answers to it. Else Tab moves the keyboard on.
func (c *Composer) SetTakesTab(on bool) { c.entry.takesTab = on }

// mentionBefore returns the word between an '@' and the cursor. There is none
// where the '@' stands inside a word, as in an address of mail, or a blank
// follows it.
func (c *Composer) mentionBefore() (word string, ok bool) {
	if c.entry.SelectedText() != "" {
		return "", false
	}
	before := firstRunes(c.entry.Text, c.entry.CursorTextOffset())
	at := strings.LastIndexByte(before, '@')
	if at < 0 || len(before)-at-1 > maxMention || strings.ContainsFunc(before[at:], unicode.IsSpace) {
		return "", false
	}
	if r, _ := utf8.DecodeLastRuneInString(before[:at]); at > 0 && r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_') {
		return "", false
	}
	return before[at+1:], true
}

// firstRunes returns the first n characters of s.
func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// tellMention tells OnMention when what is being typed behind an '@' changed.
func (c *Composer) tellMention() {
	if c.quiet || c.OnMention == nil {
		return
	}
	word, ok := c.mentionBefore()
	if now := (mention{word, ok}); now != c.mention {
		c.mention = now
		c.OnMention(word, ok)
	}
}

// mention is what is being typed behind an '@'.
type mention struct {
	word   string
	active bool
}
