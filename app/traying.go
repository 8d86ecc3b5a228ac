package app

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"time"
	"unicode"

	"magpie/app/i18n"
	"magpie/app/notify"
	"magpie/app/profile"
	"magpie/app/trayicon"
	"magpie/assets"
	"magpie/im"
	"magpie/widgets/loop"
)

const (
	// trayChats is how many unread chats the menu of the tray has.
	trayChats = 5
	// trayNameRunes is how much of a name it shows.
	trayNameRunes = 40
	// trayPatience is how long a hidden window waits for a tray that went: the panel of
	// a desktop may only be starting anew.
	trayPatience = 10 * time.Second
	// trayNote is the key of the notification that says where the window went.
	trayNote = "tray"
)

// traying is the program's place in the tray. It belongs to the goroutine of the user
// interface.
type traying struct {
	service trayicon.Tray // nil until there is one
	hosted  bool          // somebody shows it
	hidden  bool          // the window is only there
	pending bool          // it is about to be shown anew
	painter *trayicon.Painter
	sign    trayicon.Sign
	icons   []image.Image // with that sign
}

// beginTray puts the program into the tray, if there is one. It is called before the
// event loop runs.
func (a *application) beginTray(ctx context.Context) {
	connect := a.options.Tray
	if connect == nil {
		if !trayicon.Supported {
			if t := newToolkitTray(a.fyne); t != nil {
				a.tray.service, a.tray.hosted = t, true
				t.Show(a.trayView())
			}
			return
		}
		connect = trayicon.New
	}
	o := trayicon.Options{
		ID:       desktopEntry,
		Activate: func() { loop.Do(a.trayClicked) },
		Hosted:   func(yes bool) { loop.Do(func() { a.trayHosted(yes) }) },
	}
	go func() {
		t, err := connect(ctx, o)
		loop.Do(func() {
			switch {
			case err != nil: // the settings say that there is none
			case a.closing:
				go func() { _ = t.Close() }()
			default:
				a.useTray(t)
			}
		})
	}()
}

func (a *application) useTray(t trayicon.Tray) {
	a.tray.service = t
	a.showTray()
}

// endTray takes the icon away.
func (a *application) endTray() {
	if t := a.tray.service; t != nil {
		a.tray.service = nil
		a.files.add(func() { _ = t.Close() })
	}
}

// trayHosted is told whether anybody shows the tray. A window that is only there comes
// back if it goes for long.
func (a *application) trayHosted(yes bool) {
	a.tray.hosted = yes
	if m := a.main; m != nil && m.settings != nil {
		m.settings.rebuild() // what it offers
	}
	if !yes && a.tray.hidden {
		time.AfterFunc(trayPatience, func() {
			loop.Do(func() {
				if a.tray.hidden && !a.tray.hosted {
					a.raise()
				}
			})
		})
	}
}

// trayClicked is a click on the icon: it brings the window, or takes it away if it is
// in front.
func (a *application) trayClicked() {
	if a.tray.hidden || !a.front {
		a.raise()
		return
	}
	a.hide()
}

// closeWindow is the button of the window that closes it.
func (a *application) closeWindow() {
	if !a.settings.CloseToTray || !a.tray.hosted {
		a.quit()
		return
	}
	a.hide()
	if a.settings.ToldOfTray {
		return
	}
	a.change(func(s *profile.Settings) { s.ToldOfTray = true })
	if a.notes.service == nil {
		a.raise() // nobody would know where it went
		a.tell(a.tr.T("trayIcon.went"), a.tr.T("trayIcon.wentText"))
		return
	}
	a.notes.service.Show(notify.Note{
		Key: trayNote, Title: a.tr.T("trayIcon.went"), Body: a.tr.T("trayIcon.wentText"), Open: a.tr.T("notify.open"), Silent: true,
	})
}

// hide leaves the window only in the tray. Everything goes on.
func (a *application) hide() {
	if a.closing || !a.tray.hosted {
		return
	}
	a.notePlace()
	a.tray.hidden = true
	a.showFront()
	a.window.Hide()
	a.showTray()
}

// showTray shows the tray as things are, soon.
func (a *application) showTray() {
	if a.tray.service == nil || a.tray.pending {
		return
	}
	a.tray.pending = true
	loop.Do(func() {
		a.tray.pending = false
		if a.tray.service != nil && !a.closing {
			a.tray.service.Show(a.trayView())
		}
	})
}

