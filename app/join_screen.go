package app

import (
	"context"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"magpie/app/core"
	"magpie/app/i18n"
	"magpie/app/profile"
	"magpie/im"
	"magpie/server/invite"
	"magpie/widgets"
	"magpie/widgets/theme"
)

// joinScreen makes an account on somebody's computer by the link of an invitation, in
// one step.
type joinScreen struct {
	app                        *application
	link, user, nick, password *widgets.TextField
	// server says where the link leads, and the fingerprint to compare.
	server *widgets.Paragraph
	// picture chooses a picture of the code instead of a link.
	picture     *widgets.Link
	join, leave *widgets.Button
	// stopReading ends the reading of a picture.
	stopReading context.CancelFunc
	// left is the account that was shown, if it was closed to be joined anew.
	left *profile.Account
}

// joinPatience is how long the server may take to be found.
const joinPatience = 10 * time.Second

// joinInvitation shows the screen for an invitation that was opened elsewhere, with a
// way back to the account that is shown.
func (a *application) joinInvitation(inv invite.Invitation) {
	a.park()
	a.turn++ // what is being opened for another choice is dropped
	a.showJoin()
	a.joining.link.SetText(inv.String())
	a.joining.linkChanged(inv.String())
	a.joining.nick.Focus()
}

// showJoin shows the screen without a link.
func (a *application) showJoin() {
	tr := a.tr
	j := &joinScreen{app: a, stopReading: func() {}}
	j.link = widgets.NewTextField(tr.T("join.link"), tr.T("join.linkHint"))
	j.nick = widgets.NewTextField(tr.T("join.name"), tr.T("join.nameHint"))
	j.user = widgets.NewTextField(tr.T("welcome.user"), tr.T("join.userHint"))
	j.password = widgets.NewPasswordField(tr.T("join.password"), "", tr.T("welcome.reveal"))
	j.server = widgets.NewParagraph("", theme.Ink2, theme.MetaSize, fyne.TextAlignLeading)
	j.server.Hide()
	j.picture = widgets.NewLink(tr.T("join.picture"), theme.Link, theme.SecondarySize, j.choosePicture)
	j.join = widgets.NewPrimaryButton(tr.T("join.join"), j.try)
	j.leave = widgets.NewSecondaryButton(tr.T("action.cancel"), j.back)
	j.link.OnChanged = j.linkChanged
	j.link.OnSubmitted = j.nick.Focus
	j.link.OnPaste = j.paste
	j.nick.OnSubmitted = j.user.Focus
	j.user.OnSubmitted = j.password.Focus
	j.password.OnSubmitted = j.try
	j.user.SetText(string(localName(a.profile.Name)))
	a.welcome, a.joining = nil, j
	a.setContent(widgets.NewCard(
		widgets.Item{Object: widgets.NewHeading(tr.T("join.title"), theme.HeadingSize, fyne.TextAlignLeading)},
		widgets.Item{Above: 6, Object: widgets.NewParagraph(tr.T("join.text"), theme.Ink2, theme.TextSize, fyne.TextAlignLeading)},
		widgets.Item{Above: 16, Object: j.link},
		widgets.Item{Above: 4, Object: widgets.NewFlow(j.picture)},
		widgets.Item{Above: 8, Object: j.server},
		widgets.Item{Above: 12, Object: j.nick},
		widgets.Item{Above: 12, Object: j.user},
		widgets.Item{Above: 12, Object: j.password},
		widgets.Item{Above: 18, Object: j.join},
		widgets.Item{Above: 8, Object: j.leave},
		widgets.Item{Above: 14, Object: a.networkLink(), Centre: true},
	))
	j.link.Focus()
	a.setTitle(0)
}

// back leaves the screen without joining.
func (j *joinScreen) back() {
	j.app.turn++ // what is being joined is dropped
	j.stopReading()
	j.app.joining = nil
	if j.left != nil {
		j.app.switchTo(*j.left)
		return
	}
	if len(j.app.parked) > 0 {
		j.app.back()
		return
	}
	j.app.showWelcome()
}

// linkChanged says where a whole link leads.
func (j *joinScreen) linkChanged(text string) {
	inv, err := invite.Parse(text)
	if err != nil {
		j.server.Hide()
	} else {
		j.server.SetText(j.app.tr.F("join.server", i18n.Args{"Server": inv.Addresses()[0], "Fingerprint": inv.Fingerprint.ForPeople()}))
		j.server.Show()
		if known, ok := j.knownFor(inv); ok {
			j.user.SetText(string(known.User))
		}
	}
	if c := fyne.CurrentApp().Driver().CanvasForObject(j.server); c != nil {
		c.Content().Refresh()
	}
}

// knownFor is an account that this profile has on the server of an invitation.
func (j *joinScreen) knownFor(inv invite.Invitation) (profile.Account, bool) {
	pin := inv.Fingerprint.String()
	i := slices.IndexFunc(j.app.settings.Accounts, func(a profile.Account) bool { return a.Pin == pin })
	if i < 0 {
		return profile.Account{}, false
	}
	return j.app.settings.Accounts[i], true
}

