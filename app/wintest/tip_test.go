//go:build wintest

package wintest

import "testing"

// A button without words says what it does when the pointer rests on it.
func TestTipsOfTheIcons(t *testing.T) {
	w := open(t, "--data", t.TempDir())
	w.click("Start on this computer")
	w.click("Notes to self")
	w.settled("Message Notes to self")
	for _, c := range []struct {
		x, y string
		says string
	}{
		{"1087", "29", "About this chat"},
		{"275", "29", "New"},
		{"1009", "712", "Emoji"},
	} {
		w.xdotool("mousemove", "--window", w.id, "--sync", "600", "300", "sleep", "0.2", "mousemove", "--window", w.id, "--sync", c.x, c.y)
		w.sees(c.says)
		w.shoot("tip-" + c.says)
	}
	w.quit()
}
