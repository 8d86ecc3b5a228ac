package app

import (
	"context"
	"errors"
	"slices"

	"fyne.io/fyne/v2"

	"magpie/app/core"
	"magpie/app/i18n"
	"magpie/app/profile"
	"magpie/im"
	"magpie/widgets/canvas"
	"magpie/widgets/loop"
)

// chat is the conversation that is open in the main screen: what its messages
// need while they are shown.
type chat struct {
	m       *mainScreen
	conv    im.ConversationID
	present *presenter
	source  *source
	ctx     context.Context
	cancel  context.CancelFunc
	// members is how many the group has, 0 if not known.
	members int
	roster  []im.GroupMember
	// missed is how many messages came, after the sequence missedAfter, while
	// nobody was looking.
	missed      int
	missedAfter uint64
	// counted is the newest sequence that the row's number of unread messages knew of
	// when the conversation was opened. What comes below it was lost here and is
	// fetched again: it is among missed already.
	counted uint64
	fresh   freshness
	writing
	// voice is the voice note in the composer, nil for none.
	voice *voiceNote
	// leftWords say why the account is no member of the group any more, "" while
	// it is one; mutedUntil is when it may speak again, ms since 1970.
	leftWords  string
	mutedUntil int64
	// asking is how many notices wait for an answer, answering which are being
	// answered.
	asking    int
	answering map[canvas.Key]bool
	holes     holes
	media     shownMedia
	// settling is where the canvas was a second ago, see settleReading.
	settling canvas.Reading
}

// apply puts on the canvas what an event brought.
func (c *chat) apply(ch canvas.Changes) {
	c.fresh.now(ch)
	c.m.canvas.Apply(ch)
	c.quoteMissed()
}

// reread reads a page again and puts on the canvas what build makes of it,
// unless that is older than what is there.
func (c *chat) reread(q core.HistoryQuery, build func(items []canvas.Item) canvas.Changes) {
	c.rereadThen(q, build, func() {})
}

// rereadThen is reread with something to do at the end, however that comes.
func (c *chat) rereadThen(q core.HistoryQuery, build func(items []canvas.Item) canvas.Changes, then func()) {
	stamp := c.fresh.begin()
	var found map[im.MessageID]original
	beside(c.ctx, func(ctx context.Context) (core.HistoryPage, error) {
		p, err := c.m.s.client.History(ctx, c.conv, q)
		found = c.source.originals(p)
		return p, err
	}, func(p core.HistoryPage, err error) {
		if err != nil {
			c.fresh.done(stamp, canvas.Changes{})
			c.source.failed(err)
		} else {
			c.present.originals.learn(found)
			c.m.canvas.Apply(c.fresh.done(stamp, build(c.source.items(p))))
		}
		then()
	})
}

// openChat shows a conversation, with the keyboard in the composer.
func (m *mainScreen) openChat(conv im.ConversationID) {
	m.putBack(conv) // who opens it has not done with it
	if m.chat != nil && m.chat.conv == conv {
		m.showColumn(columnChat)
		m.composer.Focus()
		return
	}
	m.closeChat()
	c := &chat{m: m, conv: conv, answering: map[canvas.Key]bool{}, writing: m.newWriting(conv)}
	c.ctx, c.cancel = context.WithCancel(m.ctx)
	c.present = &presenter{
		tr:        m.tr,
		conv:      conv,
		me:        m.me,
		connected: m.connected(),

		holesFailed: map[canvas.Key]string{},

		names:   map[im.UserID]string{},
		avatars: map[im.UserID]string{},
		picture: func(conv im.ConversationID) fyne.Resource {
			row, _ := m.row(conv)
			return m.picture(&row)
		},
		pictures: m.pictures,
		recallable: func(id im.MessageID) bool {
			_, ok := m.recalledText(id)
			return ok
		},
		originals: &originals{},

		self:  m.myName,
		here:  m.s.client.HasFile,
		shown: c.shownMedia,
	}
	c.source = &source{
		ctx:      c.ctx,
		history:  m.s.client,
		messages: m.s.client,
		conv:     conv,
		present:  c.present,
		do:       loop.Do,
		failed:   func(err error) { m.app.say(m.tr.Error(err)) },
	}
	m.chat = c
	row, known := m.row(conv)
	c.present.peerRead = row.PeerRead
	c.missed, c.missedAfter = int(row.UnreadCount), row.Read
	opening := canvas.Opening{Source: c.source, Unread: int(row.UnreadCount), ReadUpTo: row.Read}
	opening.At, opening.Reading = m.openingAt, c.lastReading()
	if last := row.LastMessage; known && last != nil {
		opening.Last, c.counted = last.LastSequence, last.LastSequence
	}
	m.canvas.SetWords(m.canvasWords())
	m.canvas.Open(opening)
	m.closedWords = ""
	m.showClosed()
	m.showChat()
	m.showColumn(columnChat)
	m.panel.follow()
	c.unmark()
	if !known && conv.Type() == im.ConvGroup {
		c.whyLeft(false)
	}
	c.showMentions()
	m.composer.Open(string(conv), row.Draft)
	m.composer.SetProblem("")
	c.restoreTray()
	c.restoreAnswer()
	m.composer.Focus()
	m.selectRow(conv)
	c.loadBounds()
	c.loadProfile()
	c.findVoice()
	m.app.playing.show()
	c.offerMention(&row)
	if m.app.settings.Conversation != conv {
		m.app.change(func(s *profile.Settings) { s.Conversation = conv })
	}
}

