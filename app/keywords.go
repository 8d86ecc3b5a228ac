package app

import (
	"runtime"

	"magpie/app/i18n"
)

// keyWords is what a key with the modifier of shortcuts is called on this system.
func keyWords(tr *i18n.Translator, key string) string {
	if runtime.GOOS == "darwin" {
		return tr.F("keys.cmd", i18n.Args{"Key": key})
	}
	return tr.F("keys.ctrl", i18n.Args{"Key": key})
}

// showSendKeys says at the button which key sends.
func (m *mainScreen) showSendKeys() {
	words := m.tr.T("keys.enter")
	if m.app.settings.EnterBreaksLine {
		words = keyWords(m.tr, words)
	}
	m.composer.SetSendKeys(words)
}
