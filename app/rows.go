package app

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"magpie/app/core"
	"magpie/app/i18n"
	"magpie/im"
	"magpie/widgets"
	"magpie/widgets/theme"
)

// rows.go turns conversations into what the list shows.

// Len and At make the main screen the data of the list.
func (m *mainScreen) Len() int { return len(m.rows) }

// At implements widgets.Conversations.
func (m *mainScreen) At(i int) widgets.Conversation { return m.present(&m.rows[i]) }

// present is what the list shows of a conversation.
func (m *mainScreen) present(c *im.Conversation) widgets.Conversation {
	row := widgets.Conversation{
		ID:     c.ConversationID,
		Name:   m.name(c),
		Avatar: c.ConversationID.To(),
		Unread: c.UnreadCount,
		Muted:  c.MessageRemindType == im.RemindQuiet || c.MessageRemindType == im.RemindDiscard,
		Pinned: c.IsPinned,

		Picture:      m.picture(c),
		MarkedUnread: c.MarkedUnread,
		Mention:      m.mention(c),
	}
	if c.ConversationID.Type() == im.ConvSystem {
		row.Avatar, row.Initial = theme.SystemAvatar, theme.SystemAvatar
	}
	if c.Type == im.ConvC2C {
		row.Online = m.isOnline(c.ConversationID.Peer())
	}
	if l := c.LastMessage; l != nil {
		row.Time = m.times.list(time.UnixMilli(l.LastTime))
		row.Preview = m.preview(c, l)
		row.Pending = l.Status == im.StatusUnsent
		row.Failed = l.Status == im.StatusFail
	}
	if m.typesNow(c.ConversationID) {
		row.Preview, row.Pending, row.Failed = m.tr.T("chat.typing"), false, false
	}
	// The draft of the conversation that is open is in the composer.
	if draft := strings.TrimSpace(c.Draft); draft != "" && (m.chat == nil || m.chat.conv != c.ConversationID) {
		row.Draft = m.tr.T("list.draft")
		row.Preview = draft
	}
	if row.Draft == "" && m.s.notes.drafts[c.ConversationID] && m.conversation() != c.ConversationID {
		row.Draft = m.tr.T("list.draft")
		row.Preview = m.tr.T("list.voiceDraft")
	}
	return row
}

// picture is the avatar of a conversation, nil for its letter.
func (m *mainScreen) picture(c *im.Conversation) fyne.Resource {
	switch {
	case c.UserProfile != nil:
		return m.pictures.avatar(c.UserProfile.Avatar)
	case c.GroupProfile != nil:
		return m.pictures.avatar(c.GroupProfile.Avatar)
	}
	return nil
}

// mention says that unread messages of a group name the account, or everybody.
func (m *mainScreen) mention(c *im.Conversation) string {
	all := false
	for _, at := range c.GroupAtInfoList {
		for _, t := range at.AtTypeArray {
			if t == im.AtMe || t == im.AtAllAtMe {
				return m.tr.T("list.atMe")
			}
			all = all || t == im.AtAll
		}
	}
	if all {
		return m.tr.T("list.atAll")
	}
	return ""
}

// name is the best name for a conversation.
func (m *mainScreen) name(c *im.Conversation) string {
	if c.ConversationID.Peer() == m.me {
		return m.tr.T("list.self")
	}
	var name string
	switch {
	case c.Remark != "":
		name = c.Remark
	case c.UserProfile != nil:
		name = c.UserProfile.Name()
	case c.GroupProfile != nil:
		name = c.GroupProfile.Name
	}
	if c.ConversationID.Type() == im.ConvSystem {
		return m.tr.T("list.system")
	}
	return first(name, c.ConversationID.To())
}

// preview is the last message in words, with its sender in a group.
func (m *mainScreen) preview(c *im.Conversation, l *im.LastMessage) string {
	who := first(l.NameCard, l.Nick, string(l.FromAccount))
	if l.IsRevoked {
		if l.Revoker != "" && l.Revoker != l.FromAccount {
			who = l.RevokerNick
		}
		return im.RevokedForShow(m.tr.Language(), l.Revoker, l.FromAccount, who, m.me)
	}
	words := l.MessageForShow
	if l.Payload != nil {
		words = im.MessageForShow(l.Payload, m.tr.Language())
	}
	if words == "" || c.Type != im.ConvGroup || l.Type == im.MsgGroupTip || l.FromAccount == im.SystemUser {
		return words
	}
	if l.FromAccount == m.me {
		who = m.tr.T("list.you")
	}
	return m.tr.F("list.preview", i18n.Args{"Name": who, "Text": words})
}

