package app

import "fyne.io/fyne/v2"

// textMenu is what a secondary click on the text of the composer offers.
func (m *mainScreen) textMenu(at fyne.Position) {
	c, clipboard := m.composer, m.app.fyne.Clipboard()
	item := func(key string, possible bool, do func()) *fyne.MenuItem {
		i := fyne.NewMenuItem(m.tr.T(key), func() { do(); c.Focus() })
		i.Disabled = !possible
		return i
	}
	marked := c.Selected() != ""
	m.app.popUp(at,
		item("menu.undo", c.CanUndo(), c.Undo),
		item("menu.redo", c.CanRedo(), c.Redo),
		fyne.NewMenuItemSeparator(),
		item("menu.cut", marked, func() { c.Cut(clipboard) }),
		item("menu.copy", marked, func() { c.Copy(clipboard) }),
		item("menu.paste", true, func() {
			if !m.paste(clipboard) {
				c.Paste(clipboard)
			}
		}),
		item("menu.selectAll", c.Text() != "", c.SelectAll),
	)
}