// trayView is what the tray shows now.
func (a *application) trayView() trayicon.View {
	unread := a.unreadAll()
	_, quiet := a.quietNow()
	quiet = quiet || a.inhibited()
	v := trayicon.View{
		Title: a.tr.T("app.name"), Tooltip: a.tr.T("trayIcon.read"), Attention: unread > 0 && !a.front && !quiet,
		Icons: a.trayIcons(trayicon.Sign{Unread: unread, Quiet: quiet}), Menu: a.trayMenu(unread),
	}
	if unread > 0 {
		v.Tooltip = a.unreadWords(unread)
	}
	if quiet {
		v.Tooltip += "\n" + a.quietWords()
	}
	return v
}

func (a *application) unreadWords(n uint64) string {
	return a.tr.N("trayIcon.unread", int(min(n, 1<<30)), nil)
}

// trayIcons are drawn anew only when they say something else.
func (a *application) trayIcons(s trayicon.Sign) []image.Image {
	if a.tray.icons != nil && a.tray.sign == s {
		return a.tray.icons
	}
	if a.tray.painter == nil {
		_, data := assets.AppIcon()
		picture, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			a.log("the icon of the program cannot be read: %v", err)
			return nil
		}
		a.tray.painter = trayicon.NewPainter(picture)
	}
	icons, err := a.tray.painter.Paint(s)
	if err != nil {
		a.log("%v", err)
		return a.tray.icons
	}
	a.tray.icons, a.tray.sign = icons, s
	return icons
}

// trayMenu are the lines of the menu. It is built of what is on the screen; a locked
// window names nobody.
func (a *application) trayMenu(unread uint64) []trayicon.Item {
	do := func(f func()) func() {
		return func() {
			loop.Do(func() {
				if !a.closing {
					f()
				}
			})
		}
	}
	tr := a.tr
	window := trayicon.Item{Label: tr.T("trayIcon.hide"), Do: do(a.hide)}
	if a.tray.hidden {
		window = trayicon.Item{Label: tr.T("trayIcon.show"), Do: do(a.raise)}
	}
	items := []trayicon.Item{window, {}}
	if unread > 0 {
		items = append(items, trayicon.Item{Label: a.unreadWords(unread), Disabled: true, Passing: true})
		for _, c := range a.unreadChats() {
			items = append(items, trayicon.Item{Label: c.label, Passing: true, Do: do(c.open)})
		}
		items = append(items, trayicon.Item{Passing: true})
	}
	if _, quiet := a.quietNow(); quiet {
		items = append(items, trayicon.Item{Label: a.quietWords(), Checked: true, Do: do(a.disturb)})
	}
	return append(items,
		trayicon.Item{Label: tr.T("trayIcon.hour"), Do: do(a.quietFor)},
		trayicon.Item{Label: tr.T("trayIcon.tomorrow"), Do: do(a.quietUntilMorning)},
		trayicon.Item{Label: tr.T("trayIcon.mute"), Checked: a.settings.NotificationsSilent, Do: do(a.toggleSound)},
		trayicon.Item{},
		trayicon.Item{Label: tr.T("menu.quit"), Do: do(a.quit)},
	)
}

// toggleSound turns the sound of notifications off or on.
func (a *application) toggleSound() {
	silent := !a.settings.NotificationsSilent
	a.change(func(s *profile.Settings) { s.NotificationsSilent = silent })
	a.showTray()
	if a.main != nil && a.main.settings != nil {
		a.main.settings.rebuild()
	}
}

// unreadChat is a line of the tray that leads to what is unread.
type unreadChat struct {
	label string
	open  func()
}

// unreadChats are the chats of the account that is shown, the newest first, and the
// other accounts.
func (a *application) unreadChats() (found []unreadChat) {
	add := func(name string, n uint64, open func()) {
		found = append(found, unreadChat{a.tr.F("trayIcon.chat", i18n.Args{"Name": trayName(name), "Unread": n}), open})
	}
	if m := a.main; m != nil {
		for i := range m.rows {
			c := &m.rows[i]
			if len(found) == trayChats {
				break
			}
			if of := (noteOf{m.s, c.ConversationID}); c.UnreadCount > 0 && remindOf(c) == im.RemindNotify {
				add(m.name(c), c.UnreadCount, func() { a.bringUp(of) })
			}
		}
	}
	for _, s := range a.parked {
		if n := s.heard.unreadCount(); n > 0 {
			add(string(s.account.User), n, func() {
				a.raise()
				if !a.locked() {
					a.switchTo(s.account)
				}
			})
		}
	}
	return found
}

// trayName is a name as one line of a menu: others chose it.
func trayName(name string) string {
	shown := make([]rune, 0, trayNameRunes)
	for _, r := range name {
		if len(shown) == trayNameRunes {
			return string(shown) + "…"
		}
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && r != zeroWidthJoiner {
			continue
		}
		shown = append(shown, r)
	}
	return string(shown)
}

// zeroWidthJoiner holds the parts of an emoji together.
const zeroWidthJoiner = '\u200d'
