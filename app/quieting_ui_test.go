package app

import (
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"magpie/app/notify"
	"magpie/app/quiet"
	"magpie/im"
)

func notifyClick(key string) notify.Action { return notify.Action{Key: key} }

// clock is the clock on the wall of a test.
func (u *person) clock(start time.Time) (set func(time.Time)) {
	var now atomic.Pointer[time.Time]
	now.Store(&start)
	u.do(func() { u.a.now = func() time.Time { return *now.Load() } })
	return func(t time.Time) {
		now.Store(&t)
		u.do(u.a.showQuiet)
	}
}

// Do not disturb keeps notifications away, shows a sign, lets mentions through if the
// person wants, and ends by the clock.
func TestDoNotDisturb(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	defer u.end()
	d := u.desktop()
	tr := u.inTray(true)
	u.start()
	ada := u.guest("ada", "Ada Okafor")
	g, _, err := ada.CreateGroup(t.Context(), im.Group{Name: "Design", Type: im.GroupWork}, []im.UserID{"wren"})
	u.ok(err)
	conv := im.GroupConversation(g.GroupID)
	u.until("the group", func() bool { return u.a.main.index(conv) >= 0 })
	u.front(false)
	begin := time.Now().Truncate(time.Minute)
	set := u.clock(begin)

	u.profileMenu()
	u.tap("Do not disturb")
	u.tap("For 1 hour")
	until := "Do not disturb until " + timeWords{u.a.tr, func() time.Time { return begin }}.until(begin.Add(time.Hour))
	u.untilOr("the tray says so", func() bool {
		return strings.HasSuffix(tr.tooltip(), "/"+until) && slices.Contains(tr.lines(), "✓ "+until)
	}, tr.tooltip)
	u.do(func() {
		if !u.a.quiet {
			t.Error("there is no sign")
		}
	})
	u.says(ada, "C2Cwren", "quiet one")
	u.until("it has come", func() bool { row, _ := u.a.main.row("C2Cada"); return row.UnreadCount == 1 })
	u.do(func() { u.a.setQuiet(func(r quiet.Rules) quiet.Rules { r.Mentions = true; return r }) })
	mention := func(users ...im.UserID) {
		m, err := ada.SendMessage(t.Context(), ada.CreateTextAtMessage(g.GroupID, "@wren look", users), im.SendOptions{})
		u.ok(err)
		_, err = ada.WaitSent(t.Context(), m.ID)
		u.ok(err)
	}
	mention("ada")
	mention("wren")
	told := func(want string) {
		t.Helper()
		u.untilOr(want, func() bool { return slices.Contains(d.notes(), want) }, func() string { return strings.Join(d.notes(), "\n") })
	}
	told("Design: Ada Okafor: @wren look")

	set(begin.Add(time.Hour)) // slept over it
	u.untilOr("it has ended", func() bool { return !strings.Contains(tr.tooltip(), "disturb") }, tr.tooltip)
	u.do(func() {
		if u.a.quiet {
			t.Error("the sign stays")
		}
	})
	u.says(ada, "C2Cwren", "loud")
	told("Ada Okafor: loud")

	// The hours of the day, turned off in the middle of them.
	u.settings()
	u.tap("Notifications")
	u.do(func() {
		minute := begin.Hour()*60 + begin.Minute()
		u.a.setQuiet(func(r quiet.Rules) quiet.Rules {
			r.Daily, r.From, r.To = true, minute, (minute+120)%(24*60)
			return r
		})
	})
	u.sees("Do not disturb until")
	u.tap("Turn off")
	u.misses("Do not disturb until")
	u.do(func() {
		if _, yes := u.a.quietNow(); yes || !u.a.settings.Quiet.Daily {
			t.Errorf("quiet %v, %+v", yes, u.a.settings.Quiet)
		}
	})
	// The desktop's own is shown too.
	d.mu.Lock()
	d.inhibited = true
	d.mu.Unlock()
	u.do(u.a.showQuiet)
	u.untilOr("the desktop's own is shown", func() bool { return u.a.quiet && u.a.quietWords() == "The desktop is set not to disturb" }, tr.tooltip)
	for _, n := range d.log {
		if n.Body == "quiet one" {
			t.Error("disturbed by", n)
		}
	}
}
