// Package keyboard answers what Fyne's key events leave out: which modifiers are held,
// and whether a key asks for a menu. It holds nothing and draws nothing.
package keyboard

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// Menu asks for the menu of what has the keyboard, and so does Shift+F10.
const Menu = desktop.KeyMenu

// AsksMenu reports whether a key asks for a menu.
func AsksMenu(key *fyne.KeyEvent) bool {
	if key.Name == fyne.KeyF10 {
		held, ok := Modifiers()
		return ok && held == fyne.KeyModifierShift
	}
	return key.Name == Menu
}

// Modifiers asks the driver which modifiers are held. Drivers without a keyboard of
// their own (tests, phones) know nothing: ok is false.
func Modifiers() (m fyne.KeyModifier, ok bool) {
	if d, is := fyne.CurrentApp().Driver().(desktop.Driver); is {
		return d.CurrentKeyModifiers(), true
	}
	return 0, false
}
