package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"magpie/widgets/theme"
)

func TestPlayingBar(t *testing.T) {
	withTheme(t)
	b := NewPlayingBar(PlayingWords{Play: "Play", Pause: "Pause", Close: "Stop"})
	var did []string
	note := func(s string) func() { return func() { did = append(did, s) } }
	test.Tap(b.title) // with nobody who cares
	b.OnToggle, b.OnGoTo, b.OnClose = note("toggle"), note("go to"), note("close")
	newWindow(t, b)
	b.Set("Lin", "0:05 / 0:14", false)
	test.Tap(b.toggle)
	test.Tap(b.title)
	test.Tap(b.close)
	if len(did) != 3 || did[0] != "toggle" || did[1] != "go to" || did[2] != "close" {
		t.Errorf("did %v", did)
	}
	if b.toggle.Label() != "Pause" {
		t.Errorf("the button says %q", b.toggle.Label())
	}
	b.Set("Lin", "0:05 / 0:14", true)
	if b.toggle.Label() != "Play" || b.toggle.icon != "play" {
		t.Errorf("paused, the button says %q", b.toggle.Label())
	}
}

func TestLookPlayingBar(t *testing.T) {
	both(t, func(t *testing.T, mode theme.Mode, suffix string) {
		rows := container.New(&column{})
		w := window(t, mode, rows, 420, 3*playingHeight)
		for i, name := range []string{"Lin", "一个非常非常非常非常非常非常非常长的中文名字会被截断 and more of it", "Ada Okafor"} {
			b := NewPlayingBar(PlayingWords{Play: "Play", Pause: "Pause", Close: "Stop"})
			b.Set(name, "0:05 / 0:14", i == 1)
			b.title.focused = i == 2
			b.Resize(fyne.NewSize(420, playingHeight))
			rows.Add(b)
		}
		golden(t, w, "playingbar"+suffix)
	})
}
