package app

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"magpie/app/core"
	"magpie/app/i18n"
	"magpie/im"
	"magpie/widgets"
	"magpie/widgets/canvas"
	"magpie/widgets/theme"
)

// Buttons of a notice.
const (
	noticeAccept = "accept"
	noticeRefuse = "refuse"
	noticeOpen   = "open"
)

// notice makes the card of a system notice. What the other side said stands
// below its words.
func (p *presenter) notice(m *im.Message, n im.GroupNoticePayload, it *canvas.Item) {
	it.Kind = canvas.KindCard
	it.Own = false
	said := strings.TrimSpace(n.HandleMessage)
	n.HandleMessage = ""
	it.Text = n.Words(p.tr.Language())
	var detail []string
	if said != "" {
		detail = append(detail, p.tr.F("notice.said", i18n.Args{"Words": said}))
	}
	switch {
	case p.answered[m.ID] != "":
		detail = append(detail, p.answered[m.ID])
	case n.Handled == im.HandleAgree:
		detail = append(detail, p.tr.T("notice.accepted"))
	case n.Handled == im.HandleReject:
		detail = append(detail, p.tr.T("notice.refused"))
	case n.Asks():
		it.Buttons = []canvas.Button{
			{ID: noticeRefuse, Label: p.tr.T("notice.refuse")},
			{ID: noticeAccept, Label: p.tr.T("notice.accept"), Primary: true},
		}
	}
	it.Detail = strings.Join(detail, "\n")
	if len(it.Buttons) == 0 && p.opens(&n) {
		it.Buttons = []canvas.Button{{ID: noticeOpen, Label: p.tr.T("menu.open")}}
	}
	it.Sender = p.noticeSender(&n)
}

// opens reports whether the group of a notice has a conversation here to open:
// the account is in it, or was.
func (p *presenter) opens(n *im.GroupNoticePayload) bool {
	switch n.OperationType {
	case im.NoticeJoinAccepted, im.NoticeInvited, im.NoticeCreated, im.NoticeSetAdmin, im.NoticeCanceledAdmin,
		im.NoticeKickedOut, im.NoticeDismissed, im.NoticeQuit, im.NoticeRecycled:
		return n.GroupProfile.GroupID.Validate() == nil
	case im.NoticeInvitation:
		return n.Handled == im.HandleAgree
	}
	return false
}

// noticeSender is whose avatar a card has: who asks, else the group.
func (p *presenter) noticeSender(n *im.GroupNoticePayload) canvas.Sender {
	id, name := string(n.GroupProfile.GroupID), n.GroupProfile.Best()
	if n.OperatorID != "" && n.OperatorID != im.SystemUser && (n.Asks() || n.OperationType == im.NoticeInviteAccepted || n.OperationType == im.NoticeInviteRefused) {
		id = string(n.OperatorID)
		name = first(n.Names[n.OperatorID], id)
	}
	return canvas.Sender{ID: id, Initial: theme.Initial(name), Color: theme.AvatarColor(id)}
}

// button does what a button of a card says.
func (c *chat) button(key canvas.Key, button string) {
	client := c.m.s.client
	beside(c.ctx, func(context.Context) (*im.GroupNoticePayload, error) {
		m, ok, err := client.Message(im.MessageID(key))
		n, is := m.Payload.(im.GroupNoticePayload)
		if err != nil || !ok || !is {
			return nil, err
		}
		return &n, nil
	}, func(n *im.GroupNoticePayload, err error) {
		if err != nil || n == nil {
			c.m.report(err)
			return
		}
		switch button {
		case noticeAccept:
			c.accept(key, n)
		case noticeRefuse:
			c.refuse(key, n)
		case noticeOpen:
			c.m.openChat(im.GroupConversation(n.GroupProfile.GroupID))
		}
	})
}

// accept lets who asks in, or follows an invitation.
func (c *chat) accept(key canvas.Key, n *im.GroupNoticePayload) {
	if c.answering[key] {
		return // pressed twice
	}
	c.answering[key] = true
	client := c.m.s.client
	beside(c.ctx, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, client.HandleGroupApplication(ctx, im.MessageID(key), im.HandleAgree, "")
	}, func(_ struct{}, err error) {
		delete(c.answering, key)
		if err != nil && !c.answeredBefore(key, n, err) {
			c.m.report(err)
			return
		}
		c.redrawNotice(key)
	})
}

