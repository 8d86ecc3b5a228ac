package app

import (
	"context"
	"strings"

	"magpie/app/core"
	"magpie/app/i18n"
	"magpie/im"
	"magpie/widgets"
	"magpie/widgets/canvas"
	"magpie/widgets/textlayout"
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
	it.Text, it.Names = named(n.Stretches(p.tr.Language()))
	var detail []string
	if said != "" {
		detail = append(detail, p.tr.F("notice.said", i18n.Args{"Words": said}))
	}
	switch {
	case n.Handled == im.HandleAgree:
		detail = append(detail, p.tr.T("notice.accepted"))
	case n.Handled == im.HandleReject:
		detail = append(detail, p.tr.T("notice.refused"))
	case n.Handled == core.HandledElsewhere && n.OperationType == im.NoticeInvitation:
		detail = append(detail, p.tr.T("notice.answeredBefore"))
	case n.Handled == core.HandledElsewhere:
		detail = append(detail, p.tr.T("notice.answeredByOther"))
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

// named puts a sentence together with where the names in it are. Each part is cleaned
// by itself, so that none can reach into the next.
func named(all []im.Stretch) (text string, names []canvas.Span) {
	for _, s := range all {
		from := len(text)
		text += textlayout.Clean(s.Text)
		if s.Name && len(text) > from {
			names = append(names, canvas.Span{From: from, To: len(text)})
		}
	}
	return text, names
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
	conv := im.GroupConversation(n.GroupProfile.GroupID)
	if n.OperatorID != "" && n.OperatorID != im.SystemUser && (n.Asks() || n.OperationType == im.NoticeInviteAccepted || n.OperationType == im.NoticeInviteRefused) {
		id = string(n.OperatorID)
		name = first(n.Names[n.OperatorID], id)
		conv = im.C2C(n.OperatorID)
	}
	s := canvas.Sender{ID: id, Initial: theme.Initial(name), Color: theme.AvatarColor(id)}
	if p.picture != nil {
		s.Picture = p.picture(conv)
	}
	return s
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
			c.accept(key)
		case noticeRefuse:
			c.refuse(key, *n)
		case noticeOpen:
			c.m.openChat(im.GroupConversation(n.GroupProfile.GroupID))
		}
	})
}

// accept lets who asks in, or follows an invitation.
func (c *chat) accept(key canvas.Key) {
	if c.answering[key] {
		return // pressed twice
	}
	c.answering[key] = true
	client := c.m.s.client
	beside(c.ctx, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, client.HandleGroupApplication(ctx, im.MessageID(key), im.HandleAgree, "")
	}, func(_ struct{}, err error) {
		delete(c.answering, key)
		if im.CodeOf(err) != im.CodeRequestHandled { // the card says that
			c.m.report(err)
		}
	})
}

// refuse asks for words, which may stay empty, and then refuses.
func (c *chat) refuse(key canvas.Key, n im.GroupNoticePayload) {
	m := c.m
	n.HandleMessage = ""
	field := widgets.NewTextField(m.tr.T("notice.refuseWords"), m.tr.T("notice.refuseHint"))
	f := &form{
		app:     m.app,
		title:   m.tr.T("notice.refuseTitle"),
		text:    n.Words(m.tr.Language()),
		content: field,
		first:   field,
		yes:     m.tr.T("notice.refuse"),
		done:    func() {},
	}
	client := m.s.client
	f.submit = func() (func(context.Context) error, error) {
		said := strings.TrimSpace(field.Text())
		return func(ctx context.Context) error {
			err := client.HandleGroupApplication(ctx, im.MessageID(key), im.HandleReject, said)
			if im.CodeOf(err) == im.CodeRequestHandled {
				return nil // nothing is left to do here: the card says how it stands
			}
			return err
		}, nil
	}
	f.open()
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
			if is && n.Asks() && n.Handled == "" {
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

// whyLeft looks on the disk for what is still known of a group that is not in the
// list, and in the notices for what ended the membership. It is sure that it
// ended, or finds out.
func (c *chat) whyLeft(sure bool) {
	client, store := c.m.s.client, c.m.s.store
	group := c.conv.Group()
	lang := c.m.tr.Language()
	var kept im.Conversation
	beside(c.ctx, func(ctx context.Context) (string, error) {
		row, _, err := store.Conversation(c.conv)
		if err != nil {
			return "", err
		}
		kept = row.Conversation
		kept.ConversationID, kept.Type = c.conv, im.ConvGroup
		g, known, err := store.Group(group)
		if err != nil {
			return "", err
		}
		if known {
			kept.GroupProfile = &g
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
		if sure || kept.GroupProfile != nil && kept.GroupProfile.SelfInfo == nil {
			c.lost(words)
		}
		c.m.reportQuietly(err)
	})
}
