package canvas

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// FocusGained implements fyne.Focusable. The canvas takes the focus when it is
// clicked, so that what is selected can be copied.
func (c *Canvas) FocusGained() {}

// FocusLost implements fyne.Focusable.
func (c *Canvas) FocusLost() {}

// TypedRune implements fyne.Focusable: typing is for the composer.
func (c *Canvas) TypedRune(r rune) {
	if c.intents.OnTyped != nil {
		c.intents.OnTyped(r)
	}
}

// TypedKey implements fyne.Focusable. The window may also hand on keys that the
// composer has no use for: page up and down, home and end move the canvas, and
// escape deselects. TypedKey passes over all others.
func (c *Canvas) TypedKey(ev *fyne.KeyEvent) {
	page := max(c.Size().Height-keyOverlap, keyStep)
	switch ev.Name {
	case fyne.KeyPageUp:
		c.glideBy(page)
	case fyne.KeyPageDown:
		c.glideBy(-page)
	case fyne.KeyUp:
		c.glideBy(keyStep)
	case fyne.KeyDown:
		c.glideBy(-keyStep)
	case fyne.KeyHome:
		if c.open {
			c.goTo(goal{kind: goTop, sequence: c.window.first})
		}
	case fyne.KeyEnd:
		c.JumpToNewest()
	case desktop.KeyMenu:
		c.menuByKey()
	case fyne.KeyEscape:
		if c.choosing.on && c.intents.OnEndChoosing != nil {
			c.intents.OnEndChoosing()
			return
		}
		if c.marked.empty() && c.intents.OnKey != nil {
			c.intents.OnKey(ev)
			return
		}
		c.ClearSelection()
	}
}

// KeyDown implements desktop.Keyable: the window hears of every key.
func (c *Canvas) KeyDown(ev *fyne.KeyEvent) {
	if of, ok := fyne.CurrentApp().Driver().CanvasForObject(c).(desktop.Canvas); ok {
		if f := of.OnKeyDown(); f != nil {
			f(ev)
		}
	}
}

// KeyUp implements desktop.Keyable.
func (c *Canvas) KeyUp(*fyne.KeyEvent) {}

// menuByKey opens the menu of the message in which the selection ends.
func (c *Canvas) menuByKey() {
	e := c.window.byKey[c.marked.to.Key]
	if e == nil || e.row == nil || c.intents.OnMenu == nil {
		return
	}
	b := e.layout.bubble
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(c).AddXY(b.x, min(e.row.y+b.y+b.h, c.Size().Height))
	c.intents.OnMenu(e.Key, at, c.Selected())
}

// TypedShortcut implements fyne.Shortcutable: copy and select all are for the
// canvas, everything else for the window.
func (c *Canvas) TypedShortcut(s fyne.Shortcut) {
	switch s.(type) {
	case *fyne.ShortcutCopy:
		c.copySelected()
	case *fyne.ShortcutSelectAll:
		c.selectAll()
	default:
		if c.intents.OnShortcut != nil {
			c.intents.OnShortcut(s)
		}
	}
}