// refuse asks for words, which may stay empty, and then refuses.
func (c *chat) refuse(key canvas.Key, n *im.GroupNoticePayload) {
	m := c.m
	words := *n
	words.HandleMessage = ""
	field := widgets.NewTextField(m.tr.T("notice.refuseWords"), m.tr.T("notice.refuseHint"))
	f := &form{
		app:     m.app,
		title:   m.tr.T("notice.refuseTitle"),
		text:    words.Words(m.tr.Language()),
		content: field,
		first:   field,
		yes:     m.tr.T("notice.refuse"),
	}
	client := m.s.client
	f.submit = func() (func(context.Context) error, error) {
		said := strings.TrimSpace(field.Text())
		return func(ctx context.Context) error {
			err := client.HandleGroupApplication(ctx, im.MessageID(key), im.HandleReject, said)
			if im.CodeOf(err) == im.CodeRequestHandled {
				// Nothing is left to do in the dialog: the card says how it stands.
				fyne.Do(func() { c.answeredBefore(key, n, err) })
				return nil
			}
			return err
		}, nil
	}
	f.done = func() { c.redrawNotice(key) }
	f.open()
}

// answeredBefore notes that somebody else answered what n asks, if that is what
// err says.
func (c *chat) answeredBefore(key canvas.Key, n *im.GroupNoticePayload, err error) bool {
	if im.CodeOf(err) != im.CodeRequestHandled {
		return false
	}
	words := c.m.tr.T("notice.answeredByOther")
	if n.OperationType == im.NoticeInvitation {
		words = c.m.tr.T("notice.answeredBefore")
	}
	c.present.answered[im.MessageID(key)] = words
	return true
}

// redrawNotice shows a card as it is now and counts what still waits.
func (c *chat) redrawNotice(key canvas.Key) {
	client := c.m.s.client
	beside(c.ctx, func(context.Context) (*im.Message, error) {
		m, ok, err := client.Message(im.MessageID(key))
		if !ok {
			return nil, err
		}
		return &m, err
	}, func(m *im.Message, err error) {
		if err != nil || m == nil {
			c.m.report(err)
			return
		}
		c.apply(canvas.Changes{Put: []canvas.Item{c.present.item(m)}})
		c.countNotices()
	})
}

// countNotices counts the notices that wait for an answer, for the header.
func (c *chat) countNotices() {
	client := c.m.s.client
	beside(c.ctx, func(ctx context.Context) (core.HistoryPage, error) {
		return client.History(ctx, im.SystemConversation, core.HistoryQuery{Limit: im.MaxSystemNotices})
	}, func(p core.HistoryPage, err error) {
		if err != nil {
			return // the source tells of a history that cannot be read
		}
		c.asking = 0
		for i := range p.Messages {
			n, is := p.Messages[i].Payload.(im.GroupNoticePayload)
			if is && n.Asks() && n.Handled == "" && c.present.answered[p.Messages[i].ID] == "" {
				c.asking++
			}
		}
		c.m.showHeader()
	})
}

// noticed takes in what a notice says of a group that may be open, before the
// notice itself is shown.
func (m *mainScreen) noticed(msg *im.Message) {
	n, is := msg.Payload.(im.GroupNoticePayload)
	if !is {
		return
	}
	m.inConversation(im.GroupConversation(n.GroupProfile.GroupID), func(c *chat) {
		if ends(&n) {
			c.lost(n.Words(m.tr.Language()))
		}
	})
}

// ends reports whether a notice tells that the account is no member any more.
func ends(n *im.GroupNoticePayload) bool {
	switch n.OperationType {
	case im.NoticeKickedOut, im.NoticeDismissed, im.NoticeQuit, im.NoticeRecycled:
		return true
	}
	return false
}

// begins reports whether a notice tells that the account became a member.
func begins(n *im.GroupNoticePayload) bool {
	switch n.OperationType {
	case im.NoticeJoinAccepted, im.NoticeInvited, im.NoticeCreated:
		return true
	}
	return false
}

// whyLeft looks in the notices for what ended the membership of the open group,
// and on the disk for what is still known of the group.
func (c *chat) whyLeft() {
	client, store := c.m.s.client, c.m.s.store
	group := c.conv.Group()
	lang := c.m.tr.Language()
	var kept im.Conversation
	beside(c.ctx, func(ctx context.Context) (string, error) {
		row, found, err := store.Conversation(c.conv)
		if err != nil {
			return "", err
		}
		kept = row.Conversation
		kept.ConversationID, kept.Type = c.conv, im.ConvGroup
		if found && kept.GroupProfile == nil {
			g, known, err := store.Group(group)
			if err != nil {
				return "", err
			}
			if known {
				kept.GroupProfile = &g
			}
		}
		p, err := client.History(ctx, im.SystemConversation, core.HistoryQuery{Limit: im.MaxSystemNotices})
		words := ""
		for i := range p.Messages { // the latest one counts
			n, is := p.Messages[i].Payload.(im.GroupNoticePayload)
			switch {
			case !is || n.GroupProfile.GroupID != group:
			case ends(&n):
				words = n.Words(lang)
			case begins(&n):
				words = ""
			}
		}
		return words, err
	}, func(words string, err error) {
		if kept.GroupProfile != nil && c.m.index(c.conv) < 0 {
			c.m.others[c.conv] = kept
			c.m.showHeader()
		}
		c.lost(words)
		c.m.reportQuietly(err)
	})
}
