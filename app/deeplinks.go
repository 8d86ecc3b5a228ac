package app

import (
	"context"
	"time"

	"magpie/app/deeplink"
	"magpie/app/i18n"
	"magpie/im"
	"magpie/server/invite"
)

// linkPatience is how long a link to something unknown waits for a connection, which
// at a start is only being made.
const linkPatience = 10 * time.Second

// openLink goes where a link of the program's own scheme leads. It came from outside,
// from a browser say, so nobody here has seen it yet: it shows something, and sends
// and changes nothing. One that comes while nothing can be shown, because the window
// is locked or only beginning, waits.
func (a *application) openLink(address string) {
	switch {
	case address == "" || a.closing:
		return
	case a.locked() || a.main == nil && a.welcome == nil && a.joining == nil:
		a.linkLater = address
		return
	}
	link, err := deeplink.Parse(address)
	switch {
	case err != nil:
		a.log("a link was refused: %v", err)
		a.refuseLink()
	case link.Invitation != "":
		a.openInvitation(link.Invitation)
	case a.main == nil:
		a.tellOfLink(a.tr.T("link.noAccount"), a.tr.T("link.noAccountText"))
	default:
		a.main.openChatLink(link.Chat)
	}
}

// refuseLink says that a link leads nowhere.
func (a *application) refuseLink() { a.tellOfLink(a.tr.T("link.refused"), a.tr.T("link.refusedText")) }

// openInvitation shows what an invitation says.
func (a *application) openInvitation(address string) {
	inv, err := invite.Parse(address)
	if err != nil {
		a.log("an invitation was refused: %v", err)
		a.tellOfLink(a.tr.T("link.refused"), a.tr.Error(err))
		return
	}
	a.joinInvitation(inv)
}

// openLinkLater opens the link that waited, if there is one.
func (a *application) openLinkLater() {
	address := a.linkLater
	a.linkLater = ""
	a.openLink(address)
}

// openOwnLink opens a link of the program's own scheme that somebody wrote in a
// message, once it was shown where it leads.
func (m *mainScreen) openOwnLink(address string) {
	link, err := deeplink.Parse(address)
	if err != nil {
		m.app.openLink(address) // which says so
		return
	}
	words := m.tr.T("link.invitation")
	if link.Chat != "" {
		words = m.tr.F("link.chat", i18n.Args{"Name": m.linkName(link.Chat)})
	}
	m.app.askOfLink(question{
		title: m.tr.T("link.title"),
		text:  words,
		yes:   m.tr.T("link.open"),
		no:    m.tr.T("action.cancel"),
		onYes: func() { m.app.openLink(address) },
	})
}

// linkName is what a conversation is called, with the id that a name cannot forge.
func (m *mainScreen) linkName(conv im.ConversationID) string {
	row, _ := m.row(conv)
	if name := conversationName(m.tr, m.me, &row); name != conv.To() {
		return m.tr.F("link.named", i18n.Args{"Name": name, "ID": conv.To()})
	}
	return conv.To()
}

// openChatLink opens a conversation of which maybe nothing is known yet. Somebody
// never spoken to is shown with the profile; a group that the account is not in can
// be asked to join.
func (m *mainScreen) openChatLink(conv im.ConversationID) {
	if m.index(conv) >= 0 {
		m.bringOut(conv)
		return
	}
	client := m.s.client
	beside(m.ctx, func(ctx context.Context) (im.Conversation, error) {
		ctx, cancel := context.WithTimeout(ctx, linkPatience)
		defer cancel()
		_ = client.WaitReady(ctx) // without a connection the disk may know
		row, err := client.GetConversationProfile(ctx, conv)
		if err == nil && row.UserProfile == nil && row.GroupProfile == nil {
			err = im.Errorf(im.CodeNetworkDown, "nothing is known of %s, and there is no connection", conv)
		}
		return row, err
	}, func(row im.Conversation, err error) {
		switch {
		case err == nil:
			m.putRow(row)
			m.bringOut(conv)
			m.showInfo()
		case conv.Type() == im.ConvGroup && im.CodeOf(err) == im.CodeGroupPermission:
			m.uncover()
			m.joinGroupOf(conv.Group())
		default:
			m.app.tellOfLink(m.tr.F("link.cannot", i18n.Args{"Name": conv.To()}), m.tr.Error(err))
		}
	})
}

// bringOut opens a conversation and takes away what covers it.
func (m *mainScreen) bringOut(conv im.ConversationID) {
	m.uncover()
	m.openChat(conv)
}

// uncover takes away the pages over the conversation. A question that is being
// answered stays.
func (m *mainScreen) uncover() {
	m.closeSettings()
	m.closeViewer()
	if m.finding != nil {
		m.finding.sheet.Close()
	}
}
