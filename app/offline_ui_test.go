package app

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
)

// Without a connection the banner says since when, once that is a minute ago, also
// after the language was changed; with one it goes.
func TestOfflineSince(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.do(func() { u.a.main.openChat("C2Cecho") })
	u.sees("Message Echo")
	u.offline()
	u.sees("Offline")
	u.misses("Offline since")
	since := func() (words string) { // with a date, when the day began since
		u.do(func() { words = u.a.main.times.until(u.a.main.lost) })
		return words
	}
	u.do(func() {
		m := u.a.main
		m.lost = m.lost.Add(-2 * time.Minute)
		m.showState()
	})
	u.sees("Offline since " + since())
	u.do(func() { u.a.setLanguage("zh-Hans") })
	u.sees(since() + " 起离线")
	u.online()
	u.misses("离线")
	u.end()
}

// In a window with room for one column the banner is in the one that is shown, from the
// first picture on, and never over anything.
func TestOfflineInANarrowWindow(t *testing.T) {
	u := begin(t, t.TempDir())
	u.start()
	u.do(func() { u.a.window.Resize(fyne.NewSize(480, 600)) })
	u.offline()
	u.sees("Offline")
	above := func(what string, o fyne.CanvasObject) {
		t.Helper()
		u.do(func() {
			b := u.a.main.banner
			if !b.Visible() || b.Position().X != 0 || b.Size().Width != u.a.main.content.Size().Width || b.Size().Height > 100 {
				t.Errorf("with %s the banner is at %v, %v large", what, b.Position(), b.Size())
			}
			if bottom := b.Position().Y + b.Size().Height; !o.Visible() || o.Position().Y != bottom {
				t.Errorf("%s begins at %v, below a banner to %v", what, o.Position().Y, bottom)
			}
		})
	}
	above("the list", u.a.main.list)
	u.do(func() { u.a.main.openChat("C2Cecho") })
	u.sees("Message Echo")
	above("a chat", u.a.main.canvas)
	u.do(func() { u.a.main.showColumn(columnList) })
	above("the list again", u.a.main.list)
	u.end()
}