// try joins with what was typed.
func (j *joinScreen) try() {
	tr := j.app.tr
	for _, f := range []*widgets.TextField{j.link, j.user, j.nick, j.password} {
		f.SetError("")
	}
	j.stopReading()
	j.picture.SetText(tr.T("join.picture"))
	inv, err := invite.Parse(j.link.Text())
	if err != nil {
		wrong(j.link, tr.Error(err))
		return
	}
	user := im.UserID(strings.TrimSpace(j.user.Text()))
	p := im.Profile{Nick: strings.TrimSpace(j.nick.Text())}
	switch {
	case p.Validate() != nil:
		wrong(j.nick, tr.Error(p.Validate()))
		return
	case user.Validate() != nil:
		wrong(j.user, tr.Error(user.Validate()))
		return
	case j.password.Text() == "":
		wrong(j.password, tr.T("join.needPassword"))
		return
	}
	account := profile.Account{User: user, Pin: inv.Fingerprint.String()}
	creds := credentials{password: j.password.Text(), invite: inv.Secret, nick: p.Nick}
	if was, shown := j.app.leaveOpen(account); shown {
		j.left = &was
	}
	j.busy(true)
	profileOf, rules := j.app.profile, j.app.rules()
	j.app.open(func(ctx context.Context) (*session, error) {
		return joinAt(ctx, profileOf, inv, account, creds, rules)
	}, func(s *session, err error) {
		if j.app.joining != j { // the screen was made anew
			j.app.drop(s)
			return
		}
		j.busy(false)
		if err != nil {
			j.failed(err)
			return
		}
		j.app.joined(s)
	})
}

// joinAt finds the server of an invitation and signs in there, and puts the
// conversation with who invited into the list.
func joinAt(ctx context.Context, p profile.Profile, inv invite.Invitation, account profile.Account, c credentials, r rules) (*session, error) {
	looking, cancel := context.WithTimeout(ctx, joinPatience)
	defer cancel()
	at, err := core.Reach(looking, r.dial, inv.Fingerprint[:], inv.Addresses())
	if err != nil {
		if ctx.Err() == nil && looking.Err() != nil {
			err = im.Errorf(im.CodeServerUnreachable, "%s: no answer within %s", inv.Addresses()[0], joinPatience)
		}
		return nil, err
	}
	account.Server = "wss://" + at
	s, err := signIn(ctx, p, account, c, r)
	if err != nil {
		return nil, err
	}
	if inviter := s.client.Inviter(); inviter != "" {
		_, err = s.client.AddConversation(ctx, im.C2C(inviter))
	}
	return s, err
}

// joined shows the session that came of an invitation, with the one who invited.
func (a *application) joined(s *session) {
	a.joining = nil
	a.signedIn(s.account)
	a.show(s)
	if inviter := s.client.Inviter(); inviter != "" {
		a.main.openChat(im.C2C(inviter))
	}
}

// leaveOpen closes the session of an account that is to be opened at another address. It
// returns the account as it was, and whether it was the one that was shown last.
func (a *application) leaveOpen(account profile.Account) (was profile.Account, shown bool) {
	i := slices.IndexFunc(a.parked, func(s *session) bool { return s.account.Same(account) })
	if i < 0 {
		return was, false
	}
	s := a.parked[i]
	shown = i == len(a.parked)-1
	a.parked = slices.Delete(a.parked, i, i+1)
	a.drop(s)
	return s.account, shown
}

func (j *joinScreen) busy(yes bool) {
	for _, o := range []fyne.Disableable{j.link, j.picture, j.nick, j.user, j.password, j.join} {
		if yes {
			o.Disable()
		} else {
			o.Enable()
		}
	}
	j.join.SetText(j.app.tr.T(map[bool]string{true: "join.joining", false: "join.join"}[yes]))
}

// failed says what went wrong at the field that it is about.
func (j *joinScreen) failed(err error) {
	tr := j.app.tr
	switch im.CodeOf(err) {
	case im.CodeUserExists, im.CodeInvalidUserID:
		wrong(j.user, tr.Error(err))
	case im.CodeProfileValueInvalid, im.CodeProfileValueTooLong:
		wrong(j.nick, tr.Error(err))
	case im.CodeInvalidParameter: // only the password's length is left to the server
		wrong(j.password, tr.Error(err))
	case im.CodeServerUnreachable, im.CodeNetworkDown, im.CodeNetworkTimeout:
		wrong(j.link, tr.T("join.unreachable"))
	case 0:
		j.app.log("joining: %v", err)
		wrong(j.link, tr.Error(err))
	default:
		wrong(j.link, tr.Error(err))
	}
}

// inherit takes over what was typed, as when the language changes.
func (j *joinScreen) inherit(before *joinScreen) {
	before.stopReading()
	j.left = before.left
	j.link.SetText(before.link.Text())
	j.linkChanged(before.link.Text())
	j.nick.SetText(before.nick.Text())
	j.user.SetText(before.user.Text())
	j.password.SetText(before.password.Text())
}
