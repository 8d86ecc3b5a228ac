package canvas

import (
	"maps"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"magpie/im"
	"magpie/widgets/textlayout"
)

// copied is what a copy has of one message.
type copied struct {
	author string
	time   time.Time
	text   string
}

// Selected returns what a person has selected as a copy of it has it, "" for
// nothing: of one message the bare text; of several each below a line of
// [Words.Said], with an empty line between them. Emoji are themselves, not the codes
// that stand for them; what has no text is described as [Item.Text] does. Notices
// and what is not here are left out.
func (c *Canvas) Selected() string {
	parts := c.selected()
	if len(parts) == 1 {
		return parts[0].text
	}
	var b strings.Builder
	for i, p := range parts {
		if i > 0 {
			b.WriteString("\n\n")
		}
		b.WriteString(c.words.Said(textlayout.Clean(p.author), p.time))
		b.WriteString("\n")
		b.WriteString(strings.TrimRight(p.text, "\n"))
	}
	return b.String()
}

// ClearSelection deselects.
func (c *Canvas) ClearSelection() { c.mark(selection{}) }

// selected returns the messages of which something is selected, oldest first.
func (c *Canvas) selected() (parts []copied) {
	if c.marked.empty() {
		return nil
	}
	items := slices.Collect(maps.Values(c.kept))
	items = slices.DeleteFunc(items, func(it Item) bool { return c.window.byKey[it.Key] != nil })
	lo, hi := c.marked.ends()
	i, _ := c.window.index(lo.Cursor)
	for ; i < len(c.window.entries); i++ {
		e := c.window.entries[i]
		if e.Cursor().Compare(hi.Cursor) > 0 {
			break
		}
		items = append(items, e.Item)
	}
	slices.SortFunc(items, func(a, b Item) int { return a.Cursor().Compare(b.Cursor()) })
	for i := range items {
		it := &items[i]
		if a, b := c.marked.of(it.Cursor()); a < b {
			if text := it.copyOf(a, b); text != "" {
				parts = append(parts, copied{it.Author, it.Time, text})
			}
		}
	}
	return parts
}

// copyOf is what a copy has of a part of an item.
func (it *Item) copyOf(a, b int) string {
	switch {
	case !it.selectable():
		return ""
	case it.textual():
		text := textlayout.Clean(it.Text)
		b = min(b, len(text))
		text = text[min(a, b):b]
		if it.Kind == KindText {
			return im.ShowEmoji(text) // a code is selected as a whole
		}
		return text
	}
	lines := append([]string{it.Text}, it.Lines...)
	for i := range lines {
		lines[i] = textlayout.Clean(lines[i])
	}
	return strings.Join(lines, "\n")
}

// copySelected hands out what is selected, or the message that has the keyboard.
func (c *Canvas) copySelected() {
	t := c.Selected()
	if e := c.focused(); t == "" && e != nil {
		t = e.whole()
	}
	switch {
	case t == "":
	case c.intents.OnCopy != nil:
		c.intents.OnCopy(t)
	default:
		fyne.CurrentApp().Clipboard().SetContent(t)
	}
}

// whole is what a copy of a message has of it, and of a notice its words.
func (it *Item) whole() string {
	if it.Kind == KindNotice {
		return textlayout.Clean(it.Text)
	}
	return it.copyOf(0, it.steps())
}

// selectAll takes the whole of the message in which a person has clicked or
// selected something, and all that is loaded if that is selected already, or
// there is no such message.
func (c *Canvas) selectAll() {
	n := len(c.window.entries)
	if n == 0 || c.choosing.on {
		return
	}
	first, last := c.window.entries[0], c.window.entries[n-1]
	all := selection{spot{first.Cursor(), 0}, spot{last.Cursor(), last.steps()}}
	if s := c.marked; !s.none() && s.within() {
		if e := c.window.byKey[s.from.Key]; e != nil {
			one := selection{spot{e.Cursor(), 0}, spot{e.Cursor(), e.steps()}}
			if s != one {
				all = one
			}
		}
	}
	c.mark(all)
}
