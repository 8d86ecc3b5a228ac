package widgets

// SetNote shows above the field how the next message will go, "" for nothing to
// say. What is wrong with the text goes before it.
func (c *Composer) SetNote(note string) {
	if c.remark != note {
		c.remark = note
		c.Refresh()
	}
}

// CursorX is how far right of the composer's left edge the cursor is.
func (c *Composer) CursorX() float32 {
	return c.area.Position().X + c.area.caretPlace().X
}
