package app

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"magpie/app/i18n"
	"magpie/im"
	"magpie/widgets"
	"magpie/widgets/theme"
)

// infoButton is the one at the right end of the header.
func (m *mainScreen) infoButton() *widgets.IconButton {
	return widgets.NewIconButton("info", m.tr.T("info.title"), m.showInfo)
}

// showInfo says who the open conversation is with: a group's members and what
// can be done with it, or a user.
func (m *mainScreen) showInfo() {
	c := m.chat
	if c == nil {
		return
	}
	row, _ := m.row(c.conv)
	if c.conv.Type() != im.ConvGroup {
		m.app.tell(m.name(&row), m.tr.F("info.user", i18n.Args{"User": c.conv.To()}))
		return
	}
	client := m.s.client
	beside(c.ctx, func(ctx context.Context) ([]im.GroupMember, error) {
		return client.GroupMembers(ctx, c.conv.Group())
	}, func(members []im.GroupMember, err error) {
		if err != nil {
			m.report(err)
			return
		}
		m.showGroup(c, row, members)
	})
}

func (m *mainScreen) showGroup(c *chat, row im.Conversation, members []im.GroupMember) {
	var sheet *widgets.Sheet
	list := container.New(layout.NewCustomPaddedVBoxLayout(theme.Grid))
	for _, member := range members {
		list.Add(m.memberRow(member))
	}
	kind := im.GroupWork
	if row.GroupProfile != nil {
		kind = row.GroupProfile.Type
	}
	text := m.tr.F("info.group", i18n.Args{
		"Kind":    m.tr.T("groupType." + string(kind)),
		"Group":   string(c.conv.Group()),
		"Members": m.tr.N("chat.members", len(members), nil),
	})
	var buttons []*widgets.Button
	buttons = append(buttons, widgets.NewSecondaryButton(m.tr.T("info.leave"), func() {
		sheet.Close()
		m.askLeave(c)
	}))
	if kind.MembersInvite() {
		buttons = append(buttons, widgets.NewPrimaryButton(m.tr.T("invite.title"), func() {
			sheet.Close()
			m.invite(c.conv.Group())
		}))
	}
	sheet = widgets.NewSheet(m.name(&row), text, list, buttons...)
	sheet.Open(m.app.window.Canvas(), nil)
}

// memberRow is a line of the list of members: who, and in which role.
func (m *mainScreen) memberRow(member im.GroupMember) fyne.CanvasObject {
	name := first(member.NameCard, member.Nick, string(member.UserID))
	if member.UserID == m.me {
		name = m.tr.F("info.you", i18n.Args{"Name": name})
	}
	avatar := widgets.NewAvatar(theme.AvatarSmall)
	avatar.SetPerson(string(member.UserID), name, m.isOnline(member.UserID))
	words := widgets.NewParagraph(name, theme.Ink, theme.TextSize, fyne.TextAlignLeading)
	role := widgets.NewParagraph(m.tr.T("role."+string(member.Role)), theme.Ink3, theme.SecondarySize, fyne.TextAlignTrailing)
	return container.New(&memberLayout{}, avatar, words, role)
}

// memberLayout puts an avatar, a name and a role into one row.
type memberLayout struct{}

func (memberLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(200, theme.AvatarSmall+2*theme.Grid)
}

func (memberLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	const roleWidth, bar = float32(84), float32(8) // bar is the scroll bar's
	size.Width -= bar
	y := (size.Height - theme.LineHeight) / 2
	x := theme.AvatarSmall + 10
	put(o[0], 0, (size.Height-theme.AvatarSmall)/2, theme.AvatarSmall, theme.AvatarSmall)
	put(o[1], x, y, size.Width-x-roleWidth, theme.LineHeight)
	put(o[2], size.Width-roleWidth, y, roleWidth, theme.LineHeight)
}

func (m *mainScreen) askLeave(c *chat) {
	row, _ := m.row(c.conv)
	m.app.ask(question{
		title: m.tr.T("leave.title"),
		text:  m.tr.F("leave.text", i18n.Args{"Name": m.name(&row)}),
		yes:   m.tr.T("info.leave"),
		no:    m.tr.T("action.cancel"),
		onYes: func() { m.leaveGroup(c.conv) },
	})
}

func (m *mainScreen) leaveGroup(conv im.ConversationID) {
	client := m.s.client
	beside(m.ctx, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, client.QuitGroup(ctx, conv.Group())
	}, func(_ struct{}, err error) {
		if err != nil {
			m.report(err)
			return
		}
		if m.chat != nil && m.chat.conv == conv {
			m.closeChat()
			m.showNoChat()
		}
	})
}
