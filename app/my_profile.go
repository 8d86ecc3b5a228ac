package app

import (
	"context"
	"strings"

	"magpie/im"
	"magpie/widgets"
	"magpie/widgets/theme"
)

// editProfile changes what others see of the account. All of it is replaced, so what
// is changed is what the server has now, never what is here and may be older or nothing.
func (m *mainScreen) editProfile() {
	client := m.s.client
	beside(m.ctx, func(ctx context.Context) (im.Profile, error) { return client.FetchMyProfile(ctx) }, func(p im.Profile, err error) {
		if err != nil {
			m.report(err)
			return
		}
		m.profileForm(p)
	})
}

func (m *mainScreen) profileForm(p im.Profile) {
	tr := m.tr
	options := func(prefix string, values ...string) []widgets.Option {
		var all []widgets.Option
		for _, v := range values {
			all = append(all, widgets.Option{Value: v, Label: tr.T(prefix + v)})
		}
		return all
	}
	nick := widgets.NewTextField(tr.T("profile.nick"), string(m.me))
	nick.SetText(p.Nick)
	signature := widgets.NewTextField(tr.T("profile.signature"), tr.T("profile.signatureHint"))
	signature.SetText(p.SelfSignature)
	pictures := avatarGrid(m.pictures, tr.T("profile.picture"), p.Avatar, string(m.me), p.Name())
	gender := widgets.NewChoice(tr.T("profile.gender"), first(string(p.Gender), string(im.GenderUnknown)),
		options("gender.", string(im.GenderUnknown), string(im.GenderFemale), string(im.GenderMale))...)
	allow := widgets.NewChoice(tr.T("profile.allow"), first(string(p.AllowType), string(im.AllowAny)),
		options("allow.", string(im.AllowAny), string(im.AllowNeedConfirm), string(im.AllowDenyAny))...)
	const gap = 3 * theme.Grid
	f := &form{
		app:   m.app,
		title: tr.T("menu.profile"),
		content: widgets.NewStack(
			widgets.Item{Object: nick},
			widgets.Item{Above: gap, Object: signature},
			widgets.Item{Above: gap, Object: pictures},
			widgets.Item{Above: gap, Object: allow},
			widgets.Item{Above: gap, Object: gender},
		),
		first: nick,
		yes:   tr.T("action.save"),
		done:  func() { m.showMe(); m.settings.meChanged() },
	}
	client := m.s.client
	f.submit = func() (func(context.Context) error, error) {
		next := p
		next.Nick = strings.TrimSpace(nick.Text())
		next.SelfSignature = strings.TrimSpace(signature.Text())
		next.Avatar = pictures.Value()
		next.Gender = im.Gender(gender.Value())
		next.AllowType = im.AllowType(allow.Value())
		return func(ctx context.Context) error { return client.UpdateMyProfile(ctx, next) }, next.Validate()
	}
	f.open()
	signature.OnSubmitted = f.trySend
}
