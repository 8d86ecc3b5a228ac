package app

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"fyne.io/fyne/v2"

	"magpie/app/profile"
	"magpie/app/trayicon"
)

// fakeTray is the tray of a desktop.
type fakeTray struct {
	mu     sync.Mutex
	o      trayicon.Options
	view   trayicon.View
	closed bool
}

func (t *fakeTray) Show(v trayicon.View) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.view = v
}

func (t *fakeTray) Close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
	return nil
}

// tooltip is what is told without opening anything.
func (t *fakeTray) tooltip() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.ReplaceAll(t.view.Tooltip, "\n", "/")
}

// lines are those of the menu, with ✓ for those that are checked.
func (t *fakeTray) lines() (all []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, i := range t.view.Menu {
		if i.Checked {
			i.Label = "✓ " + i.Label
		}
		all = append(all, i.Label)
	}
	return all
}

// choose waits for a line of the menu and chooses it.
func (u *person) choosesInTray(t *fakeTray, label string) {
	u.t.Helper()
	var do func()
	u.untilOr("the tray offers "+label, func() bool {
		t.mu.Lock()
		defer t.mu.Unlock()
		i := slices.IndexFunc(t.view.Menu, func(i trayicon.Item) bool { return strings.HasPrefix(i.Label, label) })
		if i >= 0 {
			do = t.view.Menu[i].Do
		}
		return i >= 0
	}, func() string { return strings.Join(t.lines(), "\n") })
	do()
}

// inTray gives the desktop a tray, shown or not.
func (u *person) inTray(hosted bool) *fakeTray {
	t := &fakeTray{}
	u.do(func() {
		u.a.options.Tray = func(_ context.Context, o trayicon.Options) (trayicon.Tray, error) {
			t.o = o
			return t, nil
		}
		u.a.beginTray(u.t.Context())
	})
	u.until("there is a tray", func() bool { return u.a.tray.service != nil })
	t.o.Hosted(hosted)
	u.until("it is known whether somebody shows it", func() bool { return u.a.tray.hosted == hosted })
	return t
}

func TestTrayTellsWhatIsUnread(t *testing.T) {
	u, ada := withPassphrase(t)
	tr := u.inTray(true)
	u.do(func() {
		if got := u.a.window.Title(); got != "Magpie" {
			t.Errorf("the title is %q", got)
		}
	})
	u.untilOr("nothing is unread", func() bool { return tr.tooltip() == "Nothing unread" }, tr.tooltip)
	plain := tr.view.Icons
	u.says(ada, "C2Cwren", "one")
	u.says(ada, "C2Cwren", "two")
	u.untilOr("two are unread", func() bool {
		return tr.tooltip() == "2 unread messages" && slices.Contains(tr.lines(), "Ada Okafor (2)")
	},
		func() string { return tr.tooltip() + strings.Join(tr.lines(), "\n") })
	u.do(func() {
		if got := u.a.window.Title(); got != "(2) Magpie" {
			t.Errorf("the title is %q", got)
		}
		if len(plain) == 0 || len(tr.view.Icons) == 0 || tr.view.Icons[0] == plain[0] {
			t.Error("the icon does not say it")
		}
		if !tr.view.Attention {
			t.Error("it asks for no attention")
		}
		u.a.setLanguage("zh-Hans") // at once
	})
	u.untilOr("the tray speaks Chinese", func() bool { return tr.tooltip() == "2 条未读消息" && slices.Contains(tr.lines(), "静音") }, tr.tooltip)
	u.do(func() { u.a.setLanguage("en") })
	u.until("the list", func() bool { return u.a.main.index(adaChat) >= 0 })

	// A locked window says nothing of it.
	u.locks()
	u.untilOr("the locked window is silent", func() bool {
		return tr.tooltip() == "Nothing unread" && !slices.ContainsFunc(tr.lines(), func(s string) bool { return strings.Contains(s, "Ada") })
	}, tr.tooltip)
	u.unlocks()
	u.choosesInTray(tr, "Ada Okafor (2)")
	u.until("her chat is open", func() bool { return u.a.main.conversation() == adaChat })
	u.front(true)
	u.untilOr("it is read", func() bool { return tr.tooltip() == "Nothing unread" }, tr.tooltip)
	u.choosesInTray(tr, "Mute sound")
	u.untilOr("it is muted", func() bool { return slices.Contains(tr.lines(), "✓ Mute sound") && u.a.settings.NotificationsSilent }, tr.tooltip)
	u.end()
	if !tr.closed {
		t.Error("the icon stays")
	}
}

