package app

import (
	"context"
	"time"

	"magpie/app/core"
	"magpie/app/i18n"
	"magpie/im"
	"magpie/widgets/canvas"
	"magpie/widgets/theme"
)

// apply brings a frame's events onto the screen.
func (m *mainScreen) apply(events []core.Event) {
	for _, e := range events {
		if m.ctx.Err() != nil { // left, maybe by the event before
			return
		}
		switch e := e.(type) {
		case core.StateChanged:
			before := m.connected()
			m.state = e
			switch {
			case m.connected():
				m.lost = time.Time{}
			case before:
				m.lost = m.app.now()
			}
			m.showState()
			m.showMe()
			m.showHeader()
			m.settings.stateChanged()
			m.list.Refresh()
			m.inChat(func(c *chat) { c.connection(m.connected()) })
		case core.SDKReady:
			m.kicked, m.refused = "", nil
			m.rewatch()
			m.inChat((*chat).loadProfile)
			m.s.thumbs.Retry()
			m.viewing.retry()
		case core.KickedOut:
			m.kicked = e.Type
			m.showState()
		case core.ErrorEvent:
			m.failed(e)
		case core.GroupNoticeReceived:
			m.noticed(&e.Message)
		case core.BlacklistUpdated:
			m.panel.reload()
		case core.MessageReceived:
			m.stopTyping(e.Messages)
			m.panel.shared.received(e.Messages)
			m.viewing.received(e.Messages)
			if len(e.Messages) > 0 {
				m.inConversation(e.Messages[0].ConversationID, func(c *chat) { c.received(e.Messages) })
			}
		case core.MessageUpdated:
			m.countWaiting()
			m.showUpload(e.Message.ID)
			m.panel.shared.received([]im.Message{e.Message})
			m.inConversation(e.Message.ConversationID, func(c *chat) {
				c.apply(canvas.Changes{Put: []canvas.Item{c.present.item(&e.Message)}})
			})
		case core.MessageHeard:
			m.inConversation(e.ConversationID, func(c *chat) { c.listenedTo(e.Messages) })
		case core.MessageRevoked:
			m.forgetMedia(e.Messages)
			for i := range e.Messages {
				m.stopPlaying(e.Messages[i].ID)
			}
			if len(e.Messages) > 0 {
				m.inConversation(e.Messages[0].ConversationID, func(c *chat) { c.revoked(e.Messages) })
			}
		case core.Typing:
			m.showTyping(m.typers.tell(e, m.app.now()))
		case core.TransferProgress:
			m.transferred(e)
		case core.DownloadEnded:
			m.downloaded(e)
		case core.FilesRemoved:
			m.inChat(func(c *chat) { c.showAnew(e.Addresses...) })
		case core.MessageRemoved:
			m.countWaiting()
			m.showUpload(e.ID)
			m.stopPlaying(e.ID)
			m.inConversation(e.ConversationID, func(c *chat) {
				c.present.originals.removed(e.ID)
				c.apply(canvas.Changes{Remove: []canvas.Key{canvas.Key(e.ID)}})
			})
		case core.MessagesDeleted:
			m.forgetMedia(e.Messages)
			for i := range e.Messages {
				m.stopPlaying(e.Messages[i].ID)
			}
			m.inConversation(e.ConversationID, func(c *chat) { c.deleted(e.Messages) })
		case core.HistoryChanged:
			if e.Truncated {
				m.forgetReading(e.ConversationID)
			}
			m.inConversation(e.ConversationID, func(c *chat) {
				if e.Truncated {
					m.reopen()
					return
				}
				c.refilled(e.From, e.To)
			})
		case core.HistoryProgress:
			if p := m.settings; p != nil && p.fetched != nil {
				p.fetched(e)
			}
		case core.MessageReadByPeer:
			m.inConversation(e.ConversationID, func(c *chat) { c.readByPeer(e.Sequence) })
		case core.ConversationListUpdated:
			m.listChanged(e)
			m.app.showTray()
		case core.TotalUnreadUpdated:
			m.app.setTitle(e.Unread)
		case core.ProfileUpdated:
			m.showMe()
			m.panel.draw()
			m.inChat(func(c *chat) { c.profilesChanged(e.Profiles) })
		case core.GroupListUpdated:
			m.inConversation(im.GroupConversation(e.Group.GroupID), func(c *chat) { c.groupChanged(&e.Group, e.Left) })
		case core.UserStatusUpdated:
			for _, u := range e.Users {
				m.online[u.UserID] = u.StatusType
			}
			m.list.Refresh()
			m.showHeader()
			m.panel.presence()
		}
	}
}

