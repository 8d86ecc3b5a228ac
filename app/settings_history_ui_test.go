package app

import (
	"testing"

	"magpie/app/core"
	"magpie/app/profile"
)

// How much of all history is here is said beside the setting for it, and follows what
// comes while one looks.
func TestHowMuchHistoryIsHere(t *testing.T) {
	_, u, _ := absent(t, 600)
	u.settings()
	u.tap("Storage")
	u.sees("of about 603 messages are here. Others load when you go there")
	u.do(func() {
		u.a.change(func(s *profile.Settings) { s.HistoryDays = 0 })
		u.a.applyRules()
	})
	u.sees("All 603 messages are here")
	u.do(func() {
		u.a.main.apply([]core.Event{core.HistoryProgress{State: core.FillRunning, Here: 12_400, Missing: 17_600}})
	})
	u.sees("12,400 of about 30,000 messages are here")
	u.do(func() {
		u.a.main.apply([]core.Event{core.HistoryProgress{State: core.FillOffline, Here: 12_400, Missing: 17_600}})
	})
	u.sees("Others load when you are online")
	u.key("Escape")
	// Nobody is told when nobody looks.
	u.do(func() { u.a.main.apply([]core.Event{core.HistoryProgress{State: core.FillRunning}}) })
	u.end()
}
