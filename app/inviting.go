package app

import (
	"context"
	"strings"

	"magpie/app/core"
	"magpie/app/i18n"
	"magpie/im"
)

// invite asks whom to bring into a group.
func (m *mainScreen) invite(g im.GroupID) {
	people := m.newPeopleField(m.tr.T("newGroup.members"), m.tr.T("newGroup.membersHint"), true)
	field := people.field
	var results []core.InviteResult
	f := &form{
		app:     m.app,
		title:   m.tr.T("invite.title"),
		content: people.box,
		first:   field,
		yes:     m.tr.T("invite.invite"),
	}
	client := m.s.client
	f.submit = func() (func(context.Context) error, error) {
		users, err := userIDs(field.Text())
		if err == nil && len(users) == 0 {
			err = im.Errorf(im.CodeInvalidUserID, "nobody named")
		}
		return func(ctx context.Context) (err error) {
			results, err = client.InviteToGroup(ctx, g, users)
			return err
		}, err
	}
	f.done = func() {
		m.inChat((*chat).loadMembers)
		m.reportInvited(results)
	}
	f.open()
	people.grown = f.sheet.Refresh
}

// userIDs reads user ids divided by commas or spaces.
func userIDs(s string) ([]im.UserID, error) {
	var users []im.UserID
	for _, name := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(idBreaks, r) }) {
		u := im.UserID(name)
		if err := u.Validate(); err != nil {
			return nil, err
		}
		users = append(users, u)
	}
	return users, nil
}

// invitedNotAnswered is the result of an invitation that the one invited has to
// agree to.
const invitedNotAnswered = 3

// reportInvited names who was asked and has not answered yet, and who could not
// be brought into a group, with the reason for the first. There is nothing to
// say of the others.
func (m *mainScreen) reportInvited(results []core.InviteResult) {
	var asked, failed []string
	var why error
	for _, r := range results {
		switch {
		case r.Error != nil:
			failed = append(failed, string(r.UserID))
			if why == nil {
				why = r.Error
			}
		case r.Result == invitedNotAnswered:
			asked = append(asked, string(r.UserID))
		}
	}
	var words []string
	if len(failed) > 0 {
		words = append(words, m.tr.F("invite.notAllText", i18n.Args{"Users": strings.Join(failed, ", "), "Reason": m.tr.Error(why)}))
	}
	if len(asked) > 0 {
		words = append(words, m.tr.N("invite.asked", len(asked), i18n.Args{"Users": strings.Join(asked, ", ")}))
	}
	switch {
	case len(failed) > 0:
		m.app.tell(m.tr.T("invite.notAll"), strings.Join(words, "\n"))
	case len(asked) > 0:
		m.app.tell(m.tr.T("invite.sent"), strings.Join(words, "\n"))
	}
}