func (m *mainScreen) inConversation(conv im.ConversationID, do func(*chat)) {
	if m.chat != nil && m.chat.conv == conv {
		do(m.chat)
	}
}

// reopen shows the open conversation anew.
func (m *mainScreen) reopen() {
	if m.chat != nil {
		conv := m.chat.conv
		m.closeChat()
		m.openChat(conv)
	}
}

// failed tells of what no call returned.
func (m *mainScreen) failed(e core.ErrorEvent) {
	if e.SignIn {
		m.refused = e.Error
		m.showState()
		return
	}
	switch e.Error.Code {
	case im.CodeStoreDamaged:
		m.app.checkup()
		return
	case im.CodeReadOnly:
		return // the banner says so
	}
	m.report(e.Error)
}

// showState says in the banner how the connection stands, if there is anything
// to say. A connection that is just being made is not worth a word.
func (m *mainScreen) showState() {
	strong, sentence, action := "", "", ""
	switch {
	case m.s.client.ReadOnly():
		strong, sentence, action = m.tr.T("banner.readOnly"), m.tr.T("banner.readOnlyWords"), m.tr.T("action.tryAgain")
		m.banner.OnAction = m.app.repair
	case m.kicked != "":
		strong, sentence, action = m.tr.T("banner.signedOut"), m.tr.T("kicked."+string(m.kicked)), m.tr.T("banner.signInAgain")
		m.banner.OnAction = m.signInAgain
	case m.refused != nil:
		strong, sentence, action = m.tr.T("banner.signedOut"), m.refused.Message(m.tr.Language()), m.tr.T("banner.signInAgain")
		switch m.refused.Code {
		case im.CodeUserSigEmpty: // what let it in is gone from the disk
			sentence = m.tr.T("banner.signInGone")
		case im.CodeUserSigInvalid, im.CodeUserSigMismatch, im.CodeUserSigRevoked: // of which a person knows nothing
			sentence = m.tr.T("banner.signInRefused")
		}
		if m.refused.Code == im.CodeCertificate {
			strong, action = m.tr.T("banner.otherServer"), m.tr.T("action.tryAgain")
		}
		m.banner.OnAction = m.signInAgain
	case m.state.State == core.Offline && m.state.Error != nil:
		strong, sentence, action = m.offlineHead(), m.offlineWords(), m.tr.T("banner.retryNow")
		client := m.s.client
		m.banner.OnAction = func() { go client.RetryNow() }
	case m.state.State == core.Connecting && m.banner.Visible():
		strong, sentence = m.offlineHead(), m.tr.T("banner.connecting")
	}
	if sentence == "" {
		if m.banner.Visible() {
			m.banner.Hide()
			m.content.Refresh()
		}
		return
	}
	changed := m.banner.SetWords(strong, sentence, action)
	if !m.banner.Visible() {
		m.banner.Show()
		changed = true
	}
	if changed { // each refresh paints the whole window
		m.content.Refresh()
	}
}

// offlineHead says that there is no connection and, once that is worth a word, since
// when: of what one looks at, nothing is newer.
func (m *mainScreen) offlineHead() string {
	if m.lost.IsZero() || m.app.now().Sub(m.lost) < time.Minute {
		return m.tr.T("banner.offline")
	}
	return m.tr.F("banner.offlineSince", i18n.Args{"Since": m.times.until(m.lost)})
}

