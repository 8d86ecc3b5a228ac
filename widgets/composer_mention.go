package widgets

import (
	"strings"
	"unicode"
	"unicode/utf8"
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
	c.area.insert(s)
}

// ReplaceMention replaces the '@' and the word that OnMention reported last by s.
// It is one step of undo. Where no mention is being typed it does what InsertText
// does.
func (c *Composer) ReplaceMention(s string) {
	if c.Disabled() {
		return
	}
	c.Focus()
	caret := c.area.text.Caret()
	if word, ok := c.mentionBefore(); ok {
		c.area.replace(caret-len(word)-1, caret, s)
		return
	}
	c.area.insert(s)
}

// SetMentions colours the names that are mentioned where the text has them behind
// an '@'.
func (c *Composer) SetMentions(names []string) { c.area.setMentions(names) }

// SetTakesTab hands the Tab key to OnKey too, while a list above the composer
// answers to it. Else Tab moves the keyboard on.
func (c *Composer) SetTakesTab(on bool) { c.area.takesTab = on }

// mentionBefore returns the word between an '@' and the cursor. There is none
// where the '@' stands inside a word, as in an address of mail, or a blank
// follows it.
func (c *Composer) mentionBefore() (word string, ok bool) {
	if c.area.SelectedText() != "" {
		return "", false
	}
	before := c.Text()[:c.area.text.Caret()]
	at := strings.LastIndexByte(before, '@')
	if at < 0 || len(before)-at-1 > maxMention || strings.ContainsFunc(before[at:], unicode.IsSpace) {
		return "", false
	}
	if r, _ := utf8.DecodeLastRuneInString(before[:at]); at > 0 && r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_') {
		return "", false
	}
	return before[at+1:], true
}

// tellMention tells OnMention when what is being typed behind an '@' changed.
func (c *Composer) tellMention() {
	if c.OnMention == nil {
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
