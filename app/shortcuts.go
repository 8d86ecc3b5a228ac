package app

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// combo is a key with what is held down meanwhile.
type combo struct {
	key fyne.KeyName
	mod fyne.KeyModifier
}

// ctrl is Ctrl with a key, Cmd on a Mac.
func ctrl(key fyne.KeyName) combo { return combo{key, fyne.KeyModifierShortcutDefault} }

// shortcut is a key of the window. There is one table of them: it is what is registered
// with the window and what the help shows.
type shortcut struct {
	// name is the key of its words, group that of the heading above it.
	name, group string
	// keys are shown by their first; the others do the same, unless each has a number.
	keys []combo
	// do is what the window does, nil for a key that belongs to what has the keyboard.
	do func(*application)
	// nth is done instead of do by the n-th key, from 1.
	nth func(a *application, n int)
	// as is how Fyne calls the combination, where it has a name of its own.
	as fyne.Shortcut
}

// The groups, in their order.
const (
	groupGoing   = "shortcuts.going"
	groupWriting = "shortcuts.writing"
	groupReading = "shortcuts.reading"
	groupWindow  = "shortcuts.window"
)

// shortcutGroups are the groups in the order in which they are shown.
var shortcutGroups = []string{groupGoing, groupWriting, groupReading, groupWindow}

// shortcuts is the table, for a person whose Enter sends, or breaks the line.
func shortcuts(enterBreaksLine bool) []shortcut {
	enter, shiftEnter := combo{key: fyne.KeyReturn}, combo{fyne.KeyReturn, fyne.KeyModifierShift}
	send, newLine := enter, shiftEnter
	if enterBreaksLine {
		send, newLine = shiftEnter, enter
	}
	one := func(c combo) []combo { return []combo{c} }
	digits := make([]combo, 9)
	for i := range digits {
		digits[i] = ctrl(fyne.KeyName(rune('1' + i)))
	}
	plus := []combo{ctrl(fyne.KeyPlus), ctrl(fyne.KeyEqual), {fyne.KeyEqual, fyne.KeyModifierShortcutDefault | fyne.KeyModifierShift}, {fyne.KeyPlus, fyne.KeyModifierShortcutDefault | fyne.KeyModifierShift}}
	return []shortcut{
		{name: "shortcut.find", group: groupGoing, keys: one(ctrl(fyne.KeyK)), do: inMain((*mainScreen).find)},
		{name: "shortcut.newChat", group: groupGoing, keys: one(ctrl(fyne.KeyN)), do: inMain((*mainScreen).newChat)},
		{name: "shortcut.newGroup", group: groupGoing, keys: one(ctrl(fyne.KeyG)), do: inMain((*mainScreen).newGroup)},
		{name: "shortcut.above", group: groupGoing, keys: one(combo{fyne.KeyUp, fyne.KeyModifierAlt}), do: inMain(func(m *mainScreen) { m.step(-1) })},
		{name: "shortcut.below", group: groupGoing, keys: one(combo{fyne.KeyDown, fyne.KeyModifierAlt}), do: inMain(func(m *mainScreen) { m.step(+1) })},
		{name: "shortcut.nth", group: groupGoing, keys: digits, nth: func(a *application, n int) { inMain(func(m *mainScreen) { m.openNth(n) })(a) }},

		{name: "shortcut.send", group: groupWriting, keys: []combo{send, ctrl(fyne.KeyReturn)}},
		{name: "shortcut.newLine", group: groupWriting, keys: one(newLine)},
		{name: "shortcut.emoji", group: groupWriting, keys: one(ctrl(fyne.KeyE)), do: (*application).toggleEmoji},
		{name: "shortcut.paste", group: groupWriting, keys: one(ctrl(fyne.KeyV)), do: (*application).paste, as: &fyne.ShortcutPaste{}},
		{name: "shortcut.editLast", group: groupWriting, keys: one(combo{key: fyne.KeyUp})},

		{name: "shortcut.findHere", group: groupReading, keys: one(ctrl(fyne.KeyF)), do: inMain((*mainScreen).findHere)},
		{name: "shortcut.date", group: groupReading, keys: one(ctrl(fyne.KeyJ)), do: inMain((*mainScreen).askDateHere)},
		{name: "shortcut.messages", group: groupReading, keys: one(combo{key: fyne.KeyF6}), do: inMain((*mainScreen).switchToMessages)},
		{name: "shortcut.messageAbove", group: groupReading, keys: one(combo{key: fyne.KeyUp})},
		{name: "shortcut.messageBelow", group: groupReading, keys: one(combo{key: fyne.KeyDown})},
		{name: "shortcut.messagePart", group: groupReading, keys: one(combo{key: fyne.KeyRight})},
		{name: "shortcut.messageDo", group: groupReading, keys: one(combo{key: fyne.KeyReturn})},
		{name: "shortcut.messageMenu", group: groupReading, keys: one(combo{fyne.KeyF10, fyne.KeyModifierShift})},
		{name: "shortcut.messageCopy", group: groupReading, keys: one(ctrl(fyne.KeyC))},
		{name: "shortcut.pageUp", group: groupReading, keys: one(combo{key: fyne.KeyPageUp})},
		{name: "shortcut.pageDown", group: groupReading, keys: one(combo{key: fyne.KeyPageDown})},

		{name: "shortcut.close", group: groupWindow, keys: one(combo{key: fyne.KeyEscape})},
		{name: "shortcut.settings", group: groupWindow, keys: one(ctrl(fyne.KeyComma)), do: inMain(func(m *mainScreen) { m.openSettings("") })},
		{name: "shortcut.larger", group: groupWindow, keys: plus, do: func(a *application) { a.stepText(+1) }},
		{name: "shortcut.smaller", group: groupWindow, keys: one(ctrl(fyne.KeyMinus)), do: func(a *application) { a.stepText(-1) }},
		{name: "shortcut.usual", group: groupWindow, keys: one(ctrl(fyne.Key0)), do: func(a *application) { a.stepText(0) }},
		{name: "shortcut.help", group: groupWindow, keys: one(combo{key: fyne.KeyF1}), do: (*application).help},
		{name: "shortcut.lock", group: groupWindow, keys: one(ctrl(fyne.KeyL)), do: (*application).lockNow},
		{name: "shortcut.quit", group: groupWindow, keys: one(ctrl(fyne.KeyQ)), do: (*application).quit},
	}
}

