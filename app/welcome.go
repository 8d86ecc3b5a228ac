package app

import (
	"context"
	"os"
	"os/user"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"magpie/app/core"
	"magpie/app/i18n"
	"magpie/app/profile"
	"magpie/assets"
	"magpie/im"
	"magpie/widgets"
	"magpie/widgets/theme"
)

// signInPatience is how long a first sign-in may take before the person hears
// that the server does not answer.
const signInPatience = 15 * time.Second

// welcomeScreen is where an account begins: signing in somewhere, or starting
// with the server inside.
type welcomeScreen struct {
	app                    *application
	server, user, password *widgets.TextField
	signIn, start, join    *widgets.Button
	back                   *widgets.Button // nil without an account to go back to
}

func (a *application) showWelcome() {
	tr := a.tr
	w := &welcomeScreen{app: a}
	w.server = widgets.NewTextField(tr.T("welcome.server"), tr.T("welcome.serverHint"))
	w.user = widgets.NewTextField(tr.T("welcome.user"), "")
	w.password = widgets.NewPasswordField(tr.T("welcome.password"), "", tr.T("welcome.reveal"))
	w.signIn = widgets.NewPrimaryButton(tr.T("welcome.signIn"), w.trySignIn)
	w.start = widgets.NewSecondaryButton(tr.T("welcome.start"), w.tryStart)
	w.join = widgets.NewSecondaryButton(tr.T("welcome.join"), a.showJoin)
	w.server.OnSubmitted = w.user.Focus
	w.user.OnSubmitted = w.password.Focus
	w.password.OnSubmitted = w.trySignIn

	svg, _ := assets.AppIcon()
	logo := canvas.NewImageFromResource(fyne.NewStaticResource("magpie.svg", svg))
	logo.SetMinSize(fyne.NewSquareSize(72))
	items := []widgets.Item{
		{Object: logo, Centre: true},
		{Above: 10, Object: widgets.NewHeading(tr.T("app.name"), theme.HeroSize, fyne.TextAlignCenter)},
		{Above: 2, Object: widgets.NewParagraph(tr.T("welcome.slogan"), theme.Ink2, theme.TextSize, fyne.TextAlignCenter)},
		{Above: 20, Object: w.server},
		{Above: 12, Object: w.user},
		{Above: 12, Object: w.password},
		{Above: 18, Object: w.signIn},
		{Above: 14, Object: widgets.NewParagraph(tr.T("welcome.or"), theme.Ink3, theme.MetaSize, fyne.TextAlignCenter)},
		{Above: 8, Object: w.start},
		{Above: 8, Object: widgets.NewParagraph(tr.T("welcome.startHint"), theme.Ink3, theme.MetaSize, fyne.TextAlignCenter)},
		{Above: 14, Object: w.join},
		{Above: 14, Object: a.networkLink(), Centre: true},
	}
	if n := len(a.parked); n > 0 {
		w.back = widgets.NewSecondaryButton(tr.F("welcome.back", i18n.Args{"User": string(a.parked[n-1].account.User)}), a.back)
		items = append(items, widgets.Item{Above: 18, Object: w.back})
	}
	a.welcome, a.joining = w, nil
	a.setContent(widgets.NewCard(items...))
	w.server.Focus()
	a.setTitle(0)
	a.openLinkLater()
}

// busy keeps the screen from being used twice at once.
func (w *welcomeScreen) busy(yes bool) {
	for _, o := range []fyne.Disableable{w.server, w.user, w.password, w.signIn, w.start, w.join} {
		if yes {
			o.Disable()
		} else {
			o.Enable()
		}
	}
	w.signIn.SetText(w.app.tr.T(map[bool]string{true: "welcome.signingIn", false: "welcome.signIn"}[yes]))
}

// trySignIn signs in to a server elsewhere. The account is kept only once the
// server has let it in.
func (w *welcomeScreen) trySignIn() {
	tr := w.app.tr
	account := profile.Account{
		Server: strings.TrimSpace(w.server.Text()),
		User:   im.UserID(strings.TrimSpace(w.user.Text())),
	}
	w.server.SetError("")
	w.user.SetError("")
	w.password.SetError("")
	switch {
	case account.Server == "":
		wrong(w.server, tr.T("welcome.needServer"))
		return
	case account.User.Validate() != nil:
		wrong(w.user, tr.Error(account.User.Validate()))
		return
	case w.password.Text() == "":
		wrong(w.password, tr.T("welcome.needPassword"))
		return
	}
	if w.app.isOpen(account) {
		w.app.switchTo(account)
		return
	}
	creds, rules := secret(w.password.Text()), w.app.rules()
	w.run(func(ctx context.Context) (*session, error) {
		return signIn(ctx, w.app.profile, account, creds, rules)
	}, func(err error) {
		switch im.CodeOf(err) {
		case im.CodeInvalidParameter: // the address is all that is checked here
			wrong(w.server, tr.T("welcome.badServer"))
		case im.CodeServerUnreachable, im.CodeNetworkDown, im.CodeNetworkTimeout:
			wrong(w.server, tr.T("welcome.unreachable"))
		case im.CodeVersion:
			wrong(w.server, tr.Error(err))
		case im.CodeUserNotFound:
			wrong(w.user, tr.Error(err))
		default:
			wrong(w.password, tr.Error(err))
		}
	})
}

