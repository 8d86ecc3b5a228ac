package widgets

import (
	"slices"

	"fyne.io/fyne/v2"

	"magpie/widgets/editing"
	"magpie/widgets/textlayout"
)

// keptTexts is of how many conversations what was done can be taken back.
const keptTexts = 16

// keptText is what was written in a conversation, with what can be taken back.
type keptText struct {
	key  string
	text *editing.Text
}

// Open shows the draft of a conversation, key, with the cursor at its end. Undo goes
// on where it was left when the same draft was open last: never into the text of
// another conversation, and never to what was sent from this one. OnChanged is not
// called.
func (c *Composer) Open(key, draft string) {
	draft = textlayout.Written(draft)
	var t *editing.Text
	if i := slices.IndexFunc(c.kept, func(k keptText) bool { return k.key == key }); i >= 0 {
		t = c.kept[i].text
		c.kept = slices.Delete(c.kept, i, i+1)
	}
	if t == nil || t.String() != draft {
		t = editing.New(c.area.clock)
		t.Reset(draft)
	}
	c.kept = append(c.kept, keptText{key, t})
	if n := len(c.kept) - keptTexts; n > 0 {
		c.kept = slices.Delete(c.kept, 0, n)
	}
	t.Move(len(draft))
	c.area.show(t)
	c.shown()
}

// CanUndo and CanRedo report whether Undo and Redo would do anything.
func (c *Composer) CanUndo() bool { return c.area.text.CanUndo() }

// CanRedo reports whether Redo would do anything.
func (c *Composer) CanRedo() bool { return c.area.text.CanRedo() }

// Undo takes back what was written or deleted last, Redo does it again.
func (c *Composer) Undo() { c.area.undo() }

// Redo does again what Undo took back last.
func (c *Composer) Redo() { c.area.redo() }

// Selected returns what is marked, "" for nothing.
func (c *Composer) Selected() string { return c.area.SelectedText() }

// SelectAll marks everything.
func (c *Composer) SelectAll() { c.area.selectAll() }

// Copy puts what is marked into a clipboard; Cut takes it out of the text as well.
func (c *Composer) Copy(to fyne.Clipboard) { c.area.copyTo(to) }

// Cut takes what is marked out of the text and puts it into a clipboard.
func (c *Composer) Cut(to fyne.Clipboard) { c.area.cutTo(to) }
