package widgets

import "fyne.io/fyne/v2"

// overlay is what dialogs share: they lie over the window, take the keys that
// nothing in them uses, and give the keyboard back when they go.
type overlay struct {
	canvas fyne.Canvas // nil while it is closed
	before func(*fyne.KeyEvent)
}

// open shows o over the window of c; false if it is shown already.
func (v *overlay) open(c fyne.Canvas, o fyne.CanvasObject, key func(*fyne.KeyEvent)) bool {
	if v.canvas != nil {
		return false
	}
	v.canvas = c
	v.before = c.OnTypedKey()
	c.SetOnTypedKey(key)
	// Fyne leaves what is below believing that it has the keyboard: its cursor
	// would go on blinking under the shade.
	if f := c.Focused(); f != nil {
		f.FocusLost()
	}
	c.Overlays().Add(o)
	o.Resize(c.Size())
	return true
}

// close takes o away; false if it is not shown.
func (v *overlay) close(o fyne.CanvasObject) bool {
	c := v.canvas
	if c == nil {
		return false
	}
	v.canvas = nil
	c.Overlays().Remove(o)
	c.SetOnTypedKey(v.before)
	if f := c.Focused(); f != nil {
		f.FocusGained()
	}
	return true
}
