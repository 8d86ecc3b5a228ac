package widgets

import "fyne.io/fyne/v2"

// canvasOf returns the canvas that shows o, nil while it is not shown.
func canvasOf(o fyne.CanvasObject) fyne.Canvas {
	app := fyne.CurrentApp()
	if app == nil {
		return nil
	}
	return app.Driver().CanvasForObject(o)
}

// passKey gives a key that the focused widget o does not use to the window.
func passKey(o fyne.CanvasObject, key *fyne.KeyEvent) {
	if c := canvasOf(o); c != nil {
		if f := c.OnTypedKey(); f != nil {
			f(key)
		}
	}
}

// passShortcut gives a shortcut that the focused widget o does not use to those
// of the window's canvas.
func passShortcut(o fyne.CanvasObject, s fyne.Shortcut) {
	give(canvasOf(o), s)
}

// give hands a shortcut to a canvas. The interface of canvases only takes
// shortcuts in; that those of the desktop also run them is a method of theirs.
func give(canvas any, s fyne.Shortcut) {
	if c, ok := canvas.(fyne.Shortcutable); ok {
		c.TypedShortcut(s)
	}
}

// focus gives o the keyboard. Fyne knows the canvas of an object only once that
// was painted. What is about to be painted for the first time is looked for in
// the windows: else a screen that was just opened would have no keyboard, that
// is no cursor, no paste and no input method.
func focus(o fyne.Focusable) {
	object, ok := o.(fyne.CanvasObject)
	if !ok {
		return
	}
	if c := canvasOf(object); c != nil {
		c.Focus(o)
		return
	}
	if app := fyne.CurrentApp(); app != nil {
		for _, w := range app.Driver().AllWindows() {
			if c := w.Canvas(); c.Content() != nil {
				c.Focus(o)
			}
		}
	}
}

// canvasFocus is what has the keyboard in the canvas that shows o, nil for nothing.
func canvasFocus(o fyne.CanvasObject) fyne.Focusable {
	if c := canvasOf(o); c != nil {
		return c.Focused()
	}
	return nil
}

// unfocus takes the keyboard from whatever has it in the canvas that shows o.
func unfocus(o fyne.CanvasObject) {
	if c := canvasOf(o); c != nil {
		c.Unfocus()
	}
}