// row returns what is known of a conversation; ok is false if it is not in the
// list.
func (m *mainScreen) row(conv im.ConversationID) (row im.Conversation, ok bool) {
	row = im.Conversation{ConversationID: conv, Type: conv.Type()}
	if i := m.index(conv); i >= 0 {
		row, ok = m.rows[i], true
	} else if other, known := m.others[conv]; known {
		row = other
	}
	m.s.drafts.over(&row)
	return row, ok
}

func (m *mainScreen) index(conv im.ConversationID) int {
	return slices.IndexFunc(m.rows, func(c im.Conversation) bool { return c.ConversationID == conv })
}

// putRow brings in what was learnt about one conversation.
func (m *mainScreen) putRow(row im.Conversation) {
	if i := m.index(row.ConversationID); i >= 0 {
		m.s.drafts.over(&row)
		m.rows[i] = row
		m.list.Refresh()
	} else {
		m.others[row.ConversationID] = row
	}
	if m.chat != nil && m.chat.conv == row.ConversationID {
		m.chat.readByPeer(row.PeerRead)
		m.showHeader()
		m.showClosed()
		m.panel.draw()
		m.canvas.SetWords(m.canvasWords()) // which kind of group it is may be news
	}
}

// loadList reads the whole list from the disk; then is called with it in place,
// and may be nil.
func (m *mainScreen) loadList(then func()) {
	if m.loading {
		m.reload = true
		return
	}
	m.loading, m.reload, m.told = true, false, nil
	client := m.s.client
	beside(m.ctx, func(ctx context.Context) ([]im.Conversation, error) {
		var all []im.Conversation
		for {
			part, err := client.Conversations(ctx, len(all), im.ConversationPage)
			if all = append(all, part...); err != nil || len(part) < im.ConversationPage {
				return all, err
			}
		}
	}, func(all []im.Conversation, err error) {
		m.loading = false
		if err != nil {
			m.report(err)
			return
		}
		m.rows = nil
		m.setRows(all)
		if m.told != nil { // it may have been read before that happened
			m.setRows(m.told)
		}
		if m.reload {
			m.loadList(nil)
		}
		if then != nil {
			then()
		}
	})
}

// listChanged takes in what an event says of the list: the first part of it.
// What changed below that is read again.
func (m *mainScreen) listChanged(e core.ConversationListUpdated) {
	if m.loading {
		m.told = e.Conversations
	}
	m.setRows(e.Conversations)
	m.showHeader()
	m.showClosed()
	m.panel.changed(e.Changed)
	below := func(id im.ConversationID) bool {
		return !slices.ContainsFunc(e.Conversations, func(c im.Conversation) bool { return c.ConversationID == id })
	}
	if len(e.Conversations) >= im.ConversationPage && slices.ContainsFunc(e.Changed, below) {
		m.loadList(nil)
	}
}

// setRows replaces the first part of the list, which is what events carry, and
// keeps what is below it.
func (m *mainScreen) setRows(rows []im.Conversation) {
	if i := m.index(m.conversation()); i >= 0 { // it may not be in the list any more
		m.others[m.rows[i].ConversationID] = m.rows[i]
	}
	known := map[im.ConversationID]bool{}
	for _, c := range rows {
		known[c.ConversationID] = true
	}
	var below []im.Conversation
	if len(rows) >= im.ConversationPage {
		for _, c := range m.rows {
			if !known[c.ConversationID] {
				below = append(below, c)
			}
		}
	}
	m.rows = append(slices.Clone(rows), below...)
	for i := range m.rows {
		m.s.drafts.over(&m.rows[i])
	}
	slices.SortStableFunc(m.rows, func(a, b im.Conversation) int {
		if a.IsPinned != b.IsPinned {
			if a.IsPinned {
				return -1
			}
			return 1
		}
		return cmp.Compare(lastTime(b), lastTime(a))
	})
	m.watchPeers()
	m.list.Refresh()
}

func lastTime(c im.Conversation) int64 {
	if c.LastMessage == nil {
		return 0
	}
	return c.LastMessage.LastTime
}