// closeChat leaves the open conversation; its draft is on disk already.
func (m *mainScreen) closeChat() {
	if m.chat == nil {
		return
	}
	m.chat.keepReading()
	m.chat.leaveWriting()
	m.chat.leaveVoice()
	m.chat.cancel()
	m.chat = nil
	m.canvas.Close()
}

// loadBounds scales the scroll bar to what the server has.
func (c *chat) loadBounds() {
	beside(c.ctx, func(ctx context.Context) (core.HistoryPage, error) {
		return c.m.s.client.History(ctx, c.conv, core.HistoryQuery{Limit: 1})
	}, func(p core.HistoryPage, err error) {
		if err == nil { // the source tells of a history that cannot be read
			c.m.canvas.SetBounds(p.First, p.Last)
		}
	})
}

// loadProfile asks who or what the conversation is with, and who is online.
func (c *chat) loadProfile() {
	client := c.m.s.client
	beside(c.ctx, func(ctx context.Context) (im.Conversation, error) {
		return client.GetConversationProfile(ctx, c.conv)
	}, func(row im.Conversation, err error) {
		switch im.CodeOf(err) {
		case im.CodeGroupNotFound, im.CodeGroupPermission: // not a member, or not any more
			c.whyLeft(true)
			return
		}
		if err != nil {
			c.m.reportQuietly(err)
			return
		}
		c.m.putRow(row)
		if c.conv.Type() == im.ConvSystem {
			c.countNotices()
			return
		}
		if c.conv.Type() == im.ConvGroup {
			c.loadMembers()
			return
		}
		c.m.watch(c.conv.Peer())
		if row.UserProfile != nil {
			c.learnFaces(map[im.UserID]string{c.conv.Peer(): row.UserProfile.Avatar})
		}
	})
}

func (c *chat) loadMembers() {
	client := c.m.s.client
	beside(c.ctx, func(ctx context.Context) ([]im.GroupMember, error) {
		return client.GroupMembers(ctx, c.conv.Group())
	}, func(members []im.GroupMember, err error) {
		switch im.CodeOf(err) {
		case im.CodeGroupNotFound, im.CodeGroupPermission: // it ended meanwhile
			c.whyLeft(true)
			return
		}
		if err != nil {
			c.m.reportQuietly(err)
			return
		}
		c.members, c.roster = len(members), members
		c.learnPeople(members)
		if c.present.learn(members) { // the names that are mentioned are known by now
			c.redraw(core.HistoryQuery{Limit: canvas.MaxItems}, func(it *canvas.Item) bool { return len(it.Mentions) > 0 })
		}
		var users []im.UserID
		faces := map[im.UserID]string{}
		for _, member := range members {
			faces[member.UserID] = member.Avatar
			users = append(users, member.UserID)
		}
		c.learnFaces(faces)
		c.m.groupUsers = users
		c.learnMe(members)
		c.m.panel.setMembers(c.conv, members)
		c.m.watch(users...)
		c.m.showHeader()
	})
}

// received puts messages of this conversation on the canvas. Those for online
// users only are not part of it.
func (c *chat) received(messages []im.Message) {
	var ch canvas.Changes
	for i := range messages {
		m := &messages[i]
		if m.Sequence == 0 && m.OnlineUserOnly {
			continue
		}
		ch.Put = append(ch.Put, c.present.item(m))
		if m.Type == im.MsgGroupTip {
			c.loadMembers()
		}
		if m.Type == im.MsgGroupNotice {
			c.countNotices()
		}
	}
	if len(ch.Put) > 0 {
		c.closeUp(&ch)
		c.apply(ch)
		c.mark(ch.Put)
	}
}

