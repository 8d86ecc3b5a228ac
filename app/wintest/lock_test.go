//go:build wintest

package wintest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// local is a window with an account on the server inside.
func local(t *testing.T, data string) *window {
	t.Helper()
	w := open(t, "--data", data)
	w.click("Start on this computer")
	w.sees("Search")
	return w
}

// Ctrl+L locks: no key and no click does anything then, and the passphrase brings
// back what was there.
func TestLockByTheKeyboard(t *testing.T) {
	w := local(t, t.TempDir())
	w.click("Echo")
	w.sees("Message Echo")
	w.types("half a thought")
	w.sees("half a thought")
	w.key("ctrl+l")
	w.sees("Magpie is locked")
	w.shoot("locked")
	for _, key := range []string{"ctrl+k", "ctrl+n", "ctrl+comma", "ctrl+e", "Escape", "ctrl+l"} {
		w.key(key)
	}
	w.clickAt(100, 200)
	w.sees("Magpie is locked")
	for _, s := range w.texts() {
		if strings.Contains(s.Text, "Echo") || strings.Contains(s.Text, "half") || strings.Contains(s.Text, "Search") {
			t.Errorf("a locked window shows %q", s.Text)
		}
	}
	w.clickBelow("Passphrase")
	w.types("SOMETHING ELSE")
	w.sees("Is Caps Lock on?")
	w.key("Return")
	w.sees("That is not it")
	w.shoot("wrong")
	w.key("ctrl+a")
	w.types(passphrase)
	w.key("Return")
	w.sees("half a thought")
	w.types(", whole")
	w.key("Return")
	w.seesInMessages("half a thought, whole")
}

// A start asks for the passphrase before anything else.
func TestUnlockAtTheStart(t *testing.T) {
	data := t.TempDir()
	w := local(t, data)
	w.click("Echo")
	w.types("written before")
	w.key("Return")
	w.seesInMessages("written before")
	w.quit()
	t.Setenv("MAGPIE_PASSPHRASE", "")
	w = open(t, "--data", data)
	w.sees("Magpie is locked")
	w.misses("Echo")
	w.types(passphrase) // the keyboard is in the field
	w.key("Return")
	w.seesInMessages("written before")
}

// A window that nobody uses for a while locks itself, one in which keys go down, or
// over which the mouse moves, does not.
func TestLockWhenIdle(t *testing.T) {
	if os.Getenv("MAGPIE_SOAK") == "" {
		t.Skip("takes minutes: MAGPIE_SOAK=1")
	}
	data := t.TempDir()
	w := local(t, data)
	w.quit()
	settings := filepath.Join(data, "profiles", "default", "settings.json")
	b, err := os.ReadFile(settings)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(settings, []byte(strings.Replace(string(b), "{", `{"lockAfter": 0.4,`, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	w = open(t, "--data", data)
	w.click("Echo")
	const often = 7 * time.Second // the limit is 24 s
	for range 4 {                 // by the keyboard, in the composer
		<-time.After(often)
		w.key("a")
	}
	w.sees("aaaa")
	for i := range 4 { // by the mouse
		<-time.After(often)
		w.xdotool("mousemove", "--window", w.id, []string{"500", "510"}[i%2], "300")
	}
	w.sees("aaaa")
	w.sees("Magpie is locked")
}
