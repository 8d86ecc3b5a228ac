package app

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"magpie/app/i18n"
	"magpie/im"
	"magpie/widgets"
	"magpie/widgets/theme"
)

// infoPanel says who or what the open conversation is with, and what can be done
// about it. Once opened it follows the conversation that is open.
type infoPanel struct {
	m    *mainScreen
	view *widgets.SidePanel
	// button is the one in the header.
	button *widgets.IconButton
	open   bool

	conv    im.ConversationID
	drawn   im.Conversation // what it was drawn from, see essence
	members []im.GroupMember
	list    *widgets.MemberList
	// find narrows a long list of members by what is typed in it; nil until there is one.
	find    *widgets.TextField
	blocked bool // the other side of a one-to-one conversation is
	shared  sharedMedia
}

// findFrom is from how many members on there is a field to find one.
const findFrom = 20

func newInfoPanel(m *mainScreen) *infoPanel {
	p := &infoPanel{m: m, view: widgets.NewSidePanel(m.tr.T("info.close"))}
	p.shared.p = p
	p.view.OnClose = p.close
	p.view.Hide()
	p.list = widgets.NewMemberList(p.view)
	p.list.OnMenu = p.openMember
	return p
}

// headerButtons are those at the right end of the header; there is nothing to say
// of the system's own conversation.
func (m *mainScreen) headerButtons() []*widgets.IconButton {
	m.panel.button = nil
	search := widgets.NewIconButton("search", m.tr.T("find.here"), m.findHere)
	search.SetKeys(tipKeys("shortcut.findHere", false))
	if m.conversation().Type() == im.ConvSystem {
		return []*widgets.IconButton{search}
	}
	m.panel.button = widgets.NewIconButton("info", m.tr.T("info.title"), m.toggleInfo)
	m.panel.button.SetOn(m.panel.open)
	return []*widgets.IconButton{search, m.panel.button}
}

// toggleInfo shows the panel of the open conversation, or takes it away.
func (m *mainScreen) toggleInfo() {
	if m.panel.open {
		m.panel.close()
		return
	}
	m.showInfo()
}

// showInfo shows the panel.
func (m *mainScreen) showInfo() {
	if m.chat == nil || m.chat.conv.Type() == im.ConvSystem {
		return
	}
	m.panel.open = true
	m.panel.follow()
}

func (p *infoPanel) close() {
	p.setOpen(false)
	if p.m.chat != nil {
		p.m.composer.Focus()
	}
}

// shows reports whether the panel is wanted and has something to tell of.
func (p *infoPanel) shows() bool {
	return p.open && p.m.chat != nil && p.m.chat.conv.Type() != im.ConvSystem
}

func (p *infoPanel) setOpen(open bool) {
	p.open = open
	if p.button != nil {
		p.button.SetOn(open)
	}
	p.m.content.Refresh()
}

// follow shows the conversation that is open now.
func (p *infoPanel) follow() {
	if !p.open {
		return
	}
	if !p.shows() {
		return // it comes back with the next conversation that it can tell of
	}
	conv := p.m.conversation()
	if p.conv != conv {
		p.conv, p.members, p.blocked = conv, p.m.chat.roster, false
		if p.find != nil {
			p.find.SetText("")
		}
		p.view.ScrollToTop()
	}
	p.setOpen(true)
	p.draw()
	p.reload()
	p.shared.follow(conv)
}

// reload asks again for what the row of the list does not say.
func (p *infoPanel) reload() {
	if !p.shows() {
		return
	}
	if p.conv.Type() == im.ConvGroup {
		p.draw()
		if p.m.chat.leftWords == "" {
			p.m.chat.loadMembers()
		}
		return
	}
	client, peer := p.m.s.client, p.conv.Peer()
	beside(p.m.chat.ctx, func(ctx context.Context) ([]im.UserID, error) { return client.GetBlacklist(ctx) }, func(list []im.UserID, err error) {
		if err != nil {
			p.m.reportQuietly(err)
			return
		}
		p.blocked = slices.Contains(list, peer)
		p.draw()
	})
}