// free reports whether nothing lies over the main screen. What does is dealt with first:
// nothing opens below or above it, and what is typed at a question is not a message.
func (a *application) free() bool {
	return a.main != nil && !a.locked() && a.window.Canvas().Overlays().Top() == nil
}

// inMain does something on the main screen while nothing lies over it.
func inMain(do func(*mainScreen)) func(*application) {
	return func(a *application) {
		if a.free() {
			do(a.main)
		}
	}
}

// addShortcuts gives the window the keys that work everywhere in it. A focused
// field hands on what it does not use itself.
func (a *application) addShortcuts(c fyne.Canvas) {
	plain := map[fyne.KeyName]func(*application){} // Fyne has no shortcuts of one key
	for _, s := range shortcuts(false) {
		switch {
		case s.nth != nil:
			for i, k := range s.keys {
				c.AddShortcut(&desktop.CustomShortcut{KeyName: k.key, Modifier: k.mod}, func(fyne.Shortcut) { s.nth(a, i+1) })
			}
		case s.do == nil:
		case s.as != nil:
			c.AddShortcut(s.as, func(fyne.Shortcut) { s.do(a) })
		default:
			for _, k := range s.keys {
				if k.mod == 0 {
					plain[k.key] = s.do
					continue
				}
				c.AddShortcut(&desktop.CustomShortcut{KeyName: k.key, Modifier: k.mod}, func(fyne.Shortcut) { s.do(a) })
			}
		}
	}
	c.SetOnTypedKey(func(e *fyne.KeyEvent) {
		if do := plain[e.Name]; do != nil {
			do(a)
			return
		}
		if a.main != nil {
			a.main.typedKey(e)
		}
	})
	c.SetOnTypedRune(func(r rune) {
		if a.free() {
			a.main.typedRune(r)
		}
	})
}

// paste brings what is in the clipboard into the open chat.
func (a *application) paste() {
	if a.free() && a.main.chat != nil && a.main.content.foot() == a.main.composer && !a.main.paste(a.fyne.Clipboard()) {
		a.main.composer.Paste(a.fyne.Clipboard())
	}
}