// A window that is closed into the tray goes on with everything, and says once where it
// went; what ends the program ends it still.
func TestCloseToTray(t *testing.T) {
	noLeaks(t)
	data := t.TempDir()
	u := begin(t, data)
	d := u.desktop()
	tr := u.inTray(true)
	u.start()
	ada := u.guest("ada", "Ada Okafor")
	u.do(func() { u.a.change(func(s *profile.Settings) { s.CloseToTray = true }) })
	u.write("C2Cecho", "half a tho")
	u.front(true)
	u.do(u.a.closeWindow)
	u.untilNotes(d, "Magpie is still running: The window is in the tray, and messages go on arriving. The settings change this.")
	u.do(func() {
		if u.a.closing || !u.a.tray.hidden || u.a.front {
			t.Errorf("closing %v, hidden %v, front %v", u.a.closing, u.a.tray.hidden, u.a.front)
		}
	})
	d.acted(notifyClick(trayNote))
	u.until("the window is back", func() bool { return !u.a.tray.hidden })
	u.do(func() { d.Withdraw(trayNote) })
	u.do(u.a.closeWindow)
	u.says(ada, "C2Cwren", "are you there?")
	u.untilNotes(d, "Ada Okafor: are you there?") // said once where it went, and messages come
	u.untilOr("the tray has it", func() bool { return tr.tooltip() == "1 unread message" }, tr.tooltip)
	d.acted(notifyClick(d.key("Ada Okafor")))
	u.until("the click brings the window with the chat", func() bool { return !u.a.tray.hidden && u.a.main.conversation() == "C2Cada" })
	u.do(u.a.closeWindow)
	tr.o.Activate()
	u.until("a click on the icon brings the window", func() bool { return !u.a.tray.hidden })
	u.do(u.a.closeWindow)
	u.do(func() { u.a.raise() }) // a second start
	u.do(u.a.closeWindow)
	u.choosesInTray(tr, "Show the window")
	u.until("the menu brings it", func() bool { return !u.a.tray.hidden })
	u.do(u.a.closeWindow)
	u.end() // while it is hidden

	u = begin(t, data)
	u.until("the draft is kept", func() bool {
		if u.a.main == nil || u.a.main.index("C2Cecho") < 0 {
			return false
		}
		row, _ := u.a.main.row("C2Cecho")
		return row.Draft == "half a tho"
	})
	u.end()
}

// Where nobody shows a tray, closing quits, whatever was chosen, and it is not offered.
func TestNoTray(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.do(func() {
		u.a.options.Tray = func(context.Context, trayicon.Options) (trayicon.Tray, error) { return nil, errors.New("no bus") }
		u.a.beginTray(t.Context())
	})
	u.start()
	u.do(func() { u.a.change(func(s *profile.Settings) { s.CloseToTray = true }) })
	u.settings()
	u.tap("Notifications")
	u.sees("This desktop shows no tray, so closing the window quits")
	u.key(fyne.KeyEscape)
	u.do(func() {
		u.a.hide()
		if u.a.tray.hidden {
			t.Error("the window is gone")
		}
		u.a.closeWindow()
		if !u.a.closing {
			t.Error("it goes on without a window")
		}
	})
	u.end()
}

// Names of the menu are one line, as long as there is room, without signs that turn it.
func TestTrayName(t *testing.T) {
	for name, want := range map[string]string{
		"Ann":                   "Ann",
		"a\nb\u202ec\x00":       "abc",
		"👩\u200d👧 家":            "👩\u200d👧 家",
		strings.Repeat("喜", 50): strings.Repeat("喜", 40) + "…",
	} {
		if got := trayName(name); got != want {
			t.Errorf("%q is shown as %q", name, got)
		}
	}
}
