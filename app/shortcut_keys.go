package app

import (
	"slices"

	"fyne.io/fyne/v2"
)

// onMac reports whether the keyboard is a Mac's: Fyne's usual modifier is Cmd there.
const onMac = fyne.KeyModifierShortcutDefault == fyne.KeyModifierSuper

// keySigns are the names of keys that are not their letter. Those that differ from one
// language to the next have a key of their words.
var keySigns = map[fyne.KeyName]string{
	fyne.KeyUp: "↑", fyne.KeyDown: "↓", fyne.KeyLeft: "←", fyne.KeyRight: "→", fyne.KeyComma: ",", fyne.KeyMinus: "−", fyne.KeyPlus: "+", fyne.KeyEqual: "=",
	fyne.KeyEscape: "Esc", fyne.KeyReturn: "Enter", fyne.KeyPageUp: "PgUp", fyne.KeyPageDown: "PgDn",
}

// macSigns are those that are called otherwise on a Mac. The usual sign of Return is
// drawn as an emoji.
var macSigns = map[fyne.KeyName]string{fyne.KeyEscape: "esc", fyne.KeyReturn: "return"}

// keyNames are what is written on the keys of a combination, in the order in which they
// are pressed: signs on a Mac, words elsewhere.
func keyNames(c combo, mac bool) (names []string) {
	for _, m := range []struct {
		mod         fyne.KeyModifier
		mac, others string
	}{
		{fyne.KeyModifierControl, "⌃", "Ctrl"},
		{fyne.KeyModifierAlt, "⌥", "Alt"},
		{fyne.KeyModifierShift, "⇧", "Shift"},
		{fyne.KeyModifierSuper, "⌘", "Super"},
	} {
		switch {
		case c.mod&m.mod == 0:
		case mac:
			names = append(names, m.mac)
		default:
			names = append(names, m.others)
		}
	}
	sign := string(c.key)
	if s, ok := keySigns[c.key]; ok {
		sign = s
	}
	if s, ok := macSigns[c.key]; ok && mac {
		sign = s
	}
	return append(names, sign)
}

// keysOf is the combination of a shortcut, "Ctrl K" or "⌘K", for texts that name it.
func keysOf(name string) string {
	all := shortcuts(false)
	i := slices.IndexFunc(all, func(s shortcut) bool { return s.name == name })
	return keyWords(all[i].keys[0])
}

// keyWords is a combination as this system calls it.
func keyWords(c combo) string {
	words := ""
	for _, k := range keyNames(c, onMac) {
		if words != "" && !onMac {
			words += " "
		}
		words += k
	}
	return words
}
