package app

import (
	"context"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"magpie/app/core"
	"magpie/app/i18n"
	"magpie/im"
	"magpie/widgets"
	"magpie/widgets/textlayout"
	"magpie/widgets/theme"
)

// rows.go turns conversations into what the list shows.

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
func (m *mainScreen) name(c *im.Conversation) string { return conversationName(m.tr, m.me, c) }

func conversationName(tr *i18n.Translator, me im.UserID, c *im.Conversation) string {
	if c.ConversationID.Peer() == me {
		return tr.T("list.self")
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
		return tr.T("list.system")
	}
	if textlayout.Blank(name) {
		name = ""
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
	words = im.ShowEmoji(words)
	if words == "" || c.Type != im.ConvGroup || l.Type == im.MsgGroupTip || l.FromAccount == im.SystemUser {
		return words
	}
	if p, ok := l.Payload.(im.CustomPayload); ok && p.GroupCreated() {
		return words // nobody says that
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

// index is where a conversation is in rows, -1 if it is not in the list.
func (m *mainScreen) index(conv im.ConversationID) int {
	for i := range m.rows { // a row is large: none is copied
		if m.rows[i].ConversationID == conv {
			return i
		}
	}
	return -1
}

// answer is what was learnt about a conversation by asking, and when. An event that was
// on its way then may say what was before.
type answer struct {
	row im.Conversation
	at  time.Time
}

// answerFor is how long an event may have been on its way.
const answerFor = 2 * time.Second

// after reports whether a row is of a time before the answer: of the same messages less
// was read then.
func (a *answer) after(row *im.Conversation) bool {
	return time.Since(a.at) < answerFor && row.Read < a.row.Read && lastSequence(row) <= lastSequence(&a.row)
}

// putRow brings in what was learnt about one conversation.
func (m *mainScreen) putRow(row im.Conversation) {
	m.answers[row.ConversationID] = answer{row, time.Now()}
	if i := m.index(row.ConversationID); i >= 0 {
		m.s.drafts.over(&row)
		m.rows[i] = row
		m.refreshList()
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

// listChunk is how many conversations are read at once: the store goes over all
// those before a part to find it, so there should be few parts.
const listChunk = 20 * im.ConversationPage

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
			part, err := client.Conversations(ctx, len(all), listChunk)
			if all = append(all, part...); err != nil || len(part) < listChunk {
				return all, err
			}
		}
	}, func(all []im.Conversation, err error) {
		m.loading = false
		m.list.SetLoading(false)
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
// keeps what is below it. The list may be very long and this runs for every event,
// so it goes through it once and copies no more than it must.
func (m *mainScreen) setRows(rows []im.Conversation) {
	if i := m.index(m.conversation()); i >= 0 { // it may not be in the list any more
		m.others[m.rows[i].ConversationID] = m.rows[i]
	}
	all := slices.Clone(rows)
	if len(rows) >= im.ConversationPage && len(m.rows) > 0 {
		known := make(map[im.ConversationID]bool, len(rows))
		for i := range rows {
			known[rows[i].ConversationID] = true
		}
		all = slices.Grow(all, len(m.rows))
		for i := range m.rows {
			if !known[m.rows[i].ConversationID] {
				all = append(all, m.rows[i])
			}
		}
	}
	for i := range all {
		if a, asked := m.answers[all[i].ConversationID]; asked && a.after(&all[i]) {
			all[i] = a.row
		} else if asked {
			delete(m.answers, all[i].ConversationID)
		}
		m.s.drafts.over(&all[i])
	}
	m.rows = inOrder(all)
	m.bringBack()
	m.watchPeers()
	m.refreshList()
	if m.forwarding != nil {
		m.forwarding.learn()
	}
}

// inOrder sorts a list: pinned conversations first, then by the last message. It is
// nearly always in order: the store hands out its rows so.
func inOrder(all []im.Conversation) []im.Conversation {
	for i := 1; i < len(all); i++ {
		if before(&all[i], &all[i-1]) {
			slices.SortStableFunc(all, func(a, b im.Conversation) int {
				switch {
				case before(&a, &b):
					return -1
				case before(&b, &a):
					return 1
				}
				return 0
			})
			break
		}
	}
	return all
}

// before reports whether a stands above b.
func before(a, b *im.Conversation) bool {
	if a.IsPinned != b.IsPinned {
		return a.IsPinned
	}
	return lastTime(a) > lastTime(b)
}

func lastTime(c *im.Conversation) int64 {
	if c.LastMessage == nil {
		return 0
	}
	return c.LastMessage.LastTime
}
