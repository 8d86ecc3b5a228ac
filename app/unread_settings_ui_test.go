package app

import (
	"os"
	"path/filepath"
	"testing"
)

// What was decided about others on the network and cannot be read is told once, in the
// settings, and where it is decided; the file stays until somebody decides anew.
func TestDamagedNetworkIsToldInTheWindow(t *testing.T) {
	noLeaks(t)
	data := t.TempDir()
	u := begin(t, data)
	u.start()
	var path string
	u.do(func() { path = filepath.Join(u.a.profile.ServerDir(), "network.json") })
	u.end()
	damaged := []byte(`{"open":tr`)
	u.ok(os.WriteFile(path, damaged, 0o600))

	const words = "What was set for others" // the rest may be on the next line
	u = begin(t, data)
	u.sees(words)
	u.until("the main screen", func() bool { return u.a.main.connected() })
	u.do(func() { u.a.main.openSettings("settings.network") })
	u.sees("Let others join")
	u.sees(words)
	u.key("Escape")
	u.until("the settings are gone", func() bool { return u.a.main.settings == nil })
	u.sheets()
	u.sees(words)
	if b, err := os.ReadFile(path); err != nil || string(b) != string(damaged) {
		t.Errorf("the file has become %q, %v", b, err)
	}
	u.flips()
	u.until("it is open", func() bool { return u.a.main.hosting.now.Open })
	u.until("nothing is damaged any more", func() bool { return !u.a.main.s.networkDamaged })
	if b, err := os.ReadFile(path); err != nil || string(b) == string(damaged) {
		t.Errorf("what was decided is not on the disk: %v", err)
	}
	u.end()
}