// setMembers takes in the list of a group's members.
func (p *infoPanel) setMembers(conv im.ConversationID, members []im.GroupMember) {
	if p.conv == conv && !reflect.DeepEqual(p.members, members) {
		p.members = members
		p.draw()
	}
}

// changed draws the panel again if its conversation is among those that changed,
// in something that it shows: a row that is drawn anew forgets the pointer.
func (p *infoPanel) changed(convs []im.ConversationID) {
	if !p.open || !slices.Contains(convs, p.conv) {
		return
	}
	if row, _ := p.m.row(p.conv); !reflect.DeepEqual(essence(row), p.drawn) {
		p.draw()
	}
}

// essence is a conversation without what is said in it.
func essence(row im.Conversation) im.Conversation {
	row.LastMessage, row.GroupAtInfoList, row.Draft = nil, nil, ""
	row.UnreadCount, row.Read, row.PeerRead, row.MarkedUnread = 0, 0, 0, false
	return row
}

// draw makes what the panel holds anew.
func (p *infoPanel) draw() {
	if !p.shows() || p.m.chat.conv != p.conv {
		return
	}
	row, _ := p.m.row(p.conv)
	p.drawn = essence(row)
	if p.conv.Type() == im.ConvGroup {
		p.view.SetItems(p.group(&row)...)
		return
	}
	p.view.SetItems(p.person(&row)...)
}

// head is the avatar with the name and a few words below it, on one line where
// they fit.
func (p *infoPanel) head(row *im.Conversation, name string, words ...string) []widgets.Item {
	below := strings.Join(words, " · ")
	if s, _ := theme.MeasureText(below, theme.MetaSize, fyne.TextStyle{}); s.Width > theme.PanelWidth-28 {
		below = strings.Join(words, "\n")
	}
	avatar := widgets.NewAvatar(theme.AvatarLarge)
	online := p.conv.Type() == im.ConvC2C && p.m.isOnline(p.conv.Peer())
	avatar.SetPerson(p.conv.To(), name, online)
	avatar.SetPicture(p.m.picture(row))
	return []widgets.Item{
		{Object: avatar, Centre: true},
		{Above: 6, Object: widgets.NewHeading(name, theme.TextSize, fyne.TextAlignCenter)},
		{Object: widgets.NewParagraph(below, theme.Ink2, theme.MetaSize, fyne.TextAlignCenter)},
	}
}

// text is a few words with a head, nothing if there are none.
func (p *infoPanel) text(head, words string) []widgets.Item {
	if strings.TrimSpace(words) == "" {
		return nil
	}
	return []widgets.Item{
		{Above: 12, Object: widgets.NewParagraph(head, theme.Ink2, theme.MetaSize, fyne.TextAlignLeading)},
		{Above: 2, Object: widgets.NewParagraph(words, theme.Ink, theme.TextSize, fyne.TextAlignLeading)},
	}
}

// hint is a sentence in the colour of what is secondary.
func hint(words string) widgets.Item {
	return widgets.Item{Above: 8, Object: widgets.NewParagraph(words, theme.Ink2, theme.SecondarySize, fyne.TextAlignLeading)}
}

// presence shows who came or went.
func (p *infoPanel) presence() {
	p.list.SetOnline(func(id string) bool { return p.m.isOnline(im.UserID(id)) })
}

// settings are how the account wants the conversation, and its id to be copied.
func (p *infoPanel) settings(row *im.Conversation, idLabel string) []widgets.Item {
	m := p.m
	remind := remindOf(row)
	mute := m.valueRow(m.tr.T("info.notifications"), m.tr.T("remind.short."+string(remind)), remind != im.RemindNotify, func(at fyne.Position) {
		m.app.popUp(at, m.remindItems(row)...)
	})
	pinned := m.tr.T("info.off")
	if row.IsPinned {
		pinned = m.tr.T("info.on")
	}
	pin := widgets.NewPanelRow(m.tr.T("info.pin"), pinned, row.IsPinned, func() { m.pin(p.conv, !row.IsPinned) })
	id := widgets.NewPanelRow(idLabel, m.tr.T("menu.copy"), false, func() {
		fyne.CurrentApp().Clipboard().SetContent(p.conv.To())
		m.app.say(m.tr.F("info.copied", i18n.Args{"ID": p.conv.To()}))
	})
	export := widgets.NewPanelRow(m.tr.T("menu.export"), "", false, func() { m.askExport(p.conv) })
	return []widgets.Item{
		{Above: 14, Object: widgets.NewSeparator()},
		{Object: mute}, {Object: pin}, {Object: id}, {Object: export},
		{Object: widgets.NewSeparator()},
	}
}

