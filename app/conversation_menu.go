package app

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"magpie/im"
	"magpie/widgets"
)

// conversationMenu is what a row of the list offers.
func (m *mainScreen) conversationMenu(conv im.ConversationID, at fyne.Position) {
	row, _ := m.row(conv)
	client := m.s.client
	items := []*fyne.MenuItem{fyne.NewMenuItem(m.tr.T("menu.open"), func() { m.openChat(conv) })}
	pin := m.tr.T("menu.pin")
	if row.IsPinned {
		pin = m.tr.T("menu.unpin")
	}
	items = append(items, fyne.NewMenuItem(pin, func() { m.pin(conv, !row.IsPinned) }))
	if conv.Type() != im.ConvSystem {
		mute := fyne.NewMenuItem(m.tr.T("menu.notifications"), nil)
		mute.ChildMenu = fyne.NewMenu("", m.remindItems(&row)...)
		items = append(items, mute)
	}
	if row.UnreadCount > 0 || row.MarkedUnread {
		items = append(items, fyne.NewMenuItem(m.tr.T("menu.markRead"), func() { m.markRead(conv) }))
	} else {
		items = append(items, fyne.NewMenuItem(m.tr.T("menu.markUnread"), func() {
			m.do(func(ctx context.Context) error { return client.MarkConversationUnread(ctx, conv, true) }, nil)
		}))
	}
	if conv.Type() == im.ConvC2C && conv.Peer() != m.me {
		items = append(items, fyne.NewMenuItem(m.tr.T("menu.remark"), func() { m.editRemark(conv) }))
	}
	items = append(items,
		fyne.NewMenuItem(m.tr.T("menu.export"), func() { m.askExport(conv) }),
		fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem(m.tr.T("menu.deleteConversation"), func() { m.deleteConversation(conv) }))
	m.app.popUp(at, items...)
}

// do runs an operation beside the user interface and reports what went wrong;
// done, which may be nil, runs if nothing did.
func (m *mainScreen) do(work func(context.Context) error, done func()) {
	beside(m.ctx, func(ctx context.Context) (struct{}, error) { return struct{}{}, work(ctx) }, func(_ struct{}, err error) {
		if err != nil {
			m.report(err)
			return
		}
		if done != nil {
			done()
		}
	})
}

func (m *mainScreen) pin(conv im.ConversationID, on bool) {
	client := m.s.client
	m.do(func(ctx context.Context) error { return client.PinConversation(ctx, conv, on) }, nil)
}

// remindTypes are what messages of a conversation may do, the most first.
var remindTypes = []im.RemindType{im.RemindNotify, im.RemindQuiet, im.RemindDiscard}

// remindOf is the remind type of a conversation; one without has the default.
func remindOf(row *im.Conversation) im.RemindType {
	if row.MessageRemindType == "" {
		return im.RemindNotify
	}
	return row.MessageRemindType
}

// remindItems are the three kinds of being told of messages, for a menu.
func (m *mainScreen) remindItems(row *im.Conversation) []*fyne.MenuItem {
	client, conv := m.s.client, row.ConversationID
	var items []*fyne.MenuItem
	for _, t := range remindTypes {
		item := fyne.NewMenuItem(m.tr.T("remind."+string(t)), func() {
			m.do(func(ctx context.Context) error { return client.SetMessageRemindType(ctx, conv, t) }, nil)
		})
		item.Checked = remindOf(row) == t
		items = append(items, item)
	}
	return items
}

func (m *mainScreen) markRead(conv im.ConversationID) {
	client := m.s.client
	row, _ := m.row(conv)
	m.do(func(ctx context.Context) error {
		if row.MarkedUnread {
			if err := client.MarkConversationUnread(ctx, conv, false); err != nil {
				return err
			}
		}
		return client.SetMessageRead(ctx, conv)
	}, nil)
}

// unmark takes back that the open conversation was marked as unread, once it is
// before somebody's eyes.
func (c *chat) unmark() {
	row, _ := c.m.row(c.conv)
	if !row.MarkedUnread || !c.m.looking() {
		return
	}
	client, conv := c.m.s.client, c.conv
	beside(c.m.ctx, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, client.MarkConversationUnread(ctx, conv, false)
	}, func(_ struct{}, err error) {
		if err != nil {
			c.m.reportQuietly(err)
		}
	})
}

// editRemark gives a person a name that only the account sees.
func (m *mainScreen) editRemark(conv im.ConversationID) {
	row, _ := m.row(conv)
	field := widgets.NewTextField(m.tr.T("remark.field"), m.peerName(&row))
	field.SetText(row.Remark)
	f := &form{
		app:     m.app,
		title:   m.tr.T("remark.title"),
		text:    m.tr.T("remark.text"),
		content: field,
		first:   field,
		yes:     m.tr.T("action.save"),
		done:    func() {},
	}
	client := m.s.client
	f.submit = func() (func(context.Context) error, error) {
		remark := strings.TrimSpace(field.Text())
		return func(ctx context.Context) error { return client.SetRemark(ctx, conv, remark) }, nil
	}
	f.open()
}

// peerName is the name that the other side gave itself.
func (m *mainScreen) peerName(row *im.Conversation) string {
	if row.UserProfile != nil {
		return row.UserProfile.Name()
	}
	return row.ConversationID.To()
}