// mark draws the line above what came while nobody was looking, so that whoever
// comes back sees where to begin. It stays until they have been away again.
func (c *chat) mark(news []canvas.Item) {
	if c.m.looking() {
		return
	}
	for i := range news {
		it := &news[i]
		if it.Own || it.Sequence <= c.counted {
			continue
		}
		if c.missed == 0 {
			c.missedAfter = it.Sequence - 1
		}
		c.missed++
	}
	if c.missed > 0 {
		c.m.canvas.SetDivider(c.missedAfter, c.missed)
	}
}

// readByPeer turns the marks of own messages up to a sequence.
func (c *chat) readByPeer(sequence uint64) {
	if sequence <= c.present.peerRead {
		return
	}
	c.present.peerRead = sequence
	c.redraw(core.HistoryQuery{Before: sequence + 1, Limit: canvas.MaxItems}, func(it *canvas.Item) bool { return it.Own })
}

// connection shows whether what waits is on its way, and what is missing too.
func (c *chat) connection(connected bool) {
	if c.present.connected == connected {
		return
	}
	c.present.connected = connected
	clear(c.present.holesFailed)
	c.m.canvas.ChangeHoles(c.present.holeState)
	c.redraw(core.HistoryQuery{Limit: 1}, func(it *canvas.Item) bool { return it.Sequence == 0 })
}

// redraw reads items again and puts those that count on the canvas.
func (c *chat) redraw(q core.HistoryQuery, counts func(*canvas.Item) bool) {
	c.reread(q, func(items []canvas.Item) canvas.Changes {
		return canvas.Changes{Put: slices.DeleteFunc(items, func(it canvas.Item) bool { return !counts(&it) })}
	})
}

// keepDraft writes what is typed and not sent.
func (m *mainScreen) keepDraft(conv im.ConversationID, text string) {
	app, tr := m.app, m.tr
	m.s.drafts.keep(app.files, m.s.client, conv, text, func(err error) {
		loop.Do(func() { app.say(tr.Error(err)) })
	})
	if i := m.index(conv); i >= 0 {
		m.rows[i].Draft = text
	}
}

// seen reports what was on the screen of a window that is in front.
func (c *chat) seen(_ canvas.Key, sequence uint64) {
	if sequence == 0 {
		return
	}
	client, conv, m := c.m.s.client, c.conv, c.m
	m.app.files.add(func() {
		if err := client.SetMessageReadUpTo(context.Background(), conv, sequence); err != nil && !errors.Is(err, context.Canceled) {
			loop.Do(func() { m.app.say(m.tr.Error(err)) })
		}
	})
}

// resend and cancel act on a message that was not sent.
func (c *chat) resend(key canvas.Key) {
	client := c.m.s.client
	beside(c.ctx, func(ctx context.Context) (im.Message, error) {
		return client.ResendMessage(ctx, im.MessageID(key))
	}, func(_ im.Message, err error) { c.m.report(err) })
}

func (c *chat) cancelMessage(key canvas.Key) {
	client := c.m.s.client
	beside(c.ctx, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, client.CancelMessage(ctx, im.MessageID(key))
	}, func(_ struct{}, err error) { c.m.report(err) })
}

// subtitle is what the header says below the name.
func (c *chat) subtitle() string {
	tr := c.m.tr
	if c.conv.Type() == im.ConvSystem {
		if c.asking == 0 {
			return tr.T("notice.noneAsks")
		}
		return tr.N("notice.asks", c.asking, nil)
	}
	if c.conv.Type() == im.ConvGroup {
		if c.members == 0 || c.leftWords != "" {
			return ""
		}
		words := tr.N("chat.members", c.members, nil)
		if online := c.m.onlineCount(); online > 0 {
			words = tr.F("chat.membersOnline", i18n.Args{"Members": words, "Online": tr.N("chat.online.count", online, nil)})
		}
		return words
	}
	switch {
	case c.m.typesNow(c.conv):
		return tr.T("chat.typing")
	case c.conv.Peer() == c.m.me:
		return tr.T("chat.self")
	case !c.m.connected():
		return ""
	case c.m.online[c.conv.Peer()] == im.StatusOnline:
		return tr.T("chat.online")
	case c.m.online[c.conv.Peer()] == im.StatusOffline:
		return tr.T("chat.offline")
	}
	return ""
}

// first is the first string that is not empty.
func first(names ...string) string {
	for _, n := range names {
		if n != "" {
			return n
		}
	}
	return ""
}