// valueRow is a row of the panel that opens a menu below itself.
func (m *mainScreen) valueRow(label, value string, on bool, open func(at fyne.Position)) *widgets.PanelRow {
	var row *widgets.PanelRow
	row = widgets.NewPanelRow(label, value, on, func() {
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(row)
		open(at.AddXY(0, row.Size().Height))
	})
	return row
}

// person is the panel of a one-to-one conversation.
func (p *infoPanel) person(row *im.Conversation) []widgets.Item {
	m := p.m
	user := p.conv.Peer()
	items := p.head(row, m.name(row), m.tr.F("info.user", i18n.Args{"User": string(user)}))
	if row.UserProfile != nil {
		if row.Remark != "" {
			items = append(items, p.text(m.tr.T("info.nick"), row.UserProfile.Name())...)
		}
		items = append(items, p.text(m.tr.T("profile.signature"), row.UserProfile.SelfSignature)...)
	}
	items = append(items, p.shared.items()...)
	items = append(items, p.settings(row, m.tr.T("info.userID"))...)
	if user == m.me {
		return items
	}
	items = append(items, widgets.Item{Object: widgets.NewPanelRow(m.tr.T("info.remark"), first(row.Remark, m.tr.T("info.none")), row.Remark != "", func() { m.editRemark(p.conv) })})
	if p.blocked {
		return append(items, widgets.Item{Object: widgets.NewPanelRow(m.tr.T("info.blocked"), m.tr.T("block.unblock"), true, func() {
			m.setBlocked(user, false, p.reload)
		})})
	}
	return append(items, widgets.Item{Object: widgets.NewDangerRow(m.tr.T("block.block"), func() { m.askBlock(user, m.name(row)) })})
}

// openAvatar says who it is whose avatar was clicked among the messages.
func (m *mainScreen) openAvatar(id string) {
	user := im.UserID(id)
	switch {
	case m.chat == nil || user.Validate() != nil:
		return
	case m.chat.conv.Type() == im.ConvC2C:
		m.showInfo()
		return
	}
	client := m.s.client
	beside(m.chat.ctx, func(ctx context.Context) (im.Profile, error) {
		known, err := client.GetProfiles(ctx, user)
		if len(known) == 0 {
			return im.Profile{UserID: user}, err
		}
		return known[0], err
	}, func(profile im.Profile, err error) {
		if err != nil {
			m.report(err)
			return
		}
		m.showPerson(profile)
	})
}

// showPerson shows somebody's profile, with a way to write to them.
func (m *mainScreen) showPerson(profile im.Profile) {
	var sheet *widgets.Sheet
	row := widgets.NewPersonRow(widgets.Person{
		ID:      string(profile.UserID),
		Name:    profile.Name(),
		Picture: m.pictures.avatar(profile.Avatar),
		Online:  m.isOnline(profile.UserID),
		Note:    string(profile.UserID),
	}, nil)
	items := []widgets.Item{{Object: row}}
	if profile.SelfSignature != "" {
		items = append(items, hint(profile.SelfSignature))
	}
	sheet = widgets.NewSheet("", "", widgets.NewStack(items...),
		widgets.NewSecondaryButton(m.tr.T("action.close"), func() { sheet.Close() }),
		widgets.NewPrimaryButton(m.tr.T("member.message"), func() {
			sheet.Close()
			m.writeTo(profile.UserID)
		}))
	sheet.Open(m.app.canvas, nil)
}
