package app

import (
	"context"
	"fmt"
	"sync"
	"time"

	"fyne.io/fyne/v2"

	"magpie/app/diagnose"
	"magpie/app/i18n"
	"magpie/app/profile"
	"magpie/app/proxy"
	"magpie/app/vault"
	"magpie/im"
	"magpie/media/sandbox"
	"magpie/store"
	"magpie/widgets"
	"magpie/widgets/loop"
	"magpie/widgets/theme"
)

// application is the window and everything behind it. Its methods and fields
// belong to the goroutine of the user interface; what runs beside it comes back
// through loop.Do.
type application struct {
	options  Options
	profile  profile.Profile
	settings profile.Settings
	tr       *i18n.Translator
	now      func() time.Time
	// wayUnread: the way to servers could not be read in full, which was told if wayTold.
	wayUnread, wayTold bool
	zone               *zone // of now; the main screen looks after it

	fyne  *scaled
	theme *theme.Theme
	// pictures are those of stickers and avatars.
	pictures *pictures
	window   fyne.Window
	// native is the system's name of the window, 0 for none. It may be gone.
	native uintptr
	// barDark is which title bar was asked for, if barMatched says that one was.
	barDark, barMatched bool
	// canvas is the window's for what opens over it.
	canvas *veil
	// focused is whether the window has the keyboard as far as Fyne says, front whether
	// it is shown, too.
	focused, front bool

	// vault has the key, nil until it was looked for; keys are those of it.
	vault *vault.Vault
	keys  vault.Keys
	// unlocking and first are the screens that ask for a passphrase, nil while others
	// are shown.
	unlocking *unlockScreen
	first     *firstKeyScreen
	idle      idle
	tidied    tidied
	unread    uint64 // in the title
	notes     notifying
	tray      traying
	// quiet is whether the sign of do not disturb is shown.
	quiet bool

	session *session
	// parked are sessions that are connected and not shown, the last one shown
	// last.
	parked  []*session
	main    *mainScreen
	welcome *welcomeScreen
	joining *joinScreen // nil while others are shown
	// turn counts the sessions asked for: the last one is shown.
	turn int
	// sessions are those of the whole process, shown or not.
	sessions *sessions
	// linkAsked is the last question about a link.
	linkAsked *widgets.Sheet
	// linkLater is opened once there is a screen for it, "" for none.
	linkLater string
	// closing is set once the end began, over closed once the event loop ended.
	closing bool
	over    chan struct{}
	leaving sync.Once
	// saved is closed once everything is on disk; saveErr is what went wrong.
	saved   chan struct{}
	saveErr error
	// files writes what a person did, in that order.
	files *worker
	// folder is where something was saved last.
	folder string
	// decoding has a token for each picture that may be decoded in full.
	decoding chan struct{}
	// sound is the computer's, never nil.
	sound Sound
	// player plays and takes records voice notes, one at a time.
	player *player
	takes  takes
	// playing is the voice note of a message that is played, nil for none.
	playing *playing
	// tally counts what a report tells of connections and errors.
	tally *diagnose.Tally
	// way leads to servers elsewhere.
	way *proxy.Way
	// sandbox is what [application.decoder] uses.
	sandbox *sandbox.Sandbox
}

// useLanguage applies the person's choice, or the system's language.
func (a *application) useLanguage() {
	if a.settings.Language != "" {
		a.tr.Use(a.settings.Language)
		return
	}
	a.tr.Use(a.options.Locale)
}

// enter opens an account that signed in before and shows it. The history is on
// the screen as soon as it is read; the connection comes later.
func (a *application) enter(account profile.Account) {
	rules := a.rules()
	rules.progress = a.sealing()
	a.open(func(context.Context) (*session, error) {
		return openSession(a.profile, account, credentials{}, rules)
	}, func(s *session, err error) {
		if err != nil {
			a.cannotEnter(account, err)
			return
		}
		a.show(s)
		s.start()
	})
}

// repair opens the account anew, as after its keys changed. A history that is
// damaged is mended by that.
func (a *application) repair() {
	s := a.session
	if s == nil {
		return
	}
	a.main.end()
	a.session, a.main = nil, nil
	a.setContent(a.blank())
	a.drop(s)
	a.enter(s.account)
}

// show makes s the session in the window.
func (a *application) show(s *session) {
	a.session = s
	a.welcome, a.joining = nil, nil
	a.resumeNotes(s)
	a.showMain()
	if s.report.SetAside != "" {
		a.tellMended(s.report)
		s.report = store.Report{} // said once
	}
}

// showMain shows the main screen of the session, made anew.
func (a *application) showMain() {
	a.main = newMainScreen(a, a.session)
	a.setContent(a.main.content)
	a.main.begin()
}

// signedIn notes the account as the one in use.
func (a *application) signedIn(account profile.Account) {
	a.change(func(s *profile.Settings) { s.Use(account) })
}

// change changes the settings here and, beside the user interface, on disk. Only
// what f changes is changed there: commands may have changed something else. f
// runs twice and must not read what may be another by then.
func (a *application) change(f func(*profile.Settings)) {
	f(&a.settings)
	a.files.add(func() {
		if err := a.saveChange(f); err != nil {
			loop.Do(func() { a.say(a.tr.Error(err)) })
		}
	})
}

func (a *application) saveChange(f func(*profile.Settings)) error {
	aside, err := a.profile.Update(a.now(), f)
	if aside != "" {
		a.log("the settings could not be read and were set aside as %s", aside)
	}
	if err != nil {
		a.log("%v", err)
	}
	return err
}

// signOut leaves the session; the history stays on disk.
func (a *application) signOut() {
	s := a.session
	if s == nil {
		return
	}
	a.main.end()
	a.session, a.main = nil, nil
	a.change(func(settings *profile.Settings) { settings.Forget(s.account) })
	a.drop(s)
	if len(a.settings.Accounts) > 0 { // the others stay signed in
		a.switchTo(a.settings.Accounts[0])
		return
	}
	a.showWelcome()
}

// raise brings the window to the front, from the tray too.
func (a *application) raise() {
	if a.closing {
		return
	}
	was := a.tray.hidden
	a.tray.hidden = false
	a.window.Show()
	a.window.RequestFocus()
	if was { // what is hidden is not maximised any more
		a.showFront()
		a.restoreMaximised()
	}
	a.showTray()
}

func (a *application) log(format string, args ...any) {
	fmt.Fprintf(a.options.Log, "magpie: "+format+"\n", args...)
}

// beside runs work beside the user interface and then comes back to it.
func beside[T any](ctx context.Context, work func(context.Context) (T, error), then func(T, error)) {
	go func() {
		v, err := work(ctx)
		loop.Do(func() {
			if ctx.Err() == nil {
				then(v, err)
			}
		})
	}()
}

// me is the account's user id, for conversations with oneself.
func (a *application) me() im.UserID { return a.session.account.User }
