package app

import (
	"testing"
	"time"
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
	since := ""
	u.do(func() {
		m := u.a.main
		m.lost = m.lost.Add(-2 * time.Minute)
		since = m.times.until(m.lost)
		m.showState()
	})
	u.sees("Offline since " + since)
	u.do(func() { u.a.setLanguage("zh-Hans") })
	u.sees(since + " 起离线")
	u.online()
	u.misses("离线")
	u.end()
}
