package app

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"magpie/app/profile"
	"magpie/assets"
	"magpie/widgets"
	"magpie/widgets/theme"
)

// The window's size at the first start, that of the design, and the least it
// can be made.
const (
	firstWidth, firstHeight = 1120, 740
	leastWidth, leastHeight = 360, 420
)

// makeWindow makes the window with nothing in it but its colour.
func (a *application) makeWindow() {
	_, png := assets.AppIcon()
	a.fyne.SetIcon(fyne.NewStaticResource("magpie.png", png))
	w := a.fyne.NewWindow(a.tr.T("app.name"))
	w.SetPadded(false)
	w.SetMaster()
	width, height := a.settings.Width, a.settings.Height
	if least := a.fyne.shrink(fyne.NewSize(leastWidth, leastHeight)); width < least.Width || height < least.Height {
		first := a.fyne.shrink(fyne.NewSize(firstWidth, firstHeight))
		width, height = first.Width, first.Height
	}
	w.Resize(fyne.NewSize(width, height))
	a.restorePlace(w)
	w.SetCloseIntercept(a.closeWindow)
	a.window = w
	a.canvas = &veil{Canvas: w.Canvas(), window: w, stir: a.stir}
	a.setContent(a.blank())
	a.watchHands()
	a.addShortcuts(w.Canvas())
	w.SetOnDropped(func(_ fyne.Position, list []fyne.URI) { a.dropped(list) })

	life := a.fyne.Lifecycle()
	life.SetOnEnteredForeground(func() { a.setFront(true) })
	life.SetOnExitedForeground(func() { a.setFront(false) })
}

// setContent shows a screen, once the window is not locked any more if it is.
func (a *application) setContent(o fyne.CanvasObject) { a.canvas.setContent(a.ground(o)) }

// ground puts below a screen what notices that somebody is there.
func (a *application) ground(o fyne.CanvasObject) fyne.CanvasObject {
	return widgets.NewGround(o, a.stir)
}

// blank is a window's content before there is any.
func (a *application) blank() fyne.CanvasObject {
	r := canvas.NewRectangle(theme.Color(theme.Panel))
	return container.New(&floor{a.fyne}, r)
}

// floor is a stack that may not become smaller than the least window.
type floor struct{ app *scaled }

func (floor) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.Position{})
		o.Resize(size)
	}
}

func (f floor) MinSize([]fyne.CanvasObject) fyne.Size { return f.app.leastSize() }

// dropped takes in what was dropped on the window.
func (a *application) dropped(list []fyne.URI) {
	a.stir()
	switch {
	case a.locked():
	case a.main != nil:
		a.main.dropped(list)
	case a.joining != nil:
		a.joining.dropped(list)
	}
}

// setFront is told when the window gets or loses the keyboard.
func (a *application) setFront(front bool) {
	a.focused = front
	a.showFront()
}

// showFront takes in whether the window is before a person's eyes. Only then it is being
// read, and one that comes to the front wants to be up to date. Fyne does not always say
// that a window which is hidden lost the keyboard.
func (a *application) showFront() {
	a.stir()
	front := a.focused && !a.tray.hidden
	a.front = front
	a.lookAgain()
	if front && !a.locked() {
		a.unnotifyAll()
	}
	if front && a.session != nil {
		client := a.session.client
		go client.RetryNow()
	}
}

// setTitle shows the unread count in the title, where the system's task bar
// shows it too.
func (a *application) setTitle(unread uint64) {
	a.unread = unread
	a.retitle()
}

func (a *application) retitle() {
	name := a.tr.T("app.name")
	if n := a.unreadAll(); n > 0 {
		name = fmt.Sprintf("(%d) %s", n, name)
	}
	a.window.SetTitle(name)
	a.showTray()
}

// unreadAll is what is unread in all accounts that are open. A locked window does not
// say it.
func (a *application) unreadAll() uint64 {
	if a.locked() {
		return 0
	}
	n := a.unread
	for _, s := range a.parked {
		n += s.heard.unreadCount()
	}
	return n
}

// setMode changes between light, dark and the system's choice.
func (a *application) setMode(mode string) {
	a.change(func(s *profile.Settings) { s.Theme = mode })
	a.theme.SetMode(themeMode(mode))
	a.fyne.Settings().SetTheme(a.theme)
}

// setLanguage changes the language; "" is the system's. The screens are made
// anew, what is typed is kept as the draft.
func (a *application) setLanguage(tag string) {
	a.change(func(s *profile.Settings) { s.Language = tag })
	a.useLanguage()
	a.retitle()
	switch {
	case a.main != nil:
		before, section := a.main, ""
		if before.settings != nil {
			section = before.settings.section()
			before.closeSettings()
		}
		a.showMain() // it hears of what happens before the other one is deaf
		a.main.inherit(before)
		before.end()
		if section != "" {
			a.main.openSettings(section)
		}
	case a.welcome != nil:
		a.showWelcome()
	case a.joining != nil:
		before := a.joining
		a.showJoin()
		a.joining.inherit(before)
	}
}
