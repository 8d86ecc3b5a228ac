package app

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"

	"magpie/app/deeplink"
	"magpie/app/diagnose"
	"magpie/app/i18n"
	"magpie/app/instance"
	"magpie/app/notify"
	"magpie/app/profile"
	"magpie/app/proxy"
	"magpie/app/trayicon"
	"magpie/app/uitest"
	"magpie/app/vault"
	"magpie/assets"
	"magpie/widgets/loop"
	"magpie/widgets/theme"
)

// Options say how the application is started.
type Options struct {
	// NewApp makes the application of Fyne; it is called once, after nothing
	// stands in the way of a window.
	NewApp func() fyne.App
	// Clipboard is the system's for pictures and files, nil for none. Run closes it.
	Clipboard Clipboard
	// Data is the data folder, empty for the system's place; Profile the
	// profile in it, empty for the default one.
	Data, Profile string
	// Link is one of the program's own scheme to open, "" for none.
	Link    string
	Version string
	// Cache is a folder for the machine code of the isolated decoder, empty for
	// the system's place.
	Cache string
	// OpenURL opens an address or file with the system's program for it, nil for
	// Fyne's; SaveTo asks where to save something of a name, nil for a dialog. Both
	// are called by the event loop.
	OpenURL func(*url.URL) error
	SaveTo  func(name string, then func(path string))
	// ChooseFolder asks for a folder, nil for a dialog.
	ChooseFolder func(then func(path string))
	// KeyStore is the system's, nil for none. Passphrase, which may be empty, makes or
	// unlocks the vault without a question.
	KeyStore   vault.KeyStore
	Passphrase string
	// Notify connects to the desktop's service for notifications, nil for the real one.
	Notify func(ctx context.Context, acted func(notify.Action)) (notify.Service, error)
	// Scale is what the person has set for all programs of this kind, 0 for the
	// system's choice.
	Scale float32
	// Tray puts the program into the tray, nil for the real one.
	Tray func(context.Context, trayicon.Options) (trayicon.Tray, error)
	// Zone is a file that names the time zone, empty for the system's.
	Zone string
	// Locale is the system's language, "zh-Hans-CN".
	Locale string
	// Sound is the computer's, nil for none.
	Sound Sound
	// Log gets what a developer should know.
	Log io.Writer
	// Exit ends the process, [os.Exit]; it is used only if the system's part of
	// the window does not end in time. Nil waits for ever.
	Exit func(code int)
	// RestDrawing lets go of what OpenGL keeps for the next picture and for more shaders,
	// which may take some 10 ms, with the window's context; nil for nothing. GiveBack
	// returns to the system what memory the process needs no longer, which may take some
	// 50 ms; nil for not at all. Both are called when the window rests, in this order,
	// the first of them by the event loop.
	RestDrawing, GiveBack func()
	// ending is told when the window begins to close.
	ending func()
}

// Run opens the window and returns when it was closed or ctx has ended. If
// another process has the profile's window, that one is raised and Run returns
// at once.
func Run(ctx context.Context, o Options) error {
	p, err := profile.Open(o.Data, o.Profile)
	if err != nil {
		return err
	}
	asked := make(chan string, linksAtOnce)
	var ending atomic.Bool
	commands := newCommands()
	// A window that does not come to what it was asked for is asked again.
	raise := func(link string) bool {
		if ending.Load() {
			return false
		}
		select {
		case asked <- link:
			return true
		default:
			return link == "" // it will be raised
		}
	}
	lock, first, err := instance.ClaimOpening(p.Dir(), sent(o.Link), instance.Handler{
		Run: commands.run, Raise: func() bool { return raise("") }, Open: raise,
	})
	if err != nil {
		return err
	}
	if !first {
		fmt.Fprintln(o.Log, "magpie: this profile has a window already; it was raised")
		return nil
	}
	defer lock.Close()
	o.ending = func() { ending.Store(true) }
	if o.Clipboard != nil {
		defer o.Clipboard.Close()
	}

	a, err := newApplication(p, o)
	if err != nil {
		return err
	}
	if err := a.showWindow(); err != nil {
		return err
	}
	a.beginPlace()
	a.beginTitleBar()
	stopTest := uitest.Serve(a.window, func() { a.giveBack(a.window) })
	defer stopTest()
	go a.follow(ctx, asked)
	a.beginNotifying(ctx)
	a.beginTray(ctx)
	stopPreparing := a.prepareDecoder(ctx)
	defer stopPreparing()
	stopTidying := a.beginTidying(ctx)
	defer stopTidying()
	a.linkLater = o.Link
	a.begin()
	commands.begin(a)
	loop.Begin()
	a.fyne.Run()
	uitest.AfterLoop()
	return a.end()
}

// linksAtOnce is how many links of other processes wait for the window.
const linksAtOnce = 16

// sent is a link as another process is told it: one that is refused anyhow is not
// written out.
func sent(link string) string {
	if _, err := deeplink.Parse(link); link != "" && err != nil {
		return deeplink.Scheme + ":"
	}
	return link
}

// newApplication makes everything up to the window, which is not shown yet.
func newApplication(p profile.Profile, o Options) (*application, error) {
	words, err := i18n.New(assets.Translations(), ".")
	if err != nil {
		return nil, err
	}
	settings, aside, err := p.Load(time.Now())
	if err != nil {
		return nil, err
	}
	a := &application{
		options:  o,
		profile:  p,
		settings: settings,
		tr:       words,
		zone:     newZone(o.Zone),
		files:    newWorker(),
		sessions: newSessions(),
		pictures: newPictures(),
		tally:    diagnose.NewTally(time.Now()),
		way:      proxy.NewWay(proxy.Route{}),
		sound:    o.Sound,
		sandbox:  newSandbox(first(o.Cache, profile.SandboxCache())),
		decoding: make(chan struct{}, 1),
		over:     make(chan struct{}),
		saved:    make(chan struct{}),
	}
	a.now = a.zone.now
	if a.sound == nil {
		a.sound = noSound{}
	}
	a.player = newPlayer(a.sound, settings.Speaker)
	a.takes.sound = a.sound
	a.useLanguage()
	a.fyne = scale(o.NewApp(), o.Scale, settings)
	a.theme = theme.New(themeMode(settings.Theme))
	a.fyne.Settings().SetTheme(a.theme)
	a.fyne.Settings().AddListener(func(fyne.Settings) { loop.Do(theme.ForgetFaces) })
	a.makeWindow()
	if aside != "" {
		a.say(words.F("error.settingsSetAside", i18n.Args{"File": aside}))
	}
	return a, nil
}

// themeMode reads the setting.
func themeMode(s string) theme.Mode {
	switch s {
	case "light":
		return theme.Light
	case "dark":
		return theme.Dark
	}
	return theme.System
}