// wrong says what is wrong with a field and puts the cursor there.
func wrong(f *widgets.TextField, words string) {
	f.SetError(words)
	f.Focus()
}

// signIn opens the account and waits until the server has let it in. A server
// elsewhere that cannot be reached is told at once: the address may be mistyped.
// The one inside may just be changing from one process to another.
func signIn(ctx context.Context, p profile.Profile, account profile.Account, c credentials, r rules) (*session, error) {
	s, err := openSession(p, account, c, r)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, signInPatience)
	defer cancel()
	ctx, giveUp := context.WithCancelCause(ctx)
	defer giveUp(nil)
	sub := s.client.Subscribe()
	defer sub.Close()
	go func() {
		for e := range sub.Events() {
			if e, ok := e.(core.StateChanged); ok && e.State == core.Offline && e.Error != nil && !account.Local {
				giveUp(e.Error)
			}
		}
	}()
	if c.create {
		err = s.host.MakeAccount(ctx)
	}
	if err == nil {
		s.start()
		err = s.client.WaitReady(ctx)
	}
	if err != nil {
		if cause := context.Cause(ctx); im.CodeOf(cause) != 0 {
			err = cause
		} else if ctx.Err() != nil {
			err = im.Errorf(im.CodeServerUnreachable, "%s: %v", account.Server, err)
		}
		if cerr := s.close(); cerr != nil {
			return nil, cerr
		}
		return nil, err
	}
	return s, nil
}

// tryStart makes an account on the server inside, named by the person, the
// profile or the system, and signs it in.
func (w *welcomeScreen) tryStart() {
	w.user.SetError("")
	name := im.UserID(strings.TrimSpace(w.user.Text()))
	if name == "" {
		name = localName(w.app.profile.Name)
	}
	if name == echoUser { // it is the server's own
		w.user.SetError(w.app.tr.Error(im.Errorf(im.CodeUserExists, "%s", name)))
		return
	}
	if err := name.Validate(); err != nil {
		w.user.SetError(w.app.tr.Error(err))
		return
	}
	if account := (profile.Account{User: name, Local: true}); w.app.isOpen(account) {
		w.app.switchTo(account)
		return
	}
	p, rules := w.app.profile, w.app.rules()
	w.run(func(ctx context.Context) (*session, error) {
		s, err := signIn(ctx, p, profile.Account{User: name, Local: true}, credentials{create: true}, rules)
		if err != nil {
			return nil, err
		}
		return s, s.firstConversations(ctx)
	}, func(err error) { w.app.tell(w.app.tr.T("welcome.cannotStart"), w.app.tr.Error(err)) })
}

// firstConversations puts the ones that a new account can use by itself into
// the list: with itself, and with the account that answers.
func (s *session) firstConversations(ctx context.Context) error {
	for _, peer := range []im.UserID{echoUser, s.account.User} {
		if _, err := s.client.AddConversation(ctx, im.C2C(peer)); err != nil {
			return err
		}
	}
	return nil
}

// run does the work of a button beside the user interface; a session that comes
// of it is shown, an error goes to failed.
func (w *welcomeScreen) run(work func(context.Context) (*session, error), failed func(error)) {
	w.busy(true)
	w.app.open(work, func(s *session, err error) {
		if w.app.welcome != w { // the screen was made anew
			w.app.drop(s)
			return
		}
		w.busy(false)
		if err != nil {
			failed(err)
			return
		}
		w.app.signedIn(s.account)
		w.app.show(s)
	})
}

// localName is the account's name if the person gives none.
func localName(profileName string) im.UserID {
	if profileName != profile.Default {
		return im.UserID(profileName)
	}
	name := os.Getenv("USER")
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	if i := strings.LastIndexByte(name, '\\'); i >= 0 { // DOMAIN\user on Windows
		name = name[i+1:]
	}
	clean := strings.Map(func(r rune) rune {
		if im.UserID(string(r)).Validate() == nil {
			return r
		}
		return -1
	}, name)
	if clean == "" || clean == string(echoUser) {
		clean = "me"
	}
	return im.UserID(clean[:min(len(clean), im.MaxUserIDBytes)])
}
