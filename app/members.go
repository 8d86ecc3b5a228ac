package app

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"magpie/app/i18n"
	"magpie/im"
	"magpie/widgets"
)

// muteFor are the lengths of being muted that a person can choose.
var muteFor = []struct {
	key string
	d   time.Duration
}{
	{"mute.10m", 10 * time.Minute},
	{"mute.1h", time.Hour},
	{"mute.12h", 12 * time.Hour},
	{"mute.1d", 24 * time.Hour},
}

// memberName is what a member is called in its group.
func memberName(g *im.GroupMember) string { return first(g.NameCard, g.Nick, string(g.UserID)) }

// memberMenu is what a member of the list offers: only what the account may do.
func (m *mainScreen) memberMenu(s standing, member im.GroupMember, at fyne.Position) {
	client, g := m.s.client, s.group.GroupID
	self := member.UserID == m.me
	var items []*fyne.MenuItem
	add := func(label string, do func()) { items = append(items, fyne.NewMenuItem(label, do)) }
	if !self {
		add(m.tr.T("member.message"), func() { m.writeTo(member.UserID) })
	}
	if self || s.may(im.GroupOpEditCard, member.Role) {
		add(m.tr.T("member.card"), func() { m.editCard(g, member) })
	}
	if self {
		m.app.popUp(at, items...)
		return
	}
	if s.may(im.GroupOpSetRole, member.Role) && member.Role != im.RoleOwner {
		label, role := m.tr.T("member.makeAdmin"), im.RoleAdmin
		if member.Role == im.RoleAdmin {
			label, role = m.tr.T("member.unmakeAdmin"), im.RoleMember
		}
		add(label, func() {
			m.do(func(ctx context.Context) error { return client.SetGroupMemberRole(ctx, g, member.UserID, role) }, nil)
		})
	}
	if s.may(im.GroupOpMute, member.Role) {
		mute := func(d time.Duration) {
			m.do(func(ctx context.Context) error { return client.SetGroupMemberMuteTime(ctx, g, member.UserID, d) }, nil)
		}
		if m.isMuted(&member) {
			add(m.tr.T("member.unmute"), func() { mute(0) })
		} else {
			item := fyne.NewMenuItem(m.tr.T("member.mute"), nil)
			item.ChildMenu = fyne.NewMenu("")
			for _, f := range muteFor {
				item.ChildMenu.Items = append(item.ChildMenu.Items, fyne.NewMenuItem(m.tr.T(f.key), func() { mute(f.d) }))
			}
			items = append(items, item)
		}
	}
	if s.may(im.GroupOpTransfer, member.Role) {
		add(m.tr.T("member.transfer"), func() { m.askTransfer(g, member) })
	}
	if s.may(im.GroupOpKick, member.Role) {
		add(m.tr.T("member.remove"), func() { m.askKick(g, member) })
	}
	m.app.popUp(at, items...)
}

// isMuted reports whether a member may not speak now.
func (m *mainScreen) isMuted(g *im.GroupMember) bool {
	return g.MuteUntil > m.s.client.ServerNow().UnixMilli()
}

// writeTo opens the conversation with a user, which is in the list from then on.
func (m *mainScreen) writeTo(u im.UserID) {
	m.listPerson(u, func(row im.Conversation) { m.openChat(row.ConversationID) })
}

// listPerson puts a conversation with a user into the list, empty as it is, and then
// does what there is to do with it; nil for nothing.
func (m *mainScreen) listPerson(u im.UserID, then func(im.Conversation)) {
	client := m.s.client
	beside(m.ctx, func(ctx context.Context) (im.Conversation, error) {
		return client.AddConversation(ctx, im.C2C(u))
	}, func(row im.Conversation, err error) {
		if err != nil {
			m.report(err)
			return
		}
		m.putRow(row)
		if then != nil {
			then(row)
		}
	})
}

// editCard changes what a member is called in the group.
func (m *mainScreen) editCard(g im.GroupID, member im.GroupMember) {
	field := widgets.NewTextField(m.tr.T("member.cardField"), first(member.Nick, string(member.UserID)))
	field.SetText(member.NameCard)
	text := m.tr.T("member.cardMine")
	if member.UserID != m.me {
		text = m.tr.F("member.cardOf", i18n.Args{"Name": memberName(&member)})
	}
	f := &form{
		app:     m.app,
		title:   m.tr.T("member.cardField"),
		text:    text,
		content: field,
		first:   field,
		yes:     m.tr.T("action.save"),
		done:    m.panel.reload,
	}
	client := m.s.client
	f.submit = func() (func(context.Context) error, error) {
		card := strings.TrimSpace(field.Text())
		return func(ctx context.Context) error {
			return client.SetGroupMemberNameCard(ctx, g, member.UserID, card)
		}, im.ValidateNameCard(card)
	}
	f.open()
}

func (m *mainScreen) askTransfer(g im.GroupID, member im.GroupMember) {
	client := m.s.client
	m.app.ask(question{
		title:  m.tr.T("transfer.title"),
		text:   m.tr.F("transfer.text", i18n.Args{"Name": memberName(&member)}),
		yes:    m.tr.T("transfer.yes"),
		no:     m.tr.T("action.cancel"),
		danger: true,
		onYes: func() {
			m.do(func(ctx context.Context) error { return client.ChangeGroupOwner(ctx, g, member.UserID) }, nil)
		},
	})
}

// askKick removes a member, with words that it is told.
func (m *mainScreen) askKick(g im.GroupID, member im.GroupMember) {
	field := widgets.NewTextField(m.tr.T("kick.reason"), m.tr.T("kick.reasonHint"))
	f := &form{
		app:     m.app,
		title:   m.tr.T("kick.title"),
		text:    m.tr.F("kick.text", i18n.Args{"Name": memberName(&member)}),
		content: field,
		first:   field,
		yes:     m.tr.T("kick.yes"),
		danger:  true,
		done:    func() {},
	}
	client := m.s.client
	f.submit = func() (func(context.Context) error, error) {
		reason := strings.TrimSpace(field.Text())
		return func(ctx context.Context) error {
			return client.KickGroupMembers(ctx, g, []im.UserID{member.UserID}, reason)
		}, nil
	}
	f.open()
}
