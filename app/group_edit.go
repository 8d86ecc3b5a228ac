package app

import (
	"context"
	"strings"

	"magpie/app/i18n"
	"magpie/assets"
	"magpie/im"
	"magpie/widgets"
	"magpie/widgets/theme"
)

// editGroup changes what a group shows of itself.
func (m *mainScreen) editGroup(g im.Group) {
	tr := m.tr
	name := widgets.NewTextField(tr.T("newGroup.name"), tr.T("newGroup.nameHint"))
	name.SetText(g.Name)
	introduction := widgets.NewTextArea(tr.T("group.introduction"), "", 2)
	introduction.SetText(g.Introduction)
	notice := widgets.NewTextArea(tr.T("group.notice"), "", 3)
	notice.SetText(g.Notification)
	pictures := avatarGrid(m.pictures, tr.T("group.picture"), g.Avatar, string(g.GroupID), g.Name)
	join := widgets.NewChoice(tr.T("group.join"), string(g.JoinOption), m.joinOptions()...)
	join.Hidden = g.Type != im.GroupPublic && g.Type != im.GroupMeeting // in the others it is fixed
	const gap = 3 * theme.Grid
	f := &form{
		app:   m.app,
		title: tr.T("group.edit"),
		content: widgets.NewStack(
			widgets.Item{Object: name},
			widgets.Item{Above: gap, Object: introduction},
			widgets.Item{Above: gap, Object: notice},
			widgets.Item{Above: gap, Object: pictures},
			widgets.Item{Above: gap, Object: join},
		),
		first: name,
		yes:   tr.T("action.save"),
		done:  func() {},
	}
	client := m.s.client
	f.submit = func() (func(context.Context) error, error) {
		next := g
		next.Name = strings.TrimSpace(name.Text())
		next.Introduction = strings.TrimSpace(introduction.Text())
		next.Notification = strings.TrimSpace(notice.Text())
		next.Avatar = pictures.Value()
		if join.Visible() {
			next.JoinOption = im.JoinOption(join.Value())
		}
		change, any := groupChange(&g, &next)
		return func(ctx context.Context) error {
			if !any {
				return nil
			}
			_, err := client.UpdateGroupProfile(ctx, g.GroupID, change)
			return err
		}, next.Validate()
	}
	f.open()
}

// groupChange is what turns old into next; any is false if that is nothing.
func groupChange(old, next *im.Group) (c im.GroupChange, any bool) {
	text := func(into **string, a, b string) {
		if a != b {
			*into, any = &b, true
		}
	}
	text(&c.Name, old.Name, next.Name)
	text(&c.Introduction, old.Introduction, next.Introduction)
	text(&c.Notification, old.Notification, next.Notification)
	text(&c.Avatar, old.Avatar, next.Avatar)
	if old.JoinOption != next.JoinOption {
		o := next.JoinOption
		c.JoinOption, any = &o, true
	}
	return c, any
}

// muteAll silences everybody but the owner and admins, or lets them speak again.
func (m *mainScreen) muteAll(g im.GroupID, on bool) {
	client := m.s.client
	m.do(func(ctx context.Context) error {
		_, err := client.UpdateGroupProfile(ctx, g, im.GroupChange{MuteAllMembers: &on})
		return err
	}, nil)
}

// askLeave and askDismiss end the membership, or the group. Neither can be taken
// back by who does it.
func (m *mainScreen) askLeave(g im.Group) {
	m.app.ask(question{
		title:  m.tr.T("leave.title"),
		text:   m.tr.F("leave.text", i18n.Args{"Name": g.Name}),
		yes:    m.tr.T("info.leave"),
		no:     m.tr.T("action.cancel"),
		danger: true,
		onYes:  func() { m.leaveGroup(g.GroupID) },
	})
}

func (m *mainScreen) leaveGroup(g im.GroupID) {
	client := m.s.client
	m.do(func(ctx context.Context) error { return client.QuitGroup(ctx, g) }, nil)
}

func (m *mainScreen) askDismiss(g im.Group) {
	client := m.s.client
	m.app.ask(question{
		title:  m.tr.T("dismiss.title"),
		text:   m.tr.F("dismiss.text", i18n.Args{"Name": g.Name}),
		yes:    m.tr.T("info.dismiss"),
		no:     m.tr.T("action.cancel"),
		danger: true,
		onYes: func() {
			m.do(func(ctx context.Context) error { return client.DismissGroup(ctx, g.GroupID) }, nil)
		},
	})
}

// avatarGrid lets a person choose one of the pictures of the program, or the
// letter.
func avatarGrid(drawings *pictures, label, value, id, name string) *widgets.PictureGrid {
	pictures := []widgets.Picture{{ID: id, Letter: theme.Initial(name)}}
	known := value == ""
	for _, url := range assets.Avatars() {
		pictures = append(pictures, widgets.Picture{Value: url, Resource: drawings.avatar(url)})
		known = known || url == value
	}
	if !known { // an address of somewhere else stays unless another is chosen
		pictures[0].Value = value
	}
	return widgets.NewPictureGrid(label, value, pictures...)
}
