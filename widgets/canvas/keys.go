package canvas

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"magpie/widgets/keyboard"
)

// TypedRune implements fyne.Focusable: typing is for the composer, but for the blank of
// a Space that did something.
func (c *Canvas) TypedRune(r rune) {
	if c.intents.OnTyped != nil && (r != ' ' || !c.keys.shown) {
		c.intents.OnTyped(r)
	}
}

// TypedKey implements fyne.Focusable. The window may also hand on keys that the
// composer has no use for: page up and down, home and end move the canvas, and
// escape deselects. With the focus here the arrows go from message to message, and
// Enter and Space do what is to be done in one. TypedKey passes over all others.
func (c *Canvas) TypedKey(ev *fyne.KeyEvent) {
	if keyboard.AsksMenu(ev) {
		c.menuByKey()
		return
	}
	page := max(c.Size().Height-keyOverlap, keyStep)
	switch ev.Name {
	case fyne.KeyPageUp:
		c.glideBy(page)
	case fyne.KeyPageDown:
		c.glideBy(-page)
	case fyne.KeyUp:
		if !c.step(-1) {
			c.glideBy(keyStep)
		}
	case fyne.KeyDown:
		if !c.step(1) {
			c.glideBy(-keyStep)
		}
	case fyne.KeyLeft:
		c.stepPart(-1)
	case fyne.KeyRight:
		c.stepPart(1)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		c.doPart()
	case fyne.KeyHome:
		if c.open {
			c.follow(c.window.first)
			c.goTo(goal{kind: goTop, sequence: c.window.first})
		}
	case fyne.KeyEnd:
		c.follow(c.window.last)
		c.JumpToNewest()
	case fyne.KeyEscape:
		c.escape(ev)
	case fyne.KeyDelete:
		if len(c.choosing.chosen) > 0 && c.intents.OnDelete != nil {
			c.intents.OnDelete()
		}
	case fyne.KeyF1, fyne.KeyF6: // the window's
		if cv := fyne.CurrentApp().Driver().CanvasForObject(c); cv != nil && cv.OnTypedKey() != nil {
			cv.OnTypedKey()(ev)
		}
	}
}

// escape ends what there is to be ended, the last thing first.
func (c *Canvas) escape(ev *fyne.KeyEvent) {
	switch {
	case c.choosing.on && c.intents.OnEndChoosing != nil:
		c.intents.OnEndChoosing()
	case !c.marked.empty():
		c.ClearSelection()
	case c.keys.shown && c.intents.OnLeave != nil:
		c.intents.OnLeave()
	case c.intents.OnKey != nil:
		c.intents.OnKey(ev)
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

// menuByKey opens the menu of the message that has the keyboard, or in which the
// selection ends.
func (c *Canvas) menuByKey() {
	e := c.focused()
	if e == nil {
		e = c.window.byKey[c.marked.to.Key]
	}
	if e == nil || e.row == nil || e.Kind == KindHole || c.intents.OnMenu == nil {
		return
	}
	selected := ""
	if a, b := c.marked.of(e.Cursor()); a < b {
		selected = c.Selected()
	}
	b := e.layout.said()
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(c).AddXY(b.x, min(e.row.y+b.y+b.h, c.Size().Height))
	c.intents.OnMenu(e.Key, at, selected)
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
