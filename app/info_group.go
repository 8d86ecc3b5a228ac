package app

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"magpie/app/i18n"
	"magpie/im"
	"magpie/widgets"
)

// group is the panel of a group: what it is, what the account wants of it, its
// members, and what the account may do there.
func (p *infoPanel) group(row *im.Conversation) []widgets.Item {
	m := p.m
	s := standing{row.GroupProfile}
	g := im.Group{GroupID: p.conv.Group(), Name: m.name(row)}
	if s.group != nil {
		g = *s.group
	}
	items := p.head(row, m.name(row), m.tr.T("groupType."+first(string(g.Type), string(im.GroupWork))), string(g.GroupID))
	items = append(items, p.text(m.tr.T("group.notice"), g.Notification)...)
	items = append(items, p.text(m.tr.T("group.introduction"), g.Introduction)...)
	if s.group != nil && !g.Type.Stored() {
		items = append(items, hint(m.tr.T("chat.emptyRoom")))
	}
	items = append(items, p.shared.items()...)
	items = append(items, p.settings(row, m.tr.T("info.groupID"))...)
	if words := m.chat.leftWords; words != "" {
		return append(items, hint(words))
	}
	items = append(items, p.operations(s, g)...)
	items = append(items, p.memberItems(s, g)...)
	return append(items, p.ends(s, g)...)
}

// operations are what changes the group as a whole, as far as the account may.
func (p *infoPanel) operations(s standing, g im.Group) []widgets.Item {
	m := p.m
	var items []widgets.Item
	add := func(o fyne.CanvasObject) { items = append(items, widgets.Item{Object: o}) }
	if me := p.me(); me != nil {
		add(widgets.NewPanelRow(m.tr.T("info.card"), first(me.NameCard, m.tr.T("info.none")), me.NameCard != "", func() { m.editCard(g.GroupID, *me) }))
	}
	if s.may(im.GroupOpEdit, "") {
		add(widgets.NewPanelRow(m.tr.T("group.edit"), "", false, func() { m.editGroup(g) }))
	}
	if s.may(im.GroupOpMuteAll, "") {
		state := m.tr.T("info.off")
		if g.MuteAllMembers {
			state = m.tr.T("info.on")
		}
		add(widgets.NewPanelRow(m.tr.T("group.muteAll"), state, g.MuteAllMembers, func() { m.muteAll(g.GroupID, !g.MuteAllMembers) }))
	}
	if s.may(im.GroupOpAnswer, "") && g.JoinOption == im.JoinNeedPermission {
		add(widgets.NewPanelRow(m.tr.T("group.requests"), "", false, func() { m.openChat(im.SystemConversation) }))
	}
	if len(items) > 0 {
		add(widgets.NewSeparator())
	}
	return items
}

// me is the account's own entry among the members, nil while they are not known.
func (p *infoPanel) me() *im.GroupMember {
	for i := range p.members {
		if p.members[i].UserID == p.m.me {
			return &p.members[i]
		}
	}
	return nil
}

// memberItems are the members, narrowed by what is typed in the field.
func (p *infoPanel) memberItems(s standing, g im.Group) []widgets.Item {
	m := p.m
	n := len(p.members)
	if n == 0 {
		n = g.MemberCount
	}
	invite := ""
	if s.may(im.GroupOpInvite, "") {
		invite = m.tr.T("invite.invite")
	}
	items := []widgets.Item{{Above: 10, Object: widgets.NewPanelSection(m.tr.N("chat.members", n, nil), invite, func() { m.invite(g.GroupID) })}}
	part := ""
	if len(p.members) > findFrom {
		if p.find == nil {
			p.find = widgets.NewTextField("", m.tr.T("info.findMember"))
			p.find.OnChanged = func(string) { p.draw() }
		}
		items = append(items, widgets.Item{Above: 6, Object: p.find})
		part = strings.ToLower(strings.TrimSpace(p.find.Text()))
	}
	var found []widgets.Suggestion
	for i := range p.members {
		member := &p.members[i]
		if part == "" || strings.Contains(strings.ToLower(memberName(member)+" "+string(member.UserID)), part) {
			found = append(found, p.memberLine(member))
		}
	}
	if len(p.members) == 0 {
		p.list.SetLoading(n)
	} else {
		p.list.SetItems(found)
	}
	items = append(items, widgets.Item{Object: p.list})
	if len(found) == 0 && part != "" {
		items = append(items, hint(m.tr.T("info.noMember")))
	}
	return items
}

// memberLine is a line of the list of members: who, and in which role.
func (p *infoPanel) memberLine(member *im.GroupMember) widgets.Suggestion {
	m := p.m
	name := memberName(member)
	if member.UserID == m.me {
		name = m.tr.F("info.you", i18n.Args{"Name": name})
	}
	return widgets.Suggestion{
		ID:      string(member.UserID),
		Avatar:  string(member.UserID),
		Name:    name,
		Picture: m.pictures.avatar(member.Avatar),
		Online:  m.isOnline(member.UserID),
		Detail:  m.tr.T("role." + string(member.Role)),
		Muted:   m.isMuted(member),
	}
}

// openMember offers what can be done to a member.
func (p *infoPanel) openMember(id string, at fyne.Position) {
	row, _ := p.m.row(p.conv)
	i := slices.IndexFunc(p.members, func(member im.GroupMember) bool { return string(member.UserID) == id })
	if i >= 0 && row.GroupProfile != nil {
		p.m.memberMenu(standing{row.GroupProfile}, p.members[i], at)
	}
}

// ends are the ways out of the group.
func (p *infoPanel) ends(s standing, g im.Group) []widgets.Item {
	m := p.m
	var items []widgets.Item
	if s.may(im.GroupOpQuit, "") {
		items = append(items, widgets.Item{Above: 8, Object: widgets.NewDangerRow(m.tr.T("info.leave"), func() { m.askLeave(g) })})
	}
	if s.may(im.GroupOpDismiss, "") {
		items = append(items, widgets.Item{Above: 8, Object: widgets.NewDangerRow(m.tr.T("info.dismiss"), func() { m.askDismiss(g) })})
	}
	return items
}
