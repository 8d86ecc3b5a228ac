package app

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// addShortcuts gives the window the keys that work everywhere in it. A focused
// field hands on what it does not use itself.
func (a *application) addShortcuts() {
	add := func(key fyne.KeyName, modifier fyne.KeyModifier, do func()) {
		a.window.Canvas().AddShortcut(&desktop.CustomShortcut{KeyName: key, Modifier: modifier}, func(fyne.Shortcut) { do() })
	}
	// What lies over the main screen is dealt with first: nothing opens below
	// or above it, and what is typed at a question is not a message.
	free := func() bool { return a.main != nil && !a.locked() && a.window.Canvas().Overlays().Top() == nil }
	inMain := func(do func(*mainScreen)) func() {
		return func() {
			if free() {
				do(a.main)
			}
		}
	}
	add(fyne.KeyN, fyne.KeyModifierShortcutDefault, inMain((*mainScreen).newChat))
	add(fyne.KeyK, fyne.KeyModifierShortcutDefault, inMain((*mainScreen).find))
	add(fyne.KeyF, fyne.KeyModifierShortcutDefault, inMain((*mainScreen).findHere))
	add(fyne.KeyG, fyne.KeyModifierShortcutDefault, inMain((*mainScreen).newGroup))
	add(fyne.KeyJ, fyne.KeyModifierShortcutDefault, inMain((*mainScreen).askDateHere))
	add(fyne.KeyComma, fyne.KeyModifierShortcutDefault, inMain(func(m *mainScreen) { m.openSettings("") }))
	add(fyne.KeyL, fyne.KeyModifierShortcutDefault, a.lockNow)
	add(fyne.KeyQ, fyne.KeyModifierShortcutDefault, a.quit)
	add(fyne.KeyUp, fyne.KeyModifierAlt, inMain(func(m *mainScreen) { m.step(-1) }))
	add(fyne.KeyDown, fyne.KeyModifierAlt, inMain(func(m *mainScreen) { m.step(+1) }))
	for n, key := range []fyne.KeyName{fyne.Key1, fyne.Key2, fyne.Key3, fyne.Key4, fyne.Key5, fyne.Key6, fyne.Key7, fyne.Key8, fyne.Key9} {
		add(key, fyne.KeyModifierShortcutDefault, inMain(func(m *mainScreen) { m.openNth(n + 1) }))
	}
	a.addPanelShortcut()
	a.window.Canvas().AddShortcut(&fyne.ShortcutPaste{}, func(fyne.Shortcut) {
		if free() && a.main.chat != nil && a.main.content.foot() == a.main.composer && !a.main.paste(a.fyne.Clipboard()) {
			a.main.composer.Paste(a.fyne.Clipboard())
		}
	})
	a.window.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) {
		if a.main != nil {
			a.main.typedKey(e)
		}
	})
	a.window.Canvas().SetOnTypedRune(func(r rune) {
		if free() {
			a.main.typedRune(r)
		}
	})
}