// offlineWords say what still works, what waits and when the next attempt is.
func (m *mainScreen) offlineWords() string {
	words := m.tr.T("banner.historyAvailable")
	if n := m.waiting; n > 0 {
		words += " " + m.tr.N("banner.waiting", n, nil)
	}
	if m.state.RetryAt > 0 {
		if s := int(time.Until(time.UnixMilli(m.state.RetryAt)).Round(time.Second).Seconds()); s > 0 {
			words += " " + m.tr.N("banner.retrying", s, nil)
		}
	}
	return words
}

// countWaiting asks how many own messages are not sent yet.
func (m *mainScreen) countWaiting() {
	store := m.s.store
	beside(m.ctx, func(context.Context) (n int, err error) {
		rows, err := store.Outbox()
		for i := range rows {
			if rows[i].Message.Status != im.StatusFail {
				n++
			}
		}
		return n, err
	}, func(n int, err error) {
		if err == nil && n != m.waiting {
			m.waiting = n
			m.showState()
		}
	})
}

// showMe shows the own avatar, with a dot while the server is reached.
func (m *mainScreen) showMe() {
	client := m.s.client
	online := m.connected()
	beside(m.ctx, func(context.Context) (im.Profile, error) { return client.MyProfile() }, func(p im.Profile, err error) {
		name := string(m.me)
		if err == nil {
			name = p.Name()
		}
		m.myName = name
		m.inChat(func(c *chat) { c.present.self = name })
		m.side.SetMe(string(m.me), name, online)
		m.side.SetPicture(m.pictures.avatar(p.Avatar))
	})
}

// showHeader shows who the open conversation is with.
func (m *mainScreen) showHeader() {
	c := m.chat
	if c == nil {
		return
	}
	row, _ := m.row(c.conv)
	online := c.conv.Type() == im.ConvC2C && m.isOnline(c.conv.Peer())
	name := m.name(&row)
	avatar, initial := c.conv.To(), ""
	if c.conv.Type() == im.ConvSystem {
		avatar, initial = theme.SystemAvatar, theme.SystemAvatar
	}
	m.header.SetChat(avatar, name, c.subtitle(), online)
	m.header.SetInitial(initial)
	m.header.SetPicture(m.picture(&row))
	m.composer.SetPlaceholder(m.tr.F("composer.placeholder", i18n.Args{"Name": name}))
}

// watch asks who of users is online, and to be told of changes.
func (m *mainScreen) watch(users ...im.UserID) {
	var news []im.UserID
	for _, u := range users {
		if u != "" && !m.watched[u] {
			m.watched[u] = true
			news = append(news, u)
		}
	}
	m.askPresence(news)
}

// watchPeers watches everyone of the first part of the list.
func (m *mainScreen) watchPeers() {
	if m.state.State != core.Ready {
		return
	}
	var peers []im.UserID
	for i := range m.rows[:min(len(m.rows), im.ConversationPage)] {
		peers = append(peers, m.rows[i].ConversationID.Peer())
	}
	m.watch(peers...)
}

// rewatch asks again after a connection was made.
func (m *mainScreen) rewatch() {
	var users []im.UserID
	for u := range m.watched {
		users = append(users, u)
	}
	m.askPresence(users)
	m.watchPeers()
}

func (m *mainScreen) askPresence(users []im.UserID) {
	const atOnce = 500 // the most that one request may name
	client := m.s.client
	for len(users) > 0 {
		part := users[:min(atOnce, len(users))]
		users = users[len(part):]
		beside(m.ctx, func(ctx context.Context) ([]im.UserPresence, error) {
			return client.Presence(ctx, part...)
		}, func(states []im.UserPresence, err error) {
			if err != nil {
				for _, u := range part {
					delete(m.watched, u) // asked again when there is a connection
				}
				return
			}
			for _, u := range states {
				m.online[u.UserID] = u.StatusType
			}
			m.list.Refresh()
			m.showHeader()
		})
	}
}

// isOnline reports whether a user is known to be connected. Without a connection
// of our own nothing is known.
func (m *mainScreen) isOnline(u im.UserID) bool {
	return m.connected() && m.online[u] == im.StatusOnline
}

// onlineCount is how many of the open group's members are connected.
func (m *mainScreen) onlineCount() int {
	n := 0
	for _, u := range m.groupUsers {
		if m.isOnline(u) {
			n++
		}
	}
	return n
}
