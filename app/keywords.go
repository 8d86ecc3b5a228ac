package app

import (
	"slices"
	"strings"
)

// tipKeys are the keys of a shortcut as they stand behind what it does, "Ctrl K" or "⌘K":
// calmer than in a sentence, which has them as [keysOf].
func tipKeys(name string, enterBreaksLine bool) string {
	all := shortcuts(enterBreaksLine)
	i := slices.IndexFunc(all, func(s shortcut) bool { return s.name == name })
	between := " "
	if onMac {
		between = ""
	}
	return strings.Join(keyNames(all[i].keys[0], onMac), between)
}

// showSendKeys says at the button which key sends.
func (m *mainScreen) showSendKeys() {
	m.composer.SetSendKeys(tipKeys("shortcut.send", m.app.settings.EnterBreaksLine))
}
