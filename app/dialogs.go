package app

import (
	"context"
	"strings"

	"magpie/app/i18n"
	"magpie/im"
	"magpie/widgets"
)

// newChat asks for a user and opens the conversation with it.
func (m *mainScreen) newChat() {
	who := m.newPeopleField(m.tr.T("newChat.user"), m.tr.T("newChat.userHint"), false)
	field := who.field
	var row im.Conversation
	f := &form{
		app:     m.app,
		title:   m.tr.T("newChat.title"),
		text:    m.tr.T("newChat.text"),
		content: who.box,
		first:   field,
		yes:     m.tr.T("newChat.open"),
	}
	client := m.s.client
	f.submit = func() (func(context.Context) error, error) {
		conv := im.C2C(im.UserID(strings.TrimSpace(field.Text())))
		return func(ctx context.Context) (err error) {
			// In the list at once: what is typed in a conversation that is nowhere
			// to be seen after the next start would be lost.
			row, err = client.AddConversation(ctx, conv)
			return err
		}, conv.Validate()
	}
	f.done = func() {
		m.putRow(row)
		m.openChat(row.ConversationID)
	}
	f.open()
	who.grown, who.taken = f.sheet.Refresh, f.trySend
}

// signInAgain asks for the password after the server ended the session.
func (m *mainScreen) signInAgain() {
	client := m.s.client
	// To another server no password is typed; on this computer the folder's own key signs in.
	if m.s.account.Local || m.refused != nil && m.refused.Code == im.CodeCertificate {
		m.kicked, m.refused = "", nil
		client.SignIn("", "")
		m.showState()
		return
	}
	field := widgets.NewPasswordField(m.tr.T("welcome.password"), "", m.tr.T("welcome.reveal"))
	f := &form{
		app:     m.app,
		title:   m.tr.T("signIn.title"),
		text:    m.tr.F("signIn.text", i18n.Args{"User": string(m.me), "Server": m.s.account.Server}),
		content: field,
		first:   field,
		yes:     m.tr.T("welcome.signIn"),
	}
	f.submit = func() (func(context.Context) error, error) {
		c := secret(field.Text())
		return func(ctx context.Context) error {
			client.SignIn(c.password, c.userSig)
			return client.WaitReady(ctx)
		}, nil
	}
	f.done = func() {
		m.kicked, m.refused = "", nil
		m.showState()
	}
	f.open()
}

// secret tells a UserSig from a password by its shape: a UserSig is long and of
// one alphabet.
func secret(s string) credentials {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789*-_"
	if len(s) >= 100 && strings.Trim(s, alphabet) == "" {
		return credentials{userSig: s}
	}
	return credentials{password: s}
}
